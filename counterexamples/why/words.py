"""Expressions in words: places with their keys as values, and what is true or false of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from checker.ir.expr import Binders, Expr, Value, body, generators, node, postorder
from checker.ir.ops import Op
from checker.ir.types import RecordType, SetType, TupleType
from checker.ir.values import in_order
from checker.semantics.evaluate import Environment, evaluate
from checker.semantics.undefined import Undefined
from counterexamples.brief import brief, record_name
from counterexamples.drawing.roles import FIELD_FOR_NAME
from counterexamples.why.source import Source

INFIX: Final[Mapping[Op, str]] = {
    Op.EQ: "==", Op.LT: "<", Op.LE: "<=", Op.ADD: "+", Op.SUB: "-", Op.MUL: "*",
    Op.FLOORDIV: "//", Op.MOD: "%", Op.UNION: "|", Op.INTERSECTION: "&", Op.DIFFERENCE: "-",
    Op.SUBSET: "<=", Op.CONCAT: "+",
}  # fmt: skip
CALLS: Final[Mapping[Op, str]] = {
    Op.LENGTH: "len", Op.SIZE: "len", Op.MIN: "min", Op.MAX: "max", Op.RANGE: "range",
}  # fmt: skip
BINDER_NAMES: Final[Mapping[Op, str]] = {
    Op.ALL: "all", Op.ANY: "any", Op.SUM: "sum", Op.LEAST: "min", Op.GREATEST: "max",
    Op.FIRST: "next", Op.SET_OF: "frozenset", Op.TUPLE_OF: "tuple",
}  # fmt: skip
PATHS: Final = frozenset(
    {Op.VARIABLE, Op.NEXT, Op.LOCAL, Op.CONST, Op.SELECT, Op.INDEX, Op.FIELD, Op.UNWRAP, Op.SOME}
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an expression is looked at: its source, the state (or step), and what is bound.

    `views` are what a step invariant calls the state before and after; else they are empty.
    """

    source: Source | None
    before: Mapping[str, Value]
    after: Mapping[str, Value] | None
    locals: Mapping[str, Value]
    views: tuple[str, str] = ("", "")

    def value(self, expr: Expr) -> Any:
        """The value of an expression; raises `Undefined` if it has none."""
        # A fresh memo: expressions made for a moment may get the identity of earlier ones.
        return evaluate(expr, Environment(self.before, self.after, self.locals))

    def bind(self, name: str, value: Value) -> Scene:
        """The same scene, with one more name bound."""
        return replace(self, locals={**self.locals, name: value})

    def closed(self, expr: Expr) -> bool:
        """Whether all names in an expression are bound, here or inside it."""
        bound = {n for part in postorder((expr,)) for n in _names(part)} | set(self.locals)
        return all(p.data in bound for p in postorder((expr,)) if p.op is Op.LOCAL)


def _names(expr: Expr) -> tuple[str, ...]:
    return expr.data.names if isinstance(expr.data, Binders) else ()


def choices(expr: Expr, scene: Scene) -> Iterator[Scene]:
    """A scene for each choice of a binder's names that meets its conditions, in order."""
    scenes: Iterator[Scene] = iter((scene,))
    for generator in generators(expr):
        scenes = _bound(scenes, generator.name, generator.source, generator.condition)
    return scenes


def _bound(scenes: Iterator[Scene], name: str, source: Expr, condition: Expr) -> Iterator[Scene]:
    for scene in scenes:
        items = scene.value(source)
        ordered = in_order(source.type, items) if isinstance(source.type, SetType) else items
        for item in ordered:
            chosen = scene.bind(name, item)
            if chosen.value(condition):
                yield chosen


def frozen(expr: Expr, scene: Scene) -> Expr:
    """The expression with bound names, and keys that depend on the state, as their values."""
    done: dict[int, Expr] = {}
    for part in postorder((expr,)):
        args = tuple(done[id(arg)] for arg in part.args)
        if part.op is Op.LOCAL and part.data in scene.locals:
            done[id(part)] = _constant(part, scene)
            continue
        if part.op in (Op.SELECT, Op.INDEX) and scene.closed(part.args[1]):
            args = (args[0], _constant(part.args[1], scene))
        done[id(part)] = node(part.op, args, part.type, part.data, part.span)
    return done[id(expr)]


def _constant(expr: Expr, scene: Scene) -> Expr:
    try:
        return node(Op.CONST, (), expr.type, scene.value(expr), expr.span)
    except Undefined:  # it stands where nobody looked
        return expr


def depends(expr: Expr) -> bool:
    """Whether an expression reads the state."""
    return any(part.op in (Op.VARIABLE, Op.NEXT) for part in postorder((expr,)))


def name_of(local: str) -> str:
    """A bound name as the source has it: lowering numbers them."""
    return local.rpartition(".")[0] or local


def words(expr: Expr, scene: Scene) -> str:
    """An expression as a reader would write it, with what is known in place of names."""
    called = _called(expr, scene)
    if called:
        return called
    match expr.op:
        case Op.CONST:
            return brief(expr.type, expr.data)
        case Op.VARIABLE | Op.NEXT:
            view = scene.views[expr.op is Op.NEXT]
            return f"{view}.{expr.data}" if view else str(expr.data)
        case Op.LOCAL:
            return _bound_value(expr, scene) or name_of(str(expr.data))
        case Op.SELECT | Op.INDEX:
            return f"{words(expr.args[0], scene)}[{_key(expr.args[1], scene)}]"
        case Op.FIELD:
            return f"{words(expr.args[0], scene)}.{expr.data}"
        case Op.UNWRAP | Op.SOME:
            return words(expr.args[0], scene)
        case Op.DOMAIN:
            return str(expr.data)
        case Op.CONTAINS:
            return f"{words(expr.args[1], scene)} in {words(expr.args[0], scene)}"
        case Op.IS_SOME:
            return f"{words(expr.args[0], scene)} is not None"
        case Op.SET:
            return f"{{{', '.join(_key(arg, scene) for arg in expr.args)}}}"
        case Op.NOT:
            return f"not {words(expr.args[0], scene)}"
        case Op.SLICE:
            items, *bounds = (words(arg, scene) for arg in expr.args)
            return f"{items}[{':'.join('' if bound == 'none' else bound for bound in bounds)}]"
        case Op.AND | Op.OR:
            return f" {expr.op.name.lower()} ".join(words(arg, scene) for arg in expr.args)
        case op if op in INFIX:
            return f" {INFIX[op]} ".join(words(arg, scene) for arg in expr.args)
        case op if op in BINDER_NAMES:
            return _binder(expr, scene)
        case op if op in CALLS:
            return f"{CALLS[op]}({', '.join(words(arg, scene) for arg in expr.args)})"
        case _:
            return _as_written(expr, scene)


def _called(expr: Expr, scene: Scene) -> str:
    """The call of a helper whose value it is: `counted_isr(b1)`."""
    if expr.op in PATHS or scene.source is None:
        return ""
    call = scene.source.call(expr)
    if call is None:
        return ""
    state, method, given = call
    view = f"{state}." if state in scene.views else ""
    return f"{view}{method}({', '.join(_key(argument, scene) for argument in given)})"


def _bound_value(expr: Expr, scene: Scene) -> str:
    name = str(expr.data)
    return brief(expr.type, scene.locals[name]) if name in scene.locals else ""


def _key(expr: Expr, scene: Scene) -> str:
    """A key or an argument: its value, if it has one here."""
    if scene.closed(expr):
        try:
            return brief(expr.type, scene.value(expr))
        except Undefined:
            pass
    return words(expr, scene)


def _binder(expr: Expr, scene: Scene) -> str:
    """A binder as Python has it, with what is known in place of names; a count is called one."""
    if expr.op is Op.SUM and body(expr).data == 1:
        names = (f"{name_of(g.name)} in {words(g.source, scene)}" for g in generators(expr))
        return f"count of {', '.join(names)}"
    parts = [words(body(expr), scene)]
    for generator in generators(expr):
        parts.append(f"for {name_of(generator.name)} in {words(generator.source, scene)}")
        if generator.condition.op is not Op.CONST:
            parts.append(f"if {words(generator.condition, scene)}")
    return f"{BINDER_NAMES[expr.op]}({' '.join(parts)})"


def _as_written(expr: Expr, scene: Scene) -> str:
    """An expression in the words of its source, if they are known."""
    source = scene.source
    piece = None if source is None else source.own(expr) or source.helper(expr)
    if piece is None:
        return f"{expr.op.name.lower()}(…)" if expr.args else expr.op.name.lower()
    return ast.unparse(piece.syntax)


def shown(expr: Expr, scene: Scene) -> str:
    """The value of an expression, in words; `undefined` if it has none."""
    try:
        return brief(expr.type, scene.value(expr))
    except Undefined:
        return "undefined"


def with_value(expr: Expr, scene: Scene) -> str:
    """An expression and its value beside it, unless it says its value itself."""
    said, value = words(expr, scene), shown(expr, scene)
    return said if said == value else f"{said} = {value}"


def sentence(expr: Expr, truth: bool, scene: Scene) -> str:
    """What it means here that a condition is true or false."""
    row = SENTENCES.get(expr.op)
    said = row(expr, truth, scene) if row is not None else None
    return said or f"{words(expr, scene)} is {'true' if truth else 'false'}"


def _is(expr: Expr, scene: Scene) -> str:
    return f"{words(expr, scene)} is {shown(expr, scene)}"


def _about_none(expr: Expr, truth: bool, scene: Scene) -> str:
    return _is(expr.args[0], scene)


def _equal(expr: Expr, truth: bool, scene: Scene) -> str:
    # A constant stands last: one speaks of what may be different.
    a, b = sorted(expr.args, key=lambda arg: not depends(frozen(arg, scene)))
    return _is(a, scene) if truth else f"{_is(a, scene)}, not {shown(b, scene)}"


RELATIONS: Final[Mapping[tuple[Op, bool], tuple[str, str]]] = {
    (Op.LT, True): ("less than", "more than"),
    (Op.LT, False): ("not less than", "not more than"),
    (Op.LE, True): ("at most", "at least"),
    (Op.LE, False): ("more than", "less than"),
}
"""What the left side is beside the right one, and the right one beside the left."""


def _ordered(expr: Expr, truth: bool, scene: Scene) -> str:
    """An integer beside a constant."""
    a, b = expr.args
    forwards, backwards = RELATIONS[expr.op, truth]
    if b.op is Op.LENGTH and not truth and expr.op is Op.LT:
        items = b.args[0]
        return f"{with_value(items, scene)} has nothing at {_key(a, scene)}"
    if not depends(frozen(a, scene)):
        a, b, forwards = b, a, backwards
    if scene.value(a) == scene.value(b):
        return _is(a, scene)
    return f"{_is(a, scene)}, {forwards} {shown(b, scene)}"


def compared(expr: Expr, truth: bool, scene: Scene) -> tuple[str, str]:
    """Two sides of a comparison that both depend on the state, a sentence for each."""
    a, b = expr.args
    if expr.op is Op.EQ:
        return _is(a, scene), (f"so is {words(b, scene)}" if truth else f"but {_is(b, scene)}")
    forwards, _ = RELATIONS[expr.op, truth]
    if scene.value(a) == scene.value(b):
        return _is(a, scene), f"and so is {words(b, scene)}"
    return f"{_is(a, scene)}, {forwards} {words(b, scene)}", _is(b, scene)


def _member(expr: Expr, truth: bool, scene: Scene) -> str:
    items, member = expr.args
    what, where = shown(member, scene), words(items, scene)
    return f"{what} is in {where}" if truth else f"{what} is not in {with_value(items, scene)}"


def _subset(expr: Expr, truth: bool, scene: Scene) -> str | None:
    a, b = expr.args
    assert isinstance(a.type, SetType)
    if truth:
        return f"{with_value(a, scene)} is part of {with_value(b, scene)}"
    missing = ", ".join(
        brief(a.type.of, m) for m in in_order(a.type, scene.value(a) - scene.value(b))
    )
    return f"{missing} is in {words(a, scene)}, but not in {with_value(b, scene)}"


def about_missing(expr: Expr, scene: Scene) -> Expr | None:
    """The name that is looked for, if a binder asks whether a sequence has a record of a name."""
    if len(generators(expr)) != 1:
        return None
    (generator,) = generators(expr)
    of_state = isinstance(generator.source.type, TupleType | SetType) and depends(generator.source)
    return _name_wanted(body(expr), generator.name) if of_state else None


def _none_of(expr: Expr, truth: bool, scene: Scene) -> str | None:
    """That nothing in a sequence or set fits: a record is missing from a log."""
    if truth or len(generators(expr)) != 1:
        return None
    (generator,) = generators(expr)
    where, wanted = with_value(generator.source, scene), about_missing(expr, scene)
    if wanted is not None:
        return f"{record_name(wanted.type, scene.value(wanted))} is missing from {where}"
    return f"no {name_of(generator.name)} in {where} has {words(body(expr), scene)}"


def _every(expr: Expr, truth: bool, scene: Scene) -> str | None:
    """That everything in a sequence or set fits."""
    if not truth or len(generators(expr)) != 1:
        return None
    (generator,) = generators(expr)
    where = with_value(generator.source, scene)
    return f"every {name_of(generator.name)} in {where} has {words(body(expr), scene)}"


def _name_wanted(test: Expr, local: str) -> Expr | None:
    """What the name of a record is compared with, if that is all there is to the test."""
    if test.op is not Op.EQ:
        return None
    for field, wanted in (test.args, test.args[::-1]):
        if field.op is Op.FIELD and field.data == FIELD_FOR_NAME:
            record = field.args[0]
            if record.op is Op.LOCAL and record.data == local:
                return wanted if isinstance(record.type, RecordType) else None
    return None


SENTENCES: Final[Mapping[Op, Callable[[Expr, bool, Scene], str | None]]] = {
    Op.IS_SOME: _about_none,
    Op.EQ: _equal,
    Op.LT: _ordered,
    Op.LE: _ordered,
    Op.CONTAINS: _member,
    Op.SUBSET: _subset,
    Op.ANY: _none_of,
    Op.ALL: _every,
}
