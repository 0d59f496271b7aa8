"""The explanation of a trace as lines for a terminal."""

from __future__ import annotations

from counterexamples.layout import Column, fold, table
from counterexamples.paint import Paint
from counterexamples.why.answer import Fact, Mark, Why

LABEL = "   why"
INDENT = " " * (len(LABEL) + 2)
LEAST_FOR_STEPS = 36
MOST_UNDERLINED = 2
BAR = "│"


def why_lines(why: Why, width: int, paint: Paint) -> list[str]:
    """What fails and where, for whom, and since which step; the label before the first line."""
    room = width - len(INDENT)
    lines = [*_mark_lines(why.mark, room, paint)] if why.mark is not None else []
    if why.witnesses:
        lines += fold([", ".join(map(str, why.witnesses))], room)
    lines += _fact_lines(why.facts, room, paint)
    return [
        (paint.strong(LABEL) + "  " if number == 0 else INDENT) + line
        for number, line in enumerate(lines)
    ]


def _mark_lines(mark: Mark, room: int, paint: Paint) -> list[str]:
    """The place, and its source with what fails underlined; many lines get a bar beside them."""
    lines = [paint.faint(mark.place)]
    beside = len(mark.lines) > MOST_UNDERLINED
    for text, column, width in mark.lines:
        shown, start = _cut(text, column, width, room - 2)
        lines.append((paint.bad(BAR) if beside else " ") + f" {shown}")
        if width and not beside:
            carets = "^" * min(width, len(shown) - start)
            lines.append(" " * (start + 2) + paint.bad(carets))
    return lines


def _cut(text: str, column: int, width: int, room: int) -> tuple[str, int]:
    """What of a line fits, with as much as possible of its marked part, and where that begins."""
    first = max(0, min(column - 1, column + width - room + 2)) if len(text) > room else 0
    shown = ("…" + text[first + 1 :]) if first else text
    shown = shown if len(shown) <= room else shown[: room - 1] + "…"
    return shown, column - first


def _fact_lines(facts: tuple[Fact, ...], room: int, paint: Paint) -> list[str]:
    """What is so, and beside it since when."""
    if not facts:
        return []
    widest = max(len(fact.text) for fact in facts)
    beside = room - min(widest, room // 2) - 2
    columns = (
        Column("", max(room - beside - 2, room - 2 - LEAST_FOR_STEPS)),
        Column("", beside, paint.faint),
    )
    rows = [((fact.text,), (since(fact),)) for fact in facts]
    return [line for line in table(columns, rows, paint.faint) if line]


def since(fact: Fact) -> str:
    """From which step on it is so: `since step 6: elect(b2)`."""
    if not fact.since.step:
        return fact.since.text
    return f"since step {fact.since.step}: {fact.since.text}"
