"""What settles a condition: it is followed the way Python evaluates it, down to its atoms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from checker.ir.expr import Expr, Value, body, generators, node
from checker.ir.ops import Op
from checker.ir.types import BOOL, Type
from counterexamples.brief import brief
from counterexamples.why.answer import Witness
from counterexamples.why.words import Scene, about_missing, choices, depends, name_of

FEW: Final = 3
"""So many elements are told one by one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An element was chosen."""

    witness: Witness


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition, or a value, that settles a part."""

    expr: Expr
    truth: bool
    scene: Scene


@dataclass(frozen=True, slots=True)
class Failing:
    """The smallest part so far that fails as a whole."""

    expr: Expr


Reason: TypeAlias = Chosen | Atom | Failing


def reasons(expr: Expr, truth: bool, scene: Scene) -> Iterator[Reason]:
    """What makes a condition true, or false: the parts that settle it, as Python meets them."""
    match expr.op, truth:
        case Op.NOT, _:
            yield Failing(expr)
            yield from reasons(expr.args[0], not truth, scene)
        case (Op.AND, False) | (Op.OR, True):
            settles = next(arg for arg in expr.args if scene.value(arg) is truth)
            yield Failing(expr)
            yield from reasons(settles, truth, scene)
        case (Op.AND, True) | (Op.OR, False):
            yield Failing(expr)
            for arg in expr.args:
                yield from without_mark(reasons(arg, truth, scene))
        case Op.ITE, _:
            test, then, otherwise = expr.args
            holds = scene.value(test)
            yield Failing(expr)
            yield from without_mark(reasons(test, holds, scene))
            yield from reasons(then if holds else otherwise, truth, scene)
        case (Op.ALL, False) | (Op.ANY, True):
            yield Failing(expr)
            yield from _of_witness(expr, truth, scene)
        case (Op.ALL, True) | (Op.ANY, False):
            yield Failing(expr)
            yield from without_mark(_of_all(expr, truth, scene))
        case Op.LT | Op.LE | Op.EQ, _:
            yield Failing(expr)
            yield Atom(expr, truth, scene)
            for arg in expr.args:
                yield from _of_counted(arg, scene)
        case _:
            yield Failing(expr)
            yield Atom(expr, truth, scene)


def _of_witness(expr: Expr, truth: bool, scene: Scene) -> Iterator[Reason]:
    """The first element that settles a quantifier, why it is gone through, and why it settles."""
    chosen = next(one for one in choices(expr, scene) if one.value(body(expr)) is truth)
    for generator in generators(expr):
        value = chosen.locals[generator.name]
        yield Chosen(Witness(name_of(generator.name), brief(generator.type, value)))
    for generator in generators(expr):
        value = chosen.locals[generator.name]
        yield from _is_met(generator.source, generator.type, value, chosen)
        if generator.condition.op is not Op.CONST:
            yield from without_mark(reasons(generator.condition, True, chosen))
    yield from reasons(body(expr), truth, chosen)


def _of_all(expr: Expr, truth: bool, scene: Scene) -> Iterator[Reason]:
    """Why a quantifier holds for all of a few elements; of many, that it does."""
    found = list(islice(choices(expr, scene), FEW + 1))
    is_missing = expr.op is Op.ANY and about_missing(expr, scene)
    if is_missing or not 0 < len(found) <= FEW:
        yield Atom(expr, truth, scene)
        return
    for generator in generators(expr):
        if scene.closed(generator.source) and depends(generator.source):
            yield Atom(generator.source, True, scene)
    for one in found:
        yield from reasons(body(expr), truth, one)


def _of_counted(expr: Expr, scene: Scene) -> Iterator[Chosen | Atom]:
    """What was counted, and why it counts, if an operand is a count of a few."""
    if expr.op is not Op.SUM or body(expr).data != 1:
        return
    found = list(islice(choices(expr, scene), FEW + 1))
    if len(found) > FEW:
        return
    for generator in generators(expr):
        values = ", ".join(brief(generator.type, one.locals[generator.name]) for one in found)
        yield Chosen(Witness(name_of(generator.name), values))
        for one in found if generator.condition.op is not Op.CONST else ():
            met = reasons(generator.condition, True, one)
            yield from (item for item in met if isinstance(item, Atom))


def _is_met(source: Expr, type: Type, value: Value, scene: Scene) -> Iterator[Atom]:
    """Why an element is among those gone through, if that depends on the state."""
    element = node(Op.CONST, (), type, value)
    if source.op is Op.RANGE:
        yield Atom(node(Op.LT, (element, source.args[1]), BOOL), True, scene)
    elif source.op is not Op.DOMAIN:
        yield Atom(node(Op.CONTAINS, (source, element), BOOL), True, scene)


def without_mark(found: Iterator[Reason]) -> Iterator[Chosen | Atom]:
    """What is left if nothing of it is to be underlined."""
    return (item for item in found if not isinstance(item, Failing))
