"""What `for … in … if …` goes through, in generators and comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from checker.ir.expr import Binders, Expr, Span
from checker.ir.expr import node as make
from checker.ir.ops import Op
from checker.ir.types import EnumType, MapType, SetType, SortType, TupleType, Type
from checker.ir.values import cardinality
from checker.lang.lower.build import TRUE, conjunction, integers
from checker.lang.lower.check import condition, value
from checker.lang.lower.compare import static_class
from checker.lang.lower.place import Local, Place
from checker.lang.lower.ranges import range_bounds
from checker.lang.lower.types import describe, largest


@dataclass(frozen=True, slots=True)
class Stream:
    """Elements to go through: bound names with their sources, and the element that each gives.

    `place` sees the bound names. `element` is the syntax to read there; without it the one bound
    name is itself the element. `count` bounds how many there are, if that is known.
    """

    place: Place
    names: tuple[str, ...]
    types: tuple[Type, ...]
    sources: tuple[Expr, ...]
    count: int | None
    element: ast.expr | None
    node: ast.expr

    @property
    def at(self) -> ast.expr:
        """The syntax of the element, or of what is gone through."""
        return self.node if self.element is None else self.element

    def read(self, expected: Type | None = None) -> Expr:
        """The element."""
        if self.element is not None:
            return self.place.read(self.element, expected)
        return make(Op.LOCAL, (), self.types[0], self.names[0], self.place.span(self.node))

    def bind(self, op: Op, body: Expr, type: Type, span: Span, default: Expr | None = None) -> Expr:
        """The binder over these elements."""
        binders = Binders(self.names, self.types, default is not None)
        last = (body,) if default is None else (body, default)
        return make(op, (*self.sources, *last), type, binders, span)


def stream(place: Place, node: ast.expr, ordered: bool = False) -> Stream:
    """The elements of a generator, or of a tuple, set, range, sort or enumeration."""
    if isinstance(node, ast.GeneratorExp):
        return comprehension(place, node.elt, node.generators, node, ordered)
    source = _source(place, node, ordered)
    name, of = place.context.fresh("item"), _element_type(source)
    return Stream(place, (name,), (of,), (source, TRUE), largest(source.type), None, node)


def comprehension(
    place: Place,
    element: ast.expr,
    clauses: Sequence[ast.comprehension],
    node: ast.expr,
    ordered: bool = False,
) -> Stream:
    """The elements of a comprehension."""
    found = Stream(place, (), (), (), 1, element, node)
    for clause in clauses:
        found = _with_clause(found, clause, ordered)
    return found


def _with_clause(found: Stream, clause: ast.comprehension, ordered: bool) -> Stream:
    place = found.place
    if clause.is_async:
        raise place.error("S058", "an asynchronous comprehension", clause.iter, "write `for`")
    source = _source(place, clause.iter, ordered)
    if not isinstance(clause.target, ast.Name):
        help = "name the element, and read its parts: `for m in messages`, then `m.epoch`"
        raise place.error("S062", "a loop variable that is not one name", clause.target, help)
    name, of = place.context.fresh(clause.target.id), _element_type(source)
    span = place.span(clause.target)
    inner = place.bind(clause.target.id, Local(make(Op.LOCAL, (), of, name, span), span, True))
    test = conjunction([condition(inner, part) for part in clause.ifs])
    most = largest(source.type)
    return replace(
        found,
        place=inner,
        names=(*found.names, name),
        types=(*found.types, of),
        sources=(*found.sources, source, test),
        count=None if found.count is None or most is None else found.count * most,
    )


def _element_type(source: Expr) -> Type:
    assert isinstance(source.type, TupleType | SetType), source
    return source.type.of


def domain(type: Type, span: Span) -> Expr:
    """All members of a type, in order."""
    return make(Op.DOMAIN, (), TupleType(type, cardinality(type)), type, span)


def _source(place: Place, node: ast.expr, ordered: bool) -> Expr:
    bounds = range_bounds(place, node)
    if bounds is not None:
        return integers(*bounds, place.span(node))
    known = place.context.type_of_class(static_class(place, node))
    if isinstance(known, EnumType | SortType):
        return domain(known, place.span(node))
    if isinstance(node, ast.Call):
        _refuse_wrappers(place, node)
    found = value(place, node)
    if isinstance(found.type, TupleType):
        return found
    if isinstance(found.type, SetType | MapType):
        if not ordered:
            return found if isinstance(found.type, SetType) else domain(found.type.key, found.span)
        help = "sets and maps have no order: go through a sort, a range or a tuple, or use `min`"
        raise place.error("S097", "an order is needed here", node, help)
    help = "go through a sort, an enumeration, a range, a tuple, a set, or the keys of a map"
    raise place.error("S097", f"{describe(found.type)} cannot be gone through", node, help)


def _refuse_wrappers(place: Place, node: ast.Call) -> None:
    match node.func:
        case ast.Attribute(owner, "values" | "items" | "keys"):
            found = place.read(owner)
            if isinstance(found.type, MapType):
                text = place.text(owner)
                help = f"go through its keys: `for key in {text}`, and read `{text}[key]`"
                raise place.error("S097", f"the {node.func.attr} of a map", node, help)
        case ast.Name("enumerate" | "zip" | "reversed" as name):
            help = "go through the positions: `for i in range(len(items))`, and read `items[i]`"
            raise place.error("S097", f"`{name}` is not part of the language", node, help)
