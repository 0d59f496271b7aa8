"""The encoding of a known state, compared with what the reference semantics says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from checker.ir.expr import Value
from checker.ir.model import Action, Model, PropertyKind
from checker.ir.values import State
from checker.semantics.step import (
    Cut,
    Disabled,
    Fired,
    Outcome,
    UndefinedStep,
    fire,
    judge,
)
from checker.semantics.undefined import Undefined
from checker.symbolic.meaning import Meaning
from checker.symbolic.shape import literally, value_of
from checker.symbolic.steps import Step, known_arguments, known_state, step, truth

Known = Callable[[Any], bool | int]


def outcome_of(model: Model, found: Step, known: Known = literally) -> Outcome:
    """What a step does, once its terms are known; exactly one thing."""
    cut = [name for name, condition in found.cut.items() if known(condition)]
    fires, undefined = known(found.fires), known(found.undefined)
    assert int(fires) + int(undefined) + len(cut) <= 1, (fires, undefined, cut)
    if fires:
        return Fired(tuple(value_of(v.type, found.after[v.name], known) for v in model.variables))
    if undefined:
        return UndefinedStep("", None)
    return Cut(cut[0]) if cut else Disabled()


def assert_step_agrees(
    model: Model, action: Action, arguments: tuple[Value, ...], state: State
) -> None:
    trees = known_state(model, state)
    found = step(model, action, trees, known_arguments(action, arguments))
    expected = fire(model, action, arguments, state)
    assert outcome_of(model, found) == expected, (action.name, arguments, state)


def truth_value(found: Meaning, known: Known = literally) -> bool | None:
    """True, false, or `None` for a property without value."""
    value, defined = known(found.value), known(found.defined)
    assert defined or not value, "a condition without value is false"
    return bool(value) if defined else None


def judged(model: Model, state: State, after: State | None = None) -> Mapping[str, bool | None]:
    """What the reference semantics says of all properties of a state, or of a step."""
    found: dict[str, bool | None] = {}
    for one in model.properties:
        if (one.kind is PropertyKind.STEP_INVARIANT) == (after is not None):
            try:
                found[one.name] = judge(model, one, state, after)
            except Undefined:
                found[one.name] = None
    return found


def encoded(model: Model, state: State, after: State | None = None) -> Mapping[str, bool | None]:
    """What the encoding says of all properties of a state, or of a step."""
    before = known_state(model, state)
    later = None if after is None else known_state(model, after)
    return {
        one.name: truth_value(truth(one, before, later))
        for one in model.properties
        if (one.kind is PropertyKind.STEP_INVARIANT) == (after is not None)
    }
