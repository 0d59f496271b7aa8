"""What a term means: one function for each operator, in one table, total on 64-bit integers.

This is the readable twin of the machine code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checker.ground.terms import Term, TermOp, postorder

_MODULUS = 1 << 64


def _signed(number: int) -> int:
    """The 64 low bits of a number, with sign."""
    number %= _MODULUS
    return number - _MODULUS if number >= _MODULUS // 2 else number


def _floor_divide(a: int, b: int) -> int:
    return a // b if b else 0


def _modulo(a: int, b: int) -> int:
    return a % b if b else 0


def _shift_left(a: int, b: int) -> int:
    return a << b if 0 <= b < 64 else 0


def _shift_right(a: int, b: int) -> int:
    return a % _MODULUS >> b if 0 <= b < 64 else 0


def _leaf(*_: int) -> int:
    raise AssertionError("a leaf has its number from the state or from itself")


TABLE: Mapping[TermOp, Callable[..., int]] = {
    TermOp.CONST: _leaf,
    TermOp.CELL: _leaf,
    TermOp.NEXT_CELL: _leaf,
    TermOp.NOT: lambda a: 1 - a,
    TermOp.AND: lambda *all: int(0 not in all),
    TermOp.OR: lambda *all: int(1 in all),
    TermOp.ITE: lambda condition, a, b: a if condition else b,
    TermOp.EQ: lambda a, b: int(a == b),
    TermOp.LT: lambda a, b: int(a < b),
    TermOp.LE: lambda a, b: int(a <= b),
    TermOp.ADD: lambda a, b: a + b,
    TermOp.SUB: lambda a, b: a - b,
    TermOp.MUL: lambda a, b: a * b,
    TermOp.FLOORDIV: _floor_divide,
    TermOp.MOD: _modulo,
    TermOp.BIT_AND: lambda a, b: a & b,
    TermOp.BIT_OR: lambda a, b: a | b,
    TermOp.BIT_XOR: lambda a, b: a ^ b,
    TermOp.SHIFT_LEFT: _shift_left,
    TermOp.SHIFT_RIGHT: _shift_right,
    TermOp.POPCOUNT: lambda a: (a % _MODULUS).bit_count(),
}


def evaluate_term(term: Term, cells: Sequence[int], next_cells: Sequence[int] = ()) -> int:
    """The value of a term in a state (and the state after it, for a step invariant)."""
    return evaluate_terms((term,), cells, next_cells)[0]


def evaluate_terms(
    roots: Sequence[Term], cells: Sequence[int], next_cells: Sequence[int] = ()
) -> tuple[int, ...]:
    """The values of several terms; what they share is computed once."""
    values: dict[Term, int] = {}
    for term in postorder(roots, values):
        values[term] = _value(term, values, cells, next_cells)
    return tuple(values[root] for root in roots)


def _value(
    term: Term, values: Mapping[Term, int], cells: Sequence[int], next_cells: Sequence[int]
) -> int:
    match term.op:
        case TermOp.CONST:
            return _signed(term.value)
        case TermOp.CELL:
            return cells[term.value]
        case TermOp.NEXT_CELL:
            return next_cells[term.value]
        case _:
            return _signed(TABLE[term.op](*(values[arg] for arg in term.args)))
