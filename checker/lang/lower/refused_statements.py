"""Statements that are not part of the language, and what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final, NoReturn

from checker.ir.expr import Span
from checker.lang.errors import SpecError
from checker.lang.lower.flow import Flow, Run

_WITHOUT_LOOP: Final = (
    "ask about all with `all(… for … in …)`; build with `frozenset(…)`, `tuple(…)`, or "
    "`self.x = {key: … for key in …}`"
)
_EXCEPTION: Final = ("S052", "an exception", "test first: `require(…)`, or `if …`")
_FUNCTION: Final = ("S057", "a function inside a body", "make it a helper method of the spec")
_ASYNCHRONOUS: Final = ("S058", "an asynchronous statement", "an action is one atomic step")
_SCOPING: Final = ("S055", "a name of an outer scope", "state lives in variables: `self.x`")
_LOOP_EXIT: Final = ("S070", "a way out of a loop", "there are no loop statements")

_REFUSED: Final[Mapping[type[ast.stmt], tuple[str, str, str]]] = {
    ast.For: ("S050", "a `for` statement", _WITHOUT_LOOP),
    ast.While: ("S051", "a `while` statement", _WITHOUT_LOOP),
    ast.Try: _EXCEPTION,
    ast.TryStar: _EXCEPTION,
    ast.Raise: _EXCEPTION,
    ast.With: ("S053", "a `with` statement", "an action is one atomic step: no locks, no files"),
    ast.Import: ("S054", "an import inside a body", "import at the top of the file"),
    ast.ImportFrom: ("S054", "an import inside a body", "import at the top of the file"),
    ast.Delete: ("S055", "`del`", "assign the value that it should have: `self.x = None`, `()`"),
    ast.Global: _SCOPING,
    ast.Nonlocal: _SCOPING,
    ast.Assert: ("S056", "an `assert`", "write `require(…)`, or an @invariant"),
    ast.FunctionDef: _FUNCTION,
    ast.ClassDef: ("S057", "a class inside a body", "define it at the top of the file"),
    ast.AsyncFunctionDef: _FUNCTION,
    ast.AsyncFor: _ASYNCHRONOUS,
    ast.AsyncWith: _ASYNCHRONOUS,
    ast.Break: _LOOP_EXIT,
    ast.Continue: _LOOP_EXIT,
}


def refused_statement(run: Run, flow: Flow, node: ast.stmt) -> NoReturn:
    """Raise the mistake of a statement that is not part of the language."""
    unknown = ("S070", f"a statement of kind {type(node).__name__}", "see docs/LANGUAGE.md")
    code, message, help = _REFUSED.get(type(node), unknown)
    span = run.place(flow).span(node)
    if span.end_line > span.line:
        # The caret marks the keyword of a statement that goes on over several lines.
        width = len(run.body.code.source.line(span.line)[span.column :].split("#")[0].rstrip())
        span = Span(span.file, span.line, span.column, span.line, span.column + width)
    raise SpecError(code, message, span, help)
