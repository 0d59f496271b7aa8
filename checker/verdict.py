"""Verdicts: types that cannot overstate.

Only a complete search makes `Holds` or `Unreached`; a stopped or bounded one makes
`Undetermined`. What was found carries the trace that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from checker.trace import Ending, Trace


@dataclass(frozen=True, slots=True)
class Complete:
    """A search that visited every reachable state within its scope."""

    states: int
    diameter: int


@dataclass(frozen=True, slots=True)
class Partial:
    """A search that did not: how far it went, and why no further."""

    states: int
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class Bounded:
    """A search of all paths of so many steps or fewer, and of no longer ones."""

    level: int


Search: TypeAlias = Complete | Partial | Bounded


@dataclass(frozen=True, slots=True)
class Holds:
    """True of every state (or step) that is reachable within the scope."""

    search: Complete

    def __post_init__(self) -> None:
        assert isinstance(self.search, Complete), f"{self.search} cannot show that anything holds"


@dataclass(frozen=True, slots=True)
class Unreached:
    """No reachable state within the scope satisfies the goal: the model may be vacuous."""

    search: Complete

    def __post_init__(self) -> None:
        assert isinstance(self.search, Complete), f"{self.search} cannot show absence"


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Nothing was found, and the search was not complete. Never a success."""

    search: Partial | Bounded

    def __post_init__(self) -> None:
        complete = isinstance(self.search, Complete)
        assert not complete, f"{self.search} determines every property"


@dataclass(frozen=True, slots=True)
class Violated:
    """False at the end of the trace."""

    trace: Trace

    def __post_init__(self) -> None:
        assert self.trace.ending is Ending.VIOLATED, self.trace.ending


@dataclass(frozen=True, slots=True)
class Reached:
    """The goal is true at the end of the trace."""

    trace: Trace

    def __post_init__(self) -> None:
        assert self.trace.ending is Ending.REACHED, self.trace.ending


@dataclass(frozen=True, slots=True)
class Undefined:
    """An expression without a value at the end of the trace: in a property, or in a step."""

    trace: Trace

    def __post_init__(self) -> None:
        endings = (Ending.UNDEFINED_PROPERTY, Ending.UNDEFINED_STEP)
        assert self.trace.ending in endings, self.trace.ending


@dataclass(frozen=True, slots=True)
class Deadlock:
    """The last state of the trace has no successor."""

    trace: Trace

    def __post_init__(self) -> None:
        assert self.trace.ending is Ending.DEADLOCK, self.trace.ending


Verdict: TypeAlias = Holds | Violated | Undetermined | Undefined | Reached | Unreached | Deadlock


def trace_of(verdict: Verdict) -> Trace | None:
    """The trace that shows the verdict, if it is one that a trace can show."""
    match verdict:
        case Violated(trace) | Reached(trace) | Undefined(trace) | Deadlock(trace):
            return trace
        case Holds() | Unreached() | Undetermined():
            return None
        case _:
            assert_never(verdict)


def name_of(verdict: Verdict) -> str:
    """The word for the verdict, in results and on the terminal."""
    match verdict:
        case Holds():
            return "holds"
        case Violated():
            return "violated"
        case Undetermined():
            return "undetermined"
        case Undefined():
            return "undefined"
        case Reached():
            return "reached"
        case Unreached():
            return "unreached"
        case Deadlock():
            return "deadlock"
        case _:
            assert_never(verdict)
