"""Reading an expression as something: of a wanted type, as a condition, as a value to keep."""

from __future__ import annotations

import ast

from checker.ir.expr import Expr
from checker.ir.types import (
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
from checker.lang.lower.build import optional, unwrapped
from checker.lang.lower.place import Place
from checker.lang.lower.types import describe, fits, without_none

_SET_OPERATORS = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.Sub)


def lifted(expr: Expr, wanted: Type | None) -> Expr:
    """The expression as an optional, if one is wanted and it is not one."""
    if isinstance(wanted, OptionType) and compatible(expr.type, wanted.of):
        return optional(expr, expr.span)
    return expr


def unified(a: Expr, b: Expr) -> tuple[Expr, Expr] | None:
    """Both with compatible types, one of them made optional if need be; `None` if they differ."""
    a, b = lifted(a, b.type), lifted(b, a.type)
    return (a, b) if compatible(a.type, b.type) else None


def expect(place: Place, node: ast.expr, wanted: Type, code: str) -> Expr:
    """The expression, of the wanted type; a mistake with this code if it has another."""
    found = place.read(node, wanted)
    if fits(found.type, wanted):
        return lifted(found, wanted)
    raise mismatch(place, node, found.type, wanted, code)


def value(place: Place, node: ast.expr, expected: Type | None = None) -> Expr:
    """The expression as a value: an optional stands for what it holds, undefined for `None`."""
    found = place.read(node, expected)
    return unwrapped(found, found.span)


def expect_value(place: Place, node: ast.expr, wanted: Type, code: str) -> Expr:
    """As `expect`, but an optional may stand for the value that it holds, if none is wanted."""
    if isinstance(wanted, OptionType):
        return expect(place, node, wanted, code)
    found = value(place, node, wanted)
    if fits(found.type, wanted):
        return lifted(found, wanted)
    raise mismatch(place, node, found.type, wanted, code)


def expect_kept(place: Place, node: ast.expr, wanted: Type, code: str) -> Expr:
    """As `expect`, for a value that gets a second name or a place: it may not be mutable."""
    found = expect(place, node, wanted, code)
    refuse_mutable(place, node, found)
    return found


def refuse_mutable(place: Place, node: ast.expr, found: Expr) -> None:
    """A map, or a collection that Python could change, may not be kept under a second name."""
    if isinstance(found.type, MapType):
        help = "read one value of it with `[key]`; a copy is `{key: … for key in …}`"
        if isinstance(node, ast.Attribute | ast.Subscript):
            text = place.text(node)
            help = f"read one value of it, `{text}[key]`: two names for one map would be a trap"
        raise place.error("S084", "a map used as a value", node, help)
    mutable = mutable_part(node)
    if mutable is not None:
        help = f"write `frozenset({place.text(mutable)})`"
        raise place.error("S085", "a set in braces is mutable in Python", mutable, help)


def mutable_part(node: ast.expr) -> ast.expr | None:
    """The set in braces that would make the value of the whole expression a mutable set."""
    match node:
        case ast.Set() | ast.SetComp():
            return node
        case ast.BinOp(left, op, _) if isinstance(op, _SET_OPERATORS):
            return mutable_part(left)
        case ast.IfExp(_, then, otherwise):
            return mutable_part(then) or mutable_part(otherwise)
        case _:
            return None


def condition(place: Place, node: ast.expr) -> Expr:
    """The expression as a condition: `True` or `False`, nothing else."""
    found = place.read(node, BoolType())
    if isinstance(found.type, BoolType):
        return found
    text = place.text(node)
    match found.type:
        case IntType():
            help = f"write a comparison: `{text} != 0`, `{text} > 0`"
        case OptionType():
            help = f"write `{text} is not None`"
        case TupleType() | SetType():
            help = f"write `len({text}) > 0`"
        case _:
            help = "write a comparison"
    message = f"a condition is true or false, and this is {describe(found.type)}"
    raise place.error("S086", message, node, help)


def mismatch(place: Place, node: ast.expr, found: Type, wanted: Type, code: str) -> SpecError:
    """The mistake of a wrong type, at the smallest expression that has it."""
    node, found, wanted = _blamed(place, node, found, wanted)
    return place.error(
        code,
        f"expected {describe(wanted)}, got {describe(found)}",
        node,
        _help(place, node, found, wanted),
    )


def _blamed(place: Place, node: ast.expr, found: Type, wanted: Type) -> tuple[ast.expr, Type, Type]:
    """The part of a display or a choice that has the wrong type."""
    parts: list[ast.expr] = []
    inner = wanted
    bare = without_none(wanted)
    match node:
        case ast.IfExp(_, then, otherwise):
            parts = [then, otherwise]
        case ast.Tuple(elements) if isinstance(bare, TupleType):
            parts, inner = elements, bare.of
        case ast.Set(elements) if isinstance(bare, SetType):
            parts, inner = elements, bare.of
        case ast.Call(ast.Name("frozenset"), [ast.Set() | ast.Tuple() as display]):
            parts = [display]
            if isinstance(display, ast.Tuple) and isinstance(bare, SetType):
                inner = TupleType(bare.of, None)
        case ast.BinOp(left, ast.Add() | ast.BitOr(), right):
            parts = [left, right] if isinstance(bare, TupleType | SetType) else []
    for part in parts:
        type = place.read(part, inner).type
        if not fits(type, inner):
            return _blamed(place, part, type, inner)
    return node, found, wanted


def _help(place: Place, node: ast.expr, found: Type, wanted: Type) -> str:
    text = place.text(node)
    if isinstance(found, OptionType) and compatible(found.of, wanted):
        return f"it may be None: write `some({text})` where it is not, or test it first"
    if isinstance(found, MapType) and fits(found.value, wanted):
        return f"read one value of it: `{text}[key]`, with a key of type {describe(found.key)}"
    bare = without_none(wanted)
    if isinstance(bare, TupleType) and fits(found, bare.of):
        return f"a tuple of one element is `({text},)`"
    if isinstance(bare, SetType) and fits(found, bare.of):
        return f"a set of one member is `frozenset({{{text}}})`, or `{{{text}}}` beside an operator"
    if isinstance(bare, BoolType) and isinstance(found, IntType):
        return f"write a comparison: `{text} != 0`"
    if isinstance(bare, IntType) and isinstance(found, TupleType | SetType):
        return f"write `len({text})` for its size"
    if isinstance(bare, IntType) and isinstance(found, BoolType):
        return f"write `1 if {text} else 0`"
    return names_of_type(place, wanted)


def names_of_type(place: Place, wanted: Type) -> str:
    """A help line with what is in reach and has the wanted type."""
    found = [name for name, local in place.locals.items() if fits(local.expr.type, wanted)]
    for state, view in place.views.items():
        for name, expr in view.values.items():
            if fits(expr.type, wanted):
                found.append(f"{state}.{name}")
            elif isinstance(expr.type, MapType) and fits(expr.type.value, wanted):
                found.append(f"{state}.{name}[…]")
    if found:
        return f"of type {describe(wanted)} here: {', '.join(found)}"
    bare = without_none(wanted)
    if isinstance(bare, EnumType):
        return f"its members are {', '.join(f'{bare.name}.{name}' for name in bare.members)}"
    if isinstance(bare, IntType):
        return "write a whole number"
    if isinstance(bare, SortType):
        return f"take a parameter of type {bare.name}"
    return f"write a value of type {describe(wanted)}"
