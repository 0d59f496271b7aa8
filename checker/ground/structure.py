"""Structured values: to cells, to codes, chosen, compared, and held against a domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from checker.ground import sets
from checker.ground.cells import Masks, Slots, cells, low_of, set_shape
from checker.ground.model import ExitKind
from checker.ground.symbolic import (
    Domain,
    EntrySet,
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
    read,
    shared_clean,
    unwrap,
    with_low,
)
from checker.ground.terms import Term, TermOp
from checker.ground.widen import set_bound, widen_integer
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
    join,
)


def write(s: Symbols, type: Type, value: Symbolic) -> Iterator[Term]:
    """The stored numbers of a value that fits the type: the inverse of `read`."""
    match type, value:
        case BoolType() | IntType() | EnumType() | SortType(), Term():
            yield s.offset(value, -low_of(type))
        case (
            OptionType(BoolType() | IntType() | EnumType() | SortType() as of),
            ScalarOption(),
        ):
            yield with_low(s, value, low_of(of))
        case OptionType(of), StructOption(is_some, inner, clean):
            yield is_some
            for number in write(s, of, inner):
                yield number if clean == of else s.ite(is_some, number, s.false)
        case RecordType(_, fields), Product(parts):
            for (_, inner_type), part in zip(fields, parts, strict=True):
                yield from write(s, inner_type, part)
        case MapType(_, of), Product(parts):
            for part in parts:
                yield from write(s, of, part)
        case TupleType(), TupleValue():
            yield from _write_tuple(s, type, value)
        case SetType(), MaskSet() | SlotSet() | EntrySet():
            yield from _write_set(s, type, value)
        case _:
            raise AssertionError(f"{value} is no value of {type}")


def _write_tuple(s: Symbols, type: TupleType, value: TupleValue) -> Iterator[Term]:
    assert type.max_length is not None, type
    yield value.length
    for position in range(type.max_length):
        if position >= len(value.items):
            yield from (s.false for _ in cells(type.of, ""))
            continue
        is_absent = s.less_equal(value.length, s.constant(position))
        for number in write(s, type.of, value.items[position]):
            yield number if value.clean == type.of else s.ite(is_absent, s.false, number)


def _write_set(s: Symbols, type: SetType, value: SymbolicSet) -> Iterator[Term]:
    value = recode(s, value, s.domain(type.of))
    match set_shape(type):
        case Masks():
            yield from sets.to_mask(s, value).words
        case Slots(count, _):
            keys = sets.to_slots(s, value).keys
            yield from (*keys[:count], *repeat(s.false, count - len(keys)))


def code(s: Symbols, domain: Domain, value: Symbolic) -> Term:
    """The code of a value in a domain; some code of the domain, if the value does not fit."""
    result = s.false
    for number, size in zip(write(s, domain.type, value), domain.sizes, strict=True):
        digit = sets.clamp(s, number, 0, size - 1)
        result = s.add(s.multiply(result, s.constant(size)), digit)
    return result


def value_of(s: Symbols, domain: Domain, code: Term) -> Symbolic:
    """The value with this code: the inverse of `code`."""
    digits = []
    stride = 1
    for position, size in reversed(list(enumerate(domain.sizes))):
        above = s.floor_divide(code, s.constant(stride))
        digits.append(s.modulo(above, s.constant(size)) if position else above)
        stride *= size
    return read(s, domain.type, iter(reversed(digits)))


def recode(s: Symbols, set: SymbolicSet, target: Domain) -> SymbolicSet:
    """The same set over another domain; what is no member there may become any member."""
    if set.domain is target:
        return set
    found = sets.entries(s, set)
    moved = tuple((counts, code(s, target, value_of(s, set.domain, old))) for counts, old in found)
    if isinstance(set, SlotSet) and set.domain.is_ordered:
        # Codes of both domains compare as the members do, so the order is the same.
        return SlotSet(target, tuple(sets.key_of(s, entry) for entry in moved))
    return sets.gather(s, target, moved)


def align(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> tuple[SymbolicSet, SymbolicSet]:
    """Both sets over one domain that has the members of both."""
    if a.domain is b.domain:
        return a, b
    domain = s.domain(join(a.domain.type, b.domain.type))
    return recode(s, a, domain), recode(s, b, domain)


def gather(s: Symbols, type: Type, members: Sequence[tuple[Term, Symbolic]]) -> SymbolicSet:
    """The set of the members that count; `type` is what they are declared to be."""
    for _, member in members:
        type = spread(s, type, member)
    domain = s.domain(type)
    coded = tuple((counts, code(s, domain, member)) for counts, member in members)
    return sets.gather(s, domain, coded)


def spread(s: Symbols, type: Type, value: Symbolic) -> Type:
    """The least bounded type that holds what the type holds and the value, whatever it is."""
    match type, value:
        case IntType(), Term(low=low, high=high):
            return widen_integer(type, (low,), (high,))
        case BoolType() | EnumType() | SortType(), _:
            return type
        case OptionType(IntType() as of), ScalarOption(option_code, low):
            highest = low + max(option_code.high, 1) - 1
            return OptionType(widen_integer(of, (low,), (highest,)))
        case OptionType(of), StructOption(_, inner, _):
            return OptionType(spread(s, of, inner))
        case OptionType(), ScalarOption():
            return type
        case RecordType(name, fields), Product(parts):
            pairs = zip(fields, parts, strict=True)
            return RecordType(name, tuple((f, spread(s, t, part)) for (f, t), part in pairs))
        case MapType(key, of), Product(parts):
            return MapType(key, _spread_all(s, of, parts))
        case TupleType(of, longest, scope), TupleValue(_, items, _):
            length = max(longest or 0, len(items))
            return TupleType(
                _spread_all(s, of, items), length, scope if length == longest else None
            )
        case SetType(of, most), MaskSet() | SlotSet() | EntrySet():
            joined = value.domain.type
            return SetType(joined, set_bound(joined, most, _most_members(value)))
        case _:
            raise AssertionError(f"{value} is no value of {type}")


def _most_members(value: SymbolicSet) -> int:
    match value:
        case MaskSet(domain, _):
            return len(domain.codes)
        case SlotSet(_, keys):
            return len(keys)
        case EntrySet(_, entries):
            return len(entries)


def _spread_all(s: Symbols, type: Type, values: Sequence[Symbolic]) -> Type:
    blank = s.blank(type)
    for value in values or (blank,):
        type = spread(s, type, value)
    return type


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
        case ((MaskSet() | SlotSet() | EntrySet()), (MaskSet() | SlotSet() | EntrySet())):
            return sets.choose(s, condition, *align(s, a, b))
        case _:
            raise AssertionError(f"{a} and {b} have no common type")


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
        case ((MaskSet() | SlotSet() | EntrySet()), (MaskSet() | SlotSet() | EntrySet())):
            return sets.equal(s, *align(s, a, b))
        case _:
            raise AssertionError(f"{a} and {b} have no common type")


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
        case SetType(), MaskSet() | SlotSet() | EntrySet():
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
        most = s.constant(type.max_size)
        yield _beyond(s.less(most, sets.size(s, value)), type.scope)
    if s.domain(type.of) is not value.domain:
        for counts, member in elements(s, value, in_order=True):
            yield from _where(s, counts, departures(s, type.of, member))


def elements(s: Symbols, value: SymbolicSet, in_order: bool) -> Iterator[tuple[Term, Symbolic]]:
    """The members, each with a term that says if it counts.

    In order means that each member counts once, and where the order of their type puts it.
    """
    if in_order:
        value = sets.in_order(s, value)
    for counts, member in sets.entries(s, value):
        yield counts, value_of(s, value.domain, member)


def fits(s: Symbols, type: Type, value: Symbolic) -> Term:
    """1 if the value is a member of the type."""
    return s.not_(s.or_(*(one.when for one in departures(s, type, value))))
