"""Expressions, built so that what a constant settles leaves nothing behind.

Types are the caller's to check: these functions assume operands that fit. Folding never drops an
expression that may have no value.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.ir.expr import NOWHERE, Expr, Span, Value, node
from checker.ir.ops import Op
from checker.ir.types import (
    BOOL,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    TupleType,
    Type,
    join,
)
from checker.lang.lower.defined import is_defined
from checker.lang.lower.intervals import INTERVALS
from checker.lang.lower.types import as_int, largest

TRUE = node(Op.CONST, (), BOOL, True)
FALSE = node(Op.CONST, (), BOOL, False)


def constant(value: Value, type: Type, span: Span = NOWHERE) -> Expr:
    """A value of a type."""
    return node(Op.CONST, (), type, value, span)


def integer(value: int, span: Span = NOWHERE) -> Expr:
    """A whole number."""
    return constant(value, IntType(value, value), span)


def conjunction(parts: Iterable[Expr], span: Span = NOWHERE) -> Expr:
    """All of them, left to right."""
    return _junction(Op.AND, parts, FALSE, TRUE, span)


def disjunction(parts: Iterable[Expr], span: Span = NOWHERE) -> Expr:
    """Any of them, left to right."""
    return _junction(Op.OR, parts, TRUE, FALSE, span)


def _junction(op: Op, parts: Iterable[Expr], settles: Expr, neutral: Expr, span: Span) -> Expr:
    kept: list[Expr] = []
    for part in parts:
        for piece in part.args if part.op is op else (part,):
            if piece is settles and all(map(is_defined, kept)):
                return settles
            if piece is not neutral and piece not in kept:
                kept.append(piece)
    if len(kept) < 2:
        return kept[0] if kept else neutral
    return node(op, tuple(kept), BOOL, span=span)


def negation(a: Expr, span: Span = NOWHERE) -> Expr:
    """Not a."""
    if a.op is Op.CONST:
        return FALSE if a.data else TRUE
    return a.args[0] if a.op is Op.NOT else node(Op.NOT, (a,), BOOL, span=span)


def choice(test: Expr, a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a if test else b`, for values of compatible types."""
    if test.op is Op.CONST:
        return a if test.data else b
    if test.op is Op.NOT:
        return choice(test.args[0], b, a, span)
    # The same question again has the same answer: it comes up where early returns meet.
    a = a.args[1] if a.op is Op.ITE and a.args[0] is test else a
    b = b.args[2] if b.op is Op.ITE and b.args[0] is test else b
    if a is b and is_defined(test):
        return a
    if a.type == BOOL:
        if b is FALSE:
            return conjunction((test, a), span)
        if a is TRUE:
            return disjunction((test, b), span)
        if a is FALSE:
            return conjunction((negation(test), b), span)
        if b is TRUE:
            return disjunction((negation(test), a), span)
    return node(Op.ITE, (test, a, b), join(a.type, b.type), span=span)


def equal(a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a == b`."""
    if a.op is Op.CONST and b.op is Op.CONST:
        return TRUE if a.data == b.data else FALSE
    if a is b and is_defined(a):
        return TRUE
    if a.op is Op.SOME and b.op is Op.SOME:
        return equal(a.args[0], b.args[0], span)
    for one, other in ((a, b), (b, a)):
        if isinstance(one.type, OptionType) and one.op is Op.CONST and one.data is None:
            return negation(has_value(other), span)
    return node(Op.EQ, (a, b), BOOL, span=span)


def less(a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a < b`, for integers."""
    if isinstance(a.data, int) and isinstance(b.data, int):
        return TRUE if a.data < b.data else FALSE
    return node(Op.LT, (a, b), BOOL, span=span)


def at_most(a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a <= b`, for integers."""
    if isinstance(a.data, int) and isinstance(b.data, int):
        return TRUE if a.data <= b.data else FALSE
    return node(Op.LE, (a, b), BOOL, span=span)


def arithmetic(op: Op, args: tuple[Expr, ...], span: Span = NOWHERE) -> Expr:
    """An operator from integers to an integer."""
    found = INTERVALS[op](*(as_int(arg.type) for arg in args))
    settled = all(arg.op is Op.CONST for arg in args) and found.low == found.high
    if settled and found.low is not None:
        return integer(found.low, span)
    if op in (Op.MIN, Op.MAX) and len(args) == 1:
        return args[0]
    return node(op, args, found, span=span)


def optional(a: Expr, span: Span = NOWHERE) -> Expr:
    """A value as an optional."""
    assert not isinstance(a.type, OptionType), a
    if a.op is Op.CONST:
        return constant(_value(a), OptionType(a.type), span)
    return node(Op.SOME, (a,), OptionType(a.type), span=span)


def has_value(a: Expr, span: Span = NOWHERE) -> Expr:
    """`a is not None`."""
    if a.op is Op.CONST:
        return FALSE if a.data is None else TRUE
    if a.op is Op.SOME and is_defined(a):
        return TRUE
    return node(Op.IS_SOME, (a,), BOOL, span=span)


def unwrapped(a: Expr, span: Span = NOWHERE) -> Expr:
    """The value of an optional; anything else as it is."""
    if not isinstance(a.type, OptionType):
        return a
    if a.op is Op.SOME:
        return a.args[0]
    if a.op is Op.CONST and a.data is not None:
        return constant(_value(a), a.type.of, span)
    return node(Op.UNWRAP, (a,), a.type.of, span=span)


def record(type: RecordType, fields: tuple[Expr, ...], span: Span = NOWHERE) -> Expr:
    """A record; its type says what is known of the values given."""
    names = (name for name, _ in type.fields)
    known = RecordType(type.name, tuple(zip(names, (f.type for f in fields), strict=True)))
    if all(field.op is Op.CONST for field in fields):
        return constant(tuple(map(_value, fields)), known, span)
    return node(Op.RECORD, fields, known, span=span)


def field(a: Expr, name: str, span: Span = NOWHERE) -> Expr:
    """A field of a record."""
    assert isinstance(a.type, RecordType)
    position = a.type.position(name)
    if a.op is Op.CONST:
        assert isinstance(a.data, tuple)
        return constant(a.data[position], a.type.field(name), span)
    others = a.args[:position] + a.args[position + 1 :]
    if a.op is Op.RECORD and all(map(is_defined, others)):
        return a.args[position]
    return node(Op.FIELD, (a,), a.type.field(name), name, span)


def tuple_of(items: tuple[Expr, ...], of: Type, span: Span = NOWHERE) -> Expr:
    """A tuple of values of compatible types."""
    type = TupleType(of, len(items))
    if all(item.op is Op.CONST for item in items):
        return constant(tuple(map(_value, items)), type, span)
    return node(Op.TUPLE, items, type, span=span)


def set_of(items: tuple[Expr, ...], of: Type, span: Span = NOWHERE) -> Expr:
    """A set of values of compatible types."""
    if all(item.op is Op.CONST for item in items):
        return constant(frozenset(map(_value, items)), SetType(of), span)
    return node(Op.SET, items, SetType(of), span=span)


def length(a: Expr, span: Span = NOWHERE) -> Expr:
    """The length of a tuple, or the size of a set."""
    if a.op is Op.CONST:
        assert isinstance(a.data, tuple | frozenset)
        return integer(len(a.data), span)
    op = Op.LENGTH if isinstance(a.type, TupleType) else Op.SIZE
    return node(op, (a,), IntType(0, largest(a.type)), span=span)


def contains(items: Expr, a: Expr, span: Span = NOWHERE) -> Expr:
    """Whether a set or tuple contains a value."""
    if items.op is Op.CONST and a.op is Op.CONST:
        assert isinstance(items.data, tuple | frozenset)
        return TRUE if a.data in items.data else FALSE
    if items.op in (Op.TUPLE, Op.SET) and all(map(is_defined, (a, *items.args))):
        return disjunction((equal(a, item, span) for item in items.args), span)
    if isinstance(items.data, tuple) and (items.data or is_defined(a)):
        assert isinstance(items.type, TupleType)
        of = items.type.of
        return disjunction((equal(a, constant(item, of), span) for item in items.data), span)
    return node(Op.CONTAINS, (items, a), BOOL, span=span)


def in_range(low: Expr, high: Expr, a: Expr, span: Span = NOWHERE) -> Expr:
    """`a in range(low, high)`."""
    if all(map(is_defined, (low, high, a))):
        return conjunction((at_most(low, a, span), less(a, high, span)), span)
    return node(Op.CONTAINS, (integers(low, high), a), BOOL, span=span)


def integers(low: Expr, high: Expr, span: Span = NOWHERE) -> Expr:
    """`range(low, high)`, as a tuple."""
    first, end = as_int(low.type), as_int(high.type)
    last = None if end.high is None else end.high - 1
    count = None if last is None or first.low is None else max(0, last - first.low + 1)
    type = TupleType(IntType(first.low, last), count)
    return node(Op.RANGE, (low, high), type, span=span)


def union(a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a | b`, for sets."""
    of = join(_of(a), _of(b))
    assert isinstance(a.type, SetType)
    assert isinstance(b.type, SetType)
    bounds = (a.type.max_size, b.type.max_size)
    most = None if None in bounds else sum(bound or 0 for bound in bounds)
    return _on_sets(Op.UNION, a, b, SetType(of, most), span)


def intersection(a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a & b`, for sets."""
    return _on_sets(Op.INTERSECTION, a, b, a.type, span)


def difference(a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a - b`, for sets."""
    return _on_sets(Op.DIFFERENCE, a, b, a.type, span)


def subset(a: Expr, b: Expr, span: Span = NOWHERE) -> Expr:
    """`a <= b`, for sets."""
    if isinstance(a.data, frozenset) and isinstance(b.data, frozenset):
        return TRUE if a.data <= b.data else FALSE
    return node(Op.SUBSET, (a, b), BOOL, span=span)


def _on_sets(op: Op, a: Expr, b: Expr, type: Type, span: Span) -> Expr:
    if isinstance(a.data, frozenset) and isinstance(b.data, frozenset):
        found = {
            Op.UNION: a.data | b.data,
            Op.INTERSECTION: a.data & b.data,
            Op.DIFFERENCE: a.data - b.data,
        }
        return constant(found[op], SetType(join(_of(a), _of(b))), span)
    return node(op, (a, b), type, span=span)


def select(a: Expr, key: Expr, span: Span = NOWHERE) -> Expr:
    """The value of a map at a key. What was stored there just before is found again."""
    assert isinstance(a.type, MapType)
    while a.op is Op.STORE:
        map, at, value = a.args
        if at is key:
            return value
        if at.op is not Op.CONST or key.op is not Op.CONST:
            break
        a = map
    return node(Op.SELECT, (a, key), _value_type(a), span=span)


def store(a: Expr, key: Expr, value: Expr, span: Span = NOWHERE) -> Expr:
    """A map with another value at a key."""
    if a.op is Op.STORE and a.args[1] is key:
        a = a.args[0]
    return node(Op.STORE, (a, key, value), a.type, span=span)


def _value_type(a: Expr) -> Type:
    assert isinstance(a.type, MapType)
    return a.type.value


def _of(a: Expr) -> Type:
    assert isinstance(a.type, SetType), a
    return a.type.of


def _value(a: Expr) -> Value:
    """The value of a constant."""
    assert a.op is Op.CONST
    data = a.data
    assert data is None or isinstance(data, bool | int | tuple | frozenset), a
    return data
