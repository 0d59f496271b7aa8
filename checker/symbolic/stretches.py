"""Sequences without bound, part by part: what a quantifier over their elements ranges over.

A slice, or a range that begins somewhere, is not counted from 0 again: its elements keep the places
that they have in what it is part of. So a solver that knows something of one place of a log finds
the same place in a slice of it. What is appended is named by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.symbolic.terms import (
    Bool,
    Int,
    at_most,
    both,
    either,
    greater,
    implies,
    less,
    lesser,
    minus,
    plus,
)
from checker.symbolic.trees import Indexed, Listed, Part, Stretch, Tree
from checker.symbolic.unknown import quantified_between

Sequence = Listed | Indexed


def parts_of(a: Sequence) -> tuple[Part, ...]:
    """The parts whose elements are those of the sequence, in order."""
    if isinstance(a, Indexed):
        return a.parts or (Stretch(True, 0, a.length, a.at),)
    return tuple((less(place, a.length), element) for place, element in enumerate(a.items))


def parts_between(a: Indexed, start: Int, stop: Int) -> tuple[Part, ...]:
    """The parts of a slice. Only of what is one stretch, and what is appended to it."""
    whole, *appended = parts_of(a)
    if not isinstance(whole, Stretch) or whole.guard is not True:
        return ()
    length = minus(whole.last, whole.first)
    kept: list[Part] = [
        Stretch(True, plus(whole.first, start), plus(whole.first, lesser(stop, length)), whole.at)
    ]
    for number, part in enumerate(appended):
        if isinstance(part, Stretch) or part[0] is not True:
            return ()
        place = plus(length, number)
        kept.append((both(at_most(start, place), less(place, stop)), part[1]))
    return tuple(kept)


def parts_if(condition: Bool, a: Sequence) -> tuple[Part, ...]:
    """The parts of a sequence that is there under a condition."""
    return tuple(
        Stretch(both(condition, part.guard), part.first, part.last, part.at)
        if isinstance(part, Stretch)
        else (both(condition, part[0]), part[1])
        for part in parts_of(a)
    )


def one_stretch(a: Indexed) -> Stretch:
    """The whole sequence as one stretch, of what it is part of if there is such a thing."""
    match a.parts:
        case (Stretch(True) as whole,):
            return whole
        case _:
            return Stretch(True, 0, a.length, a.at)


def for_all_elements(a: Indexed, body: Callable[[Tree], Bool]) -> Bool:
    """Whether the body is true of all elements."""
    return both(*(_claim(part, body, exists=False) for part in parts_of(a)))


def for_some_element(a: Indexed, body: Callable[[Tree], Bool]) -> Bool:
    """Whether the body is true of some element."""
    return either(*(_claim(part, body, exists=True) for part in parts_of(a)))


def _claim(part: Part, body: Callable[[Tree], Bool], exists: bool) -> Bool:
    if isinstance(part, Stretch):
        found = quantified_between(part.first, part.last, lambda i: body(part.at(i)), exists)
        return both(part.guard, found) if exists else implies(part.guard, found)
    guard, element = part
    return both(guard, body(element)) if exists else implies(guard, body(element))


def range_of(first: Int, last: Int) -> Indexed:
    """The integers from the first up to but not including the last."""
    whole = Stretch(True, first, last, lambda i: i)
    return Indexed(greater(0, minus(last, first)), lambda i: plus(first, i), (whole,))
