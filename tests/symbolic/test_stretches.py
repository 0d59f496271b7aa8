"""The parts of a sequence without bound have its elements, and no others: compared with lists."""

from __future__ import annotations

import random

import pytest
import z3

from checker.symbolic.choose import choose, extended
from checker.symbolic.stretches import (
    for_all_elements,
    for_some_element,
    one_stretch,
    parts_between,
    parts_of,
    range_of,
)
from checker.symbolic.terms import Bool, equals, negate
from checker.symbolic.trees import Indexed, Listed, Stretch

MOST = 6


def is_true(claim: Bool, facts: list[z3.BoolRef]) -> bool:
    """Whether a claim is true, given facts that leave nothing open."""
    possible = []
    for wanted in (claim, negate(claim)):
        solver = z3.Solver()
        solver.add(*facts, wanted)
        possible.append(solver.check() == z3.sat)
    assert possible in ([True, False], [False, True]), claim
    return possible[0]


def without_bound(items: list[int]) -> Indexed:
    """A sequence of unknown form: nothing but its elements is known."""
    return Indexed(len(items), extended(Listed(len(items), (*items, 0))).at)


def assert_has(found: Indexed, items: list[int], facts: list[z3.BoolRef]) -> None:
    for value in range(MOST):
        some = for_some_element(found, lambda x, v=value: equals(x, v))  # type: ignore[misc]
        none = for_all_elements(found, lambda x, v=value: negate(equals(x, v)))  # type: ignore[misc]
        assert is_true(some, facts) is (value in items)
        assert is_true(none, facts) is (value not in items)


@pytest.mark.parametrize("seed", range(15))
def test_a_slice_of_what_something_is_appended_to(seed: int) -> None:
    draw = random.Random(seed)
    items = [draw.randrange(MOST) for _ in range(draw.randrange(4))]
    more = [draw.randrange(MOST) for _ in range(draw.randrange(3))]
    whole = [*items, *more]
    start = draw.randrange(len(whole) + 1)
    stop = draw.randrange(len(whole) + 1)
    first, last = z3.Ints("first last")
    facts = [first == start, last == stop]
    base = without_bound(items)
    parts = parts_of(base) + parts_of(Listed(len(more), tuple(more)))
    joined = Indexed(len(whole), without_bound(whole).at, parts)
    assert_has(joined, whole, facts)
    found = parts_between(joined, first, last)
    assert found
    assert_has(Indexed(0, base.at, found), whole[start:stop], facts)


@pytest.mark.parametrize("is_one", [True, False])
def test_one_of_two(is_one: bool) -> None:
    which = z3.Bool("which")
    found = choose(which, without_bound([1, 2]), Listed(2, (3, 4)))
    assert isinstance(found, Indexed)
    assert_has(found, [1, 2] if is_one else [3, 4], [which == is_one])


def test_a_range_keeps_its_numbers() -> None:
    first, last = z3.Ints("first last")
    found = range_of(first, last)
    assert_has(found, [2, 3, 4], [first == 2, last == 5])
    assert_has(found, [], [first == 4, last == 2])
    assert one_stretch(found).first is first


def test_what_may_be_there_is_no_one_stretch() -> None:
    """Nor has it parts of a slice, since nobody knows where they are."""
    guarded = Stretch(z3.Bool("which"), 0, 2, lambda i: i)
    found = Indexed(2, lambda i: i, (guarded,))
    assert one_stretch(found).guard is True
    assert parts_between(found, 0, 1) == ()
    assert parts_between(Indexed(2, lambda i: i, ((True, 1),)), 0, 1) == ()
