"""What a spec class declares, read from the class and its source: the input of lowering.

`declare` (in `declare.py`) makes these from a class; `lower` turns them into a `Model`. Types are
resolved already, against a scope; method bodies are still Python syntax.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.ir.expr import Span
from checker.ir.model import PropertyKind
from checker.ir.types import Type


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of Python source, kept for its lines and for spans."""

    path: str
    text: str
    lines: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Kept, because every span asks for two of them.
        object.__setattr__(self, "lines", tuple(self.text.splitlines()))

    def line(self, number: int) -> str:
        """The text of line `number`, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def span(self, node: ast.AST) -> Span:
        """Where a syntax node stands. Its columns count characters, not bytes."""
        line, end_line = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
        end_line = line if end_line is None else end_line
        start = _characters(self.line(line), getattr(node, "col_offset", 0))
        end = _characters(self.line(end_line), getattr(node, "end_col_offset", 0) or 0)
        return Span(self.path, line, start, end_line, end)


def _characters(line: str, offset: int) -> int:
    """Python's syntax nodes count UTF-8 bytes; a caret needs characters."""
    return len(line.encode()[:offset].decode(errors="ignore"))


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of syntax with what is needed to read it: its file and its module's names."""

    node: ast.AST
    source: SourceFile
    names: Mapping[str, Any]
    """The globals of the module in which the code stands (a live view, not a copy)."""

    @property
    def span(self) -> Span:
        """Where the code stands."""
        return self.source.span(self.node)


@dataclass(frozen=True, slots=True)
class VariableDeclaration:
    """An annotated attribute. `initial` is the expression after `=`, or `None`."""

    name: str
    type: Type
    initial: Code | None
    doc: str
    span: Span


@dataclass(frozen=True, slots=True)
class SettingDeclaration:
    """A `Setting[...]` attribute; `value` is the Python value chosen for this run."""

    name: str
    type: Type
    value: Any
    default: Any
    doc: str
    span: Span


@dataclass(frozen=True, slots=True)
class ParameterDeclaration:
    """A parameter of a method: its type, or `None` for the spec itself (a property's state)."""

    name: str
    type: Type | None
    span: Span


@dataclass(frozen=True, slots=True)
class MethodDeclaration:
    """An action, helper method or property; `code.node` is an `ast.FunctionDef`.

    `parameters` leave out `self` for methods. `result` is the type that a helper returns: `None`
    for a procedure and for an action.
    """

    name: str
    code: Code
    parameters: tuple[ParameterDeclaration, ...]
    result: Type | None
    doc: str
    budget: str | None = None


@dataclass(frozen=True, slots=True)
class PropertyDeclaration:
    """A property. `method.parameters` name its states: none for a method on `self`."""

    kind: PropertyKind
    method: MethodDeclaration
    is_method: bool


@dataclass(frozen=True, slots=True)
class InitDeclaration:
    """What `@init` says: a method of assumptions, and the variables that it is about."""

    method: MethodDeclaration
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """Everything that a spec class declares, with its scope and settings fixed.

    `types` maps every record, enumeration and sort class in reach to its resolved type, so that
    lowering reads `Record(id=…)`, `Truncation.LEADER_EPOCH` and `for b in Broker`.
    """

    spec: type
    name: str
    doc: str
    scope: Mapping[str, int]
    settings: tuple[SettingDeclaration, ...]
    variables: tuple[VariableDeclaration, ...]
    actions: tuple[MethodDeclaration, ...]
    helpers: Mapping[str, MethodDeclaration]
    properties: tuple[PropertyDeclaration, ...]
    types: Mapping[type, Type]
    init: InitDeclaration | None = None
