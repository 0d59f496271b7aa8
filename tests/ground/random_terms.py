"""Random terms, made twice: folded by the factory, and raw as they are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from checker.ground.assume import REBUILD
from checker.ground.build import Terms
from checker.ground.terms import Term, TermOp

SIZES = (2, 2, 3, 4, 6)
"""How many values each cell has: Booleans, and small numbers."""
CONSTANTS = (0, 1, 2, 3, 5, 7, -1, -2)
WIDEST = 1 << 40
"""Numbers are kept within this, so that no product of two needs more than 64 bits."""

TRUTHS = (TermOp.NOT, TermOp.AND, TermOp.OR, TermOp.EQ, TermOp.LT, TermOp.LE, TermOp.ITE)
NUMBERS = (
    *(TermOp.ADD, TermOp.ADD, TermOp.SUB, TermOp.MUL, TermOp.FLOORDIV, TermOp.MOD),
    *(TermOp.ITE, TermOp.ITE, TermOp.BIT_OR),
)
WORDS = (
    *(TermOp.BIT_AND, TermOp.BIT_OR, TermOp.BIT_XOR, TermOp.SHIFT_LEFT, TermOp.SHIFT_RIGHT),
    *(TermOp.POPCOUNT, TermOp.ITE),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A folded term, and the same with nothing folded."""

    folded: Term
    raw: Term


def states() -> Iterator[tuple[int, ...]]:
    """Every state of the cells."""
    return product(*(range(size) for size in SIZES))


class Maker:
    """Makes pairs at random."""

    def __init__(self, random: Random, terms: Terms) -> None:
        self.random = random
        self.terms = terms

    def truth(self, depth: int) -> Pair:
        """A Boolean."""
        if depth == 0:
            return self.cell(self.random.choice((0, 1)))
        op = self.random.choice(TRUTHS)
        match op:
            case TermOp.NOT:
                return self.apply(op, self.truth(depth - 1))
            case TermOp.AND | TermOp.OR:
                number = self.random.choice((1, 2, 2, 3, 4))
                return self.apply(op, *(self.truth(depth - 1) for _ in range(number)))
            case TermOp.ITE:
                return self.apply(op, *(self.truth(depth - 1) for _ in range(3)))
            case _:
                return self.apply(op, self.number(depth - 1), self.number(depth - 1))

    def number(self, depth: int) -> Pair:
        """A number, perhaps negative."""
        if depth == 0:
            if self.random.random() < 0.4:
                return self.constant(self.random.choice(CONSTANTS))
            return self.cell(self.random.choice((2, 3, 4)))
        op = self.random.choice(NUMBERS)
        if op is TermOp.ITE:
            branches = self.number(depth - 1), self.number(depth - 1)
            return self.apply(op, self.truth(depth - 1), *branches)
        if op is TermOp.BIT_OR:
            return self.word(depth)
        made = self.apply(op, self.number(depth - 1), self.number(depth - 1))
        return made if max(-made.folded.low, made.folded.high) < WIDEST else self.number(0)

    def word(self, depth: int) -> Pair:
        """A number that is not negative."""
        if depth == 0:
            if self.random.random() < 0.3:
                return self.constant(self.random.choice((0, 1, 2, 5, 7, 63)))
            return self.cell(self.random.choice((0, 2, 3, 4)))
        op = self.random.choice(WORDS)
        match op:
            case TermOp.POPCOUNT:
                return self.apply(op, self.word(depth - 1))
            case TermOp.ITE:
                branches = self.word(depth - 1), self.word(depth - 1)
                return self.apply(op, self.truth(depth - 1), *branches)
            case TermOp.SHIFT_LEFT:
                shifted = self.apply(op, self.word(depth - 1), self.cell(3))
                return shifted if shifted.folded.high < WIDEST else self.word(0)
            case TermOp.SHIFT_RIGHT:
                return self.apply(op, self.word(depth - 1), self.number(0))
            case _:
                return self.apply(op, self.word(depth - 1), self.word(depth - 1))

    def apply(self, op: TermOp, *args: Pair) -> Pair:
        """An operator on pairs."""
        make: Callable[..., Term] = REBUILD[op]
        folded = make(self.terms, *(arg.folded for arg in args))
        return Pair(folded, Term(op, tuple(arg.raw for arg in args), 0, 0, 0))

    def cell(self, number: int) -> Pair:
        """A cell."""
        raw = Term(TermOp.CELL, (), number, 0, SIZES[number] - 1)
        return Pair(self.terms.cell(number, SIZES[number]), raw)

    def constant(self, value: int) -> Pair:
        """A constant."""
        return Pair(self.terms.constant(value), Term(TermOp.CONST, (), value, value, value))
