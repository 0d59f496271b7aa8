"""Trees: a value of the middle language as scalar terms, one for each part that may differ.

What is absent (under an optional that is none, past the end of a sequence) may be anything. A
sequence or set with a bound lists its parts. One without has a function from position, or from
element, to term: so proofs speak of logs of any length and of any number of messages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias, assert_never

from checker.ir.bounds import is_bounded
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
from checker.ir.values import cardinality, in_order, members
from checker.symbolic.terms import Bool, Int, Term

MOST_MEMBERS: Final = 2048
"""A set has a flag for each value of its members' type, if there are no more than this."""

Tree: TypeAlias = "Term | Option | Record | Map | Table | Listed | Indexed | Flags | Predicate"
At: TypeAlias = Callable[[Int], Tree]
Extras: TypeAlias = "tuple[tuple[Bool, Tree], ...]"
Part: TypeAlias = "Stretch | tuple[Bool, Tree]"


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """A value, if it is present."""

    present: Bool
    value: Tree


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """The fields, in order."""

    fields: tuple[Tree, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """The values, in the order of the keys."""

    values: tuple[Tree, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A map whose keys are the integers from `low` on."""

    low: int
    at: At


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A sequence: the first `length` of these items."""

    length: Int
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The elements `at(first)` up to but not including `at(last)`, if the guard is true."""

    guard: Bool
    first: Int
    last: Int
    at: At


@dataclass(frozen=True, slots=True, eq=False)
class Indexed:
    """A sequence of any length, as a function of the position.

    `parts`, if there are any, have the same elements in the same order; see `stretches`.
    """

    length: Int
    at: At
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Flags:
    """A set: a flag for each value of the type `of` (`None`: no value), and some elements more.

    Extras with a true guard are members; they may be members twice, and outside of `of`.
    """

    of: Type | None
    flags: tuple[Bool, ...]
    extras: Extras = ()


@dataclass(frozen=True, slots=True, eq=False)
class Predicate:
    """A set of values of the type `of`, of any size: whatever `holds` is true of, and extras.

    `within` says that all of which `holds` is true are known to be values of the type.
    """

    of: Type
    holds: Callable[[Tree], Bool]
    within: bool
    extras: Extras = ()


def is_closed(type: Type) -> bool:
    """Whether all expressions of a type have the same values: no bounds that one may leave."""
    match type:
        case BoolType() | EnumType() | SortType():
            return True
        case IntType() | TupleType():
            return False
        case OptionType(of) | SetType(of, None):
            return is_closed(of)
        case SetType():
            return False
        case RecordType(_, fields):
            return all(is_closed(field) for _, field in fields)
        case MapType(key, value):
            return is_closed(key) and is_closed(value)
        case _:
            assert_never(type)


def has_flags(of: Type) -> bool:
    """Whether sets of these members have a flag for each."""
    return is_bounded(of) and cardinality(of) <= MOST_MEMBERS


@lru_cache(maxsize=1 << 8)
def domain(of: Type) -> tuple[Tree, ...]:
    """All values of a type, in order, as trees."""
    return tuple(constant(of, value) for value in members(of))


def constant(type: Type, value: Any) -> Tree:
    """The tree of a known value."""
    match type:
        case BoolType() | IntType() | EnumType() | SortType():
            return value
        case OptionType(of):
            present = value is not None
            return Option(present, constant(of, value) if present else default(of))
        case RecordType(_, fields):
            pairs = zip(fields, value, strict=True)
            return Record(tuple(constant(field, part) for (_, field), part in pairs))
        case TupleType(of):
            return Listed(len(value), tuple(constant(of, item) for item in value))
        case MapType(key, of):
            if not is_bounded(key):
                assert isinstance(key, IntType) and key.low is not None, key
                assert len(set(value)) == 1, f"{value} depends on the bound of its keys"
                same = constant(of, value[0])
                return Table(key.low, lambda _: same)
            return Map(tuple(constant(of, item) for item in value))
        case SetType(of):
            if is_closed(of) and has_flags(of):
                return Flags(of, tuple(member in value for member in members(of)))
            return Flags(None, (), tuple((True, constant(of, v)) for v in in_order(type, value)))
        case _:
            assert_never(type)


def default(type: Type) -> Tree:
    """Some tree of the right form, for what is absent."""
    match type:
        case BoolType():
            return False
        case IntType(low, _):
            return 0 if low is None else low
        case EnumType() | SortType():
            return 0
        case OptionType(of):
            return Option(False, default(of))
        case RecordType(_, fields):
            return Record(tuple(default(field) for _, field in fields))
        case TupleType():
            return Listed(0, ())
        case MapType(key, value):
            if not is_bounded(key):
                assert isinstance(key, IntType) and key.low is not None, key
                absent = default(value)
                return Table(key.low, lambda _: absent)
            return Map((default(value),) * cardinality(key))
        case SetType():
            return constant(type, frozenset())
        case _:
            assert_never(type)


def remember(function: At) -> At:
    """The same function, computed once for each argument."""
    known: dict[object, tuple[Int, Tree]] = {}

    def at(position: Int) -> Tree:
        key = position if isinstance(position, int) else (position.get_id(),)
        if key not in known:
            known[key] = (position, function(position))
        return known[key][1]

    return at
