"""What an expression means: one function for each operator, in one table.

This is the slow, readable twin of the machine code. It follows Python: arguments are evaluated
from left to right, `and`, `or`, `if` and the quantifiers stop as soon as the answer is known, and
a default is evaluated before it is needed. The order of a set is that of its members' type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from checker.ir.expr import Binders, Expr, Generator, Value, body, default, generators
from checker.ir.model import Model
from checker.ir.ops import Op
from checker.ir.types import (
    EnumType,
    IntType,
    MapType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import State, in_order, members, show
from checker.semantics.undefined import Undefined


@dataclass(frozen=True, slots=True)
class Environment:
    """What names stand for: variables before a step, after it (if there is one), and locals.

    `known` are the values of nodes already evaluated here: nodes are shared, and a value that
    went through many branches would else be computed as often as there are ways to it.
    """

    before: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Value] | None = None
    locals: Mapping[str, Value] = field(default_factory=dict)
    known: dict[int, Value] = field(default_factory=dict, compare=False, repr=False)

    def bind(self, name: str, value: Value) -> Environment:
        """The same environment, with one more local."""
        return Environment(self.before, self.after, {**self.locals, name: value})


def by_name(model: Model, state: State) -> dict[str, Value]:
    """The values of a state by the names of its variables."""
    return {variable.name: value for variable, value in zip(model.variables, state, strict=True)}


def evaluate(expr: Expr, environment: Environment) -> Value:
    """The value of an expression; raises `Undefined` if it has none."""
    known = environment.known
    if id(expr) not in known:
        known[id(expr)] = TABLE[expr.op](expr, environment)
    return known[id(expr)]


# The values of well-typed expressions are what their types say (`sanity_check` sees to the types),
# so the functions below take `Any` rather than prove it to the type checker again.
Row: TypeAlias = Callable[[Expr, Environment], Any]


def _strict(function: Callable[..., Any]) -> Row:
    """A row for an operator that needs only the values of its arguments."""

    def row(expr: Expr, environment: Environment) -> Any:
        return function(*[evaluate(arg, environment) for arg in expr.args])

    return row


def _strict_with_node(function: Callable[..., Any]) -> Row:
    """A row for an operator that needs its node too: for a type, or for the place of a fault."""

    def row(expr: Expr, environment: Environment) -> Any:
        return function(expr, *[evaluate(arg, environment) for arg in expr.args])

    return row


def _next(expr: Expr, environment: Environment) -> Any:
    assert environment.after is not None, f"{expr.data}' is read where there is no step"
    return environment.after[str(expr.data)]


def _and(expr: Expr, environment: Environment) -> bool:
    return all(evaluate(arg, environment) for arg in expr.args)


def _or(expr: Expr, environment: Environment) -> bool:
    return any(evaluate(arg, environment) for arg in expr.args)


def _if_then_else(expr: Expr, environment: Environment) -> Any:
    condition, then, otherwise = expr.args
    return evaluate(then if evaluate(condition, environment) else otherwise, environment)


def _floor_divide(expr: Expr, a: int, b: int) -> int:
    if b == 0:
        raise Undefined(f"{a} divided by zero", expr.span)
    return a // b


def _modulo(expr: Expr, a: int, b: int) -> int:
    if b == 0:
        raise Undefined(f"{a} modulo zero", expr.span)
    return a % b


def _unwrap(expr: Expr, a: Any) -> Any:
    if a is None:
        raise Undefined("None used as a value", expr.span)
    return a


def _field(expr: Expr, record: Any) -> Any:
    type = expr.args[0].type
    assert isinstance(type, RecordType)
    return record[type.position(str(expr.data))]


def _index(expr: Expr, items: tuple[Any, ...], index: int) -> Any:
    length = len(items)
    if index >= length:
        raise Undefined(f"index {index} is past the end of a tuple of length {length}", expr.span)
    if index < -length:
        raise Undefined(
            f"index {index} is before the start of a tuple of length {length}", expr.span
        )
    return items[index]


def _position(expr: Expr, type: Any, key: Value) -> int:
    """Where the value for a key stands in the tuple that is a map."""
    assert isinstance(type, MapType)
    position = position_in(type.key, key)
    if position is None:
        raise Undefined(f"{show(type.key, key)} is no key of {type}", expr.span)
    return position


def position_in(type: Type, value: Any) -> int | None:
    """Where a value stands among the members of a type, or `None` if it is no member."""
    match type:
        case EnumType() | SortType():
            return int(value)
        case IntType(low, high) if low is not None and high is not None:
            return value - low if low <= value <= high else None
        case _:
            return next((i for i, member in enumerate(members(type)) if member == value), None)


def _select(expr: Expr, map: tuple[Any, ...], key: Value) -> Any:
    return map[_position(expr, expr.args[0].type, key)]


def _store(expr: Expr, map: tuple[Any, ...], key: Value, value: Value) -> Any:
    position = _position(expr, expr.args[0].type, key)
    return (*map[:position], value, *map[position + 1 :])


def _domain(expr: Expr, environment: Environment) -> Any:
    type: Any = expr.data
    return tuple(members(type))


def _items(source: Expr, environment: Environment) -> Any:
    """The values of a tuple or a set, in order."""
    value = evaluate(source, environment)
    match source.type:
        case SetType() as type:
            return in_order(type, value)
        case TupleType():
            return value
        case other:
            raise AssertionError(f"{other} has no members to go through")


def _choices(remaining: tuple[Generator, ...], environment: Environment) -> Iterator[Environment]:
    """An environment for each choice of values that meets the conditions, the last name fastest."""
    if not remaining:
        yield environment
        return
    first, *rest = remaining
    for item in _items(first.source, environment):
        chosen = environment.bind(first.name, item)
        if evaluate(first.condition, chosen):
            yield from _choices(tuple(rest), chosen)


def _bodies(expr: Expr, environment: Environment) -> Iterator[Any]:
    """The values of a binder's body, each computed only when it is asked for."""
    for chosen in _choices(generators(expr), environment):
        yield evaluate(body(expr), chosen)


def _collect(function: Callable[[Iterator[Any]], Any]) -> Row:
    """A row for a binder that makes one value of its bodies."""

    def row(expr: Expr, environment: Environment) -> Any:
        return function(_bodies(expr, environment))

    return row


def _choose(word: str, function: Callable[[Iterator[Any]], Any]) -> Row:
    """A row for a binder that chooses one of its bodies, or its default if there are none."""

    def row(expr: Expr, environment: Environment) -> Any:
        # Python evaluates the default before it looks for an element, so it must have a value.
        otherwise = default(expr)
        fallback = None if otherwise is None else evaluate(otherwise, environment)
        found = _bodies(expr, environment)
        for first in found:
            return function(_chain(first, found))
        if otherwise is None:
            raise Undefined(f"no {word} element of nothing", expr.span)
        return fallback

    return row


def _chain(first: Any, others: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from others


def _map_of(expr: Expr, environment: Environment) -> Any:
    assert isinstance(expr.data, Binders)
    (name,), (key,) = expr.data.names, expr.data.types
    return tuple(evaluate(body(expr), environment.bind(name, k)) for k in members(key))


TABLE: dict[Op, Row] = {
    Op.CONST: lambda expr, environment: expr.data,
    Op.VARIABLE: lambda expr, environment: environment.before[str(expr.data)],
    Op.NEXT: _next,
    Op.LOCAL: lambda expr, environment: environment.locals[str(expr.data)],
    Op.NOT: _strict(lambda a: not a),
    Op.AND: _and,
    Op.OR: _or,
    Op.ITE: _if_then_else,
    Op.EQ: _strict(lambda a, b: a == b),
    Op.LT: _strict(lambda a, b: a < b),
    Op.LE: _strict(lambda a, b: a <= b),
    Op.NEG: _strict(lambda a: -a),
    Op.ADD: _strict(lambda a, b: a + b),
    Op.SUB: _strict(lambda a, b: a - b),
    Op.MUL: _strict(lambda a, b: a * b),
    Op.FLOORDIV: _strict_with_node(_floor_divide),
    Op.MOD: _strict_with_node(_modulo),
    Op.MIN: _strict(lambda *all: min(all)),
    Op.MAX: _strict(lambda *all: max(all)),
    Op.SOME: _strict(lambda a: a),
    Op.IS_SOME: _strict(lambda a: a is not None),
    Op.UNWRAP: _strict_with_node(_unwrap),
    Op.RECORD: _strict(lambda *fields: fields),
    Op.FIELD: _strict_with_node(_field),
    Op.TUPLE: _strict(lambda *items: items),
    Op.LENGTH: _strict(len),
    Op.INDEX: _strict_with_node(_index),
    Op.SLICE: _strict(lambda a, b, c: a[b:c]),
    Op.CONCAT: _strict(lambda a, b: a + b),
    Op.RANGE: _strict(lambda a, b: tuple(range(a, b))),
    Op.DOMAIN: _domain,
    Op.SET: _strict(lambda *items: frozenset(items)),
    Op.SIZE: _strict(len),
    Op.CONTAINS: _strict(lambda a, b: b in a),
    Op.UNION: _strict(lambda a, b: a | b),
    Op.INTERSECTION: _strict(lambda a, b: a & b),
    Op.DIFFERENCE: _strict(lambda a, b: a - b),
    Op.SUBSET: _strict(lambda a, b: a <= b),
    Op.SELECT: _strict_with_node(_select),
    Op.STORE: _strict_with_node(_store),
    Op.ALL: _collect(all),
    Op.ANY: _collect(any),
    Op.SUM: _collect(sum),
    Op.LEAST: _choose("least", min),
    Op.GREATEST: _choose("greatest", max),
    Op.FIRST: _choose("first", next),
    Op.SET_OF: _collect(frozenset),
    Op.TUPLE_OF: _collect(tuple),
    Op.MAP_OF: _map_of,
}
"""What each operator means. A test says that no operator is missing."""
