"""Bands along a lane: who leads and takes itself for the leader, who is in sync, who is fenced.

A truth about a member is a band: to be in a set, to be the one that is named, a variable that is
true. Those that never change are left out, but for leadership and the ISR.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from checker.ir.types import (
    BoolType,
    IntType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import State
from counterexamples.drawing.picture import Lane, Stage
from counterexamples.drawing.roles import (
    BELIEVES_TO_LEAD,
    HIDDEN,
    IN_SYNC,
    LATEST,
    LEADER_AS_SEEN,
    LEADERS,
    OWN_EPOCH,
    TROUBLES,
)

MOST_BANDS = 4
"""Beside leadership; more would be a barcode."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a band says, and how it looks: `leader`, `isr`, `trouble` or `other`."""

    label: str
    look: str


@dataclass(frozen=True, slots=True)
class Band:
    """A truth about a lane from one state to another, both included; `epoch` colours it."""

    lane: int
    kind: Kind
    first: int
    last: int
    epoch: int | None = None


Truth = Callable[[State, Lane], bool]


def leadership(stage: Stage) -> tuple[Band, ...]:
    """Where each lane takes itself for the leader, by its own epoch."""
    found: list[Band] = []
    for number, lane in enumerate(stage.lanes):
        leads = _leads(stage, number)
        if lane.sort is None or leads is None:
            continue
        epochs = [p for p in stage.places[number] if p.variable in OWN_EPOCH]
        own = next((p for p in epochs if isinstance(p.type, IntType)), None)
        values = [
            (None if own is None else int(own.of(state))) if leads(state, lane) else False
            for state in stage.trace.states
        ]
        kind = Kind("takes itself for the leader", "leads")
        found += [
            Band(number, kind, first, last, None if epoch is None else int(epoch))
            for epoch, first, last in _runs(values)
            if epoch is not False
        ]
    return tuple(found)


def _leads(stage: Stage, number: int) -> Truth | None:
    """How one sees that a lane takes itself for the leader."""
    own = {place.variable: place for place in stage.places[number]}
    for name in BELIEVES_TO_LEAD:
        if name in own and isinstance(own[name].type, BoolType):
            return _is_true(own[name].position)
    for name in LEADER_AS_SEEN:
        if name in own and _is_a(own[name].type, stage.lanes[number]):
            return _names_itself(own[name].position)
    return None


def _is_a(type: Type, lane: Lane) -> bool:
    return isinstance(type, OptionType) and type.of == lane.sort


def _is_true(at: int) -> Truth:
    return lambda state, lane: bool(_own(state, at, lane))


def _names_itself(at: int) -> Truth:
    return lambda state, lane: bool(_own(state, at, lane) == lane.member)


def _own(state: State, at: int, lane: Lane) -> Any:
    """What the variable at a position says of the lane's member."""
    values: Any = state[at]
    return values[lane.member]


def memberships(stage: Stage) -> tuple[tuple[Kind, ...], tuple[Band, ...]]:
    """The other bands, and their kinds in the order in which they stand."""
    drawn: dict[Kind, list[Band]] = {}
    for kind, type, truth in sorted(_truths(stage), key=lambda found: _rank(found[0])):
        bands = [
            Band(number, kind, first, last)
            for number, lane in enumerate(stage.lanes)
            if lane.sort is not None and lane.sort == type
            for value, first, last in _runs([truth(s, lane) for s in stage.trace.states])
            if value
        ]
        last = len(stage.trace.states) - 1
        changes = any((band.first, band.last) != (0, last) for band in bands)
        if bands and (changes or kind.look in ("leader", "isr")) and len(drawn) < MOST_BANDS:
            drawn.setdefault(kind, bands)
    return tuple(drawn), tuple(band for bands in drawn.values() for band in bands)


def _rank(kind: Kind) -> int:
    return ("leader", "isr", "trouble", "other").index(kind.look)


def _truths(stage: Stage) -> Iterator[tuple[Kind, Type, Truth]]:
    """Everything that is true or false of a member."""
    for position, (name, type) in enumerate(stage.trace.variables):
        if not name.startswith(HIDDEN):
            yield from _of_whole(name, type, itemgetter(position))
    seen: set[tuple[SortType, str]] = set()
    for number, lane in enumerate(stage.lanes):
        for place in stage.places[number]:
            if lane.sort is None or not isinstance(place.type, BoolType):
                continue
            name, key = place.variable, (lane.sort, place.variable)
            if key not in seen and name not in BELIEVES_TO_LEAD:
                seen.add(key)
                yield Kind(name, _look(name)), lane.sort, _is_true(place.position)


def _of_whole(
    name: str, type: Type, value: Callable[[State], Any]
) -> Iterator[tuple[Kind, Type, Truth]]:
    kind = Kind(name, _look(name))
    match type:
        case SetType(of):
            yield kind, of, lambda state, lane: lane.member in value(state)
        case OptionType(of):
            yield kind, of, lambda state, lane: value(state) == lane.member
        case TupleType(RecordType(_, fields)) if name in LATEST:
            for at, (field, of) in enumerate(fields):
                yield from _of_whole(field, of, _latest(value, at))
        case _:
            return


def _latest(entries: Callable[[State], Any], field: int) -> Callable[[State], Any]:
    """A field of the last entry; nothing is in it while there is none."""
    return lambda state: held[-1][field] if (held := entries(state)) else ()


def _look(name: str) -> str:
    if name in LEADERS:
        return "leader"
    if name in IN_SYNC:
        return "isr"
    return "trouble" if name in TROUBLES else "other"


def _runs(values: Iterable[Any]) -> Iterator[tuple[Any, int, int]]:
    """Equal neighbours together: the value, its first place and its last."""
    first, held, number = 0, None, -1
    for number, value in enumerate(values):
        if number == 0:
            held = value
        elif value != held or type(value) is not type(held):
            yield held, first, number - 1
            first, held = number, value
    if number >= 0:
        yield held, first, number
