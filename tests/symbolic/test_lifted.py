"""With its bounds lifted, a formula still says of every known state what the semantics says.

Here sequences and sets are functions, and binders are quantifiers. The solver is asked whether an
unknown state that equals a known one can be judged otherwise, or have another successor: never.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import z3

from checker.ir.model import Model
from checker.ir.values import State
from checker.lang.declare import declare
from checker.lang.load import load
from checker.lang.lower import lower
from checker.semantics.reference import explore
from checker.semantics.step import Cut, Fired, fire
from checker.symbolic.equal import equal
from checker.symbolic.errors import CannotEncode
from checker.symbolic.formulas import gap, symbols
from checker.symbolic.meaning import Axioms, Trees
from checker.symbolic.prove import Induction, prove
from checker.symbolic.solvers import Solvers
from checker.symbolic.steps import (
    known_arguments,
    known_state,
    step,
    truth,
    unknown_state,
)
from checker.symbolic.terms import Bool, both, equals, negate
from checker.symbolic.trees import Map, Table
from checker.symbolic.verdicts import Obligation, Proved, Unknown
from tests.random_models import lively_model
from tests.symbolic.agreement import judged
from tests.symbolic.test_encoding import arguments
from tests.test_conformance import nearest


class Contradictions:
    """How often a claim was proved from known facts, and what could not be settled."""

    def __init__(self) -> None:
        self.proved = 0
        self.unsettled = 0
        self.gaps = 0

    def always(self, facts: list[Bool], axioms: Axioms, agrees: Bool, what: object) -> None:
        """What the semantics says is the only thing that a formula allows.

        Where a part has no formula, it is one of the things: nothing that happens is left out.
        """
        if agrees is True:
            self.proved += 1
            return
        solver = z3.Solver()
        solver.set("timeout", 1500)
        solver.add(*(fact for fact in facts if fact is not True))
        solver.add(*(a.fact for a in axioms if a.fact is not True))
        solver.add(*ends_of_ranges(agrees))
        is_partial = gap(axioms, [agrees]) is not None
        solver.add(agrees if is_partial else negate(agrees))
        found = solver.check()
        assert found != (z3.unsat if is_partial else z3.sat), what
        self.gaps += is_partial
        self.proved += found == z3.unsat
        self.unsettled += found == z3.unknown and not is_partial


def ends_of_ranges(claim: Bool) -> list[Bool]:
    """That types whose bound is lifted end where they do in the known state's scope."""
    return [z3.Int(name) == 0 for name in symbols(claim) if name.startswith("beyond!")]


def is_known(state: Trees, known: Trees) -> Bool:
    """That two states are equal; of a map without bound, as far as the known one goes."""
    found = []
    for name, tree in known.items():
        other = state[name]
        if isinstance(other, Table) and isinstance(tree, Map):
            values = enumerate(tree.values, other.low)
            found += [equal(other.at(key), value) for key, value in values]
        else:
            found.append(equal(other, tree))
    return both(*found)


def assert_lifted_agrees(model: Model, states: list[State], seen: Contradictions) -> None:
    lift = frozenset(model.scope)
    unknown = unknown_state(model, "s.", lift)
    for state in states:
        axioms: Axioms = []
        facts = [is_known(unknown, known_state(model, state))]
        for name, expected in judged(model, state).items():
            one = next(p for p in model.properties if p.name == name)
            try:
                found = truth(one, unknown, None, lift, axioms)
            except CannotEncode:
                continue
            agrees = both(
                equals(found.defined, expected is not None), equals(found.value, bool(expected))
            )
            seen.always(facts, axioms, agrees, (name, state))
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
                    agrees = both(agrees, is_known(taken.after, after))
                seen.always(facts, axioms, agrees, (action.name, chosen, state))


@pytest.mark.parametrize("seed", range(40))
def test_lifted_random_models_agree(seed: int) -> None:
    model, seen = lively_model(seed), Contradictions()
    assert_lifted_agrees(model, list(explore(model, stop_at_finding=False).states[:2]), seen)
    assert seen.proved > 4 * seen.unsettled


@pytest.mark.parametrize(
    "name",
    [
        "controller_fencing",
        "quorum_election",
        "mm2_offsets",
        "published.kip320",
        pytest.param("isr", marks=pytest.mark.nightly),
    ],
)
def test_lifted_specs_agree(name: str) -> None:
    loaded, seen = load(name), Contradictions()
    model = lower(declare(loaded.spec, None, None, loaded.modules))
    assert_lifted_agrees(model, nearest(model, 40)[::30], seen)
    assert seen.proved > 4 * seen.unsettled


WITHOUT_FORMULA = """
from typing import Annotated
from checker import Scope, Spec, Upto, action, invariant, require

Term = Annotated[int, Upto("Term")]

class Counting(Spec):
    scope = Scope(Term=3)
    newest: Term
    ended: dict[Term, bool]
    never: dict[Term, bool]
    known: frozenset[Term]
    counted: Term

    @action
    def begin(self, term: Term) -> None:
        require(term == self.newest, any(not self.ended[t] for t in self.ended if t > term))
        self.newest += 1
        self.ended[term] = True
        self.known = frozenset(t for t in self.ended if self.ended[t])
        self.counted = sum(1 for t in range(self.newest))

    @invariant
    def each_counts_those_before(self) -> bool:
        return all(sum(1 for u in range(t)) == t for t in range(self.newest))

    @invariant
    def all_end(self) -> bool:
        return all(self.ended[t] or t >= self.newest for t in self.ended)

    @invariant
    def none_ends(self) -> bool:
        return self.ended == self.never

    @invariant
    def the_first_after_0_is_1(self) -> bool:
        return self.newest < 2 or next(t for t in range(1, self.newest) if self.ended[t]) == 1

    @invariant
    def terms_begin_at_0(self) -> bool:
        return self.newest >= 0 and self.counted >= 0

    @invariant
    def nothing_is_counted(self) -> bool:
        return self.counted == 0
"""


def counting(tmp_path: Path) -> Model:
    path = tmp_path / "counting.py"
    path.write_text(WITHOUT_FORMULA, "utf-8")
    loaded = load(str(path))
    return lower(declare(loaded.spec, None, None, loaded.modules))


def test_what_has_no_formula_may_be_what_it_is(tmp_path: Path) -> None:
    """A sum without bound, also one for each of many numbers; all keys of a map without bound."""
    model, seen = counting(tmp_path), Contradictions()
    assert_lifted_agrees(model, explore(model, stop_at_finding=False).states[:4], seen)
    assert seen.gaps > 4
    assert seen.proved > 4
    assert seen.unsettled == 0


def test_of_what_has_no_formula_nothing_is_proved(tmp_path: Path) -> None:
    model = counting(tmp_path)
    wanted = [Obligation(p.name, "begin") for p in model.properties]
    with Solvers(1) as solvers:
        found = prove([model], wanted, Induction(lift=frozenset({"Term"})), solvers)
    outcomes = {obligation.property: outcome for obligation, outcome in found.items()}
    assert isinstance(outcomes["all_end"], Proved)
    assert not isinstance(outcomes["nothing_is_counted"], Proved)
    missing = outcomes["each_counts_those_before"]
    assert isinstance(missing, Unknown)
    assert missing.reason.startswith("sum over something without bound (")
