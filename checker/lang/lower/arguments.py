"""The arguments of a call of a helper method, as locals of its body."""

from __future__ import annotations

import ast

from checker.lang.declaration import MethodDeclaration, ParameterDeclaration
from checker.lang.lower.check import expect_kept
from checker.lang.lower.place import Local, Place
from checker.lang.lower.types import describe
from checker.lang.suggest import did_you_mean


def arguments(place: Place, node: ast.Call, method: MethodDeclaration) -> dict[str, Local]:
    """Each parameter with the value given for it, in the order of the call."""
    if method.name in (*place.body.callers, place.body.name):
        chain = " → ".join((*place.body.callers, place.body.name, method.name))
        help = "a helper may not lead back to itself: use `all`, `any`, `sum`, `min`, `max`"
        raise place.error("S082", f"recursion: {chain}", node, help)
    given = _given(place, node, method)
    found: dict[str, Local] = {}
    for parameter, argument in given:
        assert parameter.type is not None, f"{method.name} takes a state"
        expr = expect_kept(place, argument, parameter.type, "S093")
        found[parameter.name] = Local(expr, place.span(argument), True)
    for parameter in method.parameters:
        if parameter.name not in found:
            assert parameter.type is not None, f"{method.name} takes a state"
            message = f"`{method.name}` needs `{parameter.name}`"
            help = f"add a value of type {describe(parameter.type)}: {signature(method)}"
            raise place.error("S083", message, node, help)
    return found


def _given(
    place: Place, node: ast.Call, method: MethodDeclaration
) -> list[tuple[ParameterDeclaration, ast.expr]]:
    if len(node.args) > len(method.parameters):
        extra = node.args[len(method.parameters)]
        raise place.error("S083", f"`{method.name}` takes fewer values", extra, signature(method))
    given = list(zip(method.parameters, node.args, strict=False))
    by_name = {parameter.name: parameter for parameter in method.parameters}
    for keyword in node.keywords:
        assert keyword.arg is not None
        if keyword.arg not in by_name:
            help = did_you_mean(keyword.arg, by_name, "its parameters")
            message = f"`{method.name}` has no parameter `{keyword.arg}`"
            raise place.error("S083", message, keyword, help)
        if any(parameter.name == keyword.arg for parameter, _ in given):
            message = f"`{keyword.arg}` is given twice"
            raise place.error("S083", message, keyword, signature(method))
        given.append((by_name[keyword.arg], keyword.value))
    return given


def signature(method: MethodDeclaration) -> str:
    """How a method is called: `it is truncate(replica: Replica, offset: int)`."""
    parts = [
        f"{parameter.name}: {describe(parameter.type)}"
        for parameter in method.parameters
        if parameter.type is not None
    ]
    return f"it is {method.name}({', '.join(parts)})"
