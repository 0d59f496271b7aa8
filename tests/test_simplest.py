"""The simplest of all shortest traces, against a readable twin that lists them all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from checker.check import Options, check
from checker.ir.model import Model, PropertyKind
from checker.ir.values import State
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from checker.result import Result
from checker.semantics.step import Fired
from checker.trace import Step, Trace
from checker.verdict import trace_of
from counterexamples.museum_cases import entries
from counterexamples.replay import made_step

WAYS = "tests/counterexamples/specs/ways.py"
FAULTS, ACKS = "tests/cli/specs/faults.py", "tests/cli/specs/acks.py"
CASES = [
    (f"{FAULTS}:Mailbox", {}, {}, "sum_is_not_three"),
    (ACKS, {"acks": "one"}, {}, "leader_has_acked_record"),
    (ACKS, {}, {"Broker": 3}, "everybody_has_it"),
    (WAYS, {}, {}, "end_is_not_reached"),
    ("toys.die_hard", {}, {}, "big_is_never_four"),
    ("tests/counterexamples/specs/reasons.py", {}, {"Broker": 3}, "leader_stays"),
    ("tests/counterexamples/specs/reasons.py", {}, {"Broker": 3}, "leader_holds"),
    ("toys.peterson_wrong_turn", {}, {}, "mutual_exclusion"),
]


def successors(prepared: Prepared, state: State) -> Iterator[tuple[Step, State]]:
    for name, given, outcome in prepared.semantics.steps(state):
        if isinstance(outcome, Fired) and outcome.state != state:
            yield made_step(prepared.model.action(name), given), outcome.state


def shortest(prepared: Prepared, name: str, most: int) -> list[tuple[Step, ...]]:
    """The steps of all shortest paths to the property's violation."""
    judged = next(p for p in prepared.model.properties if p.name == name)
    start = prepared.semantics.initial()
    ways: dict[State, list[tuple[Step, ...]]] = {start: [()]}
    seen = {start}
    for _ in range(most):
        longer: dict[State, list[tuple[Step, ...]]] = {}
        found: list[tuple[Step, ...]] = []
        for state, paths in ways.items():
            for step, after in successors(prepared, state):
                more = [(*path, step) for path in paths]
                if judged.kind is PropertyKind.STEP_INVARIANT:
                    if not prepared.semantics.judge(name, state, after):
                        found += more
                if after not in seen:
                    longer.setdefault(after, []).extend(more)
        if judged.kind is not PropertyKind.STEP_INVARIANT:
            wanted = judged.kind is PropertyKind.REACHABLE
            for state, paths in longer.items():
                found += paths if prepared.semantics.judge(name, state) is wanted else []
        if found:
            return found
        seen |= set(longer)
        ways = longer
    raise AssertionError(f"{name} is not violated within {most} steps")


def cost(model: Model, steps: tuple[Step, ...]) -> tuple[int, int]:
    changes = sum(one.acting != other.acting for one, other in pairwise(steps))
    return changes, sum(model.action(step.action).budget is not None for step in steps)


def found_in(result: Result) -> Trace:
    trace = trace_of(result.properties[0].verdict)
    assert trace is not None
    return trace


@pytest.mark.parametrize(("spec", "settings", "scope", "name"), CASES)
def test_no_shortest_trace_is_simpler(
    spec: str, settings: dict[str, str], scope: dict[str, int], name: str
) -> None:
    prepared = prepare(load(spec), settings, scope)
    all_of_them = shortest(prepared, name, 12)
    trace = found_in(check(load(spec), settings, scope, Options((name,), cone=False)))
    assert trace.steps in all_of_them
    best = min(cost(prepared.model, steps) for steps in all_of_them)
    assert cost(prepared.model, trace.steps) == best


@pytest.mark.parametrize(("spec", "settings", "scope", "name"), CASES)
def test_interesting_has_the_fewest_actions(
    spec: str, settings: dict[str, str], scope: dict[str, int], name: str
) -> None:
    all_of_them = shortest(prepare(load(spec), settings, scope), name, 12)
    options = Options((name,), cone=False, interesting=True)
    trace = found_in(check(load(spec), settings, scope, options))
    kinds = [len({step.action for step in steps}) for steps in all_of_them]
    assert len({step.action for step in trace.steps}) == min(kinds)


@pytest.mark.parametrize(
    ("interesting", "expected"),
    [(False, ["walk(a1)", "run(a1)"]), (True, ["walk(a1)", "walk(a2)"])],
)
def test_a_choice_made_by_hand(interesting: bool, expected: list[str]) -> None:
    trace = found_in(check(load(WAYS), {}, {}, Options(interesting=interesting)))
    assert list(map(str, trace.steps)) == expected


def test_fewer_changes_than_what_is_found_first() -> None:
    """KAFKA-13141 in six steps: found first with four changes of actor, and told with one."""
    side = next(entry for entry in entries() if entry.id == "R9").broken.side
    result = check(load(side.spec), side.settings, side.scope, Options(("electable_have_acked",)))
    trace = found_in(result)
    assert len(trace.steps) == 6
    assert cost(prepare(load(side.spec), side.settings, side.scope).model, trace.steps)[0] == 1
