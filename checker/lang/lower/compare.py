"""Comparisons: equality, order, membership, and questions about `None`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from checker.ir.expr import Expr, Span
from checker.ir.types import (
    INT,
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    SetType,
    SortType,
    TupleType,
    Type,
    compatible,
)
from checker.lang.errors import SpecError
from checker.lang.lower.access import MISSING, static_value
from checker.lang.lower.build import (
    TRUE,
    at_most,
    conjunction,
    contains,
    equal,
    has_value,
    in_range,
    less,
    negation,
    subset,
    unwrapped,
)
from checker.lang.lower.check import lifted, unified, value
from checker.lang.lower.defined import evaluating, is_defined
from checker.lang.lower.operators import read_pair
from checker.lang.lower.place import Place
from checker.lang.lower.ranges import range_bounds
from checker.lang.lower.types import describe

_ORDER: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def comparison(place: Place, node: ast.Compare, expected: Type | None) -> Expr:
    """`a == b`, `a < b <= c`, `a in b`, `a is None`."""
    operands = [node.left, *node.comparators]
    links = zip(operands, node.ops, operands[1:], strict=False)
    parts = [_link(place, left, op, right) for left, op, right in links]
    return conjunction(parts, place.span(node))


def _between(place: Place, left: ast.expr, right: ast.expr) -> Span:
    start, end = place.span(left), place.span(right)
    return Span(start.file, start.line, start.column, end.end_line, end.end_column)


def _mistake(
    place: Place, left: ast.expr, right: ast.expr, code: str, message: str, help: str
) -> SpecError:
    return SpecError(code, message, _between(place, left, right), help)


def _link(place: Place, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Expr:
    span = _between(place, left, right)
    match op:
        case ast.Eq():
            return _equality(place, left, right, "==", span)
        case ast.NotEq():
            return negation(_equality(place, left, right, "!=", span), span)
        case ast.Is():
            return negation(_not_none(place, left, right, "is", span), span)
        case ast.IsNot():
            return _not_none(place, left, right, "is not", span)
        case ast.In():
            return _membership(place, left, right, span)
        case ast.NotIn():
            return negation(_membership(place, left, right, span), span)
        case _:
            return _order(place, left, op, right, span)


def _equality(place: Place, left: ast.expr, right: ast.expr, symbol: str, span: Span) -> Expr:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, ast.Constant) and one.value is None:
            word = "is" if symbol == "==" else "is not"
            help = f"write `{place.text(other)} {word} None`"
            raise _mistake(place, left, right, "S075", f"`{symbol}` with None", help)
    a, b = read_pair(place, left, right)
    both = unified(a, b)
    if both is not None:
        return equal(*both, span)
    message = f"{describe(a.type)} and {describe(b.type)} are never equal"
    raise _mistake(place, left, right, "S089", message, _how_to_compare(place, left, a, b))


def _how_to_compare(place: Place, left: ast.expr, a: Expr, b: Expr) -> str:
    if isinstance(a.type, MapType) and unified_types(a.type.value, b.type):
        return f"compare one value of it: `{place.text(left)}[key]`"
    if isinstance(a.type, TupleType | SetType) and isinstance(b.type, IntType):
        return f"compare its size: `len({place.text(left)})`"
    return "compare values of one type"


def unified_types(a: Type, b: Type) -> bool:
    """Whether values of the two types may be compared, one of them perhaps optional."""
    if isinstance(a, OptionType) != isinstance(b, OptionType):
        a = a.of if isinstance(a, OptionType) else a
        b = b.of if isinstance(b, OptionType) else b
    return compatible(a, b)


def _not_none(place: Place, left: ast.expr, right: ast.expr, symbol: str, span: Span) -> Expr:
    if not (isinstance(right, ast.Constant) and right.value is None):
        help = "write `==` or `!=`: `is` is for None only"
        raise _mistake(place, left, right, "S075", f"`{symbol}` compares identities", help)
    found = place.read(left)
    if isinstance(found.type, OptionType):
        return has_value(found, span)
    message = f"{describe(found.type)} is never None"
    help = f"leave the test out, or declare it `{describe(found.type)} | None`"
    raise _mistake(place, left, right, "S096", message, help)


def _order(place: Place, left: ast.expr, op: ast.cmpop, right: ast.expr, span: Span) -> Expr:
    symbol = _ORDER[type(op)]
    a, b = read_pair(place, left, right)
    a, b = unwrapped(a, a.span), unwrapped(b, b.span)
    for operand, found in ((left, a), (right, b)):
        if not isinstance(found.type, IntType | SetType):
            raise _no_order(place, left, right, operand, found.type, symbol)
    if isinstance(op, ast.Gt | ast.GtE):
        a, b = b, a
    strict = isinstance(op, ast.Lt | ast.Gt)
    if isinstance(a.type, IntType) and isinstance(b.type, IntType):
        return less(a, b, span) if strict else at_most(a, b, span)
    if compatible(a.type, b.type):
        inside = subset(a, b, span)
        return conjunction((inside, negation(equal(a, b, span), span))) if strict else inside
    message = f"`{symbol}` between {describe(a.type)} and {describe(b.type)}"
    raise _mistake(place, left, right, "S089", message, "compare values of one type")


def _no_order(
    place: Place, left: ast.expr, right: ast.expr, operand: ast.expr, type: Type, symbol: str
) -> SpecError:
    message = f"`{symbol}` between members of {describe(type)}"
    if isinstance(type, SortType):
        help = f"members of {type} are interchangeable: compare them with == and != only"
        return _mistake(place, left, right, "S090", message, help)
    if isinstance(type, EnumType):
        help = f"compare with == and !=, or `in ({type}.{type.members[0]}, …)`"
        return _mistake(place, left, right, "S090", message, help)
    help = f"compare its size: `len({place.text(operand)})`"
    if isinstance(type, BoolType):
        help = "write `==`, `and`, `or`, `not`: `a <= b` of conditions is `not a or b`"
    elif not isinstance(type, TupleType):
        help = "integers and sets have an order"
    return place.error("S090", f"`{symbol}` on {describe(type)}", operand, help)


def _membership(place: Place, left: ast.expr, right: ast.expr, span: Span) -> Expr:
    bounds = range_bounds(place, right)
    if bounds is not None:
        return _in_range(place, left, right, bounds, span)
    known = place.context.type_of_class(static_class(place, right))
    if known is not None:
        return _of_class(place, left, right, known, span)
    if isinstance(right, ast.Tuple | ast.Set):
        a = place.read(left)
        items = value(place, right, TupleType(a.type, None))
    else:
        items = value(place, right)
        of = items.type.of if isinstance(items.type, TupleType | SetType) else None
        a = place.read(left, of)
    if isinstance(items.type, MapType):
        help = f"a map has every {describe(items.type.key)} as a key: leave the test out"
        raise place.error("S095", "`in` a map", right, help)
    if not isinstance(items.type, TupleType | SetType):
        help = "sets, tuples and ranges have members"
        raise place.error("S095", f"{describe(items.type)} has no members", right, help)
    return _contained(place, left, right, (a, items, items.type.of), span)


def _in_range(
    place: Place, left: ast.expr, right: ast.expr, bounds: tuple[Expr, Expr], span: Span
) -> Expr:
    a = place.read(left, INT)
    bare = unwrapped(a)
    if not isinstance(bare.type, IntType):
        raise _never_member(place, left, right, a, INT)
    inside = in_range(*bounds, bare, span)
    if bare is a:
        return inside
    # None is in no range; Python evaluates the bounds all the same.
    checks = [(TRUE, bound) for bound in bounds]
    return evaluating(checks, conjunction((has_value(a), inside)), place.facts)


def _contained(
    place: Place, left: ast.expr, right: ast.expr, found: tuple[Expr, Expr, Type], span: Span
) -> Expr:
    a, items, of = found
    a = lifted(a, of)
    if compatible(a.type, of):
        return contains(items, a, span)
    if isinstance(a.type, OptionType) and compatible(a.type.of, of):
        # None is no member; Python evaluates the collection all the same.
        inside = conjunction((has_value(a, span), contains(items, unwrapped(a), span)), span)
        return evaluating([(TRUE, items)], inside, place.facts)
    raise _never_member(place, left, right, a, of)


def _of_class(place: Place, left: ast.expr, right: ast.expr, known: Type, span: Span) -> Expr:
    a = place.read(left)
    if isinstance(a.type, OptionType) and compatible(a.type.of, known):
        return has_value(a, span)
    if not compatible(a.type, known):
        raise _never_member(place, left, right, a, known)
    return TRUE if is_defined(a) else equal(a, a, span)


def static_class(place: Place, node: ast.expr) -> object:
    """The class that a name of the module stands for, or `None`."""
    found = static_value(place, node)
    return None if found is MISSING else found


def _never_member(place: Place, left: ast.expr, right: ast.expr, a: Expr, of: Type) -> SpecError:
    message = f"{describe(a.type)} is never a member of a collection of {describe(of)}"
    return _mistake(place, left, right, "S089", message, "compare values of one type")
