from __future__ import annotations

from dataclasses import replace

import pytest

from checker.check import check
from checker.ir.model import PropertyKind
from checker.lang.load import load
from checker.prepare import prepare
from checker.semantics.step import Fired
from checker.trace import Ending, Trace
from checker.verdict import trace_of
from counterexamples.replay import made_step
from counterexamples.slice import MOST_STEPS, needless

FAULTS = "tests/cli/specs/faults.py"


def walked(spec: str, names: list[tuple[str, int | None]], **of_end: object) -> Trace:
    """A trace made by hand: the actions, each with its message if it takes one."""
    prepared = prepare(load(f"{FAULTS}:{spec}"), {}, {})
    states, steps = [prepared.semantics.initial()], []
    for name, message in names:
        given = () if message is None else ((message,),)
        outcome = prepared.semantics.fire(name, given, states[-1])
        assert isinstance(outcome, Fired), (name, outcome)
        states.append(outcome.state)
        steps.append(made_step(prepared.model.action(name), given))
    variables = tuple((v.name, v.type) for v in prepared.model.variables)
    return Trace(
        spec=f"{FAULTS}:{spec}", settings={}, scope=prepared.model.scope, variables=variables,
        message="", states=tuple(states), steps=tuple(steps), **of_end,
    )  # type: ignore[arg-type] # fmt: skip


SEND, FIRST, SECOND, THIRD = ("send", None), ("receive", 0), ("receive", 1), ("receive", 2)
BROKEN = {
    "property": "sum_is_not_three",
    "kind": PropertyKind.INVARIANT,
    "ending": Ending.VIOLATED,
}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([SEND, SEND, SEND, SECOND, THIRD], set()),
        ([SEND, FIRST, SEND, SECOND, SEND, THIRD], {2}),
        ([SEND, SEND, SECOND, FIRST, SEND, THIRD], {4}),
    ],
)
def test_steps_that_do_not_matter(steps: list[tuple[str, int | None]], expected: set[int]) -> None:
    trace = walked("Mailbox", steps, **BROKEN)
    semantics = prepare(load(trace.spec), {}, {}).semantics
    assert needless(semantics, trace) == expected


def test_a_deadlock_keeps_what_leads_to_it() -> None:
    stuck = {"property": None, "kind": None, "ending": Ending.DEADLOCK}
    trace = walked("Stuck", [("tick", None), ("increment", None), ("increment", None)], **stuck)
    assert needless(prepare(load(trace.spec), {}, {}).semantics, trace) == {1}


def test_what_changes_nothing_is_no_step() -> None:
    loaded = load("tests/counterexamples/specs/resets.py")
    (found,) = check(loaded, {}, {}).properties
    trace = trace_of(found.verdict)
    assert trace is not None
    assert [step.action for step in trace.steps] == ["rise", "reset"]
    assert needless(prepare(loaded, {}, {}).semantics, trace) == frozenset()


def test_too_long_a_trace_is_left_alone() -> None:
    stuck = {"property": None, "kind": None, "ending": Ending.DEADLOCK}
    ticks = [("tick", None)] * MOST_STEPS
    trace = walked("Stuck", [*ticks, ("increment", None), ("increment", None)], **stuck)
    assert needless(prepare(load(trace.spec), {}, {}).semantics, trace) == frozenset()


def test_an_undefined_step_is_not_asked_about() -> None:
    trace = walked("Mailbox", [SEND, SEND], **BROKEN)
    undefined = replace(
        trace, ending=Ending.UNDEFINED_STEP, property=None, kind=None, states=trace.states[:-1]
    )
    assert needless(prepare(load(trace.spec), {}, {}).semantics, undefined) == frozenset()
