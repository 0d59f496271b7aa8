"""A model: a spec with its scope and settings fixed, as data.

What a step does is decided by the *clauses* of its action, in order: the first clause that fails
settles the outcome (disabled, cut, or undefined); if none fails, every variable named in
`updates` takes its new value at once. Clauses and updates speak of the state before the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from checker.ir.expr import Expr, Span
from checker.ir.types import Type


class ClauseKind(Enum):
    """What it means for a clause to fail."""

    REQUIRE = "require"
    """`expr` is false: the step is disabled."""
    DEFINED = "defined"
    """`expr` has no value: the step is undefined."""
    WITHIN = "within"
    """The value of `expr` is outside `domain`: the step is cut, or undefined for a fixed bound."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a step; it counts only where `path` is true.

    In every kind, an `expr` without a value makes the step undefined. `path` itself always has a
    value where it is reached: earlier clauses see to that.
    """

    kind: ClauseKind
    path: Expr
    expr: Expr
    span: Span
    domain: Type | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One named part of the state, with its initial value as a closed expression."""

    name: str
    type: Type
    initial: Expr
    doc: str
    span: Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action: the bound name in the IR, the name to show, its finite type.

    `drawn_from`, if given, is a set expression over the state (and earlier parameters): the action
    begins by requiring that the parameter is a member, so only members need be tried.
    """

    local: str
    name: str
    type: Type
    drawn_from: Expr | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A named, parameterised atomic step schema."""

    name: str
    parameters: tuple[Parameter, ...]
    clauses: tuple[Clause, ...]
    updates: tuple[tuple[str, Expr], ...]
    doc: str
    span: Span
    budget: str | None = None


class PropertyKind(Enum):
    """How a property is judged."""

    INVARIANT = "invariant"
    STEP_INVARIANT = "step_invariant"
    REACHABLE = "reachable"


@dataclass(frozen=True, slots=True)
class Property:
    """A Boolean expression over a state, or over the states before and after a step."""

    name: str
    kind: PropertyKind
    expr: Expr
    doc: str
    span: Span


@dataclass(frozen=True, slots=True)
class Init:
    """Which states are initial, where initial values do not say so.

    Those in which every variable that is not `unknown` has its initial value, no clause fails (of
    the kinds `REQUIRE` and `DEFINED`, as of an action), and all that is `assumed` is true: an
    invariant that has no value is not true. `name` is empty if the spec itself does not say it.
    """

    name: str
    unknown: tuple[str, ...]
    clauses: tuple[Clause, ...]
    assumed: tuple[Property, ...] = ()
    file: str | None = None
    """Where some of the clauses come from, if not from the spec."""


@dataclass(frozen=True, slots=True)
class Model:
    """A spec with its scope and settings fixed. `settings` are shown as a user writes them.

    Without `init` there is one initial state: that of the initial values.
    """

    name: str
    settings: Mapping[str, str]
    scope: Mapping[str, int]
    variables: tuple[Variable, ...]
    actions: tuple[Action, ...]
    properties: tuple[Property, ...]
    init: Init | None = None

    def action(self, name: str) -> Action:
        """The action of that name; `KeyError` if there is none."""
        return {action.name: action for action in self.actions}[name]

    def variable(self, name: str) -> Variable:
        """The variable of that name; `KeyError` if there is none."""
        return {variable.name: variable for variable in self.variables}[name]
