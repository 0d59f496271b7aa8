"""Z3 proves the rewrites of `test_terms` for all 64-bit values in the cells' intervals."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, cast

import pytest
import z3

from checker.ground.assume import REBUILD
from checker.ground.build import Terms
from checker.ground.terms import Term, TermOp
from tests.ground.test_terms import ROWS, Make

SIZES = {"small": (7, 7, 2, 2), "wide": (1 << 50, 1 << 40, 2, 2)}


class RawTerms:
    """Writes down what the factory is asked for, and folds nothing."""

    def __init__(self) -> None:
        self.false, self.true = self.constant(0), self.constant(1)

    def __getattr__(self, name: str) -> Callable[..., Term]:
        op = {make.__name__: op for op, make in REBUILD.items()}[name]
        return lambda *args: Term(op, args, 0, 0, 0)

    def constant(self, value: int) -> Term:
        return Term(TermOp.CONST, (), value, value, value)

    def cell(self, number: int, size: int) -> Term:
        return Term(TermOp.CELL, (), number, 0, size - 1)

    def offset(self, a: Term, by: int) -> Term:
        return Term(TermOp.ADD, (a, self.constant(by)), 0, 0, 0)

    def minimum(self, a: Term, b: Term) -> Term:
        return Term(TermOp.ITE, (self.less_equal(a, b), a, b), 0, 0, 0)

    def bit(self, word: Term, number: int) -> Term:
        return self.bit_and(self.shift_right(word, self.constant(number)), self.true)


def number(value: int) -> z3.BitVecRef:
    return z3.BitVecVal(value, 64)


def truth(value: z3.BoolRef) -> z3.BitVecRef:
    return cast(z3.BitVecRef, z3.If(value, number(1), number(0)))


def popcount(a: z3.BitVecRef) -> z3.BitVecRef:
    bits = [z3.ZeroExt(63, z3.Extract(i, i, a)) for i in range(64)]
    return reduce(lambda x, y: x + y, bits)


def modulo(a: z3.BitVecRef, b: z3.BitVecRef) -> Any:
    rest = z3.SRem(a, b)
    floored = z3.If(z3.And(rest != 0, (rest ^ b) < 0), rest + b, rest)
    return z3.If(b == 0, number(0), floored)


def floor_divide(a: z3.BitVecRef, b: z3.BitVecRef) -> Any:
    return z3.If(b == 0, number(0), (a - modulo(a, b)) / b)


ENCODE: dict[TermOp, Callable[..., Any]] = {
    TermOp.NOT: lambda a: number(1) - a,
    TermOp.AND: lambda *all: truth(z3.And(*(a != 0 for a in all))),
    TermOp.OR: lambda *all: truth(z3.Or(*(a != 0 for a in all))),
    TermOp.ITE: lambda c, a, b: z3.If(c != 0, a, b),
    TermOp.EQ: lambda a, b: truth(a == b),
    TermOp.LT: lambda a, b: truth(a < b),
    TermOp.LE: lambda a, b: truth(a <= b),
    TermOp.ADD: lambda a, b: a + b,
    TermOp.SUB: lambda a, b: a - b,
    TermOp.MUL: lambda a, b: a * b,
    TermOp.FLOORDIV: floor_divide,
    TermOp.MOD: modulo,
    TermOp.BIT_AND: lambda a, b: a & b,
    TermOp.BIT_OR: lambda a, b: a | b,
    TermOp.BIT_XOR: lambda a, b: a ^ b,
    TermOp.SHIFT_LEFT: lambda a, b: a << b,
    TermOp.SHIFT_RIGHT: lambda a, b: z3.LShR(a, b),
    TermOp.POPCOUNT: popcount,
}


def encode(term: Term) -> Any:
    if term.op is TermOp.CONST:
        return number(term.value)
    if term.op is TermOp.CELL:
        return z3.BitVec(f"cell{term.value}", 64)
    return ENCODE[term.op](*map(encode, term.args))


def prove_equal(one: Term, other: Term, sizes: tuple[int, ...]) -> None:
    solver = z3.Solver()
    for i, size in enumerate(sizes):
        cell = z3.BitVec(f"cell{i}", 64)
        solver.add(cell >= 0, cell < size)
    solver.add(encode(one) != encode(other))
    assert solver.check() == z3.unsat, solver.model()


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("made", "expected"), ROWS)
def test_folding_is_sound(made: Make, expected: Make, sizes: str) -> None:
    """What is written down and what is made of it are equal, on both sides of each row."""
    terms, raw = Terms(), cast(Terms, RawTerms())
    cells = [terms.cell(i, size) for i, size in enumerate(SIZES[sizes])]
    for make in (made, expected):
        folded = make(terms, cells)
        prove_equal(folded, make(raw, cells), SIZES[sizes])


def test_the_proof_can_fail() -> None:
    raw = cast(Terms, RawTerms())
    cell = raw.cell(0, 7)
    with pytest.raises(AssertionError):
        prove_equal(raw.less(cell, raw.constant(5)), raw.less_equal(cell, raw.constant(5)), (7,))
