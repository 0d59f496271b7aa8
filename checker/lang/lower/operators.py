"""Operators: `and`, `or`, `not`, arithmetic, tuples, sets."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from checker.ir.expr import Expr, Span
from checker.ir.expr import node as make
from checker.ir.ops import Op
from checker.ir.types import BoolType, IntType, SetType, TupleType, Type, compatible, join
from checker.lang.errors import SpecError
from checker.lang.lower.build import (
    arithmetic,
    conjunction,
    difference,
    disjunction,
    intersection,
    negation,
    union,
)
from checker.lang.lower.check import condition, mismatch, value
from checker.lang.lower.place import Place
from checker.lang.lower.types import describe

SYMBOLS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_ON_INTEGERS: Final[Mapping[type[ast.operator], Op]] = {
    ast.Add: Op.ADD,
    ast.Sub: Op.SUB,
    ast.Mult: Op.MUL,
    ast.FloorDiv: Op.FLOORDIV,
    ast.Mod: Op.MOD,
}
_ON_SETS: Final = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.Sub)
_INSTEAD: Final[Mapping[type[ast.operator], str]] = {
    ast.Div: "integers are divided with `//`, which rounds down",
    ast.Pow: "multiply: `x * x`",
    ast.MatMult: "operators on integers are + - * // %",
}
_FOR_CONDITIONS: Final[Mapping[type[ast.operator], str]] = {
    ast.BitOr: "write `or`",
    ast.BitAnd: "write `and`",
    ast.BitXor: "write `!=`",
}


def needs_hint(node: ast.expr) -> bool:
    """Whether the expression has no type of its own: `None`, `()`, `frozenset()`."""
    match node:
        case ast.Constant(None) | ast.Tuple([]):
            return True
        case ast.Call(ast.Name("frozenset" | "tuple"), [], []):
            return True
        case ast.Call(ast.Name("frozenset"), [ast.Tuple([])], []):
            return True
        case ast.IfExp(_, then, otherwise):
            return needs_hint(then) and needs_hint(otherwise)
        case _:
            return False


def read_pair(
    place: Place, left: ast.expr, right: ast.expr, expected: Type | None = None
) -> tuple[Expr, Expr]:
    """Two operands, each with the other's type as a hint if it has none of its own."""
    if needs_hint(left) and not needs_hint(right):
        second = place.read(right, expected)
        return place.read(left, second.type if expected is None else expected), second
    first = place.read(left, expected)
    return first, place.read(right, first.type if expected is None else expected)


def boolean(place: Place, node: ast.BoolOp, expected: Type | None) -> Expr:
    """`a and b`, `a or b`."""
    parts = [condition(place, part) for part in node.values]
    together = conjunction if isinstance(node.op, ast.And) else disjunction
    return together(parts, place.span(node))


def unary(place: Place, node: ast.UnaryOp, expected: Type | None) -> Expr:
    """`not a`, `-a`."""
    span = place.span(node)
    if isinstance(node.op, ast.Not):
        return negation(condition(place, node.operand), span)
    if isinstance(node.op, ast.USub):
        return arithmetic(Op.NEG, (integer_operand(place, node.operand, "-"),), span)
    if isinstance(node.op, ast.Invert):
        help = "for conditions write `not`; a set's complement is `frozenset(Replica) - s`"
        raise place.error("S074", "`~` is not part of the language", node, help)
    raise place.error("S073", "`+` before a value does nothing", node, "leave it out")


def integer_operand(place: Place, node: ast.expr, symbol: str) -> Expr:
    """An operand that must be an integer."""
    found = value(place, node)
    if isinstance(found.type, IntType):
        return found
    message = f"`{symbol}` needs an int, got {describe(found.type)}"
    raise place.error("S091", message, node, _hint_for_operand(place, node, found.type))


def _hint_for_operand(place: Place, node: ast.expr, type: Type) -> str:
    if isinstance(type, BoolType):
        return f"write `1 if {place.text(node)} else 0`"
    if isinstance(type, TupleType | SetType):
        return f"write `len({place.text(node)})` for its size"
    return "operators on integers are + - * // %"


def binary(place: Place, node: ast.BinOp, expected: Type | None) -> Expr:
    """An operator on two integers, two tuples or two sets."""
    op, span = type(node.op), place.span(node)
    refused = _refused(place, node)
    if refused is not None:
        raise refused
    hint = expected if isinstance(expected, TupleType | SetType) else None
    a, b = _operands(place, node, hint)
    if op in _ON_INTEGERS and isinstance(a.type, IntType):
        if isinstance(b.type, IntType):
            return arithmetic(_ON_INTEGERS[op], (a, b), span)
        raise mismatch(place, node.right, b.type, a.type, "S091")
    if op is ast.Add and isinstance(a.type, TupleType):
        return _concatenation(place, node, a, b, span)
    if op in _ON_SETS and isinstance(a.type, SetType):
        return _on_sets(place, node, a, b, span)
    raise _wrong_operand(place, node, a)


def _operands(place: Place, node: ast.BinOp, hint: Type | None) -> tuple[Expr, Expr]:
    """Both operands; the right one takes the type of the left as a hint."""
    if needs_hint(node.left) and hint is None:
        b = value(place, node.right)
        return value(place, node.left, b.type), b
    a = value(place, node.left, hint)
    return a, value(place, node.right, a.type if hint is None else hint)


def _refused(place: Place, node: ast.BinOp) -> SpecError | None:
    op = type(node.op)
    message = f"`{SYMBOLS[op]}` is not part of the language"
    if op in _INSTEAD:
        return place.error("S073", message, node, _INSTEAD[op])
    if op in (ast.LShift, ast.RShift):
        return place.error("S074", message, node, "operators on integers are + - * // %")
    return None


def _wrong_operand(place: Place, node: ast.BinOp, a: Expr) -> SpecError:
    op = type(node.op)
    symbol = SYMBOLS[op]
    if isinstance(a.type, BoolType) and op in _FOR_CONDITIONS:
        message = f"`{symbol}` is for sets, not for conditions"
        return place.error("S073", message, node, _FOR_CONDITIONS[op])
    if isinstance(a.type, IntType) and op in _ON_SETS:
        help = "for conditions write `and`, `or`; compare in parentheses: `(a == b) and (c == d)`"
        return place.error("S074", f"`{symbol}` on the bits of an int", node, help)
    message = f"`{symbol}` is not defined on {describe(a.type)}"
    help = _hint_for_operand(place, node.left, a.type)
    if isinstance(a.type, TupleType | SetType):
        help = "tuples have `+`; sets have | & - ^"
    return place.error("S091", message, node.left, help)


def _concatenation(place: Place, node: ast.BinOp, a: Expr, b: Expr, span: Span) -> Expr:
    if not compatible(a.type, b.type):
        raise mismatch(place, node.right, b.type, a.type, "S091")
    assert isinstance(a.type, TupleType)
    assert isinstance(b.type, TupleType)
    lengths = (a.type.max_length, b.type.max_length)
    longest = None if None in lengths else sum(length or 0 for length in lengths)
    type = TupleType(join(a.type.of, b.type.of), longest)
    return make(Op.CONCAT, (a, b), type, span=span)


def _on_sets(place: Place, node: ast.BinOp, a: Expr, b: Expr, span: Span) -> Expr:
    if not compatible(a.type, b.type):
        raise mismatch(place, node.right, b.type, a.type, "S091")
    match node.op:
        case ast.BitOr():
            return union(a, b, span)
        case ast.BitAnd():
            return intersection(a, b, span)
        case ast.Sub():
            return difference(a, b, span)
        case _:
            return union(difference(a, b, span), difference(b, a, span), span)
