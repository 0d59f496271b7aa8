"""Step by step: who acts, whom that concerns, and what is seen on each lane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from checker.ir.types import SetType
from checker.trace import Trace
from counterexamples.drawing.bands import Band, Kind, leadership, memberships
from counterexamples.drawing.messages import Actors, Message, in_flight, messages
from counterexamples.drawing.picture import Note, Place, Stage, Strip, changed, notes, stage, strips


class Contact(Enum):
    """What a step does beside its own lane."""

    TELLS = "tells"
    """It changes something there."""

    READS = "reads"
    """It changes something at home, by what is there."""

    NAMES = "names"
    """It only speaks of it."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A line inside one step, from lane to lane."""

    start: int
    end: int
    contact: Contact


@dataclass(frozen=True, slots=True)
class Scene:
    """What is seen of a step: `strips` and `notes` are by lane, and only what has changed."""

    title: str
    acting: int | None
    touches: tuple[Touch, ...]
    strips: tuple[tuple[Strip, ...], ...]
    notes: tuple[tuple[Note, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn. `scenes[0]` is the initial state; `states[n]` has all strips of a lane."""

    stage: Stage
    scenes: tuple[Scene, ...]
    states: tuple[tuple[tuple[Strip, ...], ...], ...]
    messages: tuple[Message, ...]
    leadership: tuple[Band, ...]
    kinds: tuple[Kind, ...]
    bands: tuple[Band, ...]


def picture(trace: Trace) -> Picture:
    """The trace as a picture."""
    flying = in_flight(trace)
    sets = {name for name, type in trace.variables if isinstance(type, SetType)}
    whole = stage(trace, without=flying & sets)
    numbers = range(len(trace.steps) + 1)
    touched = tuple(_touched(whole, flying, number) for number in numbers)
    acting = tuple(_acting(whole, flying, number, touched[number]) for number in numbers)
    actors = Actors(acting, tuple(map(frozenset, touched)))
    sent = messages(whole, actors)
    actors = _with_receivers(whole, actors, sent)
    kinds, bands = memberships(whole)
    return Picture(
        stage=whole,
        scenes=tuple(_scene(whole, flying, sent, actors, number) for number in numbers),
        states=tuple(
            tuple(strips(whole, lane, number) for lane in range(len(whole.lanes)))
            for number in numbers
        ),
        messages=sent,
        leadership=leadership(whole),
        kinds=kinds,
        bands=bands,
    )


def _own(places: tuple[Place, ...], flying: frozenset[str]) -> tuple[Place, ...]:
    return tuple(place for place in places if place.variable not in flying)


def _touched(stage: Stage, flying: frozenset[str], number: int) -> tuple[int, ...]:
    """The lanes on which a step changes something that is not in flight, most changes first."""
    if number == 0:
        return ()
    counts = [len(_own(places, flying)) for places in changed(stage, number)]
    lanes = [lane for lane, count in enumerate(counts) if count]
    return tuple(sorted(lanes, key=lambda lane: -counts[lane]))


def _acting(
    stage: Stage, flying: frozenset[str], number: int, touched: tuple[int, ...]
) -> int | None:
    """Who acts: the first member that the step is given, unless it only happens elsewhere."""
    if number == 0:
        return None
    named = stage.named(stage.trace.steps[number - 1])
    sends = any(
        place.variable in flying and stage.lanes[lane].sort is not None
        for lane, places in enumerate(changed(stage, number))
        for place in places
    )
    at_members = any(stage.lanes[lane].sort is not None for lane in touched)
    if named and (sends or at_members):
        return named[0]
    acting = [lane for lane in touched if (role := stage.lanes[lane].role) is None or role.acts]
    candidates = [*acting, *named, *touched]
    return candidates[0] if candidates else None


def _with_receivers(stage: Stage, actors: Actors, sent: tuple[Message, ...]) -> Actors:
    """Who takes a message acts, and not who sent it; a step that names a member says who acts."""
    acting = list(actors.acting)
    for message in sent:
        is_member = stage.lanes[message.sender].sort is not None
        if message.receiver is not None and acting[message.ended] == message.sender:
            acting[message.ended] = message.sender if is_member else message.receiver
    return Actors(tuple(acting), actors.touched)


def _scene(
    stage: Stage,
    flying: frozenset[str],
    sent: tuple[Message, ...],
    actors: Actors,
    number: int,
) -> Scene:
    lanes = range(len(stage.lanes))
    if number == 0:
        full = tuple(tuple(s for s in strips(stage, lane, 0) if s.cells) for lane in lanes)
        return Scene("start", None, (), full, tuple(() for _ in lanes))
    acting, places = actors.acting[number], changed(stage, number)
    names = tuple(frozenset(place.variable for place in own) for own in places)
    return Scene(
        title=str(stage.trace.steps[number - 1]),
        acting=acting,
        touches=() if acting is None else tuple(_touches(stage, sent, actors, number, names)),
        strips=tuple(_seen(stage, lane, number, names[lane]) for lane in lanes),
        notes=tuple(notes(stage, _own(places[lane], flying), number) for lane in lanes),
    )


def _seen(stage: Stage, lane: int, number: int, names: frozenset[str]) -> tuple[Strip, ...]:
    """The sequences that a step changed; a log is also seen where its high watermark moves."""
    before = strips(stage, lane, number - 1)
    after = strips(stage, lane, number)
    return tuple(
        now
        for was, now in zip(before, after, strict=True)
        if now.variable in names or now.watermark != was.watermark
    )


def _touches(
    stage: Stage,
    sent: tuple[Message, ...],
    actors: Actors,
    number: int,
    names: tuple[frozenset[str], ...],
) -> Iterator[Touch]:
    """The lines to whom a step tells something, or whom it is given."""
    acting, touched = actors.acting[number], actors.touched[number]
    assert acting is not None, number
    named = stage.named(stage.trace.steps[number - 1])
    explained = {
        lane
        for message in sent
        if number in (message.sent, message.ended) and message.receiver is not None
        for lane in (message.sender, message.receiver)
    }
    answering = {m.sender for m in sent if m.sent == number} - {
        m.receiver for m in sent if m.ended == number
    }
    for lane in range(len(stage.lanes)):
        role = stage.lanes[lane].role
        if lane == acting:
            continue
        if lane in touched and role is not None and role.inputs & names[lane]:
            yield Touch(lane, acting, Contact.TELLS)
        elif lane in answering or (lane in touched and (lane in named or role is not None)):
            yield Touch(acting, lane, Contact.TELLS)
        elif lane in named and lane not in explained:
            is_member = stage.lanes[acting].sort is not None
            reads = is_member and acting in touched and lane not in touched
            yield Touch(*((lane, acting) if reads else (acting, lane)),
                        Contact.READS if reads else Contact.NAMES)  # fmt: skip
