"""One of two trees, by a condition; elements of a sequence; values of a map."""

from __future__ import annotations

from collections.abc import Sequence

from checker.symbolic.stretches import parts_if
from checker.symbolic.terms import (
    Bool,
    Int,
    both,
    equals,
    is_literal,
    negate,
    pick,
)
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
    domain,
    remember,
)


def choose(condition: Bool, a: Tree, b: Tree) -> Tree:
    """The tree `a` if the condition holds, else `b`; both stand for values of one kind."""
    if condition is True or a is b:
        return a
    if condition is False:
        return b
    match a, b:
        case Option(), Option():
            return _choose_option(condition, a, b)
        case Record(), Record():
            return Record(_choose_each(condition, a.fields, b.fields))
        case Map(), Map():
            return Map(_choose_each(condition, a.values, b.values))
        case Table(low, one), Table(_, other):
            return Table(low, remember(lambda key: choose(condition, one(key), other(key))))
        case Listed() | Indexed(), Listed() | Indexed():
            return _choose_sequence(condition, a, b)
        case Flags() | Predicate(), Flags() | Predicate():
            return _choose_set(condition, a, b)
        case _:
            return pick(condition, a, b)


def _choose_each(condition: Bool, a: Sequence[Tree], b: Sequence[Tree]) -> tuple[Tree, ...]:
    return tuple(choose(condition, one, other) for one, other in zip(a, b, strict=True))


def _choose_option(condition: Bool, a: Option, b: Option) -> Option:
    # What is absent may be anything: it is taken from the other side, for a smaller formula.
    if a.present is False or b.present is False:
        value = b.value if a.present is False else a.value
    else:
        value = choose(condition, a.value, b.value)
    return Option(pick(condition, a.present, b.present), value)


def _choose_sequence(condition: Bool, a: Listed | Indexed, b: Listed | Indexed) -> Listed | Indexed:
    length = pick(condition, a.length, b.length)
    if isinstance(a, Listed) and isinstance(b, Listed):
        common = min(len(a.items), len(b.items))
        items = _choose_each(condition, a.items[:common], b.items[:common])
        return Listed(length, items + a.items[common:] + b.items[common:])
    parts = parts_if(condition, a) + parts_if(negate(condition), b)
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Listed) and not one.items:
            return Indexed(length, extended(other).at, parts)

    def at(position: Int) -> Tree:
        return choose(condition, item(a, position), item(b, position))

    return Indexed(length, remember(at), parts)


def item(sequence: Listed | Indexed, position: Int) -> Tree:
    """The element at a position; any tree past the end. A list must have items."""
    if isinstance(sequence, Indexed):
        return sequence.at(position)
    items = sequence.items
    if is_literal(position):
        return items[position] if 0 <= position < len(items) else items[-1]
    last = len(items) - 1
    if is_literal(sequence.length):
        last = min(last, max(sequence.length - 1, 0))
    found = items[last]
    for number in range(last - 1, -1, -1):
        found = choose(equals(position, number), items[number], found)
    return found


def extended(sequence: Listed | Indexed) -> Indexed:
    """The same sequence, as a function of the position. A list must have items."""
    if isinstance(sequence, Indexed):
        return sequence
    return Indexed(sequence.length, remember(lambda position: item(sequence, position)))


def guarded(condition: Bool, extras: Extras) -> Extras:
    """Members under a further condition; those that can be no members are left out."""
    found = tuple((both(condition, guard), element) for guard, element in extras)
    return tuple((guard, element) for guard, element in found if guard is not False)


def _choose_set(condition: Bool, a: Flags | Predicate, b: Flags | Predicate) -> Flags | Predicate:
    extras = guarded(condition, a.extras) + guarded(negate(condition), b.extras)
    match a, b:
        case Flags(of, flags), Flags(other, others) if of == other:
            pairs = zip(flags, others, strict=True)
            return Flags(of, tuple(pick(condition, one, two) for one, two in pairs), extras)
        case Predicate(of, holds, within), Predicate(_, other_holds, other_within):
            if holds is other_holds:
                return Predicate(of, holds, within, extras)
            is_within = within and other_within
            return Predicate(
                of, lambda x: pick(condition, holds(x), other_holds(x)), is_within, extras
            )
        case Predicate(of, holds, within), Flags():
            own = guarded(negate(condition), as_extras(b))
            return Predicate(of, lambda x: both(condition, holds(x)), within, extras + own)
        case Flags(), Predicate():
            return _choose_set(negate(condition), b, a)
        case Flags(of), Flags() if of is not None and b.of is None:
            flags = tuple(both(condition, flag) for flag in a.flags)
            return Flags(of, flags, extras)
        case Flags(), Flags() if a.of is None:
            return _choose_set(negate(condition), b, a)
        case Flags(), Flags():
            own = guarded(negate(condition), as_extras(b))
            flags = tuple(both(condition, flag) for flag in a.flags)
            return Flags(a.of, flags, extras + own)
        case _:
            raise AssertionError(f"{a} and {b} are not both sets")


def as_extras(a: Flags) -> Extras:
    """All flagged members of a set as extras."""
    from_flags = domain_of(a)
    pairs = zip(a.flags, from_flags, strict=True)
    return tuple((flag, element) for flag, element in pairs if flag is not False)


def domain_of(a: Flags) -> tuple[Tree, ...]:
    """What the flags of a set stand for."""
    return () if a.of is None else domain(a.of)


def lookup(values: Sequence[Tree], conditions: Sequence[Bool]) -> Tree:
    """The value whose condition holds; the last one if none does."""
    found = values[-1]
    for value, condition in zip(values[-2::-1], conditions[-2::-1], strict=True):
        found = choose(condition, value, found)
    return found
