"""What is known between two statements, how branches meet again, and what was returned.

A body is executed with expressions for values. A branch forks the flow; where it meets the other
again, each variable is a choice between the two. An early `return` leaves a leaf in the tree of
results, and the statements that follow count only where the flow is still alive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from checker.ir.expr import Expr, Span
from checker.ir.model import Clause, ClauseKind
from checker.ir.types import Type
from checker.lang.errors import SpecError
from checker.lang.lower.build import (
    FALSE,
    TRUE,
    choice,
    conjunction,
    disjunction,
    negation,
)
from checker.lang.lower.check import unified
from checker.lang.lower.defined import NOTHING_KNOWN, Facts, is_defined
from checker.lang.lower.place import Body, Context, Local, Place, View
from checker.lang.lower.types import describe, is_within


@dataclass(frozen=True, slots=True)
class Open:
    """The flow goes on here."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The body ended here: with this value, if any, and these values of the variables."""

    value: Expr | None
    values: Mapping[str, Expr]


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One of two results, as the test says."""

    test: Expr
    then: Tree
    otherwise: Tree


Tree: TypeAlias = Open | Returned | Branch
OPEN = Open()


def continued(tree: Tree, following: Tree) -> Tree:
    """The tree with another at every place where the flow goes on."""
    done: dict[int, Tree] = {}

    def walk(part: Tree) -> Tree:
        if isinstance(part, Open):
            return following
        if isinstance(part, Returned):
            return part
        if id(part) not in done:
            done[id(part)] = Branch(part.test, walk(part.then), walk(part.otherwise))
        return done[id(part)]

    return walk(tree)


def settled(tree: Tree, leaf: Callable[[Returned], Expr]) -> Expr:
    """The tree as one expression, from what each leaf gives."""
    done: dict[int, Expr] = {}

    def walk(part: Tree) -> Expr:
        assert not isinstance(part, Open), "a path that does not end"
        if isinstance(part, Returned):
            return leaf(part)
        if id(part) not in done:
            both = unified(walk(part.then), walk(part.otherwise))
            assert both is not None, "results of different types"
            done[id(part)] = choice(part.test, *both)
        return done[id(part)]

    return walk(tree)


@dataclass(frozen=True, slots=True)
class Flow:
    """The values of variables and locals, and the condition under which this point is reached."""

    values: Mapping[str, Expr]
    locals: Mapping[str, Local]
    path: Expr = TRUE
    unsure: frozenset[str] = frozenset()
    ended: bool = False
    """Whether every path that leads here has returned."""
    result: Tree = OPEN
    facts: Facts = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class Run:
    """One body being executed. `clauses` collects the conditions of the step, in order."""

    context: Context
    body: Body
    state: str | None
    """The name of the state that the body may change, if it has one."""
    views: Mapping[str, View]
    clauses: list[Clause] = field(default_factory=list)

    def place(self, flow: Flow) -> Place:
        """Where the next statement's expressions stand."""
        views = dict(self.views)
        if self.state is not None:
            views[self.state] = View(flow.values)
        return Place(self.context, self.body, views, flow.locals, flow.unsure, flow.facts)

    def evaluate(self, flow: Flow, expr: Expr, span: Span) -> Flow:
        """The flow once Python has evaluated `expr`, which must have a value."""
        if not is_defined(expr, flow.facts):
            self._add(flow, ClauseKind.DEFINED, expr, span)
        return replace(flow, facts=flow.facts.and_defined(expr))

    def require(self, flow: Flow, expr: Expr, span: Span) -> Flow:
        """The flow once `expr` was found to be true."""
        if expr is not TRUE:
            self._add(flow, ClauseKind.REQUIRE, expr, span)
        return replace(flow, facts=flow.facts.and_defined(expr))

    def assign(self, flow: Flow, expr: Expr, domain: Type, span: Span) -> Flow:
        """The flow once `expr` was found to lie in the domain of what it is assigned to."""
        if is_within(flow.facts.type_of(expr), domain):
            return self.evaluate(flow, expr, span)
        self._add(flow, ClauseKind.WITHIN, expr, span, domain)
        return replace(flow, facts=flow.facts.and_defined(expr).and_within(expr, domain))

    def _add(
        self, flow: Flow, kind: ClauseKind, expr: Expr, span: Span, domain: Type | None = None
    ) -> None:
        # What a setting turns off leaves nothing behind.
        if flow.path is not FALSE:
            self.clauses.append(Clause(kind, flow.path, expr, span, domain))


def on_branch(flow: Flow, test: Expr) -> Flow:
    """The flow where `test` is true, with a tree of results of its own."""
    return replace(flow, path=conjunction((flow.path, test)), result=OPEN)


def met(before: Flow, test: Expr, then: Flow, otherwise: Flow) -> Flow:
    """The flow after both branches of a test."""
    result = before.result
    if not (isinstance(then.result, Open) and isinstance(otherwise.result, Open)):
        result = continued(result, Branch(test, then.result, otherwise.result))
    if then.ended or otherwise.ended:
        alive = otherwise if then.ended else then
        return replace(alive, result=result, ended=then.ended and otherwise.ended)
    values = {
        name: choice(test, then.values[name], otherwise.values[name]) for name in before.values
    }
    locals, unsure = _locals(test, then, otherwise)
    whole = then.path is on_branch(before, test).path
    whole = whole and otherwise.path is on_branch(before, negation(test)).path
    return Flow(
        values=values,
        locals=locals,
        path=before.path if whole else disjunction((then.path, otherwise.path)),
        unsure=unsure,
        result=result,
        facts=_facts(test, then, otherwise).and_known(
            [*values.values(), *(local.expr for local in locals.values())]
        ),
    )


def _facts(test: Expr, then: Flow, otherwise: Flow) -> Facts:
    if test is TRUE or test is FALSE:
        return then.facts if test is TRUE else otherwise.facts
    return then.facts.common(otherwise.facts)


def _locals(test: Expr, then: Flow, otherwise: Flow) -> tuple[dict[str, Local], frozenset[str]]:
    found: dict[str, Local] = {}
    missing = (set(then.locals) ^ set(otherwise.locals)) | then.unsure | otherwise.unsure
    for name, a in then.locals.items():
        b = otherwise.locals.get(name)
        if b is None or name in missing:
            continue
        both = unified(a.expr, b.expr)
        if both is None:
            message = f"`{name}` is {describe(a.expr.type)} on one path, "
            message += f"{describe(b.expr.type)} on another"
            raise SpecError("S092", message, b.span, "use two names")
        found[name] = a if a.expr is b.expr else Local(choice(test, *both), b.span)
    return found, frozenset(missing)
