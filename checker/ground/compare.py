"""Structured values chosen and compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from checker.ground import sets
from checker.ground.codes import align, extend, value_of
from checker.ground.symbolic import (
    CodedSet,
    ExtendedSet,
    ListedSet,
    MaskSet,
    Product,
    ScalarOption,
    SlotSet,
    StructOption,
    Symbolic,
    SymbolicSet,
    Symbols,
    TupleValue,
    shared_clean,
    with_low,
)
from checker.ground.terms import Term, TermOp

Members: TypeAlias = tuple[tuple[Term, Symbolic], ...]
SETS = MaskSet | SlotSet | ListedSet | ExtendedSet


def choose(s: Symbols, condition: Term, a: Symbolic, b: Symbolic) -> Symbolic:
    """a if the condition is 1, else b."""
    if a is b or condition.op is TermOp.CONST:
        return a if a is b or condition.value else b
    match a, b:
        case Term(), Term():
            return s.ite(condition, a, b)
        case ScalarOption(), ScalarOption():
            low = min(a.low, b.low)
            return ScalarOption(s.ite(condition, with_low(s, a, low), with_low(s, b, low)), low)
        case StructOption(), StructOption():
            value = choose(s, condition, a.value, b.value)
            return StructOption(s.ite(condition, a.is_some, b.is_some), value, shared_clean(a, b))
        case Product(parts), Product(others):
            pairs = zip(parts, others, strict=True)
            return Product(tuple(choose(s, condition, x, y) for x, y in pairs))
        case TupleValue(), TupleValue():
            return _choose_tuple(s, condition, a, b)
        case _:
            assert isinstance(a, SETS) and isinstance(b, SETS), f"{a} and {b} have no common type"
            return _choose_set(s, condition, a, b)


def _choose_tuple(s: Symbols, condition: Term, a: TupleValue, b: TupleValue) -> TupleValue:
    clean = shared_clean(a, b)
    blank = None if clean is None else s.blank(clean)
    items = []
    for position in range(max(len(a.items), len(b.items))):
        x = a.items[position] if position < len(a.items) else blank
        y = b.items[position] if position < len(b.items) else blank
        if x is None or y is None:
            present = y if x is None else x
            assert present is not None
            items.append(present)
        else:
            items.append(choose(s, condition, x, y))
    return TupleValue(s.ite(condition, a.length, b.length), tuple(items), clean)


def _choose_set(s: Symbols, condition: Term, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """The same for sets: their bases are chosen between, and each one's members count where it is.

    So a set that only one branch adds to keeps its domain.
    """
    (base, added), (other, more) = parts(a), parts(b)
    otherwise = s.not_(condition)
    listed = [(s.and_(condition, counts), member) for counts, member in added.members]
    listed += [(s.and_(otherwise, counts), member) for counts, member in more.members]
    together = ListedSet(added.type, tuple(listed))
    if base is None and other is None:
        return together
    present = base or other
    assert present is not None
    nothing = sets.empty(s, present.domain, isinstance(present, MaskSet))
    one, two = align(s, base or nothing, other or nothing)
    return extend(s, sets.choose(s, condition, one, two), together)


def parts(set: SymbolicSet) -> tuple[CodedSet | None, ListedSet]:
    """The base of a set, if it has one, and the members that it has beside."""
    match set:
        case ListedSet():
            return None, set
        case ExtendedSet(base, added):
            return base, added
        case MaskSet() | SlotSet():
            return set, ListedSet(set.domain.type, ())


def pick(s: Symbols, index: Term, items: Sequence[Symbolic], first: int = 0) -> Symbolic:
    """The item that the index says, counting from `first`; any item if it says none."""
    low = min(max(index.low - first, 0), len(items) - 1)
    high = min(max(index.high - first, low), len(items) - 1)
    items, first = items[low : high + 1], first + low
    if len(items) == 1:
        return items[0]
    middle = len(items) // 2
    is_before = s.less_equal(index, s.constant(first + middle - 1))
    before = pick(s, index, items[:middle], first)
    return choose(s, is_before, before, pick(s, index, items[middle:], first + middle))


def equal(s: Symbols, a: Symbolic, b: Symbolic) -> Term:
    """1 if a == b."""
    if a is b:
        return s.true
    match a, b:
        case Term(), Term():
            return s.equal(a, b)
        case ScalarOption(), ScalarOption():
            low = min(a.low, b.low)
            return s.equal(with_low(s, a, low), with_low(s, b, low))
        case StructOption(), StructOption():
            same = equal(s, a.value, b.value)
            if not (_are_clean(a, b)):
                same = s.implies(a.is_some, same)
            return s.and_(s.equal(a.is_some, b.is_some), same)
        case Product(parts), Product(others):
            return s.and_(*(equal(s, x, y) for x, y in zip(parts, others, strict=True)))
        case TupleValue(), TupleValue():
            return _equal_tuples(s, a, b)
        case _:
            assert isinstance(a, SETS) and isinstance(b, SETS), f"{a} and {b} have no common type"
            return _equal_sets(s, a, b)


def _equal_sets(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> Term:
    for one, other in ((a, b), (b, a)):
        if isinstance(one, MaskSet | SlotSet) and isinstance(other, ListedSet):
            other = extend(s, sets.empty(s, one.domain, isinstance(one, MaskSet)), other)
            if isinstance(other, MaskSet):
                return sets.equal(s, one, other)
    if isinstance(a, MaskSet | SlotSet) and isinstance(b, MaskSet | SlotSet):
        one, two = align(s, a, b)
        return sets.equal(s, one, two)
    x, y = unordered(s, a), unordered(s, b)
    return s.and_(_all_among(s, x, y), _all_among(s, y, x))


def _all_among(s: Symbols, some: Members, others: Members) -> Term:
    """Whether each of the members is one of the others."""
    conjuncts = []
    for counts, member in some:
        found = (s.and_(is_there, equal(s, member, other)) for is_there, other in others)
        conjuncts.append(s.implies(counts, s.or_(*found)))
    return s.and_(*conjuncts)


def unordered(s: Symbols, set: SymbolicSet) -> Members:
    """The members, each with a term that says if it counts; in any order, repeats allowed."""
    base, added = parts(set)
    if base is None:
        return added.members
    coded = ((counts, value_of(s, base.domain, code)) for counts, code in sets.entries(s, base))
    return (*added.members, *coded)


def _are_clean(a: StructOption | TupleValue, b: StructOption | TupleValue) -> bool:
    """Whether what is absent is equal in both."""
    return a.clean is not None and a.clean == b.clean


def _equal_tuples(s: Symbols, a: TupleValue, b: TupleValue) -> Term:
    conjuncts = [s.equal(a.length, b.length)]
    for position, (x, y) in enumerate(zip(a.items, b.items, strict=False)):
        same = equal(s, x, y)
        if not _are_clean(a, b):
            same = s.or_(s.less_equal(a.length, s.constant(position)), same)
        conjuncts.append(same)
    return s.and_(*conjuncts)
