from __future__ import annotations

from dataclasses import replace

import pytest

from checker.explicit.outcome import FindingKind
from checker.ir.model import PropertyKind
from checker.result import (
    PRECEDENCE,
    ExitCode,
    PropertyResult,
    Result,
    Seconds,
    Walks,
    exit_code,
    worst,
)
from checker.trace import Ending, Trace
from checker.verdict import (
    Complete,
    Deadlock,
    Holds,
    Partial,
    Reached,
    Undefined,
    Undetermined,
    Unreached,
    Verdict,
    Violated,
    name_of,
    trace_of,
)

COMPLETE, PARTIAL = Complete(10, 3), Partial(10, 3, "timeout")
GOAL = PropertyKind.REACHABLE


def ended(ending: Ending) -> Trace:
    """A trace of the initial state alone."""
    named = None if ending is Ending.DEADLOCK else "p"
    kind = None if named is None else PropertyKind.INVARIANT
    return Trace("s", {}, {}, (), named, kind, ending, "", ((),), ())


VERDICTS: list[tuple[Verdict, str, ExitCode]] = [
    (Holds(COMPLETE), "holds", ExitCode.HOLDS),
    (Reached(ended(Ending.REACHED)), "reached", ExitCode.HOLDS),
    (Undetermined(PARTIAL), "undetermined", ExitCode.UNDETERMINED),
    (Unreached(COMPLETE), "unreached", ExitCode.UNREACHED),
    (Deadlock(ended(Ending.DEADLOCK)), "deadlock", ExitCode.DEADLOCK),
    (Violated(ended(Ending.VIOLATED)), "violated", ExitCode.VIOLATED),
    (Undefined(ended(Ending.UNDEFINED_PROPERTY)), "undefined", ExitCode.VIOLATED),
]


@pytest.mark.parametrize(("verdict", "name", "code"), VERDICTS)
def test_names_and_codes(verdict: Verdict, name: str, code: ExitCode) -> None:
    assert name_of(verdict) == name
    assert exit_code(verdict) is code
    assert (trace_of(verdict) is None) == (name in {"holds", "undetermined", "unreached"})


@pytest.mark.parametrize("verdict", [Holds, Unreached])
def test_a_search_that_was_stopped_shows_no_absence(verdict: type[Holds]) -> None:
    with pytest.raises(AssertionError, match="cannot show"):
        verdict(PARTIAL)  # type: ignore[arg-type]


def test_a_complete_search_leaves_nothing_undetermined() -> None:
    with pytest.raises(AssertionError, match="determines"):
        Undetermined(COMPLETE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict", "ending"),
    [
        (Violated, Ending.REACHED),
        (Reached, Ending.VIOLATED),
        (Undefined, Ending.VIOLATED),
        (Deadlock, Ending.VIOLATED),
    ],
)
def test_a_trace_shows_only_what_it_ends_in(verdict: type[Violated], ending: Ending) -> None:
    with pytest.raises(AssertionError):
        verdict(ended(ending))


def test_engines_and_traces_have_the_same_endings() -> None:
    """But for a walk, in which nothing is found."""
    found = {ending.value for ending in Ending if ending is not Ending.WALK}
    assert {kind.value for kind in FindingKind} == found


def test_every_code_has_a_place() -> None:
    assert sorted(PRECEDENCE) == sorted(ExitCode)
    assert worst([]) is ExitCode.HOLDS
    assert worst([ExitCode.UNDETERMINED, ExitCode.UNREACHED]) is ExitCode.UNREACHED
    assert worst([ExitCode.VIOLATED, ExitCode.DEADLOCK, ExitCode.UNDETERMINED]) == 12


def result(*verdicts: Verdict, complete: bool = True) -> Result:
    return Result(
        spec="s", settings={}, defaults={}, scope={}, engine="explicit", complete=complete,
        stop=None if complete else "timeout", states=10, generated=20, level=3,
        seconds=Seconds(0, 0, 0), peak_memory=0, actions={}, cut={},
        dropped_variables=(), dropped_actions=(), without_budget={},
        properties=tuple(PropertyResult(f"p{i}", GOAL, v) for i, v in enumerate(verdicts)),
    )  # fmt: skip


def test_the_exit_code_of_a_result() -> None:
    assert result().exit == 0
    assert result(complete=False).exit == 3
    assert result(Holds(COMPLETE), Unreached(COMPLETE)).exit == 10
    violated = Violated(ended(Ending.VIOLATED))
    assert result(violated, Undetermined(PARTIAL), complete=False).exit == 12
    reached = Reached(ended(Ending.REACHED))
    assert result(reached, complete=False).exit == 3


def test_a_simulation_succeeds_only_if_all_goals_are_reached() -> None:
    walks = Walks(1, 2, 3)
    reached = Reached(ended(Ending.REACHED))
    assert replace(result(reached, complete=False), walks=walks).exit == 0
    assert replace(result(complete=False), walks=walks).exit == 3
    mixed = result(reached, Undetermined(PARTIAL), complete=False)
    assert replace(mixed, walks=walks).exit == 3


def test_an_undefined_step_and_a_deadlock_count() -> None:
    stuck = Deadlock(ended(Ending.DEADLOCK))
    assert replace(result(), deadlock=stuck).exit == 11
    undefined = Undefined(ended(Ending.UNDEFINED_PROPERTY))
    assert replace(result(), undefined_step=undefined, deadlock=stuck).exit == 12
