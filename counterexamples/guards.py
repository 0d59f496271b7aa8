"""Which guard disables a step: the condition as it is written, and the values that it reads."""

from __future__ import annotations

import linecache
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checker.ir.expr import Binders, Expr, Span, Value, postorder
from checker.ir.model import Action, Clause, ClauseKind, Model
from checker.ir.ops import BINDERS, Op
from checker.ir.types import MapType, Type
from checker.ir.values import State, show
from checker.semantics.evaluate import Environment, by_name, evaluate
from checker.semantics.undefined import Undefined

LONGEST: Final = 240
"""A condition or a value with more characters is cut short."""

ROOT: Final = Path(__file__).resolve().parents[1]

MOST_READS: Final = 6


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that is false, where it stands, and what it reads: places with their values."""

    text: str
    place: str
    reads: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        values = ", ".join(f"{place} is {value}" for place, value in self.reads)
        return f"{self.text} ({self.place})" + (f", and {values}" if values else "")


def blocking(model: Model, action: Action, arguments: tuple[Value, ...], state: State) -> Guard:
    """The first condition that is false for a step that is disabled."""
    names = [parameter.local for parameter in action.parameters]
    locals = dict(zip(names, arguments, strict=True))
    environment = Environment(by_name(model, state), None, locals)
    clause = next(clause for clause in action.clauses if _fails(clause, environment))
    false = _first_false(clause.expr, environment)
    return _guard(model, clause, dict(_reads(false, environment, frozenset())))


def nothing_to_draw(model: Model, action: Action, state: State) -> Guard:
    """The condition that asks for a member of a set that is empty, so that there is no step."""
    environment = Environment(by_name(model, state))
    sources = [p.drawn_from for p in action.parameters if p.drawn_from is not None]
    assert sources, f"{action.name} has a step to try in every state"
    # A set that depends on an earlier parameter is empty where no set before it is.
    alone = (s for s in sources if not _has_locals(s) and not evaluate(s, environment))
    empty = next(alone, sources[-1])
    clause = next(c for c in action.clauses if c.expr.op is Op.CONTAINS and c.expr.args[0] is empty)
    parameters = frozenset(parameter.local for parameter in action.parameters)
    return _guard(model, clause, dict(_reads(empty, environment, parameters)))


def _guard(model: Model, clause: Clause, reads: dict[str, str]) -> Guard:
    """Settings are constants of a model: what a condition reads of them stands in its text."""
    text = source_text(clause.span)
    named = re.findall(r"\bself\.(\w+)", text)
    chosen = {name: model.settings[name] for name in named if name in model.settings}
    return Guard(text, place(clause.span), tuple({**chosen, **reads}.items())[:MOST_READS])


def place(span: Span) -> str:
    """The file and the line; a file of ours from our own root, wherever that is."""
    path = Path(span.file)
    ours = path.is_absolute() and path.is_relative_to(ROOT)
    return f"{path.relative_to(ROOT).as_posix() if ours else span.file}:{span.line}"


def source_text(span: Span) -> str:
    """What stands there, on one line."""
    lines = [linecache.getline(span.file, n) for n in range(span.line, span.end_line + 1)]
    if not all(lines):
        return f"the condition at {place(span)}"
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column :]
    text = " ".join(" ".join(lines).split())
    return shortened(text)


def shortened(text: str) -> str:
    """The beginning of a text that is too long to be read in passing."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _fails(clause: Clause, environment: Environment) -> bool:
    is_condition = clause.kind is ClauseKind.REQUIRE and evaluate(clause.path, environment)
    return bool(is_condition) and not evaluate(clause.expr, environment)


def _first_false(expr: Expr, environment: Environment) -> Expr:
    """Of conditions joined by `and`, the one that is false."""
    if expr.op is not Op.AND:
        return expr
    false = next(part for part in expr.args if not evaluate(part, environment))
    return _first_false(false, environment)


def _reads(
    expr: Expr, environment: Environment, bound: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The places of the state that an expression reads, as the whole state names them."""
    found = _place(expr, environment, bound)
    if found is not None:
        name, type, value = found
        yield name, shortened(show(type, value))
    elif expr.op is Op.SELECT:
        map, key = expr.args
        yield from _reads(map, environment, bound)
        yield from _reads(key, environment, bound)
    else:
        if expr.op in BINDERS:
            assert isinstance(expr.data, Binders), expr
            bound |= frozenset(expr.data.names)
        for part in expr.args:
            yield from _reads(part, environment, bound)


def _place(
    expr: Expr, environment: Environment, bound: frozenset[str]
) -> tuple[str, Type, Value] | None:
    """A variable, or the value of a map at a key that is known; `None` for anything else."""
    if expr.op is Op.VARIABLE:
        return str(expr.data), expr.type, evaluate(expr, environment)
    if expr.op is not Op.SELECT or _mentions(expr.args[1], bound):
        return None
    inner = _place(expr.args[0], environment, bound)
    try:
        key, value = evaluate(expr.args[1], environment), evaluate(expr, environment)
    except Undefined:  # it stands where nobody came to: behind an `or`, say
        return None
    map = expr.args[0].type
    assert isinstance(map, MapType), map
    return None if inner is None else (f"{inner[0]}[{show(map.key, key)}]", expr.type, value)


def _mentions(expr: Expr, names: frozenset[str]) -> bool:
    return any(part.op is Op.LOCAL and part.data in names for part in postorder((expr,)))


def _has_locals(expr: Expr) -> bool:
    return any(part.op is Op.LOCAL for part in postorder((expr,)))
