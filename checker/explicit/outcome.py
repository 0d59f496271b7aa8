"""What a search is asked and what it answers: plain data, without arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from checker.ir.values import State


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a search must stop, unfinished: distinct states, bytes, seconds. `None`: no limit."""

    states: int | None = None
    memory: int | None = None
    seconds: float | None = None


class Stop(Enum):
    """Why a search stopped before it was complete."""

    FINDING = "finding"
    STATES = "states"
    MEMORY = "memory"
    TIMEOUT = "timeout"
    INTERRUPT = "interrupt"


class FindingKind(Enum):
    """What was found at the end of a path."""

    VIOLATED = "violated"
    """An invariant is false in the last state, or a step invariant is false of the last step."""
    REACHED = "reached"
    """A reachable goal is true in the last state. Not a failure; the search goes on."""
    UNDEFINED_PROPERTY = "undefined property"
    """A property has no value in the last state (or for the last step)."""
    UNDEFINED_STEP = "undefined step"
    """The last step, tried in the last state, has no value; it has no state after it."""
    DEADLOCK = "deadlock"
    """The last state has no successor."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A shortest path to something found. At most one for each property and kind.

    `states` are the states along the path, the initial one first; `steps` are numbers of ground
    steps, one between each pair of states (and one more at the end for an undefined step).
    Variables outside the cone of influence read as their initial value.
    """

    kind: FindingKind
    property: str | None
    states: tuple[State, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running search stands. `memory` is what its tables hold, in bytes."""

    level: int
    states: int
    generated: int
    frontier: int
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of a search. `level` is the diameter if the search is complete."""

    complete: bool
    stop: Stop | None
    states: int
    generated: int
    level: int
    fired: tuple[int, ...]
    """For each ground step, how often it was taken (stuttering left out)."""
    new: tuple[int, ...]
    """For each ground step, how many states it found first."""
    cut: Mapping[str, int]
    """For each scope name, how many steps it cut."""
    findings: tuple[Finding, ...]
    compile_seconds: float
    search_seconds: float
    peak_memory: int
    """Bytes that the search's own tables held at most."""
    from_cache: bool
    """Whether the machine code was found in the cache."""
    graph: Mapping[str, str] | None = None
    """Digests of the `layout`, the `states` and the `steps` that were found, if asked for."""


ProgressCallback = Callable[[Progress], None]
