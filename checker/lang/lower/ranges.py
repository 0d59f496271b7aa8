"""`range(n)` and `range(a, b)`, wherever they stand."""

from __future__ import annotations

import ast

from checker.ir.expr import Expr
from checker.lang.lower.access import static_value
from checker.lang.lower.build import integer
from checker.lang.lower.operators import integer_operand
from checker.lang.lower.place import Place


def is_range(place: Place, node: ast.expr) -> bool:
    """Whether the syntax is a call of Python's own `range`."""
    return isinstance(node, ast.Call) and static_value(place, node.func) is range


def range_bounds(place: Place, node: ast.expr) -> tuple[Expr, Expr] | None:
    """The first integer of a range and the one after its last, if the syntax is a range."""
    if not isinstance(node, ast.Call) or static_value(place, node.func) is not range:
        return None
    if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
        raise place.error("S083", "`range` takes its bounds in order", node, "write `range(a, b)`")
    bounds = [integer_operand(place, arg, "range") for arg in node.args]
    if len(bounds) == 1:
        return integer(0), bounds[0]
    if len(bounds) == 2:
        return bounds[0], bounds[1]
    help = "write `range(n)` or `range(a, b)`; a step is a condition: `if i % 2 == 0`"
    raise place.error("S083", f"`range` with {len(bounds)} arguments", node, help)
