"""How the values of a type become cells: the shape of every type, and values to numbers and back.

A `bool`, an integer, a member of an enumeration or a sort is one cell, and so is an optional one
(0 for `None`, else one more). Any other optional has a cell that says whether it is there, then
those of the value. A record is its fields, a map its values by key, a tuple its length and its
elements. A set is bit masks, or sorted slots (`set_shape`). What is absent (behind `None`, past
the end of a tuple) is 0, so equal values are equal numbers, and numbers compare as values do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import Any, TypeAlias, assert_never

from checker.ground.errors import GroundError
from checker.ground.model import Cell
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
from checker.ir.values import cardinality, members, show

WORD = 63
"""The bits of one cell of a mask."""
MOST_MASKED = 512
"""The most members of a domain whose subsets are masks."""
MOST_CODES = 1 << 62
MOST_CELLS = 20_000

Scalar: TypeAlias = BoolType | IntType | EnumType | SortType


@dataclass(frozen=True, slots=True)
class Masks:
    """A set as one bit for each member of its domain, in order, in words of at most 63 bits."""

    words: tuple[int, ...]
    """The number of bits in each word."""


@dataclass(frozen=True, slots=True)
class Slots:
    """A set as the codes of its members plus one, ascending, then zeros."""

    count: int
    sizes: tuple[int, ...]
    """The sizes of a member's cells; its code is the number with these digits."""


def set_shape(type: SetType) -> Masks | Slots:
    """How sets of this type are stored; raises `GroundError` if there is no way."""
    sizes = code_sizes(type.of)
    size = cardinality(type.of)
    if size <= WORD or (type.max_size is None and size <= MOST_MASKED):
        return Masks((WORD,) * (size // WORD) + ((size % WORD,) if size % WORD else ()))
    if type.max_size is None:
        raise GroundError(
            f"a set whose members may be any of {size:,} values is too large for bits",
            'bound it: Annotated[frozenset[X], MaxLen("Message")] keeps that many at once',
        )
    return Slots(type.max_size, sizes)


def code_sizes(type: Type) -> tuple[int, ...]:
    """The sizes of the cells of a member of a set; raises `GroundError` if there are too many."""
    sizes = []
    codes = 1
    for cell in cells(type, ""):
        sizes.append(cell.size)
        codes *= cell.size
        if codes > MOST_CODES:
            raise GroundError(
                f"the members of a set of {type} need more than 62 bits each",
                "make the members' domains smaller, or keep a part of them outside the set",
            )
    return tuple(sizes)


def low_of(type: Scalar) -> int:
    """The value that is stored as 0."""
    return (type.low or 0) if isinstance(type, IntType) else 0


def bounded_cells(type: Type, name: str) -> tuple[Cell, ...]:
    """The cells of a variable; raises `GroundError` if there are too many."""
    try:
        found = tuple(islice(cells(type, name), MOST_CELLS + 1))
    except GroundError as error:
        raise GroundError(f"variable {name}: {error.message}", error.help) from None
    if len(found) > MOST_CELLS:
        raise GroundError(
            f"variable {name}: it needs more than {MOST_CELLS:,} cells",
            "make the domains of its keys or the bounds of its tuples smaller",
        )
    return found


def cells(type: Type, name: str) -> Iterator[Cell]:
    """The cells of a type, in order."""
    match type:
        case BoolType() | EnumType() | SortType():
            yield Cell(name, max(1, cardinality(type)))
        case IntType(low, high):
            yield _integer(name, low, high)
        case OptionType(BoolType() | IntType() | EnumType() | SortType() as of):
            yield Cell(name, cardinality(of) + 1)
        case OptionType(of):
            yield Cell(f"{name}?", 2)
            yield from cells(of, name)
        case RecordType(_, fields):
            for field, inner in fields:
                yield from cells(inner, f"{name}.{field}")
        case TupleType(of, longest):
            if longest is None:
                raise GroundError("a tuple has no bound", 'bound it with MaxLen("Name")')
            yield Cell(f"len({name})", longest + 1)
            for position in range(longest):
                yield from cells(of, f"{name}[{position}]")
        case SetType(of, _):
            yield from _set_cells(type, name)
        case MapType(key, of):
            for member in members(key):
                yield from cells(of, f"{name}[{show(key, member)}]")
        case _:
            assert_never(type)


def _integer(name: str, low: int | None, high: int | None) -> Cell:
    if low is None or high is None:
        raise GroundError("an integer has no bound", "annotate it with Range(low, high)")
    if high - low >= 1 << WORD:
        raise GroundError("an integer needs more than 63 bits", "make its range smaller")
    return Cell(name, max(1, high - low + 1))


def _set_cells(type: SetType, name: str) -> Iterator[Cell]:
    match set_shape(type):
        case Masks((bits,)):
            yield Cell(name, 1 << bits)
        case Masks(words):
            for number, bits in enumerate(words):
                yield Cell(f"{name}{{{number}}}", 1 << bits)
        case Slots(count, sizes):
            for number in range(count):
                yield Cell(f"{name}{{{number}}}", prod(sizes) + 1)


def pack(numbers: Sequence[int], sizes: Sequence[int]) -> int:
    """The number with these digits, the first one the most significant."""
    code = 0
    for number, size in zip(numbers, sizes, strict=True):
        code = code * size + number
    return code


def unpack(code: int, sizes: Sequence[int]) -> list[int]:
    """The digits of a number: the inverse of `pack`."""
    digits = []
    for size in reversed(sizes):
        code, digit = divmod(code, size)
        digits.append(digit)
    return digits[::-1]


def encode(type: Type, value: Any) -> Iterator[int]:
    """The stored numbers of a value, one for each of the type's cells."""
    match type:
        case BoolType() | IntType() | EnumType() | SortType():
            yield int(value) - low_of(type)
        case OptionType(BoolType() | IntType() | EnumType() | SortType() as of):
            yield 0 if value is None else int(value) - low_of(of) + 1
        case OptionType(of):
            yield int(value is not None)
            yield from _absent(of) if value is None else encode(of, value)
        case RecordType(_, fields):
            for (_, inner), part in zip(fields, value, strict=True):
                yield from encode(inner, part)
        case TupleType(of, longest):
            assert longest is not None and len(value) <= longest, f"{value} is outside {type}"
            yield len(value)
            for item in value:
                yield from encode(of, item)
            for _ in range(longest - len(value)):
                yield from _absent(of)
        case SetType(_, _):
            yield from _encode_set(type, value)
        case MapType(_, of):
            for part in value:
                yield from encode(of, part)
        case _:
            assert_never(type)


def _absent(type: Type) -> Iterator[int]:
    return (0 for _ in cells(type, ""))


def _encode_set(type: SetType, value: frozenset[Value]) -> Iterator[int]:
    match set_shape(type):
        case Masks(words):
            mask = sum(1 << i for i, member in enumerate(members(type.of)) if member in value)
            for bits in words:
                yield mask & ((1 << bits) - 1)
                mask >>= bits
        case Slots(count, sizes):
            codes = sorted(pack(tuple(encode(type.of, member)), sizes) + 1 for member in value)
            yield from codes + [0] * (count - len(codes))


def decode(type: Type, numbers: Iterator[int]) -> Value:
    """The value whose stored numbers come next: the inverse of `encode`."""
    match type:
        case BoolType():
            return bool(next(numbers))
        case IntType() | EnumType() | SortType():
            return next(numbers) + low_of(type)
        case OptionType(BoolType() | IntType() | EnumType() | SortType() as of):
            stored = next(numbers)
            return None if stored == 0 else decode(of, iter((stored - 1,)))
        case OptionType(of):
            is_there = next(numbers)
            value = decode(of, numbers)
            return value if is_there else None
        case RecordType(_, fields):
            return tuple(decode(inner, numbers) for _, inner in fields)
        case TupleType(of, longest):
            length = next(numbers)
            return tuple([decode(of, numbers) for _ in range(longest or 0)][:length])
        case SetType(_, _):
            return _decode_set(type, numbers)
        case MapType(key, of):
            return tuple(decode(of, numbers) for _ in range(cardinality(key)))
        case _:
            assert_never(type)


def _decode_set(type: SetType, numbers: Iterator[int]) -> Value:
    match set_shape(type):
        case Masks(words):
            stored = list(islice(numbers, len(words)))
            inside = [
                word >> bit & 1
                for word, bits in zip(stored, words, strict=True)
                for bit in range(bits)
            ]
            return frozenset(m for m, is_in in zip(members(type.of), inside, strict=True) if is_in)
        case Slots(count, sizes):
            codes = [code for code in islice(numbers, count) if code]
            return frozenset(decode(type.of, iter(unpack(code - 1, sizes))) for code in codes)
