"""Quantifiers and comprehensions in TLA+: a row for each operator that binds names."""

from __future__ import annotations

from checker.export.operators import as_set
from checker.export.sharing import let
from checker.export.text import Bracketed, Headed, Infix, Level, Text, Word, brackets
from checker.export.writer import Row, Writer
from checker.ir.expr import Binders, Expr, Generator, body, default, generators
from checker.ir.ops import Op
from checker.ir.types import TupleType


def _quantifier(sign: str, operator: str, level: Level) -> Row:
    """`\\A x \\in S : condition => body`, or `\\E` with `/\\`."""

    def row(writer: Writer, expr: Expr) -> Text:
        return nested(writer, generators(expr), body(expr))

    def nested(writer: Writer, rest: tuple[Generator, ...], inner: Expr) -> Text:
        if not rest:
            return let(writer, (inner,), lambda inside: inside.write(inner), writer.source)
        source = as_set(writer, rest[0].source)
        name, inside = writer.bind(rest[0].name)
        held = nested(inside, rest[1:], inner)
        if not _always(rest[0].condition):
            held = Infix(operator, (inside.write(rest[0].condition), held), level)
        return Headed(f"{sign} {name} \\in {source.flat} :", held)

    return row


def _always(condition: Expr) -> bool:
    return condition.op is Op.CONST and condition.data is True


def _chosen(writer: Writer, generator: Generator) -> tuple[str, Text, Writer]:
    """A bound name, the set that it goes through, and the writer for where it is known."""
    source = as_set(writer, generator.source)
    name, inside = writer.bind(generator.name)
    if _always(generator.condition):
        return name, source, inside
    condition = inside.write(generator.condition)
    return name, _filter(name, source, condition), inside


def _filter(name: str, source: Text, condition: Text) -> Text:
    return Bracketed("{", (Headed(f"{name} \\in {source.flat} :", condition),), "}")


def _set(writer: Writer, expr: Expr) -> Text:
    return _bodies(writer, generators(expr), body(expr))


def _bodies(writer: Writer, rest: tuple[Generator, ...], inner: Expr) -> Text:
    """The set of the values of the body, for all that the generators go through."""
    name, source, inside = _chosen(writer, rest[0])
    if len(rest) > 1:
        member = _bodies(inside, rest[1:], inner)
        gathered = Bracketed(
            "{", (Headed(f"{member.flat} :", Word(f"{name} \\in {source.flat}")),), "}"
        )
        return Headed("UNION", gathered, Level.OPERATE)
    if _is_bound(inner, rest[0]):
        return source
    member = inside.write(inner)
    return Bracketed("{", (Headed(f"{member.flat} :", Word(f"{name} \\in {source.flat}")),), "}")


def _is_bound(inner: Expr, generator: Generator) -> bool:
    """Whether a body is just what the generator goes through."""
    value = inner.args[0] if inner.op is Op.SOME else inner
    return value.op is Op.LOCAL and value.data == generator.name


def _extreme(alone: str, with_default: str) -> Row:
    def row(writer: Writer, expr: Expr) -> Text:
        found, otherwise = _set(writer, expr), default(expr)
        if otherwise is None:
            return writer.library(alone, found)
        return writer.library(with_default, found, writer.write(otherwise))

    return row


def _sum(writer: Writer, expr: Expr) -> Text:
    return _summed(writer, generators(expr), body(expr))


def _summed(writer: Writer, rest: tuple[Generator, ...], inner: Expr) -> Text:
    if not rest:
        return writer.write(inner)
    name, source, inside = _counted(writer, rest[0])
    one = Headed(f"{name} \\in {source.flat} |->", _summed(inside, rest[1:], inner))
    return writer.library("Sum", Bracketed("[", (one,), "]"))


def _counted(writer: Writer, generator: Generator) -> tuple[str, Text, Writer]:
    """As `_chosen`; but an element counts as often as a sequence has it: by its index."""
    source = generator.source
    if not isinstance(source.type, TupleType) or source.op in (Op.RANGE, Op.DOMAIN):
        return _chosen(writer, generator)
    sequence = brackets(writer.write(source)).flat
    name, inside = writer.bind("i")
    inside = inside.knowing(generator.name, Word(f"{sequence}[{name}]"))
    indexes = Word(f"DOMAIN {sequence}", Level.OPERATE)
    if _always(generator.condition):
        return name, indexes, inside
    return name, _filter(name, indexes, inside.write(generator.condition)), inside


def _sequence(writer: Writer, expr: Expr) -> Text:
    return _in_turn(writer, generators(expr), body(expr))


def _in_turn(writer: Writer, rest: tuple[Generator, ...], inner: Expr) -> Text:
    """The sequence of the values of the body, in the order of the generators."""
    generator = rest[0]
    items = _items(writer, generator)
    if len(rest) == 1 and _is_bound(inner, generator):
        return items
    index, inside = writer.bind("i")
    name, inside = inside.bind("items")
    inside = inside.knowing(generator.name, Word(f"{name}[{index}]"))
    if len(rest) == 1:
        made = inside.write(inner)
    else:
        made = _in_turn(inside, rest[1:], inner)
    mapped = Bracketed("[", (Headed(f"{index} \\in DOMAIN {name} |->", made),), "]")
    bound = Headed(f"LET {name} == {items.flat} IN", mapped)
    return bound if len(rest) == 1 else writer.library("Joined", bound)


def _items(writer: Writer, generator: Generator) -> Text:
    """What a generator goes through, in order, as a sequence."""
    items = writer.write(generator.source)
    if _always(generator.condition):
        return items
    name, inside = writer.bind(generator.name)
    return _select(items, name, inside.write(generator.condition))


def _select(items: Text, name: str, condition: Text) -> Text:
    return Bracketed("SelectSeq(", (items, Headed(f"LAMBDA {name} :", condition)), ")")


def _first(writer: Writer, expr: Expr) -> Text:
    found, otherwise = _sequence(writer, expr), default(expr)
    if otherwise is None:
        return Bracketed("Head(", (found,), ")")
    return writer.library("First", found, writer.write(otherwise))


def _map(writer: Writer, expr: Expr) -> Text:
    assert isinstance(expr.data, Binders)
    name, inside = writer.bind(expr.data.names[0])
    keys = writer.set_of(expr.data.types[0])
    return Bracketed("[", (Headed(f"{name} \\in {keys.flat} |->", inside.write(body(expr))),), "]")


ROWS: dict[Op, Row] = {
    Op.ALL: _quantifier("\\A", "=>", Level.IMPLIES),
    Op.ANY: _quantifier("\\E", "/\\", Level.AND),
    Op.SUM: _sum,
    Op.LEAST: _extreme("Min", "Least"),
    Op.GREATEST: _extreme("Max", "Greatest"),
    Op.FIRST: _first,
    Op.SET_OF: _set,
    Op.TUPLE_OF: _sequence,
    Op.MAP_OF: _map,
}
