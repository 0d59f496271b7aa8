"""A state graph as a picture: a row for each distance from the start, drawn without any library.

In a graph of states a step goes at most one row down: rows are what a search finds by itself, and
only the order in a row is left to be found. What stays in a row or leads back up is dashed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterexamples.drawing.markup import Markup, element, text
from counterexamples.forms.state_graph import Arrow, Drawing
from counterexamples.forms.state_graph_dot import label_of, legend

CHARACTER: Final = 6.3
LINE: Final = 14.0
PADDING: Final = 8.0
BESIDE: Final = 34.0
"""Between two nodes of a row."""

BETWEEN: Final = 64.0
"""Between two rows, beside what the labels of the arrows need."""

MARGIN: Final = 24.0
SWEEPS: Final = 8
STYLE: Final = """
svg { background: #fff; color: #1b1b1f; }
text { font: 10.5px ui-monospace, monospace; fill: currentColor; }
.title { font-size: 13px; font-weight: bold; }
.node rect { fill: #f4f6fb; stroke: #44506a; }
.node.initial rect { stroke-width: 3; }
.node.wrong rect { fill: #fdecea; stroke: #b3261e; stroke-width: 2; }
.arrow path { fill: none; stroke: #5b6784; }
.arrow.back path { stroke-dasharray: 4 3; opacity: .7; }
.arrow.wrong path { stroke: #b3261e; }
.arrow text { fill: #33405c; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
@media (prefers-color-scheme: dark) {
  svg { background: #16181d; color: #e6e8ee; }
  .node rect { fill: #232733; stroke: #9aa7c7; }
  .node.wrong rect { fill: #44201d; stroke: #ff8a80; }
  .arrow path { stroke: #8d99b8; }
  .arrow.wrong path { stroke: #ff8a80; }
  .arrow text { fill: #c3cbe0; stroke: #16181d; }
}
"""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node stands."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Its middle, from left to right."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


def svg(drawing: Drawing, title: str) -> str:
    """The picture as one SVG document."""
    rows = ordered(levels(drawing), drawing.arrows)
    boxes, width, height = _places(drawing, rows)
    level = {node: number for number, row in enumerate(rows) for node in row}
    # What leads back leaves at the right, and needs room there.
    width = max(width + 60, len(title) * 8 + 2 * MARGIN)
    arrows = [_arrow(arrow, boxes, level) for arrow in drawing.arrows]
    nodes = [_node(drawing, number, boxes[number]) for number in range(len(drawing.nodes))]
    notes = [
        element("text", text(line), x=MARGIN, y=height + 6 + 16 * number)
        for number, line in enumerate(legend(drawing), start=1)
    ]
    tip = element(
        "marker", element("path", d="M0 0L8 4L0 8z", fill="#5b6784"),
        id="tip", viewBox="0 0 8 8", refX=8, refY=4, markerWidth=7, markerHeight=7, orient="auto",
    )  # fmt: skip
    picture = element(
        "svg",
        element("title", text(title)),
        element("style", Markup(STYLE)),
        element("defs", tip),
        element("text", text(title), x=MARGIN, y=22, class_="title"),
        *arrows,
        *nodes,
        *notes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height + 30:.0f}",
        width=width,
        height=height + 30,
        role="img",
        aria_label=f"{title}: {len(drawing.nodes)} nodes, {len(drawing.arrows)} arrows",
    )
    return f"{picture}\n"


def levels(drawing: Drawing) -> list[list[int]]:
    """The nodes by their distance from the initial ones."""
    after: dict[int, list[int]] = {}
    for arrow in drawing.arrows:
        after.setdefault(arrow.source, []).append(arrow.target)
    row = [number for number, node in enumerate(drawing.nodes) if node.is_initial]
    seen, rows = set(row), list[list[int]]()
    while row:
        rows.append(row)
        found = dict.fromkeys(target for number in row for target in after.get(number, ()))
        row = [number for number in found if number not in seen]
        seen.update(row)
    assert len(seen) == len(drawing.nodes), "every state was reached"
    return rows


def ordered(rows: list[list[int]], arrows: tuple[Arrow, ...]) -> list[list[int]]:
    """Rows in an order in which few arrows cross: a node near the middle of its neighbours."""
    near: dict[int, list[int]] = {}
    for arrow in arrows:
        near.setdefault(arrow.source, []).append(arrow.target)
        near.setdefault(arrow.target, []).append(arrow.source)
    rows = [list(row) for row in rows]
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        numbers = range(1, len(rows)) if downward else range(len(rows) - 2, -1, -1)
        for number in numbers:
            beside = rows[number - 1 if downward else number + 1]
            place = {node: at / max(1, len(beside) - 1) for at, node in enumerate(beside)}
            own = {node: at / max(1, len(rows[number]) - 1) for at, node in enumerate(rows[number])}
            rows[number].sort(key=lambda node, near=near, place=place, own=own: _middle(  # type: ignore[misc]
                [place[n] for n in near.get(node, ()) if n in place], own[node]))  # fmt: skip
    return rows


def _middle(places: list[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _places(drawing: Drawing, rows: list[list[int]]) -> tuple[dict[int, Box], float, float]:
    """A box for each node, and the size of it all; every row is centred."""
    sizes = [_size(label_of(node)) for node in drawing.nodes]
    widths = [sum(sizes[n][0] for n in row) + BESIDE * (len(row) - 1) for row in rows]
    widest = max(widths)
    boxes: dict[int, Box] = {}
    y = 44.0
    for row, wide in zip(rows, widths, strict=True):
        x = MARGIN + (widest - wide) / 2
        for number in row:
            boxes[number] = Box(x, y, *sizes[number])
            x += sizes[number][0] + BESIDE
        most = max((len(a.actions) for a in drawing.arrows if a.source in row), default=0)
        y += max(sizes[number][1] for number in row) + BETWEEN + 12 * most
    return boxes, widest + 2 * MARGIN, y - BETWEEN + MARGIN


def _size(lines: tuple[str, ...]) -> tuple[float, float]:
    longest = max((len(line) for line in lines), default=1)
    return max(40.0, longest * CHARACTER + 2 * PADDING), len(lines) * LINE + 2 * PADDING


def _node(drawing: Drawing, number: int, box: Box) -> Markup:
    node = drawing.nodes[number]
    lines = [
        element("text", text(line), x=box.x + PADDING, y=box.y + PADDING + LINE * (at + 0.75))
        for at, line in enumerate(label_of(node))
    ]
    look = "node" + " initial" * node.is_initial + " wrong" * bool(node.wrong)
    rectangle = element("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=6)
    return element("g", rectangle, *lines, class_=look)


Point = tuple[float, float]


def _arrow(arrow: Arrow, boxes: dict[int, Box], level: dict[int, int]) -> Markup:
    """A curve to the next row; what stays in a row or leads back up is dashed."""
    rows = level[arrow.target] - level[arrow.source]
    way, (x, y) = _way(boxes[arrow.source], boxes[arrow.target], rows)
    labels = [
        element("text", text(action), x=x, y=y + 11 * number, text_anchor="middle")
        for number, action in enumerate(arrow.actions)
    ]
    look = "arrow" + " back" * (rows <= 0) + " wrong" * bool(arrow.wrong)
    return element("g", element("path", d=way, marker_end="url(#tip)"), *labels, class_=look)


def _way(source: Box, target: Box, rows: int) -> tuple[str, Point]:
    """The path of an arrow that leads so many rows down, and where its label stands."""
    if rows == 1:
        start, end = (source.middle, source.bottom), (target.middle, target.y - 1)
        bend = (end[1] - start[1]) / 2
        # Nearer to the end: arrows that leave one node are apart there.
        label = (start[0] * 0.35 + end[0] * 0.65, start[1] * 0.4 + end[1] * 0.6)
        return _curve(start, (start[0], start[1] + bend), (end[0], end[1] - bend), end), label
    if rows == 0:
        toward = 14 if target.x > source.x else -14
        start, end = (
            (source.middle + toward, source.bottom),
            (target.middle - toward, target.bottom),
        )
        low = max(start[1], end[1]) + 24 + abs(end[0] - start[0]) / 40
        label = (start[0] * 0.7 + end[0] * 0.3, low - 8)
        return _curve(start, (start[0], low), (end[0], low), end), label
    if rows == -1:
        start, end = (source.middle + 12, source.y), (target.middle + 12, target.bottom + 1)
        bend = (start[1] - end[1]) / 2
        label = (start[0] * 0.85 + end[0] * 0.15 + 24, start[1] * 0.85 + end[1] * 0.15)
        return _curve(start, (start[0], start[1] - bend), (end[0], end[1] + bend), end), label
    start = (source.x + source.width, source.y + source.height * 0.35)
    end = (target.x + target.width, target.y + target.height * 0.65)
    side = max(start[0], end[0]) + 24 - 10 * rows
    return _curve(start, (side, start[1]), (side, end[1]), end), (side - 6, (start[1] + end[1]) / 2)


def _curve(start: Point, leaving: Point, arriving: Point, end: Point) -> str:
    points = " ".join(f"{x:.1f} {y:.1f}" for x, y in (leaving, arriving, end))
    return f"M{start[0]:.1f} {start[1]:.1f}C{points}"
