"""Small typed constructors of expressions, for tests and for whoever builds IR without source.

Each computes the type of its result, integers with the interval that holds every value. What the
arguments must be is not checked here; `sanity_check` does that.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable

from checker.ir.bounds import corners, is_bounded, quotients, remainders
from checker.ir.expr import NOWHERE, Binders, Expr, Generator, Value, node
from checker.ir.model import Variable
from checker.ir.ops import Op
from checker.ir.types import (
    BOOL,
    INT,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    TupleType,
    Type,
    join,
)
from checker.ir.values import cardinality


def const(value: Value, type: Type | None = None) -> Expr:
    """A constant; the type may be left out for a Boolean and an integer."""
    if type is None:
        assert isinstance(value, bool | int), f"what is the type of {value!r}?"
        type = BOOL if isinstance(value, bool) else IntType(value, value)
    return node(Op.CONST, (), type, value)


TRUE = const(True)
FALSE = const(False)


def variable(name: str, type: Type) -> Expr:
    """A variable in the state before a step."""
    return node(Op.VARIABLE, (), type, name)


def next_(name: str, type: Type) -> Expr:
    """A variable in the state after a step."""
    return node(Op.NEXT, (), type, name)


def local(name: str, type: Type) -> Expr:
    """A parameter or a bound name."""
    return node(Op.LOCAL, (), type, name)


def declare(name: str, initial: Expr, type: Type | None = None, doc: str = "") -> Variable:
    """A variable of a model; its type is that of its initial value unless it is given."""
    return Variable(name, initial.type if type is None else type, initial, doc, NOWHERE)


def not_(a: Expr) -> Expr:
    """`not a`."""
    return node(Op.NOT, (a,), BOOL)


def and_(*all: Expr) -> Expr:
    """`a and b and …`."""
    return node(Op.AND, all, BOOL)


def or_(*all: Expr) -> Expr:
    """`a or b or …`."""
    return node(Op.OR, all, BOOL)


def implies(a: Expr, b: Expr) -> Expr:
    """`not a or b`."""
    return or_(not_(a), b)


def ite(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    """`then if condition else otherwise`."""
    return node(Op.ITE, (condition, then, otherwise), join(then.type, otherwise.type))


def eq(a: Expr, b: Expr) -> Expr:
    """`a == b`."""
    return node(Op.EQ, (a, b), BOOL)


def lt(a: Expr, b: Expr) -> Expr:
    """`a < b`."""
    return node(Op.LT, (a, b), BOOL)


def le(a: Expr, b: Expr) -> Expr:
    """`a <= b`."""
    return node(Op.LE, (a, b), BOOL)


def neg(a: Expr) -> Expr:
    """`-a`."""
    return node(Op.NEG, (a,), corners(operator.neg, _ints(a)))


def add(a: Expr, b: Expr) -> Expr:
    """`a + b`."""
    return node(Op.ADD, (a, b), corners(operator.add, _ints(a), _ints(b)))


def sub(a: Expr, b: Expr) -> Expr:
    """`a - b`."""
    return node(Op.SUB, (a, b), corners(operator.sub, _ints(a), _ints(b)))


def mul(a: Expr, b: Expr) -> Expr:
    """`a * b`."""
    return node(Op.MUL, (a, b), corners(operator.mul, _ints(a), _ints(b)))


def floordiv(a: Expr, b: Expr) -> Expr:
    """`a // b`; undefined if `b` is 0."""
    return node(Op.FLOORDIV, (a, b), quotients(_ints(a), _ints(b)))


def mod(a: Expr, b: Expr) -> Expr:
    """`a % b`; undefined if `b` is 0."""
    return node(Op.MOD, (a, b), remainders(_ints(b)))


def min_(*all: Expr) -> Expr:
    """`min(a, b, …)`."""
    return node(Op.MIN, all, corners(lambda *ends: min(ends), *map(_ints, all)))


def max_(*all: Expr) -> Expr:
    """`max(a, b, …)`."""
    return node(Op.MAX, all, corners(lambda *ends: max(ends), *map(_ints, all)))


def some(a: Expr) -> Expr:
    """A value as an optional one."""
    return node(Op.SOME, (a,), OptionType(a.type))


def none(of: Type) -> Expr:
    """`None`, as an optional value of this type."""
    return const(None, OptionType(of))


def is_some(a: Expr) -> Expr:
    """`a is not None`."""
    return node(Op.IS_SOME, (a,), BOOL)


def unwrap(a: Expr) -> Expr:
    """The value of an optional; undefined for `None`."""
    assert isinstance(a.type, OptionType), a.type
    return node(Op.UNWRAP, (a,), a.type.of)


def record(name: str, **fields: Expr) -> Expr:
    """A record; its type has the fields in the order given here, as wide as their values."""
    type = RecordType(name, tuple((field, value.type) for field, value in fields.items()))
    return node(Op.RECORD, tuple(fields.values()), type)


def field(a: Expr, name: str) -> Expr:
    """`a.name`."""
    assert isinstance(a.type, RecordType), a.type
    return node(Op.FIELD, (a,), a.type.field(name), name)


def tuple_(*items: Expr, of: Type | None = None) -> Expr:
    """`(a, b, …)`; `of` is the least type of its items."""
    return node(Op.TUPLE, items, TupleType(_common(items, of), len(items)))


def length(a: Expr) -> Expr:
    """`len(a)` of a tuple."""
    return node(Op.LENGTH, (a,), IntType(0, _most(a)))


def index(a: Expr, b: Expr) -> Expr:
    """`a[b]` of a tuple; undefined before its start and past its end."""
    return node(Op.INDEX, (a, b), element(a))


NO_BOUND = none(INT)
"""The absent bound of a slice."""


def slice_(a: Expr, start: Expr = NO_BOUND, stop: Expr = NO_BOUND) -> Expr:
    """`a[start:stop]`."""
    return node(Op.SLICE, (a, start, stop), TupleType(element(a), _most(a)))


def concat(a: Expr, b: Expr) -> Expr:
    """`a + b` of two tuples."""
    most, other = _most(a), _most(b)
    both = None if most is None or other is None else most + other
    return node(Op.CONCAT, (a, b), TupleType(join(element(a), element(b)), both))


def range_(a: Expr, b: Expr) -> Expr:
    """`range(a, b)` as a tuple."""
    low, high = _ints(a).low, _ints(b).high
    if low is None or high is None:
        return node(Op.RANGE, (a, b), TupleType(INT, None))
    return node(Op.RANGE, (a, b), TupleType(IntType(low, max(low, high - 1)), max(0, high - low)))


def domain(type: Type) -> Expr:
    """All members of a type, in order."""
    return node(Op.DOMAIN, (), TupleType(type, cardinality(type)), type)


def set_(*items: Expr, of: Type | None = None) -> Expr:
    """`{a, b, …}`; `of` is the least type of its members."""
    return node(Op.SET, items, SetType(_common(items, of)))


def size(a: Expr) -> Expr:
    """`len(a)` of a set."""
    return node(Op.SIZE, (a,), IntType(0, _most(a)))


def contains(a: Expr, b: Expr) -> Expr:
    """`b in a`, for a set or a tuple."""
    return node(Op.CONTAINS, (a, b), BOOL)


def union(a: Expr, b: Expr) -> Expr:
    """`a | b`."""
    return node(Op.UNION, (a, b), SetType(join(element(a), element(b))))


def intersection(a: Expr, b: Expr) -> Expr:
    """`a & b`."""
    return node(Op.INTERSECTION, (a, b), SetType(element(a)))


def difference(a: Expr, b: Expr) -> Expr:
    """`a - b` of two sets."""
    return node(Op.DIFFERENCE, (a, b), SetType(element(a)))


def subset(a: Expr, b: Expr) -> Expr:
    """`a <= b` of two sets."""
    return node(Op.SUBSET, (a, b), BOOL)


def select(a: Expr, key: Expr) -> Expr:
    """`a[key]` of a map; undefined outside the map's keys."""
    assert isinstance(a.type, MapType), a.type
    return node(Op.SELECT, (a, key), a.type.value)


def store(a: Expr, key: Expr, value: Expr) -> Expr:
    """The map with another value at a key; undefined outside the map's keys."""
    assert isinstance(a.type, MapType), a.type
    return node(Op.STORE, (a, key, value), MapType(a.type.key, join(a.type.value, value.type)))


def each(name: str, source: Expr, condition: Expr = TRUE) -> Generator:
    """`for name in source if condition`, for the binders below."""
    return Generator(name, element(source), source, condition)


def bound(generator: Generator) -> Expr:
    """The name that a generator binds, as an expression."""
    return local(generator.name, generator.type)


def all_(body: Expr, *each: Generator) -> Expr:
    """`all(body for …)`."""
    return _binder(Op.ALL, BOOL, body, each)


def any_(body: Expr, *each: Generator) -> Expr:
    """`any(body for …)`."""
    return _binder(Op.ANY, BOOL, body, each)


def sum_(body: Expr, *each: Generator) -> Expr:
    """`sum(body for …)`."""
    low, high, times = _ints(body).low, _ints(body).high, _times(each)
    if low is None or high is None or times is None:
        return _binder(Op.SUM, INT, body, each)
    return _binder(Op.SUM, IntType(min(0, low * times), max(0, high * times)), body, each)


def least(body: Expr, *each: Generator, default: Expr | None = None) -> Expr:
    """`min((body for …), default=default)`; without a default, undefined if there are none."""
    return _binder(Op.LEAST, _common((body,), None, default), body, each, default)


def greatest(body: Expr, *each: Generator, default: Expr | None = None) -> Expr:
    """`max((body for …), default=default)`; without a default, undefined if there are none."""
    return _binder(Op.GREATEST, _common((body,), None, default), body, each, default)


def first(body: Expr, *each: Generator, default: Expr | None = None) -> Expr:
    """`next((body for …), default)`; without a default, undefined if there are none."""
    return _binder(Op.FIRST, _common((body,), None, default), body, each, default)


def set_of(body: Expr, *each: Generator) -> Expr:
    """`{body for …}`."""
    return _binder(Op.SET_OF, SetType(body.type), body, each)


def tuple_of(body: Expr, *each: Generator) -> Expr:
    """`tuple(body for …)`."""
    return _binder(Op.TUPLE_OF, TupleType(body.type, _times(each)), body, each)


def map_of(name: str, key: Type, body: Expr) -> Expr:
    """`{name: body for name in key}`."""
    return node(Op.MAP_OF, (body,), MapType(key, body.type), Binders((name,), (key,)))


def element(a: Expr) -> Type:
    """The type of the members of a tuple or a set."""
    assert isinstance(a.type, TupleType | SetType), a.type
    return a.type.of


def _binder(
    op: Op, type: Type, body: Expr, each: Iterable[Generator], default: Expr | None = None
) -> Expr:
    each = tuple(each)
    args = [part for generator in each for part in (generator.source, generator.condition)]
    last = () if default is None else (default,)
    binders = Binders(
        tuple(generator.name for generator in each),
        tuple(generator.type for generator in each),
        default is not None,
    )
    return node(op, (*args, body, *last), type, binders)


def _common(items: Iterable[Expr], of: Type | None, other: Expr | None = None) -> Type:
    """The least type of all these."""
    types = [item.type for item in items] + ([] if other is None else [other.type])
    if of is None:
        assert types, "what is the type of nothing?"
        of, *types = types
    for type in types:
        of = join(of, type)
    return of


def _most(a: Expr) -> int | None:
    """The greatest length or size of a tuple or a set, where the type says one."""
    match a.type:
        case TupleType(_, most):
            return most
        case SetType(of, None):
            return cardinality(of) if is_bounded(of) else None
        case SetType(_, most):
            return most
        case other:
            raise AssertionError(f"{other} has no length")


def _times(each: Iterable[Generator]) -> int | None:
    """How often a body is evaluated at most."""
    times = 1
    for generator in each:
        most = _most(generator.source)
        if most is None:
            return None
        times *= most
    return times


def _ints(a: Expr) -> IntType:
    assert isinstance(a.type, IntType), a.type
    return a.type
