"""What each operator means to the solver: scalars, optionals, records, maps."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from checker.ir.expr import Expr, postorder
from checker.ir.types import IntType, MapType, RecordType
from checker.symbolic.choose import choose, lookup
from checker.symbolic.equal import equal
from checker.symbolic.errors import CannotEncode
from checker.symbolic.fits import greatest, has_endless_keys
from checker.symbolic.meaning import Encoder, Locals, Meaning, Row, meaning
from checker.symbolic.terms import (
    Bool,
    at_most,
    both,
    either,
    equals,
    implies,
    negate,
)
from checker.symbolic.trees import (
    Map,
    Option,
    Record,
    Table,
    Tree,
    constant,
    default,
    domain,
    remember,
)


def strict(function: Callable[..., Any]) -> Row:
    """A row for an operator that has a value whenever its arguments have."""

    def row(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
        parts = [encoder.encode(arg, locals) for arg in expr.args]
        value = function(*(part.value for part in parts))
        return meaning(expr.type, value, *(part.defined for part in parts))

    return row


def partial(function: Callable[..., tuple[Any, Bool]]) -> Row:
    """A row for an operator that says itself, too, when there is a value; it sees its node."""

    def row(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
        parts = [encoder.encode(arg, locals) for arg in expr.args]
        value, defined = function(encoder, expr, *(part.value for part in parts))
        return meaning(expr.type, value, *(part.defined for part in parts), defined)

    return row


def const(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """A known value."""
    return Meaning(constant(encoder.type(expr.type), expr.data))


def equality(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """Whether two values are equal. Of maps, only within the bound of their keys: see `greatest`.

    Beyond it, the entries of a map whose keys have no bound are no part of it.
    """
    if has_endless_keys(encoder.type(expr.args[0].type)):
        raise CannotEncode("whether maps are equal whose keys have no bound", expr.span)
    return strict(equal)(encoder, expr, locals)


def variable(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """A variable before the step."""
    return Meaning(encoder.before[str(expr.data)])


def next_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """A variable after the step."""
    assert encoder.after is not None, f"{expr.data}' is read where there is no step"
    return Meaning(encoder.after[str(expr.data)])


def local(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """A parameter or bound name."""
    return Meaning(locals[str(expr.data)])


def and_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """Stops at the first false one: what comes after need have no value."""
    value: Bool = True
    defined: Bool = True
    for arg in expr.args:
        if value is False:
            break
        part = encoder.encode(arg, locals)
        defined = both(defined, implies(value, part.defined))
        value = both(value, part.value)
    return Meaning(value, defined)


def or_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """Stops at the first true one."""
    found: Bool = False
    defined: Bool = True
    for arg in expr.args:
        if found is True:
            break
        part = encoder.encode(arg, locals)
        defined = both(defined, either(found, part.defined))
        found = either(found, part.value)
    return meaning(expr.type, found, defined)


def not_(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """False without value, as every condition."""
    (a,) = (encoder.encode(arg, locals) for arg in expr.args)
    return meaning(expr.type, negate(a.value), a.defined)


def if_then_else(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """Only the chosen side needs a value."""
    condition = encoder.encode(expr.args[0], locals)
    if isinstance(condition.value, bool) and condition.defined is True:
        return encoder.encode(expr.args[1 if condition.value else 2], locals)
    then, otherwise = (encoder.encode(arg, locals) for arg in expr.args[1:])
    chosen = choose(condition.value, then.value, otherwise.value)
    defined = choose(condition.value, then.defined, otherwise.defined)
    return meaning(expr.type, chosen, condition.defined, defined)


def divide(function: Callable[[Any, Any], Any]) -> Row:
    """A row for a division: undefined by zero."""

    def row(encoder: Encoder, expr: Expr, a: Any, b: Any) -> tuple[Any, Bool]:
        return function(a, b), negate(equals(b, 0))

    return partial(row)


def extreme(function: Callable[[Any, Any], Any]) -> Row:
    """A row for the least or greatest of the arguments."""
    return strict(lambda *values: reduce(function, values))


def unwrap(encoder: Encoder, expr: Expr, a: Option) -> tuple[Tree, Bool]:
    """The value of an optional, if it is present."""
    return a.value, a.present


def record(*fields: Tree) -> Record:
    """The record of these fields."""
    return Record(fields)


def field(encoder: Encoder, expr: Expr, a: Record) -> tuple[Tree, Bool]:
    """A field of a record."""
    type = expr.args[0].type
    assert isinstance(type, RecordType)
    return a.fields[type.position(str(expr.data))], True


def select(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """The value at a key, if it is one."""
    a, key = (encoder.encode(arg, locals) for arg in expr.args)
    if isinstance(a.value, Table):
        found = a.value.at(key.value)
        is_there = _is_key_of_table(encoder, expr, locals, a.value.low, key.value)
    else:
        here = conditions(expr.args[0].type, key.value)
        found = _at(a.value, here, default(expr.type))
        is_there = is_key(encoder, expr, here)
    return meaning(expr.type, found, a.defined, key.defined, is_there)


def store(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """The map with another value at a key, if it is one."""
    a, key, value = (encoder.encode(arg, locals) for arg in expr.args)
    found: Map | Table
    if isinstance(a.value, Table):
        old, at = a.value.at, key.value
        changed = remember(lambda other: choose(equal(other, at), value.value, old(other)))
        found = Table(a.value.low, changed)
        is_there = _is_key_of_table(encoder, expr, locals, a.value.low, at)
    else:
        here = conditions(expr.args[0].type, key.value)
        pairs = zip(here, a.value.values, strict=True)
        found = Map(tuple(choose(hit, value.value, old) for hit, old in pairs))
        is_there = is_key(encoder, expr, here)
    return meaning(expr.type, found, a.defined, key.defined, value.defined, is_there)


def _is_key_of_table(encoder: Encoder, expr: Expr, locals: Locals, low: int, key: Any) -> Bool:
    """Whether a number is a key where the keys' bound is lifted: they end somewhere all the same.

    That the key lies before the end may follow from what it is made of, which lies before it, too,
    or from what would have been cut.
    """
    is_above, of = at_most(low, key), _keys(expr)
    own = expr.args[1].type
    if isinstance(own, IntType) and (own.scope, own.high) == (of.scope, of.high):
        return is_above
    known = list(encoder.limits)
    for part in postorder((expr.args[1],)):
        is_free = set(encoder.free_names(part)) <= locals.keys()
        if is_free and isinstance(part.type, IntType) and part.type.scope == of.scope:
            found = encoder.encode(part, locals)
            known.append(implies(found.defined, at_most(found.value, greatest(part.type))))
    return both(is_above, implies(both(*known), at_most(key, greatest(of))))


def _keys(expr: Expr) -> IntType:
    """The keys of a map whose bound is lifted."""
    type = expr.args[0].type
    assert isinstance(type, MapType)
    assert isinstance(type.key, IntType)
    return type.key


def conditions(type: Any, key: Tree) -> list[Bool]:
    """For each key of a map type, whether it is this one."""
    assert isinstance(type, MapType)
    return [equal(key, member) for member in domain(type.key)]


def is_key(encoder: Encoder, expr: Expr, here: list[Bool]) -> Bool:
    """Whether a key is one at all: members of sorts and enumerations are."""
    type, key = expr.args[0].type, expr.args[1]
    assert isinstance(type, MapType)
    if encoder.trusts(key) and _covers(type.key, key.type):
        return True
    return either(*here)


def _covers(keys: Any, key: Any) -> bool:
    """Whether all values of the one type are among those of the other."""
    if isinstance(keys, IntType):
        known = key.low is not None and key.high is not None
        return known and keys.low <= key.low and key.high <= keys.high
    return bool(keys == key)


def _at(a: Map, here: list[Bool], absent: Tree) -> Tree:
    for hit, value in zip(here, a.values, strict=True):
        if hit is True:
            return value
    return lookup(a.values, here) if a.values else absent


def some(a: Tree) -> Option:
    """A value as an optional one."""
    return Option(True, a)
