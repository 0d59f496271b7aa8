"""Text in columns, folded to a width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

Style = Callable[[str], str]


def plain(text: str) -> str:
    """No style."""
    return text


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the widest that the column may get, and how its cells look."""

    heading: str
    most: int
    style: Style = plain
    to_the_right: bool = False


def fold(chunks: Iterable[str], width: int, gap: str = "   ") -> list[str]:
    """Lines of at most `width` characters; a chunk is broken only if it fills a line by itself."""
    lines: list[str] = []
    has_room = False
    for chunk in chunks:
        if has_room and len(lines[-1]) + len(gap) + len(chunk) <= width:
            lines[-1] += gap + chunk
        else:
            broken = _broken(chunk, width)
            lines += broken
            # What follows a broken chunk on its last line would be read as part of it.
            has_room = len(broken) == 1
    return lines or [""]


def _broken(chunk: str, width: int) -> list[str]:
    """A chunk too wide for a line, broken at spaces if it has any; what follows is indented."""
    lines = []
    while len(chunk) > width:
        space = chunk.rfind(" ", 3, width + 1)
        cut = space if space > 0 else width
        lines.append(chunk[:cut].rstrip())
        chunk = "  " + chunk[cut:].lstrip()
    return [*lines, chunk]


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Sequence[str]]],
    heading_style: Style,
    row_styles: Sequence[Style | None] = (),
) -> list[str]:
    """Rows of cells, each cell a sequence of chunks, as lines without trailing spaces.

    A row has the styles of its columns, or its own if `row_styles` gives it one.
    """
    held = list(rows)
    widths = [_width(column, [row[i] for row in held]) for i, column in enumerate(columns)]
    lines = [_line(columns, widths, [column.heading for column in columns], heading_style)]
    for row, style in zip_longest(held, row_styles[: len(held)]):
        folded = [fold(cell, width) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(map(len, folded))):
            cells = [lines_of[number] if number < len(lines_of) else "" for lines_of in folded]
            lines.append(_line(columns, widths, cells, style))
    return lines


def _width(column: Column, cells: Sequence[Sequence[str]]) -> int:
    widest = max((len("   ".join(cell)) for cell in cells), default=0)
    return max(len(column.heading), min(column.most, widest))


def _line(
    columns: Sequence[Column], widths: Sequence[int], cells: Sequence[str], style: Style | None
) -> str:
    """Padding stands outside the styles, so that an empty end of a line vanishes."""
    line, pending = "", ""
    for column, width, cell in zip(columns, widths, cells, strict=True):
        padding = " " * (width - len(cell))
        if cell:
            before = padding if column.to_the_right else ""
            line += pending + before + (style or column.style)(cell)
            pending = "" if column.to_the_right else padding
        else:
            pending += padding
        pending += "  "
    return line
