"""Tuples: a length and items, of which those from the length on are absent."""

from __future__ import annotations

from collections.abc import Sequence

from checker.ground.compare import choose, equal, pick
from checker.ground.errors import GroundError
from checker.ground.symbolic import Symbolic, Symbols, TupleValue, is_full
from checker.ground.terms import Term

MOST_ITEMS = 4096
"""The longest tuple that is unrolled."""


def literal(s: Symbols, items: Sequence[Symbolic]) -> TupleValue:
    """The tuple of exactly these items."""
    return TupleValue(s.constant(len(items)), tuple(items), None)


def index(s: Symbols, value: TupleValue, position: Term) -> tuple[Term, Term]:
    """The position counted from the start, and whether there is an item there."""
    from_end = s.add(position, value.length)
    position = s.ite(s.less(position, s.false), from_end, position)
    is_there = s.and_(s.less_equal(s.false, position), s.less(position, value.length))
    return position, is_there


def slice_(s: Symbols, value: TupleValue, start: Term | None, stop: Term | None) -> TupleValue:
    """value[start:stop], with Python's clamping."""
    first = s.false if start is None else _clamped(s, value.length, start)
    end = value.length if stop is None else _clamped(s, value.length, stop)
    length = s.maximum(s.subtract(end, first), s.false)
    longest = min(length.high, len(value.items))
    if first is s.false:
        return TupleValue(length, value.items[:longest], None)
    items = [pick(s, s.offset(first, position), value.items) for position in range(longest)]
    return TupleValue(length, tuple(items), None)


def _clamped(s: Symbols, length: Term, position: Term) -> Term:
    """Where a slice bound stands in a tuple of this length."""
    from_end = s.maximum(s.add(position, length), s.false)
    return s.ite(s.less(position, s.false), from_end, s.minimum(position, length))


def concatenate(s: Symbols, a: TupleValue, b: TupleValue) -> TupleValue:
    """a + b."""
    length = s.add(a.length, b.length)
    items = []
    for position in range(min(length.high, len(a.items) + len(b.items))):
        items.append(_item_of_two(s, a, b, position))
    clean = a.clean if is_full(b) else None
    return TupleValue(length, tuple(items), clean)


def _item_of_two(s: Symbols, a: TupleValue, b: TupleValue, position: int) -> Symbolic:
    """The item at a position: of b if a ends there or before, and exactly where; else of a."""
    if position < len(a.items):
        result = a.items[position]
    elif a.clean is not None:
        # Past the end of both the item stays blank, as `clean` promises.
        result = s.blank(a.clean)
    else:
        result = b.items[min(position, len(b.items)) - 1]
    for end in range(max(0, a.length.low, position + 1 - len(b.items)), position + 1):
        if end <= a.length.high:
            ends_here = s.equal(a.length, s.constant(end))
            result = choose(s, ends_here, b.items[position - end], result)
    return result


def integers(s: Symbols, start: Term, stop: Term) -> TupleValue:
    """The integers from `start` up to but not including `stop`."""
    length = s.maximum(s.subtract(stop, start), s.false)
    if length.high > MOST_ITEMS:
        raise GroundError(
            f"a range may have {length.high:,} members", "bound what it starts from and ends at"
        )
    return TupleValue(length, tuple(s.offset(start, i) for i in range(length.high)), None)


def contains(s: Symbols, value: TupleValue, item: Symbolic) -> Term:
    """Whether the item is in the tuple."""
    return s.or_(*(s.and_(counts, equal(s, known, item)) for counts, known in elements(s, value)))


def elements(s: Symbols, value: TupleValue) -> list[tuple[Term, Symbolic]]:
    """The items in order, each with a term that says if it is there."""
    items = value.items[: max(value.length.high, 0)]
    return [(s.less(s.constant(i), value.length), item) for i, item in enumerate(items)]


def compact(s: Symbols, found: Sequence[tuple[Term, Symbolic]]) -> TupleValue:
    """The tuple of those that count, in order."""
    length = s.false
    items: list[Symbolic] = []
    for counts, value in found:
        if counts is s.false:
            continue
        items.append(value)
        for position in range(length.low, min(length.high, len(items) - 1) + 1):
            is_next = s.and_(counts, s.equal(length, s.constant(position)))
            items[position] = choose(s, is_next, value, items[position])
        length = s.add(length, counts)
    return TupleValue(length, tuple(items), None)
