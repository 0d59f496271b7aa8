"""What is in flight: found by its shape in the state, wherever it comes to be and ceases to be.

A message is a record that is there in some states and not in others: an optional record for a
member (`alter[b1]`) or for two of them (`fetch[b2][b1]`), or an element of a set of records. A
*notice* is an entry that stays for everyone to read: `metadata[1]`; a step that is given its number
reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import Any

from checker.ir.types import MapType, OptionType, RecordType, SetType, SortType, TupleType, Type
from checker.ir.values import in_order, members, show
from checker.trace import Step, Trace
from counterexamples.drawing.picture import Stage
from counterexamples.drawing.roles import BOARDS, HIDDEN, LOSES, NOT_IN_FLIGHT, RECEIVER, SENDER


class Fate(Enum):
    """What became of a message."""

    DELIVERED = "delivered"
    LOST = "never delivered"
    UNDER_WAY = "still under way at the end"


@dataclass(frozen=True, slots=True)
class Message:
    """From a lane at one step to another lane at a later step; `None`: nobody can tell to whom."""

    variable: str
    label: str
    name: str
    value: str
    sender: int
    receiver: int | None
    sent: int
    ended: int
    fate: Fate
    is_overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one message: its name, the lanes that index it, and its value in each state."""

    variable: str
    label: str
    type: Type
    lanes: tuple[int, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Actors:
    """Who acts in each step (from 1; 0: nobody), and on which lanes it changes something."""

    acting: tuple[int | None, ...]
    touched: tuple[frozenset[int], ...]


def in_flight(trace: Trace) -> frozenset[str]:
    """The variables that hold messages or notices: to change them is to send or to receive."""
    found = {name for name, type in trace.variables if _holds_messages(trace, name, type)}
    return frozenset(found - set(NOT_IN_FLIGHT))


def _holds_messages(trace: Trace, name: str, type: Type) -> bool:
    match type:
        case SetType(RecordType() as of):
            return _is_taken_out(trace, name, of)
        case MapType(SortType(), of):
            return _is_optional_record(of)
        case MapType(_, OptionType(RecordType()) | RecordType()):
            return True
        case _:
            return False


def _is_optional_record(type: Type) -> bool:
    match type:
        case MapType(SortType(), of):
            return _is_optional_record(of)
        case OptionType(RecordType()):
            return True
        case _:
            return False


def _is_taken_out(trace: Trace, name: str, of: RecordType) -> bool:
    """Whether the elements of a set are ever removed, or given to a step."""
    position = [known for known, _ in trace.variables].index(name)
    held = [state[position] for state in trace.states]
    given = any(argument.type == of for step in trace.steps for argument in step.arguments)
    return given or any(a - b for a, b in pairwise(held))  # type: ignore[operator]


def messages(stage: Stage, actors: Actors) -> tuple[Message, ...]:
    """Everything that was in flight, in the order in which it was sent."""
    found: list[Message] = []
    flying = in_flight(stage.trace)
    for position, (name, type) in enumerate(stage.trace.variables):
        values = tuple(state[position] for state in stage.trace.states)
        if name in flying and isinstance(type, SetType):
            found += _of_set(stage, actors, name, type, values)
        elif name in flying and isinstance(type, MapType) and isinstance(type.key, SortType):
            for slot in _slots(stage, Slot(name, name, type, (), values)):
                found += _of_slot(stage, actors, slot)
        elif name in flying and isinstance(type, MapType):
            found += _of_board(stage, actors, name, type, values)
        elif name in BOARDS and isinstance(type, TupleType) and not name.startswith(HIDDEN):
            found += _of_sequence(stage, actors, name, type, values)
    return _overtaken(sorted(found, key=lambda message: (message.sent, message.ended)))


def _slots(stage: Stage, slot: Slot) -> Iterator[Slot]:
    """The places of a map, and of a map of maps, one by one."""
    if not isinstance(slot.type, MapType):
        yield slot
        return
    key, of = slot.type.key, slot.type.value
    for index, member in enumerate(members(key)):
        lane = stage.lane_of(key, index) if isinstance(key, SortType) else None
        yield from _slots(
            stage,
            Slot(
                slot.variable,
                f"{slot.label}[{show(key, member)}]",
                of,
                (*slot.lanes, *(() if lane is None else (lane,))),
                tuple(value[index] for value in slot.values),
            ),
        )


def _of_slot(stage: Stage, actors: Actors, slot: Slot) -> Iterator[Message]:
    """One message after the other; between, who answers turns it round."""
    if not slot.lanes:
        return
    owner = slot.lanes[0]
    sent: int | None = None
    turns: list[int] = []
    for number in range(1, len(slot.values)):
        before, after = slot.values[number - 1], slot.values[number]
        if before == after:
            continue
        if before is not None and after is not None:
            if actors.acting[number] != owner or _is_answered(slot, before, after):
                turns.append(number)
            continue
        if before is not None and sent is not None:
            yield from _legs(stage, actors, slot, sent, turns, number)
        sent, turns = (number if after is not None else None), []
    if sent is not None:
        yield from _legs(stage, actors, slot, sent, turns, None)


def _is_answered(slot: Slot, before: Any, after: Any) -> bool:
    """Whether a request gets its answer; anything else only changes what is on its way."""
    assert isinstance(slot.type, OptionType), slot.type
    assert isinstance(slot.type.of, RecordType), slot.type
    parts = zip(slot.type.of.fields, before, after, strict=True)
    return len(slot.lanes) > 1 and any(
        isinstance(of, OptionType) and was is None and now is not None
        for (_, of), was, now in parts
    )


def _legs(
    stage: Stage, actors: Actors, slot: Slot, sent: int, turns: list[int], ended: int | None
) -> Iterator[Message]:
    """There and back, if somebody turned it round; else from the other to whom it belongs.

    What belongs to one lane alone goes to whoever answers it, and nobody knows who else.
    """
    owner = slot.lanes[0]
    other = slot.lanes[-1] if len(slot.lanes) > 1 else None
    values = slot.values
    if turns:
        peer = other if other is not None else actors.acting[turns[-1]]
        there = _shown(slot, values[sent])
        yield Message(
            slot.variable, slot.variable, slot.label, there, owner, peer, sent, turns[0],
            Fate.DELIVERED,
        )  # fmt: skip
        if peer is not None:
            yield _last_leg(stage, actors, slot, (peer, owner), turns[-1], ended)
    elif other is not None:
        yield _last_leg(stage, actors, slot, (other, owner), sent, ended)
    else:
        last = len(stage.trace.states) - 1
        fate = Fate.UNDER_WAY if ended is None else Fate.LOST
        value = _shown(slot, values[sent])
        ends = last if ended is None else ended
        yield Message(
            slot.variable, slot.variable, slot.label, value, owner, None, sent, ends, fate
        )


def _last_leg(
    stage: Stage,
    actors: Actors,
    slot: Slot,
    ends: tuple[int, int],
    sent: int,
    ended: int | None,
) -> Message:
    value = _shown(slot, slot.values[sent])
    leg = Message(
        slot.variable, slot.variable, slot.label, value, ends[0], ends[1], sent,
        len(stage.trace.states) - 1, Fate.UNDER_WAY,
    )  # fmt: skip
    if ended is None:
        return leg
    # Who receives may act on it without changing.
    reached = ends[1] in actors.touched[ended] or ends[1] == actors.acting[ended]
    is_taken = reached and not _loses(stage.trace.steps[ended - 1])
    return replace(leg, ended=ended, fate=Fate.DELIVERED if is_taken else Fate.LOST)


def _loses(step: Step) -> bool:
    return step.action.startswith(LOSES)


def _shown(slot: Slot, value: Any) -> str:
    return show(slot.type, value)


def _of_set(
    stage: Stage, actors: Actors, name: str, type: SetType, values: tuple[Any, ...]
) -> Iterator[Message]:
    """The elements of a set: delivered to a step that is given them, or that takes them out."""
    assert isinstance(type.of, RecordType), type
    sent: dict[Any, int] = {}
    delivered: set[Any] = set()
    for number in range(1, len(values)):
        before, after, step = values[number - 1], values[number], stage.trace.steps[number - 1]
        given = [a.value for a in step.arguments if a.type == type.of]
        for one in in_order(type, before):
            gone = one not in after
            if one in sent and (gone or one in given):
                reaches = one in given or not _loses(step)
                if reaches or one not in delivered:
                    fate = Fate.DELIVERED if reaches and not _loses(step) else Fate.LOST
                    yield _element(stage, actors, name, type.of, one, (sent[one], number), fate)
                delivered.add(one)
            if gone:
                sent.pop(one, None)
                delivered.discard(one)
        for one in in_order(type, after - before):
            sent[one] = number
    for one, since in sent.items():
        if one not in delivered:
            ends = (since, len(values) - 1)
            yield _element(stage, actors, name, type.of, one, ends, Fate.UNDER_WAY)


def _element(
    stage: Stage,
    actors: Actors,
    name: str,
    type: RecordType,
    value: Any,
    when: tuple[int, int],
    fate: Fate,
) -> Message:
    sent, ended = when
    sender = _field(stage, type, value, SENDER)
    receiver = _field(stage, type, value, RECEIVER)
    if sender is None:
        sender = actors.acting[sent]
    if receiver is None and fate is Fate.DELIVERED:
        others = sorted(actors.touched[ended] - {sender})
        receiver = actors.acting[ended]
        if receiver == sender and others:
            receiver = others[0]
    return Message(
        name, type.name, type.name, show(type, value), sender or 0, receiver, sent, ended, fate
    )


def _field(stage: Stage, type: RecordType, value: Any, names: tuple[str, ...]) -> int | None:
    for (name, of), part in zip(type.fields, value, strict=True):
        if name in names:
            return next(stage.mentioned(of, part), None)
    return None


def _of_board(
    stage: Stage, actors: Actors, name: str, type: MapType, values: tuple[Any, ...]
) -> Iterator[Message]:
    """The notices of a map by number: whoever is given the number reads one."""
    absent = None if isinstance(type.value, OptionType) else values[0][0]
    for index, key in enumerate(members(type.key)):
        posted = None
        for number in range(1, len(values)):
            here, then = values[number - 1][index] != absent, values[number][index] != absent
            if here and posted is not None and _is_given(stage, number, type.key, key):
                label = f"{name}[{show(type.key, key)}]"
                value = show(type.value, values[number - 1][index])
                yield from _read(stage, actors, name, label, value, posted, number)
            if then and values[number][index] != values[number - 1][index]:
                posted = number


def _is_given(stage: Stage, number: int, type: Type, key: Any) -> bool:
    step = stage.trace.steps[number - 1]
    return any(given.type == type and given.value == key for given in step.arguments)


def _read(
    stage: Stage, actors: Actors, name: str, label: str, value: str, posted: int, number: int
) -> Iterator[Message]:
    keeper, reader = stage.keeper_of(name), actors.acting[number]
    if keeper is not None and reader is not None and reader != keeper:
        yield Message(name, label, label, value, keeper, reader, posted, number, Fate.DELIVERED)


def _of_sequence(
    stage: Stage, actors: Actors, name: str, type: TupleType, values: tuple[Any, ...]
) -> Iterator[Message]:
    """The notices of a sequence: the parameter that the table names says which is read."""
    posted = {index: 0 for index in range(len(values[0]))}
    for number in range(1, len(values)):
        for given in stage.trace.steps[number - 1].arguments:
            at = given.value
            if given.name == BOARDS[name] and isinstance(at, int) and posted.get(at, 0) > 0:
                value = show(type.of, values[number - 1][at])
                yield from _read(stage, actors, name, f"{name}[{at}]", value, posted[at], number)
        for index in range(len(values[number - 1]), len(values[number])):
            posted[index] = number


def _overtaken(sent: list[Message]) -> tuple[Message, ...]:
    """Those that arrive after a later one of the same kind, on the same way."""
    return tuple(
        replace(one, is_overtaken=True)
        if one.fate is Fate.DELIVERED
        and any(
            (other.variable, other.sender, other.receiver, other.fate)
            == (one.variable, one.sender, one.receiver, one.fate)
            and one.sent < other.sent
            and other.ended < one.ended
            for other in sent
        )
        else one
        for one in sent
    )
