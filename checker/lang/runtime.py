"""What is active while a spec runs as plain Python: the scope, and the signal of a false guard.

The scope is the one thing that is global here, and it is global in a context variable: a sort
has as many members as the scope of the run that is going on says, and none outside a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar

T = TypeVar("T")

_SCOPE: Final[ContextVar[Mapping[str, int] | None]] = ContextVar("scope", default=None)


class NotEnabled(Exception):
    """A `require` did not hold: the action is disabled in this state."""


class NotInitial(Exception):
    """An `assume` did not hold: this is no initial state."""


class NoneUsed(TypeError):
    """`None` was used where a value is needed."""


def require(*conditions: bool) -> None:
    """The action is enabled only where all conditions hold, in the order given."""
    if not all(conditions):
        raise NotEnabled


def assume(*conditions: bool) -> None:
    """Only states in which all conditions hold are initial. Stands in a method with `@init`."""
    if not all(conditions):
        raise NotInitial


def some(value: T | None) -> T:
    """The value of an optional that is known not to be `None`; undefined if it is."""
    if value is None:
        raise NoneUsed("some(None) has no value")
    return value


def active_scope() -> Mapping[str, int] | None:
    """The scope of the run that is going on in this context, or `None` outside a run."""
    return _SCOPE.get()


@contextmanager
def scope_of_run(scope: Mapping[str, int]) -> Iterator[None]:
    """A run with this scope is going on inside the `with` block."""
    token = _SCOPE.set(scope)
    try:
        yield
    finally:
        _SCOPE.reset(token)
