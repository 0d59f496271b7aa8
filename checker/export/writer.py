"""What writes an expression in TLA+: the names it knows, and a row for each operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from checker.export.library import NAMES
from checker.export.names import Names
from checker.export.sets import set_of_type
from checker.export.text import Bracketed, Text, Word
from checker.ir.expr import Expr
from checker.ir.ops import Op
from checker.ir.types import MapType, OptionType, RecordType, SetType, TupleType, Type

STEPPED_THROUGH = frozenset({Op.AND, Op.OR, Op.ITE, Op.ALL, Op.ANY})
"""Where TLC goes on to look for ways to take a step; what is below others is a value to it."""


@dataclass(frozen=True)
class Writer:
    """What an expression is written with.

    `names` are those of sorts and their members, enumerations and variables; `calls` the
    expressions that a helper operator stands for; `source` the locals of the spec's source, by
    value; `locals` what the names bound here stand for.
    `bound` are the names bound around, which must not be bound again; `shared` is what `LET` has
    named. `in_action` is where TLC looks for ways to take a step: it tries each part of a
    disjunction there. `used` collects the operators of the library that were needed.
    """

    rows: Mapping[Op, Row]
    names: Mapping[str, str]
    taken: Names
    calls: Mapping[Expr, tuple[str, tuple[Expr, ...]]]
    source: Mapping[Expr, str]
    locals: Mapping[str, Text] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    shared: Mapping[Expr, str] = field(default_factory=dict)
    in_action: bool = False
    used: set[str] = field(default_factory=set)

    def write(self, expr: Expr) -> Text:
        """The expression; as a call of a helper where it is one."""
        if expr in self.shared:
            return Word(self.shared[expr])
        if expr in self.calls:
            return self.call(*self.calls[expr])
        if self.in_action and expr.op not in STEPPED_THROUGH:
            return replace(self, in_action=False).write(expr)
        return self.rows[expr.op](self, expr)

    def call(self, name: str, arguments: tuple[Expr, ...]) -> Text:
        """A helper operator with its arguments."""
        if not arguments:
            return Word(self.names[name])
        return Bracketed(f"{self.names[name]}(", tuple(map(self.write, arguments)), ")")

    def library(self, name: str, *arguments: Text) -> Text:
        """An operator of the library with its arguments; it will be defined."""
        assert name in NAMES, name
        self.used.add(name)
        return Bracketed(f"{name}(", arguments, ")")

    def bind(self, local: str) -> tuple[str, Writer]:
        """A name for what is bound here, and the writer for where it is known."""
        plain = local.rpartition(".")
        name = self.taken.free(plain[0] if plain[2].isdecimal() else plain[2], self.bound)
        inside = self.knowing(local, Word(name))
        return name, replace(inside, bound=self.bound | {name})

    def knowing(self, local: str, text: Text) -> Writer:
        """The writer for where a bound name stands for this."""
        return replace(self, locals={**self.locals, local: text})

    def set_of(self, type: Type, listed: bool = False) -> Text:
        """All values of a type, as `set_of_type`."""
        self.used.update(_needed(type, listed))
        return set_of_type(type, self.names, listed)


Row: TypeAlias = Callable[[Writer, Expr], Text]


def _needed(type: Type, listed: bool) -> set[str]:
    """The operators of the library that the set of a type's values is written with."""
    match type:
        case TupleType(of):
            return {"SequencesUpTo" if listed else "BoundedSequences"} | _needed(of, listed)
        case SetType(of, most):
            return _needed(of, listed) | (set() if most is None else {"SetsUpTo"})
        case OptionType(of):
            return _needed(of, listed)
        case RecordType(_, fields):
            return {name for _, of in fields for name in _needed(of, listed)}
        case MapType(key, value):
            return _needed(key, listed) | _needed(value, listed)
        case _:
            return set()
