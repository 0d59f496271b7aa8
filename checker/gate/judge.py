"""What a result amounts to, compared with what was expected of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from checker.gate.entry import steps_in_words
from checker.gate.report import Expected, Outcome, ProofResult
from checker.proof import EXITS
from checker.result import NO_DEADLOCK, UNDEFINED_STEP, ExitCode, Result, exit_code, worst
from checker.trace import Trace
from checker.verdict import name_of, trace_of

STOPS: Final = {
    "states": "stopped at max_states",
    "memory": "stopped for lack of memory (max_memory, or what the machine has)",
    "timeout": "stopped at its timeout",
    "interrupt": "interrupted",
    "depth": "no path of at most depth steps leads to it; a bounded search proves no absence",
    "no longer path": "no path has more steps; engine explicit can tell whether all holds",
    "solver": "the solver gave up",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome, its code, and why it is not `OK`."""

    outcome: Outcome
    exit: ExitCode
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """One verdict, whichever engine said it."""

    label: str
    word: str
    exit: ExitCode
    trace: Trace | None

    def __str__(self) -> str:
        if self.label == UNDEFINED_STEP and self.trace is not None:
            return f"step {len(self.trace.steps)} is undefined: {self.trace.message}"
        told = "never reached" if self.word == "unreached" else self.word
        after = "" if self.trace is None else f" after {steps_in_words(len(self.trace.steps))}"
        if self.label == NO_DEADLOCK:
            return f"{told}{after}"
        return f"{self.label} is {told}{after}"


OK: Final = Judgement(Outcome.OK, ExitCode.HOLDS)


def judge(expected: Expected, result: Result | ProofResult) -> Judgement:
    """Whether a result is as expected; what was stopped is undetermined, whatever was expected."""
    said = _said(result)
    if expected.verdict == "holds":
        return _judge_holds(result, said)
    return _judge_violated(expected, result, said)


def _said(result: Result | ProofResult) -> tuple[_Said, ...]:
    if isinstance(result, ProofResult):
        return tuple(
            _Said(row.name, row.verdict.value, EXITS[row.verdict], row.trace) for row in result.rows
        )
    return tuple(
        _Said(label, name_of(found), exit_code(found), trace_of(found))
        for label, found in result.verdicts
    )


def _stopped(result: Result | ProofResult) -> str | None:
    """Why the run ended early, unless it was for what it found."""
    if isinstance(result, ProofResult) or result.stop in (None, "finding"):
        return None
    return result.unsolved or STOPS.get(result.stop, result.stop)


def _is_fault(said: _Said) -> bool:
    return said.exit not in (ExitCode.HOLDS, ExitCode.UNDETERMINED)


def _judge_holds(result: Result | ProofResult, said: Sequence[_Said]) -> Judgement:
    if result.exit is ExitCode.HOLDS:
        return OK
    if faults := [one for one in said if _is_fault(one)]:
        return Judgement(Outcome.RED, result.exit, tuple(map(str, faults)))
    reason = _stopped(result)
    messages = [] if reason is None else [reason]
    if isinstance(result, ProofResult):
        messages += [str(one) for one in said if one.exit is ExitCode.UNDETERMINED]
    return Judgement(Outcome.UNDETERMINED, ExitCode.UNDETERMINED, tuple(messages))


def _judge_violated(
    expected: Expected, result: Result | ProofResult, said: Sequence[_Said]
) -> Judgement:
    """The known limit must be found, as known, and nothing else."""
    wanted = f"expected: {expected.property} violated after {steps_in_words(expected.steps or 0)}"
    own = next((one for one in said if one.label == expected.property), None)
    others = [one for one in said if _is_fault(one) and one is not own]
    if others:
        code = worst(one.exit for one in others)
        found = tuple(map(str, others))
        if own is not None and _is_fault(own):
            return Judgement(Outcome.RED, code, (f"{wanted}; found beside it:", *found))
        return Judgement(Outcome.RED, code, (f"{wanted}; found instead:", *found))
    if own is not None and own.word == "violated" and own.trace is not None:
        steps = len(own.trace.steps)
        if steps != expected.steps:
            message = f"{wanted}; found after {steps_in_words(steps)}: the limit has moved"
            return Judgement(Outcome.RED, ExitCode.VIOLATED, (message,))
        if reason := _stopped(result):
            return Judgement(Outcome.UNDETERMINED, ExitCode.UNDETERMINED, (reason,))
        return OK
    if own is not None and own.exit is ExitCode.HOLDS:
        told = "holds" if own.word == "holds" else f"is {own.word}"
        message = f'{wanted}; but it {told}: the limit is gone, write expect = "holds"'
        return Judgement(Outcome.RED, ExitCode.VIOLATED, (message,))
    if own is not None and _is_fault(own):
        return Judgement(Outcome.RED, own.exit, (f"{wanted}; but {own}",))
    reason = _stopped(result) or (str(own) if own is not None else "it was not judged")
    return Judgement(Outcome.UNDETERMINED, ExitCode.UNDETERMINED, (f"{wanted}; {reason}",))
