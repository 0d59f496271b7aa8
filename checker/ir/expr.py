"""Expressions: frozen, interned nodes with a type and a place in the source.

Equal expressions are one object while any of them is alive, so `is` is equality and a memo by
node shares work between equal subexpressions. The source span is not part of what makes two
expressions equal: the first one met keeps its span.

A binder (`ALL`, `SET_OF`, …) carries its `Binders` in `data`; its arguments are, for each bound
name in turn, its source and the condition that follows it, then the body, then the default if
there is one. `MAP_OF` has one bound name over its key domain and just the body. Bound names are
unique within a model, so no substitution ever captures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias
from weakref import WeakValueDictionary

from checker.ir.ops import BINDERS, TABLE, Op
from checker.ir.types import Type

Value: TypeAlias = "bool | int | tuple[Value, ...] | frozenset[Value] | None"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source file: lines from 1, columns from 0 (in characters), end excluded."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column + 1}"


NOWHERE = Span("<built>", 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Binders:
    """The names that a binder binds, and whether its last argument is a default."""

    names: tuple[str, ...]
    types: tuple[Type, ...]
    has_default: bool = False


Data: TypeAlias = "Value | str | Type | Binders"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Expr:
    """One node. Make it with `node`, never directly."""

    op: Op
    args: tuple[Expr, ...]
    type: Type
    data: Data
    span: Span

    def __repr__(self) -> str:
        return f"Expr({self.op.name}, {self.data!r}, {len(self.args)} args, {self.type})"


class _Interned:
    """The nodes alive, by structure. Weak, so it holds nothing back and has no observable state."""

    def __init__(self) -> None:
        self.nodes: WeakValueDictionary[object, Expr] = WeakValueDictionary()


_INTERNED = _Interned()


def node(
    op: Op, args: tuple[Expr, ...], type: Type, data: Data = None, span: Span = NOWHERE
) -> Expr:
    """The one node of this operator, arguments, type and data."""
    arity = TABLE[op].arity
    assert arity is None or len(args) == arity, f"{op.name} takes {arity}, got {len(args)}"
    # `True == 1` in Python: the class of the data keeps a Boolean and an integer apart.
    key = (op, tuple(map(id, args)), type, data.__class__, data)
    found = _INTERNED.nodes.get(key)
    if found is None:
        found = Expr(op, args, type, data, span)
        _INTERNED.nodes[key] = found
    return found


def postorder(roots: tuple[Expr, ...]) -> Iterator[Expr]:
    """Every distinct node below the roots, each after its arguments."""
    seen: set[int] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        expr, ready = stack.pop()
        if ready:
            yield expr
        elif id(expr) not in seen:
            seen.add(id(expr))
            stack.append((expr, True))
            stack.extend((arg, False) for arg in reversed(expr.args))


@dataclass(frozen=True, slots=True)
class Generator:
    """One `for name in source if condition` of a binder."""

    name: str
    type: Type
    source: Expr
    condition: Expr


def generators(expr: Expr) -> tuple[Generator, ...]:
    """The generators of a binder other than `MAP_OF`, outermost first."""
    assert expr.op in BINDERS and expr.op is not Op.MAP_OF, expr.op
    assert isinstance(expr.data, Binders)
    bound = expr.data
    return tuple(
        Generator(name, type, expr.args[2 * i], expr.args[2 * i + 1])
        for i, (name, type) in enumerate(zip(bound.names, bound.types, strict=True))
    )


def body(expr: Expr) -> Expr:
    """The body of a binder."""
    assert isinstance(expr.data, Binders)
    return expr.args[-2] if expr.data.has_default else expr.args[-1]


def default(expr: Expr) -> Expr | None:
    """The default of a binder, if it has one."""
    assert isinstance(expr.data, Binders)
    return expr.args[-1] if expr.data.has_default else None
