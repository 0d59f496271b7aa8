"""Expressions in TLA+: a row for each operator that binds no name.

Python counts from 0 and TLA+ from 1; what TLA+ lacks stands in `library.py`. Where an expression
has no value here, TLC fails there too, when it comes to evaluate it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from checker.export.sets import constant
from checker.export.text import Bracketed, Choice, Headed, Infix, Level, Text, Word, brackets
from checker.export.writer import Row, Writer
from checker.ir.expr import Expr
from checker.ir.ops import Op
from checker.ir.types import IntType, RecordType, TupleType, Type
from checker.ir.values import members
from checker.lang.lower.defined import is_defined


def _infix(operator: str, level: Level) -> Row:
    def row(writer: Writer, expr: Expr) -> Text:
        return Infix(operator, tuple(map(writer.write, expr.args)), level)

    return row


def _call(opening: str, closing: str) -> Row:
    def row(writer: Writer, expr: Expr) -> Text:
        return Bracketed(opening, tuple(map(writer.write, expr.args)), closing)

    return row


def _constant(writer: Writer, expr: Expr) -> Text:
    data = expr.data
    assert data is None or isinstance(data, bool | int | tuple | frozenset), expr
    return constant(expr.type, data, writer.names)


def _variable(writer: Writer, expr: Expr) -> Text:
    return Word(writer.names[str(expr.data)])


def _next(writer: Writer, expr: Expr) -> Text:
    return Word(f"{writer.names[str(expr.data)]}'")


def _local(writer: Writer, expr: Expr) -> Text:
    return writer.locals[str(expr.data)]


NEGATED: Final = {"=": "/=", "\\in": "\\notin"}


def _not(writer: Writer, expr: Expr) -> Text:
    inner = writer.write(expr.args[0])
    if isinstance(inner, Infix) and inner.operator in NEGATED:
        return replace(inner, operator=NEGATED[inner.operator])
    if expr.args[0].op is Op.IS_SOME and isinstance(inner, Infix):
        return replace(inner, operator="=")
    return Headed("~", inner if inner.level > Level.NOT else brackets(inner), Level.NOT)


def _or(writer: Writer, expr: Expr) -> Text:
    """A disjunction. In an action TLC tries each part, so one that needs the others to be false
    to have a value stands behind `ELSE`.
    """
    for position in range(1, len(expr.args)):
        if writer.in_action and not is_defined(expr.args[position]):
            return _or_else(writer, expr.args[:position], expr.args[position:])
    return Infix("\\/", tuple(map(writer.write, expr.args)), Level.OR)


def _or_else(writer: Writer, first: Sequence[Expr], rest: Sequence[Expr]) -> Text:
    asking = replace(writer, in_action=False)
    tested = [asking.write(part) for part in first]
    test = tested[0] if len(tested) == 1 else Infix("\\/", tuple(tested), Level.OR)
    if len(rest) > 1:
        return Choice(test, Word("TRUE"), _or_else(writer, rest[:1], rest[1:]))
    return Choice(test, Word("TRUE"), writer.write(rest[0]))


def _choice(writer: Writer, expr: Expr) -> Text:
    test, then, otherwise = expr.args
    asking = replace(writer, in_action=False)
    return Choice(asking.write(test), writer.write(then), writer.write(otherwise))


def _negative(writer: Writer, expr: Expr) -> Text:
    return Headed("-", brackets(writer.write(expr.args[0])), Level.OPERATE)


def _extreme(name: str) -> Row:
    def row(writer: Writer, expr: Expr) -> Text:
        return writer.library(name, Bracketed("{", tuple(map(writer.write, expr.args)), "}"))

    return row


def _itself(writer: Writer, expr: Expr) -> Text:
    return writer.write(expr.args[0])


def _is_some(writer: Writer, expr: Expr) -> Text:
    return Infix("/=", (writer.write(expr.args[0]), Word("None")), Level.COMPARE)


def _unwrap(writer: Writer, expr: Expr) -> Text:
    return writer.library("Some", writer.write(expr.args[0]))


def _record(writer: Writer, expr: Expr) -> Text:
    """A record; as another with some fields changed, where it is that."""
    assert isinstance(expr.type, RecordType)
    named = list(zip((name for name, _ in expr.type.fields), expr.args, strict=True))
    bases = [arg.args[0] for name, arg in named if arg.op is Op.FIELD and arg.data == name]
    if bases and all(base is bases[0] for base in bases) and _fields(bases[0]) == _fields(expr):
        changed = [(n, a) for n, a in named if not (a.op is Op.FIELD and a.args[0] is bases[0])]
        parts = [Headed(f"!.{name} =", writer.write(arg)) for name, arg in changed]
        return _except(writer.write(bases[0]), parts)
    return Bracketed("[", tuple(Headed(f"{n} |->", writer.write(a)) for n, a in named), "]")


def _fields(expr: Expr) -> list[str]:
    return [name for name, _ in expr.type.fields] if isinstance(expr.type, RecordType) else []


def _except(base: Text, parts: list[Headed]) -> Text:
    return Bracketed(f"[{base.flat} EXCEPT ", tuple(parts), "]") if parts else base


def _field(writer: Writer, expr: Expr) -> Text:
    return Word(f"{brackets(writer.write(expr.args[0])).flat}.{expr.data}")


def _apply(function: Text, argument: Text) -> Text:
    return Word(f"{brackets(function).flat}[{argument.flat}]")


def _index(writer: Writer, expr: Expr) -> Text:
    items, position = expr.args
    sequence = writer.write(items)
    if position.op is Op.CONST and isinstance(position.data, int) and position.data >= 0:
        return _apply(sequence, Word(str(position.data + 1)))
    if isinstance(position.type, IntType) and (position.type.low or 0) >= 0:
        if position.type.low is not None:
            return _apply(sequence, plus_one(writer.write(position)))
    return writer.library("At", sequence, writer.write(position))


def plus_one(text: Text) -> Text:
    """One more: where Python counts from 0, TLA+ counts from 1."""
    if isinstance(text, Infix) and text.operator == "-" and text.operands[-1] == Word("1"):
        return text.operands[0]
    return Infix("+", (text, Word("1")), Level.OPERATE)


def _slice(writer: Writer, expr: Expr) -> Text:
    items, start, end = expr.args
    sequence = writer.write(items)
    first = Word("0") if _absent(start) else writer.write(start)
    last = Bracketed("Len(", (sequence,), ")") if _absent(end) else writer.write(end)
    return writer.library("Slice", sequence, first, last)


def _absent(bound: Expr) -> bool:
    return bound.op is Op.CONST and bound.data is None


def _concat(writer: Writer, expr: Expr) -> Text:
    first, second = expr.args
    if second.op is Op.TUPLE and len(second.args) == 1:
        return Bracketed("Append(", (writer.write(first), writer.write(second.args[0])), ")")
    return Infix("\\o", (writer.write(first), writer.write(second)), Level.OPERATE)


def _range(writer: Writer, expr: Expr) -> Text:
    return writer.library("Interval", *map(writer.write, expr.args))


def _domain(writer: Writer, expr: Expr) -> Text:
    assert isinstance(expr.type, TupleType)
    return in_order(writer, expr.type.of)


def in_order(writer: Writer, type: Type) -> Text:
    """All values of a type as a sequence."""
    values = (constant(type, value, writer.names) for value in members(type))
    return Bracketed("<<", tuple(values), ">>")


def _contains(writer: Writer, expr: Expr) -> Text:
    items, member = expr.args
    return Infix("\\in", (writer.write(member), as_set(writer, items)), Level.COMPARE)


def as_set(writer: Writer, items: Expr) -> Text:
    """What a set or sequence contains, as a set."""
    if not isinstance(items.type, TupleType):
        return writer.write(items)
    match items.op:
        case Op.RANGE:
            low, high = map(writer.write, items.args)
            return Infix("..", (low, minus_one(high)), Level.OPERATE)
        case Op.DOMAIN:
            return writer.set_of(items.type.of)
        case Op.TUPLE:
            return Bracketed("{", tuple(map(writer.write, items.args)), "}")
        case _:
            return writer.library("Range", writer.write(items))


def minus_one(text: Text) -> Text:
    """One less: the end of a range in Python is not in it."""
    if isinstance(text, Word) and text.text.isdecimal() and int(text.text) > 0:
        return Word(str(int(text.text) - 1))
    if isinstance(text, Infix) and text.operator == "+" and text.operands[1:] == (Word("1"),):
        return text.operands[0]
    return Infix("-", (text, Word("1")), Level.OPERATE)


def _select(writer: Writer, expr: Expr) -> Text:
    return _apply(*map(writer.write, expr.args))


def _store(writer: Writer, expr: Expr) -> Text:
    """A function with other values at some keys: `[f EXCEPT ![a] = x, ![b][c] = y]`."""
    changes: list[Headed] = []
    base = expr
    while base.op is Op.STORE and base not in writer.shared:
        base, key, value = base.args
        changes.append(_change(writer, "!", base, key, value))
    return _except(writer.write(base), changes[::-1])


def _change(writer: Writer, path: str, base: Expr, key: Expr, value: Expr) -> Headed:
    path = f"{path}[{writer.write(key).flat}]"
    if value.op is Op.STORE and value not in writer.shared:
        inner, inner_key, inner_value = value.args
        if inner.op is Op.SELECT and inner.args == (base, key):
            return _change(writer, path, inner, inner_key, inner_value)
    return Headed(f"{path} =", writer.write(value))


ROWS: dict[Op, Row] = {
    Op.CONST: _constant,
    Op.VARIABLE: _variable,
    Op.NEXT: _next,
    Op.LOCAL: _local,
    Op.NOT: _not,
    Op.AND: _infix("/\\", Level.AND),
    Op.OR: _or,
    Op.ITE: _choice,
    Op.EQ: _infix("=", Level.COMPARE),
    Op.LT: _infix("<", Level.COMPARE),
    Op.LE: _infix("<=", Level.COMPARE),
    Op.NEG: _negative,
    Op.ADD: _infix("+", Level.OPERATE),
    Op.SUB: _infix("-", Level.OPERATE),
    Op.MUL: _infix("*", Level.OPERATE),
    Op.FLOORDIV: _infix("\\div", Level.OPERATE),
    Op.MOD: _infix("%", Level.OPERATE),
    Op.MIN: _extreme("Min"),
    Op.MAX: _extreme("Max"),
    Op.SOME: _itself,
    Op.IS_SOME: _is_some,
    Op.UNWRAP: _unwrap,
    Op.RECORD: _record,
    Op.FIELD: _field,
    Op.TUPLE: _call("<<", ">>"),
    Op.LENGTH: _call("Len(", ")"),
    Op.INDEX: _index,
    Op.SLICE: _slice,
    Op.CONCAT: _concat,
    Op.RANGE: _range,
    Op.DOMAIN: _domain,
    Op.SET: _call("{", "}"),
    Op.SIZE: _call("Cardinality(", ")"),
    Op.CONTAINS: _contains,
    Op.UNION: _infix("\\cup", Level.OPERATE),
    Op.INTERSECTION: _infix("\\cap", Level.OPERATE),
    Op.DIFFERENCE: _infix("\\", Level.OPERATE),
    Op.SUBSET: _infix("\\subseteq", Level.COMPARE),
    Op.SELECT: _select,
    Op.STORE: _store,
}
