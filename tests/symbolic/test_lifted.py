"""With its bounds lifted, a formula still says of every known state what the semantics says.

Here sequences and sets are functions, and binders are quantifiers. The solver is asked whether an
unknown state that equals a known one can be judged otherwise, or have another successor: never.
"""

from __future__ import annotations

from itertools import islice

import pytest
import z3

from checker.ir.model import Model
from checker.ir.values import State
from checker.lang.declare import declare
from checker.lang.load import load
from checker.lang.lower import lower
from checker.semantics.reference import explore
from checker.semantics.step import Cut, Fired, fire
from checker.symbolic.errors import CannotEncode
from checker.symbolic.meaning import Axioms
from checker.symbolic.steps import (
    known_arguments,
    known_state,
    same_state,
    step,
    truth,
    unknown_state,
)
from checker.symbolic.terms import Bool, both, equals, negate
from tests.random_models import lively_model
from tests.symbolic.agreement import judged
from tests.symbolic.test_encoding import arguments
from tests.test_conformance import nearest


class Contradictions:
    """How often a claim was proved from known facts, and what could not be settled."""

    def __init__(self) -> None:
        self.proved = 0
        self.unsettled = 0

    def never(self, facts: list[Bool], axioms: Axioms, wrong: Bool, what: object) -> None:
        if wrong is False:
            self.proved += 1
            return
        solver = z3.Solver()
        solver.set("timeout", 1500)
        solver.add(*(fact for fact in facts if fact is not True))
        solver.add(*(axiom for _, axiom in axioms))
        solver.add(wrong)
        found = solver.check()
        assert found != z3.sat, (what, solver.model())
        self.proved += found == z3.unsat
        self.unsettled += found == z3.unknown


def assert_lifted_agrees(model: Model, states: list[State], seen: Contradictions) -> None:
    # A known map from epochs knows nothing of the epochs beyond: its keys are left alone.
    lift = frozenset(model.scope) - {"Epoch" if model.name.startswith("published") else ""}
    unknown = unknown_state(model, "s.", lift)
    for state in states:
        axioms: Axioms = []
        facts = [same_state(unknown, known_state(model, state))]
        for name, expected in judged(model, state).items():
            one = next(p for p in model.properties if p.name == name)
            try:
                found = truth(one, unknown, None, lift, axioms)
            except CannotEncode:
                continue
            wrong = negate(
                both(
                    equals(found.defined, expected is not None), equals(found.value, bool(expected))
                )
            )
            seen.never(facts, axioms, wrong, (name, state))
        for action in model.actions:
            for chosen in islice(arguments(action), 4):
                expected_outcome = fire(model, action, chosen, state)
                if isinstance(expected_outcome, Cut):
                    continue
                try:
                    given = known_arguments(action, chosen)
                    taken = step(model, action, unknown, given, lift, axioms)
                except CannotEncode:
                    continue
                agrees = equals(taken.fires, isinstance(expected_outcome, Fired))
                if isinstance(expected_outcome, Fired):
                    after = known_state(model, expected_outcome.state)
                    agrees = both(agrees, same_state(taken.after, after))
                seen.never(facts, axioms, negate(agrees), (action.name, chosen, state))


@pytest.mark.parametrize("seed", range(40))
def test_lifted_random_models_agree(seed: int) -> None:
    model, seen = lively_model(seed), Contradictions()
    assert_lifted_agrees(model, list(explore(model, stop_at_finding=False).states[:2]), seen)
    assert seen.proved > 4 * seen.unsettled


@pytest.mark.parametrize(
    "name", ["controller_fencing", "quorum_election", "mm2_offsets", "published.kip320"]
)
def test_lifted_specs_agree(name: str) -> None:
    loaded, seen = load(name), Contradictions()
    model = lower(declare(loaded.spec, None, None, loaded.modules))
    assert_lifted_agrees(model, nearest(model, 40)[::30], seen)
    assert seen.proved > 4 * seen.unsettled
