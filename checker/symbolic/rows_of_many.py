"""What each operator means to the solver: sequences and sets."""

from __future__ import annotations

from typing import Any

from checker.ir.expr import Expr
from checker.ir.ops import Op
from checker.ir.types import IntType, SetType, TupleType
from checker.symbolic import sets
from checker.symbolic.choose import choose, extended, item
from checker.symbolic.equal import equal, is_member
from checker.symbolic.errors import CannotEncode
from checker.symbolic.fits import greatest
from checker.symbolic.meaning import Encoder, Locals, Meaning, meaning
from checker.symbolic.stretches import for_some_element, parts_between, parts_of, range_of
from checker.symbolic.terms import (
    Bool,
    Int,
    at_most,
    both,
    either,
    greater,
    is_literal,
    less,
    lesser,
    minus,
    pick,
    plus,
    same,
)
from checker.symbolic.trees import (
    Flags,
    Indexed,
    Listed,
    Predicate,
    Tree,
    default,
    domain,
    remember,
)

Sequence = Listed | Indexed


def tuple_(*items: Tree) -> Listed:
    """The sequence of these items."""
    return Listed(len(items), items)


def length(a: Sequence) -> Int:
    """The length of a sequence."""
    return a.length


def index(encoder: Encoder, expr: Expr, a: Sequence, position: Int) -> tuple[Tree, Bool]:
    """The element at a position, which counts from the end if it is negative."""
    if isinstance(a, Listed) and not a.items:
        return default(expr.type), False
    type = expr.args[1].type
    assert isinstance(type, IntType)
    if encoder.trusts(expr.args[1]) and type.low is not None and type.low >= 0:
        return item(a, position), less(position, a.length)
    from_start = pick(less(position, 0), plus(a.length, position), position)
    return item(a, from_start), both(at_most(0, from_start), less(from_start, a.length))


def slice_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """A part of a sequence; bounds are clamped to it."""
    parts = [encoder.encode(arg, locals) for arg in expr.args]
    a = parts[0].value
    bounds = (_bound(arg, part.value) for arg, part in zip(expr.args[1:], parts[1:], strict=True))
    first, last = bounds
    start = 0 if first is None else _clamped(first, a.length)
    stop = a.length if last is None else _clamped(last, a.length)
    found = _part(a, start, stop)
    return meaning(expr.type, _trimmed(encoder, expr, found), *(part.defined for part in parts))


def _bound(arg: Expr, value: Any) -> Int | None:
    return None if arg.op is Op.CONST and arg.data is None else value


def _clamped(bound: Int, length: Int) -> Int:
    from_start = pick(less(bound, 0), plus(length, bound), bound)
    return lesser(greater(0, from_start), length)


def _part(a: Sequence, start: Int, stop: Int) -> Sequence:
    length = greater(0, minus(stop, start))
    if isinstance(a, Indexed):
        at, parts = a.at, parts_between(a, start, stop)
        return Indexed(length, remember(lambda i: at(plus(start, i))), parts)
    if is_literal(start):
        return Listed(length, a.items[start:])
    return Listed(length, tuple(item(a, plus(start, i)) for i in range(len(a.items))))


def concat(encoder: Encoder, expr: Expr, a: Sequence, b: Sequence) -> tuple[Tree, Bool]:
    """One sequence after another."""
    total = plus(a.length, b.length)
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Listed) and (not one.items or same(one.length, 0)):
            return other, True
    if isinstance(a, Listed) and isinstance(b, Listed):
        if is_literal(a.length):
            items = a.items[: a.length] + b.items
        else:
            most = range(len(a.items) + len(b.items))
            items = tuple(_joined(a, b, i) for i in most)
        return _trimmed(encoder, expr, Listed(total, items)), True
    one, other = extended(a), extended(b)
    parts = parts_of(a) + parts_of(b)
    return Indexed(total, remember(lambda i: _joined(one, other, i)), parts), True


def _joined(a: Sequence, b: Sequence, position: Int) -> Tree:
    """The element of the joined sequences at a position that is not negative."""
    second = item(b, minus(position, a.length))
    if isinstance(a, Listed) and is_literal(position) and position >= len(a.items):
        return second
    return choose(less(position, a.length), item(a, position), second)


def _trimmed(encoder: Encoder, expr: Expr, a: Sequence) -> Sequence:
    """Without items that the type says are never there."""
    assert isinstance(expr.type, TupleType)
    most = expr.type.max_length
    if isinstance(a, Listed) and most is not None and encoder.trusts(expr):
        return Listed(a.length, a.items[:most])
    return a


def range_(encoder: Encoder, expr: Expr, a: Int, b: Int) -> tuple[Tree, Bool]:
    """The integers from a up to but not including b."""
    if is_literal(a) and is_literal(b):
        return tuple_(*range(a, b)), True
    assert isinstance(expr.type, TupleType)
    most, length = expr.type.max_length, greater(0, minus(b, a))
    if most is not None and encoder.trusts(expr):
        return Listed(length, tuple(plus(a, i) for i in range(most))), True
    return range_of(a, b), True


def domain_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """All members of a type.

    If its bound is lifted, they end somewhere all the same: nobody knows where. What is proved then
    is true wherever it is.
    """
    of: Any = expr.data
    if encoder.type(of) == of:
        return Meaning(tuple_(*domain(of)))
    if not isinstance(of, IntType) or of.low is None:
        raise CannotEncode(f"all values of {of}, whose bound is lifted", expr.span)
    return Meaning(range_of(of.low, plus(greatest(of), 1)))


def set_(encoder: Encoder, expr: Expr, *items: Tree) -> tuple[Tree, Bool]:
    """The set of these elements."""
    assert isinstance(expr.type, SetType)
    return sets.listed_set(expr.type.of, tuple((True, item) for item in items)), True


def contains(a: Sequence | Flags | Predicate, b: Tree) -> Bool:
    """Whether a set or a sequence has the element."""
    match a:
        case Flags() | Predicate():
            return is_member(a, b)
        case Listed(length, items):
            return either(*(both(less(i, length), equal(x, b)) for i, x in enumerate(items)))
        case Indexed():
            return for_some_element(a, lambda element: equal(element, b))
