"""Museum entries for a reader: the list, one entry's label, and a kept trace as text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from checker.trace import Trace
from counterexamples.layout import Column, fold, table
from counterexamples.museum_cases import Entry, Fixed, Kind, Side, choices
from counterexamples.paint import Paint
from counterexamples.render_terminal import INDENT, count, header_lines, state_lines, steps_table

TEXT_WIDTH: Final = 100
"""The width of `trace.txt`, whatever the terminal's is."""

ITEM: Final = r"(?:-|\d+\.) "
"""How an item of a list begins."""

PLAIN: Final = Paint()


def trace_text(trace: Trace) -> str:
    """What `trace.txt` holds: the trace without colour, in a fixed width."""
    lines = header_lines(trace, TEXT_WIDTH, PLAIN)
    steps = steps_table(trace, TEXT_WIDTH, PLAIN) or state_lines(
        trace, trace.states[0], TEXT_WIDTH, PLAIN
    )
    return "".join(f"{line}\n" for line in [*lines, "", *steps])


def list_lines(entries: Sequence[Entry], width: int, paint: Paint) -> list[str]:
    """One table: each entry with its verdicts as they are recorded."""
    rows = [
        (
            (entry.id,),
            (f"✗ {shown(entry)}",),
            ("" if entry.fixed is None else f"✓ {held(entry.fixed)}",),
            (entry.title, " ".join(entry.tickets)),
        )
        for entry in entries
    ]
    taken = sum(_widest(column, rows) for column in range(3)) + 6
    columns = (
        Column("entry", 20, paint.strong),
        Column("without the fix", 18, paint.bad),
        Column("with it", 24, paint.good),
        Column("what goes wrong", max(30, width - taken)),
    )
    return table(columns, rows, paint.faint)


def _widest(column: int, rows: Sequence[Sequence[Sequence[str]]]) -> int:
    least = (5, 15, 7)[column]
    return max([least, *(len(row[column][0]) for row in rows)])


def shown(entry: Entry) -> str:
    """`9 steps`, `never reached`: what the label says of the broken side."""
    steps = entry.broken.steps
    return "never reached" if steps is None else count(steps, "step")


def held(fixed: Fixed) -> str:
    """`1,177 states`: what the label says of the fixed side."""
    return "reached" if fixed.states is None else count(fixed.states, "state")


def label_lines(entry: Entry, width: int, paint: Paint) -> list[str]:
    """Title, story, README, and both sides as they are recorded."""
    facts = fold((*entry.tickets, *standing(entry)), width - 2, "  ")
    title = textwrap.wrap(f"{entry.id}  {entry.title}", width, subsequent_indent="  ")
    title[0] = paint.strong(entry.id) + title[0].removeprefix(entry.id)
    lines = [*title, *(f"  {line}" for line in facts if line)]
    lines += ["", *_filled(entry.story, width), "", *prose_lines(entry.readme, width)]
    lines += ["", *_side("✗", shown(entry), entry.broken.side, width, paint.bad("✗"))]
    if entry.fixed is not None:
        lines += _side("✓", held(entry.fixed), entry.fixed.side, width, paint.good("✓"))
    return lines


def standing(entry: Entry) -> Iterator[str]:
    """What an entry is, if it is no bug, and since when Kafka is rid of it."""
    match entry.kind:
        case Kind.RULE:
            yield "in no release"
        case Kind.LIMIT:
            yield "a limit by design"
        case Kind.SUSPECTED:
            yield "suspected"
        case Kind.BUG:
            pass
    if entry.fixed_in is not None:
        yield f"{'prevented' if entry.kind is Kind.RULE else 'fixed'} in {entry.fixed_in}"


def _side(sign: str, verdict: str, side: Side, width: int, painted: str) -> Iterator[str]:
    chunks = (f"{sign} {verdict}", side.spec, *choices(side.settings), *choices(side.scope))
    first, *more = fold(chunks, width - len(INDENT), "  ")
    yield painted + first[1:]
    yield from (INDENT + line for line in more)


def prose_lines(text: str, width: int) -> list[str]:
    """A README for a terminal: its paragraphs and lists filled, its heading left out."""
    lines: list[str] = []
    body = re.sub(r"\A# .*\n?", "", text.strip()).strip()
    body = re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", body)
    for block in re.split(r"\n{2,}", body):
        items = re.split(rf"\n(?={ITEM})", block)
        is_text = all(re.match(rf"{ITEM}|(?!```)[^\s*|>#-]", item) for item in items)
        filled = [line for item in items for line in _filled(item, width)]
        lines += ["", *(filled if is_text else block.splitlines())]
    return lines[1:]


def _filled(text: str, width: int) -> list[str]:
    item = re.match(ITEM, text)
    hanging = "" if item is None else " " * len(item[0])
    words = " ".join(text.split())
    return textwrap.wrap(words, width, break_on_hyphens=False, subsequent_indent=hanging)


def difference_lines(differences: Iterable[str], width: int, paint: Paint) -> list[str]:
    """What is not as recorded, a sentence each."""
    room = width - len(INDENT)
    return [INDENT + paint.bad(line) for text in differences for line in fold([text], room)]
