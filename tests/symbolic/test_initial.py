"""The solver's initial states: all of them, no others, and none that is not confirmed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from checker.ir import build as b
from checker.ir.model import ClauseKind, Init, Model, PropertyKind
from checker.ir.values import State, cardinality, members
from checker.lang.compile import compile_spec
from checker.semantics.initial import initial_states, is_initial
from checker.semantics.undefined import Undefined
from checker.symbolic.enumeration import Contradiction, Finished, replies
from checker.symbolic.errors import SolverDisagrees
from checker.symbolic.found import Bounds, NoSolution, NoValue, Solutions, TooMany, Unfinished
from checker.symbolic.initial import Question, find_initial_states
from tests.random_models import lively_model
from tests.semantics import test_initial as specs


def model_of(name: str) -> Model:
    return compile_spec(getattr(specs, name), modules=[sys.modules[specs.__name__]])


def found(model: Model, most: int = 10_000, seconds: float = 60.0) -> Any:
    return find_initial_states(model, Bounds(most, time.perf_counter() + seconds, 1_000))


@pytest.mark.parametrize("name", ["Anywhere", "Named"])
def test_all_states_are_found(name: str) -> None:
    model = model_of(name)
    assert found(model) == Solutions(tuple(initial_states(model)))


def everywhere(model: Model, most: int) -> Model:
    """The model begun wherever its invariants hold; as many variables are unknown as may be."""
    unknown: list[str] = []
    size = 1
    for variable in model.variables:
        size *= cardinality(variable.type)
        if size > most:
            break
        unknown.append(variable.name)
    invariants = tuple(p for p in model.properties if p.kind is PropertyKind.INVARIANT)
    return replace(model, init=Init("", tuple(unknown), (), invariants))


def here(model: Model) -> Any:
    """The answer of a solver in this process."""
    question = Question(model)
    problem = question.problem(Bounds(10_000, 0.0, 3_000))
    *solved, end = replies(problem)
    if isinstance(end, Contradiction):
        return []
    assert end == Finished(more=False)
    return [question.state_of(values) for part in solved for values in part.values]


@pytest.mark.parametrize("seed", range(25))
def test_random_models_agree(seed: int) -> None:
    model = everywhere(lively_model(seed), 2_000)
    solved = here(model)
    assert len(solved) == len(set(solved))
    assert set(solved) == set(initial_states(model))


def test_there_may_be_too_many() -> None:
    model = model_of("Anywhere")
    count = len(list(initial_states(model)))
    assert found(model, most=count) == Solutions(tuple(initial_states(model)))
    assert found(model, most=count - 1) == TooMany(count - 1)


def test_the_time_may_be_up() -> None:
    assert found(model_of("Anywhere"), seconds=0.0) == Unfinished(0, "timeout")


def test_what_contradicts_is_named_and_nothing_else() -> None:
    model = model_of("Anywhere")
    assert model.init is not None
    clauses = model.init.clauses
    number = next(n for n, one in enumerate(clauses) if one.kind is ClauseKind.REQUIRE)
    impossible = replace(clauses[number], expr=b.not_(clauses[number].expr))
    contradicting = replace(model.init, clauses=(*clauses, impossible))
    answer = found(replace(model, init=contradicting))
    assert answer == NoSolution((number, len(clauses)), ())


def test_an_assumption_without_value_is_found() -> None:
    model = compile_spec(specs.Partial)
    answer = found(model)
    assert isinstance(answer, NoValue)
    with pytest.raises(Undefined) as raised:
        list(initial_states(model))
    assert (answer.message, answer.span) == (raised.value.message, raised.value.span)
    assert answer.state[0] is None


def test_a_wrong_solution_is_a_fault_of_ours() -> None:
    question = Question(model_of("Anywhere"))
    wrong = next(s for s in product_of(question.model) if not is_initial(question.model, s))
    with pytest.raises(SolverDisagrees, match=r"not initial.*Anywhere.*z3"):
        question.confirmed(wrong)


def product_of(model: Model) -> Iterator[State]:
    return product(*(members(variable.type) for variable in model.variables))
