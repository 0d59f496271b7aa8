"""Values as short as a reader of Kafka wants them: a record is its name and its epoch."""

from __future__ import annotations

from typing import Any, Final

from checker.ir.types import (
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    TupleType,
    Type,
)
from checker.ir.values import in_order, members, show
from counterexamples.drawing.roles import FIELD_FOR_EPOCH, FIELD_FOR_NAME

NAMED: Final = frozenset({FIELD_FOR_NAME, FIELD_FOR_EPOCH})


def is_brief(type: Type) -> bool:
    """Whether a value is so short that a sequence of them is best shown whole."""
    match type:
        case RecordType(_, fields):
            return {name for name, _ in fields} == NAMED
        case OptionType(of):
            return is_brief(of)
        case TupleType() | SetType() | MapType():
            return False
        case _:
            return True


def brief(type: Type, value: Any) -> str:
    """A value as `show` has it, but for records that are a name and an epoch: `r0·e1`."""
    match type:
        case RecordType(_, fields) if {name for name, _ in fields} == NAMED:
            parts = {name: (of, v) for (name, of), v in zip(fields, value, strict=True)}
            return f"{record_name(*parts[FIELD_FOR_NAME])}·e{parts[FIELD_FOR_EPOCH][1]}"
        case RecordType(_, fields):
            pairs = zip(fields, value, strict=True)
            return "(" + " ".join(f"{n}={brief(t, v)}" for (n, t), v in pairs) + ")"
        case OptionType(of):
            return "none" if value is None else brief(of, value)
        case TupleType(of, _):
            between = " " if isinstance(of, RecordType) and is_brief(of) else ", "
            return "⟨" + between.join(brief(of, v) for v in value) + "⟩"
        case SetType(of, _):
            return "{" + ", ".join(brief(of, v) for v in in_order(type, value)) + "}"
        case MapType(key, of):
            held = zip(members(key), value, strict=True)
            return "[" + ", ".join(f"{brief(key, k)}: {brief(of, v)}" for k, v in held) + "]"
        case _:
            return show(type, value)


def record_name(type: Type, value: Any) -> str:
    """What a record is called: a number gets an r before it, for it would be read as an offset."""
    shown = show(type, value)
    return f"r{shown}" if isinstance(type, IntType) else shown
