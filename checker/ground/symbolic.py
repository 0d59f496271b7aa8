"""Values made of terms, one class for each shape, and how they are read from cells.

While a model is grounded every value of the source language is a structure of terms. A number is
its own term (a read adds the lowest value of its domain back). Inside a step a value may leave its
domain: a tuple may be longer than its bound, a number greater; only what is assigned has to fit.

Where a source expression is undefined its value is arbitrary, but still a value: nothing that is
defined depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from typing import TypeAlias, assert_never

from checker.ground.build import Terms
from checker.ground.cells import (
    MOST_MASKED,
    Masks,
    Slots,
    code_sizes,
    encode,
    low_of,
    pack,
    set_shape,
)
from checker.ground.terms import Term
from checker.ground.widen import around, contains_set, plain
from checker.ir.expr import Value
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
from checker.ir.values import cardinality, members


@dataclass(frozen=True, slots=True, eq=False)
class ScalarOption:
    """An optional number: `code` is 0 for `None`, else the number minus `low` plus one."""

    code: Term
    low: int


@dataclass(frozen=True, slots=True, eq=False)
class StructOption:
    """Any other optional. Where it is `None`, the value is 0 in every cell of the type `clean`."""

    is_some: Term
    value: Symbolic
    clean: Type | None


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """A record by fields, or a map by keys."""

    parts: tuple[Symbolic, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TupleValue:
    """A tuple. Items from the length on are 0 in every cell of the type `clean`."""

    length: Term
    items: tuple[Symbolic, ...]
    clean: Type | None


@dataclass(frozen=True, slots=True, eq=False)
class Domain:
    """What the members of a set are drawn from; one object for each type.

    A member's code is the number whose digits are its cells. `members` and their `codes` are known
    if they are few; `is_ordered` says that codes compare as the members do.
    """

    type: Type
    sizes: tuple[int, ...]
    members: tuple[Value, ...] | None
    codes: tuple[int, ...]
    is_ordered: bool

    @property
    def is_dense(self) -> bool:
        """Whether a member's code is its place among the members."""
        return self.members is not None and self.codes == tuple(range(len(self.codes)))


@dataclass(frozen=True, slots=True, eq=False)
class MaskSet:
    """A set as a bit for each member of its domain, in order, 63 to a word."""

    domain: Domain
    words: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SlotSet:
    """A set as its members' codes plus one, strictly ascending, then zeros."""

    domain: Domain
    keys: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ListedSet:
    """A set as its members, in any order, repeats allowed, each with a term that says if it counts.

    What a set is before it meets one with a domain: its members may be outside of any.
    """

    type: Type
    members: tuple[tuple[Term, Symbolic], ...]


@dataclass(frozen=True, slots=True, eq=False)
class ExtendedSet:
    """A set over a domain, and further members, some of which may be outside the domain."""

    base: CodedSet
    added: ListedSet


CodedSet: TypeAlias = MaskSet | SlotSet
SymbolicSet: TypeAlias = MaskSet | SlotSet | ListedSet | ExtendedSet
Symbolic: TypeAlias = Term | ScalarOption | StructOption | Product | TupleValue | SymbolicSet


class Symbols(Terms):
    """The factory of terms, and what is made once for each type and each constant."""

    def __init__(self) -> None:
        super().__init__()
        self._domains: dict[Type, Domain] = {}
        self._constants: dict[tuple[Type, Value], Symbolic] = {}

    def domain(self, type: Type) -> Domain:
        """The domain of the members of a set of this type."""
        found = self._domains.get(type)
        if found is None:
            unnamed = plain(type)
            found = self._domains.get(unnamed) or _domain(unnamed)
            self._domains[unnamed] = self._domains[type] = found
        return found

    def lift(self, type: Type, value: Value) -> Symbolic:
        """A constant. Equal constants of a type are one object."""
        found = self._constants.get((type, value))
        if found is None:
            bounded = around(type, (value,))
            found = read(self, bounded, map(self.constant, encode(bounded, value)))
            self._constants[type, value] = found
        return found

    def blank(self, type: Type) -> Symbolic:
        """The value whose cells are all 0: what stands where nothing is."""
        return read(self, around(type, ()), repeat(self.false))


def _domain(type: Type) -> Domain:
    sizes = code_sizes(type)
    is_ordered = not contains_set(type)
    if cardinality(type) > MOST_MASKED:
        return Domain(type, sizes, None, (), is_ordered)
    few = tuple(members(type))
    codes = tuple(pack(tuple(encode(type, member)), sizes) for member in few)
    return Domain(type, sizes, few, codes, is_ordered)


def read(s: Symbols, type: Type, numbers: Iterator[Term]) -> Symbolic:
    """The value whose stored numbers come next."""
    match type:
        case BoolType() | IntType() | EnumType() | SortType():
            return s.offset(next(numbers), low_of(type))
        case OptionType(BoolType() | IntType() | EnumType() | SortType() as of):
            return ScalarOption(next(numbers), low_of(of))
        case OptionType(of):
            return StructOption(next(numbers), read(s, of, numbers), of)
        case RecordType(_, fields):
            return Product(tuple(read(s, inner, numbers) for _, inner in fields))
        case TupleType(of, longest):
            length = next(numbers)
            return TupleValue(length, tuple(read(s, of, numbers) for _ in range(longest or 0)), of)
        case SetType(of, _):
            match set_shape(type):
                case Masks(words):
                    return MaskSet(s.domain(of), tuple(islice(numbers, len(words))))
                case Slots(count, _):
                    return SlotSet(s.domain(of), tuple(islice(numbers, count)))
        case MapType(key, of):
            return Product(tuple(read(s, of, numbers) for _ in range(cardinality(key))))
        case _:
            assert_never(type)


def scalar(value: Symbolic) -> Term:
    """The value, which is a number."""
    assert isinstance(value, Term), f"{value} is no number"
    return value


def is_some(s: Symbols, value: Symbolic) -> Term:
    """Whether an optional is not `None`."""
    if isinstance(value, ScalarOption):
        return s.not_(s.equal(value.code, s.false))
    assert isinstance(value, StructOption), value
    return value.is_some


def some(s: Symbols, type: Type, value: Symbolic) -> Symbolic:
    """A value as an optional one; `type` is the value's."""
    if isinstance(value, Term):
        low = min(low_of(type), value.low) if isinstance(type, IntType) else 0
        return ScalarOption(s.offset(s.maximum(value, s.constant(low)), 1 - low), low)
    return StructOption(s.true, value, None)


def unwrap(s: Symbols, value: Symbolic) -> Symbolic:
    """The value of an optional; arbitrary if it is `None`."""
    if isinstance(value, ScalarOption):
        return s.offset(value.code, value.low - 1)
    assert isinstance(value, StructOption), value
    return value.value


def with_low(s: Symbols, value: ScalarOption, low: int) -> Term:
    """The code of an optional number for another `low`."""
    if value.low == low:
        return value.code
    is_none = s.equal(value.code, s.false)
    return s.ite(is_none, s.false, s.offset(value.code, value.low - low))


def is_full(value: Symbolic) -> bool:
    """Whether nothing is ever absent in an optional or a tuple: it is clean for any type."""
    if isinstance(value, StructOption):
        return value.is_some.low == 1
    return isinstance(value, TupleValue) and value.length.low == len(value.items)


def shared_clean(a: StructOption | TupleValue, b: StructOption | TupleValue) -> Type | None:
    """The type for which both are clean."""
    if is_full(a) or is_full(b):
        return b.clean if is_full(a) else a.clean
    return a.clean if a.clean == b.clean else None
