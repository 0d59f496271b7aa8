"""The result of running a model: counts, verdicts and the exit code that they amount to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, assert_never

from checker.ir.model import PropertyKind
from checker.trace import Start
from checker.verdict import (
    Deadlock,
    Holds,
    Reached,
    Undefined,
    Undetermined,
    Unreached,
    Verdict,
    Violated,
)

UNDEFINED_STEP: Final = "undefined step"
NO_DEADLOCK: Final = "no deadlock"


class ExitCode(IntEnum):
    """How the command ends; the same for every command, and a promise."""

    HOLDS = 0
    FAILED = 1
    USAGE = 2
    UNDETERMINED = 3
    UNREACHED = 10
    DEADLOCK = 11
    VIOLATED = 12


# What is certain beats what is not: a violation stays one when the search was stopped.
PRECEDENCE = (
    ExitCode.HOLDS,
    ExitCode.UNDETERMINED,
    ExitCode.UNREACHED,
    ExitCode.DEADLOCK,
    ExitCode.VIOLATED,
    ExitCode.USAGE,
    ExitCode.FAILED,
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The code that several amount to: the last of them in `PRECEDENCE`."""
    return max(codes, key=PRECEDENCE.index, default=ExitCode.HOLDS)


def exit_code(verdict: Verdict) -> ExitCode:
    """The code of one verdict."""
    match verdict:
        case Holds() | Reached():
            return ExitCode.HOLDS
        case Undetermined():
            return ExitCode.UNDETERMINED
        case Unreached():
            return ExitCode.UNREACHED
        case Deadlock():
            return ExitCode.DEADLOCK
        case Violated() | Undefined():
            return ExitCode.VIOLATED
        case _:
            assert_never(verdict)


@dataclass(frozen=True, slots=True)
class PropertyResult:
    """What became of one property."""

    name: str
    kind: PropertyKind
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ActionCount:
    """How often an action was taken, and how many states it found first."""

    fired: int
    new: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock time: making machine code of the spec, searching, and both with all around."""

    compile: float
    search: float
    total: float


@dataclass(frozen=True, slots=True)
class Walks:
    """What a simulation did: from which seed, how many walks of at most how many steps."""

    seed: int
    walks: int
    steps: int


@dataclass(frozen=True, slots=True)
class Solver:
    """What a bounded search asked: which solver, from which seed, of paths of at most what depth.

    `reason` is why it gave up, in its own words, if it did.
    """

    name: str
    version: str
    seed: int
    depth: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """One run of a model.

    `defaults` are what the settings would be if nobody had chosen. `stop` is why the run ended
    early, or `None` if it was complete; `without_budget` are the actions that may happen 0
    times, each with its budget; `always_true` are the invariants that hold in every state
    within the bounds, reachable or not, as far as grounding sees; `level` is the diameter if it
    was. `deadlock` is `None` if nobody asked, `undefined_step` if no step that was tried is
    undefined. Where a `solver` was asked nothing is counted, neither states nor steps. `graph`
    are digests of the `layout`, the `states` and the `steps` that were found, where somebody
    asked for them. `start` says who says which states are initial, if not the initial values;
    if not all of them are known, `unsolved` says why, and `initial_states` is `None`, as it is
    where a solver starts from any of them.
    """

    spec: str
    settings: Mapping[str, str]
    defaults: Mapping[str, str]
    scope: Mapping[str, int]
    engine: str
    complete: bool
    stop: str | None
    states: int
    generated: int
    level: int
    seconds: Seconds
    peak_memory: int | None
    actions: Mapping[str, ActionCount]
    cut: Mapping[str, int]
    dropped_variables: tuple[str, ...]
    dropped_actions: tuple[str, ...]
    without_budget: Mapping[str, str]
    properties: tuple[PropertyResult, ...]
    deadlock: Verdict | None = None
    undefined_step: Undefined | None = None
    walks: Walks | None = None
    solver: Solver | None = None
    graph: Mapping[str, str] | None = None
    initial_states: int | None = None
    start: Start | None = None
    unsolved: str | None = None
    always_true: tuple[str, ...] = ()

    @property
    def verdicts(self) -> tuple[tuple[str, Verdict], ...]:
        """Every verdict under the label it is shown by, in the order in which they are shown.

        No property has the label `UNDEFINED_STEP` or `NO_DEADLOCK`: a space is in no name.
        """
        others = ((UNDEFINED_STEP, self.undefined_step), (NO_DEADLOCK, self.deadlock))
        first = tuple((label, verdict) for label, verdict in others if verdict is not None)
        return first + tuple((found.name, found.verdict) for found in self.properties)

    @property
    def exit(self) -> ExitCode:
        """The code that the verdicts amount to; a run that is not complete is no success.

        A simulation or bounded search whose every verdict is certain (all goals reached) is one.
        """
        codes = [exit_code(verdict) for _, verdict in self.verdicts]
        if not self.complete and not ((self.walks or self.solver) and codes):
            codes.append(ExitCode.UNDETERMINED)
        return worst(codes)

    @property
    def never_fired(self) -> tuple[str, ...]:
        """The actions that were never taken: a guard too strong, or a scope too small."""
        return tuple(name for name, count in self.actions.items() if count.fired == 0)
