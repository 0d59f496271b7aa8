"""The operations on sets of any shape."""

from __future__ import annotations

from checker.ground import sets
from checker.ground.codes import align, code, extend
from checker.ground.compare import parts, unordered
from checker.ground.fit import contains, fits
from checker.ground.symbolic import (
    CodedSet,
    ExtendedSet,
    ListedSet,
    MaskSet,
    SlotSet,
    SymbolicSet,
    Symbols,
)
from checker.ground.terms import Term


def unite(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """a | b."""
    (base, added), (other, more) = parts(a), parts(b)
    together = ListedSet(added.type, added.members + more.members)
    if base is None or other is None:
        present = base or other
        return together if present is None else extend(s, present, together)
    one, two = align(s, base, other)
    return extend(s, sets.unite(s, one, two), together)


def intersect(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """a & b."""
    match a, b:
        case ListedSet(), _:
            return _filtered(s, a, b, are_in=True)
        case _, ListedSet():
            return _filtered(s, b, a, are_in=True)
        case ExtendedSet(base, added), _:
            return unite(s, intersect(s, base, b), _filtered(s, added, b, are_in=True))
        case _, ExtendedSet():
            return intersect(s, b, a)
        case ((MaskSet() | SlotSet()), (MaskSet() | SlotSet())):
            one, two = align(s, a, b)
            return sets.intersect(s, one, two)
    raise AssertionError(f"{a} and {b} are sets")


def subtract(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """a - b."""
    match a:
        case ListedSet():
            return _filtered(s, a, b, are_in=False)
        case ExtendedSet(base, added):
            rest = _filtered(s, added, b, are_in=False)
            return unite(s, subtract(s, base, b), rest)
        case MaskSet() | SlotSet():
            return _subtract_coded(s, a, b)


def _subtract_coded(s: Symbols, a: CodedSet, b: SymbolicSet) -> CodedSet:
    """What is left has the domain of `a`, so only those that fit it need be taken out."""
    domain = a.domain
    base, added = parts(b)
    gone = list(added.members)
    if base is not None and base.domain is domain:
        a = sets.subtract(s, a, base)
    elif base is not None:
        gone += unordered(s, base)
    for counts, member in gone:
        is_possible = s.and_(counts, fits(s, domain.type, member))
        a = sets.remove(s, a, (is_possible, code(s, domain, member)))
    return a


def _filtered(s: Symbols, listed: ListedSet, other: SymbolicSet, are_in: bool) -> ListedSet:
    """The members that are in another set, or those that are not."""
    kept = []
    for counts, member in listed.members:
        is_in = contains(s, other, member)
        counts = s.and_(counts, is_in if are_in else s.not_(is_in))
        if counts is not s.false:
            kept.append((counts, member))
    return ListedSet(listed.type, tuple(kept))


def subset(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> Term:
    """a <= b."""
    if isinstance(a, MaskSet | SlotSet) and isinstance(b, ListedSet):
        b = extend(s, sets.empty(s, a.domain, isinstance(a, MaskSet)), b)
    if isinstance(a, MaskSet | SlotSet) and isinstance(b, MaskSet | SlotSet):
        one, two = align(s, a, b)
        return sets.subset(s, one, two)
    found = unordered(s, a)
    return s.and_(*(s.implies(counts, contains(s, b, member)) for counts, member in found))
