"""Arithmetic on integer types: the least interval that holds every result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from checker.ir.ops import Op
from checker.ir.types import INT, IntType


def negative(a: IntType) -> IntType:
    """-a."""
    return IntType(None if a.high is None else -a.high, None if a.low is None else -a.low)


def plus(a: IntType, b: IntType) -> IntType:
    """a + b."""
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return IntType(low, high)


def minus(a: IntType, b: IntType) -> IntType:
    """a - b."""
    return plus(a, negative(b))


def times(a: IntType, b: IntType) -> IntType:
    """a * b."""
    corners = _corners(a, b)
    if corners is None:
        not_negative = a.low is not None and b.low is not None and a.low >= 0 and b.low >= 0
        return IntType(0, None) if not_negative else INT
    products = [x * y for x, y in corners]
    return IntType(min(products), max(products))


def quotient(a: IntType, b: IntType) -> IntType:
    """a // b, where it has a value."""
    corners = _corners(a, b)
    if corners is None or not _is_positive(b):
        return IntType(0, a.high) if _is_positive(b) and a.low is not None and a.low >= 0 else INT
    quotients = [x // y for x, y in corners]
    return IntType(min(quotients), max(quotients))


def remainder(a: IntType, b: IntType) -> IntType:
    """a % b, where it has a value."""
    if not _is_positive(b):
        return INT
    if b.low == b.high and a.low is not None and a.low == a.high and b.low is not None:
        return IntType(a.low % b.low, a.low % b.low)
    return IntType(0, None if b.high is None else b.high - 1)


def least(*all: IntType) -> IntType:
    """The least of them."""
    lows = [type.low for type in all]
    highs = [type.high for type in all if type.high is not None]
    low = None if None in lows else min(low for low in lows if low is not None)
    return IntType(low, min(highs, default=None))


def greatest(*all: IntType) -> IntType:
    """The greatest of them."""
    return negative(least(*map(negative, all)))


def _corners(a: IntType, b: IntType) -> list[tuple[int, int]] | None:
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return None
    return [(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]


def _is_positive(a: IntType) -> bool:
    return a.low is not None and a.low > 0


INTERVALS: Final[Mapping[Op, Callable[..., IntType]]] = {
    Op.NEG: negative,
    Op.ADD: plus,
    Op.SUB: minus,
    Op.MUL: times,
    Op.FLOORDIV: quotient,
    Op.MOD: remainder,
    Op.MIN: least,
    Op.MAX: greatest,
}
"""For each operator, the interval of its results from those of its operands."""
