from __future__ import annotations

import pytest

from checker.graph import UNDEFINED, TooManyStates, state_graph
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from checker.semantics.initial import initial_states
from checker.semantics.reference import explore
from counterexamples.forms.state_graph import StateGraph

ACKS = "tests/cli/specs/acks.py"
FAULTS = "tests/cli/specs/faults.py"


def prepared(name: str, **settings: str) -> Prepared:
    return prepare(load(name), settings, {})


def graph_of(spec: Prepared, most: int = 1_000) -> StateGraph:
    return state_graph(spec.model, list(initial_states(spec.model)), most)


def test_the_states_are_those_of_the_reference_search() -> None:
    spec = prepared(ACKS, acks="one")
    graph = graph_of(spec)
    found = explore(spec.model, stop_at_finding=False)
    assert graph.states == found.states
    assert len(graph.edges) <= found.generated
    assert {edge.action for edge in graph.edges} == {a for a, n in found.fired.items() if n}
    assert {edge.target for edge in graph.edges} >= set(range(1, len(graph.states)))


def test_what_is_false_is_marked() -> None:
    spec = prepared(ACKS, acks="one")
    graph = graph_of(spec)
    assert set(graph.wrong) == {
        number
        for number, state in enumerate(graph.states)
        if not spec.semantics.judge("leader_has_acked_record", state)
    }
    assert graph.wrong
    assert graph.wrong_edges == {}


def test_what_is_undefined_is_marked() -> None:
    assert graph_of(prepared(f"{FAULTS}:PastTheEnd")).wrong == {2: (UNDEFINED,)}
    assert graph_of(prepared(f"{FAULTS}:NoValue")).wrong == {2: ("divides",)}


def test_too_many_states_are_refused() -> None:
    with pytest.raises(TooManyStates, match="more than 10 states"):
        graph_of(prepared(ACKS), 10)
    assert len(graph_of(prepared(ACKS), 30 + 8).states) == 38
