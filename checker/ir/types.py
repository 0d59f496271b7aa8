"""The types of the language: finite domains and what is built from them.

A type says which values a variable may hold. Scope and settings are already fixed when a type
is made, so every bound is a number; a bound that came from the scope remembers the scope's name,
because leaving it *cuts* a step, while leaving a fixed bound is `Undefined`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class BoolType:
    """`bool`."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class IntType:
    """The integers `low..high`, both included; `None` is no bound (expressions only).

    `scope` names the scope entry that gave `high`; above it a step is cut. Without it, and below
    `low` always, leaving the domain is undefined.
    """

    low: int | None
    high: int | None
    scope: str | None = None

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return "int"
        bounds = f"{'' if self.low is None else self.low}..{'' if self.high is None else self.high}"
        return f"{bounds}@{self.scope}" if self.scope else bounds


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enumeration; a value is the index of its member in source order."""

    name: str
    members: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class SortType:
    """`size` interchangeable names; a value is an index, printed as `prefix` and index + 1."""

    name: str
    size: int
    prefix: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class OptionType:
    """A value or `None`. Never nested."""

    of: Type

    def __str__(self) -> str:
        return f"{self.of}?"


@dataclass(frozen=True, slots=True)
class RecordType:
    """Named fields, in source order; a value is the tuple of the fields' values."""

    name: str
    fields: tuple[tuple[str, Type], ...]

    def __str__(self) -> str:
        return self.name

    def field(self, name: str) -> Type:
        """The type of the field `name`; `KeyError` if there is none."""
        return dict(self.fields)[name]

    def position(self, name: str) -> int:
        """The place of the field `name`; `ValueError` if there is none."""
        return [field for field, _ in self.fields].index(name)


@dataclass(frozen=True, slots=True)
class TupleType:
    """A sequence of at most `max_length` values; a longer one is cut by `scope`, else undefined.

    `max_length` is `None` only for expressions whose length has no known bound.
    """

    of: Type
    max_length: int | None
    scope: str | None = None

    def __str__(self) -> str:
        bound = "" if self.max_length is None else f"≤{self.max_length}"
        return f"⟨{self.of}⟩{bound}{'@' + self.scope if self.scope else ''}"


@dataclass(frozen=True, slots=True)
class SetType:
    """A finite set; `max_size`, if given, bounds its cardinality (and asks for sorted slots)."""

    of: Type
    max_size: int | None = None
    scope: str | None = None

    def __str__(self) -> str:
        bound = "" if self.max_size is None else f"≤{self.max_size}"
        return f"{{{self.of}}}{bound}{'@' + self.scope if self.scope else ''}"


@dataclass(frozen=True, slots=True)
class MapType:
    """A total map from a finite domain; a value is the tuple of its values in key order."""

    key: Type
    value: Type

    def __str__(self) -> str:
        return f"[{self.key} → {self.value}]"


Type: TypeAlias = (
    BoolType
    | IntType
    | EnumType
    | SortType
    | OptionType
    | RecordType
    | TupleType
    | SetType
    | MapType
)

BOOL = BoolType()
INT = IntType(None, None)


def compatible(a: Type, b: Type) -> bool:
    """Whether values of the two types may be compared: equal but for bounds and lengths."""
    match a, b:
        case IntType(), IntType():
            return True
        case OptionType(x), OptionType(y):
            return compatible(x, y)
        case TupleType(x), TupleType(y):
            return compatible(x, y)
        case SetType(x), SetType(y):
            return compatible(x, y)
        case MapType(k, v), MapType(key, value):
            return compatible(k, key) and compatible(v, value)
        case RecordType(name, fields), RecordType(other, others):
            return name == other and len(fields) == len(others)
        case _:
            return a == b


def join(a: Type, b: Type) -> Type:
    """The least type that holds the values of both; the two must be compatible."""
    assert compatible(a, b), f"{a} and {b} have no common type"
    match a, b:
        case IntType(low, high, scope), IntType(lower, higher, other):
            return IntType(
                None if low is None or lower is None else min(low, lower),
                None if high is None or higher is None else max(high, higher),
                scope if (scope, high) == (other, higher) else None,
            )
        case OptionType(x), OptionType(y):
            return OptionType(join(x, y))
        case TupleType(x, size, scope), TupleType(y, other_size, other):
            longest = None if size is None or other_size is None else max(size, other_size)
            return TupleType(join(x, y), longest, scope if a == b else None)
        case SetType(x, size, _), SetType(y, other_size, _):
            return a if a == b else SetType(join(x, y))
        case MapType(key, v), MapType(_, w):
            return MapType(key, join(v, w))
        case RecordType(name, fields), RecordType(_, others):
            joined = tuple((f, join(x, y)) for (f, x), (_, y) in zip(fields, others, strict=True))
            return RecordType(name, joined)
        case _:
            return a
