"""Each operator by hand: what it is, and where it has no value."""

from __future__ import annotations

from typing import Any

import pytest

from checker.ir import build as b
from checker.ir.expr import Expr, Span, Value, node
from checker.ir.ops import TABLE as OPS
from checker.ir.ops import Op
from checker.ir.types import (
    BOOL,
    BoolType,
    EnumType,
    IntType,
    MapType,
    SetType,
    SortType,
    TupleType,
)
from checker.ir.values import misfit
from checker.semantics.evaluate import TABLE, Environment, evaluate
from checker.semantics.undefined import Undefined

DIGIT = IntType(0, 9)
REPLICA = SortType("Replica", 3, "r")
COLOUR = EnumType("Colour", ("RED", "GREEN"))
HIGH_WATERMARK = MapType(REPLICA, DIGIT)
BY_DIGIT = MapType(IntType(2, 4), DIGIT)
BY_PAIR = MapType(b.record("Pair", x=b.variable("x", IntType(0, 1)), y=b.TRUE).type, DIGIT)

STATE: dict[str, Value] = {"n": 5, "hw": (7, 8, 9), "log": (4, 2), "isr": frozenset({2, 0})}
AFTER: dict[str, Value] = {"n": 6, "hw": (7, 8, 9), "log": (), "isr": frozenset()}
ENVIRONMENT = Environment(STATE, AFTER, {"r": 1})

n, after = b.variable("n", DIGIT), b.next_("n", DIGIT)
hw = b.variable("hw", HIGH_WATERMARK)
log = b.variable("log", TupleType(DIGIT, 3))
isr = b.variable("isr", SetType(REPLICA))
r = b.local("r", REPLICA)
c = b.const
UNDEFINED = b.floordiv(c(1), c(0))
NEVER = b.eq(UNDEFINED, c(0))
"""A Boolean without a value: whoever evaluates it fails."""


def replica(number: int) -> Expr:
    return c(number, REPLICA)


def numbers(*items: int) -> Expr:
    return b.tuple_(*map(c, items), of=DIGIT)


def digits(*items: int) -> Expr:
    return b.set_(*map(c, items), of=DIGIT)


NOTHING = numbers()
over_log = b.each("x", log)
x = b.bound(over_log)
over_isr = b.each("i", isr)
i = b.bound(over_isr)
pair = b.record("Pair", x=n, y=b.TRUE)

VALUES: dict[Op, list[tuple[Expr, object]]] = {
    Op.CONST: [
        (c(3), 3),
        (c(True), True),
        (b.none(DIGIT), None),
        (c(frozenset(), isr.type), frozenset()),
    ],
    Op.VARIABLE: [(n, 5), (hw, (7, 8, 9))],
    Op.NEXT: [(after, 6)],
    Op.LOCAL: [(r, 1)],
    Op.NOT: [(b.not_(b.TRUE), False), (b.not_(b.FALSE), True)],
    Op.AND: [
        (b.and_(), True),
        (b.and_(b.TRUE, b.TRUE), True),
        (b.and_(b.TRUE, b.FALSE, NEVER), False),
    ],
    Op.OR: [
        (b.or_(), False),
        (b.or_(b.FALSE, b.FALSE), False),
        (b.or_(b.FALSE, b.TRUE, NEVER), True),
    ],
    Op.ITE: [(b.ite(b.TRUE, c(1), UNDEFINED), 1), (b.ite(b.FALSE, UNDEFINED, c(2)), 2)],
    Op.EQ: [
        (b.eq(n, c(5)), True),
        (b.eq(n, after), False),
        (b.eq(b.none(DIGIT), b.some(n)), False),
        (b.eq(log, numbers(4, 2)), True),
        (b.eq(digits(1, 2), digits(2, 1, 2)), True),
    ],
    Op.LT: [(b.lt(c(-1), c(0)), True), (b.lt(n, c(5)), False), (b.lt(n, c(4)), False)],
    Op.LE: [(b.le(n, c(5)), True), (b.le(n, c(4)), False)],
    Op.NEG: [(b.neg(n), -5)],
    Op.ADD: [(b.add(n, c(2)), 7)],
    Op.SUB: [(b.sub(c(2), n), -3)],
    Op.MUL: [(b.mul(n, c(-3)), -15)],
    Op.FLOORDIV: [
        (b.floordiv(c(7), c(2)), 3),
        (b.floordiv(c(-7), c(2)), -4),
        (b.floordiv(c(7), c(-2)), -4),
    ],
    Op.MOD: [(b.mod(c(7), c(3)), 1), (b.mod(c(-7), c(3)), 2), (b.mod(c(7), c(-3)), -2)],
    Op.MIN: [(b.min_(n, c(3), c(4)), 3), (b.min_(n), 5)],
    Op.MAX: [(b.max_(c(3), n, c(4)), 5)],
    Op.SOME: [(b.some(n), 5)],
    Op.IS_SOME: [(b.is_some(b.some(n)), True), (b.is_some(b.none(DIGIT)), False)],
    Op.UNWRAP: [(b.unwrap(b.some(n)), 5)],
    Op.RECORD: [(pair, (5, True))],
    Op.FIELD: [(b.field(pair, "x"), 5), (b.field(pair, "y"), True)],
    Op.TUPLE: [(NOTHING, ()), (b.tuple_(n, after), (5, 6))],
    Op.LENGTH: [(b.length(log), 2), (b.length(NOTHING), 0)],
    Op.INDEX: [(b.index(log, c(0)), 4), (b.index(log, c(-1)), 2), (b.index(log, c(-2)), 4)],
    Op.SLICE: [
        (b.slice_(log, c(1)), (2,)),
        (b.slice_(log, stop=c(1)), (4,)),
        (b.slice_(log, c(-1), c(9)), (2,)),
        (b.slice_(log, c(-9), c(-1)), (4,)),
        (b.slice_(log, c(2), c(1)), ()),
        (b.slice_(log), (4, 2)),
    ],
    Op.CONCAT: [(b.concat(log, numbers(1)), (4, 2, 1))],
    Op.RANGE: [(b.range_(c(2), n), (2, 3, 4)), (b.range_(n, c(2)), ())],
    Op.DOMAIN: [
        (b.domain(REPLICA), (0, 1, 2)),
        (b.domain(COLOUR), (0, 1)),
        (b.domain(SetType(BOOL)), (frozenset(), {False}, {True}, {False, True})),
    ],
    Op.SET: [(b.set_(n, after, n), {5, 6}), (digits(), frozenset())],
    Op.SIZE: [(b.size(isr), 2), (b.size(digits(1, 1)), 1)],
    Op.CONTAINS: [
        (b.contains(isr, replica(2)), True),
        (b.contains(isr, replica(1)), False),
        (b.contains(log, c(2)), True),
        (b.contains(log, c(5)), False),
    ],
    Op.UNION: [(b.union(digits(1), digits(1, 2)), {1, 2})],
    Op.INTERSECTION: [(b.intersection(digits(1, 3), digits(1, 2)), {1})],
    Op.DIFFERENCE: [(b.difference(digits(1, 3), digits(1, 2)), {3})],
    Op.SUBSET: [
        (b.subset(digits(1), digits(1, 2)), True),
        (b.subset(digits(1), digits(1)), True),
        (b.subset(digits(1, 3), digits(1, 2)), False),
    ],
    Op.SELECT: [
        (b.select(hw, r), 8),
        (b.select(c((1, 2, 3), BY_DIGIT), c(4)), 3),
        (b.select(c((1, 2, 3, 4), BY_PAIR), c((1, False), BY_PAIR.key)), 3),
    ],
    Op.STORE: [
        (b.store(hw, r, c(0)), (7, 0, 9)),
        (b.store(c((1, 2, 3), BY_DIGIT), c(2), c(9)), (9, 2, 3)),
    ],
    Op.ALL: [
        (b.all_(b.lt(x, c(5)), over_log), True),
        (b.all_(b.lt(x, c(4)), over_log), False),
        (b.all_(b.ite(b.eq(x, c(4)), b.FALSE, NEVER), over_log), False),
        (b.all_(NEVER, b.each("x", NOTHING)), True),
        (b.all_(NEVER, b.each("x", log, b.FALSE)), True),
    ],
    Op.ANY: [
        (b.any_(b.eq(x, c(2)), over_log), True),
        (b.any_(b.eq(x, c(3)), over_log), False),
        (b.any_(b.ite(b.eq(x, c(4)), b.TRUE, NEVER), over_log), True),
        (b.any_(b.eq(i, replica(1)), over_isr), False),
    ],
    Op.SUM: [
        (b.sum_(x, over_log), 6),
        (b.sum_(x, b.each("x", NOTHING)), 0),
        (b.sum_(b.select(hw, i), over_isr), 16),
        (b.sum_(c(1), over_log, over_isr), 4),
    ],
    Op.LEAST: [
        (b.least(x, over_log), 2),
        (b.least(x, b.each("x", NOTHING), default=n), 5),
        (b.least(x, over_log, default=c(0)), 2),
    ],
    Op.GREATEST: [
        (b.greatest(x, over_log), 4),
        (b.greatest(x, b.each("x", NOTHING), default=n), 5),
    ],
    Op.FIRST: [
        (b.first(x, over_log), 4),
        (b.first(b.ite(b.eq(x, c(4)), c(1), UNDEFINED), over_log), 1),
        (b.first(i, over_isr), 0),
        (b.first(x, b.each("x", log, b.lt(x, c(4)))), 2),
        (b.first(x, b.each("x", log, b.lt(x, c(2))), default=c(9)), 9),
    ],
    Op.SET_OF: [
        (b.set_of(b.mod(x, c(2)), over_log), {0}),
        (b.set_of(x, b.each("x", log, b.eq(x, c(4)))), {4}),
    ],
    Op.TUPLE_OF: [
        (b.tuple_of(b.add(x, c(1)), over_log), (5, 3)),
        (b.tuple_of(i, over_isr), (0, 2)),
        (
            b.tuple_of(
                b.add(b.bound(b.each("y", b.range_(c(0), x))), c(0)),
                over_log,
                b.each("y", b.range_(c(0), x)),
            ),
            (0, 1, 2, 3, 0, 1),
        ),
    ],
    Op.MAP_OF: [
        (b.map_of("k", REPLICA, b.contains(isr, b.local("k", REPLICA))), (True, False, True)),
        (b.map_of("k", BY_DIGIT.key, b.local("k", BY_DIGIT.key)), (2, 3, 4)),
    ],
}

UNDEFINED_CASES: dict[Op, list[tuple[Expr, object]]] = {
    Op.FLOORDIV: [(b.floordiv(n, c(0)), "5 divided by zero")],
    Op.MOD: [(b.mod(n, c(0)), "5 modulo zero")],
    Op.UNWRAP: [(b.unwrap(b.none(DIGIT)), "None used as a value")],
    Op.INDEX: [
        (b.index(log, c(2)), "index 2 is past the end of a tuple of length 2"),
        (b.index(log, c(-3)), "index -3 is before the start of a tuple of length 2"),
        (b.index(NOTHING, c(0)), "index 0 is past the end of a tuple of length 0"),
    ],
    Op.SELECT: [
        (b.select(c((1, 2, 3), BY_DIGIT), c(5)), "5 is no key of [2..4 → 0..9]"),
        (b.select(c((1, 2, 3), BY_DIGIT), c(1)), "1 is no key of [2..4 → 0..9]"),
        (b.select(c((1, 2, 3, 4), BY_PAIR), pair), "(x=5 y=true) is no key of [Pair → 0..9]"),
    ],
    Op.STORE: [(b.store(c((1, 2, 3), BY_DIGIT), c(5), c(0)), "5 is no key of [2..4 → 0..9]")],
    Op.LEAST: [(b.least(x, b.each("x", NOTHING)), "no least element of nothing")],
    Op.GREATEST: [(b.greatest(x, b.each("x", NOTHING)), "no greatest element of nothing")],
    Op.FIRST: [(b.first(x, b.each("x", log, b.FALSE)), "no first element of nothing")],
}

STRICT = [
    b.and_(NEVER, b.FALSE),
    b.or_(b.FALSE, NEVER),
    b.ite(NEVER, c(1), c(1)),
    b.mul(c(0), UNDEFINED),
    b.eq(UNDEFINED, UNDEFINED),
    b.contains(numbers(), UNDEFINED),
    b.all_(b.ite(b.eq(x, c(2)), b.FALSE, NEVER), over_log),
    b.any_(b.ite(b.eq(x, c(2)), b.TRUE, NEVER), over_log),
    b.all_(b.FALSE, b.each("x", log, NEVER)),
    b.least(x, over_log, default=UNDEFINED),
    b.first(x, over_log, default=UNDEFINED),
    b.least(b.ite(b.eq(x, c(4)), c(0), UNDEFINED), over_log),
    b.length(b.tuple_(UNDEFINED)),
]
"""Where Python evaluates a part that has no value, the whole has none."""


def _named(cases: dict[Op, list[tuple[Expr, object]]]) -> list[Any]:
    return [
        pytest.param(expr, expected, id=f"{op.name.lower()}-{number}")
        for op, pairs in cases.items()
        for number, (expr, expected) in enumerate(pairs)
    ]


def test_every_operator_has_a_row_and_cases() -> None:
    assert set(TABLE) == set(Op)
    assert set(VALUES) == set(Op)
    assert set(UNDEFINED_CASES) == {op for op in Op if OPS[op].undefined}
    for table in (VALUES, UNDEFINED_CASES):
        for op, cases in table.items():
            assert cases
            assert all(expr.op is op for expr, _ in cases), op


@pytest.mark.parametrize(("expr", "expected"), _named(VALUES))
def test_value(expr: Expr, expected: object) -> None:
    value = evaluate(expr, ENVIRONMENT)
    assert value == expected
    assert isinstance(hash(value), int), "a value is a part of a state, which is hashed"
    assert isinstance(value, bool) == isinstance(expr.type, BoolType), "True == 1 in Python"
    assert misfit(expr.type, value) is None, f"{value} is not of the type {expr.type}"


@pytest.mark.parametrize(("expr", "message"), _named(UNDEFINED_CASES))
def test_undefined(expr: Expr, message: str) -> None:
    with pytest.raises(Undefined) as caught:
        evaluate(expr, ENVIRONMENT)
    assert caught.value.message == message


@pytest.mark.parametrize("expr", STRICT, ids=lambda expr: expr.op.name.lower())
def test_an_undefined_part_that_python_reaches_makes_the_whole_undefined(expr: Expr) -> None:
    with pytest.raises(Undefined):
        evaluate(expr, ENVIRONMENT)


def test_an_undefined_value_knows_its_place() -> None:
    span = Span("spec.py", 3, 4, 3, 9)
    # A type that no other test uses, so that no equal node is alive with another place.
    expr = node(Op.UNWRAP, (b.none(IntType(0, 4321)),), IntType(0, 4321), None, span)
    with pytest.raises(Undefined) as caught:
        evaluate(b.add(expr, c(1)), ENVIRONMENT)
    assert caught.value.span == span
