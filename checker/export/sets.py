"""Types as the sets of their values, and values as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from checker.export.text import Bracketed, Headed, Infix, Level, Text, Word, brackets
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
from checker.ir.values import cardinality, in_order, members, show

NONE = Word("None")
KEYS = ("key", "key_", "key__", "key___")
"""What the keys of functions are called, from outside inwards."""


def set_of_type(type: Type, names: Mapping[str, str], listed: bool = False) -> Text:
    """All values of a type; `names` are what sorts and enumerations are called.

    TLC has to make a list of them if it goes through them (`listed`), but not to find out whether
    something is one of them.
    """
    match type:
        case BoolType():
            return Word("BOOLEAN")
        case IntType(low, high):
            return Word(f"{number(low)}..{number(high)}", Level.OPERATE)
        case EnumType(name) | SortType(name):
            return Word(names[name])
        case OptionType(of):
            alone = Bracketed("{", (NONE,), "}")
            return Infix("\\cup", (set_of_type(of, names, listed), alone), Level.OPERATE)
        case RecordType(_, fields):
            parts = (Headed(f"{field}:", set_of_type(of, names, listed)) for field, of in fields)
            return Bracketed("[", tuple(parts), "]")
        case TupleType(of, longest):
            size = Word(number(longest))
            opening = "SequencesUpTo(" if listed else "BoundedSequences("
            return Bracketed(opening, (set_of_type(of, names, listed), size), ")")
        case SetType(of, None):
            return Headed("SUBSET", brackets(set_of_type(of, names, listed)), Level.OPERATE)
        case SetType(of, most):
            return Bracketed("SetsUpTo(", (set_of_type(of, names, listed), Word(number(most))), ")")
        case MapType(key, value):
            arrow = Headed(
                f"{set_of_type(key, names, listed).flat} ->", set_of_type(value, names, listed)
            )
            return Bracketed("[", (arrow,), "]")
        case _:
            assert_never(type)


def number(value: int | None) -> str:
    """A whole number as an operand."""
    assert value is not None, "a bound that the model does not have"
    return str(value) if value >= 0 else f"({value})"


def constant(type: Type, value: Value, names: Mapping[str, str], depth: int = 0) -> Text:
    """A value; members of sorts and labels of enumerations have names of their own.

    `depth` is how many functions it stands inside of: each binds a name.
    """
    match type:
        case BoolType():
            return Word("TRUE" if value else "FALSE")
        case IntType():
            assert isinstance(value, int)
            return Word(number(value))
        case EnumType():
            return Word(f'"{show(type, value)}"')
        case SortType():
            return Word(names[show(type, value)])
        case OptionType(of):
            return NONE if value is None else constant(of, value, names, depth)
        case _:
            return _composed(type, value, names, depth)


def _composed(
    type: RecordType | TupleType | SetType | MapType,
    value: Value,
    names: Mapping[str, str],
    depth: int,
) -> Text:
    assert isinstance(value, tuple | frozenset)
    match type:
        case RecordType(_, fields):
            assert isinstance(value, tuple)
            given = zip(fields, value, strict=True)
            parts = (
                Headed(f"{field} |->", constant(of, v, names, depth)) for (field, of), v in given
            )
            return Bracketed("[", tuple(parts), "]")
        case TupleType(of):
            return Bracketed("<<", tuple(constant(of, v, names, depth) for v in value), ">>")
        case SetType(of):
            if not isinstance(of, IntType) and len(value) == cardinality(of):
                return set_of_type(of, names)
            items = (constant(of, v, names, depth) for v in in_order(type, value))
            return Bracketed("{", tuple(items), "}")
        case MapType(key, of):
            assert isinstance(value, tuple)
            inner = [constant(of, v, names, depth + 1) for v in value]
            return _map(key, inner, names, KEYS[depth])


def _map(key: Type, values: list[Text], names: Mapping[str, str], bound: str) -> Text:
    """A function: one expression for all keys if they have one value, else pair by pair."""
    if all(value == values[0] for value in values):
        head = f"{bound} \\in {set_of_type(key, names).flat} |->"
        return Bracketed("[", (Headed(head, values[0]),), "]")
    keys = (constant(key, k, names) for k in members(key))
    pairs = (Infix(":>", (k, v), Level.OPERATE) for k, v in zip(keys, values, strict=True))
    return Infix("@@", tuple(pairs), Level.OPERATE)
