"""The rules of the binders: their sources are unrolled, one member at a time.

A member of a source that may be absent counts where a term says so. `ALL` and `ANY` nest as
Python's loops do, so that what comes after the first false (or true) need not be defined. The
others go through everything; `FIRST` stops where it finds something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from checker.ground import tuples
from checker.ground.codes import gather
from checker.ground.compare import SETS, choose
from checker.ground.fit import Visit, elements
from checker.ground.grounder import Bindings, Grounded, Grounder, Rule
from checker.ground.rules import RULES, in_turn, negated
from checker.ground.symbolic import (
    Product,
    Symbolic,
    Symbols,
    TupleValue,
    scalar,
)
from checker.ground.terms import Term
from checker.ir.expr import Binders, Expr, Generator, body, default, generators
from checker.ir.ops import Op
from checker.ir.types import SetType
from checker.ir.values import members


@dataclass(frozen=True, slots=True)
class Source:
    """What a name goes through: each member with a term that says if it counts, in order."""

    members: tuple[tuple[Term, Symbolic], ...]
    defined: Term


def source(g: Grounder, expr: Expr, bindings: Bindings, visit: Visit) -> Source:
    """The members of a source; those of a tuple in order, those of a set as is asked for."""
    s = g.symbols
    if expr.op is Op.RANGE:
        return _range(g, expr, bindings)
    found = g.ground(expr, bindings)
    value = found.value
    if isinstance(value, TupleValue):
        return Source(tuple(tuples.elements(s, value)), found.defined)
    assert isinstance(value, SETS), expr
    items = elements(s, value, visit)
    return Source(tuple(item for item in items if item[0] is not s.false), found.defined)


def _range(g: Grounder, expr: Expr, bindings: Bindings) -> Source:
    """A range, member by member, as constants: everything that depends on one folds."""
    s = g.symbols
    start, stop = (g.ground(arg, bindings) for arg in expr.args)
    low, high = scalar(start.value), scalar(stop.value)
    tuples.integers(s, low, high)
    found = []
    for number in range(low.low, high.high):
        value = s.constant(number)
        found.append((s.and_(s.less_equal(low, value), s.less(value, high)), value))
    return Source(tuple(found), s.and_(start.defined, stop.defined))


def _all(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    return _forall(g, generators(expr), body(expr), bindings, negate=False)


def _any(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    found = _forall(g, generators(expr), body(expr), bindings, negate=True)
    return negated(g.symbols, found)


def _forall(
    g: Grounder, remaining: tuple[Generator, ...], claim: Expr, bindings: Bindings, negate: bool
) -> Grounded:
    """Whether the claim (or its negation) holds for all choices, up to the first where it fails."""
    s = g.symbols
    if not remaining:
        found = g.ground(claim, bindings)
        return negated(s, found) if negate else found
    first, rest = remaining[0], remaining[1:]

    def conjuncts(found: Source) -> Iterator[tuple[Term, Term]]:
        for counts, value in found.members:
            inner = {**bindings, first.name: value}
            reached, has_condition = g.truth(first.condition, inner)
            if s.and_(counts, reached) is s.false:
                yield s.true, s.implies(counts, has_condition)
                continue
            holds = _forall(g, rest, claim, inner, negate)
            defined = s.and_(has_condition, s.implies(reached, holds.defined))
            reached = s.and_(counts, reached)
            yield s.implies(reached, scalar(holds.value)), s.implies(counts, defined)

    unordered = source(g, first.source, bindings, Visit.FREELY)
    found = in_turn(s, conjuncts(unordered))
    if found.defined is not s.true and isinstance(first.source.type, SetType):
        # The order matters only for what is undefined.
        found = in_turn(s, conjuncts(source(g, first.source, bindings, Visit.IN_ORDER)))
    return Grounded(found.value, s.and_(unordered.defined, found.defined))


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of values for all names: when it counts, and the bindings."""

    counts: Term
    bindings: Bindings
    defined: Term
    """Whether everything that was evaluated to come here, since the choice before, has a value."""


def _choices(
    g: Grounder, remaining: tuple[Generator, ...], bindings: Bindings, visit: Visit
) -> Iterator[Choice]:
    """All choices, the last name fastest, with some that never count to carry what is undefined."""
    s = g.symbols
    if not remaining:
        yield Choice(s.true, bindings, s.true)
        return
    first, rest = remaining[0], remaining[1:]
    found = source(g, first.source, bindings, visit)
    if found.defined is not s.true:
        yield Choice(s.false, bindings, found.defined)
    for counts, value in found.members:
        inner = {**bindings, first.name: value}
        holds, defined = g.truth(first.condition, inner)
        if defined is not s.true:
            yield Choice(s.false, inner, s.implies(counts, defined))
        reached = s.and_(counts, holds)
        if reached is s.false:
            continue
        for choice in _choices(g, rest, inner, visit):
            yield Choice(
                s.and_(reached, choice.counts),
                choice.bindings,
                s.implies(reached, choice.defined),
            )


@dataclass(frozen=True, slots=True)
class Bodies:
    """The values of a binder's body, each with a term that says if it counts."""

    found: tuple[tuple[Term, Symbolic], ...]
    defined: Term


def _bodies(g: Grounder, expr: Expr, bindings: Bindings, visit: Visit) -> Bodies:
    """All the bodies, of which each that counts must have a value."""
    s = g.symbols
    found = []
    needs = []
    for choice in _choices(g, generators(expr), bindings, visit):
        needs.append(choice.defined)
        if choice.counts is not s.false:
            grounded = g.ground(body(expr), choice.bindings)
            needs.append(s.implies(choice.counts, grounded.defined))
            found.append((choice.counts, grounded.value))
    return Bodies(tuple(found), s.and_(*needs))


def _sum(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    s = g.symbols
    bodies = _bodies(g, expr, bindings, Visit.ONCE)
    total = s.total([s.ite(counts, scalar(value), s.false) for counts, value in bodies.found])
    return Grounded(total, bodies.defined)


def _extreme(is_better: Callable[[Symbols, Term, Term], Term]) -> Rule:
    def rule(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
        s = g.symbols
        fallback = _default(g, expr, bindings)
        bodies = _bodies(g, expr, bindings, Visit.FREELY)
        is_found = s.false
        best = None if fallback is None else scalar(fallback.value)
        for counts, body_value in bodies.found:
            value = scalar(body_value)
            if best is None:
                best = value
            is_first = s.not_(is_found)
            wins = s.and_(counts, s.or_(is_first, is_better(s, value, best)))
            best = s.ite(wins, value, best)
            is_found = s.or_(is_found, counts)
        return _chosen(s, expr, best, is_found, fallback, bodies.defined)

    return rule


def _first(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    s = g.symbols
    fallback = _default(g, expr, bindings)
    is_found, found, needs = s.false, [], []
    for choice in _choices(g, generators(expr), bindings, Visit.IN_ORDER):
        needs.append(s.or_(is_found, choice.defined))
        if choice.counts is not s.false:
            grounded = g.ground(body(expr), choice.bindings)
            needs.append(s.or_(is_found, s.not_(choice.counts), grounded.defined))
            found.append((choice.counts, grounded.value))
            is_found = s.or_(is_found, choice.counts)
    result = None if fallback is None else fallback.value
    for counts, value in reversed(found):
        result = value if result is None else choose(s, counts, value, result)
    return _chosen(s, expr, result, is_found, fallback, s.and_(*needs))


def _default(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded | None:
    """The default; like Python, it is evaluated before it is needed."""
    otherwise = default(expr)
    return None if otherwise is None else g.ground(otherwise, bindings)


def _chosen(
    s: Symbols,
    expr: Expr,
    result: Symbolic | None,
    is_found: Term,
    fallback: Grounded | None,
    defined: Term,
) -> Grounded:
    has_value = is_found if fallback is None else fallback.defined
    value = s.blank(expr.type) if result is None else result
    return Grounded(value, s.and_(defined, has_value))


def _set_of(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    assert isinstance(expr.type, SetType), expr
    bodies = _bodies(g, expr, bindings, Visit.FREELY)
    return Grounded(gather(g.symbols, expr.type.of, bodies.found), bodies.defined)


def _tuple_of(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    bodies = _bodies(g, expr, bindings, Visit.IN_ORDER)
    return Grounded(tuples.compact(g.symbols, bodies.found), bodies.defined)


def _map_of(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    s = g.symbols
    assert isinstance(expr.data, Binders), expr
    (name,), (key,) = expr.data.names, expr.data.types
    parts = [
        g.ground(body(expr), {**bindings, name: s.lift(key, member)}) for member in members(key)
    ]
    defined = s.and_(*(part.defined for part in parts))
    return Grounded(Product(tuple(part.value for part in parts)), defined)


TABLE: Mapping[Op, Rule] = {
    **RULES,
    Op.ALL: _all,
    Op.ANY: _any,
    Op.SUM: _sum,
    Op.LEAST: _extreme(Symbols.less),
    Op.GREATEST: _extreme(lambda s, value, best: s.less(best, value)),
    Op.FIRST: _first,
    Op.SET_OF: _set_of,
    Op.TUPLE_OF: _tuple_of,
    Op.MAP_OF: _map_of,
}
"""What each operator becomes. A test says that no operator is missing."""
