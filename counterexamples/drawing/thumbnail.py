"""A picture in the size of a stamp: lanes, leadership, messages, steps, and no words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterexamples.drawing.draw import EPOCH_COLOURS
from counterexamples.drawing.markup import Markup, element, text
from counterexamples.drawing.messages import Fate
from counterexamples.drawing.picture import Strip
from counterexamples.drawing.roles import MARKED_LOG
from counterexamples.drawing.scenes import Contact, Picture

WIDTH: Final = 240.0
HEIGHT: Final = 132.0
MARGIN: Final = 12.0


def thumbnail(picture: Picture, title: str) -> Markup:
    """Time runs from left to right here, so that all stamps are equally high."""
    return element(
        "svg", element("title", text(title)), *_lines(picture), *_steps(picture),
        class_="picture stamp", viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", role="img",
    )  # fmt: skip


def _x(picture: Picture, number: int) -> float:
    return MARGIN + (WIDTH - 2 * MARGIN) * number / max(1, len(picture.scenes) - 1)


def _y(picture: Picture, lane: int) -> float:
    return MARGIN + (HEIGHT - 2 * MARGIN) * (lane + 0.5) / max(1, len(picture.stage.lanes))


def _lines(picture: Picture) -> Iterator[Markup]:
    for lane in range(len(picture.stage.lanes)):
        y = _y(picture, lane)
        yield element("line", x1=4, x2=WIDTH - 4, y1=y, y2=y, class_="lifeline")
    for band in picture.leadership:
        colour = "" if band.epoch is None else f" e{max(0, band.epoch) % EPOCH_COLOURS}"
        first = _x(picture, band.first)
        last = _x(picture, min(band.last + 1, len(picture.scenes) - 1))
        yield element(
            "rect", x=first, width=max(3.0, last - first), y=_y(picture, band.lane) - 3.5,
            height=7, rx=2, class_=f"band leads{colour}",
        )  # fmt: skip
    for message in picture.messages:
        if message.receiver is not None and message.fate is Fate.DELIVERED:
            line = element(
                "line", class_="way",
                x1=_x(picture, message.sent), y1=_y(picture, message.sender),
                x2=_x(picture, message.ended), y2=_y(picture, message.receiver),
            )  # fmt: skip
            yield element("g", line, class_="message")


def _steps(picture: Picture) -> Iterator[Markup]:
    for number, scene in enumerate(picture.scenes):
        x = _x(picture, number)
        for touch in scene.touches:
            if touch.contact is not Contact.NAMES:
                ends = _y(picture, touch.start), _y(picture, touch.end)
                yield element("line", x1=x, x2=x, y1=ends[0], y2=ends[1], class_="touch")
        for lane, strips in enumerate(scene.strips):
            if any(_loses(strip) for strip in strips):
                y = _y(picture, lane)
                cross = element("path", d=f"M{x - 6:.1f} {y - 6:.1f}l12 12m0 -12l-12 12",
                                class_="cross")  # fmt: skip
                yield element("g", cross, class_="message")
        if scene.acting is not None:
            yield element("circle", cx=x, cy=_y(picture, scene.acting), r=3.2, class_="acting")


def _loses(strip: Strip) -> bool:
    """Entries of anything but a log may be replaced, and nothing is lost."""
    return bool(strip.lost) and (strip.variable == MARKED_LOG or not strip.fresh)
