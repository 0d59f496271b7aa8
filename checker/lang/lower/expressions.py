"""Expressions: one row for each form of Python's syntax, taken or refused."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from checker.ir.expr import Expr
from checker.ir.types import Type
from checker.lang.lower.access import attribute, name, subscript
from checker.lang.lower.calls import call
from checker.lang.lower.compare import comparison
from checker.lang.lower.displays import (
    conditional,
    dict_display,
    list_display,
    literal,
    map_comprehension,
    set_comprehension,
    set_display,
    tuple_display,
)
from checker.lang.lower.operators import binary, boolean, unary
from checker.lang.lower.place import Place

Row: TypeAlias = Callable[[Place, Any, "Type | None"], Expr]

TAKEN: Final[Mapping[type[ast.expr], Row]] = {
    ast.Constant: literal,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.Subscript: subscript,
    ast.BoolOp: boolean,
    ast.UnaryOp: unary,
    ast.BinOp: binary,
    ast.Compare: comparison,
    ast.IfExp: conditional,
    ast.Tuple: tuple_display,
    ast.Set: set_display,
    ast.SetComp: set_comprehension,
    ast.DictComp: map_comprehension,
    ast.Call: call,
    ast.Dict: dict_display,
    ast.List: list_display,
    ast.ListComp: list_display,
}

_TEXT: Final = "name the cases with an Enum; `splitbrain show` prints the values of a trace"
_ASYNCHRONOUS: Final = ("S058", "an asynchronous expression", "an action is one atomic step")
REFUSED: Final[Mapping[type[ast.expr], tuple[str, str, str]]] = {
    ast.Lambda: ("S057", "a function inside a body", "make it a helper method of the spec"),
    ast.NamedExpr: ("S069", "an assignment inside an expression", "assign on a line of its own"),
    ast.Starred: ("S070", "a starred expression", "join tuples with `+`, sets with `|`"),
    ast.Slice: ("S070", "a slice here", "only tuples have slices: `items[a:b]`"),
    ast.JoinedStr: ("S071", "an f-string", _TEXT),
    ast.GeneratorExp: (
        "S070",
        "a generator as a value",
        "write `tuple(…)` or `frozenset(…)` around it, or all, any, sum, min, max",
    ),
    ast.Await: _ASYNCHRONOUS,
    ast.Yield: ("S058", "a `yield`", "an action is one atomic step: make two actions of it"),
    ast.YieldFrom: ("S058", "a `yield`", "an action is one atomic step: make two actions of it"),
}


def read(place: Place, node: ast.expr, expected: Type | None) -> Expr:
    """The expression that a piece of syntax stands for."""
    row = TAKEN.get(type(node))
    if row is not None:
        return row(place, node, expected)
    unknown = ("S070", f"an expression of kind {type(node).__name__}", "see docs/LANGUAGE.md")
    code, message, help = REFUSED.get(type(node), unknown)
    raise place.error(code, message, node, help)
