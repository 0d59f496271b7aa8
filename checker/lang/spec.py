"""`Spec` and its decorators: what a protocol's class is written with.

A decorator leaves the function as it is and puts a mark on it, which `declare` reads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, overload

from checker.ir.model import PropertyKind
from checker.lang.domains import Scope

F = TypeVar("F", bound=Callable[..., object])
P = TypeVar("P", bound=Callable[..., bool])

MARKS: Final = "__splitbrain_marks__"


class Spec:
    """A protocol: annotated attributes are its variables and settings, methods its actions.

    `scope` gives the default bounds; with `abstract = True` in its own body a class is only a
    base for others.
    """

    scope: ClassVar[Scope] = Scope()
    abstract: ClassVar[bool] = False


def classes_of(spec: type[Spec]) -> list[type]:
    """The classes that make a spec, base first, without Python's own and ours."""
    foreign = ("builtins", "abc", "typing")
    return [c for c in reversed(spec.__mro__) if c is not Spec and c.__module__ not in foreign]


@dataclass(frozen=True, slots=True)
class ActionMark:
    """The function is an action, which a budget may bound."""

    budget: str | None


@dataclass(frozen=True, slots=True)
class PropertyMark:
    """The function is a property of this kind."""

    kind: PropertyKind


@dataclass(frozen=True, slots=True)
class InitMark:
    """The function says which states are initial; `unknown` are variables, all if none is named."""

    unknown: tuple[str, ...]


Mark: TypeAlias = ActionMark | PropertyMark | InitMark


def marks_of(function: object) -> tuple[Mark, ...]:
    """The marks that decorators put on a function, innermost first."""
    found: Any = getattr(function, "__dict__", {}).get(MARKS, ())
    return tuple(found)


def _mark(function: F, mark: Mark) -> F:
    function.__dict__[MARKS] = (*marks_of(function), mark)
    return function


@overload
def action(function: F, /) -> F: ...
@overload
def action(*, budget: str | None = None) -> Callable[[F], F]: ...
def action(function: F | None = None, /, *, budget: str | None = None) -> F | Callable[[F], F]:
    """The method is an action: an atomic step that may be taken where its `require`s hold.

    `budget` names a scope entry: how often this action (and others of the same budget) may happen.
    """
    if function is not None:
        return _mark(function, ActionMark(None))
    return lambda decorated: _mark(decorated, ActionMark(budget))


@overload
def init(function: F, /) -> F: ...
@overload
def init(*unknown: str) -> Callable[[F], F]: ...
def init(*given: F | str) -> F | Callable[[F], F]:
    """The method says by `assume(…)` in which states a behaviour may start.

    All variables are unknown: whatever values satisfy the assumptions, they may start with. With
    names, `@init("log", "epoch")`, only these are; the others start with their initial values.
    """
    if len(given) == 1 and not isinstance(given[0], str):
        return _mark(given[0], InitMark(()))
    names = tuple(name for name in given if isinstance(name, str))
    return lambda decorated: _mark(decorated, InitMark(names))


def invariant(function: P) -> P:
    """The property must be true in every reachable state."""
    return _mark(function, PropertyMark(PropertyKind.INVARIANT))


def step_invariant(function: P) -> P:
    """The property must be true of every step: of the state before and the state after."""
    return _mark(function, PropertyMark(PropertyKind.STEP_INVARIANT))


def reachable(function: P) -> P:
    """The property must be true in some reachable state, else the model is vacuous."""
    return _mark(function, PropertyMark(PropertyKind.REACHABLE))
