"""Where a condition stands, and what it says, in the words of the source."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from typing import Final

from checker.ir.expr import NOWHERE, Expr, Span
from checker.ir.ops import Op

Comparison = type[ast.cmpop]

COMPARISONS: Final[dict[Op, tuple[Comparison, Comparison]]] = {
    Op.EQ: (ast.Eq, ast.NotEq),
    Op.CONTAINS: (ast.In, ast.NotIn),
    Op.IS_SOME: (ast.IsNot, ast.Is),
}
"""How a comparison is written, and how its opposite: in the model, that is a `NOT`."""
OPPOSITES: Final[dict[Comparison, Comparison]] = {
    one: other for pair in COMPARISONS.values() for one, other in (pair, pair[::-1])
}


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, and the source of what begins there, on one line; empty for a whole one."""

    file: str
    line: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def whole(home: Span) -> Place:
    """The place of a whole action or property."""
    return Place(home.file, home.line)


def exactly(span: Span) -> Place:
    """The place of a condition that has a span of its own."""
    return Place(span.file, span.line, _source(span))


def place_of(home: Span, span: Span, asked: Expr) -> Place:
    """The place of a condition that stands at `home`, or in a helper that is called from there.

    Equal expressions are one, with the span of the first that was read; that one may stand in
    another property, and may say the opposite: `a != b` is read as not `a == b`. So what the owner
    says in the same words itself is taken for the condition, and the text says what was asked.
    What was put together from several stands nowhere by itself: the owner is named then.
    """
    if span == NOWHERE:
        return whole(home)
    text, opposite = _source(span), _opposite(_source(span))
    for number in range(home.line, home.end_line + 1):
        line = _joined(_lines(home.file, number, number + span.end_line - span.line))
        if text in line or (opposite is not None and opposite in line):
            return Place(home.file, number, _saying(asked, text))
    return Place(span.file, span.line, _saying(asked, text))


def _saying(asked: Expr, text: str) -> str:
    """The text, or its opposite if that is what was asked."""
    is_negated = asked.op is Op.NOT
    ways = COMPARISONS.get(asked.args[0].op if is_negated else asked.op)
    comparison = _comparison(text)
    if ways is None or comparison is None or type(comparison.ops[0]) not in ways:
        return text
    says_it = (type(comparison.ops[0]) is ways[1]) is is_negated
    return text if says_it else _opposite(text) or text


def _comparison(text: str) -> ast.Compare | None:
    """The text as a comparison that has an opposite in the language."""
    try:
        found = ast.parse(f"({text})", mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(found, ast.Compare) or len(found.ops) != 1:
        return None
    return found if type(found.ops[0]) in OPPOSITES else None


def _opposite(text: str) -> str | None:
    """The opposite in the same words; `None` if the text is no such comparison."""
    found = _comparison(text)
    if found is None:
        return None
    opposite = OPPOSITES[type(found.ops[0])]()
    return ast.unparse(ast.Compare(found.left, [opposite], found.comparators))


def _source(span: Span) -> str:
    lines = _lines(span.file, span.line, span.end_line)
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column :]
    return _joined(lines)


def _lines(file: str, first: int, last: int) -> list[str]:
    return [linecache.getline(file, number) for number in range(first, last + 1)]


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
