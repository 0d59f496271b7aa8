"""Whether two trees stand for equal values, and which comes first in the order of their type."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from checker.symbolic.choose import domain_of, item
from checker.symbolic.errors import CannotEncode
from checker.symbolic.terms import (
    Bool,
    Term,
    at_most,
    both,
    count,
    either,
    equals,
    implies,
    less,
    negate,
)
from checker.symbolic.trees import (
    At,
    Flags,
    Indexed,
    Listed,
    Map,
    Option,
    Predicate,
    Record,
    Table,
    Tree,
)
from checker.symbolic.unknown import for_all_positions, is_truth, quantified

Sets = Flags | Predicate


def equal(a: Tree, b: Tree) -> Bool:
    """Whether two trees of one kind stand for the same value."""
    if a is b:
        return True
    match a, b:
        case Option(), Option():
            inner = False
            if a.present is not False and b.present is not False:
                inner = equal(a.value, b.value)
            return both(equals(a.present, b.present), implies(a.present, inner))
        case Record(), Record():
            return _all_equal(a.fields, b.fields)
        case Map(), Map():
            return _all_equal(a.values, b.values)
        case Table(low, one), Table(_, other):
            return _equal_tables(low, one, other)
        case Listed() | Indexed(), Listed() | Indexed():
            return _equal_sequences(a, b)
        case Flags() | Predicate(), Flags() | Predicate():
            return _equal_sets(a, b)
        case _:
            return equals(a, b)


def _all_equal(a: Sequence[Tree], b: Sequence[Tree]) -> Bool:
    return both(*(equal(one, other) for one, other in zip(a, b, strict=True)))


def _equal_tables(low: int, one: At, other: At) -> Bool:
    key = z3.FreshInt("key")
    return z3.ForAll([key], implies(key >= low, equal(one(key), other(key))))


def _equal_sequences(a: Listed | Indexed, b: Listed | Indexed) -> Bool:
    same_length = equals(a.length, b.length)
    if same_length is False:
        return False
    if isinstance(a, Indexed) and isinstance(b, Indexed):
        one, other = a.at, b.at
        return both(same_length, for_all_positions(a.length, lambda i: equal(one(i), other(i))))
    lists = [sequence for sequence in (a, b) if isinstance(sequence, Listed)]
    shared = min(len(sequence.items) for sequence in lists)
    items = (implies(less(i, a.length), equal(item(a, i), item(b, i))) for i in range(shared))
    return both(same_length, at_most(a.length, shared), *items)


def is_member(a: Sets, element: Tree) -> Bool:
    """Whether a set has the element."""
    among = either(*(both(guard, equal(other, element)) for guard, other in a.extras))
    if isinstance(a, Predicate):
        return either(a.holds(element), among)
    pairs = zip(a.flags, domain_of(a), strict=True)
    flagged = (both(flag, equal(other, element)) for flag, other in pairs if flag is not False)
    return either(*flagged, among)


def is_subset(a: Sets, b: Sets) -> Bool:
    """Whether all members of a are members of b."""
    more = both(*(implies(guard, is_member(b, element)) for guard, element in a.extras))
    match a, b:
        case Flags(of, flags), Flags(other, others) if of == other and of is not None:
            inside = (
                implies(flag, either(other_flag, _among(b, element)))
                for flag, other_flag, element in zip(flags, others, domain_of(a), strict=True)
            )
            return both(*inside, more)
        case Flags(_, flags), _:
            pairs = zip(flags, domain_of(a), strict=True)
            known = ((flag, element) for flag, element in pairs if flag is not False)
            return both(*(implies(flag, is_member(b, element)) for flag, element in known), more)
        case Predicate(of, holds), Predicate(_, other_holds) if holds is other_holds:
            return more
        case Predicate(of, holds), _:
            return both(quantified(of, lambda x: implies(holds(x), is_member(b, x))), more)
        case _:
            raise AssertionError(f"{a} and {b} are not both sets")


def _among(a: Flags, element: Tree) -> Bool:
    return either(*(both(guard, equal(other, element)) for guard, other in a.extras))


def _equal_sets(a: Sets, b: Sets) -> Bool:
    if isinstance(a, Flags) and isinstance(b, Flags) and a.of == b.of and not a.extras + b.extras:
        return both(*(equals(one, two) for one, two in zip(a.flags, b.flags, strict=True)))
    return both(is_subset(a, b), is_subset(b, a))


def precedes(a: Tree, b: Tree) -> Bool:
    """Whether a comes before b in the order of their type; see `ir.values.order`."""
    match a, b:
        case Option(), Option():
            first = both(negate(a.present), b.present)
            return either(first, both(a.present, b.present, precedes(a.value, b.value)))
        case Record(), Record():
            return _first_difference(a.fields, b.fields)
        case Map(), Map():
            return _first_difference(a.values, b.values)
        case Listed(), Listed():
            shared = range(min(len(a.items), len(b.items)))
            firsts = [Option(less(i, a.length), a.items[i]) for i in shared]
            seconds = [Option(less(i, b.length), b.items[i]) for i in shared]
            return _first_difference([a.length, *firsts], [b.length, *seconds])
        case Flags(of, flags, ()), Flags(other_of, others, ()) if of == other_of:
            # Of two sets of one size, that with the least member that is not in both comes first.
            one: list[Tree] = [negate(flag) for flag in flags]
            other: list[Tree] = [negate(flag) for flag in others]
            return _first_difference([count(flags), *one], [count(others), *other])
        case (Indexed() | Table() | Predicate() | Flags(), _):
            raise CannotEncode("the order of a set whose members have sets or sequences in them")
        case _:
            return _scalar_precedes(a, b)


def _scalar_precedes(a: Term, b: Term) -> Bool:
    return both(negate(a), b) if is_truth(a) else less(a, b)


def _first_difference(a: Sequence[Tree], b: Sequence[Tree]) -> Bool:
    found: Bool = False
    for one, other in zip(reversed(a), reversed(b), strict=True):
        found = either(precedes(one, other), both(equal(one, other), found))
    return found
