"""The verifier: what must be true of every model, whoever made it.

A fault here is ours, never the user's: lowering (or a rewrite) has built nonsense. So it is an
assertion, and its message shows the node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.ir.bounds import is_bounded
from checker.ir.expr import Binders, Expr, body, default, generators, postorder
from checker.ir.model import Action, Clause, ClauseKind, Init, Model, PropertyKind
from checker.ir.ops import BINDERS, Op
from checker.ir.printer import print_clause
from checker.ir.rules import check_node, check_type, demand
from checker.ir.types import BOOL, SetType, Type, compatible

Names = Mapping[str, Type]


def sanity_check(model: Model) -> None:
    """Raise `AssertionError`, with the node printed, unless the model is well formed."""
    for kind in (model.variables, model.actions, model.properties):
        names = [part.name for part in kind]
        demand(len(set(names)) == len(names), f"a name is declared twice in {names}")
    for variable in model.variables:
        check_type(variable.type)
        demand(is_bounded(variable.type), f"variable {variable.name} has no bound", variable.type)
    _check_nodes(model)
    locals_of = _free_locals(model)
    for variable in model.variables:
        _check_closed(variable.initial, {}, locals_of)
        reads = any(node.op is Op.VARIABLE for node in postorder((variable.initial,)))
        demand(not reads, f"the initial value of {variable.name} reads the state", variable.initial)
        _check_fits(variable.initial, variable.type, f"the initial value of {variable.name}")
    if model.init is not None:
        _check_init(model, model.init, locals_of)
    for action in model.actions:
        _check_action(model, action, locals_of)
    for property in model.properties:
        _check_closed(property.expr, {}, locals_of)
        _check_fits(property.expr, BOOL, f"property {property.name}")


def _check_init(model: Model, init: Init, locals_of: _Locals) -> None:
    names = [variable.name for variable in model.variables]
    for name in init.unknown:
        demand(name in names, f"{init.name} leaves {name} unknown, which is no variable")
    for clause in init.clauses:
        demand(clause.kind is not ClauseKind.WITHIN, f"{init.name} assigns: {print_clause(clause)}")
        _check_closed(clause.path, {}, locals_of)
        _check_closed(clause.expr, {}, locals_of)
        _check_clause(clause)
    for judged in init.assumed:
        demand(judged.kind is PropertyKind.INVARIANT, f"{judged.name} is a {judged.kind.value}")
        _check_closed(judged.expr, {}, locals_of)
        _check_fits(judged.expr, BOOL, f"what is assumed, {judged.name},")


def _check_action(model: Model, action: Action, locals_of: _Locals) -> None:
    parameters: dict[str, Type] = {}
    for parameter in action.parameters:
        check_type(parameter.type)
        what = f"parameter {parameter.name} of {action.name}"
        demand(is_bounded(parameter.type), f"{what} has no bound", parameter.type)
        demand(parameter.local not in parameters, f"?{parameter.local} is bound twice")
        if parameter.drawn_from is not None:
            _check_closed(parameter.drawn_from, parameters, locals_of)
            _check_fits(parameter.drawn_from, SetType(parameter.type), f"the source of {what}")
        parameters[parameter.local] = parameter.type
    for clause in action.clauses:
        _check_closed(clause.path, parameters, locals_of)
        _check_closed(clause.expr, parameters, locals_of)
        _check_clause(clause)
    names = [name for name, _ in action.updates]
    demand(len(set(names)) == len(names), f"{action.name} updates a variable twice: {names}")
    types = {variable.name: variable.type for variable in model.variables}
    for name, value in action.updates:
        demand(name in types, f"{action.name} updates {name}, which is no variable")
        _check_closed(value, parameters, locals_of)
        _check_fits(value, types[name], f"the update of {name}")


def _check_clause(clause: Clause) -> None:
    _check_fits(clause.path, BOOL, "the path of a clause")
    if clause.kind is ClauseKind.REQUIRE:
        _check_fits(clause.expr, BOOL, "what a clause requires")
    is_within = clause.kind is ClauseKind.WITHIN
    if is_within != (clause.domain is not None):
        # Printed only where it is wrong: an expression's nodes are shared, its text is not.
        demand(False, f"only `within` has a domain, and always: {print_clause(clause)}")
    if clause.domain is not None:
        check_type(clause.domain)
        _check_fits(clause.expr, clause.domain, "what a clause keeps within")


def _check_fits(expr: Expr, type: Type, what: str) -> None:
    demand(compatible(expr.type, type), f"{what} is {expr.type}, not {type}", expr)


def roots(model: Model) -> Iterator[tuple[Expr, bool]]:
    """Every expression of a model, and whether it may read the state after a step."""
    for variable in model.variables:
        yield variable.initial, False
    if model.init is not None:
        for clause in model.init.clauses:
            yield clause.path, False
            yield clause.expr, False
        for judged in model.init.assumed:
            yield judged.expr, False
    for action in model.actions:
        for parameter in action.parameters:
            if parameter.drawn_from is not None:
                yield parameter.drawn_from, False
        for clause in action.clauses:
            yield clause.path, False
            yield clause.expr, False
        for _, value in action.updates:
            yield value, False
    for property in model.properties:
        yield property.expr, property.kind is PropertyKind.STEP_INVARIANT


def _check_nodes(model: Model) -> None:
    """Check each node by itself, and that each name is bound at one place."""
    types = {variable.name: variable.type for variable in model.variables}
    parameters = {parameter.local for action in model.actions for parameter in action.parameters}
    binders: dict[str, Expr] = {}
    for expr in postorder(tuple(root for root, _ in roots(model))):
        check_node(expr)
        if expr.op in (Op.VARIABLE, Op.NEXT):
            name = str(expr.data)
            demand(name in types, f"{name} is no variable", expr)
            demand(types[name] == expr.type, f"{name} is {types[name]}, not {expr.type}", expr)
        if isinstance(expr.data, Binders):
            for name in expr.data.names:
                demand(name not in parameters, f"?{name} is a parameter and bound again", expr)
                demand(binders.setdefault(name, expr) is expr, f"?{name} is bound twice", expr)
    for root, may_read_next in roots(model):
        if not may_read_next:
            for expr in postorder((root,)):
                demand(expr.op is not Op.NEXT, "only a step invariant reads the state after", root)


_Locals = dict[int, dict[str, Type]]
"""For each node, the locals that are free in it, with their types."""


def _free_locals(model: Model) -> _Locals:
    free: _Locals = {}
    for expr in postorder(tuple(root for root, _ in roots(model))):
        if expr.op is Op.LOCAL:
            free[id(expr)] = {str(expr.data): expr.type}
        elif expr.op in BINDERS:
            free[id(expr)] = _free_in_binder(expr, free)
        else:
            free[id(expr)] = _merge(expr, *(free[id(arg)] for arg in expr.args))
    return free


def _free_in_binder(expr: Expr, free: _Locals) -> dict[str, Type]:
    """A generator binds its name in its own condition and in all that follows, but the default."""
    inside = dict(free[id(body(expr))])
    if expr.op is Op.MAP_OF:
        assert isinstance(expr.data, Binders)
        _bind(expr, inside, expr.data.names[0], expr.data.types[0])
        return inside
    for generator in reversed(generators(expr)):
        inside = _merge(expr, inside, free[id(generator.condition)])
        _bind(expr, inside, generator.name, generator.type)
        inside = _merge(expr, inside, free[id(generator.source)])
    otherwise = default(expr)
    return inside if otherwise is None else _merge(expr, inside, free[id(otherwise)])


def _bind(expr: Expr, inside: dict[str, Type], name: str, type: Type) -> None:
    used = inside.pop(name, type)
    demand(used == type, f"?{name} is bound as {type} and used as {used}", expr)


def _merge(expr: Expr, *parts: Names) -> dict[str, Type]:
    merged: dict[str, Type] = {}
    for part in parts:
        for name, type in part.items():
            first = merged.setdefault(name, type)
            demand(first == type, f"?{name} is used as {first} and as {type}", expr)
    return merged


def _check_closed(expr: Expr, bound: Names, locals_of: _Locals) -> None:
    for name, type in locals_of[id(expr)].items():
        demand(name in bound, f"?{name} is not bound", expr)
        demand(bound[name] == type, f"?{name} is {bound[name]}, used as {type}", expr)
