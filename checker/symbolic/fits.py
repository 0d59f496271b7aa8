"""Values and types: which bounds are lifted, what leaves its bounds, what is a value at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from itertools import pairwise
from typing import Any

import z3

from checker.ir.bounds import is_bounded
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
from checker.symbolic.equal import equal, precedes
from checker.symbolic.errors import CannotEncode
from checker.symbolic.sets import elements, size
from checker.symbolic.terms import Bool, Int, at_most, both, either, implies, less, negate, plus
from checker.symbolic.trees import (
    Extras,
    Flags,
    Indexed,
    Listed,
    Map,
    Option,
    Predicate,
    Record,
    Table,
    Tree,
    default,
    has_flags,
)
from checker.symbolic.unknown import quantified

Misfits = Iterator[tuple[Bool, str | None]]
"""When a value does not fit, and the scope's name that cuts it then (`None`: it is undefined)."""


def lifted(type: Type, names: Set[str]) -> Type:
    """The type without the bounds that come from these names of the scope."""
    match type:
        case IntType(low, _, scope) if scope in names:
            return IntType(low, None)
        case OptionType(of):
            return OptionType(lifted(of, names))
        case RecordType(name, fields):
            return RecordType(name, tuple((part, lifted(of, names)) for part, of in fields))
        case TupleType(of, most, scope):
            kept = (None, None) if scope in names else (most, scope)
            return TupleType(lifted(of, names), *kept)
        case SetType(of, most, scope):
            kept = (None, None) if scope in names else (most, scope)
            return SetType(lifted(of, names), *kept)
        case MapType(key, value):
            return MapType(lifted(key, names), lifted(value, names))
        case _:
            return type


def has_endless_keys(type: Type) -> bool:
    """Whether there is a map in a type, or in its parts, whose keys have no bound."""
    match type:
        case OptionType(of) | TupleType(of) | SetType(of):
            return has_endless_keys(of)
        case RecordType(_, fields):
            return any(has_endless_keys(field) for _, field in fields)
        case MapType(key, value):
            return not is_bounded(key) or has_endless_keys(value)
        case _:
            return False


def greatest(of: IntType) -> Int:
    """The greatest value of a type whose bound is lifted: an unknown, the same everywhere.

    Whatever is proved is true of any value, and so in every scope: there it is a number. Types with
    a bound of one name keep their distance.
    """
    assert of.high is not None, f"{of} has no greatest value"
    return plus(z3.Int(f"beyond!{of.scope}"), of.high)


def fits(type: Type, tree: Tree) -> Bool:
    """Whether a value lies within the bounds of a type."""
    return negate(either(*(bad for bad, _ in misfits(type, tree))))


def misfits(type: Type, tree: Any) -> Misfits:
    """When a value does not fit a type, part by part: the first that is true decides.

    The order is that of `ir.values.misfit`. Forms are not questioned, only bounds are.
    """
    match type, tree:
        case IntType(low, high, scope), _:
            yield low is not None and less(tree, low), None
            yield high is not None and less(high, tree), scope
        case OptionType(of), Option(present, value):
            if present is not False:
                yield from _under(present, misfits(of, value))
        case RecordType(_, fields), Record(parts):
            for (_, field), part in zip(fields, parts, strict=True):
                yield from misfits(field, part)
        case TupleType(of, most, scope), Listed() | Indexed():
            yield most is not None and less(most, tree.length), scope
            yield from _misfit_items(of, tree)
        case SetType(of, most, scope), Flags() | Predicate():
            yield most is not None and less(most, size(tree)), scope
            yield from _misfit_members(of, tree)
        case MapType(_, of), Map(values):
            for value in values:
                yield from misfits(of, value)
        case MapType(_, of), Table(_, at):
            if any(bad is not False for bad, _ in misfits(of, at(z3.FreshInt("key")))):
                # Where the keys end is not known here, and what lies past their end may not decide.
                raise CannotEncode("whether all values of a map fit whose keys have no bound")
        case _:
            return


def _under(condition: Bool, found: Misfits) -> Misfits:
    return ((both(condition, bad), scope) for bad, scope in found)


def _misfit_items(of: Type, tree: Listed | Indexed) -> Misfits:
    if isinstance(tree, Listed):
        for position, part in enumerate(tree.items):
            yield from _under(less(position, tree.length), misfits(of, part))
    else:
        length, at = tree.length, tree.at
        yield from _misfit_somewhere(of, lambda i: (both(i >= 0, less(i, length)), at(i)))


def _misfit_somewhere(of: Type, part: Callable[[Any], tuple[Bool, Tree]]) -> Misfits:
    """Of several places the first kind of misfit counts, not the first place."""
    position = z3.FreshInt("position")
    inside, tree = part(position)
    for bad, scope in misfits(of, tree):
        if bad is not False:
            yield z3.Exists([position], both(inside, bad)), scope


def _misfit_members(of: Type, tree: Flags | Predicate) -> Misfits:
    if isinstance(tree, Predicate):
        if not tree.within:
            inside = quantified(tree.of, lambda x: implies(tree.holds(x), fits(of, x)))
            yield negate(inside), None
        found = tree.extras
    else:
        # Flagged values of the type itself fit; of all others the first in order is asked first.
        found = elements(Flags(None, (), tree.extras) if tree.of == of else tree)
    for guard, element in found:
        yield from _under(guard, misfits(of, element))


def is_value(type: Type, tree: Any) -> Bool:
    """That a tree of unknowns stands for a value of the type, in the only way to write it."""
    match type, tree:
        case EnumType() | SortType(), _:
            return both(at_most(0, tree), less(tree, cardinality(type)))
        case OptionType(of), Option(present, value):
            absent = implies(negate(present), equal(value, default(of)))
            return both(absent, implies(present, is_value(of, value)))
        case RecordType(_, fields), Record(parts):
            pairs = zip(fields, parts, strict=True)
            return both(*(is_value(field, part) for (_, field), part in pairs))
        case MapType(_, of), Map(values):
            return both(*(is_value(of, value) for value in values))
        case MapType(_, of), Table(low, at):
            key = z3.FreshInt("key")
            return z3.ForAll([key], implies(key >= low, is_value(of, at(key))))
        case TupleType(of, most), Listed(length, items):
            slots = (_is_slot(of, less(i, length), part) for i, part in enumerate(items))
            return both(at_most(0, length), at_most(length, most or 0), *slots)
        case TupleType(of), Indexed(length, at):
            position = z3.FreshInt("position")
            inside = both(position >= 0, less(position, length))
            claim = implies(inside, is_value(of, at(position)))
            some = claim if isinstance(claim, bool) else z3.ForAll([position], claim)
            return both(at_most(0, length), some)
        case SetType(of, most), Flags() | Predicate():
            return _is_set(of, most, tree)
        case BoolType() | IntType(), _:
            return fits(type, tree)
        case _:
            raise AssertionError(f"{tree} is no tree of {type}")


def _is_slot(of: Type, taken: Bool, part: Tree) -> Bool:
    """An item within the length, or the default past it."""
    return both(
        implies(taken, is_value(of, part)), implies(negate(taken), equal(part, default(of)))
    )


def _is_set(of: Type, most: int | None, tree: Flags | Predicate) -> Bool:
    if isinstance(tree, Predicate):
        assert most is None, "a set with so few members has slots for them"
        holds = tree.holds
        return quantified(of, lambda x: implies(holds(x), is_value(of, x)))
    if has_flags(of):
        return most is None or at_most(size(tree), most)
    slots = (_is_slot(of, guard, element) for guard, element in tree.extras)
    return both(_is_sorted(tree.extras), *slots)


def _is_sorted(slots: Extras) -> Bool:
    pairs = pairwise(slots)
    return both(*(implies(later, both(taken, precedes(a, b))) for (taken, a), (later, b) in pairs))
