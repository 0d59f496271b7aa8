"""State graphs: states merged that agree on what a reader looks at, and when they are too many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.ir.expr import Value
from checker.ir.types import Type
from checker.ir.values import State, show
from checker.lang.suggest import did_you_mean
from counterexamples.layout import fold

LABEL_WIDTH = 34
"""The characters of a line in a node."""

MOST_LINES = 14
MOST_PROJECTED = 4
MOST_NAMED = 8
"""How many variables are suggested, and of how many it is said how many values they have."""


class GraphError(Exception):
    """What the user asked for cannot be drawn; `help` says what can."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


@dataclass(frozen=True, slots=True)
class Edge:
    """A step from one state to another, by their numbers."""

    source: int
    target: int
    action: str


@dataclass(frozen=True, slots=True)
class StateGraph:
    """States by number, the first `initial` of them initial, and the steps between them.

    `wrong` are the invariants that are false in a state, `wrong_edges` the step invariants that are
    false of a step.
    """

    variables: tuple[tuple[str, Type], ...]
    states: tuple[State, ...]
    initial: int
    edges: tuple[Edge, ...]
    wrong: Mapping[int, tuple[str, ...]]
    wrong_edges: Mapping[tuple[int, int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Node:
    """States that agree: what they agree on, how many they are, and what is false in some."""

    lines: tuple[str, ...]
    count: int
    is_initial: bool
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """All steps from a node to another: their actions, and which step invariants are false."""

    source: int
    target: int
    actions: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: nodes in the order in which a search meets them. `merged`: of more states."""

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    states: int

    @property
    def is_merged(self) -> bool:
        """Whether a node may stand for several states."""
        return self.states != len(self.nodes)


def drawing(graph: StateGraph, project: Sequence[str], most: int) -> Drawing:
    """The graph with the states merged that agree on the variables `project`; on all, if none.

    Steps inside a node are left out. Raises `GraphError` for an unknown variable, or if more than
    `most` nodes are left.
    """
    names = [name for name, _ in graph.variables]
    for name in project:
        if name not in names:
            help = did_you_mean(name, names, "variables")
            raise GraphError(f"there is no variable {name} to project on", help)
    kept = [names.index(name) for name in project] or list(range(len(names)))
    groups = _groups(graph, kept)
    if len(groups) > most:
        raise GraphError(_too_many(graph, len(groups), project, most), _suggestion(graph, most))
    number = {state: i for i, members in enumerate(groups.values()) for state in members}
    shown = kept if project else [at for at in kept if _count(graph, [at]) > 1] or kept
    nodes = tuple(_node(graph, shown, members) for members in groups.values())
    return Drawing(nodes, _arrows(graph, number), len(graph.states))


def _groups(graph: StateGraph, kept: list[int]) -> dict[tuple[Value, ...], list[int]]:
    """The numbers of the states that agree, by what they agree on."""
    groups: dict[tuple[Value, ...], list[int]] = {}
    for number, state in enumerate(graph.states):
        groups.setdefault(tuple(state[at] for at in kept), []).append(number)
    return groups


def _count(graph: StateGraph, kept: Iterable[int]) -> int:
    positions = tuple(kept)
    return len({tuple(state[at] for at in positions) for state in graph.states})


def _too_many(graph: StateGraph, nodes: int, project: Sequence[str], most: int) -> str:
    what = f"{nodes:,} nodes" if project else f"{len(graph.states):,} states"
    return f"{what} are more than can be read: at most {most:,} (--max-nodes)"


def _suggestion(graph: StateGraph, most: int) -> str:
    """Some variables with few values, as long as the nodes fit; and how many values they have."""
    counts = {at: _count(graph, [at]) for at in range(len(graph.variables))}
    ranked = sorted((at for at, count in counts.items() if count > 1), key=lambda at: counts[at])
    chosen: list[int] = []
    for at in ranked:
        if len(chosen) < MOST_PROJECTED and _count(graph, [*chosen, at]) <= most:
            chosen.append(at)
    names = [name for name, _ in graph.variables]
    values = ", ".join(f"{names[at]} {counts[at]:,}" for at in ranked[:MOST_NAMED])
    advice = "choose a smaller --scope"
    if chosen:
        project = ",".join(names[at] for at in sorted(chosen))
        nodes = _count(graph, chosen)
        advice = f"merge those that agree: --project {project} makes {nodes:,} nodes"
    return f"{advice}\n  different values: {values}"


def _node(graph: StateGraph, shown: list[int], members: list[int]) -> Node:
    state = graph.states[members[0]]
    lines = [
        line
        for at in shown
        for line in fold(
            [f"{graph.variables[at][0]}: {show(graph.variables[at][1], state[at])}"], LABEL_WIDTH
        )
    ]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "…"]
    wrong = dict.fromkeys(name for number in members for name in graph.wrong.get(number, ()))
    is_initial = any(number < graph.initial for number in members)
    return Node(tuple(lines), len(members), is_initial, tuple(wrong))


def _arrows(graph: StateGraph, number: Mapping[int, int]) -> tuple[Arrow, ...]:
    actions: dict[tuple[int, int], dict[str, None]] = {}
    wrong: dict[tuple[int, int], dict[str, None]] = {}
    for edge in graph.edges:
        ends = number[edge.source], number[edge.target]
        if ends[0] != ends[1]:
            actions.setdefault(ends, {})[edge.action] = None
            false = graph.wrong_edges.get((edge.source, edge.target), ())
            wrong.setdefault(ends, {}).update(dict.fromkeys(false))
    return tuple(
        Arrow(source, target, tuple(names), tuple(wrong[source, target]))
        for (source, target), names in actions.items()
    )
