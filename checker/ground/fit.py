"""Structured values held against a domain, and sets looked into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from checker.ground import sets
from checker.ground.codes import align, code, spread
from checker.ground.compare import Members, equal, parts, unordered
from checker.ground.model import ExitKind
from checker.ground.symbolic import (
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
    is_some,
    unwrap,
)
from checker.ground.terms import Term, TermOp
from checker.ground.widen import around
from checker.ir.types import (
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


@dataclass(frozen=True, slots=True)
class Departure:
    """A way in which a value does not fit a type: when, and what that makes of a step."""

    when: Term
    kind: ExitKind
    scope: str | None = None


def departures(s: Symbols, type: Type, value: Symbolic) -> Iterator[Departure]:
    """All the ways in which a value may not fit, in order: the first that is the case counts.

    The symbolic twin of `checker.ir.values.misfit` and `cut_by`.
    """
    match type, value:
        case BoolType() | EnumType() | SortType(), _:
            return
        case IntType(low, high, scope), Term():
            if low is not None:
                yield Departure(s.less(value, s.constant(low)), ExitKind.UNDEFINED)
            if high is not None:
                yield _beyond(s.less(s.constant(high), value), scope)
        case OptionType(of), ScalarOption() | StructOption():
            yield from _where(s, is_some(s, value), departures(s, of, unwrap(s, value)))
        case RecordType(_, fields), Product(parts):
            for (_, inner), part in zip(fields, parts, strict=True):
                yield from departures(s, inner, part)
        case MapType(_, of), Product(parts):
            for part in parts:
                yield from departures(s, of, part)
        case TupleType(of, longest, scope), TupleValue(length, items, _):
            if longest is not None:
                yield _beyond(s.less(s.constant(longest), length), scope)
            for position, item in enumerate(items):
                is_there = s.less(s.constant(position), length)
                yield from _where(s, is_there, departures(s, of, item))
        case SetType(), MaskSet() | SlotSet() | ListedSet() | ExtendedSet():
            yield from _set_departures(s, type, value)
        case _:
            raise AssertionError(f"{value} is no value of {type}")


def _beyond(when: Term, scope: str | None) -> Departure:
    return Departure(when, ExitKind.UNDEFINED if scope is None else ExitKind.CUT, scope)


def _where(s: Symbols, condition: Term, found: Iterator[Departure]) -> Iterator[Departure]:
    for one in found:
        yield Departure(s.and_(condition, one.when), one.kind, one.scope)


def _set_departures(s: Symbols, type: SetType, value: SymbolicSet) -> Iterator[Departure]:
    if type.max_size is not None:
        yield _beyond(s.less(s.constant(type.max_size), size(s, value)), type.scope)
    base, added = parts(value)
    suspects = value if base is not None and base.domain is not s.domain(type.of) else added
    found = _member_departures(s, type, suspects, Visit.FREELY)
    if len({(one.kind, one.scope) for one in found}) > 1:
        found = _member_departures(s, type, suspects, Visit.IN_ORDER)
    yield from found


def _member_departures(
    s: Symbols, type: SetType, suspects: SymbolicSet, visit: Visit
) -> list[Departure]:
    """The ways in which members may not fit."""
    found: list[Departure] = []
    for counts, member in elements(s, suspects, visit):
        found += _where(s, counts, departures(s, type.of, member))
    return [one for one in found if one.when is not s.false]


def fits(s: Symbols, type: Type, value: Symbolic) -> Term:
    """1 if the value is a member of the type."""
    return s.not_(s.or_(*(one.when for one in departures(s, type, value))))


class Visit(Enum):
    """How the members of a set are gone through."""

    FREELY = "in any order, some of them perhaps more than once"
    ONCE = "in any order, each once"
    IN_ORDER = "in the order of their type, each once"


def elements(s: Symbols, set: SymbolicSet, visit: Visit) -> Members:
    """The members, each with a term that says if it counts."""
    base, added = parts(set)
    match visit:
        case Visit.FREELY:
            return unordered(s, set)
        case Visit.ONCE:
            return _once(s, set)
        case Visit.IN_ORDER if base is None and _is_ascending(s, added):
            return added.members
        case Visit.IN_ORDER:
            (coded,) = align(s, set)
            return unordered(s, sets.in_order(s, coded))


def _once(s: Symbols, set: SymbolicSet) -> Members:
    base, added = parts(set)
    found = () if base is None else unordered(s, base)
    for number, (counts, member) in enumerate(added.members):
        earlier = ListedSet(added.type, added.members[:number])
        known = contains(s, earlier if base is None else ExtendedSet(base, earlier), member)
        found += ((s.and_(counts, s.not_(known)), member),)
    return found


def _is_ascending(s: Symbols, listed: ListedSet) -> bool:
    """Whether the members are constants in their order already, each once."""
    type = around(listed.type, ())
    for _, member in listed.members:
        type = spread(s, type, member)
    domain = s.domain(type)
    codes = [code(s, domain, member) for _, member in listed.members]
    are_constant = domain.is_ordered and all(c.op is TermOp.CONST for c in codes)
    return are_constant and all(a.value < b.value for a, b in pairwise(codes))


def contains(s: Symbols, set: SymbolicSet, item: Symbolic) -> Term:
    """Whether the item is in the set."""
    base, added = parts(set)
    found = [s.and_(counts, equal(s, member, item)) for counts, member in added.members]
    if base is not None:
        is_possible = fits(s, base.domain.type, item)
        found.append(s.and_(is_possible, sets.contains(s, base, code(s, base.domain, item))))
    return s.or_(*found)


def size(s: Symbols, set: SymbolicSet) -> Term:
    """The number of members."""
    if isinstance(set, MaskSet | SlotSet):
        return sets.size(s, set)
    return s.total([counts for counts, _ in elements(s, set, Visit.ONCE)])
