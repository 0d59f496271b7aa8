"""What the lines, bands and cells of a picture mean: only those that occur in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterexamples.drawing.draw import EPOCH_COLOURS
from counterexamples.drawing.markup import Markup, element, text
from counterexamples.drawing.messages import Fate
from counterexamples.drawing.picture import Cell
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
        band = element("rect", x=8, y=0, width=8, height=16, class_="band leads e1")
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
    if epochs:
        cell = element("rect", x=0, y=1, width=30, height=14, rx=2)
        words = element("text", text("0 e1"), x=15, y=12, text_anchor="middle")
        yield _sample(element("g", cell, words, class_="cell"), "id and epoch of a record", 30)
    yield from _of_logs(picture)
    yield from _of_lines(picture)


def _cells(picture: Picture) -> Iterator[Cell]:
    return (c for state in picture.states for lane in state for s in lane for c in s.cells)


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


def _sample(sign: Markup, words: str, width: int = 24) -> Markup:
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
