"""The source behind the parts of a property: where each stands, and what it calls itself there.

The property is lowered once more, with a reader that keeps what it read. So every part of the
expression that is not merely made up on the way has its place in the property or in a helper.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from checker.ir.expr import Expr, Span, node
from checker.ir.ops import Op
from checker.ir.types import BOOL, Type
from checker.lang.declaration import Declaration, PropertyDeclaration
from checker.lang.lower.expressions import read
from checker.lang.lower.place import Body, BodyKind, Context, Place, View
from checker.lang.lower.statements import assigned_names, execute_function, state_name


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of syntax, the body that it stands in, and the expression that it stands for.

    `given` are the arguments, if it is a call of a helper method.
    """

    body: Body
    syntax: ast.expr
    expr: Expr
    given: tuple[Expr, ...]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.body.code.source.span(self.syntax)

    @property
    def line(self) -> str:
        """The line of source on which it begins."""
        return self.body.code.source.line(self.span.line)


@dataclass(frozen=True, slots=True)
class Source:
    """A property as an expression, with the pieces of syntax that stand for each part of it."""

    root: Expr
    name: str
    pieces: Mapping[int, tuple[Piece, ...]]

    def own(self, expr: Expr) -> Piece | None:
        """Where an expression stands in the property itself: the largest piece, if several."""
        found = [piece for piece in self.pieces.get(id(expr), ()) if piece.body.name == self.name]
        return found[-1] if found else None

    def helper(self, expr: Expr) -> Piece | None:
        """Where an expression stands in a helper method, if it does."""
        found = [piece for piece in self.pieces.get(id(expr), ()) if piece.body.name != self.name]
        return found[0] if found else None

    def call(self, expr: Expr) -> tuple[str, str, tuple[Expr, ...]] | None:
        """The helper method whose value it is, with the state's name before, and its arguments."""
        for piece in self.pieces.get(id(expr), ()):
            match piece.syntax:
                case ast.Call(ast.Attribute(ast.Name(state), method)):
                    return state, method, piece.given
                case _:
                    continue
        return None


def source_of(declaration: Declaration, name: str) -> Source:
    """A property of a spec; `StopIteration` if it has none of that name."""
    declared = next(p for p in declaration.properties if p.method.name == name)
    pieces: dict[int, tuple[Piece, ...]] = {}
    last_read: dict[int, Expr] = {}

    def keeping(place: Place, syntax: ast.expr, expected: Type | None) -> Expr:
        expr = read(place, syntax, expected)
        # Read again with other locals, the same syntax stands for something else.
        last_read[id(syntax)] = expr
        given = tuple(last_read[id(a)] for a in _arguments(syntax) if id(a) in last_read)
        pieces[id(expr)] = (*pieces.get(id(expr), ()), Piece(place.body, syntax, expr, given))
        return expr

    context = Context(declaration, keeping)
    return Source(_lowered(context, declared), name, pieces)


def _arguments(syntax: ast.expr) -> list[ast.expr]:
    match syntax:
        case ast.Call(ast.Attribute(ast.Name()), given, keywords):
            return [*given, *(keyword.value for keyword in keywords)]
        case _:
            return []


def _lowered(context: Context, declared: PropertyDeclaration) -> Expr:
    method = declared.method
    assigned = assigned_names(method.code.node)
    body = Body(BodyKind.PROPERTY, method.code, method.name, BOOL, assigned)
    states = [parameter.name for parameter in method.parameters] or [state_name(method)]
    views = (
        View({v.name: node(op, (), v.type, v.name) for v in context.variables.values()})
        for op in (Op.VARIABLE, Op.NEXT)
    )
    return execute_function(context, body, dict(zip(states, views, strict=False)), {})
