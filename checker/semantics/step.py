"""What a step means: its outcome is the first clause that fails, or else all updates at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from checker.ir.expr import Expr, Span, Value
from checker.ir.model import Action, Clause, ClauseKind, Model, Parameter, Property, PropertyKind
from checker.ir.types import SetType
from checker.ir.values import State, cut_by, in_order, members, misfit, outside, show
from checker.semantics.evaluate import Environment, by_name, evaluate
from checker.semantics.undefined import Undefined


@dataclass(frozen=True, slots=True)
class Disabled:
    """A `require` is false: the step does not happen."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The step would leave the scope; it does not happen, and is counted under the scope's name."""

    scope: str


@dataclass(frozen=True, slots=True)
class UndefinedStep:
    """The step has no value. Two are equal wherever they stand and whatever they say."""

    message: str = field(compare=False)
    span: Span | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class Fired:
    """The step happens, and this is the state after it (the same state, if it stutters)."""

    state: State


Outcome: TypeAlias = Disabled | Cut | UndefinedStep | Fired


def initial_state(model: Model) -> State:
    """The state in which every behaviour starts; raises `Undefined` if a variable has no value."""
    state = []
    for variable in model.variables:
        value = evaluate(variable.initial, Environment())
        if outside(variable.type, value) is not None:
            shown = f"the initial value {show(variable.type, value)} of {variable.name}"
            raise Undefined(f"{shown} is outside {variable.type}", variable.span)
        state.append(value)
    return tuple(state)


def arguments(model: Model, action: Action, state: State) -> Iterator[tuple[Value, ...]]:
    """The arguments to try in a state, in lexicographic order of the parameters' domains.

    What is left out is disabled: a parameter that is drawn from a set need only be a member.
    """
    environment = Environment(by_name(model, state))
    return _arguments(action.parameters, environment)


def _arguments(
    remaining: tuple[Parameter, ...], environment: Environment
) -> Iterator[tuple[Value, ...]]:
    if not remaining:
        yield ()
        return
    first, *rest = remaining
    for value in _choices(first, environment):
        for others in _arguments(tuple(rest), environment.bind(first.local, value)):
            yield (value, *others)


def _choices(parameter: Parameter, environment: Environment) -> Iterator[Value]:
    if parameter.drawn_from is None:
        return members(parameter.type)
    assert isinstance(parameter.drawn_from.type, SetType)
    try:
        drawn = evaluate(parameter.drawn_from, environment)
    except Undefined:
        # The clause that asks for membership says so again, with the step that it belongs to.
        return members(parameter.type)
    ordered = in_order(parameter.drawn_from.type, drawn)
    return (value for value in ordered if outside(parameter.type, value) is None)


def fire(model: Model, action: Action, arguments: tuple[Value, ...], state: State) -> Outcome:
    """What happens when an action is tried with these arguments in this state."""
    names = [parameter.local for parameter in action.parameters]
    before = by_name(model, state)
    environment = Environment(before, None, dict(zip(names, arguments, strict=True)))
    for clause in action.clauses:
        failure = failing(clause, environment)
        if failure is not None:
            return failure
    updates = dict(action.updates)
    after = []
    for variable in model.variables:
        value = before[variable.name]
        if variable.name in updates:
            value = _settled(updates[variable.name], environment, f"{variable.name} after the step")
            assert outside(variable.type, value) is None, f"{variable.name} leaves {variable.type}"
        after.append(value)
    return Fired(tuple(after))


def failing(clause: Clause, environment: Environment) -> Outcome | None:
    """What a clause makes of the step, or `None` if the clause does not fail."""
    if not _settled(clause.path, environment, "the path of a clause"):
        return None
    try:
        value = evaluate(clause.expr, environment)
    except Undefined as undefined:
        return UndefinedStep(undefined.message, undefined.span or clause.span)
    match clause.kind:
        case ClauseKind.REQUIRE:
            return None if value else Disabled()
        case ClauseKind.DEFINED:
            return None
        case ClauseKind.WITHIN:
            return _departure(clause, value)


def _departure(clause: Clause, value: Value) -> Cut | UndefinedStep | None:
    """How a value leaves the domain that it is assigned to, or `None` if it stays within."""
    assert clause.domain is not None, f"{clause.span}: a clause without its domain"
    bad = misfit(clause.domain, value)
    if bad is None:
        return None
    scope = cut_by(*bad)
    if scope is not None:
        return Cut(scope)
    return UndefinedStep(f"{show(*bad)} is outside {bad[0]}", clause.span)


def _settled(expr: Expr, environment: Environment, what: str) -> Value:
    """The value of an expression that earlier clauses have made sure has one."""
    try:
        return evaluate(expr, environment)
    except Undefined as undefined:
        place = undefined.span or expr.span
        raise AssertionError(f"{place}: {what} has no value: {undefined.message}") from undefined


def steps(model: Model, state: State) -> Iterator[tuple[Action, tuple[Value, ...], Outcome]]:
    """Every action with every arguments to try in a state, in source order, with the outcome."""
    for action in model.actions:
        for chosen in arguments(model, action, state):
            yield action, chosen, fire(model, action, chosen, state)


def successors(model: Model, state: State) -> Iterator[tuple[Action, tuple[Value, ...], State]]:
    """The states one step away, in source order of the steps; a stuttering step has none."""
    for action, chosen, outcome in steps(model, state):
        if isinstance(outcome, Fired) and outcome.state != state:
            yield action, chosen, outcome.state


def judge(model: Model, property: Property, state: State, after: State | None = None) -> bool:
    """Whether a property is true of a state, or of a step to `after`; may raise `Undefined`."""
    is_step = property.kind is PropertyKind.STEP_INVARIANT
    assert is_step == (after is not None), f"{property.name} is a {property.kind.value}"
    later: Mapping[str, Value] | None = None if after is None else by_name(model, after)
    return bool(evaluate(property.expr, Environment(by_name(model, state), later)))
