"""Expressions to values made of terms: one rule for each operator, in one table.

A rule gives the value and a term that says whether the expression has one. The two follow Python:
what would not be evaluated need not be defined. Equal expressions under equal bindings are grounded
once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from checker.ground.errors import GroundError
from checker.ground.symbolic import Symbolic, Symbols
from checker.ground.terms import Term
from checker.ir.expr import NOWHERE, Binders, Expr
from checker.ir.ops import BINDERS, Op

Bindings: TypeAlias = Mapping[str, Symbolic]


@dataclass(frozen=True, slots=True)
class Grounded:
    """A value, and whether there is one."""

    value: Symbolic
    defined: Term


Rule: TypeAlias = "Callable[[Grounder, Expr, Bindings], Grounded]"


@dataclass(frozen=True, slots=True)
class Grounder:
    """What expressions are grounded with. `after` is the state after a step."""

    symbols: Symbols
    rules: Mapping[Op, Rule]
    before: Bindings
    after: Bindings
    _known: dict[tuple[object, ...], Grounded] = field(default_factory=dict)
    _free: dict[Expr, tuple[str, ...]] = field(default_factory=dict)

    def ground(self, expr: Expr, bindings: Bindings) -> Grounded:
        """The expression under these bindings."""
        key = (expr, *[bindings[name] for name in self.free(expr)])
        found = self._known.get(key)
        if found is None:
            found = self._grounded(expr, bindings)
            self._known[key] = found
        return found

    def _grounded(self, expr: Expr, bindings: Bindings) -> Grounded:
        try:
            return self.rules[expr.op](self, expr, bindings)
        except GroundError as error:
            # The innermost expression that has a place is where the mistake is.
            if error.span is None and expr.span is not NOWHERE:
                error.span = expr.span
            raise

    def truth(self, expr: Expr, bindings: Bindings) -> tuple[Term, Term]:
        """A Boolean (or any scalar) expression: its value, and whether there is one."""
        found = self.ground(expr, bindings)
        assert isinstance(found.value, Term), f"{expr} is no scalar"
        return found.value, found.defined

    def know(self, expr: Expr, bindings: Bindings, grounded: Grounded) -> None:
        """Says what an expression is under these bindings, before it is met."""
        key = (expr, *[bindings[name] for name in self.free(expr)])
        self._known[key] = grounded

    def free(self, expr: Expr) -> tuple[str, ...]:
        """The locals that the expression depends on."""
        found = self._free.get(expr)
        if found is None:
            names = dict.fromkeys(name for arg in expr.args for name in self.free(arg))
            if expr.op is Op.LOCAL:
                names[str(expr.data)] = None
            if expr.op in BINDERS:
                assert isinstance(expr.data, Binders)
                for bound in expr.data.names:
                    names.pop(bound, None)
            found = tuple(names)
            self._free[expr] = found
        return found


def all_defined(s: Symbols, parts: Iterator[Grounded] | list[Grounded]) -> Term:
    """Whether all of them have a value."""
    return s.and_(*(part.defined for part in parts))
