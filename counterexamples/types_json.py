"""Types as JSON and back, so that a kept trace can be read without its spec.

Reading trusts nothing: what a file says may be damaged, so every part is checked, and no type is
let in whose members nobody could list.
"""

from __future__ import annotations

from typing import Any, assert_never

from checker.ir.types import (
    BOOL,
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

MOST_MEMBERS = 10_000
"""A file may not speak of a sort, an enumeration or a map's keys with more members than this."""

DEEPEST = 50
"""A file may not nest types deeper than this."""


def type_to_json(type: Type) -> Any:
    """A type as JSON: `"bool"`, or an object whose first key says which type it is."""
    match type:
        case BoolType():
            return "bool"
        case IntType(low, high, scope):
            return {"int": [low, high], "scope": scope}
        case EnumType(name, names):
            return {"enum": name, "members": list(names)}
        case SortType(name, size, prefix):
            return {"sort": name, "size": size, "prefix": prefix}
        case OptionType(of):
            return {"option": type_to_json(of)}
        case RecordType(name, fields):
            return {"record": name, "fields": {n: type_to_json(t) for n, t in fields}}
        case TupleType(of, longest, scope):
            return {"tuple": type_to_json(of), "max_length": longest, "scope": scope}
        case SetType(of, most, scope):
            return {"set": type_to_json(of), "max_size": most, "scope": scope}
        case MapType(key, of):
            return {"map": type_to_json(of), "key": type_to_json(key)}
        case _:
            assert_never(type)


def type_from_json(data: Any, depth: int = 0) -> Type:
    """The inverse of `type_to_json`; raises `ValueError` for anything else."""
    if depth > DEEPEST:
        raise ValueError("the types are nested too deeply")
    match data:
        case "bool":
            return BOOL
        case {"int": [low, high], "scope": scope} if len(data) == 2:
            return IntType(_bound(low), _bound(high), _name(scope))
        case {"enum": str(name), "members": [*names]} if len(data) == 2:
            return EnumType(name, _names(names))
        case {"sort": str(name), "size": size, "prefix": str(prefix)} if len(data) == 3:
            return SortType(name, _size(size), prefix)
        case {"option": of} if len(data) == 1:
            return OptionType(type_from_json(of, depth + 1))
        case {"record": str(name), "fields": dict(fields)} if len(data) == 2:
            read = tuple((str(n), type_from_json(t, depth + 1)) for n, t in fields.items())
            return RecordType(name, read)
        case {"tuple": of, "max_length": most, "scope": scope} if len(data) == 3:
            return TupleType(type_from_json(of, depth + 1), _bound(most), _name(scope))
        case {"set": of, "max_size": most, "scope": scope} if len(data) == 3:
            return SetType(type_from_json(of, depth + 1), _bound(most), _name(scope))
        case {"map": of, "key": key} if len(data) == 2:
            return MapType(_listable(type_from_json(key, depth + 1)), type_from_json(of, depth + 1))
        case _:
            raise ValueError(f"{_short(data)} is not a type")


def _bound(data: Any) -> int | None:
    if data is None or (type(data) is int and abs(data) < 1 << 63):
        return data
    raise ValueError(f"{_short(data)} is not a bound")


def _size(data: Any) -> int:
    if type(data) is int and 0 <= data <= MOST_MEMBERS:
        return data
    raise ValueError(f"{_short(data)} is not the size of a sort")


def _name(data: Any) -> str | None:
    if data is None or isinstance(data, str):
        return data
    raise ValueError(f"{_short(data)} is not a name")


def _names(data: list[Any]) -> tuple[str, ...]:
    if len(data) <= MOST_MEMBERS and all(isinstance(name, str) for name in data):
        return tuple(data)
    raise ValueError(f"{_short(data)} are not names")


def _listable(type: Type) -> Type:
    if _members_at_most(type) > MOST_MEMBERS:
        raise ValueError(f"{type} has too many members for the keys of a map")
    return type


def _members_at_most(type: Type) -> int:
    """The number of members; anything above `MOST_MEMBERS` only stands for too many."""
    enough = MOST_MEMBERS + 1
    match type:
        case BoolType():
            return 2
        case IntType(low, high):
            return enough if low is None or high is None else min(enough, max(0, high - low + 1))
        case EnumType(_, names):
            return len(names)
        case SortType(_, size):
            return size
        case OptionType(of):
            return min(enough, _members_at_most(of) + 1)
        case RecordType(_, fields):
            count = 1
            for _, field in fields:
                count = min(enough, count * _members_at_most(field))
            return count
        case TupleType() | SetType() | MapType():
            # The language has keys of these types nowhere; a file that has them is damaged.
            return enough
        case _:
            assert_never(type)


def _short(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:57] + "..."
