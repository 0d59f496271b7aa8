"""What a search for initial states answers: plain data, which needs no solver to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from checker.ir.expr import Span
from checker.ir.values import State

Progress = Callable[[int], None]
"""Called with how many initial states were found so far."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many states to look for, the clock's time at which to stop, the solver's memory."""

    most: int
    deadline: float
    megabytes: int


@dataclass(frozen=True, slots=True)
class Solutions:
    """All initial states, in the order of their values."""

    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class NoSolution:
    """No state satisfies what is assumed: these clauses, and these invariants, contradict."""

    clauses: tuple[int, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoValue:
    """A clause has no value in a state of the domains in which those before it hold."""

    state: State
    message: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class TooMany:
    """There are more than were wanted."""

    most: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The time was up (`timeout`), or the solver gave up, in its own words."""

    found: int
    reason: str


Found: TypeAlias = Solutions | NoSolution | NoValue | TooMany | Unfinished
