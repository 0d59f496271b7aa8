"""What an expression says more than once is said once, by `LET`.

Expressions are interned: a part that stands in several places is one node, and written out it
would be written each time, and what it contains again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from checker.export.text import Let, Text
from checker.export.writer import Writer
from checker.ir.expr import Binders, Expr
from checker.ir.ops import Op

WORTH_A_NAME = 8
"""How many nodes a name must save."""
KEEPS_ITS_NAME = 4
"""How many nodes a part must have to get a name; one is enough if it is a local in the source."""


def let(
    writer: Writer,
    roots: Sequence[Expr],
    write: Callable[[Writer], Text],
    names: Mapping[Expr, str],
) -> Text:
    """What is written, after names for the parts of the roots that are written repeatedly."""
    definitions = []
    for number, part in enumerate(_shared(writer, roots, names), start=1):
        name = writer.taken.free(names.get(part, f"v{number}"), writer.bound)
        definitions.append((name, writer.write(part)))
        writer = replace(writer, shared={**writer.shared, part: name}, bound=writer.bound | {name})
    written = write(writer)
    return Let(tuple(definitions), written) if definitions else written


def _shared(writer: Writer, roots: Sequence[Expr], names: Mapping[Expr, str]) -> list[Expr]:
    """The parts worth a name, each after what it contains."""
    order = _written(writer, roots)
    uses = Counter(chain(roots, (part for expr in order for part in parts(writer, expr))))
    known = frozenset(writer.locals)
    sizes: dict[Expr, int] = {}
    free: dict[Expr, frozenset[str]] = {}
    found = []
    for expr in order:
        sizes[expr] = 1 + sum(sizes[part] for part in parts(writer, expr))
        free[expr] = _free(expr, writer, free)
        often = (uses[expr] - 1) * sizes[expr] >= WORTH_A_NAME and sizes[expr] >= KEEPS_ITS_NAME
        named = expr in names and sizes[expr] >= KEEPS_ITS_NAME and expr not in roots
        if (often or named) and free[expr] <= known and expr not in writer.shared:
            found.append(expr)
            sizes[expr] = 1
    return found


def parts(writer: Writer, expr: Expr) -> tuple[Expr, ...]:
    """What is written where an expression is: nothing of one that has a name."""
    if expr in writer.shared:
        return ()
    return writer.calls[expr][1] if expr in writer.calls else expr.args


def _written(writer: Writer, roots: Sequence[Expr]) -> list[Expr]:
    """All that is written, once each, after what it contains."""
    order: dict[Expr, None] = {}
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        expr, ready = stack.pop()
        if ready:
            order[expr] = None
        elif expr not in order:
            stack.append((expr, True))
            stack.extend((part, False) for part in reversed(parts(writer, expr)))
    return list(order)


def _free(expr: Expr, writer: Writer, free: Mapping[Expr, frozenset[str]]) -> frozenset[str]:
    """The bound names and parameters that an expression reads from around it."""
    if expr.op is Op.LOCAL:
        return frozenset({str(expr.data)})
    read = frozenset[str]().union(*(free[part] for part in parts(writer, expr)))
    bound = expr.data.names if isinstance(expr.data, Binders) else ()
    return read if expr in writer.calls else read - frozenset(bound)
