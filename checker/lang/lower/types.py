"""Types as lowering asks about them: how they read, what fits where, how large things can get."""

from __future__ import annotations

from typing import assert_never

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
    compatible,
)
from checker.ir.values import cardinality


def describe(type: Type) -> str:
    """A type as a spec's author writes it, without its bounds: `dict[Replica, int]`."""
    match type:
        case BoolType():
            return "bool"
        case IntType():
            return "int"
        case EnumType(name) | SortType(name) | RecordType(name):
            return name
        case OptionType(of):
            return f"{describe(of)} | None"
        case TupleType(of):
            return f"tuple[{describe(of)}, ...]"
        case SetType(of):
            return f"frozenset[{describe(of)}]"
        case MapType(key, value):
            return f"dict[{describe(key)}, {describe(value)}]"
        case _:
            assert_never(type)


def fits(type: Type, wanted: Type) -> bool:
    """Whether a value of `type` may stand where `wanted` is asked for: as it is, or as optional."""
    if compatible(type, wanted):
        return True
    return isinstance(wanted, OptionType) and compatible(type, wanted.of)


def without_none(type: Type) -> Type:
    """The type of the value of an optional; any other type as it is."""
    return type.of if isinstance(type, OptionType) else type


def is_within(type: Type, domain: Type) -> bool:
    """Whether every value of `type` is known to be a value of `domain`."""
    match type, domain:
        case IntType(low, high), IntType(lowest, highest):
            above = lowest is None or (low is not None and low >= lowest)
            return above and (highest is None or (high is not None and high <= highest))
        case OptionType(of), OptionType(wanted):
            return is_within(of, wanted)
        case RecordType(_, fields), RecordType(_, others):
            pairs = zip(fields, others, strict=True)
            return all(is_within(field, other) for (_, field), (_, other) in pairs)
        case TupleType(of, length), TupleType(wanted, longest):
            fits_length = longest is None or (length is not None and length <= longest)
            return fits_length and (length == 0 or is_within(of, wanted))
        case SetType(of), SetType(wanted, most):
            size = largest(type)
            fits_size = most is None or (size is not None and size <= most)
            return fits_size and is_within(of, wanted)
        case MapType(_, value), MapType(_, wanted):
            return is_within(value, wanted)
        case _:
            return True


def largest(type: Type) -> int | None:
    """The most elements that a tuple or a set of this type can have, if that is known."""
    match type:
        case TupleType(_, length):
            return length
        case SetType(of, most):
            bounds = [most] if most is not None else []
            return min([*bounds, cardinality(of)]) if _is_small(of) else most
        case _:
            return None


def _is_small(type: Type) -> bool:
    """Whether the values of a type can be counted at a glance."""
    match type:
        case BoolType() | EnumType() | SortType():
            return True
        case IntType(low, high):
            return low is not None and high is not None
        case OptionType(of):
            return _is_small(of)
        case RecordType(_, fields):
            return all(_is_small(field) for _, field in fields)
        case _:
            return False


def narrowed(type: Type, domain: Type) -> Type:
    """The type of a value of `type` that is known to lie in `domain` too."""
    match type, domain:
        case IntType(low, high), IntType(lowest, highest, scope):
            lows = [bound for bound in (low, lowest) if bound is not None]
            highs = [bound for bound in (high, highest) if bound is not None]
            return IntType(max(lows, default=None), min(highs, default=None), scope)
        case OptionType(of), OptionType(wanted):
            return OptionType(narrowed(of, wanted))
        case TupleType(of, length), TupleType(wanted, longest):
            lengths = [bound for bound in (length, longest) if bound is not None]
            return TupleType(narrowed(of, wanted), min(lengths, default=None))
        case _:
            return type


def as_int(type: Type) -> IntType:
    """The same type, known to be an integer type."""
    assert isinstance(type, IntType), type
    return type
