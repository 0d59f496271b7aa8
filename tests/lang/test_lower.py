"""What bodies mean: CPython and the lowered model agree, on states that nobody would reach too."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import pytest

from checker.ir.model import Action, ClauseKind, Model, PropertyKind
from checker.ir.ops import Op
from checker.ir.printer import print_model
from checker.ir.sanity_check import sanity_check
from checker.ir.types import IntType
from checker.ir.values import State, members
from checker.lang.declare import declare
from checker.lang.lower import lower
from checker.semantics import step
from checker.semantics.python import PythonSpec
from checker.semantics.step import Fired, initial_state
from checker.semantics.undefined import Undefined
from tests.lang import every_form, small_forms
from tests.lang.every_form import EveryForm

SETTINGS: list[dict[str, Any]] = [{}, {"bound": 1, "strict": False}, {"mode": "offline"}]


def lowered(spec: type, **settings: Any) -> Model:
    module = sys.modules[spec.__module__]
    model = lower(declare(spec, settings=settings, modules=[module]))
    sanity_check(model)
    return model


def walk(model: Model, seed: int, length: int) -> Iterator[State]:
    """States on a random walk, with a jump to any value of a variable now and then."""
    chance = random.Random(seed)
    state = initial_state(model)
    for _ in range(length):
        yield state
        successors = [after for _, _, after in step.successors(model, state)]
        if successors and chance.random() < 0.8:
            state = chance.choice(successors)
        else:
            position = chance.randrange(len(model.variables))
            values = list(islice(members(model.variables[position].type), 400))
            state = (*state[:position], chance.choice(values), *state[position + 1 :])


def outcomes(found: Iterator[tuple[str, Any, Any]]) -> dict[Any, Any]:
    return {(a, given): outcome for a, given, outcome in found if outcome != step.Disabled()}


def verdict(judge: Callable[[], bool]) -> bool | None:
    try:
        return judge()
    except Undefined:
        return None


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_every_form_means_what_python_says(settings: dict[str, Any]) -> None:
    declaration = declare(EveryForm, settings=settings, modules=[every_form])
    python, model = PythonSpec(declaration), lowered(EveryForm, **settings)
    assert python.initial() == initial_state(model)
    kinds: Counter[str] = Counter()
    for state in walk(model, seed=1, length=150):
        expected = outcomes(python.steps(state))
        found = outcomes((a.name, given, o) for a, given, o in step.steps(model, state))
        assert found == expected, state
        kinds.update(type(outcome).__name__ for outcome in found.values())
        for property in model.properties:
            after = None
            if property.kind is PropertyKind.STEP_INVARIANT:
                after = next((o.state for o in found.values() if isinstance(o, Fired)), state)
            one = verdict(partial(python.judge, property.name, state, after))
            other = verdict(partial(step.judge, model, property, state, after))
            assert one == other, (property.name, state)
    assert min(kinds[name] for name in ("Fired", "Cut", "UndefinedStep")) > 50, kinds


def test_small_forms(golden: Callable[[str, str], None]) -> None:
    golden("small_forms.txt", print_model(lowered(small_forms.SmallForms)) + "\n")


def test_a_setting_that_is_off_leaves_nothing_behind(golden: Callable[[str, str], None]) -> None:
    model = lowered(small_forms.SmallForms, fenced=False)
    golden("small_forms_unfenced.txt", print_model(model) + "\n")


def action(name: str) -> Action:
    return lowered(small_forms.SmallForms).action(name)


def test_the_budget_comes_last() -> None:
    elect = action("elect")
    assert elect.clauses[-1].domain == IntType(0, 2, "Election")
    assert elect.updates[-1][0] == "budget.Election"
    model = lowered(small_forms.SmallForms)
    assert model.variables[-1].name == "budget.Election"


def test_a_parameter_is_drawn_from_the_set_that_is_required_first() -> None:
    (message, _) = action("receive").parameters
    assert message.drawn_from is not None
    assert (message.drawn_from.op, message.drawn_from.data) == (Op.VARIABLE, "sent")
    assert [parameter.drawn_from for parameter in action("elect").parameters] == [None]


def test_what_is_always_within_its_domain_is_not_asked() -> None:
    kinds = [clause.kind for clause in action("open").clauses]
    assert kinds == [ClauseKind.REQUIRE]
