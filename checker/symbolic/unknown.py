"""Unknown values of a type: trees of fresh constants, or of functions of the positions around."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any, Final, assert_never

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
from checker.ir.values import members, show
from checker.symbolic.errors import CannotEncode
from checker.symbolic.terms import (
    Bool,
    Int,
    Term,
    at_most,
    both,
    either,
    is_literal,
    less,
    negate,
    pick,
)
from checker.symbolic.trees import (
    Flags,
    Indexed,
    Listed,
    Map,
    Option,
    Predicate,
    Record,
    Table,
    Tree,
    constant,
    default,
    has_flags,
    is_closed,
    remember,
)

BOUND: Final = ("any!", "position!", "key!")
"""How the names of bound variables begin."""

MOST_FORMS: Final = 64
"""So many cases are told apart where something is said of all values of a type."""


def unknown(type: Type, name: str, at: tuple[Int, ...] = ()) -> Tree:
    """A value of which nothing is known but its form; `at` are the positions that it stands at."""
    match type:
        case BoolType():
            return _leaf(name, z3.BoolSort(), at)
        case IntType() | EnumType() | SortType():
            return _leaf(name, z3.IntSort(), at)
        case OptionType(of):
            return Option(_leaf(f"{name}?", z3.BoolSort(), at), unknown(of, name, at))
        case RecordType(_, fields):
            return Record(tuple(unknown(field, f"{name}.{part}", at) for part, field in fields))
        case MapType(key, value):
            return _unknown_map(key, value, name, at)
        case TupleType(of, most):
            length = _leaf(f"{name}#", z3.IntSort(), at)
            if most is None:
                return Indexed(length, remember(lambda i: unknown(of, f"{name}[]", (*at, i))))
            return Listed(length, tuple(unknown(of, f"{name}[{i}]", at) for i in range(most)))
        case SetType():
            return _unknown_set(type, name, at)
        case _:
            assert_never(type)


def anything(type: Type, around: tuple[Tree, ...], is_within: bool) -> tuple[str, Tree, Bool]:
    """A value of which nothing is known, and whether there is one, with the name of both.

    It may be another for each value of the bound variables in the trees around it. The bounds of
    its type count only if it `is_within` them. Raises `CannotEncode` if the trees hold functions.
    """
    variables = tuple(dict.fromkeys(v for tree in around for v in bound_variables(tree)))
    if not all(z3.is_int(variable) for variable in variables):
        raise CannotEncode("what has no formula, among all values of a type")
    name = f"{z3.FreshInt('gap').decl().name()}!"
    value = unknown(type if is_within else _boundless(type), name, variables)
    return name, value, _leaf(f"{name}defined", z3.BoolSort(), variables)


def _boundless(type: Type) -> Type:
    """The type with all values that have its form."""
    match type:
        case IntType():
            return IntType(None, None)
        case OptionType(of):
            return OptionType(_boundless(of))
        case RecordType(name, fields):
            return RecordType(name, tuple((part, _boundless(of)) for part, of in fields))
        case TupleType(of):
            return TupleType(_boundless(of), None)
        case SetType(of):
            return SetType(_boundless(of), None)
        case MapType(key, value):
            return MapType(key, _boundless(value))
        case _:
            return type


def _leaf(name: str, sort: z3.SortRef, at: tuple[Int, ...]) -> Term:
    if not at:
        return z3.Const(name, sort)
    return z3.Function(name, *[z3.IntSort()] * len(at), sort)(*at)


def _unknown_map(key: Type, value: Type, name: str, at: tuple[Int, ...]) -> Map | Table:
    if is_bounded(key):
        return Map(tuple(unknown(value, f"{name}[{show(key, k)}]", at) for k in members(key)))
    if not isinstance(key, IntType) or key.low is None:
        raise CannotEncode(f"a map with keys of type {key} has no bound")
    return Table(key.low, remember(lambda k: unknown(value, f"{name}[]", (*at, k))))


def _unknown_set(type: SetType, name: str, at: tuple[Int, ...]) -> Flags | Predicate:
    of = type.of
    if has_flags(of):
        flags = (_leaf(f"{name}∋{show(of, v)}", z3.BoolSort(), at) for v in members(of))
        return Flags(of, tuple(flags))
    if type.max_size is not None:
        # Too many values for a flag each, but few members: as many slots as there may be.
        slots = (unknown(OptionType(of), f"{name}/{i}", at) for i in range(type.max_size))
        extras = tuple((s.present, s.value) for s in slots if isinstance(s, Option))
        return Flags(None, (), extras)

    def holds(element: Tree) -> Bool:
        arguments = (*at, *key_of(of, element))
        sorts = [z3.BoolSort() if is_truth(a) else z3.IntSort() for a in arguments]
        return z3.Function(f"{name}∋", *sorts, z3.BoolSort())(*arguments)

    return Predicate(of, holds, within=True)


def is_truth(term: Term) -> bool:
    """Whether a scalar is a Boolean."""
    return isinstance(term, bool) or (not isinstance(term, int) and bool(z3.is_bool(term)))


def key_of(type: Type, tree: Tree) -> tuple[Term, ...]:
    """The scalars of a value of the type: the same for equal values, different for others."""
    match type, tree:
        case OptionType(of), Option(present, value):
            absent = key_of(of, default(of))
            leaves = zip(key_of(of, value), absent, strict=True)
            return (present, *(pick(present, leaf, none) for leaf, none in leaves))
        case RecordType(_, types), Record(fields):
            pairs = zip(types, fields, strict=True)
            return tuple(leaf for (_, field), part in pairs for leaf in key_of(field, part))
        case MapType(_, of), Map(values):
            return tuple(leaf for value in values for leaf in key_of(of, value))
        case TupleType(of, int(most)), Listed(length, items) if len(items) <= most:
            padded = (*items, *(default(of) for _ in range(most - len(items))))
            guarded = (Option(less(i, length), part) for i, part in enumerate(padded))
            return (length, *(leaf for one in guarded for leaf in key_of(OptionType(of), one)))
        case SetType(of), Flags(other, flags, ()) if of == other:
            return flags
        case BoolType() | IntType() | EnumType() | SortType(), _:
            return (tree,)
        case _:
            raise CannotEncode(f"a set without bound whose elements have parts of type {type}")


def quantified(type: Type, body: Callable[[Tree], Bool], exists: bool = False) -> Bool:
    """Whether the body is true of all values of a type (and maybe of others that have its form)."""
    name = str(z3.FreshInt("any").decl().name())
    most = list(islice(forms(type, name), MOST_FORMS + 1))
    claims = []
    for element in most if len(most) <= MOST_FORMS else [unknown(type, name)]:
        bound = list(dict.fromkeys(leaf for leaf in leaves(element) if not is_literal(leaf)))
        claim = body(element)
        if bound and not isinstance(claim, bool):
            claim = z3.Exists(bound, claim) if exists else z3.ForAll(bound, claim)
        claims.append(claim)
    return either(*claims) if exists else both(*claims)


def forms(type: Type, name: str) -> Iterator[Tree]:
    """Trees that together stand for all values of a type: only integers are unknown in them.

    A solver finds what to say about such an element where it would not see through a choice.
    """
    match type:
        case OptionType(of):
            yield Option(False, default(of))
            yield from (Option(True, value) for value in forms(of, name))
        case RecordType(_, fields):
            parts = [list(forms(field, f"{name}.{part}")) for part, field in fields]
            yield from map(Record, product(*parts))
        case IntType() | TupleType() | MapType():
            yield unknown(type, name)
        case SetType() if not is_closed(type.of):
            yield unknown(type, name)
        case _:
            yield from (constant(type, value) for value in members(type))


def leaves(tree: Tree) -> Iterator[Term]:
    """All scalars of a tree without functions."""
    match tree:
        case Option(present, value):
            yield present
            yield from leaves(value)
        case Record(parts) | Map(parts):
            yield from (leaf for part in parts for leaf in leaves(part))
        case Listed(length, items):
            yield length
            yield from (leaf for part in items for leaf in leaves(part))
        case Flags(_, flags, extras):
            yield from flags
            for guard, element in extras:
                yield guard
                yield from leaves(element)
        case Indexed() | Table() | Predicate():
            raise CannotEncode("a set without bound whose elements have parts without bound")
        case _:
            yield tree


def bound_variables(tree: Tree) -> Iterator[z3.ExprRef]:
    """The variables of the quantifiers around that a tree speaks of."""
    stack: list[Any] = [leaf for leaf in leaves(tree) if not is_literal(leaf)]
    seen: set[int] = set()
    while stack:
        term = stack.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        stack.extend(term.children())
        if z3.is_const(term) and str(term.decl().name()).startswith(BOUND):
            yield term


def for_all_positions(length: Int, body: Callable[[Int], Bool]) -> Bool:
    """Whether the body is true of all positions of a sequence."""
    return quantified_between(0, length, body)


def for_some_position(length: Int, body: Callable[[Int], Bool]) -> Bool:
    """Whether the body is true of a position of a sequence."""
    return quantified_between(0, length, body, exists=True)


def quantified_between(
    first: Int, last: Int, body: Callable[[Int], Bool], exists: bool = False
) -> Bool:
    """Whether the body is true of all integers from the first up to but not including the last."""
    position = z3.FreshInt("position")
    inside = both(at_most(first, position), less(position, last))
    claim = body(position)
    if isinstance(claim, bool) and claim != exists:
        return claim
    if exists:
        return z3.Exists([position], both(inside, claim))
    return z3.ForAll([position], either(negate(inside), claim))
