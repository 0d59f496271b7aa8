"""Which expression has no value at the end of a trace, and what it was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checker.ir.expr import Expr, Value, body, default, generators
from checker.ir.model import Action, ClauseKind
from checker.ir.ops import BINDERS, Op
from checker.semantics.undefined import Undefined
from counterexamples.why.words import Scene, choices


def culprit(expr: Expr, scene: Scene) -> tuple[Expr, Scene] | None:
    """The innermost expression that has no value though all that it was given has one.

    Arguments are asked in the order in which Python evaluates them; `None` if there is a value.
    """
    for inner, where in _given(expr, scene):
        found = culprit(inner, where)
        if found is not None:
            return found
    return None if _has_value(expr, scene) else (expr, scene)


def _has_value(expr: Expr, scene: Scene) -> bool:
    try:
        scene.value(expr)
    except Undefined:
        return False
    return True


def _given(expr: Expr, scene: Scene) -> Iterator[tuple[Expr, Scene]]:
    """What is evaluated for an expression, with what is bound there; never what Python skips."""
    match expr.op:
        case Op.AND | Op.OR:
            for arg in expr.args:
                yield arg, scene
                if scene.value(arg) is (expr.op is Op.OR):
                    return
        case Op.ITE:
            test, then, otherwise = expr.args
            yield test, scene
            yield then if scene.value(test) else otherwise, scene
        case Op.MAP_OF:
            return
        case op if op in BINDERS:
            yield from _in_binder(expr, scene)
        case _:
            for arg in expr.args:
                yield arg, scene


def _in_binder(expr: Expr, scene: Scene) -> Iterator[tuple[Expr, Scene]]:
    """What a binder evaluates: its default, and its body for each choice until it is settled."""
    otherwise = default(expr)
    if otherwise is not None:
        yield otherwise, scene
    first = generators(expr)[0]
    yield first.source, scene
    for chosen in choices(expr, scene):
        yield body(expr), chosen
        if expr.op in (Op.ALL, Op.ANY) and chosen.value(body(expr)) is (expr.op is Op.ANY):
            return


def failing_clause(
    action: Action, given: Mapping[str, Value], scene: Scene
) -> tuple[Expr, Scene] | None:
    """The expression without a value that makes a step undefined, if it is not a left domain."""
    bound = replace(scene, locals={**scene.locals, **given})
    for clause in action.clauses:
        if not bound.value(clause.path):
            continue
        found = culprit(clause.expr, bound)
        if found is not None:
            return found
        if clause.kind is ClauseKind.REQUIRE and not bound.value(clause.expr):
            return None
    return None
