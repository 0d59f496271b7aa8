"""What can still become of a state, as the plain definition says it: sets, and nothing clever."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checker.explicit import graph
from checker.explicit.outcome import FindingKind, Limits, Stop
from checker.explicit.prospects import Prospect, Prospects, prospects
from checker.ground.ground import ground
from checker.ir.model import Model, PropertyKind
from checker.ir.values import State
from checker.lang.load import load
from checker.prepare import prepare
from checker.semantics.step import Cut, Fired, UndefinedStep, initial_state, judge, steps
from checker.semantics.undefined import Undefined
from tests.random_models import lively_model, models

FAULT = ("nowhere",)
"""What a step leads to that is a fault itself."""


@dataclass
class Twin:
    """All that the initial state leads to; a state with the fault leads nowhere.

    `after` are pairs: a state, or `FAULT` and the state behind it.
    """

    model: Model
    kind: FindingKind
    faults: set[State] = field(default_factory=set)
    after: dict[State, set[tuple[object, ...]]] = field(default_factory=dict)
    cut: set[State] = field(default_factory=set)

    def __post_init__(self) -> None:
        waiting = [initial_state(self.model)]
        while waiting:
            state = waiting.pop()
            if state in self.after:
                continue
            self.after[state] = set()
            if self.is_fault(state):
                self.faults.add(state)
                continue
            waiting += self.expand(state)

    def is_fault(self, state: State) -> bool:
        judged = self.model.properties
        if not judged or judged[0].kind is PropertyKind.STEP_INVARIANT:
            return False
        return is_false(lambda: judge(self.model, judged[0], state))

    def is_faulty(self, before: State, after: State) -> bool:
        judged = self.model.properties
        if not judged or judged[0].kind is not PropertyKind.STEP_INVARIANT:
            return False
        return is_false(lambda: judge(self.model, judged[0], before, after))

    def expand(self, state: State) -> Iterable[State]:
        is_stuck = True
        for _, _, outcome in steps(self.model, state):
            match outcome:
                case Cut():
                    is_stuck = False
                    self.cut.add(state)
                case UndefinedStep():
                    is_stuck = False
                    if self.kind is FindingKind.UNDEFINED_STEP:
                        self.after[state].add((FAULT, None))
                case Fired(after) if after != state:
                    is_stuck = False
                    bad = self.is_faulty(state, after)
                    self.after[state].add((FAULT, after) if bad else (after,))
                    yield after
        if is_stuck and self.kind is FindingKind.DEADLOCK:
            self.faults.add(state)

    def distances(self) -> dict[object, int]:
        found: dict[object, int] = dict.fromkeys([FAULT, *self.faults], 0)
        for distance in range(1, len(self.after) + 2):
            for state, after in self.after.items():
                near = any(found.get(end[0]) == distance - 1 for end in after)
                if state not in found and near:
                    found[state] = distance
        return found

    def closed(self, ways_out: Iterable[State] = ()) -> set[object]:
        """The states from which every run comes to a fault."""
        closed: set[object] = {FAULT, *self.faults}
        while more := {
            state
            for state, after in self.after.items()
            if after and state not in closed and state not in ways_out
            and all(end[0] in closed for end in after)
        }:  # fmt: skip
            closed |= more
        return closed

    def prospects(self) -> dict[State, Prospect]:
        distances, closed, beyond = self.distances(), self.closed(), self.closed(self.cut)
        found = {}
        for state, after in self.after.items():
            shut = sum(end[0] in closed for end in after)
            found[state] = Prospect(
                distance=distances.get(state),
                exact=True,
                successors=len(after),
                open=len(after) - shut,
                closed=shut,
                avoidable=state not in closed,
                avoidable_beyond=state not in beyond,
            )
        return found


def is_false(judged: Callable[[], bool]) -> bool:
    try:
        return not judged()
    except Undefined:
        return True


def asked(model: Model, name: str) -> Model:
    return replace(model, properties=tuple(p for p in model.properties if p.name == name))


def answered(
    model: Model,
    kind: FindingKind,
    states: list[State],
    fold: bool | None,
    limit: int | None = None,
) -> Prospects:
    return prospects(ground(model, None, False), states, kind, Limits(states=limit), None, fold)


def compare(model: Model, kind: FindingKind, fold: bool | None = None) -> None:
    expected = Twin(model, kind).prospects()
    states = list(expected)
    found = answered(model, kind, states, fold)
    assert dict(zip(states, found.each, strict=True)) == expected
    assert found.within is None
    alone = answered(model, kind, [initial_state(model)], fold)
    assert alone.each == (expected[initial_state(model)],)
    assert alone.states == len(states)


def compare_part(model: Model, kind: FindingKind, limit: int) -> None:
    """What is said of a part is true of the whole."""
    expected = Twin(model, kind).prospects()
    states = list(expected)[:2]
    found = answered(model, kind, states, None, limit)
    assert (found.within is None) == (found.stop is None)
    for one, whole in zip(found.each, map(expected.__getitem__, states), strict=True):
        if one.distance is not None:
            assert whole.distance is not None
            assert whole.distance <= one.distance
        if one.exact:
            assert one.distance == whole.distance
        if one.successors:
            assert one.successors == whole.successors
        assert one.open <= whole.open
        assert one.closed <= whole.closed
        assert one.avoidable in (None, whole.avoidable)
        assert one.avoidable_beyond in (None, whole.avoidable_beyond)


def invariants(model: Model) -> list[str]:
    return [p.name for p in model.properties if p.kind is not PropertyKind.REACHABLE]


@settings(max_examples=6, deadline=None)
@given(models(most_states=120), st.sampled_from([None, True]))
def test_agrees_with_its_twin(model: Model, fold: bool | None) -> None:
    for name in invariants(model):
        compare(asked(model, name), FindingKind.VIOLATED, fold)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_agrees_on_models_that_lead_further(seed: int) -> None:
    model = lively_model(seed, most_states=120)
    compare(replace(model, properties=()), FindingKind.DEADLOCK)
    compare(replace(model, properties=()), FindingKind.UNDEFINED_STEP)
    for name in invariants(model):
        compare(asked(model, name), FindingKind.VIOLATED)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 40))
def test_a_part_of_the_graph_tells_no_lies(seed: int, limit: int) -> None:
    model = lively_model(seed, most_states=120)
    assume(invariants(model))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph, "CHUNK_STATES", 2)
        compare_part(asked(model, invariants(model)[0]), FindingKind.VIOLATED, limit)


@pytest.fixture(scope="module")
def maze() -> Callable[[bool], Model]:
    loaded = load(str(Path(__file__).with_name("maze.py")))
    return lambda has_exit: prepare(loaded, {"has_exit": str(has_exit)}, {}).model


def at(*places: int) -> list[State]:
    return [(place, 0) for place in places]


def test_a_maze(maze: Callable[[bool], Model]) -> None:
    one, two, three = answered(maze(True), FindingKind.VIOLATED, at(1, 2, 3), None).each
    assert one == Prospect(3, True, 1, 1, 0, True, True)
    assert two == Prospect(2, True, 2, 1, 1, True, True)
    assert three == Prospect(1, True, 1, 0, 1, False, True)


def test_where_not_everything_was_looked_at(
    maze: Callable[[bool], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 0 only the way along the given states is known; the other one is shorter."""
    monkeypatch.setattr(graph, "CHUNK_STATES", 1)
    found = answered(maze(False), FindingKind.VIOLATED, at(0, 1, 2, 3), None, limit=6)
    assert (found.within, found.stop) == (1, Stop.STATES)
    assert found.each[0] == Prospect(4, False, 2, 0, 1, None, None)
    assert found.each[3] == Prospect(1, True, 1, 0, 1, False, True)
    whole = answered(maze(False), FindingKind.VIOLATED, at(0), None)
    assert whole.each[0] == Prospect(3, True, 2, 0, 2, False, True)


def test_a_goal_that_is_reached_is_no_fault(maze: Callable[[bool], Model]) -> None:
    model = maze(False)
    goal = replace(model.properties[0], kind=PropertyKind.REACHABLE)
    asked = replace(model, properties=(goal,))
    (found,) = answered(asked, FindingKind.UNDEFINED_PROPERTY, at(0), None).each
    assert (found.distance, found.avoidable) == (None, True)


def test_nothing_is_asked(maze: Callable[[bool], Model]) -> None:
    assert answered(maze(False), FindingKind.VIOLATED, [], None).each == ()
