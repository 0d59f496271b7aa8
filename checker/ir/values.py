"""Values of the types, in one canonical form that every engine shares.

bool → `bool`; integers → `int`; members of an enumeration or a sort → their index; an optional →
the value or `None`; a record → the tuple of its fields; a tuple → `tuple`; a set → `frozenset`; a
map → the tuple of its values in key order. A state is the tuple of its variables' values.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import comb
from typing import Any, TypeAlias, assert_never

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

State: TypeAlias = tuple[Value, ...]


def cardinality(type: Type) -> int:
    """The number of values of a bounded type."""
    match type:
        case BoolType():
            return 2
        case IntType(low, high):
            assert low is not None and high is not None, f"{type} is not bounded"
            return max(0, high - low + 1)
        case EnumType(_, names):
            return len(names)
        case SortType(_, size):
            return size
        case OptionType(of):
            return cardinality(of) + 1
        case RecordType(_, fields):
            size = 1
            for _, field in fields:
                size *= cardinality(field)
            return size
        case TupleType(of, longest):
            assert longest is not None, f"{type} is not bounded"
            return sum(cardinality(of) ** length for length in range(longest + 1))
        case SetType(of, most):
            if most is None:
                return 1 << cardinality(of)
            return sum(comb(cardinality(of), size) for size in range(most + 1))
        case MapType(key, value):
            return int(cardinality(value) ** cardinality(key))
        case _:
            assert_never(type)


def members(type: Type) -> Iterator[Value]:
    """Every value of a bounded type, in the type's order."""
    match type:
        case BoolType():
            yield from (False, True)
        case IntType(low, high):
            assert low is not None and high is not None, f"{type} is not bounded"
            yield from range(low, high + 1)
        case EnumType() | SortType():
            yield from range(cardinality(type))
        case OptionType(of):
            yield None
            yield from members(of)
        case RecordType(_, fields):
            yield from product(*(members(field) for _, field in fields))
        case TupleType(of, longest):
            assert longest is not None, f"{type} is not bounded"
            for length in range(longest + 1):
                yield from product(members(of), repeat=length)
        case SetType(of, most):
            elements = tuple(members(of))
            for size in range((len(elements) if most is None else most) + 1):
                yield from map(frozenset, combinations(elements, size))
        case MapType(key, value):
            yield from product(members(value), repeat=cardinality(key))
        case _:
            assert_never(type)


def order(type: Type, value: Any) -> Any:
    """A sort key that orders the values of a type as `members` does (sets: by sorted members)."""
    match type:
        case BoolType() | IntType() | EnumType() | SortType():
            return value
        case OptionType(of):
            return (0,) if value is None else (1, order(of, value))
        case RecordType(_, fields):
            return tuple(order(field, v) for (_, field), v in zip(fields, value, strict=True))
        case TupleType(of, _):
            return (len(value), tuple(order(of, v) for v in value))
        case SetType(of, _):
            return (len(value), sorted(order(of, v) for v in value))
        case MapType(_, of):
            return tuple(order(of, v) for v in value)
        case _:
            assert_never(type)


def in_order(type: SetType, value: Any) -> list[Value]:
    """The members of a set, in the order of their type."""
    return sorted(value, key=lambda member: order(type.of, member))


def outside(type: Type, value: Any) -> Type | None:
    """The first part of the type that the value does not fit, or `None` if it is a member."""
    found = misfit(type, value)
    return None if found is None else found[0]


def misfit(type: Type, value: Any) -> tuple[Type, Any] | None:
    """The first part of the type that the value does not fit, with that part of the value.

    The order is that in which a reader meets them: fields in order, map values by key, tuple
    elements by position after the length, set members in order after the size.
    """
    match type:
        case BoolType() | EnumType() | SortType():
            return None
        case IntType(low, high):
            fits = (low is None or low <= value) and (high is None or value <= high)
            return None if fits else (type, value)
        case OptionType(of):
            return None if value is None else misfit(of, value)
        case RecordType(_, fields):
            return _first((field, v) for (_, field), v in zip(fields, value, strict=True))
        case TupleType(of, longest):
            if longest is not None and len(value) > longest:
                return type, value
            return _first((of, v) for v in value)
        case SetType(of, most):
            if most is not None and len(value) > most:
                return type, value
            return _first((of, v) for v in sorted(value, key=lambda v: order(of, v)))
        case MapType(_, of):
            return _first((of, v) for v in value)
        case _:
            assert_never(type)


def _first(pairs: Iterator[tuple[Type, Any]]) -> tuple[Type, Any] | None:
    return next((bad for type, v in pairs if (bad := misfit(type, v)) is not None), None)


def cut_by(type: Type, value: Any) -> str | None:
    """The scope name that cuts a value which does not fit `type`, or `None` if it is undefined.

    The two are a result of `misfit`. An integer below its lowest value is never cut.
    """
    match type:
        case IntType(low, _, scope):
            return None if low is not None and value < low else scope
        case TupleType() | SetType():
            return type.scope
        case _:
            return None


def zero(type: Type) -> Value:
    """The value that a variable starts with when its declaration gives none.

    Of a sort that `bare_sort` names it is some member, and no engine may look at it.
    """
    match type:
        case BoolType():
            return False
        case IntType(low, _):
            assert low is not None, f"{type} is not bounded"
            return low
        case EnumType():
            return 0
        case SortType():
            return 0
        case OptionType():
            return None
        case RecordType(_, fields):
            return tuple(zero(field) for _, field in fields)
        case TupleType():
            return ()
        case SetType():
            return frozenset()
        case MapType(key, value):
            return (zero(value),) * cardinality(key)
        case _:
            assert_never(type)


def bare_sort(type: Type) -> str | None:
    """The name of a sort of which the type's first value would have a member, if there is one.

    A sort's members are interchangeable, so none of them comes first.
    """
    match type:
        case SortType(name, _):
            return name
        case RecordType(_, fields):
            found = (bare_sort(of) for _, of in fields)
            return next((sort for sort in found if sort is not None), None)
        case MapType(_, of):
            return bare_sort(of)
        case _:
            return None


def show(type: Type, value: Any) -> str:
    """A value as a reader sees it: `b1`, `⟨r1·e1⟩`, `{b1, b2}`, `none`."""
    match type:
        case BoolType():
            return "true" if value else "false"
        case IntType():
            return str(value)
        case EnumType(_, names):
            return str(names[value]).lower()
        case SortType(_, _, prefix):
            return f"{prefix}{value + 1}"
        case OptionType(of):
            return "none" if value is None else show(of, value)
        case RecordType(_, fields):
            parts = zip(fields, value, strict=True)
            return "(" + " ".join(f"{n}={show(t, v)}" for (n, t), v in parts) + ")"
        case TupleType(of, _):
            return "⟨" + ", ".join(show(of, v) for v in value) + "⟩"
        case SetType(of, _):
            return "{" + ", ".join(show(of, v) for v in in_order(type, value)) + "}"
        case MapType(key, of):
            pairs = zip(members(key), value, strict=True)
            return "[" + ", ".join(f"{show(key, k)}: {show(of, v)}" for k, v in pairs) + "]"
        case _:
            assert_never(type)


def to_json(type: Type, value: Any) -> Any:
    """A value as plain JSON: names for members, objects for records and maps, arrays for sets."""
    match type:
        case BoolType() | IntType():
            return value
        case EnumType() | SortType():
            return show(type, value)
        case OptionType(of):
            return None if value is None else to_json(of, value)
        case RecordType(_, fields):
            return {n: to_json(t, v) for (n, t), v in zip(fields, value, strict=True)}
        case TupleType(of, _):
            return [to_json(of, v) for v in value]
        case SetType(of, _):
            return [to_json(of, v) for v in in_order(type, value)]
        case MapType(key, of):
            pairs = zip(members(key), value, strict=True)
            return {show(key, k): to_json(of, v) for k, v in pairs}
        case _:
            assert_never(type)


def from_json(type: Type, data: Any) -> Value:
    """The inverse of `to_json`; raises `ValueError` for data that is not a value of the type."""
    value = _from_json(type, data)
    if outside(type, value) is not None:
        raise ValueError(f"{data!r} is outside {type}")
    return value


def _from_json(type: Type, data: Any) -> Value:
    match type:
        case BoolType() if isinstance(data, bool):
            return data
        case IntType() if isinstance(data, int) and not isinstance(data, bool):
            return data
        case EnumType() | SortType() if isinstance(data, str):
            for value in members(type):
                if show(type, value) == data:
                    return value
        case OptionType(of):
            return None if data is None else _from_json(of, data)
        case RecordType(_, fields) if isinstance(data, dict):
            if list(data) == [name for name, _ in fields]:
                return tuple(_from_json(field, data[name]) for name, field in fields)
        case TupleType(of, _) if isinstance(data, list):
            return tuple(_from_json(of, item) for item in data)
        case SetType(of, _) if isinstance(data, list):
            found = frozenset(_from_json(of, item) for item in data)
            if len(found) == len(data):
                return found
        case MapType(key, of) if isinstance(data, dict):
            if list(data) == [show(key, k) for k in members(key)]:
                return tuple(_from_json(of, item) for item in data.values())
        case _:
            pass
    raise ValueError(f"{data!r} is not a value of {type}")
