"""Which states are initial: those of the initial values, or all that satisfy what is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from checker.ir.expr import Value
from checker.ir.model import Model, Property
from checker.ir.types import Type
from checker.ir.values import State, members, order, outside
from checker.semantics.evaluate import Environment, by_name
from checker.semantics.step import Disabled, UndefinedStep, failing, initial_state, judge
from checker.semantics.undefined import Undefined


def initial_states(model: Model) -> Iterator[State]:
    """Every initial state, in order; slowly: each state of the domains of what is unknown is tried.

    Raises `Undefined` if a clause has no value in one of them, or a variable no initial value.
    """
    if model.init is None:
        yield initial_state(model)
        return
    given = initial_state(model)
    choices = [
        _in_order(variable.type) if variable.name in model.init.unknown else [value]
        for variable, value in zip(model.variables, given, strict=True)
    ]
    yield from (state for state in product(*choices) if is_initial(model, state))


def _in_order(type: Type) -> list[Value]:
    """All values of a type, as they are compared."""
    return sorted(members(type), key=lambda value: order(type, value))


def is_initial(model: Model, state: State) -> bool:
    """Whether a behaviour may start in the state; raises `Undefined` if a clause has no value."""
    if model.init is None:
        return state == initial_state(model)
    unknown = model.init.unknown
    for variable, value, given in zip(model.variables, state, initial_state(model), strict=True):
        if variable.name not in unknown and value != given:
            return False
        if outside(variable.type, value) is not None:
            return False
    environment = Environment(by_name(model, state))
    for clause in model.init.clauses:
        match failing(clause, environment):
            case None:
                continue
            case Disabled():
                return False
            case UndefinedStep(message, span):
                raise Undefined(message, span)
            case cut:
                raise AssertionError(f"{model.init.name}: {cut}")
    return all(_holds(model, judged, state) for judged in model.init.assumed)


def _holds(model: Model, judged: Property, state: State) -> bool:
    """Whether an invariant that is assumed is true; where it has no value it is not."""
    try:
        return judge(model, judged, state)
    except Undefined:
        return False
