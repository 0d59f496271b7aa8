"""Python's own objects for values: what a spec sees when CPython runs it.

A `Codec` converts between the canonical form and objects of the spec's classes. Sets read from
the state iterate in canonical order; maps are total, and check what is assigned to a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, NoReturn, TypeVar, assert_never, cast

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
from checker.ir.values import cut_by, members, misfit, show
from checker.lang.domains import Sort, index_of, member_at
from checker.lang.errors import SpecError
from checker.semantics.undefined import Undefined

REMEMBERED = 1 << 12
"""How many objects of each type are kept: those of one state are needed again for each step."""

T = TypeVar("T", covariant=True)
K = TypeVar("K")
V = TypeVar("V")


class LeftScope(Exception):
    """An assignment would leave the scope: the step is cut, under this scope name."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the step leaves the scope {scope}")
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Codec:
    """Converts values of one type: `decode` to Python objects, `encode` back.

    `encode` raises `Undefined` for a `None` where a value is needed, `SpecError` for an object of
    another class. It does not ask whether the value is within the type's bounds.
    """

    type: Type
    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]

    def assigned(self, value: object) -> Any:
        """A fresh object for a value that is assigned; raises if it is outside the domain."""
        canonical = self.encode(value)
        bad = misfit(self.type, canonical)
        if bad is not None:
            scope = cut_by(*bad)
            if scope is not None:
                raise LeftScope(scope)
            raise Undefined(f"{show(*bad)} is outside {bad[0]}")
        return self.decode(canonical)


class OrderedSet(frozenset[T], Generic[T]):
    """A frozenset that iterates in canonical order, as do the sets made from it by operators."""

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(frozenset.__iter__(self), key=order_key))

    def __or__(self, other: AbstractSet[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__or__(self, other))

    def __and__(self, other: AbstractSet[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__and__(self, other))

    def __sub__(self, other: AbstractSet[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__sub__(self, other))

    def __xor__(self, other: AbstractSet[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__xor__(self, other))

    def __ror__(self, other: frozenset[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__or__(other, self))

    def __rand__(self, other: frozenset[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__and__(other, self))

    def __rsub__(self, other: frozenset[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__sub__(other, self))

    def __rxor__(self, other: frozenset[Any]) -> OrderedSet[Any]:
        return _ordered(frozenset.__xor__(other, self))

    def union(self, *others: Iterable[Any]) -> OrderedSet[Any]:
        """The members of any of the sets."""
        return OrderedSet(frozenset.union(self, *others))

    def intersection(self, *others: Iterable[Any]) -> OrderedSet[Any]:
        """The members of all of the sets."""
        return OrderedSet(frozenset.intersection(self, *others))

    def difference(self, *others: Iterable[Any]) -> OrderedSet[Any]:
        """The members of this set and none of the others."""
        return OrderedSet(frozenset.difference(self, *others))

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, self)) + "}"


def _ordered(found: Any) -> OrderedSet[Any]:
    # `NotImplemented` passes through, so that Python says what it says of its own sets.
    return cast(OrderedSet[Any], found if found is NotImplemented else OrderedSet(found))


def order_key(value: Any) -> Any:
    """A sort key that orders objects of one type as `ir.values.order` orders their values."""
    if value is None:
        return (0,)
    if isinstance(value, Sort):
        return (1, index_of(value))
    if isinstance(value, Enum):
        return (1, list(type(value)).index(value))
    if isinstance(value, int):
        return (1, value)
    if isinstance(value, tuple):
        return (1, len(value), tuple(map(order_key, value)))
    if isinstance(value, frozenset):
        return (1, len(value), sorted(map(order_key, value)))
    if isinstance(value, dict):
        return (1, tuple(map(order_key, value.values())))
    assert is_dataclass(value), f"{value!r} has no order"
    return (1, tuple(order_key(getattr(value, field.name)) for field in fields(value)))


class TotalMap(dict[K, V]):
    """A map with a value for every key of its domain: keys can be assigned, not added or removed.

    An assigned value is checked against the domain of the map's values.
    """

    __slots__ = ("_values",)

    def __init__(self, items: Mapping[K, V], values: Codec) -> None:
        super().__init__(items)
        self._values = values

    def __setitem__(self, key: K, value: V) -> None:
        if key not in self:
            raise KeyError(key)
        super().__setitem__(key, self._values.assigned(value))

    def __deepcopy__(self, memo: dict[int, Any]) -> TotalMap[K, V]:
        return TotalMap({key: deepcopy(value, memo) for key, value in self.items()}, self._values)

    def _fixed(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a map is total: assign to its keys, nothing else")

    __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _fixed


class Codecs:
    """The codecs of one spec's types; `types` tells which class a named type stands for."""

    def __init__(self, types: Mapping[type, Type]) -> None:
        self._classes: dict[Type, type] = {}
        for cls, type in types.items():
            self._classes.setdefault(type, cls)
        self._codecs: dict[Type, Codec] = {}

    def of(self, type: Type) -> Codec:
        """The codec of a type."""
        if type not in self._codecs:
            self._codecs[type] = self._make(type)
        return self._codecs[type]

    def _make(self, type: Type) -> Codec:
        match type:
            case BoolType():
                return Codec(type, _same, lambda value: _checked(value, bool, type))
            case IntType():
                return Codec(type, _same, lambda value: _checked(value, int, type))
            case EnumType() | SortType():
                return self._names(type)
            case OptionType(of):
                return self._option(type, of)
            case RecordType():
                return self._record(type)
            case TupleType(of) | SetType(of):
                return self._collection(type, of)
            case MapType(key, value):
                return self._map(type, key, value)
            case _:
                assert_never(type)

    def _names(self, type: EnumType | SortType) -> Codec:
        cls: Any = self._classes[type]
        if isinstance(type, SortType):
            named = [member_at(cls, index) for index in range(type.size)]
        else:
            named = list(cls)
        index = {member: position for position, member in enumerate(named)}

        def encode(value: Any) -> int:
            return index[_checked(value, cls, type)]

        return Codec(type, named.__getitem__, encode)

    def _option(self, type: Type, of: Type) -> Codec:
        inner = self.of(of)
        return Codec(
            type,
            lambda value: None if value is None else inner.decode(value),
            lambda value: None if value is None else inner.encode(value),
        )

    def _record(self, type: RecordType) -> Codec:
        cls = self._classes[type]
        parts = [(name, self.of(field)) for name, field in type.fields]

        def decode(value: Any) -> Any:
            pairs = zip(parts, value, strict=True)
            return cls(**{name: codec.decode(v) for (name, codec), v in pairs})

        def encode(value: Any) -> Value:
            record = _checked(value, cls, type)
            return tuple(codec.encode(getattr(record, name)) for name, codec in parts)

        return Codec(type, lru_cache(REMEMBERED)(decode), encode)

    def _collection(self, type: TupleType | SetType, of: Type) -> Codec:
        inner = self.of(of)
        plain: Any = tuple if isinstance(type, TupleType) else frozenset
        made: Any = tuple if isinstance(type, TupleType) else OrderedSet

        def encode(value: Any) -> Value:
            found: Value = plain(map(inner.encode, _checked(value, plain, type)))
            return found

        def decode(value: Any) -> Any:
            return made(map(inner.decode, value))

        return Codec(type, lru_cache(REMEMBERED)(decode), encode)

    def _map(self, type: Type, key: Type, value: Type) -> Codec:
        inner = self.of(value)
        keys = [self.of(key).decode(member) for member in members(key)]

        def items(values: Any) -> dict[Any, Any]:
            return dict(zip(keys, map(inner.decode, values), strict=True))

        # Maps of maps are made anew each time: nobody may change another's.
        known = items if isinstance(value, MapType) else lru_cache(REMEMBERED)(items)

        def decode(values: Any) -> Any:
            return TotalMap(known(values), inner)

        def encode(map: Any) -> Value:
            if set(_checked(map, dict, type)) != set(keys):
                raise Undefined("a map has a value for every key of its domain, and no other")
            return tuple(inner.encode(map[key]) for key in keys)

        return Codec(type, decode, encode)


def _same(value: Any) -> Any:
    return value


def _checked(value: Any, cls: type, expected: Type) -> Any:
    """The value, if it is of the class that its type asks for."""
    if value is None:
        raise Undefined(f"None is used as a value of {expected}")
    if isinstance(value, cls) and (cls is not int or not isinstance(value, bool)):
        return value
    message = f"expected {expected}, got {value!r} of class {type(value).__name__}"
    raise SpecError("S035", message)
