"""The encoding and the reference semantics say the same of every state that is tried.

Known states are encoded as literals, which never meet the solver. Then unknown states are encoded
once, and known values put in their place by Z3: the formulas that proofs are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import pytest
import z3

from checker.ir.expr import Value
from checker.ir.model import Action, Model, PropertyKind
from checker.ir.ops import Op
from checker.ir.values import State, members
from checker.lang.declare import declare
from checker.lang.load import catalogue, load
from checker.lang.lower import lower
from checker.semantics.reference import explore
from checker.semantics.step import Fired, fire, steps
from checker.semantics.step import arguments as tried_arguments
from checker.symbolic.encode import TABLE
from checker.symbolic.meaning import Trees
from checker.symbolic.steps import (
    are_arguments,
    is_state,
    known_arguments,
    known_state,
    step,
    truth,
    unknown_arguments,
    unknown_state,
)
from checker.symbolic.trees import Flags, Listed, Map, Option, Record
from checker.symbolic.unknown import leaves
from tests.random_models import lively_model
from tests.symbolic.agreement import (
    assert_step_agrees,
    encoded,
    judged,
    outcome_of,
    truth_value,
)
from tests.test_conformance import SMALL, nearest

MOST_ARGUMENTS = 30


def arguments(action: Action) -> Iterator[tuple[Value, ...]]:
    """The first arguments of an action; also those that a `require` will refuse."""
    domains = [list(members(parameter.type)) for parameter in action.parameters]
    return islice(product(*domains), MOST_ARGUMENTS)


def model_of(name: str) -> Model:
    loaded = load(name)
    return lower(declare(loaded.spec, SMALL.get(name), None, loaded.modules))


def test_every_operator_is_encoded() -> None:
    assert set(TABLE) == set(Op)


@pytest.mark.parametrize("seed", range(60))
def test_random_models_agree(seed: int) -> None:
    model = lively_model(seed)
    for state in explore(model, stop_at_finding=False).states[:10]:
        assert encoded(model, state) == judged(model, state)
        for action in model.actions:
            for chosen in arguments(action):
                assert_step_agrees(model, action, chosen, state)


@pytest.mark.parametrize("name", catalogue())
def test_specs_agree(name: str) -> None:
    model = model_of(name)
    for state in nearest(model, 12):
        assert encoded(model, state) == judged(model, state)
        for action, chosen, outcome in steps(model, state):
            assert_step_agrees(model, action, chosen, state)
            if isinstance(outcome, Fired):
                after = outcome.state
                assert encoded(model, state, after) == judged(model, state, after)


class Substitution:
    """Known values in the place of unknown ones."""

    def __init__(self, unknown: Trees, known: Trees) -> None:
        self.pairs = []
        for name in unknown:
            pairs = zip(leaves(unknown[name]), _padded(unknown[name], known[name]), strict=True)
            self.pairs += [(one, _term(other)) for one, other in pairs]

    def __add__(self, other: Substitution) -> Substitution:
        both = Substitution({}, {})
        both.pairs = self.pairs + other.pairs
        return both

    def __call__(self, term: Any) -> bool | int:
        if isinstance(term, bool | int):
            return term
        found = z3.simplify(z3.substitute(term, *self.pairs))
        if z3.is_bool(found):
            assert z3.is_true(found) or z3.is_false(found), found
            return bool(z3.is_true(found))
        return int(found.as_long())


def _term(value: Any) -> Any:
    return z3.BoolVal(value) if isinstance(value, bool) else z3.IntVal(value)


def _padded(unknown: Any, known: Any) -> Iterator[Any]:
    """The scalars of a known tree, with as many items in each sequence as the unknown one has."""
    match unknown, known:
        case Option(), Option():
            yield known.present
            yield from _padded(unknown.value, known.value)
        case (Record(parts), Record(others)) | (Map(parts), Map(others)):
            for part, other in zip(parts, others, strict=True):
                yield from _padded(part, other)
        case Listed(_, items), Listed(length, others):
            yield length
            for number, item in enumerate(items):
                filler = [leaf if isinstance(leaf, int) else _zero(leaf) for leaf in leaves(item)]
                yield from _padded(item, others[number]) if number < len(others) else filler
        case Flags(), Flags():
            yield from known.flags
            assert not unknown.extras, "slots have no one way to be filled here"
        case _:
            yield known


def _zero(leaf: Any) -> bool | int:
    return False if z3.is_bool(leaf) else 0


def assert_formulas_agree(model: Model, states: list[State]) -> None:
    unknown = unknown_state(model, "s.")
    tried = {
        action.name: (
            given := unknown_arguments(action, f"{action.name}/"),
            step(model, action, unknown, given),
        )
        for action in model.actions
    }
    for state in states:
        known = Substitution(unknown, known_state(model, state))
        found = {
            one.name: truth_value(truth(one, unknown), known)
            for one in model.properties
            if one.kind is not PropertyKind.STEP_INVARIANT
        }
        assert found == judged(model, state)
        for action in model.actions:
            given, formulas = tried[action.name]
            for chosen in islice(arguments(action), 3):
                all_known = known + Substitution(given, known_arguments(action, chosen))
                expected = fire(model, action, chosen, state)
                assert outcome_of(model, formulas, all_known) == expected
                is_tried = chosen in list(tried_arguments(model, action, state))
                assert all_known(are_arguments(action, unknown, given)) == is_tried


@pytest.mark.parametrize("seed", range(25))
def test_formulas_of_random_models_agree(seed: int) -> None:
    model = lively_model(seed)
    assert_formulas_agree(model, list(explore(model, stop_at_finding=False).states[:3]))


@pytest.mark.parametrize("name", catalogue())
def test_formulas_of_specs_agree(name: str) -> None:
    model = model_of(name)
    assert_formulas_agree(model, nearest(model, 40)[::30])


@pytest.mark.parametrize("name", ["toys.peterson", "published.async_isr", "quorum_election"])
def test_reachable_states_are_states(name: str) -> None:
    """What is assumed of an unknown state is true of every state there is."""
    model = model_of(name)
    for state in nearest(model, 60):
        unknown = unknown_state(model, "s.")
        known = Substitution(unknown, known_state(model, state))
        assert known(is_state(model, unknown)) is True
