"""Helper methods that return a value: expanded where they are called."""

from __future__ import annotations

import ast

from checker.ir.expr import Expr
from checker.ir.types import BOOL
from checker.lang.declaration import MethodDeclaration
from checker.lang.lower.arguments import arguments
from checker.lang.lower.build import TRUE
from checker.lang.lower.defined import evaluating
from checker.lang.lower.place import Body, BodyKind, Context, Local, Place, View
from checker.lang.lower.statements import assigned_names, execute_function, state_name


def call_function(place: Place, node: ast.Call, method: MethodDeclaration, view: View) -> Expr:
    """The value of a helper for these arguments in this state."""
    given = arguments(place, node, method)
    ordered = tuple(given[parameter.name].expr for parameter in method.parameters)
    callers = (*place.body.callers, place.body.name)
    key = (method.name, ordered, tuple(view.values.values()))
    found = place.context.expanded.get(key)
    if found is None:
        found = function_value(place.context, method, view, given, callers)
        place.context.expanded[key] = found
    # Python evaluates every argument, even one that the helper does not look at.
    return evaluating([(TRUE, local.expr) for local in given.values()], found, place.facts)


def call_property(place: Place, node: ast.Call, method: MethodDeclaration, view: View) -> Expr:
    """The value of a property function in this state."""
    if method.name in (*place.body.callers, place.body.name):
        help = "a property may not lead back to itself"
        raise place.error("S082", f"recursion: `{method.name}` calls itself", node, help)
    key = ("property", method.name, tuple(view.values.values()))
    found = place.context.expanded.get(key)
    if found is None:
        callers = (*place.body.callers, place.body.name)
        assigned = assigned_names(method.code.node)
        body = Body(BodyKind.PROPERTY, method.code, method.name, BOOL, assigned, callers)
        found = execute_function(place.context, body, {state_name(method): view}, {})
        place.context.expanded[key] = found
    return found


def function_value(
    context: Context,
    method: MethodDeclaration,
    view: View,
    locals: dict[str, Local],
    callers: tuple[str, ...] = (),
) -> Expr:
    """The value of a helper or property method, with these locals for its parameters."""
    context.lowered.add(method.name)
    body = Body(
        BodyKind.PROPERTY if method.name in context.properties else BodyKind.FUNCTION,
        method.code,
        method.name,
        BOOL if method.name in context.properties else method.result,
        assigned_names(method.code.node),
        callers,
    )
    state = state_name(method)
    return execute_function(context, body, {state: view}, locals)
