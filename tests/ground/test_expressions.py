"""Grounded expressions mean what the evaluator says: values, and where there is none."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from checker.ir import build as b
from checker.ir.expr import Expr
from checker.ir.types import (
    BOOL,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    TupleType,
    Type,
)
from checker.semantics.evaluate import Environment, evaluate
from checker.semantics.undefined import Undefined
from tests.ground.concrete import Bench, bench
from tests.random_expressions import COLOUR, NODE, SMALL, Choices, Expressions, draw_value

PAIR = RecordType("Pair", (("node", NODE), ("number", SMALL)))
WIDE = IntType(-20, 24)
MESSAGE = RecordType("Message", (("sent", WIDE), ("seen", WIDE)))
ISR_CHANGE = RecordType("IsrChange", (("isr", SetType(NODE)), ("epoch", WIDE)))
VOTE = RecordType("Vote", (("voters", SetType(NODE)), ("epoch", IntType(0, 4))))

SMALL_TYPES: dict[str, Type] = {
    "bool": BOOL,
    "int": IntType(-2, 1),
    "colour": COLOUR,
    "option": OptionType(NODE),
    "flag": OptionType(BOOL),
    "maybe": OptionType(PAIR),
    "log": TupleType(PAIR, 2),
    "numbers": TupleType(IntType(-1, 1), 3),
    "set": SetType(NODE),
    "pairs": SetType(PAIR),
    "map": MapType(NODE, IntType(-1, 2)),
    "nested": MapType(COLOUR, MapType(NODE, OptionType(SMALL))),
}

# Each of these is stored in its own way: slots, masks of several words, codes with gaps, and codes
# whose order is not that of the members.
LARGE_SETS: dict[str, Type] = {
    "slots": SetType(MESSAGE, 2),
    "words": SetType(IntType(-10, 120)),
    "logs": SetType(TupleType(SMALL, 2)),
    "maybes": SetType(OptionType(PAIR)),
    "subsets": SetType(SetType(NODE)),
    "changes": SetType(ISR_CHANGE, 2),
    "votes": SetType(VOTE),
}


def choices(random: Random) -> Choices:
    """Random choices, but few of many: equal members of large domains are to be met."""
    return Choices(lambda n: random.randrange(n if n < 40 else 3))


def expected(expr: Expr, values: dict[str, Any]) -> Any:
    try:
        return evaluate(expr, Environment(values))
    except Undefined:
        return "undefined"


def check(found: Bench, expr: Expr, states: list[dict[str, Any]]) -> int:
    """Compares in some states; returns in how many of them the expression has a value."""
    defined = 0
    for values in states:
        value = expected(expr, values)
        assert found.look(expr, values) == value, f"{expr} in {values}"
        defined += value != "undefined"
    return defined


@pytest.mark.parametrize("name", SMALL_TYPES)
def test_random_expressions(name: str) -> None:
    random = Random(name)
    chosen = choices(random)
    defined = 0
    for _ in range(60):
        source = Expressions(chosen, list(SMALL_TYPES.items()))
        expr = source.make(SMALL_TYPES[name], 3)
        states = [{n: draw_value(chosen, t) for n, t in SMALL_TYPES.items()} for _ in range(6)]
        defined += check(bench(SMALL_TYPES), expr, states)
    assert 30 < defined < 360


def looks_at_sets(source: Expressions, type: SetType) -> list[Expr]:
    """Expressions that show what a set is, in every way that one can be looked at."""
    one, other = source.make(type, 2), source.make(type, 2)
    member = source.make(type.of, 1)
    each = b.each(source.fresh(), one)
    bound = b.bound(each)
    few = b.each(source.fresh(), source.leaves[0], b.contains(other, bound))
    return [
        b.union(one, other),
        b.intersection(one, other),
        b.difference(one, other),
        b.union(b.difference(one, b.set_(member)), b.set_(member, of=type.of)),
        b.subset(one, other),
        b.eq(one, other),
        b.contains(one, member),
        b.size(b.union(one, b.set_(member))),
        b.ite(b.contains(one, member), other, b.set_(member)),
        b.sum_(b.const(1), each),
        b.any_(b.eq(bound, member), each),
        b.all_(b.contains(other, bound), each),
        b.set_of(bound, each, few),
    ]


def looks_in_order(source: Expressions, type: SetType) -> list[Expr]:
    """Expressions that depend on the order of a set's members."""
    one = source.make(type, 2)
    each = b.each(source.fresh(), one)
    bound = b.bound(each)
    number = b.size(source.make(type, 1))
    falls_short = b.lt(b.const(0), b.floordiv(b.const(3), b.sub(number, b.const(1))))
    return [
        b.first(bound, each, default=source.make(type.of, 0)),
        b.tuple_of(bound, each),
        b.all_(b.or_(b.eq(bound, source.make(type.of, 0)), falls_short), each),
        b.any_(b.and_(b.eq(bound, source.make(type.of, 0)), falls_short), each),
    ]


@pytest.mark.parametrize("name", LARGE_SETS)
def test_sets_of_every_shape(name: str) -> None:
    random = Random(name)
    chosen = choices(random)
    type = LARGE_SETS[name]
    assert isinstance(type, SetType)
    variables: dict[str, Type] = {"set": type, "other": type, "member": type.of, "small": SMALL}
    # Members of these are not visited in order: see `checker.ground.sets.in_order`.
    has_order = name != "changes"
    for _ in range(3 if name == "words" else 12):
        source = Expressions(chosen, list(variables.items()))
        states = [{n: draw_value(chosen, t) for n, t in variables.items()} for _ in range(5)]
        found = bench(variables)
        for expr in looks_at_sets(source, type):
            check(found, expr, states)
        for expr in looks_in_order(source, type) if has_order else ():
            check(found, expr, states)
