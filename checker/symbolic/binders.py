"""What each binder means to the solver, where what it goes through can be listed.

Everything happens in the order in which Python does it, and stops where Python stops. What cannot
be listed is left to `checker.symbolic.endless`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from checker.ir.expr import Binders, Expr, Generator, body, default, generators
from checker.ir.types import IntType, MapType, SetType, TupleType
from checker.symbolic import sets
from checker.symbolic.choose import choose
from checker.symbolic.endless import endless
from checker.symbolic.fits import greatest
from checker.symbolic.meaning import Encoder, Locals, Meaning, Row, meaning
from checker.symbolic.terms import (
    Bool,
    Int,
    both,
    count,
    either,
    equals,
    implies,
    is_literal,
    less,
    negate,
    pick,
    plus,
)
from checker.symbolic.trees import (
    Flags,
    Listed,
    Map,
    Table,
    Tree,
    domain,
    remember,
)
from checker.symbolic.trees import default as any_tree
from checker.symbolic.unknown import quantified_between


class Endless(Exception):
    """A generator goes through something that cannot be listed."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is evaluated: reached under a condition, if nothing before made it stop.

    `tree` is the value of a body; a source or a condition has none.
    """

    reached: Bool
    defined: Bool
    tree: Any = None
    is_body: bool = False


def events(encoder: Encoder, expr: Expr, locals: Locals) -> Iterator[Event]:
    """All that a binder evaluates, in order, but its default."""
    return _events(encoder, body(expr), generators(expr), locals, True)


def _events(
    encoder: Encoder, inner: Expr, remaining: tuple[Generator, ...], locals: Locals, reached: Bool
) -> Iterator[Event]:
    if not remaining:
        found = encoder.encode(inner, locals)
        yield Event(reached, found.defined, found.value, is_body=True)
        return
    first, *rest = remaining
    source = encoder.encode(first.source, locals)
    yield Event(reached, source.defined)
    for guard, element in listed(source.value):
        here = both(reached, guard)
        if here is False:
            continue
        chosen = {**locals, first.name: element}
        condition = encoder.encode(first.condition, chosen)
        yield Event(here, condition.defined)
        goes_on = both(here, condition.value)
        if goes_on is not False:
            yield from _events(encoder, inner, tuple(rest), chosen, goes_on)


def listed(source: Tree) -> Iterator[tuple[Bool, Tree]]:
    """The elements of a tuple or set in order, each with the condition that it is there."""
    match source:
        case Listed(length, items):
            most = length if is_literal(length) else len(items)
            return ((less(i, length), item) for i, item in enumerate(items[:most]))
        case Flags():
            return iter(sets.elements(source))
        case _:
            raise Endless


def binder(finite: Callable[[Encoder, Expr, Locals], Meaning]) -> Row:
    """A row for a binder: by going through everything, where that is possible."""

    def row(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
        try:
            return finite(encoder, expr, locals)
        except Endless:
            return endless(encoder, expr, locals)

    return row


def all_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """Stops at the first false body."""
    return _until(encoder, expr, locals, stops_at=False)


def any_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """Stops at the first true body."""
    return _until(encoder, expr, locals, stops_at=True)


def _until(encoder: Encoder, expr: Expr, locals: Locals, stops_at: bool) -> Meaning:
    stopped: list[Bool] = []
    defined: list[Bool] = []
    for event in events(encoder, expr, locals):
        if event.defined is not True:
            defined.append(either(negate(event.reached), event.defined, *stopped))
        if event.is_body:
            stop = event.tree if stops_at else both(event.defined, negate(event.tree))
            stopped.append(both(event.reached, stop))
            if stopped[-1] is True:
                break
    found = either(*stopped)
    return meaning(expr.type, found if stops_at else negate(found), *defined)


def collected(function: Callable[[Encoder, Expr, list[tuple[Bool, Any]]], Any]) -> Row:
    """A row for a binder that evaluates every body, and makes one value of them."""

    def finite(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
        happened = list(events(encoder, expr, locals))
        bodies = [(event.reached, event.tree) for event in happened if event.is_body]
        defined = (implies(event.reached, event.defined) for event in happened)
        return meaning(expr.type, function(encoder, expr, bodies), *defined)

    return binder(finite)


def sum_(encoder: Encoder, expr: Expr, bodies: list[tuple[Bool, Any]]) -> Int:
    """The sum of what is there."""
    total: Int = 0
    for guard, term in bodies:
        total = plus(total, pick(guard, term, 0))
    return total


def set_of(encoder: Encoder, expr: Expr, bodies: list[tuple[Bool, Any]]) -> Tree:
    """The set of what is there."""
    assert isinstance(expr.type, SetType)
    return sets.listed_set(expr.type.of, tuple(bodies))


def tuple_of(encoder: Encoder, expr: Expr, bodies: list[tuple[Bool, Any]]) -> Listed:
    """What is there, without holes."""
    assert isinstance(expr.type, TupleType)
    kept = [(guard, tree) for guard, tree in bodies if guard is not False]
    guards = [guard for guard, _ in kept]
    if all(guard is True for guard in guards):
        return Listed(len(kept), tuple(tree for _, tree in kept))
    before = [count(guards[:number]) for number in range(len(kept))]
    items = []
    for place in range(len(kept)):
        found = kept[-1][1]
        for number in range(len(kept) - 2, place - 1, -1):
            here = both(guards[number], equals(before[number], place))
            found = choose(here, kept[number][1], found)
        items.append(found)
    return Listed(count(guards), tuple(items))


def extreme(function: Callable[[Any, Any], Any]) -> Row:
    """A row for the least or greatest body, or else the default."""

    def finite(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
        otherwise = _default(encoder, expr, locals)
        found: Any = 0
        is_there: Bool = False
        defined = [otherwise.defined]
        for event in events(encoder, expr, locals):
            defined.append(implies(event.reached, event.defined))
            if event.is_body:
                better = pick(is_there, function(found, event.tree), event.tree)
                found = pick(event.reached, better, found)
                is_there = either(is_there, event.reached)
        if default(expr) is None:
            defined.append(is_there)
        return meaning(expr.type, pick(is_there, found, otherwise.value), *defined)

    return binder(finite)


def _default(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """The default, which is evaluated first, needed or not."""
    otherwise = default(expr)
    return Meaning(any_tree(expr.type)) if otherwise is None else encoder.encode(otherwise, locals)


def first(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """Stops at the first body, whatever it is."""
    otherwise = _default(encoder, expr, locals)
    defined = [otherwise.defined]
    bodies: list[Event] = []
    for event in events(encoder, expr, locals):
        if event.defined is not True:
            earlier = (found.reached for found in bodies)
            defined.append(either(negate(event.reached), event.defined, *earlier))
        if event.is_body:
            bodies.append(event)
            if event.reached is True:
                break
    if default(expr) is None:
        defined.append(either(*(event.reached for event in bodies)))
    value = otherwise.value
    for event in reversed(bodies):
        value = choose(event.reached, event.tree, value)
    return meaning(expr.type, value, *defined)


def map_of(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """A value for every key."""
    assert isinstance(expr.data, Binders)
    assert isinstance(expr.type, MapType)
    (name,), (key,) = expr.data.names, expr.data.types
    lifted: Any = encoder.type(key)
    if lifted != key:

        def at(k: Any) -> Meaning:
            return encoder.encode(body(expr), {**locals, name: k})

        assert isinstance(key, IntType)
        end = plus(greatest(key), 1)
        defined = quantified_between(lifted.low, end, lambda k: at(k).defined)
        return meaning(expr.type, Table(lifted.low, remember(lambda k: at(k).value)), defined)
    parts = [encoder.encode(body(expr), {**locals, name: k}) for k in domain(key)]
    values = Map(tuple(part.value for part in parts))
    return meaning(expr.type, values, *(part.defined for part in parts))
