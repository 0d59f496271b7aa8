"""Bounds: which types have finitely many values, and the intervals of arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import assert_never

from checker.ir.types import (
    INT,
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)


def is_bounded(type: Type) -> bool:
    """Whether a type has finitely many values, as that of every variable must."""
    match type:
        case BoolType() | EnumType() | SortType():
            return True
        case IntType(low, high):
            return low is not None and high is not None
        case OptionType(of) | SetType(of):
            return is_bounded(of)
        case RecordType(_, fields):
            return all(is_bounded(field) for _, field in fields)
        case TupleType(of, longest):
            return longest is not None and is_bounded(of)
        case MapType(key, value):
            return is_bounded(key) and is_bounded(value)
        case _:
            assert_never(type)


def corners(function: Callable[..., int], *types: IntType) -> IntType:
    """The interval of a function that is monotone in each argument: its extremes are corners."""
    ends = []
    for type in types:
        if type.low is None or type.high is None:
            return INT
        ends.append((type.low, type.high))
    values = [function(*corner) for corner in product(*ends)]
    return IntType(min(values), max(values))


def quotients(a: IntType, b: IntType) -> IntType:
    """The interval of `a // b`, which is monotone in each on either side of zero."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return INT
    nearest = {divisor for divisor in (-1, 1) if b.low <= divisor <= b.high}
    divisors = {b.low, b.high, *nearest} - {0}
    values = [end // divisor for end in (a.low, a.high) for divisor in divisors]
    return IntType(min(values, default=0), max(values, default=0))


def remainders(b: IntType) -> IntType:
    """The interval of `a % b`, which has the sign of `b`."""
    if b.low is None or b.high is None:
        return INT
    return IntType(min(0, b.low + 1), max(0, b.high - 1))
