"""The pool of terms: equal terms are one object, negation is its own inverse.

The factory of terms is four layers, each a class on top of the one before: the pool, `logic` (and,
or), `numbers` (arithmetic and comparison) and `build` (choice and bits). Every layer keeps two
promises that a test proves: a term made from others has the value that `TERM_TABLE` says, and its
interval holds that value whenever the intervals of the cells hold theirs.

Negation stands only on what cannot be negated otherwise, so a Boolean term and its complement are
always found to be each other's.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.ground.errors import TooWide
from checker.ground.terms import Term, TermOp

LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1


def is_boolean(term: Term) -> bool:
    """Whether the value is always 0 or 1, so that the term may stand where a Boolean is wanted."""
    return term.low >= 0 and term.high <= 1


class Pool:
    """Interns terms. `rank` numbers them by age, which gives every set of terms a fixed order."""

    def __init__(self) -> None:
        self._terms: dict[tuple[object, ...], Term] = {}
        self._negations: dict[Term, Term] = {}
        self.rank: dict[Term, int] = {}
        self.false = self.constant(0)
        self.true = self.constant(1)

    def make(self, op: TermOp, args: tuple[Term, ...], low: int, high: int, value: int = 0) -> Term:
        """The one term of this operator, arguments and value, as it stands: nothing is folded."""
        key = (op, value, *args)
        term = self._terms.get(key)
        if term is None:
            if low < LOWEST or high > HIGHEST:
                raise TooWide(low, high)
            assert low <= high, f"{op.name} has no value: {low}..{high}"
            term = Term(op, args, value, low, high)
            self._terms[key] = term
            self.rank[term] = len(self.rank)
        return term

    def constant(self, value: int) -> Term:
        """A number."""
        return self.make(TermOp.CONST, (), value, value, value)

    def cell(self, number: int, size: int) -> Term:
        """The stored number of a cell before a step; a cell of one value is the constant 0."""
        return self._cell(TermOp.CELL, number, size)

    def next_cell(self, number: int, size: int) -> Term:
        """The stored number of a cell after a step; a cell of one value is the constant 0."""
        return self._cell(TermOp.NEXT_CELL, number, size)

    def _cell(self, op: TermOp, number: int, size: int) -> Term:
        return self.false if size <= 1 else self.make(op, (), 0, size - 1, number)

    def in_order(self, terms: Iterable[Term]) -> tuple[Term, ...]:
        """The terms, oldest first."""
        return tuple(sorted(terms, key=self.rank.__getitem__))

    def not_(self, a: Term) -> Term:
        """1 - a."""
        found = self._negations.get(a)
        if found is None:
            assert is_boolean(a), f"{a} is no Boolean"
            found = self._negate(a)
            self._negations[a] = found
            self._negations[found] = a
        return found

    def _negate(self, a: Term) -> Term:
        # What is simplified stays so when it is negated: the rules of `and_` and `or_` are dual.
        match a.op:
            case TermOp.CONST:
                return self.constant(1 - a.value)
            case TermOp.AND:
                return self.make(TermOp.OR, self.in_order(map(self.not_, a.args)), 0, 1)
            case TermOp.OR:
                return self.make(TermOp.AND, self.in_order(map(self.not_, a.args)), 0, 1)
            case TermOp.ITE if is_boolean(a.args[1]) and is_boolean(a.args[2]):
                condition, b, c = a.args
                return self.make(TermOp.ITE, (condition, self.not_(b), self.not_(c)), 0, 1)
            case _:
                return self.make(TermOp.NOT, (a,), 0, 1)
