"""A trace as a sequence diagram in the language of Mermaid, which GitHub draws in a page.

Mermaid draws no slanted arrows, so a message is an arrow where it arrives, and says when it was
sent. Who has a lane and what a message is, `counterexamples.drawing.scenes` knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checker.trace import Ending, Trace
from counterexamples.diff import changes
from counterexamples.drawing.messages import Fate, Message, in_flight
from counterexamples.drawing.roles import HIDDEN
from counterexamples.drawing.scenes import Contact, Picture, picture
from counterexamples.render_terminal import headline

MOST_CHANGES: Final = 6
"""In a note; of more it is said how many there are."""

LONGEST: Final = 72
BREAK: Final = "<br/>"
ESCAPES: Final = {"#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", "$": "#36;", "\n": " "}


def mermaid(trace: Trace) -> str:
    """The diagram as text, ready to stand in a block of Markdown."""
    drawn = picture(trace)
    flying = in_flight(trace)
    lines = ["sequenceDiagram", f"title {escaped(_title(trace))}"]
    lines += [
        f"participant {_id(number)} as {escaped(lane.name)}"
        for number, lane in enumerate(drawn.stage.lanes)
    ]
    for number in range(1, len(trace.steps) + 1):
        lines += _step(drawn, trace, flying, number)
    lines += (_arrow(m) for m in drawn.messages if m.fate is Fate.UNDER_WAY and _has_way(m))
    lines.append(_note(drawn, None, [_verdict(trace), *([trace.message] if trace.message else [])]))
    first, *rest = lines
    return "\n".join([first, *(f"    {line}" for line in rest), ""])


def escaped(text: str) -> str:
    """A text that Mermaid shows as it is: what means something to it becomes an entity."""
    shown = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return "".join(ESCAPES.get(character, character) for character in shown).strip() or "-"


def _title(trace: Trace) -> str:
    return f"{trace.spec}: {trace.property or ''} {headline(trace)}".replace("  ", " ")


def _verdict(trace: Trace) -> str:
    mark = "✓" if trace.ending in (Ending.REACHED, Ending.WALK) else "✗"
    return f"{mark} {trace.property or ''} {headline(trace)}".replace("  ", " ")


def _id(lane: int) -> str:
    return f"L{lane + 1}"


def _step(drawn: Picture, trace: Trace, flying: frozenset[str], number: int) -> Iterator[str]:
    """What arrives, who is asked, what the step does, and who is told."""
    scene = drawn.scenes[number]
    for message in drawn.messages:
        if message.ended == number and message.fate is not Fate.UNDER_WAY and _has_way(message):
            yield _arrow(message)
    asked = [t for t in scene.touches if t.contact is not Contact.NAMES and t.end == scene.acting]
    told = [t for t in scene.touches if t.contact is Contact.TELLS and t.end != scene.acting]
    for touch in asked:
        what = "is read" if touch.contact is Contact.READS else "asks"
        yield f"{_id(touch.start)}-->>{_id(touch.end)}: {what}"
    yield _note(
        drawn, scene.acting, [f"{number}. {scene.title}", *_told(drawn, trace, flying, number)]
    )
    for touch in told:
        yield f"{_id(touch.start)}->>{_id(touch.end)}: {escaped(trace.steps[number - 1].action)}"


def _told(drawn: Picture, trace: Trace, flying: frozenset[str], number: int) -> Iterator[str]:
    """What changes beside messages, and what is sent."""
    if number == len(trace.states):
        return
    found = [
        str(change)
        for change in changes(trace.variables, trace.states[number - 1], trace.states[number])
        if not change.place.startswith(HIDDEN) and _variable(change.place) not in flying
    ]
    yield from (text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
                for text in found[:MOST_CHANGES])  # fmt: skip
    if len(found) > MOST_CHANGES:
        yield f"and {len(found) - MOST_CHANGES} more"
    names = [lane.name for lane in drawn.stage.lanes]
    for message in drawn.messages:
        if message.sent == number:
            to = "" if message.receiver is None else f" to {names[message.receiver]}"
            yield f"sends {message.name}{to}"


def _variable(place: str) -> str:
    return place.partition("[")[0].partition(".")[0]


def _has_way(message: Message) -> bool:
    return message.receiver is not None and message.receiver != message.sender


def _arrow(message: Message) -> str:
    """Solid where it arrives; with a cross where it is lost, or arrives and changes nothing."""
    assert message.receiver is not None, message
    late = ", overtaken by a later one" if message.is_overtaken else ""
    sign, fate = {
        Fate.DELIVERED: ("->>", late),
        Fate.LOST: ("-x", ", comes to nothing"),
        Fate.UNDER_WAY: ("--)", ", still under way"),
    }[message.fate]
    text = escaped(f"{message.name}, sent at step {message.sent}{fate}")
    return f"{_id(message.sender)}{sign}{_id(message.receiver)}: {text}"


def _note(drawn: Picture, lane: int | None, texts: list[str]) -> str:
    """A note over one lane, or over all."""
    last = len(drawn.stage.lanes) - 1
    everyone = _id(0) if last == 0 else f"{_id(0)},{_id(last)}"
    over = everyone if lane is None else _id(lane)
    return f"Note over {over}: {BREAK.join(map(escaped, texts))}"
