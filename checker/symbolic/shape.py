"""Trees in the form that unknowns of their type have, and the values that known trees stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.ir.expr import Value
from checker.ir.types import MapType, OptionType, RecordType, SetType, TupleType, Type
from checker.ir.values import members
from checker.symbolic.sets import absorbed, elements
from checker.symbolic.terms import Term
from checker.symbolic.trees import (
    Flags,
    Listed,
    Map,
    Option,
    Predicate,
    Record,
    Table,
    Tree,
    has_flags,
    remember,
)


def shaped(type: Type, tree: Any) -> Tree:
    """The same value, which must be of the type, in the form that the type's unknowns have."""
    match type, tree:
        case OptionType(of), Option(present, value):
            return Option(present, shaped(of, value))
        case RecordType(_, fields), Record(parts):
            pairs = zip(fields, parts, strict=True)
            return Record(tuple(shaped(field, part) for (_, field), part in pairs))
        case MapType(_, of), Map(values):
            return Map(tuple(shaped(of, value) for value in values))
        case MapType(_, of), Table(low, at):
            return Table(low, remember(lambda key: shaped(of, at(key))))
        case TupleType(of, most), Listed(length, items):
            return Listed(length, tuple(shaped(of, item) for item in items[:most]))
        case SetType(of, most), Flags():
            if has_flags(of):
                return absorbed(of, tree)
            return Flags(None, (), elements(tree)[:most])
        case _:
            return tree


def value_of(type: Type, tree: Any, known: Callable[[Term], bool | int]) -> Value:
    """The value that a tree stands for, given the values of its terms."""
    match type, tree:
        case OptionType(of), Option(present, value):
            return value_of(of, value, known) if known(present) else None
        case RecordType(_, fields), Record(parts):
            pairs = zip(fields, parts, strict=True)
            return tuple(value_of(field, part, known) for (_, field), part in pairs)
        case MapType(_, of), Map(values):
            return tuple(value_of(of, value, known) for value in values)
        case TupleType(of), Listed(length, items):
            return tuple(value_of(of, item, known) for item in items[: known(length)])
        case SetType(of), Flags(other, flags, extras):
            flagged = () if other is None else zip(flags, members(other), strict=True)
            more = (value_of(of, element, known) for guard, element in extras if known(guard))
            return frozenset([value for flag, value in flagged if known(flag)]).union(more)
        case _:
            assert not isinstance(tree, Predicate | Table), f"{type} has no bound"
            return known(tree)


def literally(term: Term) -> bool | int:
    """The value of a term that is known by itself."""
    assert isinstance(term, bool | int), f"{term} is not known"
    return term
