"""The rules of the operators that bind no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce

from checker.ground import compare, fit, setops, sets, tuples
from checker.ground.codes import code, gather
from checker.ground.grounder import Bindings, Grounded, Grounder, Rule, all_defined
from checker.ground.symbolic import (
    Product,
    ScalarOption,
    Symbolic,
    Symbols,
    TupleValue,
    is_some,
    scalar,
    some,
    unwrap,
)
from checker.ground.terms import Term
from checker.ir.expr import Expr, Value
from checker.ir.ops import Op
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
from checker.ir.values import cardinality, members


def _strict(function: Callable[..., Symbolic]) -> Rule:
    """A rule for an operator that has a value wherever all its arguments have one."""

    def rule(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
        parts = [g.ground(arg, bindings) for arg in expr.args]
        value = function(g.symbols, *(part.value for part in parts))
        return Grounded(value, all_defined(g.symbols, parts))

    return rule


def _partial(function: Callable[..., tuple[Symbolic, Term]]) -> Rule:
    """A rule for an operator that may have no value; it is given its node, and says when it has."""

    def rule(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
        s = g.symbols
        parts = [g.ground(arg, bindings) for arg in expr.args]
        value, has_value = function(s, expr, *(part.value for part in parts))
        return Grounded(value, s.and_(all_defined(s, parts), has_value))

    return rule


def _constant(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    return Grounded(g.symbols.lift(expr.type, _value(expr)), g.symbols.true)


def _value(expr: Expr) -> Value:
    value = expr.data
    assert value is None or isinstance(value, bool | int | tuple | frozenset), expr
    return value


def _variable(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    return Grounded(g.before[str(expr.data)], g.symbols.true)


def _next(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    return Grounded(g.after[str(expr.data)], g.symbols.true)


def _local(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    return Grounded(bindings[str(expr.data)], g.symbols.true)


def _and(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    return in_turn(g.symbols, (g.truth(arg, bindings) for arg in expr.args))


def in_turn(s: Symbols, conjuncts: Iterable[tuple[Term, Term]]) -> Grounded:
    """Their conjunction, evaluated from left to right up to the first that is false."""
    values: list[Term] = []
    needs = []
    for value, defined in conjuncts:
        if defined is not s.true:
            needs.append(s.implies(s.and_(*values), defined))
        values.append(value)
        if value is s.false:
            break
    return Grounded(s.and_(*values), s.and_(*needs))


def _or(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    s = g.symbols
    parts = (g.truth(arg, bindings) for arg in expr.args)
    return negated(s, in_turn(s, ((s.not_(value), defined) for value, defined in parts)))


def negated(s: Symbols, grounded: Grounded) -> Grounded:
    """Not."""
    return Grounded(s.not_(scalar(grounded.value)), grounded.defined)


def _if_then_else(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    s = g.symbols
    condition, has_condition = g.truth(expr.args[0], bindings)
    if condition is s.true or condition is s.false:
        chosen = g.ground(expr.args[1 if condition is s.true else 2], bindings)
        return Grounded(chosen.value, s.and_(has_condition, chosen.defined))
    a, b = (g.ground(arg, bindings) for arg in expr.args[1:])
    defined = s.ite(condition, a.defined, b.defined)
    value = compare.choose(s, condition, a.value, b.value)
    return Grounded(value, s.and_(has_condition, defined))


def _divide(s: Symbols, expr: Expr, a: Term, b: Term) -> tuple[Term, Term]:
    return s.floor_divide(a, b), s.not_(s.equal(b, s.false))


def _modulo(s: Symbols, expr: Expr, a: Term, b: Term) -> tuple[Term, Term]:
    return s.modulo(a, b), s.not_(s.equal(b, s.false))


def _some(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    inner = g.ground(expr.args[0], bindings)
    return Grounded(some(g.symbols, expr.args[0].type, inner.value), inner.defined)


def _unwrap(s: Symbols, expr: Expr, a: Symbolic) -> tuple[Symbolic, Term]:
    if isinstance(expr.type, BoolType) and isinstance(a, ScalarOption):
        # Even where it is arbitrary, a Boolean is 0 or 1.
        return s.equal(a.code, s.constant(2)), is_some(s, a)
    return unwrap(s, a), is_some(s, a)


def _field(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    record = g.ground(expr.args[0], bindings)
    type = expr.args[0].type
    assert isinstance(type, RecordType) and isinstance(record.value, Product), expr
    return Grounded(record.value.parts[type.position(str(expr.data))], record.defined)


def _index(s: Symbols, expr: Expr, value: TupleValue, position: Term) -> tuple[Symbolic, Term]:
    place, is_there = tuples.index(s, value, position)
    if is_there is s.false:
        return s.blank(expr.type), s.false
    return compare.pick(s, place, value.items), is_there


def _slice(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    whole = g.ground(expr.args[0], bindings)
    assert isinstance(whole.value, TupleValue), expr
    bounds: list[Term | None] = []
    defined = [whole.defined]
    for arg in expr.args[1:]:
        if arg.op is Op.CONST and arg.data is None:
            bounds.append(None)
            continue
        value, has_value = g.truth(arg, bindings)
        bounds.append(value)
        defined.append(has_value)
    s = g.symbols
    return Grounded(tuples.slice_(s, whole.value, bounds[0], bounds[1]), s.and_(*defined))


def _domain(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    items = [g.symbols.lift(_type(expr), member) for member in members(_type(expr))]
    return Grounded(tuples.literal(g.symbols, items), g.symbols.true)


def _type(expr: Expr) -> Type:
    assert isinstance(expr.data, _TYPES), expr
    return expr.data


_TYPES = (
    BoolType,
    IntType,
    EnumType,
    SortType,
    OptionType,
    RecordType,
    TupleType,
    SetType,
    MapType,
)


def _set(g: Grounder, expr: Expr, bindings: Bindings) -> Grounded:
    assert isinstance(expr.type, SetType), expr
    s = g.symbols
    parts = [g.ground(arg, bindings) for arg in expr.args]
    found = gather(s, expr.type.of, [(s.true, part.value) for part in parts])
    return Grounded(found, all_defined(s, parts))


def _contains(s: Symbols, whole: Symbolic, item: Symbolic) -> Term:
    if isinstance(whole, TupleValue):
        return tuples.contains(s, whole, item)
    assert isinstance(whole, compare.SETS), whole
    return fit.contains(s, whole, item)


def _key(s: Symbols, map: Expr, key: Symbolic) -> tuple[int, Term, Term]:
    """The number of keys, where this one stands among them, and whether it does."""
    assert isinstance(map.type, MapType), map
    type = map.type.key
    count = cardinality(type)
    match type:
        case BoolType() | EnumType() | SortType():
            return count, scalar(key), s.constant(int(count > 0))
        case IntType(low=low):
            assert low is not None, type
            return count, s.offset(scalar(key), -low), fit.fits(s, type, key)
        case _:
            domain = s.domain(type)
            place = sets.place(s, domain, code(s, domain, key))
            return count, place, fit.fits(s, type, key)


def _select(s: Symbols, expr: Expr, map: Product, key: Symbolic) -> tuple[Symbolic, Term]:
    count, place, is_key = _key(s, expr.args[0], key)
    if count == 0:
        return s.blank(expr.type), s.false
    return compare.pick(s, place, map.parts), is_key


def _store(
    s: Symbols, expr: Expr, map: Product, key: Symbolic, value: Symbolic
) -> tuple[Symbolic, Term]:
    _, place, is_key = _key(s, expr.args[0], key)
    parts = []
    for number, old in enumerate(map.parts):
        is_here = s.equal(place, s.constant(number))
        parts.append(compare.choose(s, is_here, value, old))
    return Product(tuple(parts)), is_key


def _extreme(function: Callable[[Symbols, Term, Term], Term]) -> Rule:
    def operation(s: Symbols, *args: Term) -> Term:
        return reduce(lambda a, b: function(s, a, b), args)

    return _strict(operation)


RULES: Mapping[Op, Rule] = {
    Op.CONST: _constant,
    Op.VARIABLE: _variable,
    Op.NEXT: _next,
    Op.LOCAL: _local,
    Op.NOT: _strict(Symbols.not_),
    Op.AND: _and,
    Op.OR: _or,
    Op.ITE: _if_then_else,
    Op.EQ: _strict(compare.equal),
    Op.LT: _strict(Symbols.less),
    Op.LE: _strict(Symbols.less_equal),
    Op.NEG: _strict(lambda s, a: s.subtract(s.false, a)),
    Op.ADD: _strict(Symbols.add),
    Op.SUB: _strict(Symbols.subtract),
    Op.MUL: _strict(Symbols.multiply),
    Op.FLOORDIV: _partial(_divide),
    Op.MOD: _partial(_modulo),
    Op.MIN: _extreme(Symbols.minimum),
    Op.MAX: _extreme(Symbols.maximum),
    Op.SOME: _some,
    Op.IS_SOME: _strict(is_some),
    Op.UNWRAP: _partial(_unwrap),
    Op.RECORD: _strict(lambda s, *fields: Product(fields)),
    Op.FIELD: _field,
    Op.TUPLE: _strict(lambda s, *items: tuples.literal(s, items)),
    Op.LENGTH: _strict(lambda s, a: a.length),
    Op.INDEX: _partial(_index),
    Op.SLICE: _slice,
    Op.CONCAT: _strict(tuples.concatenate),
    Op.RANGE: _strict(tuples.integers),
    Op.DOMAIN: _domain,
    Op.SET: _set,
    Op.SIZE: _strict(fit.size),
    Op.CONTAINS: _strict(_contains),
    Op.UNION: _strict(setops.unite),
    Op.INTERSECTION: _strict(setops.intersect),
    Op.DIFFERENCE: _strict(setops.subtract),
    Op.SUBSET: _strict(setops.subset),
    Op.SELECT: _partial(_select),
    Op.STORE: _partial(_store),
}
