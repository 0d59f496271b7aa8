"""Where everything in a picture stands: lanes from left to right, time from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterexamples.drawing.picture import Cell, Note, Strip
from counterexamples.drawing.scenes import Picture, Scene

CHARACTER: Final = 6.65
"""The width of a character of the small type."""

MOST_NOTES: Final = 4
"""On a lane in one step; the last line says how many more there are."""

MARGIN: Final = 14.0
BAND: Final = 6.0
CELL_HEIGHT: Final = 17.0
STRIP_HEIGHT: Final = 21.0
NOTE_HEIGHT: Final = 13.5
ENDING: Final = 26.0
"""Below the last row, what is the matter there."""

EVENT: Final = 10.0
"""From the top of a row to its event."""

NARROWEST, WIDEST = 92.0, 236.0


@dataclass(frozen=True, slots=True)
class Column:
    """A lane: its left edge, its line, where its contents begin, and how wide those may be."""

    left: float
    line: float
    content: float
    room: float


@dataclass(frozen=True, slots=True)
class Row:
    """A step: its top, the height of its event, and its bottom."""

    top: float
    event: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Geometry:
    """Places for lanes and steps, and the size of it all."""

    label: float
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    width: float
    height: float
    head: float


def cell_width(cells: tuple[Cell, ...]) -> float:
    """All cells of a strip are equally wide."""
    longest = max((len(cell.text) for cell in cells), default=0)
    return max(18.0, min(longest, 14) * CHARACTER + 7)


def caption_width(strip: Strip, is_only: bool) -> float:
    """The log of a lane needs no name; others do."""
    return 0.0 if is_only else len(strip.variable) * CHARACTER + 6


def shown_notes(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Those for which there is room."""
    return notes if len(notes) <= MOST_NOTES else notes[: MOST_NOTES - 1]


def geometry(picture: Picture) -> Geometry:
    """Lanes as wide as what they have to show, rows as high."""
    label = min(300.0, max(len(scene.title) for scene in picture.scenes) * CHARACTER + 44)
    columns, left = [], label
    for number, lane in enumerate(picture.stage.lanes):
        bands = len(picture.kinds) if lane.sort is not None else 0
        line = left + MARGIN / 2 + bands * BAND + 6
        content = line + 11
        room = _room(picture, number)
        columns.append(Column(left, line, content, room))
        left = content + room + MARGIN / 2
    rows, top = [], 6.0
    for scene in picture.scenes:
        height = _height(scene)
        rows.append(Row(top, top + EVENT, top + height))
        top += height
    return Geometry(label, tuple(columns), tuple(rows), left + 4, top + ENDING, _head(picture))


def _room(picture: Picture, lane: int) -> float:
    """As wide as the widest content, within limits."""
    widest = len(picture.stage.lanes[lane].name) * 8.0 + 40
    for state in picture.states:
        for strip in state[lane]:
            cells = strip.cells + strip.lost
            wide = caption_width(strip, strip.variable == "log") + len(cells) * cell_width(cells)
            widest = max(widest, wide + 16)
    for scene in picture.scenes:
        for strip in scene.strips[lane]:
            cells = strip.cells + strip.lost
            wide = caption_width(strip, strip.variable == "log") + len(cells) * cell_width(cells)
            widest = max(widest, wide + 16)
        for note in shown_notes(scene.notes[lane]):
            widest = max(widest, len(note.text) * CHARACTER + 4)
    return max(NARROWEST, min(WIDEST, widest))


def _height(scene: Scene) -> float:
    tallest = 0.0
    for strips, notes in zip(scene.strips, scene.notes, strict=True):
        lines = min(len(notes), MOST_NOTES)
        tallest = max(tallest, len(strips) * STRIP_HEIGHT + lines * NOTE_HEIGHT)
    return max(28.0, EVENT + 5 + tallest + 5)


def _head(picture: Picture) -> float:
    most = max((len(lane) for state in picture.states for lane in state), default=0)
    return 24.0 + max(1, most) * STRIP_HEIGHT
