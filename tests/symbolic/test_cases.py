"""A question asked case by case is the same one; what follows from lemmas needs no induction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
import z3

from checker.ir import build as b
from checker.ir.expr import NOWHERE
from checker.ir.model import Model, Property, PropertyKind
from checker.ir.types import IntType
from checker.lang.declare import declare
from checker.lang.load import load
from checker.lang.lower import lower
from checker.symbolic.cases import MOST_CASES, alternatives, argument_cases
from checker.symbolic.equal import equal
from checker.symbolic.formulas import Formulas, claims, claims_by_case
from checker.symbolic.generalise import generalised, quantified_parts
from checker.symbolic.prove import Induction, obligations, provable, prove
from checker.symbolic.solvers import Solvers
from checker.symbolic.steps import known_arguments
from checker.symbolic.terms import Bool, both
from checker.symbolic.verdicts import Obligation, Proved
from tests.random_models import lively_model
from tests.symbolic.test_encoding import arguments
from tests.symbolic.test_prove import chain

NO_LIFT: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def solvers() -> Iterator[Solvers]:
    with Solvers(1) as found:
        yield found


def model_of(name: str) -> Model:
    loaded = load(name)
    return lower(declare(loaded.spec, None, None, loaded.modules))


def is_possible(claimed: Sequence[Bool]) -> bool:
    solver = z3.Solver()
    solver.add(*(claim for claim in claimed if claim is not True))
    found = solver.check()
    assert found != z3.unknown
    return bool(found == z3.sat)


@pytest.mark.parametrize("name", ["controller_fencing", "leader_election", "mm2_offsets"])
def test_all_arguments_are_of_some_case(name: str) -> None:
    for action in model_of(name).actions:
        cases = argument_cases(action, "given/", NO_LIFT)
        assert 1 <= len(cases) <= MOST_CASES
        for chosen in arguments(action):
            known = known_arguments(action, chosen)
            fitting = (both(*(equal(case[n], known[n]) for n in known)) for case in cases)
            assert any(one is not False for one in fitting), (action.name, chosen)


def test_members_of_sorts_are_told_apart() -> None:
    message = model_of("controller_fencing").action("receive_leader_and_isr")
    assert len(argument_cases(message, "given/", NO_LIFT)) == 2
    alter = model_of("isr").action("fence")
    assert len(argument_cases(alter, "given/", NO_LIFT)) == 3 * 4


def test_one_alternative_is_true_exactly_if_the_whole_is() -> None:
    p, q, r, s = z3.Bools("p q r s")
    for whole in (p, z3.Or(p, z3.And(q, r)), z3.Not(z3.And(p, z3.Not(z3.Or(q, r)), z3.Not(s)))):
        parts = list(alternatives(whole))
        assert not is_possible([z3.Or(*parts) != whole])
    assert [str(part) for part in parts] == ["Not(p)", "q", "r", "s"]
    assert list(alternatives(False)) == [False]


@pytest.mark.parametrize("seed", range(12))
def test_by_case_the_same_is_possible(seed: int) -> None:
    model = lively_model(seed)
    for obligation in obligations(model, provable(model)):
        formulas = Formulas(model, NO_LIFT, from_start=obligation.action is None)
        steps = 0 if obligation.action is None else 1
        whole = is_possible(claims(formulas, obligation, (), steps))
        by_case = claims_by_case(formulas, obligation, (), steps)
        found = [(is_possible(case.claimed), case.simpler) for case in by_case]
        assert any(possible for possible, _ in found) == whole, obligation
        assert all(is_possible(simpler) for possible, simpler in found if possible and simpler)


def with_property(name: str, most: int) -> Property:
    x = b.variable("x", IntType(0, 4))
    return Property(name, PropertyKind.INVARIANT, b.le(x, b.const(most)), "", NOWHERE)


@pytest.mark.parametrize(("most", "enough"), [(1, True), (2, True), (0, False)])
def test_what_follows_from_a_lemma_is_proved(most: int, enough: bool, solvers: Solvers) -> None:
    """At most 2 is not inductive by itself; at most 0 is false."""
    lemma, wanted = with_property("lemma", 1), with_property("wanted", most)
    model = Model("chain", {}, {}, chain().variables, chain().actions, (lemma, wanted))
    asked = obligations(model, ["wanted"])
    for assumed, expected in (((), most == 1), (("lemma",), enough)):
        outcomes = prove([model], asked, Induction(assumed), solvers)
        assert all(isinstance(o, Proved) for o in outcomes.values()) is expected


def test_what_is_assumed_does_not_follow_from_itself(solvers: Solvers) -> None:
    wrong = with_property("wrong", 0)
    model = Model("chain", {}, {}, chain().variables, chain().actions, (wrong,))
    outcomes = prove([model], obligations(model, ["wrong"]), Induction(("wrong",)), solvers)
    assert not isinstance(outcomes[Obligation("wrong", "from_0")], Proved)


def test_a_step_keeps_what_speaks_of_nothing_that_it_changes() -> None:
    type = IntType(0, 4)
    x, y = b.variable("x", type), b.variable("y", type)
    of_both = Property("both", PropertyKind.INVARIANT, b.le(x, y), "", NOWHERE)
    of_other = Property("other", PropertyKind.INVARIANT, b.le(y, b.const(3)), "", NOWHERE)
    variables = (*chain().variables, b.declare("y", b.const(0), type))
    model = Model("two", {}, {}, variables, chain().actions, (of_both, of_other))
    formulas = Formulas(model, NO_LIFT)
    assert False in claims(formulas, Obligation("other", "from_0"), (), 1)
    assert is_possible(claims(formulas, Obligation("both", "from_0"), (), 1))


def test_what_is_generalised_is_possible_whenever_the_whole_is() -> None:
    """But not the other way round: what is deep inside may be anything, the same everywhere."""
    x, y, log = z3.Int("x"), z3.Int("y"), z3.Function("log", z3.IntSort(), z3.IntSort())
    is_empty = z3.ForAll([x], log(x) == 0)
    fact = z3.Exists([x], log(x) == 1)
    guard, other_guard = z3.Or(is_empty, y > 0), z3.Or(z3.Not(is_empty), y > 1)
    broken = z3.Exists([x], z3.And(is_empty, log(x) < y, z3.Exists([y], log(y) > x)))
    assert not is_possible([fact, guard, broken])
    assert is_possible(generalised([fact], [guard], broken))
    assert not is_possible(generalised([fact], [guard, other_guard, y < 1], broken))
    assert is_possible(generalised([fact], [guard, other_guard, y > 1], broken))
    assert not is_possible(generalised([fact, is_empty], [], z3.BoolVal(True)))
    assert generalised([True], [False], False) == [True, False, False]


def test_what_depends_on_a_free_variable_is_not_generalised() -> None:
    """It may be true of one number and false of another."""
    x, y, log = z3.Int("x"), z3.Int("y"), z3.Function("log", z3.IntSort(), z3.IntSort())
    is_empty = z3.ForAll([y], log(y) == 0)
    is_nowhere = z3.ForAll([y], log(y) != x)
    whole = z3.Exists([x], z3.And(is_nowhere, is_empty))
    assert quantified_parts(whole) == [whole]
    assert quantified_parts(whole.body()) == [is_empty]
