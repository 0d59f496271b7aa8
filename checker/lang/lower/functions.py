"""The functions of the language: Python's own, where they are total, and `some`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from checker.ir.expr import Expr
from checker.ir.ops import Op
from checker.ir.types import (
    BOOL,
    BoolType,
    EnumType,
    IntType,
    OptionType,
    SetType,
    SortType,
    TupleType,
    Type,
    join,
)
from checker.ir.values import cardinality
from checker.lang.lower.build import (
    arithmetic,
    constant,
    integer,
    integers,
    length,
    set_of,
    unwrapped,
)
from checker.lang.lower.check import condition, unified, value
from checker.lang.lower.compare import static_class
from checker.lang.lower.displays import elements, set_from, tuple_from, unknown_type
from checker.lang.lower.generators import Stream, domain, stream
from checker.lang.lower.intervals import times
from checker.lang.lower.operators import integer_operand
from checker.lang.lower.place import Place
from checker.lang.lower.ranges import range_bounds
from checker.lang.lower.types import as_int, describe, without_none
from checker.lang.runtime import assume, require, some

Handler: TypeAlias = Callable[[Place, ast.Call, "Type | None"], Expr]


def _single(place: Place, node: ast.Call, name: str, what: str) -> ast.expr:
    """The one argument of a function."""
    if len(node.args) != 1 or node.keywords:
        raise place.error("S083", f"`{name}` takes {what}", node, f"write `{name}(…)`")
    return node.args[0]


def _len(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    argument = _single(place, node, "len", "one tuple, set or sort")
    known = place.context.type_of_class(static_class(place, argument))
    if isinstance(known, SortType | EnumType):
        return integer(cardinality(known), place.span(node))
    found = value(place, argument)
    if isinstance(found.type, TupleType | SetType):
        return length(found, place.span(node))
    message = f"{describe(found.type)} has no length"
    raise place.error("S095", message, argument, "tuples, sets and sorts have")


def _every(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    return _quantified(place, node, Op.ALL, "all")


def _some_of(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    return _quantified(place, node, Op.ANY, "any")


def _quantified(place: Place, node: ast.Call, op: Op, name: str) -> Expr:
    argument = _single(place, node, name, "one generator: `for … in …`")
    found = stream(place, argument)
    if found.element is not None:
        body = condition(found.place, found.element)
    else:
        body = found.read()
        if not isinstance(body.type, BoolType):
            help = f"write `{name}(… for item in {place.text(argument)})`"
            message = f"conditions are true or false, and these are {describe(body.type)}"
            raise place.error("S086", message, argument, help)
    return found.bind(op, body, BOOL, place.span(node))


def _integers_of(found: Stream, name: str) -> Expr:
    """The elements gone through, which must be integers."""
    if found.element is not None:
        return integer_operand(found.place, found.element, name)
    body = found.read()
    if isinstance(body.type, IntType):
        return body
    help = f"give it integers: `{name}(… for item in {found.place.text(found.node)})`"
    message = f"`{name}` needs integers, got {describe(body.type)}"
    raise found.place.error("S091", message, found.node, help)


def _sum(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    found = stream(place, _single(place, node, "sum", "one generator"))
    body = _integers_of(found, "sum")
    type = times(as_int(body.type), IntType(0, found.count))
    return found.bind(Op.SUM, body, type, place.span(node))


def _min(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    return _extreme(place, node, "min", Op.MIN, Op.LEAST)


def _max(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    return _extreme(place, node, "max", Op.MAX, Op.GREATEST)


def _extreme(place: Place, node: ast.Call, name: str, of_some: Op, of_all: Op) -> Expr:
    span = place.span(node)
    for keyword in node.keywords:
        if keyword.arg != "default":
            help = "give it the integers to compare"
            raise place.error("S083", f"`{name}` with `{keyword.arg}=`", keyword, help)
    if len(node.args) > 1 and not node.keywords:
        items = tuple(integer_operand(place, arg, name) for arg in node.args)
        return arithmetic(of_some, items, span)
    if len(node.args) != 1:
        help = f"write `{name}(a, b)` or `{name}((… for … in …), default=…)`"
        raise place.error("S083", f"`{name}` of what?", node, help)
    found = stream(place, node.args[0])
    if found.element is not None:
        _refuse_optional(found.place, found.element, name)
    body = _integers_of(found, name)
    if not node.keywords:
        return found.bind(of_all, body, body.type, span)
    _refuse_optional(place, node.keywords[0].value, name)
    default = integer_operand(place, node.keywords[0].value, name)
    return found.bind(of_all, body, join(body.type, default.type), span, default)


def _refuse_optional(place: Place, node: ast.expr, name: str) -> None:
    """What Python does not compare may be `None`: a default, or an element that is alone."""
    found = place.read(node)
    if isinstance(found.type, OptionType):
        message = f"`{name}` needs an int, got {describe(found.type)}"
        raise place.error("S091", message, node, f"write `some({place.text(node)})`")


def _next(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    if not node.args or not isinstance(node.args[0], ast.GeneratorExp) or len(node.args) > 2:
        help = "write `next((… for … in … if …), default)`"
        raise place.error("S083", "`next` takes a generator and a default", node, help)
    found = stream(place, node.args[0], ordered=True)
    body = found.read(expected)
    if len(node.args) == 1:
        return found.bind(Op.FIRST, body, body.type, place.span(node))
    default = place.read(node.args[1], body.type if expected is None else expected)
    both = unified(body, default)
    if both is None:
        message = f"the elements are {describe(body.type)}, the default {describe(default.type)}"
        raise place.error("S092", message, node.args[1], "both must be of one type")
    type = join(both[0].type, both[1].type)
    return found.bind(Op.FIRST, both[0], type, place.span(node), both[1])


def _frozenset(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    span = place.span(node)
    wanted = None if expected is None else without_none(expected)
    hint = wanted.of if isinstance(wanted, SetType | TupleType) else None
    if not node.args and not node.keywords:
        if hint is None:
            raise unknown_type(place, node)
        return constant(frozenset(), SetType(hint), span)
    argument = _single(place, node, "frozenset", "one collection")
    known = place.context.type_of_class(static_class(place, argument))
    if isinstance(known, SortType | EnumType):
        return constant(frozenset(range(cardinality(known))), SetType(known), span)
    if isinstance(argument, ast.Tuple) and (argument.elts or hint is not None):
        if not argument.elts and hint is not None:
            return constant(frozenset(), SetType(hint), span)
        items, of = elements(place, argument.elts, hint, "all members of a set are of one type")
        return set_of(items, of, span)
    if not isinstance(argument, ast.GeneratorExp) and range_bounds(place, argument) is None:
        found = value(place, argument, wanted)
        if isinstance(found.type, SetType):
            return found
    return set_from(stream(place, argument), expected)


def _tuple(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    span = place.span(node)
    wanted = None if expected is None else without_none(expected)
    if not node.args and not node.keywords:
        if not isinstance(wanted, TupleType):
            raise unknown_type(place, node)
        return constant((), TupleType(wanted.of, 0), span)
    argument = _single(place, node, "tuple", "one generator")
    bounds = range_bounds(place, argument)
    if bounds is not None:
        return integers(*bounds, span)
    known = place.context.type_of_class(static_class(place, argument))
    if isinstance(known, SortType | EnumType):
        return domain(known, span)
    found = stream(place, argument, ordered=True)
    if found.element is None and isinstance(found.sources[0].type, TupleType):
        return found.sources[0]
    return tuple_from(found, expected)


def _abs(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    found = integer_operand(place, _single(place, node, "abs", "one integer"), "abs")
    return arithmetic(Op.MAX, (found, arithmetic(Op.NEG, (found,))), place.span(node))


def _value_of(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    argument = _single(place, node, "some", "one optional")
    found = place.read(argument)
    if isinstance(found.type, OptionType):
        return unwrapped(found, place.span(node))
    message = f"{describe(found.type)} is never None"
    raise place.error("S096", message, argument, f"write `{place.text(argument)}` alone")


def _range(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    help = "go through it with `for`, ask with `in`, or write `tuple(range(…))`"
    raise place.error("S097", "a range used as a value", node, help)


def _require(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    help = "write `require(…)` as a statement of its own"
    raise place.error("S064", "`require` is a statement, not a value", node, help)


def _assume(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    help = "write `assume(…)` as a statement of its own, in a method with `@init`"
    raise place.error("S100", "`assume` is a statement, not a value", node, help)


FUNCTIONS: Final[Mapping[Any, Handler]] = {
    len: _len,
    all: _every,
    any: _some_of,
    sum: _sum,
    min: _min,
    max: _max,
    next: _next,
    frozenset: _frozenset,
    tuple: _tuple,
    abs: _abs,
    range: _range,
    some: _value_of,
    require: _require,
    assume: _assume,
}
