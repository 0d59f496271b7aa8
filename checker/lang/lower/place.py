"""Where an expression stands: the states, locals and Python names that it can read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from checker.ir.expr import Expr, Span
from checker.ir.types import EnumType, RecordType, SortType, Type
from checker.lang.declaration import (
    Code,
    Declaration,
    MethodDeclaration,
    SettingDeclaration,
    VariableDeclaration,
)
from checker.lang.errors import SpecError
from checker.lang.lower.defined import NOTHING_KNOWN, Facts

Reader: TypeAlias = Callable[["Place", ast.expr, "Type | None"], Expr]
"""Lowers an expression; the type, if given, is what the place would like it to have."""


class Context:
    """What one lowering shares: the declaration, fresh names, and helpers expanded so far.

    `expanded` goes by helper, arguments and state; `named` is what locals stand for, by value.
    """

    def __init__(self, declaration: Declaration, read: Reader) -> None:
        self.declaration = declaration
        self.read = read
        self.variables: Mapping[str, VariableDeclaration] = {
            variable.name: variable for variable in declaration.variables
        }
        self.settings: Mapping[str, SettingDeclaration] = {
            setting.name: setting for setting in declaration.settings
        }
        self.actions: Mapping[str, MethodDeclaration] = {
            action.name: action for action in declaration.actions
        }
        self.properties: Mapping[str, MethodDeclaration] = {
            property.method.name: property.method
            for property in declaration.properties
            if property.is_method and not property.method.parameters
        }
        self.property_functions: Mapping[object, MethodDeclaration] = {
            property.method.code.names.get(property.method.name): property.method
            for property in declaration.properties
            if not property.is_method and len(property.method.parameters) == 1
        }
        self.expanded: dict[tuple[object, ...], Expr] = {}
        self.named: dict[Expr, str] = {}
        self.lowered: set[str] = set()
        self._numbers: dict[str, int] = {}

    def fresh(self, name: str) -> str:
        """A name that nothing else in the model has: `replica.3`."""
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return f"{name}.{self._numbers[name]}"

    def type_of_class(self, cls: object) -> EnumType | SortType | RecordType | None:
        """The type that a class of the spec stands for, if it is an enumeration, sort or record."""
        found = self.declaration.types.get(cls) if isinstance(cls, type) else None
        if isinstance(found, EnumType | SortType | RecordType):
            return found
        if isinstance(cls, type) and issubclass(cls, Enum) and len(cls):
            return EnumType(cls.__name__, tuple(member.name for member in cls))
        return None


class BodyKind(Enum):
    """What is being lowered: it decides which statements are allowed."""

    ACTION = "an action"
    PROCEDURE = "a helper that changes the state"
    FUNCTION = "a helper that returns a value"
    PROPERTY = "a property"
    INITIAL = "an initial value"
    INIT = "an `@init`"


@dataclass(frozen=True, slots=True)
class Body:
    """One body being lowered. `reads` collects the names of locals that were read."""

    kind: BodyKind
    code: Code
    name: str
    result: Type | None = None
    assigned: frozenset[str] = frozenset()
    callers: tuple[str, ...] = ()
    reads: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Local:
    """A local, a parameter or a bound name, with the place that gave it its value."""

    expr: Expr
    span: Span
    fixed: bool = False
    """Whether it may not be assigned to: a parameter or a bound name."""


@dataclass(frozen=True, slots=True)
class View:
    """A state, as the expressions that its variables stand for."""

    values: Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands. `views` are the names of states: `self`, or `before`, `after`."""

    context: Context
    body: Body
    views: Mapping[str, View]
    locals: Mapping[str, Local]
    unsure: frozenset[str] = frozenset()
    """Locals that have a value on some of the paths that lead here, but not on all."""
    facts: Facts = NOTHING_KNOWN

    def read(self, node: ast.expr, expected: Type | None = None) -> Expr:
        """The expression that the syntax stands for."""
        return self.context.read(self, node, expected)

    def span(self, node: ast.AST) -> Span:
        """Where a piece of syntax stands."""
        return self.body.code.source.span(node)

    def error(self, code: str, message: str, node: ast.AST, help: str = "") -> SpecError:
        """A mistake at a piece of syntax, to raise."""
        return SpecError(code, message, self.span(node), help)

    def error_at_name(
        self, code: str, message: str, node: ast.Attribute, help: str = ""
    ) -> SpecError:
        """A mistake at the name after the dot, to raise."""
        whole = self.span(node)
        start = whole.end_column - len(node.attr)
        span = Span(whole.file, whole.end_line, start, whole.end_line, whole.end_column)
        return SpecError(code, message, span, help)

    def bind(self, name: str, local: Local) -> Place:
        """The same place, with one more name."""
        unsure = self.unsure - {name}
        return replace(self, locals={**self.locals, name: local}, unsure=unsure)

    def text(self, node: ast.AST) -> str:
        """A piece of syntax as text, on one line."""
        return ast.unparse(node)

    def known_names(self) -> Iterator[str]:
        """The names that an expression may use here, for suggestions."""
        yield from self.locals
        yield from self.views
        yield from (name for name in self.body.code.names if not name.startswith("_"))
