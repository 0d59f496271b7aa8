"""What an audit asks of a model: conditions that some state ought to make true, or false.

A condition that no state ever makes true (or false) says nothing, however well everything holds.
Each is asked where it is evaluated: after the conditions before it, for the members that it is
evaluated for. So a question is a goal, an expression over the state, and any engine can judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TypeAlias

from checker.audit.places import COMPARISONS
from checker.ir.build import TRUE, and_, domain, le, local, not_, or_
from checker.ir.build import const as constant
from checker.ir.expr import Binders, Expr, Generator, Span, body, generators, node
from checker.ir.model import Action, Clause, ClauseKind, Model, Parameter, Property, PropertyKind
from checker.ir.ops import BINDERS, Op
from checker.ir.types import BOOL, IntType

Within: TypeAlias = Callable[[Expr], Expr]
"""From a condition to the goal that it is evaluated somewhere, and true there."""


class Role(Enum):
    """What a condition is for."""

    GUARD = "guard"
    BRANCH = "branch"
    PREMISE = "premise"
    ALTERNATIVE = "alternative"
    """Left of an `or`: what stands right of it counts only where this one is false."""
    SOURCE = "source"
    """What a property goes through: true where there is something."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a condition is ever true, and whether it is ever false, where it is evaluated.

    `owner` is the action or property that it stands in, `home` where that stands; `asked` is the
    condition and `span` its place. `is_false` is `None` for a guard that says what a parameter is
    drawn from: only members are tried. `of_step`: the goals speak of a step.
    """

    role: Role
    owner: str
    home: Span
    asked: Expr
    span: Span
    is_true: Expr
    is_false: Expr | None
    of_step: bool = False
    ends_action: bool = False
    """Whether the action never happens where the condition is never true."""


def questions(model: Model, lift: Set[str] = frozenset()) -> tuple[Question, ...]:
    """All that is asked of a model, in source order: of its actions, then of its properties.

    Where these bounds of the scope are lifted, they do not keep a step from going on.
    """
    of_actions = (found for action in model.actions for found in _of_action(action, lift))
    of_properties = (found for judged in model.properties for found in _of_property(judged))
    return (*of_actions, *of_properties)


def goal(name: str, expr: Expr, of_step: bool) -> Property:
    """A property that speaks up where the goal is met: reached, or for a step violated."""
    if of_step:
        return Property(name, PropertyKind.STEP_INVARIANT, not_(expr), "", expr.span)
    return Property(name, PropertyKind.REACHABLE, expr, "", expr.span)


def _of_action(action: Action, lift: Set[str]) -> Iterator[Question]:
    """Its guards in order, then the branches of what it does."""
    where = _Where(action)
    passed: list[Expr] = []
    for clause in action.clauses:
        if clause.kind is ClauseKind.REQUIRE and clause.expr.op is Op.CONST:
            # A setting switches the action off, or a part of it: nothing is wrong with that.
            if clause.path is TRUE:
                return
        elif clause.kind is ClauseKind.REQUIRE:
            yield _guard(action, clause, where.after((*passed, clause.path)))
        passed += _passes(clause, lift)
    yield from _branches(action, where.after(passed))


def _guard(action: Action, clause: Clause, where: Within) -> Question:
    is_draw = _is_draw(action, clause.expr)
    return Question(
        role=Role.GUARD,
        owner=action.name,
        home=action.span,
        asked=clause.expr,
        span=clause.span,
        is_true=where(clause.expr),
        is_false=None if is_draw else where(not_(clause.expr)),
        ends_action=clause.path is TRUE,
    )


def _is_draw(action: Action, expr: Expr) -> bool:
    """Whether a condition says no more than where a parameter is drawn from."""
    if expr.op is not Op.CONTAINS or expr.args[1].op is not Op.LOCAL:
        return False
    return any(
        parameter.local == expr.args[1].data and parameter.drawn_from is expr.args[0]
        for parameter in action.parameters
    )


def _passes(clause: Clause, lift: Set[str]) -> Iterator[Expr]:
    """What is true where the step goes on after a clause; less is said where that is long.

    Less is safe: what is never met after fewer conditions is never met after all of them.
    """
    match clause.kind, clause.domain:
        case ClauseKind.REQUIRE, _:
            passed = clause.expr
        case ClauseKind.WITHIN, IntType(int(low), int(high), scope):
            passed = le(constant(low), clause.expr)
            if scope not in lift:
                passed = and_(passed, le(clause.expr, constant(high)))
        case _:
            return
    yield passed if clause.path is TRUE else or_(not_(clause.path), passed)


class _Where:
    """Where an action is tried: for some arguments. Its parameters get names of their own."""

    def __init__(self, action: Action) -> None:
        self._names = {p.local: local(f"some {p.local}", p.type) for p in action.parameters}
        self._done: dict[Expr, Expr] = {}
        self._drawn = tuple(map(self._generator, action.parameters))

    def after(self, before: Sequence[Expr]) -> Within:
        """Where these conditions are true."""
        renamed = tuple(map(self._renamed, before))
        return lambda inner: _some(self._drawn, _all((*renamed, self._renamed(inner))))

    def _generator(self, parameter: Parameter) -> Generator:
        name = str(self._names[parameter.local].data)
        source = parameter.drawn_from
        found = domain(parameter.type) if source is None else self._renamed(source)
        return Generator(name, parameter.type, found, TRUE)

    def _renamed(self, expr: Expr) -> Expr:
        done = self._done
        stack = [expr]
        while stack:
            part = stack[-1]
            missing = [arg for arg in part.args if arg not in done]
            stack += missing
            if not missing:
                done[stack.pop()] = self._with_new_names(part)
        return done[expr]

    def _with_new_names(self, part: Expr) -> Expr:
        if part.op is Op.LOCAL:
            return self._names.get(str(part.data), part)
        args = tuple(self._done[arg] for arg in part.args)
        return node(part.op, args, part.type, part.data, part.span)


def _branches(action: Action, where: Within) -> Iterator[Question]:
    """The tests that decide what a step does; each once, wherever it decides something."""
    met: dict[Expr, dict[Expr, None]] = {}
    for test, path in _tests(expr for _, expr in action.updates):
        met.setdefault(test, {})[_all(path)] = None
    for test, paths in met.items():
        come = TRUE if TRUE in paths else _any(tuple(paths))
        yield Question(
            role=Role.BRANCH,
            owner=action.name,
            home=action.span,
            asked=test,
            span=test.span,
            is_true=where(_all((come, test))),
            is_false=where(_all((come, not_(test)))),
        )


def _tests(exprs: Iterable[Expr]) -> Iterator[tuple[Expr, tuple[Expr, ...]]]:
    """The tests of some expressions, each with what is true where it is evaluated."""
    start: tuple[Expr, ...] = ()
    stack = [(expr, start) for expr in exprs][::-1]
    seen = set[tuple[Expr, tuple[Expr, ...]]]()
    while stack:
        expr, path = stack.pop()
        # What is asked of members, or only in some states, decides no branch by itself.
        if (expr, path) in seen or expr.op in BINDERS or expr.op in (Op.AND, Op.OR):
            continue
        seen.add((expr, path))
        if expr.op is Op.ITE:
            test, then, otherwise = expr.args
            yield test, path
            stack += [(otherwise, (*path, not_(test))), (then, (*path, test))]
        else:
            stack += [(part, path) for part in reversed(expr.args)]


def _of_property(judged: Property) -> Iterator[Question]:
    if judged.kind is PropertyKind.REACHABLE:
        return
    of_step = judged.kind is PropertyKind.STEP_INVARIANT
    for found in _Premises(judged).of(judged.expr, lambda inner: inner, True):
        yield replace(found, of_step=of_step)


@dataclass(frozen=True, slots=True)
class _Premises:
    """Walks a property along what makes it true without having said anything."""

    judged: Property

    def of(self, expr: Expr, where: Within, positive: bool) -> Iterator[Question]:
        """The questions of an expression that must be true, or (not `positive`) false."""
        match expr.op:
            case Op.NOT:
                yield from self.of(expr.args[0], where, not positive)
            case Op.AND | Op.OR:
                yield from self._of_junction(expr, where, positive)
            case Op.ITE:
                test, then, otherwise = expr.args
                yield self._asks(Role.BRANCH, test, where(test), where(not_(test)))
                yield from self.of(then, partial(_after, where, test), positive)
                yield from self.of(otherwise, partial(_after, where, not_(test)), positive)
            case Op.ALL if positive:
                yield from self._of_binder(expr, where, positive)
            case Op.ANY if not positive:
                yield from self._of_binder(expr, where, positive)
            case _:
                return

    def _of_junction(self, expr: Expr, where: Within, positive: bool) -> Iterator[Question]:
        """`not P or Q`, and `not (P and Q)`: Q counts only where P is true."""
        is_and = expr.op is Op.AND
        goes_on = (lambda part: part) if is_and else not_
        for number, part in enumerate(expr.args):
            is_last = number == len(expr.args) - 1
            if is_and is positive or is_last:
                yield from self.of(part, where, positive)
            else:
                yield self._premise(part, where, is_and)
            where = partial(_after, where, goes_on(part))

    def _premise(self, part: Expr, where: Within, wanted: bool) -> Question:
        """That a part is true, or (not `wanted`) false, so that what comes after it counts."""
        if part.op is Op.NOT and part.args[0].op not in COMPARISONS:
            return self._premise(part.args[0], where, not wanted)
        role = Role.PREMISE if wanted else Role.ALTERNATIVE
        return self._asks(role, part, where(part), where(not_(part)))

    def _of_binder(self, expr: Expr, where: Within, positive: bool) -> Iterator[Question]:
        drawn: tuple[Generator, ...] = ()
        for found in generators(expr):
            open = (*drawn, replace(found, condition=TRUE))
            inside = partial(_inside, where, drawn)
            if found.source.op not in (Op.DOMAIN, Op.CONST):
                some = _some((open[-1],), TRUE)
                yield self._asks(Role.SOURCE, found.source, inside(some), inside(not_(some)))
            within = partial(_inside, where, open)
            # Several `if`s of one `for` are one condition, that stands nowhere.
            for condition in _conjuncts(found.condition):
                yield self._premise(condition, within, True)
                within = partial(_after, within, condition)
            drawn = (*drawn, found)
        yield from self.of(body(expr), partial(_inside, where, drawn), positive)

    def _asks(self, role: Role, asked: Expr, is_true: Expr, is_false: Expr) -> Question:
        judged = self.judged
        return Question(role, judged.name, judged.span, asked, asked.span, is_true, is_false)


def _conjuncts(expr: Expr) -> tuple[Expr, ...]:
    if expr is TRUE:
        return ()
    return expr.args if expr.op is Op.AND else (expr,)


def _inside(where: Within, drawn: Sequence[Generator], inner: Expr) -> Expr:
    return where(_some(drawn, inner))


def _after(where: Within, passed: Expr, inner: Expr) -> Expr:
    return where(_all((passed, inner)))


def _some(drawn: Sequence[Generator], inner: Expr) -> Expr:
    """That there are members for which a condition is true."""
    if not drawn:
        return inner
    bound = Binders(tuple(each.name for each in drawn), tuple(each.type for each in drawn))
    parts = (part for each in drawn for part in (each.source, each.condition))
    return node(Op.ANY, (*parts, inner), BOOL, bound)


def _all(parts: Sequence[Expr]) -> Expr:
    kept = tuple(part for part in parts if part is not TRUE)
    return and_(*kept) if len(kept) > 1 else (kept[0] if kept else TRUE)


def _any(parts: Sequence[Expr]) -> Expr:
    return or_(*parts) if len(parts) > 1 else parts[0]
