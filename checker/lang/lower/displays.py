"""Constants, conditional expressions, tuples, sets and comprehensions written out."""

from __future__ import annotations

import ast

from checker.ir.expr import Binders, Expr, Value
from checker.ir.expr import node as make
from checker.ir.ops import Op
from checker.ir.types import (
    BOOL,
    EnumType,
    IntType,
    MapType,
    OptionType,
    SetType,
    SortType,
    TupleType,
    Type,
    join,
)
from checker.ir.values import cardinality
from checker.lang.errors import SpecError
from checker.lang.lower.build import choice, constant, integer, set_of, tuple_of
from checker.lang.lower.check import condition, expect, lifted, refuse_mutable, unified
from checker.lang.lower.compare import static_class
from checker.lang.lower.generators import Stream, comprehension
from checker.lang.lower.operators import read_pair
from checker.lang.lower.place import Local, Place
from checker.lang.lower.ranges import range_bounds
from checker.lang.lower.types import describe, without_none


def literal(place: Place, node: ast.Constant, expected: Type | None) -> Expr:
    """`True`, `7`, `None`."""
    span = place.span(node)
    match node.value:
        case bool():
            return constant(node.value, BOOL, span)
        case int():
            return integer(node.value, span)
        case None:
            if expected is None:
                raise unknown_type(place, node)
            if isinstance(expected, OptionType):
                return constant(None, expected, span)
            return constant(None, OptionType(expected), span)
        case str() | bytes():
            help = "name the cases with an Enum, and interchangeable things with a Sort"
            raise place.error("S071", "text is not part of the language", node, help)
        case float() | complex():
            help = "numbers are whole: int"
            raise place.error("S072", f"{place.text(node)} is not a whole number", node, help)
        case _:
            raise place.error("S070", "`...` is not a value", node, "write an expression")


def unknown_type(place: Place, node: ast.expr) -> SpecError:
    """The mistake of an empty value that could be of many types."""
    text = place.text(node)
    help = "say so where it gets its name: `name: X | None = None`, `name: frozenset[X] = …`"
    return place.error("S098", f"the type of `{text}` is not known here", node, help)


def conditional(place: Place, node: ast.IfExp, expected: Type | None) -> Expr:
    """`a if test else b`."""
    test = condition(place, node.test)
    a, b = read_pair(place, node.body, node.orelse, expected)
    if expected is not None:
        a, b = lifted(a, expected), lifted(b, expected)
    both = unified(a, b)
    if both is None:
        message = f"one branch is {describe(a.type)}, the other {describe(b.type)}"
        raise place.error("S092", message, node.orelse, "both must be of one type")
    return choice(test, *both, place.span(node))


def tuple_display(place: Place, node: ast.Tuple, expected: Type | None) -> Expr:
    """`(a, b)`."""
    wanted = None if expected is None else without_none(expected)
    hint = wanted.of if isinstance(wanted, TupleType | SetType) else None
    if not node.elts:
        if hint is None:
            raise unknown_type(place, node)
        return constant((), TupleType(hint, 0), place.span(node))
    items, of = elements(place, node.elts, hint, "use a frozen dataclass for a record")
    return tuple_of(items, of, place.span(node))


def set_display(place: Place, node: ast.Set, expected: Type | None) -> Expr:
    """`{a, b}`."""
    wanted = None if expected is None else without_none(expected)
    hint = wanted.of if isinstance(wanted, TupleType | SetType) else None
    items, of = elements(place, node.elts, hint, "all members of a set are of one type")
    return set_of(items, of, place.span(node))


def elements(
    place: Place, nodes: list[ast.expr], hint: Type | None, help: str
) -> tuple[tuple[Expr, ...], Type]:
    """The elements of a display, all of one type."""
    items: list[Expr] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            help = "join tuples with `+`, sets with `|`"
            raise place.error("S070", "a starred element", node, help)
        item = lifted(place.read(node, items[0].type if hint is None and items else hint), hint)
        refuse_mutable(place, node, item)
        both = unified(items[0], item) if items else (item, item)
        if both is None:
            message = f"the first element is {describe(items[0].type)}, this {describe(item.type)}"
            raise place.error("S092", message, node, help)
        items.append(both[1])
        if both[0].type != items[0].type:
            items = [lifted(earlier, both[0].type) for earlier in items]
    of = items[0].type
    for item in items[1:]:
        of = join(of, item.type)
    return tuple(items), of


def set_comprehension(place: Place, node: ast.SetComp, expected: Type | None) -> Expr:
    """`{f(x) for x in xs}`."""
    return set_from(comprehension(place, node.elt, node.generators, node), expected)


def set_from(found: Stream, expected: Type | None) -> Expr:
    """The set of the elements gone through."""
    wanted = None if expected is None else without_none(expected)
    hint = wanted.of if isinstance(wanted, SetType) else None
    body = lifted(found.read(hint), hint)
    refuse_mutable(found.place, found.at, body)
    type, span = SetType(body.type), found.place.span(found.node)
    return found.bind(Op.SET_OF, body, type, span)


def tuple_from(found: Stream, expected: Type | None) -> Expr:
    """The tuple of the elements gone through."""
    wanted = None if expected is None else without_none(expected)
    hint = wanted.of if isinstance(wanted, TupleType) else None
    body = lifted(found.read(hint), hint)
    refuse_mutable(found.place, found.at, body)
    type, span = TupleType(body.type, found.count), found.place.span(found.node)
    return found.bind(Op.TUPLE_OF, body, type, span)


def map_comprehension(place: Place, node: ast.DictComp, expected: Type | None) -> Expr:
    """`{key: value for key in Domain}`, over the whole key domain of the map that is wanted."""
    if not isinstance(expected, MapType):
        help = "write it where a whole map is assigned: `self.hw = {r: 0 for r in Replica}`"
        raise place.error("S084", "a map that is not assigned to a variable", node, help)
    clause, target = node.generators[0], node.generators[0].target
    plain = len(node.generators) == 1 and not clause.ifs and isinstance(node.key, ast.Name)
    whole = describe(expected.key)
    if not plain or not isinstance(target, ast.Name) or target.id != place.text(node.key):
        help = f"write `{{key: … for key in {_domain_text(expected.key)}}}`"
        raise place.error("S084", f"a map has a value for every {whole}, once", node, help)
    if not _is_whole_domain(place, clause.iter, expected.key):
        help = f"go through all of it: `for {target.id} in {_domain_text(expected.key)}`"
        raise place.error("S087", f"the keys of this map are every {whole}", clause.iter, help)
    name, span = place.context.fresh(target.id), place.span(target)
    bound = Local(make(Op.LOCAL, (), expected.key, name, span), span, True)
    inner = place.bind(target.id, bound)
    body = expect(inner, node.value, expected.value, "S088")
    if not isinstance(body.type, MapType):
        refuse_mutable(inner, node.value, body)
    return _map_of(name, expected, body, place, node)


def _map_of(name: str, type: MapType, body: Expr, place: Place, node: ast.DictComp) -> Expr:
    span = place.span(node)
    found = MapType(type.key, body.type)
    if body.op is Op.CONST:
        data = body.data
        assert data is None or isinstance(data, bool | int | tuple | frozenset)
        row: Value = (data,) * cardinality(type.key)
        return constant(row, found, span)
    return make(Op.MAP_OF, (body,), found, Binders((name,), (type.key,)), span)


def _domain_text(key: Type) -> str:
    match key:
        case IntType(0, high) if high is not None:
            return f"range({high + 1})"
        case IntType(low, high) if low is not None and high is not None:
            return f"range({low}, {high + 1})"
        case _:
            return describe(key)


def _is_whole_domain(place: Place, node: ast.expr, key: Type) -> bool:
    if isinstance(node, ast.Attribute | ast.Subscript):
        keys = place.read(node).type
        return isinstance(keys, MapType) and keys.key == key
    match key:
        case SortType() | EnumType():
            return place.context.type_of_class(static_class(place, node)) == key
        case IntType(low, high):
            bounds = range_bounds(place, node)
            if bounds is None or high is None:
                return False
            return (bounds[0].data, bounds[1].data) == (low, high + 1)
        case _:
            return False


def dict_display(place: Place, node: ast.Dict, expected: Type | None) -> Expr:
    """Refused: a map is total, and written as a comprehension."""
    help = "write a comprehension over all keys: `{r: 0 for r in Replica}`"
    raise place.error("S084", "a map written out", node, help)


def list_display(place: Place, node: ast.List | ast.ListComp, expected: Type | None) -> Expr:
    """Refused: lists are mutable."""
    help = "write a tuple: `(a, b)`"
    if isinstance(node, ast.ListComp):
        help = "write a tuple: `tuple(… for … in …)`"
    raise place.error("S085", "a list is mutable", node, help)
