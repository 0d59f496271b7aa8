"""Initial states as formulas: what is known of them, and what is assumed of the rest."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from checker.ir.model import ClauseKind, Model
from checker.ir.values import State
from checker.symbolic.encode import encoder
from checker.symbolic.equal import equal
from checker.symbolic.fits import is_value, lifted
from checker.symbolic.meaning import Axioms, Trees
from checker.symbolic.steps import NOTHING, initial_state, known_state, same_state, truth
from checker.symbolic.terms import Bool, both, either, negate
from checker.symbolic.trees import Tree
from checker.symbolic.unknown import unknown


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What must be true of an initial state: a condition for each clause, and each invariant.

    `undefined` is that all is true up to a clause that has no value. Where a bound is lifted such
    a state counts as initial: a proof may speak of too many states, never of too few.
    """

    conditions: tuple[Bool, ...]
    undefined: Bool


def starting_state(model: Model, name: str, lift: Set[str] = NOTHING) -> dict[str, Tree]:
    """An initial state: unknown where the model says so, else with its initial values."""
    found = initial_state(model, lift)
    for variable in model.variables:
        if model.init is not None and variable.name in model.init.unknown:
            found[variable.name] = unknown(lifted(variable.type, lift), f"{name}{variable.name}")
    return found


def is_starting_state(
    model: Model, state: Trees, lift: Set[str] = NOTHING, axioms: Axioms | None = None
) -> list[Bool]:
    """That the unknowns of a starting state are values, of which all that is assumed is true."""
    assumed = assumptions(model, state, lift, axioms)
    return [are_values(model, state, lift), *assumed.conditions]


def begins(model: Model, state: Trees, initial: State) -> Bool:
    """That an unknown state is initial; it has these values, but for what the model leaves open."""
    if model.init is None:
        return same_state(state, known_state(model, initial))
    known = known_state(model, initial)
    fixed = (equal(state[name], known[name]) for name in known if name not in model.init.unknown)
    return both(*fixed, *is_starting_state(model, state))


def are_values(model: Model, state: Trees, lift: Set[str] = NOTHING) -> Bool:
    """That trees of unknowns stand for values; what is known is one."""
    names = () if model.init is None else model.init.unknown
    types = {v.name: lifted(v.type, lift) for v in model.variables if v.name in names}
    return both(*(is_value(type, state[name]) for name, type in types.items()))


def assumptions(
    model: Model, state: Trees, lift: Set[str] = NOTHING, axioms: Axioms | None = None
) -> Assumptions:
    """What the model assumes of an initial state."""
    if model.init is None:
        return Assumptions((), False)
    encodes = encoder(state, None, lift, axioms)
    conditions: list[Bool] = []
    undefined: list[Bool] = []
    goes_on: Bool = True
    for clause in model.init.clauses:
        path = encodes.encode(clause.path, {}).value
        found = encodes.encode(clause.expr, {})
        undefined.append(both(goes_on, path, negate(found.defined)))
        passes = found.value if clause.kind is ClauseKind.REQUIRE else found.defined
        if lift:
            passes = either(passes, negate(found.defined))
        conditions.append(either(negate(path), passes))
        goes_on = both(goes_on, conditions[-1])
    # An invariant that has no value is not true: its state is not initial.
    conditions += (truth(p, state, None, lift, axioms).value for p in model.init.assumed)
    return Assumptions(tuple(conditions), either(*undefined))
