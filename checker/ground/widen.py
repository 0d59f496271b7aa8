"""Types wide enough for given values: an expression's own type may have no bounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from checker.ground.cells import MOST_MASKED
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
from checker.ir.values import cardinality


def plain(type: Type) -> Type:
    """The type without the names of scopes, which do not change its values."""
    match type:
        case BoolType() | EnumType() | SortType():
            return type
        case IntType(low, high):
            return IntType(low, high)
        case OptionType(of):
            return OptionType(plain(of))
        case RecordType(name, fields):
            return RecordType(name, tuple((field, plain(inner)) for field, inner in fields))
        case TupleType(of, longest):
            return TupleType(plain(of), longest)
        case SetType(of, most):
            return SetType(plain(of), most)
        case MapType(key, value):
            return MapType(plain(key), plain(value))
        case _:
            assert_never(type)


def loose(type: Type) -> Type:
    """The type without its bounds, which values on the way may leave; equal if it has none."""
    match type:
        case BoolType() | EnumType() | SortType():
            return type
        case IntType():
            return IntType(None, None)
        case OptionType(of):
            return OptionType(loose(of))
        case RecordType(name, fields):
            return RecordType(name, tuple((field, loose(inner)) for field, inner in fields))
        case TupleType(of, _):
            return TupleType(loose(of), None)
        case SetType(of, _):
            return SetType(loose(of))
        case MapType(key, value):
            return MapType(key, loose(value))
        case _:
            assert_never(type)


def contains_set(type: Type) -> bool:
    """Whether a set is part of the values."""
    match type:
        case BoolType() | IntType() | EnumType() | SortType():
            return False
        case OptionType(of) | TupleType(of, _) | MapType(_, of):
            return contains_set(of)
        case RecordType(_, fields):
            return any(contains_set(inner) for _, inner in fields)
        case SetType(_, _):
            return True
        case _:
            assert_never(type)


def widen_integer(type: IntType, lows: Iterable[int], highs: Iterable[int]) -> IntType:
    """The least bounded type with the type's own bounds and these."""
    lowest = min([*lows, *(() if type.low is None else (type.low,))], default=None)
    highest = max([*highs, *(() if type.high is None else (type.high,))], default=None)
    if lowest is None:
        lowest = 0 if highest is None else highest
    if highest is None:
        highest = lowest
    same = (lowest, highest) == (type.low, type.high)
    return type if same else IntType(lowest, highest)


def around(type: Type, values: Iterable[Any]) -> Type:
    """The least bounded type that holds what the type holds and the values too."""
    values = tuple(values)
    match type:
        case BoolType() | EnumType() | SortType():
            return type
        case IntType():
            return widen_integer(type, values, values)
        case OptionType(of):
            return OptionType(around(of, (value for value in values if value is not None)))
        case RecordType(name, fields):
            columns = [[value[i] for value in values] for i in range(len(fields))]
            pairs = zip(fields, columns, strict=True)
            return RecordType(name, tuple((f, around(t, column)) for (f, t), column in pairs))
        case TupleType(of, longest):
            length = max([longest or 0, *map(len, values)])
            items = around(of, (item for value in values for item in value))
            return TupleType(items, length, type.scope if length == longest else None)
        case SetType(of, most):
            items = around(of, (item for value in values for item in value))
            size = max(map(len, values), default=0)
            return SetType(items, set_bound(items, most, size))
        case MapType(key, of):
            return MapType(key, around(of, (item for value in values for item in value)))
        case _:
            assert_never(type)


def set_bound(of: Type, most: int | None, size: int) -> int | None:
    """A bound for sets of at most `size` members, if they cannot do without one."""
    if most is None and cardinality(of) <= MOST_MASKED:
        return None
    return max(most or 0, size)
