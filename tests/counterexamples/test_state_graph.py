from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from checker.ir.types import BOOL, IntType, SortType
from counterexamples.forms.state_graph import (
    Arrow,
    Drawing,
    Edge,
    GraphError,
    Node,
    StateGraph,
    drawing,
)
from counterexamples.forms.state_graph_dot import dot, quoted
from counterexamples.forms.state_graph_svg import levels, ordered, svg

BROKER = SortType("Broker", 2, "b")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def graph() -> StateGraph:
    """Five states: from the first to two leaders, whose epoch then grows; and one way back."""
    return StateGraph(
        variables=(("leader", BROKER), ("epoch", IntType(0, 3)), ("fixed", BOOL)),
        states=((0, 0, True), (0, 1, True), (1, 1, True), (0, 2, True), (1, 2, True)),
        initial=1,
        edges=(
            Edge(0, 1, "elect"),
            Edge(0, 2, "elect"),
            Edge(1, 3, "elect"),
            Edge(1, 3, "keep"),
            Edge(2, 4, "keep"),
            Edge(4, 0, "reset"),
        ),
        wrong={4: ("epoch_is_small",)},
        wrong_edges={(4, 0): ("epoch_grows",)},
    )


def test_all_states_are_nodes(graph: StateGraph) -> None:
    drawn = drawing(graph, [], 60)
    assert [node.lines for node in drawn.nodes][:2] == [
        ("leader: b1", "epoch: 0"),
        ("leader: b1", "epoch: 1"),
    ], "what never changes says nothing"
    assert [node.is_initial for node in drawn.nodes] == [True, False, False, False, False]
    assert [node.wrong for node in drawn.nodes][-1] == ("epoch_is_small",)
    assert not drawn.is_merged
    by_ends = {(arrow.source, arrow.target): arrow for arrow in drawn.arrows}
    assert by_ends[1, 3].actions == ("elect", "keep"), "parallel edges are one arrow"
    assert by_ends[4, 0].wrong == ("epoch_grows",)


def test_states_that_agree_are_merged(graph: StateGraph) -> None:
    drawn = drawing(graph, ["leader"], 60)
    assert [(node.lines, node.count) for node in drawn.nodes] == [
        (("leader: b1",), 3),
        (("leader: b2",), 2),
    ]
    assert drawn.is_merged
    assert [(a.source, a.target, a.actions) for a in drawn.arrows] == [
        (0, 1, ("elect",)),
        (1, 0, ("reset",)),
    ], "what stays in a node is left out"
    assert drawn.nodes[1].wrong == ("epoch_is_small",)


def test_what_is_projected_on_is_shown_even_if_it_never_changes(graph: StateGraph) -> None:
    assert drawing(graph, ["fixed"], 1).nodes[0].lines == ("fixed: true",)


def test_too_many_nodes_are_refused(graph: StateGraph) -> None:
    with pytest.raises(GraphError, match="5 states are more than can be read: at most 2") as caught:
        drawing(graph, [], 2)
    assert "--project leader makes 2 nodes" in caught.value.help
    assert "different values: leader 2, epoch 3" in caught.value.help
    with pytest.raises(GraphError, match="3 nodes are more than can be read: at most 1") as caught:
        drawing(graph, ["epoch"], 1)
    assert "choose a smaller --scope" in caught.value.help


def test_what_is_suggested_fits(graph: StateGraph) -> None:
    with pytest.raises(GraphError) as caught:
        drawing(graph, [], 4)
    found = re.search(r"--project (\S+) makes (\d+) nodes", caught.value.help)
    assert found is not None
    assert len(drawing(graph, found[1].split(","), 4).nodes) == int(found[2])


def test_an_unknown_variable_is_refused(graph: StateGraph) -> None:
    with pytest.raises(GraphError, match="there is no variable leadr") as caught:
        drawing(graph, ["leadr"], 60)
    assert caught.value.help == "did you mean leader?"


def test_dot_is_pinned(graph: StateGraph, golden: Callable[[str, str], None]) -> None:
    golden("states.dot", dot(drawing(graph, [], 60), 'a "small" graph'))


def test_svg_is_pinned(graph: StateGraph, golden: Callable[[str, str], None]) -> None:
    golden("states.svg", svg(drawing(graph, [], 60), "a <small> graph"))


def test_quotation_marks_and_backslashes_mean_themselves() -> None:
    assert quoted('a"b\\c\nd') == '"a\\"b\\\\c\\nd"'


def test_every_node_and_arrow_is_in_the_picture(graph: StateGraph) -> None:
    drawn = drawing(graph, [], 60)
    root = ElementTree.fromstring(svg(drawn, "graph"))
    looks = [group.get("class", "") for group in root.iter(f"{SVG}g")]
    assert len([look for look in looks if look.startswith("node")]) == len(drawn.nodes)
    assert len([look for look in looks if look.startswith("arrow")]) == len(drawn.arrows)
    assert "node initial" in looks
    assert "node wrong" in looks
    assert "arrow back wrong" in looks


def test_no_two_boxes_overlap(graph: StateGraph) -> None:
    root = ElementTree.fromstring(svg(drawing(graph, [], 60), "graph"))
    boxes = [
        [float(rect.get(name, "")) for name in ("x", "y", "width", "height")]
        for rect in root.iter(f"{SVG}rect")
    ]
    for i, (x, y, w, h) in enumerate(boxes):
        for other_x, other_y, _, _ in boxes[i + 1 :]:
            assert other_x >= x + w or other_y >= y + h or other_x < x


def crossings(rows: list[list[int]], arrows: tuple[Arrow, ...]) -> int:
    place = {node: (row, at) for row, nodes in enumerate(rows) for at, node in enumerate(nodes)}
    down = [(place[a.source], place[a.target]) for a in arrows if place[a.source] < place[a.target]]
    return sum(
        one[0][0] == other[0][0] and one[0][1] < other[0][1] and one[1][1] > other[1][1]
        for one in down
        for other in down
    )


def test_rows_are_distances_and_few_arrows_cross() -> None:
    ends = [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (2, 5), (3, 4), (4, 6), (5, 7), (5, 0)]
    arrows = tuple(Arrow(source, target, ("a",), ()) for source, target in ends)
    nodes = tuple(Node((str(n),), 1, n == 0, ()) for n in range(8))
    rows = levels(Drawing(nodes, arrows, 8))
    assert rows == [[0], [1, 2, 3], [4, 5], [6, 7]]
    better = ordered(rows, arrows)
    assert [sorted(row) for row in better] == rows
    assert crossings(better, arrows) < crossings(rows, arrows)
