"""A model as formulas: its initial state, what each action does, what each property says."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from checker.ir.expr import Value
from checker.ir.model import Action, Clause, ClauseKind, Model, Property, PropertyKind
from checker.ir.types import IntType
from checker.ir.values import State
from checker.symbolic.encode import encoder
from checker.symbolic.equal import equal, is_member
from checker.symbolic.fits import greatest, has_endless_keys, is_value, lifted, misfits
from checker.symbolic.meaning import Axioms, Encoder, Locals, Meaning, Trees
from checker.symbolic.shape import shaped
from checker.symbolic.terms import Bool, at_most, both, either, implies, negate
from checker.symbolic.trees import Tree, constant
from checker.symbolic.unknown import unknown

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """What an action does from a state: exactly one of these happens, else it is disabled.

    `cut` has a condition for each name of the scope that may cut it; `after` counts if it fires.
    """

    fires: Bool
    undefined: Bool
    cut: Mapping[str, Bool]
    after: Trees


def unknown_state(model: Model, name: str, lift: Set[str] = NOTHING) -> dict[str, Tree]:
    """A state of which nothing is known; `name` tells it from others."""
    return {
        variable.name: unknown(lifted(variable.type, lift), f"{name}{variable.name}")
        for variable in model.variables
    }


def is_state(model: Model, state: Trees, lift: Set[str] = NOTHING) -> Bool:
    """That a tree of unknowns is a state."""
    return both(*(is_value(lifted(v.type, lift), state[v.name]) for v in model.variables))


def is_arrival(model: Model, state: Trees, lift: Set[str] = NOTHING) -> Bool:
    """That a tree of unknowns is a state, as far as this must be said of where a step leads to.

    The step says the rest. A map without last key is not asked: what the step has past the last one
    in some scope is no part of the map, and need be no value.
    """
    types = ((lifted(v.type, lift), state[v.name]) for v in model.variables)
    return both(*(is_value(type, tree) for type, tree in types if not has_endless_keys(type)))


def known_state(model: Model, state: State) -> dict[str, Tree]:
    """A known state, as the trees of a state within its bounds."""
    pairs = zip(model.variables, state, strict=True)
    return {v.name: shaped(v.type, constant(v.type, value)) for v, value in pairs}


def initial_state(model: Model, lift: Set[str] = NOTHING) -> dict[str, Tree]:
    """The initial state; its values are known, but for maps whose keys have no bound."""
    closed = encoder({}, None, lift)
    return {
        v.name: shaped(lifted(v.type, lift), closed.encode(v.initial, {}).value)
        for v in model.variables
    }


def unknown_arguments(action: Action, name: str, lift: Set[str] = NOTHING) -> dict[str, Tree]:
    """Arguments of which nothing is known."""
    return {
        parameter.local: unknown(lifted(parameter.type, lift), f"{name}{parameter.name}")
        for parameter in action.parameters
    }


def are_arguments(
    action: Action,
    before: Trees,
    arguments: Locals,
    lift: Set[str] = NOTHING,
    axioms: Axioms | None = None,
) -> Bool:
    """That trees of unknowns are arguments that would be tried: of what is drawn, members only."""
    encodes = encoder(before, None, lift, axioms)
    allowed: list[Bool] = []
    for parameter in action.parameters:
        given = arguments[parameter.local]
        allowed.append(is_value(lifted(parameter.type, lift), given))
        if isinstance(parameter.type, IntType) and lifted(parameter.type, lift) != parameter.type:
            allowed.append(at_most(given, greatest(parameter.type)))
        if parameter.drawn_from is not None:
            drawn = encodes.encode(parameter.drawn_from, arguments)
            allowed.append(either(negate(drawn.defined), is_member(drawn.value, given)))
    return both(*allowed)


def known_arguments(action: Action, values: tuple[Value, ...]) -> dict[str, Tree]:
    """Known arguments."""
    pairs = zip(action.parameters, values, strict=True)
    return {p.local: shaped(p.type, constant(p.type, value)) for p, value in pairs}


def step(
    model: Model,
    action: Action,
    before: Trees,
    arguments: Locals,
    lift: Set[str] = NOTHING,
    axioms: Axioms | None = None,
) -> Step:
    """What happens when an action is tried: the first clause that fails decides."""
    encodes = encoder(before, None, lift, axioms)
    goes_on: Bool = True
    undefined: list[Bool] = []
    cut: dict[str, list[Bool]] = {}
    for clause in action.clauses:
        if goes_on is False:
            break
        path = both(goes_on, encodes.encode(clause.path, arguments).value)
        found = encodes.encode(clause.expr, arguments)
        undefined.append(both(path, negate(found.defined)))
        passed: Bool = found.defined
        if clause.kind is ClauseKind.REQUIRE:
            passed = found.value
        elif clause.kind is ClauseKind.WITHIN:
            passed = _within(encodes, clause, found, path, undefined, cut)
            if isinstance(clause.domain, IntType) and clause.domain.scope in lift:
                end = greatest(clause.domain)
                encodes.limits.append(implies(path, at_most(found.value, end)))
        goes_on = both(goes_on, either(negate(path), passed))
    after = dict(before)
    if goes_on is not False:
        types = {variable.name: lifted(variable.type, lift) for variable in model.variables}
        for name, expr in action.updates:
            value = encodes.encode(expr, arguments).value
            # What stays as it is stays the same tree, so that one sees it without a solver.
            after[name] = value if value is before[name] else shaped(types[name], value)
    cuts = {name: either(*conditions) for name, conditions in cut.items()}
    return Step(goes_on, either(*undefined), cuts, after)


def _within(
    encodes: Encoder,
    clause: Clause,
    found: Meaning,
    path: Bool,
    undefined: list[Bool],
    cut: dict[str, list[Bool]],
) -> Bool:
    """Whether the value stays within its domain; if not, its first misfit says what happens."""
    assert clause.domain is not None
    earlier: list[Bool] = []
    for bad, scope in misfits(encodes.type(clause.domain), found.value):
        here = both(path, found.defined, bad, negate(either(*earlier)))
        (undefined if scope is None else cut.setdefault(scope, [])).append(here)
        earlier.append(bad)
    return both(found.defined, negate(either(*earlier)))


def truth(
    judged: Property,
    before: Trees,
    after: Trees | None = None,
    lift: Set[str] = NOTHING,
    axioms: Axioms | None = None,
) -> Meaning:
    """Whether a property is true of a state, or of a step; false where it has no value."""
    is_step = judged.kind is PropertyKind.STEP_INVARIANT
    return encoder(before, after if is_step else None, lift, axioms).encode(judged.expr, {})


def same_state(a: Trees, b: Trees) -> Bool:
    """Whether two states are equal."""
    return both(*(equal(a[name], b[name]) for name in a))
