"""The table: what each operator means to the solver. `semantics.evaluate` is its plain twin."""

from __future__ import annotations

from collections.abc import Mapping, Set

from checker.ir.ops import Op
from checker.symbolic import binders, rows, sets
from checker.symbolic import rows_of_many as many
from checker.symbolic.equal import is_subset
from checker.symbolic.meaning import Axioms, Encoder, Row, Trees
from checker.symbolic.rows import divide, extreme, partial, strict
from checker.symbolic.terms import (
    at_most,
    greater,
    less,
    lesser,
    minus,
    plus,
    quotient,
    remainder,
)

TABLE: Mapping[Op, Row] = {
    Op.CONST: rows.const,
    Op.VARIABLE: rows.variable,
    Op.NEXT: rows.next_,
    Op.LOCAL: rows.local,
    Op.NOT: rows.not_,
    Op.AND: rows.and_,
    Op.OR: rows.or_,
    Op.ITE: rows.if_then_else,
    Op.EQ: rows.equality,
    Op.LT: strict(less),
    Op.LE: strict(at_most),
    Op.NEG: strict(lambda a: minus(0, a)),
    Op.ADD: strict(plus),
    Op.SUB: strict(minus),
    Op.MUL: strict(lambda a, b: a * b),
    Op.FLOORDIV: divide(quotient),
    Op.MOD: divide(remainder),
    Op.MIN: extreme(lesser),
    Op.MAX: extreme(greater),
    Op.SOME: strict(rows.some),
    Op.IS_SOME: strict(lambda a: a.present),
    Op.UNWRAP: partial(rows.unwrap),
    Op.RECORD: strict(rows.record),
    Op.FIELD: partial(rows.field),
    Op.TUPLE: strict(many.tuple_),
    Op.LENGTH: strict(many.length),
    Op.INDEX: partial(many.index),
    Op.SLICE: many.slice_,
    Op.CONCAT: partial(many.concat),
    Op.RANGE: partial(many.range_),
    Op.DOMAIN: many.domain_,
    Op.SET: partial(many.set_),
    Op.SIZE: strict(sets.size),
    Op.CONTAINS: strict(many.contains),
    Op.UNION: strict(sets.union),
    Op.INTERSECTION: strict(sets.intersection),
    Op.DIFFERENCE: strict(sets.difference),
    Op.SUBSET: strict(is_subset),
    Op.SELECT: rows.select,
    Op.STORE: rows.store,
    Op.ALL: binders.binder(binders.all_),
    Op.ANY: binders.binder(binders.any_),
    Op.SUM: binders.collected(binders.sum_),
    Op.LEAST: binders.extreme(lesser),
    Op.GREATEST: binders.extreme(greater),
    Op.FIRST: binders.binder(binders.first),
    Op.SET_OF: binders.collected(binders.set_of),
    Op.TUPLE_OF: binders.collected(binders.tuple_of),
    Op.MAP_OF: binders.map_of,
}
"""What each operator means to the solver. A test says that no operator is missing."""


def encoder(
    before: Trees,
    after: Trees | None = None,
    lift: Set[str] = frozenset(),
    axioms: Axioms | None = None,
) -> Encoder:
    """An encoder of expressions over these states, where these bounds of the scope are lifted."""
    return Encoder(TABLE, before, after, lift, [] if axioms is None else axioms)
