"""Structured values as cells and as codes: to be stored, and to be members of sets.

Where a value does not fit the type it is written for, the numbers are arbitrary: a step has exited
before they matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat

from checker.ground import sets
from checker.ground.cells import WORD, Masks, Slots, cells, low_of, set_shape
from checker.ground.symbolic import (
    CodedSet,
    Domain,
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
    read,
    with_low,
)
from checker.ground.terms import Term
from checker.ground.widen import around, loose, set_bound, widen_integer
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
        case SetType(), MaskSet() | SlotSet() | ListedSet() | ExtendedSet():
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
    shape = set_shape(type)
    found = coded_in(s, value, s.domain(type.of), isinstance(shape, Masks))
    match shape:
        case Masks():
            yield from sets.to_mask(s, found).words
        case Slots(count, _):
            keys = sets.to_slots(s, found).keys
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


def coded_in(s: Symbols, set: SymbolicSet, domain: Domain, as_mask: bool) -> CodedSet:
    """The same set over a domain that all its members are in; a new one as a mask if asked for."""
    match set:
        case MaskSet() | SlotSet():
            return _recoded(s, set, domain)
        case ListedSet(_, members):
            result = sets.empty(s, domain, as_mask)
        case ExtendedSet(base, added):
            result = _recoded(s, base, domain)
            members = added.members
    coded = [(counts, code(s, domain, member)) for counts, member in members]
    return sets.insert(s, result, coded)


def _recoded(s: Symbols, set: CodedSet, domain: Domain) -> CodedSet:
    if set.domain is domain:
        return set
    found = sets.entries(s, set)
    moved = [(counts, code(s, domain, value_of(s, set.domain, old))) for counts, old in found]
    if isinstance(set, SlotSet) and set.domain.is_ordered:
        # Codes of both domains compare as the members do, so the order is the same.
        return SlotSet(domain, tuple(sets.key_of(s, entry) for entry in moved))
    return sets.insert(s, sets.empty(s, domain, isinstance(set, MaskSet)), moved)


def align(s: Symbols, *found: SymbolicSet) -> list[CodedSet]:
    """The sets over one domain that has the members of all."""
    coded = [set.base if isinstance(set, ExtendedSet) else set for set in found]
    types = [set.domain.type for set in coded if isinstance(set, MaskSet | SlotSet)]
    listed = [set for set in coded if isinstance(set, ListedSet)]
    listed += [set.added for set in found if isinstance(set, ExtendedSet)]
    type = types[0] if types else around(listed[0].type, ())
    for other in types[1:]:
        type = join(type, other)
    for one in listed:
        type = _spread_over(s, type, one)
    domain = s.domain(type)
    has_mask = any(isinstance(set, MaskSet) for set in coded)
    as_mask = has_mask or (domain.members is not None and len(domain.members) <= WORD)
    return [coded_in(s, set, domain, as_mask) for set in found]


def extend(s: Symbols, base: CodedSet, added: ListedSet) -> SymbolicSet:
    """The set with more members. Those that surely fit its domain are put in."""
    domain = base.domain
    inside, outside = [], []
    for counts, member in added.members:
        if s.domain(spread(s, domain.type, member)) is domain:
            inside.append((counts, code(s, domain, member)))
        else:
            outside.append((counts, member))
    base = sets.insert(s, base, inside)
    if not outside:
        return base
    return ExtendedSet(base, ListedSet(added.type, tuple(outside)))


def gather(s: Symbols, type: Type, members: Sequence[tuple[Term, Symbolic]]) -> SymbolicSet:
    """The set of the members that count; `type` is what they are declared to be.

    A mask if no member can be outside the type: integers might be, and get their domain later.
    """
    listed = ListedSet(loose(type), tuple((c, member) for c, member in members if c is not s.false))
    if listed.members and loose(type) == type:
        domain = s.domain(type)
        if domain.members is not None and len(domain.members) <= WORD:
            return coded_in(s, listed, domain, as_mask=True)
    return listed


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
        case SetType(of, most), MaskSet() | SlotSet() | ListedSet() | ExtendedSet():
            member_type, size = _members_type(s, of, value)
            return SetType(member_type, set_bound(member_type, most, size))
        case _:
            raise AssertionError(f"{value} is no value of {type}")


def _members_type(s: Symbols, of: Type, value: SymbolicSet) -> tuple[Type, int]:
    """What the members of a set may be, and how many there are at most."""
    match value:
        case MaskSet(domain, _):
            return join(around(of, ()), domain.type), len(domain.codes)
        case SlotSet(domain, keys):
            return join(around(of, ()), domain.type), len(keys)
        case ListedSet(_, members):
            return _spread_over(s, around(of, ()), value), len(members)
        case ExtendedSet(base, added):
            inner, size = _members_type(s, of, base)
            return _spread_over(s, inner, added), size + len(added.members)


def _spread_over(s: Symbols, type: Type, listed: ListedSet) -> Type:
    for _, member in listed.members:
        type = spread(s, type, member)
    return type


def _spread_all(s: Symbols, type: Type, values: Sequence[Symbolic]) -> Type:
    blank = s.blank(type)
    for value in values or (blank,):
        type = spread(s, type, value)
    return type
