"""The intervals that `build` computes: exact on small ranges, by brute force."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import product

import pytest

from checker.ir import build as b
from checker.ir.bounds import corners, is_bounded, quotients, remainders
from checker.ir.types import (
    BOOL,
    INT,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)

ENDS = range(-4, 5)
RANGES = [(low, high) for low, high in product(ENDS, ENDS) if low <= high]


def tightest(
    function: Callable[[int, int], int], a: tuple[int, int], c: tuple[int, int]
) -> IntType:
    values = [
        function(x, y)
        for x, y in product(range(a[0], a[1] + 1), range(c[0], c[1] + 1))
        if y != 0 or function not in (operator.floordiv, operator.mod)
    ]
    return IntType(min(values, default=0), max(values, default=0))


@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul, min, max])
def test_corners_are_exact(function: Callable[[int, int], int]) -> None:
    for a, c in product(RANGES, RANGES):
        assert corners(function, IntType(*a), IntType(*c)) == tightest(function, a, c)


def test_quotients_are_exact() -> None:
    for a, c in product(RANGES, RANGES):
        assert quotients(IntType(*a), IntType(*c)) == tightest(operator.floordiv, a, c), (a, c)


def test_remainders_hold_every_remainder() -> None:
    for a, c in product(RANGES, RANGES):
        found, exact = remainders(IntType(*c)), tightest(operator.mod, a, c)
        assert found.low is not None
        assert found.high is not None
        assert exact.low is not None
        assert exact.high is not None
        assert found.low <= exact.low
        assert exact.high <= found.high


def test_without_a_bound_there_is_none() -> None:
    half = IntType(0, None)
    assert corners(operator.add, half, IntType(0, 1)) == INT
    assert quotients(half, IntType(1, 2)) == INT
    assert remainders(half) == INT
    source = b.each("x", b.variable("x", TupleType(INT, None)))
    assert b.sum_(b.const(1), source).type == INT
    assert b.range_(b.variable("y", INT), b.const(1)).type == TupleType(INT, None)
    assert b.size(b.variable("z", SetType(INT))).type == IntType(0, None)
    unbounded = b.variable("t", TupleType(BOOL, None))
    assert b.concat(unbounded, unbounded).type == TupleType(BOOL, None)


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        (BOOL, True),
        (INT, False),
        (IntType(0, None), False),
        (IntType(0, 3), True),
        (SortType("S", 2, "s"), True),
        (OptionType(INT), False),
        (SetType(BOOL), True),
        (SetType(INT, 2), False),
        (TupleType(BOOL, None), False),
        (TupleType(BOOL, 1), True),
        (RecordType("R", (("a", BOOL), ("b", INT))), False),
        (MapType(BOOL, INT), False),
        (MapType(BOOL, BOOL), True),
    ],
)
def test_bounded(type: Type, expected: bool) -> None:
    assert is_bounded(type) == expected


def test_types_of_what_is_built() -> None:
    isr = b.variable("isr", SetType(SortType("Replica", 3, "r"), 2))
    assert b.size(isr).type == IntType(0, 2)
    assert b.size(b.union(isr, isr)).type == IntType(0, 3)
    assert b.range_(b.const(1), b.const(4)).type == TupleType(IntType(1, 3), 3)
    assert b.range_(b.const(4), b.const(1)).type == TupleType(IntType(4, 4), 0)
    assert b.sum_(b.const(-2), b.each("r", isr)).type == IntType(-4, 0)
    assert b.tuple_of(b.TRUE, b.each("r", isr), b.each("s", isr)).type == TupleType(BOOL, 4)
    assert b.implies(b.TRUE, b.FALSE) is b.or_(b.not_(b.TRUE), b.FALSE)
