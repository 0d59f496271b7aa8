"""What no reachable state does, by an exhaustive search.

A search that was stopped shows nothing of the kind, and nothing of the kind is said then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import platformdirs

from checker.audit.findings import Finding, Kind
from checker.audit.places import Place, exactly, place_of
from checker.audit.questions import Question, Role
from checker.audit.questions import goal as goal_of
from checker.explicit.machine_code import ObjectCache
from checker.explicit.outcome import FindingKind, Limits, Outcome, ProgressCallback, Stop
from checker.explicit.search import explore
from checker.ground.errors import GroundError
from checker.ground.ground import ground
from checker.initial import Unsolved, initial_states
from checker.ir.model import Property
from checker.prepare import Prepared

TOO_LARGE: Final = "too large"
"""Why there was no search where the model cannot be unrolled with all that is asked of it."""
NEVER_TRUE: Final = {
    Role.GUARD: Kind.DEAD_GUARD,
    Role.BRANCH: Kind.DEAD_BRANCH,
    Role.PREMISE: Kind.VACUOUS_PREMISE,
    Role.SOURCE: Kind.EMPTY_SOURCE,
}
NEVER_FALSE: Final = {
    Role.GUARD: Kind.IDLE_GUARD,
    Role.BRANCH: Kind.ONLY_BRANCH,
    Role.ALTERNATIVE: Kind.NEEDLESS_REST,
}
"""What it means for a condition never to be true, or never to be false, by what it is for."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A goal that no reachable state meets, and what that means."""

    goal: Property
    finding: Finding


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search says of the conditions. If it did not see all states, no goal is unmet.

    `stop` says why it did not; `undefined` counts the conditions that have no value somewhere.
    """

    stop: str | None
    states: int
    undefined: int
    unmet: tuple[Unmet, ...]


def searched(
    prepared: Prepared,
    asked: Sequence[Question],
    limits: Limits,
    progress: ProgressCallback | None,
) -> Searched:
    """Look for a state that meets each goal, in the time that the limits give."""
    started = time.perf_counter()
    goals = goals_of(asked)
    start = initial_states(prepared)
    if isinstance(start, Unsolved):
        return Searched(start.stop, 0, 0, ())
    model = replace(prepared.model, properties=tuple(goals.values()))
    try:
        # What a goal depends on may be far from what the properties do: nothing is left out.
        grounded = ground(model, None, False, _until(started, limits.seconds))
    except _OutOfTime:
        return Searched(Stop.TIMEOUT.value, 0, 0, ())
    except GroundError:
        return Searched(TOO_LARGE, 0, 0, ())
    if limits.seconds is not None:
        limits = replace(limits, seconds=limits.seconds - (time.perf_counter() - started))
    outcome = explore(
        grounded,
        start,
        limits=limits,
        stop_at_finding=False,
        progress=progress,
        cache=ObjectCache(Path(platformdirs.user_cache_dir("splitbrain")) / "objects"),
    )
    return _of_outcome(asked, goals, outcome)


class _OutOfTime(Exception):
    """The time was up before there was anything to search."""


def _until(started: float, seconds: float | None) -> Callable[[], None]:
    """What raises once the time is up."""

    def check() -> None:
        if seconds is not None and time.perf_counter() - started > seconds:
            raise _OutOfTime

    return check


def _of_outcome(
    asked: Sequence[Question], goals: Mapping[str, Property], outcome: Outcome
) -> Searched:
    met, undefined = set[str | None](), set[str | None]()
    for found in outcome.findings:
        is_undefined = found.kind is FindingKind.UNDEFINED_PROPERTY
        (undefined if is_undefined else met).add(found.property)
    stop = None if outcome.stop is None else outcome.stop.value
    if any(found.kind is FindingKind.UNDEFINED_STEP for found in outcome.findings):
        # What comes after it was not visited: nobody knows what is reachable there.
        stop = FindingKind.UNDEFINED_STEP.value
    return Searched(
        stop=stop,
        states=outcome.states,
        undefined=len({str(name).split()[0] for name in undefined}),
        unmet=() if stop else tuple(_unmet(asked, goals, met, undefined)),
    )


def goals_of(asked: Sequence[Question]) -> dict[str, Property]:
    """The goals of all questions by name: `12 true`, `12 false`."""
    found = {}
    for number, question in enumerate(asked):
        for name, expr in (("true", question.is_true), ("false", question.is_false)):
            if expr is not None:
                found[f"{number} {name}"] = goal_of(f"{number} {name}", expr, question.of_step)
    return found


def _unmet(
    asked: Sequence[Question],
    goals: Mapping[str, Property],
    met: Set[str | None],
    undefined: Set[str | None],
) -> Iterator[Unmet]:
    """What is never true or never false where it is evaluated, if it is evaluated at all.

    After a guard that is never true nothing is evaluated, so nothing more is said of the action.
    """
    for number, question in enumerate(asked):
        is_true, is_false = f"{number} true", f"{number} false"
        never = {name for name in (is_true, is_false) if name in goals} - met - undefined
        if is_true in never and (is_false in met or is_false not in goals):
            kind, goal = NEVER_TRUE.get(question.role), goals[is_true]
        elif is_false in never and is_true in met:
            kind, goal = NEVER_FALSE.get(question.role), goals[is_false]
        else:
            continue
        if kind is not None:
            found = Finding(
                kind, question.owner, _place(question), ends_action=question.ends_action
            )
            yield Unmet(goal, found)


def _place(question: Question) -> Place:
    if question.role is Role.GUARD:
        return exactly(question.span)
    return place_of(question.home, question.span, question.asked)
