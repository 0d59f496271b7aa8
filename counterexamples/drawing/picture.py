"""A trace as a picture: lanes, what happens on each at each step, and what passes between them.

Nothing is drawn here. `counterexamples.drawing.draw` knows lines and colours, and no trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.ir.types import (
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import State, in_order, members, show
from checker.trace import Step, Trace
from counterexamples.diff import changes
from counterexamples.drawing.roles import (
    FIELD_FOR_EPOCH,
    FIELD_FOR_NAME,
    HIDDEN,
    MARKED_LOG,
    MINOR,
    REST,
    ROLES,
    WATERMARKS,
    Role,
)

MOST_CHARACTERS = 20
"""A record that takes more is left to the table."""

MOST_LANES = 24
"""A sort with more members than fit beside each other has no lanes."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Someone to whom things happen: a member of a sort, or who keeps the rest of the state."""

    name: str
    what: str
    sort: SortType | None
    member: int
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the state that lies on one lane; `key` is the member's index, if it has one."""

    variable: str
    position: int
    type: Type
    key: int | None

    def of(self, state: State) -> Any:
        """Its value."""
        value: Any = state[self.position]
        return value if self.key is None else value[self.key]


@dataclass(frozen=True, slots=True)
class Cell:
    """One element of a sequence: a short text, the epoch that colours it, all of it in words."""

    text: str
    epoch: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A sequence as cells: what was lost and what is new in this step, and the high watermark.

    `fresh` are the places of new cells. What was lost stood at `lost_at`, in one piece.
    """

    variable: str
    cells: tuple[Cell, ...]
    lost: tuple[Cell, ...]
    lost_at: int
    fresh: range
    watermark: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A change in a few characters, and its variable."""

    variable: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What is where: the lanes of a trace, and the places on each, in the order of the spec."""

    trace: Trace
    lanes: tuple[Lane, ...]
    places: tuple[tuple[Place, ...], ...]

    def lane_of(self, sort: SortType, member: int) -> int | None:
        """The lane of a member."""
        for number, lane in enumerate(self.lanes):
            if lane.sort == sort and lane.member == member:
                return number
        return None

    def keeper_of(self, variable: str) -> int | None:
        """The lane of a variable that belongs to no member."""
        for number, places in enumerate(self.places):
            if any(place.variable == variable and place.key is None for place in places):
                return number
        return None

    def mentioned(self, type: Type, value: Any) -> Iterator[int]:
        """The lanes that a value speaks of."""
        match type:
            case SortType():
                lane = self.lane_of(type, value)
                if lane is not None:
                    yield lane
            case OptionType(of) if value is not None:
                yield from self.mentioned(of, value)
            case RecordType(_, fields):
                for (_, of), part in zip(fields, value, strict=True):
                    yield from self.mentioned(of, part)
            case _:
                return

    def named(self, step: Step) -> tuple[int, ...]:
        """The lanes of the members that a step is given, each once, the first first."""
        found = (n for given in step.arguments for n in self.mentioned(given.type, given.value))
        return tuple(dict.fromkeys(found))


def stage(trace: Trace, without: frozenset[str] = frozenset()) -> Stage:
    """The lanes of a trace: the members of the sorts that index the state or act, and the rest.

    `without` are sets of messages, which lie between the lanes.
    """
    actors = tuple(dict.fromkeys(_actors(trace)))
    lanes = [
        Lane(show(sort, member), sort.name, sort, member)
        for sort in actors
        for member in range(sort.size)
    ]
    places = [tuple(_of_member(trace, lane)) for lane in lanes]
    names = frozenset(name for name, _ in trace.variables)
    left = {
        name: Place(name, position, type, None)
        for position, (name, type) in enumerate(trace.variables)
        if not (isinstance(type, MapType) and type.key in actors)
        and not name.startswith(HIDDEN)
        and name not in without
    }
    for role in ROLES:
        if role.present <= names and (kept := [n for n in left if n in role.variables]):
            lanes.append(Lane(role.title, "", None, 0, role))
            places.append(tuple(left.pop(name) for name in kept))
    if left:
        lanes.append(Lane(REST if lanes else trace.spec, "", None, 0))
        places.append(tuple(left.values()))
    return _without_idle(Stage(trace, *_in_order(lanes, places)))


def _in_order(
    lanes: list[Lane], places: list[tuple[Place, ...]]
) -> tuple[tuple[Lane, ...], tuple[tuple[Place, ...], ...]]:
    """Who decides stands left of the members, who asks stands right of them."""
    order = sorted(
        range(len(lanes)),
        key=lambda n: (lanes[n].sort is None) * (-1 if (r := lanes[n].role) and r.acts else 1),
    )
    return tuple(lanes[n] for n in order), tuple(places[n] for n in order)


def _actors(trace: Trace) -> Iterator[SortType]:
    for _, type in trace.variables:
        if isinstance(type, MapType) and isinstance(type.key, SortType):
            yield from (type.key,) if type.key.size <= MOST_LANES else ()
    for step in trace.steps:
        for given in step.arguments:
            if isinstance(given.type, SortType) and given.type.size <= MOST_LANES:
                yield given.type


def _of_member(trace: Trace, lane: Lane) -> Iterator[Place]:
    for position, (name, type) in enumerate(trace.variables):
        if isinstance(type, MapType) and type.key == lane.sort:
            yield Place(name, position, type.value, lane.member)


def _without_idle(whole: Stage) -> Stage:
    """Who keeps something that never changes needs no lane, while another has one."""
    states = whole.trace.states
    kept = [
        number
        for number, lane in enumerate(whole.lanes)
        if lane.sort is not None
        or any(place.of(s) != place.of(states[0]) for place in whole.places[number] for s in states)
    ] or [0]
    chosen = kept if whole.lanes else []
    return Stage(
        whole.trace,
        tuple(whole.lanes[n] for n in chosen),
        tuple(whole.places[n] for n in chosen),
    )


def changed(stage: Stage, number: int) -> tuple[tuple[Place, ...], ...]:
    """The places on each lane that step `number` (from 1) changed."""
    states = stage.trace.states
    if number >= len(states):
        return tuple(() for _ in stage.lanes)
    before, after = states[number - 1], states[number]
    return tuple(
        tuple(place for place in places if place.of(before) != place.of(after))
        for places in stage.places
    )


def strips(stage: Stage, lane: int, number: int) -> tuple[Strip, ...]:
    """The sequences on a lane after step `number` (0: at the start), with what the step did."""
    state = stage.trace.states[min(number, len(stage.trace.states) - 1)]
    before = stage.trace.states[number - 1] if 0 < number < len(stage.trace.states) else state
    found = []
    for place in stage.places[lane]:
        if isinstance(place.type, TupleType):
            now, was = place.of(state), place.of(before)
            same = _common(now, was)
            # What goes from the front of a sequence, or changes in the middle, leaves the rest.
            after = _common(now[same:][::-1], was[same:][::-1])
            found.append(
                Strip(
                    place.variable,
                    tuple(cell(place.type.of, value) for value in now),
                    tuple(cell(place.type.of, value) for value in was[same : len(was) - after]),
                    same,
                    range(same, len(now) - after),
                    _watermark(stage, lane, place, state),
                )
            )
    return tuple(found)


def _common(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _watermark(stage: Stage, lane: int, log: Place, state: State) -> int | None:
    if log.variable != MARKED_LOG:
        return None
    for place in stage.places[lane]:
        if place.variable in WATERMARKS and isinstance(place.type, IntType):
            return int(place.of(state))
    return None


def cell(type: Type, value: Any) -> Cell:
    """An element of a sequence: its name and epoch, if it has them, else as short as it goes."""
    full = show(type, value)
    match type:
        case IntType(_, _, scope) if scope is not None and scope.endswith("Epoch"):
            return Cell(f"e{value}", value, f"epoch {value}")
        case RecordType(_, fields):
            parts = {name: (of, v) for (name, of), v in zip(fields, value, strict=True)}
            of, epoch = parts.pop(FIELD_FOR_EPOCH, (None, None))
            own = parts.get(FIELD_FOR_NAME)
            chosen = [own] if own is not None else list(parts.values())
            text = "·".join(show(t, v).replace(", ", " ") for t, v in chosen)
            is_epoch = isinstance(of, IntType)
            return Cell(f"{text} e{epoch}" if is_epoch else text, epoch if is_epoch else None, full)
        case _:
            return Cell(full, None, full)


def notes(stage: Stage, places: tuple[Place, ...], number: int) -> tuple[Note, ...]:
    """What a step changed on a lane beside sequences, what matters first."""
    if number >= len(stage.trace.states):
        return ()
    before, after = stage.trace.states[number - 1], stage.trace.states[number]
    found = [
        Note(place.variable, text)
        for place in places
        if not isinstance(place.type, TupleType)
        for text in _in_short(place, place.of(before), place.of(after))
    ]
    return tuple(sorted(found, key=lambda note: note.variable in MINOR))


def _in_short(place: Place, old: Any, new: Any) -> Iterator[str]:
    name = place.variable
    if name in WATERMARKS:
        name = "HW"
    match place.type:
        case SetType(BoolType() | IntType() | EnumType() | SortType() as of) as type:
            gained = [f"+{show(of, member)}" for member in in_order(type, new - old)]
            lost = [f"−{show(of, member)}" for member in in_order(type, old - new)]
            yield f"{name} {' '.join(gained + lost)}"
        case BoolType():
            yield name if new else f"not {name}"
        case OptionType(RecordType()) if old is None or new is None:
            value = "" if new is None else show(place.type, new).strip("()")
            short = f" {value}" if value and len(value) <= MOST_CHARACTERS else ""
            yield f"−{name}" if new is None else f"+{name}{short}"
        case MapType(key, OptionType(RecordType())):
            for member, was, now in zip(members(key), old, new, strict=True):
                if was != now:
                    sign = "−" if now is None else "+" if was is None else "±"
                    yield f"{sign}{name}[{show(key, member)}]"
        case type:
            for change in changes(((name, type),), (old,), (new,)):
                yield f"{change.place} {change.description.replace(' → ', '→')}"
