"""The source of classes and functions: files read and parsed once for each `declare`."""

from __future__ import annotations

import ast
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import CellType, CodeType, FunctionType
from typing import Any

from checker.lang.declaration import Code, SourceFile
from checker.lang.errors import SpecError

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FOR_TOOLS = re.compile(r"#\s*(?:noqa\b|(?:fmt|mypy|pragma|pylint|pyright|ruff|type):)[^#]*")


@dataclass(frozen=True, slots=True)
class ClassSource:
    """A class with its syntax and the names of its module."""

    owner: type
    node: ast.ClassDef
    source: SourceFile
    names: Mapping[str, Any]

    def code(self, node: ast.AST) -> Code:
        """A piece of the class's syntax."""
        return Code(node, self.source, self.names)


@dataclass(frozen=True, slots=True)
class _Module:
    source: SourceFile
    tree: ast.Module


class Sources:
    """The files read so far."""

    def __init__(self) -> None:
        self._modules: dict[str, _Module] = {}

    def of_class(self, cls: type) -> ClassSource:
        """The syntax of a class; a `SpecError` if its file is not there."""
        module = sys.modules.get(cls.__module__)
        path = getattr(module, "__file__", None)
        if module is None or path is None:
            raise _no_source(cls.__qualname__)
        parsed = self._parse(path, cls.__qualname__)
        lines = {
            value.__code__.co_firstlineno
            for value in vars(cls).values()
            if isinstance(value, FunctionType) and value.__code__.co_filename == path
        }
        found = [node for name, node in _classes(parsed.tree.body, "") if name == cls.__qualname__]
        if not found:
            raise _no_source(cls.__qualname__)
        # The name may be defined twice, under an `if`: the methods' lines tell which one ran.
        node = next((node for node in found if _contains(node, lines)), found[-1])
        return ClassSource(cls, node, parsed.source, vars(module))

    def of_function(self, function: FunctionType) -> Code:
        """The syntax of a function; a `SpecError` if its file is not there."""
        code = function.__code__
        parsed = self._parse(code.co_filename, function.__qualname__)
        for node in ast.walk(parsed.tree):
            if isinstance(node, _FUNCTIONS) and _is_source_of(node, code):
                return Code(node, parsed.source, names_of(function))
        raise _no_source(function.__qualname__)

    def _parse(self, path: str, name: str) -> _Module:
        if path not in self._modules:
            try:
                with tokenize.open(path) as file:
                    text = file.read()
                tree = ast.parse(text, path)
            except (OSError, SyntaxError, UnicodeDecodeError):
                raise _no_source(name) from None
            self._modules[path] = _Module(SourceFile(readable(path), text), tree)
        return self._modules[path]


def names_of(function: FunctionType) -> Mapping[str, Any]:
    """The names that a function sees beyond its own: globals, and what it closes over."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells.pop("__class__", None)
    if not cells:
        return function.__globals__
    return {**function.__globals__, **_filled(cells)}


def readable(path: str) -> str:
    """A path as a reader wants it: relative, where it lies below the working directory."""
    full = Path(path)
    try:
        return str(full.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return path


def trailing_comment(source: SourceFile, node: ast.AST) -> str:
    """The comment that ends the line on which a statement ends, without what is for linters."""
    span = source.span(node)
    rest = _FOR_TOOLS.sub("", source.line(span.end_line)[span.end_column :]).strip()
    return rest.lstrip("#").strip() if rest.startswith("#") else ""


def _filled(cells: Mapping[str, CellType]) -> dict[str, Any]:
    """The contents of the cells that have some: a cell is empty until its name is assigned."""
    found: dict[str, Any] = {}
    for name, cell in cells.items():
        with suppress(ValueError):
            found[name] = cell.cell_contents
    return found


def _classes(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield prefix + statement.name, statement
            yield from _classes(statement.body, f"{prefix}{statement.name}.")
        elif isinstance(statement, _FUNCTIONS):
            yield from _classes(statement.body, f"{prefix}{statement.name}.<locals>.")
        else:
            for field in ("body", "orelse", "finalbody"):
                yield from _classes(getattr(statement, field, []), prefix)


def _contains(node: ast.ClassDef, lines: set[int]) -> bool:
    return any(node.lineno <= line <= (node.end_lineno or node.lineno) for line in lines)


def _is_source_of(node: ast.FunctionDef | ast.AsyncFunctionDef, code: CodeType) -> bool:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return node.name == code.co_name and first == code.co_firstlineno


def _no_source(name: str) -> SpecError:
    return SpecError(
        "S001",
        f"the source of {name} cannot be read",
        help="a spec is compiled from its source: put it in a file and run that",
    )
