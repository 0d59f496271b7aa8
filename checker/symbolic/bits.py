"""Formulas over bounded integers as formulas over bits: what a SAT solver is fast with.

Every integer within a formula gets the same number of bits, so many that none can overflow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul, sub
from typing import Any, Final

import z3

from checker.symbolic.errors import CannotEncode

Range = tuple[int, int]
"""The least and the greatest value."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An unknown in bits: its name, how many bits, and whether the first one is a sign.

    A Boolean has no bits.
    """

    name: str
    bits: int
    signed: bool

    def value(self, raw: bool | int) -> bool | int:
        """What the bits stand for, given as a number without sign."""
        return raw - (1 << self.bits) if self.signed and raw >> (self.bits - 1) else raw


def leaf(name: str, range: Range | None) -> Leaf:
    """As many bits as the range needs; no range: a Boolean."""
    if range is None:
        return Leaf(name, 0, False)
    low, high = range
    if low >= 0:
        return Leaf(name, max(1, high.bit_length()), False)
    return Leaf(name, max((-low - 1).bit_length(), high.bit_length()) + 1, True)


def constant(found: Leaf) -> z3.ExprRef:
    """The unknown itself."""
    return z3.BitVec(found.name, found.bits) if found.bits else z3.Bool(found.name)


def in_bits(
    formulas: Sequence[z3.BoolRef],
    ranges: Mapping[str, Range | None],
    leaves: Mapping[str, Leaf],
) -> list[z3.BoolRef]:
    """The same formulas, where each unknown becomes its leaf. `ranges` are those of integers.

    Raises `CannotEncode` where there is more than unknowns, Booleans and integers.
    """
    terms = _Terms(formulas)
    bounds: dict[int, Range] = {}
    for term in terms.in_order:
        if z3.is_int(term):
            bounds[term.get_id()] = _bounds(term, ranges, bounds)
    largest = max((max(abs(low), abs(high)) for low, high in bounds.values()), default=0)
    width = largest.bit_length() + 1
    done: dict[int, Any] = {}
    for term in terms.in_order:
        done[term.get_id()] = _translated(term, width, leaves, done)
    return [z3.simplify(done[formula.get_id()]) for formula in formulas]


class _Terms:
    """All terms of some formulas, parts before wholes, each once. It keeps their ids from reuse."""

    def __init__(self, formulas: Iterable[z3.BoolRef]) -> None:
        self.in_order = list(_postorder(formulas))


def _postorder(formulas: Iterable[z3.BoolRef]) -> Iterator[Any]:
    stack = [(formula, False) for formula in formulas]
    seen: set[int] = set()
    while stack:
        term, is_done = stack.pop()
        if is_done:
            yield term
        elif not z3.is_app(term):
            raise CannotEncode("a set of so many possible members that they cannot be listed")
        elif term.get_id() not in seen:
            seen.add(term.get_id())
            stack.append((term, True))
            stack.extend((child, False) for child in term.children())


def _bounds(term: Any, ranges: Mapping[str, Range | None], known: Mapping[int, Range]) -> Range:
    """Between which values an integer lies."""
    if z3.is_int_value(term):
        return term.as_long(), term.as_long()
    parts = [known[child.get_id()] for child in term.children() if z3.is_int(child)]
    match term.decl().kind():
        case z3.Z3_OP_UNINTERPRETED if term.num_args() == 0:
            range = ranges[term.decl().name()]
            assert range is not None, f"{term} is an integer"
            return range
        case z3.Z3_OP_ADD:
            return sum(low for low, _ in parts), sum(high for _, high in parts)
        case z3.Z3_OP_SUB:
            return reduce(lambda a, b: (a[0] - b[1], a[1] - b[0]), parts)
        case z3.Z3_OP_UMINUS:
            return -parts[0][1], -parts[0][0]
        case z3.Z3_OP_MUL:
            return reduce(_product, parts)
        case z3.Z3_OP_ITE:
            return min(low for low, _ in parts), max(high for _, high in parts)
        case z3.Z3_OP_IDIV:
            most = max(map(abs, parts[0]))
            return -most - 1, most + 1
        case _:
            raise CannotEncode(f"no bits for {term.decl().name()}")


def _product(a: Range, b: Range) -> Range:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def _translated(
    term: Any, width: int, leaves: Mapping[str, Leaf], done: Mapping[int, Any]
) -> z3.ExprRef:
    parts = [done[child.get_id()] for child in term.children()]
    if z3.is_int_value(term):
        return z3.BitVecVal(term.as_long(), width)
    kind = term.decl().kind()
    if kind == z3.Z3_OP_UNINTERPRETED and not parts:
        return _extended(leaves[term.decl().name()], width)
    if kind not in ROWS:
        raise CannotEncode(f"no bits for {term.decl().name()}")
    return ROWS[kind](*parts)


def _extended(found: Leaf, width: int) -> z3.ExprRef:
    term = constant(found)
    if found.bits in (0, width):
        return term
    extend = z3.SignExt if found.signed else z3.ZeroExt
    return extend(width - found.bits, term)


def _quotient(a: Any, b: Any) -> Any:
    """Rounded down, for a positive divisor: nobody asks for another one."""
    rounded_up = z3.And(a < 0, z3.SRem(a, b) != 0)
    return a / b - z3.If(rounded_up, z3.BitVecVal(1, a.size()), z3.BitVecVal(0, a.size()))


def _each(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda *parts: reduce(function, parts)


ROWS: Final[Mapping[int, Callable[..., Any]]] = {
    z3.Z3_OP_TRUE: lambda: z3.BoolVal(True),
    z3.Z3_OP_FALSE: lambda: z3.BoolVal(False),
    z3.Z3_OP_NOT: z3.Not,
    z3.Z3_OP_AND: z3.And,
    z3.Z3_OP_OR: z3.Or,
    z3.Z3_OP_IMPLIES: z3.Implies,
    z3.Z3_OP_ITE: z3.If,
    z3.Z3_OP_EQ: lambda a, b: a == b,
    z3.Z3_OP_DISTINCT: z3.Distinct,
    z3.Z3_OP_LT: lambda a, b: a < b,
    z3.Z3_OP_LE: lambda a, b: a <= b,
    z3.Z3_OP_GT: lambda a, b: a > b,
    z3.Z3_OP_GE: lambda a, b: a >= b,
    z3.Z3_OP_ADD: _each(add),
    z3.Z3_OP_SUB: _each(sub),
    z3.Z3_OP_MUL: _each(mul),
    z3.Z3_OP_UMINUS: lambda a: -a,
    z3.Z3_OP_IDIV: _quotient,
}
"""What each operator of a formula becomes."""
