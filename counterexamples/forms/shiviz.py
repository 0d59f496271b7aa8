"""A trace as a log for ShiViz, which draws who could know of what: events with vector clocks.

An event is what a step does at one place: where it acts, at whom it tells something, where a
message leaves or arrives. A clock counts, for each place, the events there that came before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from checker.trace import Trace
from counterexamples.drawing.messages import Fate
from counterexamples.drawing.scenes import Contact, Picture, picture
from counterexamples.render_terminal import headline

EXPRESSION: Final = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})"
"""How ShiViz reads an event: it takes the expression from the first line of a file."""

Clock = dict[int, int]


def shiviz(trace: Trace) -> str:
    """The log with its header: the expression, and no separator, for there is one execution."""
    drawn = picture(trace)
    hosts = _hosts(drawn)
    lines = [EXPRESSION, ""]
    clocks: dict[tuple[int, int], Clock] = {}
    """The clock of each event, by its step and its lane."""

    now: list[Clock] = [{} for _ in hosts]
    for step in range(1, len(trace.steps) + 1):
        for lane in _lanes(drawn, step):
            clock = now[lane]
            for before in (clocks.get(event, {}) for event in _known(drawn, step, lane)):
                for other, count in before.items():
                    clock[other] = max(count, clock.get(other, 0))
            clock[lane] = clock.get(lane, 0) + 1
            clocks[step, lane] = dict(clock)
            shown = {hosts[other]: clock[other] for other in sorted(clock)}
            lines += [_event(drawn, step, lane), f"{hosts[lane]} {_compact(shown)}"]
    if trace.steps:
        lines[-2] += f" -- {trace.property or ''} {headline(trace)}".replace("  ", " ")
    return "\n".join([*lines, ""])


def _hosts(drawn: Picture) -> list[str]:
    """The names of the lanes without spaces, no two alike."""
    names = ["_".join(lane.name.split()) or "_" for lane in drawn.stage.lanes]
    return [f"{name}.{i}" if name in names[:i] else name for i, name in enumerate(names)]


def _compact(clock: dict[str, int]) -> str:
    return json.dumps(clock, ensure_ascii=False, separators=(",", ":"))


def _lanes(drawn: Picture, step: int) -> list[int]:
    """Where the step is an event: first who is asked or sends, then who acts, then who is told."""
    scene = drawn.scenes[step]
    acting = [] if scene.acting is None else [scene.acting]
    touches = [touch for touch in scene.touches if touch.contact is not Contact.NAMES]
    arrived = [m.receiver for m in drawn.messages if m.ended == step and m.fate is Fate.DELIVERED]
    told = [t.end for t in touches if t.end != scene.acting] + [n for n in arrived if n is not None]
    first = [touch.start for touch in touches] + [
        m.sender for m in drawn.messages if m.sent == step
    ]
    found = [lane for lane in first if lane not in acting and lane not in told] + acting + told
    return list(dict.fromkeys(found or [0]))


def _known(drawn: Picture, step: int, lane: int) -> Iterator[tuple[int, int]]:
    """The events elsewhere, by step and lane, that this one could know of."""
    for message in drawn.messages:
        if (message.ended, message.receiver, message.fate) == (step, lane, Fate.DELIVERED):
            yield message.sent, message.sender
    for touch in drawn.scenes[step].touches:
        if touch.end == lane and touch.contact is not Contact.NAMES:
            yield step, touch.start


def _event(drawn: Picture, step: int, lane: int) -> str:
    scene = drawn.scenes[step]
    title = " ".join(scene.title.split())
    where = "" if lane == scene.acting else f" (at {drawn.stage.lanes[lane].name})"
    return f"{step}. {title}{where}"
