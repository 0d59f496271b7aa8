"""The picture as SVG: lanes, bands, steps, messages. Colours are the style sheet's."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, cos, pi, sin
from typing import Final

from counterexamples.drawing.bands import Band
from counterexamples.drawing.geometry import (
    BAND,
    CELL_HEIGHT,
    CHARACTER,
    NOTE_HEIGHT,
    STRIP_HEIGHT,
    Column,
    Geometry,
    caption_width,
    cell_width,
    shown_notes,
)
from counterexamples.drawing.markup import Markup, element, join, text
from counterexamples.drawing.messages import Fate, Message
from counterexamples.drawing.picture import Cell, Note, Strip
from counterexamples.drawing.scenes import Contact, Picture, Scene

EPOCH_COLOURS: Final = 8
"""After so many epochs, colours come again; their numbers stand in the cells."""


def diagram(picture: Picture, places: Geometry, ending: str, is_bad: bool) -> Markup:
    """The whole run, from top to bottom, and what is the matter at its end."""
    lines = [
        element("g", *_rows(picture, places), class_="rows"),
        element("g", *_bands(picture, places), class_="bands"),
        element("g", *_touches(picture, places), class_="touches"),
        element("g", *_messages(picture, places), class_="messages"),
        element("g", *_contents(picture, places), class_="contents"),
    ]
    lines.append(_ending(ending, is_bad, places))
    steps = len(picture.scenes) - 1
    lanes = ", ".join(lane.name for lane in picture.stage.lanes)
    return element(
        "svg",
        element("title", text(f"Space-time diagram: {steps} steps; lanes: {lanes}")),
        *lines,
        id="diagram",
        class_="picture",
        viewBox=f"0 0 {places.width:g} {places.height:g}",
        width=places.width,
        role="img",
        aria_label=f"Space-time diagram of {steps} steps on the lanes {lanes}. "
        "The table of all steps says the same in words.",
    )


def _ending(words: str, is_bad: bool, places: Geometry) -> Markup:
    y = places.rows[-1].bottom
    return element(
        "g",
        element("path", d=f"M0 {y:.1f}H{places.width:.1f}"),
        element("text", text(words), x=8.0, y=y + 17),
        class_="ending bad" if is_bad else "ending good",
    )


def heads(picture: Picture, places: Geometry) -> Markup:
    """The names of the lanes, and their sequences in each state, of which one is shown."""
    drawn = []
    for number, (lane, column) in enumerate(zip(picture.stage.lanes, places.columns, strict=True)):
        name = element("tspan", text(lane.name), class_="name")
        what = element("tspan", text(f" {lane.what.lower()}" if lane.what else ""), class_="what")
        drawn.append(element("text", name, what, x=column.left + 5, y=15.0))
        for first, last, strips in _spells(picture, number):
            shown = join(*_strips(strips, column, 22.0, places.columns, is_head=True))
            last_state = last == len(picture.states) - 1
            drawn.append(
                element(
                    "g", shown, class_="at" if last_state else "at off",
                    data_first=first, data_last=last,
                )
            )  # fmt: skip
    caption = element("text", text("now"), x=8.0, y=36.0, class_="caption", id="now")
    return element(
        "svg",
        caption,
        *drawn,
        class_="picture heads",
        viewBox=f"0 0 {places.width:g} {places.head:g}",
        width=places.width,
        aria_hidden="true",
    )


def _spells(picture: Picture, lane: int) -> Iterator[tuple[int, int, tuple[Strip, ...]]]:
    """From which state to which a lane's sequences stay the same."""
    first, held = 0, _still(picture.states[0][lane])
    for number in range(1, len(picture.states) + 1):
        now = _still(picture.states[number][lane]) if number < len(picture.states) else None
        if now != held:
            yield first, number - 1, held
            first, held = number, now or ()


def _still(strips: tuple[Strip, ...]) -> tuple[Strip, ...]:
    """Without what the last step did."""
    return tuple(Strip(s.variable, s.cells, (), 0, range(0), s.watermark) for s in strips)


def _rows(picture: Picture, places: Geometry) -> Iterator[Markup]:
    for number, (scene, row) in enumerate(zip(picture.scenes, places.rows, strict=True)):
        height = row.bottom - row.top
        label = scene.title
        most = round((places.label - 44) / CHARACTER)
        short = label if len(label) <= most else f"{label[: most - 16]}…{label[-15:]}"
        yield element(
            "g",
            element("title", text(label)),
            element("rect", x=0, y=row.top, width=places.width, height=height, class_="ground"),
            element("text", text(number), x=26.0, y=row.event + 4, class_="number"),
            element("text", text(short), x=34.0, y=row.event + 4, class_="step"),
            class_="row odd" if number % 2 else "row",
            data_row=number,
        )


def _bands(picture: Picture, places: Geometry) -> Iterator[Markup]:
    bottom = places.rows[-1].bottom
    for column in places.columns:
        yield element("line", x1=column.line, x2=column.line, y1=2.0, y2=bottom, class_="lifeline")
    for band in picture.leadership:
        epoch = "" if band.epoch is None else f", epoch {band.epoch}"
        colour = "" if band.epoch is None else f" e{max(0, band.epoch) % EPOCH_COLOURS}"
        column = places.columns[band.lane]
        yield _band(picture, places, band, column.line - 4, 8.0, f"leads{colour}", epoch)
    for band in picture.bands:
        column = places.columns[band.lane]
        slot = picture.kinds.index(band.kind)
        x = column.line - 6 - BAND * (len(picture.kinds) - slot)
        yield _band(picture, places, band, x, BAND - 2, f"{band.kind.look} slot{slot}", "")


def _band(
    picture: Picture, places: Geometry, band: Band, x: float, width: float, look: str, more: str
) -> Markup:
    """From the step that makes it true to the step that makes it false."""
    first = places.rows[band.first].event if band.first else 2.0
    is_open = band.last + 1 >= len(places.rows)
    last = places.rows[-1].bottom if is_open else places.rows[band.last + 1].event
    lane = picture.stage.lanes[band.lane].name
    until = "the end" if is_open else f"step {band.last + 1}"
    words = f"{lane}: {band.kind.label}{more}, from step {band.first} to {until}"
    return element(
        "rect", element("title", text(words)),
        x=x, y=first, width=width, height=max(3.0, last - first), rx=2, class_=f"band {look}",
    )  # fmt: skip


def _touches(picture: Picture, places: Geometry) -> Iterator[Markup]:
    for number, scene in enumerate(picture.scenes):
        y = places.rows[number].event
        drawn: list[Markup] = []
        for touch in scene.touches:
            start, end = places.columns[touch.start].line, places.columns[touch.end].line
            toward = 1 if end > start else -1
            tip = end - 5 * toward
            look = f"touch {touch.contact.value}"
            drawn.append(element("line", x1=start, y1=y, x2=tip, y2=y, class_=look))
            if touch.contact is Contact.NAMES:
                drawn.append(element("circle", cx=end, cy=y, r=3.0, class_="named"))
            else:
                drawn.append(_tip((start, y), (end - 3 * toward, y), "touch-tip"))
        if drawn:
            yield element("g", *drawn, data_since=number)


def _messages(picture: Picture, places: Geometry) -> Iterator[Markup]:
    for message in picture.messages:
        yield element(
            "g",
            element("title", text(described(picture, message))),
            *_message(message, places, picture.scenes[message.ended]),
            class_=f"message {_look(message)}",
            data_since=message.sent,
        )


def _look(message: Message) -> str:
    look = message.fate.name.lower().replace("_", "-")
    return f"{look} overtaken" if message.is_overtaken else look


def described(picture: Picture, message: Message) -> str:
    """A message in words."""
    names = [lane.name for lane in picture.stage.lanes]
    to = "" if message.receiver is None else f" → {names[message.receiver]}"
    overtaken = ", overtaken by a later one" if message.is_overtaken else ""
    ending = "" if message.fate is Fate.UNDER_WAY else f" at step {message.ended}"
    return (
        f"{message.name}: {names[message.sender]}{to}, sent at step {message.sent}, "
        f"{message.fate.value}{ending}{overtaken}\n{message.value}"
    )


def _message(message: Message, places: Geometry, arrival: Scene) -> Iterator[Markup]:
    """An arrow; what never arrives stops short of the lane, and nobody knows whose it is."""
    start = (places.columns[message.sender].line, places.rows[message.sent].event)
    stop = places.rows[message.ended].event
    if message.fate is Fate.UNDER_WAY:
        stop = places.rows[-1].bottom - 3
    if message.receiver is None or message.receiver == message.sender:
        end = (start[0] + 26, stop)
    else:
        line = places.columns[message.receiver].line
        end = (line - (4 if line > start[0] else -4), stop)
    if message.fate is not Fate.DELIVERED:
        end = (start[0] + (end[0] - start[0]) * 0.8, stop)
    yield element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_="way")
    if message.fate is Fate.DELIVERED:
        yield _tip(start, end, "tip")
    elif message.fate is Fate.LOST:
        x, y = end
        yield element("path", d=f"M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10", class_="cross")
    else:
        yield element("circle", cx=end[0], cy=end[1], r=4.0, class_="open")
    yield _label(message, places, arrival, start, end)


def _label(
    message: Message,
    places: Geometry,
    arrival: Scene,
    start: tuple[float, float],
    end: tuple[float, float],
) -> Markup:
    """Beside the end of its arrow, where the least of anything else stands."""
    x, y = end
    if end[0] < start[0]:
        return element("text", text(message.label), x=x + 12, y=y - 4, class_="label")
    if message.receiver is None or message.fate is not Fate.DELIVERED:
        return element("text", text(message.label), x=x + 8, y=y - 4, class_="label")
    x = places.columns[message.receiver].left + 2
    y += -4 if _is_written_on(arrival, places, x - len(message.label) * CHARACTER, x) else 12
    return element("text", text(message.label), x=x, y=y, text_anchor="end", class_="label")


def _is_written_on(scene: Scene, places: Geometry, left: float, right: float) -> bool:
    """Whether something stands there, just below the event."""
    for column, strips, notes in zip(places.columns, scene.strips, scene.notes, strict=True):
        widest = max((len(note.text) * CHARACTER for note in shown_notes(notes)), default=0.0)
        end = column.content + (column.room if strips else min(widest, column.room))
        if column.content < right and left < end and (strips or notes):
            return True
    return False


def _tip(start: tuple[float, float], end: tuple[float, float], look: str) -> Markup:
    angle = atan2(end[1] - start[1], end[0] - start[0])
    corners = [end]
    for side in (1, -1):
        turn = angle + pi + side * 0.42
        corners.append((end[0] + 9 * cos(turn), end[1] + 9 * sin(turn)))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return element("polygon", points=points, class_=look)


def _contents(picture: Picture, places: Geometry) -> Iterator[Markup]:
    for number, (scene, row) in enumerate(zip(picture.scenes, places.rows, strict=True)):
        drawn: list[Markup] = []
        for lane, column in enumerate(places.columns):
            strips, notes = scene.strips[lane], scene.notes[lane]
            drawn += _strips(strips, column, row.event + 6, places.columns)
            y = row.event + 6 + STRIP_HEIGHT * len(strips)
            drawn += _notes(notes, column, y)
            drawn += _event(scene, lane, column, row.event, bool(strips or notes))
        yield element("g", *drawn, class_="content", data_row=number)


def _event(scene: Scene, lane: int, column: Column, y: float, is_touched: bool) -> Iterator[Markup]:
    if scene.acting == lane:
        yield element("circle", cx=column.line, cy=y, r=5.5, class_="acting")
    elif is_touched and scene.acting is not None:
        yield element("circle", cx=column.line, cy=y, r=3.2, class_="touched")


def _strips(
    strips: tuple[Strip, ...],
    column: Column,
    top: float,
    columns: tuple[Column, ...],
    is_head: bool = False,
) -> Iterator[Markup]:
    for number, strip in enumerate(strips):
        is_log = strip.variable == "log"
        x = column.left + 5 if is_head else column.content
        room = column.room + (column.content - column.left - 5 if is_head else 0)
        y = top + number * STRIP_HEIGHT
        if not is_log:
            yield element("text", text(strip.variable), x=x, y=y + 12, class_="caption")
        yield _strip(strip, x + caption_width(strip, is_log), y, room)


def _strip(strip: Strip, x: float, y: float, room: float) -> Markup:
    """Cells side by side; of one too long for its lane, the end."""
    width = cell_width(strip.cells + strip.lost)
    fits = max(1, int((room - caption_width(strip, strip.variable == "log") - 14) / width))
    # What is new matters more than what it replaced, which the table has as well.
    is_replaced = len(strip.fresh) > 0 and len(strip.cells + strip.lost) > fits
    everything = strip.cells if is_replaced else strip.cells + strip.lost
    skipped = max(0, len(everything) - fits)
    drawn = []
    if skipped:
        more = element("title", text(f"{skipped} more before"))
        drawn.append(element("text", more, text("…"), x=x, y=y + 12, class_="caption"))
        x += 12
    for place in range(skipped, len(everything)):
        is_lost = place >= len(strip.cells)
        look = "lost" if is_lost else "fresh" if place in strip.fresh else ""
        offset = place - len(strip.cells) + strip.lost_at if is_lost else place
        left = x + (place - skipped) * width
        drawn.append(_cell(everything[place], left, y, width, look, offset))
    if not everything:
        indent = 0 if strip.watermark is None else 8
        drawn.append(element("text", text("empty"), x=x + indent, y=y + 12, class_="caption"))
    elif not strip.cells:
        left = x + len(everything) * width + 4
        drawn.append(element("text", text("lost"), x=left, y=y + 12, class_="caption lost"))
    if strip.watermark is not None:
        end = x + max(0, len(strip.cells) - skipped) * width
        words = element("title", text(f"log end {len(strip.cells)}"))
        tick = f"M{end:.1f} {y + 2:.1f}v{CELL_HEIGHT}"
        drawn.append(element("path", words, d=tick, class_="leo"))
        drawn.append(_watermark(strip, x + max(0, strip.watermark - skipped) * width, y))
    return element("g", *drawn, class_="strip")


def _cell(cell: Cell, x: float, y: float, width: float, look: str, offset: int) -> Markup:
    colour = "" if cell.epoch is None else f" e{max(0, cell.epoch) % EPOCH_COLOURS}"
    state = {"lost": ", lost in this step", "fresh": ", new in this step", "": ""}[look]
    words = f"offset {offset}: {cell.title}{state}"
    shown = cell.text if len(cell.text) <= 14 else cell.text[:13] + "…"
    parts = [
        element("title", text(words)),
        element("rect", x=x + 1, y=y, width=width - 2, height=CELL_HEIGHT - 3, rx=2),
        element("text", text(shown), x=x + width / 2, y=y + 11, text_anchor="middle"),
    ]
    if look == "lost":
        line = f"M{x + 2:.1f} {y + CELL_HEIGHT - 4:.1f}L{x + width - 2:.1f} {y + 1:.1f}"
        parts.append(element("path", d=line))
    return element("g", *parts, class_=f"cell{colour} {look}".rstrip())


def _watermark(strip: Strip, x: float, y: float) -> Markup:
    words = f"high watermark {strip.watermark}, log end {len(strip.cells)}"
    return element(
        "g",
        element("title", text(words)),
        element("path", d=f"M{x:.1f} {y - 2:.1f}v{CELL_HEIGHT + 1:.1f}", class_="hw"),
        element("path", d=f"M{x:.1f} {y - 2:.1f}h5l-5 5z", class_="hw-flag"),
        class_="watermark",
    )


def _notes(notes: tuple[Note, ...], column: Column, y: float) -> Iterator[Markup]:
    """The first few, as far as they fit; the table has all."""
    most = int(column.room / CHARACTER)
    shown_here = shown_notes(notes)
    for number, note in enumerate(shown_here):
        shown = note.text if len(note.text) <= most else note.text[: most - 1] + "…"
        yield element(
            "text", element("title", text(note.text)), text(shown),
            x=column.content, y=y + 10 + number * NOTE_HEIGHT, class_="note",
        )  # fmt: skip
    if left_out := notes[len(shown_here) :]:
        rest = "\n".join(note.text for note in left_out)
        yield element(
            "text", element("title", text(rest)), text(f"+{len(left_out)} more"),
            x=column.content, y=y + 10 + len(shown_here) * NOTE_HEIGHT, class_="note more",
        )  # fmt: skip
