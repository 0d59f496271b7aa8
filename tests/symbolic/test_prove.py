"""Induction proves nothing that is false, and says of each failure what the semantics says."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import z3

from checker.ir import build as b
from checker.ir.expr import NOWHERE
from checker.ir.model import Action, Clause, ClauseKind, Model, Property, PropertyKind
from checker.ir.types import IntType, MapType
from checker.lang.declare import declare
from checker.lang.load import load
from checker.lang.lower import lower
from checker.semantics.reference import explore
from checker.semantics.step import successors
from checker.symbolic.confirm import counterexample
from checker.symbolic.errors import SolverDisagrees
from checker.symbolic.formulas import Formulas, claims
from checker.symbolic.houdini import largest_inductive
from checker.symbolic.prove import Induction, obligations, provable, prove
from checker.symbolic.query import GaveUp, Possible, Query, query_of
from checker.symbolic.shape import value_of
from checker.symbolic.solvers import Solvers
from checker.symbolic.steps import known_state, same_state
from checker.symbolic.terms import negate
from checker.symbolic.uniform import is_uniform, liftable
from checker.symbolic.verdicts import (
    UNDEFINED_STEP,
    Counterexample,
    Obligation,
    Outcome,
    Proved,
)
from checker.symbolic.worker import answer
from tests.random_models import lively_model

NO_LIFT: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def solvers() -> Iterator[Solvers]:
    with Solvers(2) as found:
        yield found


def model_of(name: str, **scope: int) -> Model:
    loaded = load(name)
    return lower(declare(loaded.spec, scope, None, loaded.modules))


def proved(outcomes: dict[Obligation, Outcome], name: str) -> bool:
    own = [outcome for obligation, outcome in outcomes.items() if obligation.property == name]
    assert own, name
    return all(isinstance(outcome, Proved) for outcome in own)


def outcomes_of(
    model: Model, solvers: Solvers, induction: Induction | None = None
) -> dict[Obligation, Outcome]:
    wanted = induction or Induction()
    asked = obligations(model, provable(model), wanted.steps)
    return dict(prove([model], asked, wanted, solvers))


@pytest.mark.parametrize("seed", range(30))
def test_what_is_proved_is_true(seed: int, solvers: Solvers) -> None:
    model = lively_model(seed)
    outcomes = outcomes_of(model, solvers)
    exploration = explore(model, stop_at_finding=False)
    wrong = {finding.property for finding in exploration.findings if finding.kind != "reached"}
    for name in provable(model):
        if (None if name == UNDEFINED_STEP else name) in wrong:
            assert not proved(outcomes, name), name


def test_all_kinds_of_outcome_occur(solvers: Solvers) -> None:
    """The test above would say nothing if nothing were ever proved."""
    found = [
        (proved(outcomes, name), name == UNDEFINED_STEP)
        for seed in range(12)
        for outcomes in [outcomes_of(lively_model(seed), solvers)]
        for name in {obligation.property for obligation in outcomes}
    ]
    assert {(p, u) for p in (True, False) for u in (True, False)} == set(found)


def test_a_counterexample_is_a_step_out_of_the_property(solvers: Solvers) -> None:
    outcomes = outcomes_of(model_of("toys.die_hard"), solvers)
    kept = [o.action for o, outcome in outcomes.items() if isinstance(outcome, Proved)]
    assert kept.count(None) == 1
    found = outcomes[Obligation("big_is_never_four", "big_to_small")]
    assert isinstance(found, Counterexample)
    assert found.states[0][1] != 4
    assert found.states[1][1] == 4


def test_a_proof_for_every_bound(solvers: Solvers) -> None:
    ring = model_of("toys.token_ring")
    assert liftable(ring) == ("Round",)
    assert is_uniform(ring, model_of("toys.token_ring", Round=4), frozenset({"Round"}))
    assert not is_uniform(ring, model_of("toys.token_ring", Round=4), NO_LIFT)
    outcomes = outcomes_of(ring, solvers, Induction(lift=frozenset({"Round"})))
    assert proved(outcomes, "one_token")


@pytest.mark.parametrize(("first", "is_same"), [(0, True), (1, False)])
def test_a_map_without_bound_begins_everywhere_alike(first: int, is_same: bool) -> None:
    """Else its initial value is another one in a larger scope: as is said by comparing two."""
    models = []
    for most in (2, 3):
        type = MapType(IntType(0, most, "Most"), IntType(0, 1))
        initial = b.const((first, *[0] * most), type)
        variables = (b.declare("map", initial, type),)
        models.append(Model("map", {}, {"Most": most}, variables, (), ()))
    assert is_uniform(*models, frozenset({"Most"})) is is_same
    assert not is_uniform(*models, NO_LIFT)


@pytest.mark.parametrize("lift", [NO_LIFT, {"ControllerEpoch", "PartitionEpoch", "LeaderEpoch"}])
def test_epochs_never_go_back(lift: frozenset[str], solvers: Solvers) -> None:
    model = model_of("controller_fencing")
    names = ["partition_epochs_grow", "newest_controller_decides", "one_controller_can_decide"]
    asked = obligations(model, names)
    outcomes = dict(prove([model], asked, Induction(lift=frozenset(lift)), solvers))
    assert [proved(outcomes, name) for name in names] == [True, True, False]


def chain() -> Model:
    """From 0 to 1 and back; and, never reached, from 2 over 3 to 4."""
    type = IntType(0, 4)
    x = b.variable("x", type)
    moves = {0: 1, 1: 0, 2: 3, 3: 4}
    actions = tuple(
        Action(
            f"from_{start}",
            (),
            (Clause(ClauseKind.REQUIRE, b.TRUE, b.eq(x, b.const(start)), NOWHERE),),
            (("x", b.const(end)),),
            "",
            NOWHERE,
        )
        for start, end in moves.items()
    )
    is_not_four = b.not_(b.eq(x, b.const(4)))
    safe = Property("safe", PropertyKind.INVARIANT, is_not_four, "", NOWHERE)
    variables = (b.declare("x", b.const(0), type),)
    return Model("chain", {}, {}, variables, actions, (safe,))


@pytest.mark.parametrize(("steps", "enough"), [(1, False), (2, False), (3, True), (4, True)])
def test_more_steps_prove_more(steps: int, enough: bool, solvers: Solvers) -> None:
    outcomes = outcomes_of(chain(), solvers, Induction(steps=steps))
    assert proved(outcomes, "safe") is enough
    found = outcomes[Obligation("safe", "from_3")]
    if isinstance(found, Counterexample):
        assert [state for (state,) in found.states] == list(range(5 - len(found.states), 5))


def test_a_start_that_is_wrong_is_found_over_several_steps(solvers: Solvers) -> None:
    wrong = Property(
        "wrong",
        PropertyKind.INVARIANT,
        b.eq(b.variable("x", IntType(0, 4)), b.const(0)),
        "",
        NOWHERE,
    )
    model = Model("chain", {}, {}, chain().variables, chain().actions, (wrong,))
    found = outcomes_of(model, solvers, Induction(steps=2))[Obligation("wrong", None)]
    assert isinstance(found, Counterexample)
    assert found.states == ((0,), (1,))
    assert found.steps == (("from_0", ()),)


def test_candidates_that_are_not_inductive_are_dropped(solvers: Solvers) -> None:
    x = b.variable("x", IntType(0, 4))
    small = Property("small", PropertyKind.INVARIANT, b.le(x, b.const(1)), "", NOWHERE)
    zero = Property("zero", PropertyKind.INVARIANT, b.eq(x, b.const(0)), "", NOWHERE)
    model = Model(
        "chain", {}, {}, chain().variables, chain().actions, (*chain().properties, small, zero)
    )
    pruned = largest_inductive([model], ["safe", "small", "zero"], Induction(), solvers)
    assert pruned.kept == ("safe", "small")
    assert pruned.dropped["zero"][0] == Obligation("zero", "from_0")


@pytest.mark.parametrize(
    "name", ["toys.peterson", "toys.die_hard", "toys.two_phase_commit", "published.async_isr"]
)
def test_a_solver_finds_exactly_the_successors(name: str) -> None:
    model = model_of(name)
    formulas = Formulas(model, NO_LIFT)
    path = formulas.is_path(1)
    names = {v.name: v.type for v in model.variables}
    for state in explore(model, stop_at_finding=False).states[:60:12]:
        solver = z3.Solver()
        known = same_state(formulas.state(0), known_state(model, state))
        solver.add(*(claim for claim in (*path, known) if claim is not True))
        found = set()
        while solver.check() == z3.sat:
            values = solver.model()

            def read(term: object, values: z3.ModelRef = values) -> bool | int:
                if isinstance(term, bool | int):
                    return term
                value = values.eval(term, model_completion=True)
                return bool(z3.is_true(value)) if z3.is_bool(value) else int(value.as_long())

            after = tuple(value_of(names[n], t, read) for n, t in formulas.state(1).items())
            found.add(after)
            solver.add(negate(same_state(formulas.state(1), known_state(model, after))))
        assert found == {after for _, _, after in successors(model, state)}


def test_a_solver_that_lies_is_caught() -> None:
    model = chain()
    formulas = Formulas(model, NO_LIFT)
    obligation = Obligation("safe", "from_3")
    query = query_of(claims(formulas, obligation, (), 1), [], 5.0)
    assert isinstance(query, Query)
    assert isinstance(answer(query), Possible)
    with pytest.raises(SolverDisagrees, match="from_3 does not fire"):
        counterexample(formulas, obligation, (), 1, {"s0.x": 2})
    with pytest.raises(SolverDisagrees, match="outside its domain"):
        counterexample(formulas, obligation, (), 1, {"s0.x": 7})
    with pytest.raises(SolverDisagrees, match="safe was assumed"):
        counterexample(formulas, obligation, (), 1, {"s0.x": 4})


def test_no_question_takes_longer_than_it_may(solvers: Solvers) -> None:
    """A sum of three cubes; solvers do not find it, and no proof says that there is none."""
    cubes = [number * number * number for number in z3.Ints("a b c")]
    query = query_of([z3.Sum(cubes) == 114], [], 0.5)
    assert isinstance(query, Query)
    started = time.monotonic()
    ((_, found),) = solvers.answers({"cubes": query})
    assert isinstance(found, GaveUp)
    assert time.monotonic() - started < 10


def test_what_nobody_waits_for_any_more_is_not_answered() -> None:
    cubes = [number * number * number for number in z3.Ints("a b c")]
    hard = query_of([z3.Sum(cubes) == 114], [], 20.0)
    easy = query_of([z3.Int("a") > 0], [], 5.0)
    assert isinstance(hard, Query)
    assert isinstance(easy, Query)
    with Solvers(2) as solvers:
        found = solvers.answers({"hard": hard, "easy": easy})
        assert next(found)[0] == "easy"
        found.close()
        assert [key for key, _ in solvers.answers({"other": easy})] == ["other"]
