"""The typing rules: for each operator, what its arguments must be, and what it then is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, assert_never

from checker.ir.bounds import is_bounded
from checker.ir.expr import NOWHERE, Binders, Expr, body, default, generators
from checker.ir.ops import BINDERS, Op
from checker.ir.printer import print_expr
from checker.ir.types import (
    BOOL,
    INT,
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
    compatible,
)
from checker.ir.values import cardinality


def demand(holds: bool, message: str, where: Expr | Type | None = None) -> None:
    """Raise `AssertionError` with the message, and the node (and its place) if there is one."""
    if holds:
        return
    if isinstance(where, Expr):
        place = "" if where.span is NOWHERE else f" ({where.span})"
        raise AssertionError(f"{message}{place}:\n{print_expr(where)}")
    raise AssertionError(message if where is None else f"{message}: {where}")


def check_node(expr: Expr) -> None:
    """Raise `AssertionError` unless the arguments of a node fit its operator, and its type both."""
    if expr.op in BINDERS:
        _check_binder(expr)
    type = RULES[expr.op](expr)
    demand(compatible(expr.type, type), f"{_name(expr)} is {type}, not {expr.type}", expr)


def check_type(type: Type) -> None:
    """Raise `AssertionError` for a type that makes no sense."""
    match type:
        case BoolType():
            pass
        case IntType(low, high):
            demand(low is None or high is None or low <= high, "an empty interval", type)
        case EnumType(_, names):
            demand(0 < len(set(names)) == len(names), f"the members {names} of an enumeration")
        case SortType(_, size):
            demand(size >= 0, f"a sort of size {size}", type)
        case OptionType(of):
            demand(not isinstance(of, OptionType), "an optional of an optional", type)
            check_type(of)
        case RecordType(_, fields):
            names = tuple(name for name, _ in fields)
            demand(len(set(names)) == len(names), f"a record has the fields {names}", type)
            for _, field in fields:
                check_type(field)
        case TupleType(of, most) | SetType(of, most):
            demand(most is None or most >= 0, f"a bound of {most} items", type)
            check_type(of)
        case MapType(key, value):
            demand(is_bounded(key), "the key domain of a map has no bound", type)
            check_type(key)
            check_type(value)
        case _:
            assert_never(type)


def is_value(type: Type, value: Any) -> bool:
    """Whether a value has the form of a type's values, bounds aside."""
    match type:
        case BoolType():
            return isinstance(value, bool)
        case IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case EnumType() | SortType():
            return is_value(INT, value) and 0 <= value < cardinality(type)
        case OptionType(of):
            return value is None or is_value(of, value)
        case SetType(of):
            return isinstance(value, frozenset) and all(is_value(of, v) for v in value)
        case TupleType(of):
            return isinstance(value, tuple) and all(is_value(of, v) for v in value)
        case RecordType(_, fields):
            types = [field for _, field in fields]
            return isinstance(value, tuple) and _are_values(types, value)
        case MapType(key, of):
            return isinstance(value, tuple) and _are_values([of] * cardinality(key), value)
        case _:
            assert_never(type)


def _are_values(types: list[Type], values: tuple[Any, ...]) -> bool:
    return len(types) == len(values) and all(map(is_value, types, values))


def _name(expr: Expr) -> str:
    return expr.op.name.lower()


def _check_binder(expr: Expr) -> None:
    demand(isinstance(expr.data, Binders), f"{_name(expr)} without bound names", expr)
    assert isinstance(expr.data, Binders)
    count, chooses = len(expr.data.names), expr.op in (Op.LEAST, Op.GREATEST, Op.FIRST)
    demand(count == len(expr.data.types) == len(set(expr.data.names)), "a binder's names", expr)
    demand(chooses or not expr.data.has_default, f"{_name(expr)} has no default", expr)
    if expr.op is Op.MAP_OF:
        demand(count == 1, "map_of binds one name", expr)
        demand(is_bounded(expr.data.types[0]), "the key domain of a map has no bound", expr)
        return
    parts = 2 * count + 1 + expr.data.has_default
    demand(count > 0 and len(expr.args) == parts, f"{len(expr.args)} parts of a binder", expr)
    for generator in generators(expr):
        of = _element(expr, generator.source)
        demand(compatible(of, generator.type), f"?{generator.name} goes through {of}", expr)
        _check_is(expr, generator.condition, BOOL)


def _check_is(expr: Expr, arg: Expr, type: Type) -> None:
    message = f"{_name(expr)} of {arg.type}, not {type}"
    demand(compatible(arg.type, type), message, expr)


def _element(expr: Expr, arg: Expr) -> Type:
    """The type of the members of an argument that must be a tuple or a set."""
    demand(isinstance(arg.type, TupleType | SetType), f"{_name(expr)} of {arg.type}", expr)
    assert isinstance(arg.type, TupleType | SetType)
    return arg.type.of


def _element_of(expr: Expr, arg: Expr, kind: type[TupleType] | type[SetType]) -> Type:
    demand(isinstance(arg.type, kind), f"{_name(expr)} of {arg.type}", expr)
    return _element(expr, arg)


def _map(expr: Expr, key: Expr) -> MapType:
    """The type of the first argument, which must be a map with this kind of key."""
    type = expr.args[0].type
    demand(isinstance(type, MapType), f"{_name(expr)} of {type}", expr)
    assert isinstance(type, MapType)
    _check_is(expr, key, type.key)
    return type


Rule: TypeAlias = Callable[[Expr], Type]


def _all_are(type: Type, result: Type) -> Rule:
    """All arguments are of one type, and so is the result of another."""

    def rule(expr: Expr) -> Type:
        for arg in expr.args:
            _check_is(expr, arg, type)
        return result

    return rule


def _const(expr: Expr) -> Type:
    demand(is_value(expr.type, expr.data), f"{expr.data!r} is no value of {expr.type}")
    return expr.type


def _named(expr: Expr) -> Type:
    demand(isinstance(expr.data, str), f"{_name(expr)} of {expr.data!r}, not a name")
    return expr.type


def _if_then_else(expr: Expr) -> Type:
    condition, then, otherwise = expr.args
    _check_is(expr, condition, BOOL)
    _check_is(expr, otherwise, then.type)
    return then.type


def _equal(expr: Expr) -> Type:
    a, b = expr.args
    _check_is(expr, a, b.type)
    return BOOL


def _extreme(expr: Expr) -> Type:
    demand(bool(expr.args), f"{_name(expr)} of nothing", expr)
    return _all_are(INT, INT)(expr)


def _some(expr: Expr) -> Type:
    (a,) = expr.args
    demand(not isinstance(a.type, OptionType), f"some of {a.type}", expr)
    return OptionType(a.type)


def _option(expr: Expr) -> OptionType:
    type = expr.args[0].type
    demand(isinstance(type, OptionType), f"{_name(expr)} of {type}", expr)
    assert isinstance(type, OptionType)
    return type


def _is_some(expr: Expr) -> Type:
    _option(expr)
    return BOOL


def _record(expr: Expr) -> Type:
    demand(isinstance(expr.type, RecordType), f"record of type {expr.type}", expr)
    assert isinstance(expr.type, RecordType)
    fields = expr.type.fields
    demand(len(fields) == len(expr.args), f"{len(expr.args)} fields of {expr.type}", expr)
    for (_, type), arg in zip(fields, expr.args, strict=True):
        _check_is(expr, arg, type)
    return expr.type


def _field(expr: Expr) -> Type:
    type = expr.args[0].type
    demand(isinstance(type, RecordType), f"field of {type}", expr)
    assert isinstance(type, RecordType)
    demand(expr.data in dict(type.fields), f"{type} has no field {expr.data}", expr)
    return type.field(str(expr.data))


def _literal(kind: type[TupleType] | type[SetType]) -> Rule:
    """The arguments are the members of the result."""

    def rule(expr: Expr) -> Type:
        of = _element_of(expr, expr, kind)
        for arg in expr.args:
            _check_is(expr, arg, of)
        return expr.type

    return rule


def _index(expr: Expr) -> Type:
    a, b = expr.args
    _check_is(expr, b, INT)
    return _element_of(expr, a, TupleType)


def _slice(expr: Expr) -> Type:
    a, *bounds = expr.args
    for bound in bounds:
        if not (bound.op is Op.CONST and bound.data is None):
            _check_is(expr, bound, INT)
    return TupleType(_element_of(expr, a, TupleType), None)


def _same(kind: type[TupleType] | type[SetType], result: Type | None = None) -> Rule:
    """Both arguments are of the same kind, with the same kind of member."""

    def rule(expr: Expr) -> Type:
        a, b = expr.args
        _element_of(expr, a, kind)
        _check_is(expr, b, a.type)
        return a.type if result is None else result

    return rule


def _domain(expr: Expr) -> Type:
    type: Any = expr.data
    check_type(type)
    demand(is_bounded(type), "the members of a type without a bound", type)
    return TupleType(type, None)


def _measure(kind: type[TupleType] | type[SetType]) -> Rule:
    def rule(expr: Expr) -> Type:
        _element_of(expr, expr.args[0], kind)
        return INT

    return rule


def _contains(expr: Expr) -> Type:
    a, b = expr.args
    _check_is(expr, b, _element(expr, a))
    return BOOL


def _select(expr: Expr) -> Type:
    return _map(expr, expr.args[1]).value


def _store(expr: Expr) -> Type:
    type = _map(expr, expr.args[1])
    _check_is(expr, expr.args[2], type.value)
    return type


def _quantify(type: Type) -> Rule:
    def rule(expr: Expr) -> Type:
        _check_is(expr, body(expr), type)
        return type

    return rule


def _choose(expr: Expr) -> Type:
    otherwise = default(expr)
    if expr.op is not Op.FIRST:
        _check_is(expr, body(expr), INT)
    if otherwise is not None:
        _check_is(expr, otherwise, body(expr).type)
    return body(expr).type


def _map_of(expr: Expr) -> Type:
    assert isinstance(expr.data, Binders)
    return MapType(expr.data.types[0], body(expr).type)


RULES: dict[Op, Rule] = {
    Op.CONST: _const,
    Op.VARIABLE: _named,
    Op.NEXT: _named,
    Op.LOCAL: _named,
    Op.NOT: _all_are(BOOL, BOOL),
    Op.AND: _all_are(BOOL, BOOL),
    Op.OR: _all_are(BOOL, BOOL),
    Op.ITE: _if_then_else,
    Op.EQ: _equal,
    Op.LT: _all_are(INT, BOOL),
    Op.LE: _all_are(INT, BOOL),
    Op.NEG: _all_are(INT, INT),
    Op.ADD: _all_are(INT, INT),
    Op.SUB: _all_are(INT, INT),
    Op.MUL: _all_are(INT, INT),
    Op.FLOORDIV: _all_are(INT, INT),
    Op.MOD: _all_are(INT, INT),
    Op.MIN: _extreme,
    Op.MAX: _extreme,
    Op.SOME: _some,
    Op.IS_SOME: _is_some,
    Op.UNWRAP: lambda expr: _option(expr).of,
    Op.RECORD: _record,
    Op.FIELD: _field,
    Op.TUPLE: _literal(TupleType),
    Op.LENGTH: _measure(TupleType),
    Op.INDEX: _index,
    Op.SLICE: _slice,
    Op.CONCAT: _same(TupleType),
    Op.RANGE: _all_are(INT, TupleType(INT, None)),
    Op.DOMAIN: _domain,
    Op.SET: _literal(SetType),
    Op.SIZE: _measure(SetType),
    Op.CONTAINS: _contains,
    Op.UNION: _same(SetType),
    Op.INTERSECTION: _same(SetType),
    Op.DIFFERENCE: _same(SetType),
    Op.SUBSET: _same(SetType, BOOL),
    Op.SELECT: _select,
    Op.STORE: _store,
    Op.ALL: _quantify(BOOL),
    Op.ANY: _quantify(BOOL),
    Op.SUM: _quantify(INT),
    Op.LEAST: _choose,
    Op.GREATEST: _choose,
    Op.FIRST: _choose,
    Op.SET_OF: lambda expr: SetType(body(expr).type),
    Op.TUPLE_OF: lambda expr: TupleType(body(expr).type, None),
    Op.MAP_OF: _map_of,
}
"""The rule of each operator. A test says that no operator is missing."""
