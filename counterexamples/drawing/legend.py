"""What the lines, bands and cells of a picture mean: only those that occur in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checker.ir.types import RecordType, TupleType
from counterexamples.drawing.draw import EPOCH_COLOURS
from counterexamples.drawing.geometry import CHARACTER
from counterexamples.drawing.markup import Markup, element, text
from counterexamples.drawing.messages import Fate
from counterexamples.drawing.picture import MOST_CHARACTERS, Cell
from counterexamples.drawing.roles import FIELD_FOR_EPOCH, FIELD_FOR_NAME
from counterexamples.drawing.scenes import Contact, Picture

WORDS: Final = {
    Contact.TELLS: "tells in the same step",
    Contact.READS: "is read in the same step",
    Contact.NAMES: "is only named",
}


def legend(picture: Picture) -> Markup:
    """A list of samples."""
    return element("ul", *_samples(picture), class_="legend")


def _samples(picture: Picture) -> Iterator[Markup]:
    yield _sample(element("circle", cx=12, cy=8, r=5.5, class_="acting"), "acts")
    if picture.leadership:
        epoch = picture.leadership[0].epoch
        colour = "" if epoch is None else f" e{max(0, epoch) % EPOCH_COLOURS}"
        band = element("rect", x=8, y=0, width=8, height=16, class_=f"band leads{colour}")
        yield _sample(band, "takes itself for the leader, coloured by epoch")
    for slot, kind in enumerate(picture.kinds):
        look = f"band {kind.look} slot{slot}"
        name = kind.label.replace("isr", "ISR").replace("_", " ")
        meanings = {"leader": f"is registered as the {name}", "isr": f"in the {name}"}
        band = element("rect", x=10, y=0, width=4, height=16, class_=look)
        yield _sample(band, meanings.get(kind.look, name))
    epochs = sorted({cell.epoch for cell in _cells(picture) if cell.epoch is not None})
    for epoch in epochs:
        cell = element("rect", x=3, y=1, width=18, height=14, rx=2)
        colour = f"cell e{max(0, epoch) % EPOCH_COLOURS}"
        yield _sample(element("g", cell, class_=colour), f"epoch {epoch}")
    yield from _of_records(picture)
    yield from _of_logs(picture)
    yield from _of_lines(picture)


def _cells(picture: Picture) -> Iterator[Cell]:
    return (c for state in picture.states for lane in state for s in lane for c in s.cells)


def _of_records(picture: Picture) -> Iterator[Markup]:
    """What the parts of a cell are, by an example; sequences of the same records stand together."""
    found: dict[tuple[str, ...], dict[str, Cell]] = {}
    for state in picture.states:
        for places, strips in zip(picture.stage.places, state, strict=True):
            types = {place.variable: place.type for place in places}
            for strip in strips:
                match types[strip.variable]:
                    case TupleType(RecordType(_, fields)) if strip.cells and len(fields) > 1:
                        known = found.setdefault(tuple(name for name, _ in fields), {})
                        known.setdefault(strip.variable, strip.cells[0])
    for names, cells in found.items():
        example = next(iter(cells.values())).text[:MOST_CHARACTERS]
        width = len(example) * CHARACTER + 8
        box = element("rect", x=0, y=1, width=width, height=14, rx=2)
        words = element("text", text(example), x=width / 2, y=12, text_anchor="middle")
        said = f"{_parts(names)} in {', '.join(cells)}"
        yield _sample(element("g", box, words, class_="cell"), said, width)


def _parts(names: tuple[str, ...]) -> str:
    """The fields that a cell shows, in its order: `leader·isr and epoch`."""
    others = [name for name in names if name != FIELD_FOR_EPOCH]
    shown = FIELD_FOR_NAME if FIELD_FOR_NAME in names else "·".join(others)
    return f"{shown} and epoch" if FIELD_FOR_EPOCH in names else shown


def _of_logs(picture: Picture) -> Iterator[Markup]:
    shown = [strip for scene in picture.scenes for lane in scene.strips for strip in lane]
    if any(strip.watermark is not None for strip in shown):
        mark = element("path", d="M9 0v16", class_="hw")
        flag = element("path", d="M9 0h5l-5 5z", class_="hw-flag")
        yield _sample(element("g", mark, flag), "high watermark; the log ends where its cells end")
    if any(strip.lost for strip in shown):
        box = element("rect", x=3, y=1, width=18, height=14, rx=2)
        line = element("path", d="M4 14L20 2")
        yield _sample(element("g", box, line, class_="cell lost"), "lost in this step")
    if any(strip.fresh for strip in shown):
        box = element("rect", x=3, y=1, width=18, height=14, rx=2)
        yield _sample(element("g", box, class_="cell fresh"), "new in this step")


def _of_lines(picture: Picture) -> Iterator[Markup]:
    contacts = {touch.contact for scene in picture.scenes for touch in scene.touches}
    for contact in Contact:
        if contact in contacts:
            line = element("line", x1=1, x2=18, y1=8, y2=8, class_=f"touch {contact.value}")
            tip = element("polygon", points="23,8 15,4 15,12", class_="touch-tip")
            end = element("circle", cx=20, cy=8, r=3, class_="named")
            sign = element("g", line, end if contact is Contact.NAMES else tip)
            yield _sample(sign, WORDS[contact])
    fates = {message.fate for message in picture.messages}
    line = element("line", x1=1, y1=2, x2=18, y2=12, class_="way")
    ends = {
        Fate.DELIVERED: element("polygon", points="23,15 17,7 12,13", class_="tip"),
        Fate.LOST: element("path", d="M13 7l10 10m0 -10l-10 10", class_="cross"),
        Fate.UNDER_WAY: element("circle", cx=19, cy=12, r=3.5, class_="open"),
    }
    for fate in Fate:
        if fate in fates:
            look = f"message {fate.name.lower().replace('_', '-')}"
            words = "message under way" if fate is Fate.DELIVERED else f"message {fate.value}"
            yield _sample(element("g", line, ends[fate], class_=look), words)
    if any(message.is_overtaken for message in picture.messages):
        sign = element("g", line, ends[Fate.DELIVERED], class_="message delivered overtaken")
        yield _sample(sign, "message overtaken by a later one")


def _sample(sign: Markup, words: str, width: float = 24) -> Markup:
    drawn = element(
        "svg",
        sign,
        width=width,
        height=16,
        viewBox=f"0 0 {width} 16",
        class_="picture",
        aria_hidden="true",
    )
    return element("li", drawn, element("span", text(words)))
