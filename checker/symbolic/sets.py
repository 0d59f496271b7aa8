"""Operations on sets: union and its like, size, and the members in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checker.ir.types import Type
from checker.symbolic.choose import as_extras, domain_of, guarded, lookup
from checker.symbolic.equal import Sets, is_member, precedes
from checker.symbolic.errors import CannotEncode
from checker.symbolic.terms import (
    Bool,
    Int,
    both,
    count,
    either,
    equals,
    less,
    negate,
)
from checker.symbolic.trees import (
    Extras,
    Flags,
    Predicate,
    Tree,
    domain,
    has_flags,
    is_closed,
)


def listed_set(of: Type, items: Extras) -> Flags:
    """The set of these elements, each a member where its guard is true."""
    bare = Flags(None, (), tuple((guard, item) for guard, item in items if guard is not False))
    return absorbed(of, bare) if is_closed(of) and has_flags(of) else bare


def absorbed(of: Type, a: Flags) -> Flags:
    """The same set with flags only; all its members must be values of the type `of`."""
    if a.of == of and not a.extras:
        return a
    return Flags(of, tuple(is_member(a, element) for element in domain(of)))


def union(a: Sets, b: Sets) -> Sets:
    """The members of either set."""
    match a, b:
        case Flags(of, flags, extras), Flags(other, others, more) if of == other:
            pairs = zip(flags, others, strict=True)
            return Flags(of, tuple(either(one, two) for one, two in pairs), extras + more)
        case Flags(None), _:
            return replace(b, extras=b.extras + a.extras)
        case _, Flags():
            return replace(a, extras=a.extras + as_extras(b) + b.extras)
        case Flags(), Predicate():
            return union(b, a)
        case Predicate(of, holds, within), Predicate(_, other_holds, other_within):
            both_within = within and other_within
            extras = a.extras + b.extras
            return Predicate(of, lambda x: either(holds(x), other_holds(x)), both_within, extras)
        case _:
            raise AssertionError(f"{a} and {b} are not both sets")


def difference(a: Sets, b: Sets) -> Sets:
    """The members of a that are not in b."""
    return _restricted(a, lambda element: negate(is_member(b, element)))


def intersection(a: Sets, b: Sets) -> Sets:
    """The members of both."""
    return _restricted(a, lambda element: is_member(b, element))


def _restricted(a: Sets, condition: Callable[[Tree], Bool]) -> Sets:
    """The members of which the condition is true."""
    extras = tuple(
        (kept, element)
        for guard, element in a.extras
        if (kept := both(guard, condition(element))) is not False
    )
    if isinstance(a, Flags):
        pairs = zip(a.flags, domain_of(a), strict=True)
        flags = tuple(flag is not False and both(flag, condition(x)) for flag, x in pairs)
        return Flags(a.of, flags, extras)
    holds = a.holds
    return Predicate(a.of, lambda x: both(holds(x), condition(x)), a.within, extras)


def size(a: Sets) -> Int:
    """How many members a set has."""
    if isinstance(a, Predicate):
        raise CannotEncode("the size of a set without bound")
    return count([*a.flags, *(guard for guard, _ in _distinct(a))])


def _distinct(a: Flags) -> Extras:
    """The extras, each a member only where no flag and no extra before it says so already."""
    found: list[tuple[Bool, Tree]] = []
    for number, (guard, element) in enumerate(a.extras):
        before = Flags(a.of, a.flags, a.extras[:number])
        is_new = both(guard, negate(is_member(before, element)))
        if is_new is not False:
            found.append((is_new, element))
    return tuple(found)


def elements(a: Flags) -> Extras:
    """The members in order, without repetition: each is one where its guard is true."""
    flagged, others = as_extras(a), _distinct(a)
    if not others or len(flagged) + len(others) < 2:
        return flagged + others
    return _sorted(flagged + others)


def _sorted(members: Extras) -> Extras:
    """Each place in the order, with whichever member stands there."""
    ranks = [
        count([both(guard, precedes(other, element)) for guard, other in members])
        for _, element in members
    ]
    total = count([guard for guard, _ in members])
    trees = [element for _, element in members]
    found = []
    for place in range(len(members)):
        here = [
            both(guard, equals(rank, place))
            for (guard, _), rank in zip(members, ranks, strict=True)
        ]
        found.append((less(place, total), lookup(trees, here)))
    return guarded(True, tuple(found))
