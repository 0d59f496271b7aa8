"""A fate as a small picture: the ways on after each step, and how many of them avoid the fault."""

from __future__ import annotations

from math import ceil
from typing import Final

from counterexamples.drawing.markup import NOTHING, Markup, element, join, text
from counterexamples.fate import Fate, Outlook, place_of, ways

HEIGHT: Final = 70.0
"""Of the state with the most ways on, and of the greatest distance."""

TOP, BOTTOM, LEFT = 18.0, 18.0, 6.0
NARROWEST, WIDEST, ROOM = 6.0, 34.0, 360.0
LABEL: Final = 17.0
"""As wide as the number of a step."""


def curve(fate: Fate) -> Markup:
    """A bar for each state, which is a link to it; a line for the distance, if that tells more."""
    step = min(WIDEST, max(NARROWEST, ROOM / len(fate.outlooks)))
    most = max(1, *(one.successors for one in fate.outlooks))
    bars = [_bar(one, n, step, most) for n, one in enumerate(fate.outlooks)]
    distances = NOTHING if fate.is_shortest else _distances(fate, step)
    width = 2 * LEFT + step * len(fate.outlooks)
    height = TOP + HEIGHT + BOTTOM
    drawn = element(
        "svg",
        element("title", text(_words(fate))),
        *bars,
        distances,
        _no_return(fate, step),
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        class_="picture fate",
        role="img",
    )
    return element("figure", drawn, _key(fate), class_="fate")


def _bar(one: Outlook, number: int, step: float, most: int) -> Markup:
    """From below: the ways on that do not avoid the fault, those that nobody knows, the rest."""
    left, inside = LEFT + number * step, step * 0.8
    unknown = one.successors - one.open - one.closed
    parts, top = list[Markup](), TOP + HEIGHT
    for look, size in (("shut", one.closed), ("unknown", unknown), ("open", one.open)):
        height = HEIGHT * size / most
        top -= height
        if size:
            parts.append(element("rect", x=left, y=top, width=inside, height=height, class_=look))
    if one.distance == 0:
        cross = f"M{left + inside / 2 - 4:.1f} {TOP + HEIGHT - 10:g}l8 8m0-8l-8 8"
        parts.append(element("path", d=cross, class_="happened"))
    is_labelled = number % ceil(LABEL / step) == 0
    label = element(
        "text", text(number if is_labelled else ""), x=left + inside / 2, y=TOP + HEIGHT + 13
    )
    ground = element("rect", x=left, y=TOP, width=step, height=HEIGHT + BOTTOM, class_="ground")
    told = element("title", text(f"{place_of(number)}: {ways(one)} ways on avoid it"))
    return element(
        "a", told, ground, *parts, label, href=f"#step={number}", tabindex=-1, class_="at",
        data_step=number,
    )  # fmt: skip


def _distances(fate: Fate, step: float) -> Markup:
    """A line from state to state, high where the nearest fault is far."""
    most = max((one.distance or 0 for one in fate.outlooks), default=0) or 1
    points = " ".join(
        f"{LEFT + (n + 0.4) * step:.1f},{TOP + HEIGHT * (1 - one.distance / most):.1f}"
        for n, one in enumerate(fate.outlooks)
        if one.distance is not None
    )
    return element("polyline", points=points, class_="distance")


def _no_return(fate: Fate, step: float) -> Markup:
    """Where no way out is left; nothing, if that is the end."""
    if fate.no_return == fate.last:
        return NOTHING
    at = LEFT + (fate.no_return - 0.1) * step
    is_right = fate.no_return > fate.last / 2
    line = element("path", d=f"M{at:g} 4V{TOP + HEIGHT:g}", class_="no-return")
    words = element(
        "text",
        text("point of no return"),
        x=at - 4 if is_right else at + 4,
        y=12.0,
        class_="no-return to-the-left" if is_right else "no-return",
    )
    return join(line, words)


def _key(fate: Fate) -> Markup:
    """What the colours mean."""
    looks = [("open", "a way on that still avoids it"), ("shut", "one that does not")]
    if fate.within is not None:
        looks.append(("unknown", "one of which it is not known"))
    if not fate.is_shortest:
        looks.append(("distance", "how far the nearest fault is"))
    return element(
        "figcaption",
        *(
            element("span", element("span", class_=f"sign {look}", aria_hidden="true"), text(told))
            for look, told in looks
        ),
    )


def _words(fate: Fate) -> str:
    """The picture for those who do not see it."""
    told = [f"{place_of(n)} {ways(one)}" for n, one in enumerate(fate.outlooks[:-1])]
    return "Ways on that avoid it: " + ", ".join(told)
