"""What is said of a condition is so: on walks through many specs, for true and false properties."""

from __future__ import annotations

import random

import pytest

from checker.ir.model import PropertyKind
from checker.ir.types import BOOL
from checker.lang.declare import declare
from checker.lang.load import catalogue, load
from checker.prepare import Prepared, prepare
from checker.semantics.step import Fired, arguments
from checker.semantics.undefined import Undefined
from checker.trace import Ending, Step, Trace
from counterexamples.replay import made_step
from counterexamples.why.history import History
from counterexamples.why.reasons import Atom, reasons
from counterexamples.why.source import source_of

DAILY = [
    "isr", "controller_fencing", "mm2_offsets", "quorum_election", "reassignment", "transactions",
    "published.kip101", "tests/cli/specs/acks.py", "tests/lang/every_form.py",
]  # fmt: skip
NIGHTLY = [
    pytest.param(name, marks=pytest.mark.nightly) for name in catalogue() if name not in DAILY
]


def walk(name: str, prepared: Prepared, steps: int) -> Trace:
    """A walk at random, always the same."""
    chance, states = random.Random(name), [prepared.semantics.initial()]
    taken: list[Step] = []
    for _ in range(30 * steps):
        action = chance.choice(prepared.model.actions)
        try:
            choices = list(arguments(prepared.model, action, states[-1]))
        except Undefined:
            continue
        if not choices or len(taken) == steps:
            continue
        given = chance.choice(choices)
        outcome = prepared.semantics.fire(action.name, given, states[-1])
        if isinstance(outcome, Fired) and outcome.state != states[-1]:
            states.append(outcome.state)
            taken.append(made_step(action, given))
    variables = tuple((v.name, v.type) for v in prepared.model.variables)
    return Trace(
        spec=name, settings={}, scope=prepared.model.scope, variables=variables, property=None,
        kind=None, ending=Ending.DEADLOCK, message="", states=tuple(states), steps=tuple(taken),
    )  # fmt: skip


@pytest.mark.parametrize("name", [*DAILY, *NIGHTLY])
def test_every_reason_is_so(name: str) -> None:
    loaded = load(name)
    declaration = declare(loaded.spec, {}, {}, loaded.modules)
    prepared = prepare(loaded, {}, {})
    trace = walk(name, prepared, 12)
    assert len(trace.steps) > 1
    for judged in prepared.model.properties:
        of_step = judged.kind is PropertyKind.STEP_INVARIANT
        history = History(trace, of_step)
        source = source_of(declaration, judged.name)
        scene = history.scene(source, ("before", "after") if of_step else ("", ""))
        try:
            value = scene.value(source.root)
        except Undefined:
            continue
        for reason in reasons(source.root, value, scene):
            if isinstance(reason, Atom):
                if reason.expr.type == BOOL:
                    assert reason.scene.value(reason.expr) is reason.truth, judged.name
                for fact in history.facts(reason.expr, reason.truth, reason.scene):
                    assert "…" not in fact.text, "an operator without words"
                    assert 0 <= fact.since.step <= len(trace.steps)
