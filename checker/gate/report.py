"""What the gate answers: a report for each check, and what they amount to. Plain data.

Every format of report (terminal, JSON, and those of continuous integration) is made from these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from checker.ir.expr import Span
from checker.ir.model import PropertyKind
from checker.proof import EXITS, Verdict
from checker.result import ExitCode, Result, worst
from checker.trace import Trace
from checker.verdict import trace_of


class Outcome(Enum):
    """What a check amounts to. Only `OK` is green."""

    OK = "ok"
    """As expected, and as accepted in the lock."""
    RED = "red"
    """Not as expected, or not as accepted."""
    ERROR = "error"
    """A mistake in the declaration or the spec, or the process failed: nothing is known."""
    UNDETERMINED = "undetermined"
    """Stopped, or not run at all: never a success."""


class Source(Enum):
    """Where the answer comes from."""

    RUN = "run"
    CACHE = "cached"
    LOCK = "unchanged since the lock"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a check is declared to find; of a known limit `property` is violated after `steps`."""

    verdict: str = "holds"
    property: str | None = None
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result: the message as a user reads it, and the place if there is one."""

    message: str
    exit: ExitCode
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ProofRow:
    """What became of one property in a proof."""

    name: str
    kind: PropertyKind | None
    is_lemma: bool
    verdict: Verdict
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class ProofResult:
    """A proof without its formulas: what `checker.proof.Proof` says, as plain data."""

    spec: str
    settings: Mapping[str, str]
    scope: Mapping[str, int]
    lifted: tuple[str, ...]
    steps: int
    lemmas: tuple[str, ...]
    rows: tuple[ProofRow, ...]
    seconds: float

    @property
    def exit(self) -> ExitCode:
        """Proved, or refuted by a trace; anything else is undetermined."""
        return worst(EXITS[row.verdict] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a spec, its properties and its actions stand in the source, for reports.

    The paths are as `Span` has them: relative to the folder of the declaration where they can be.
    `docs` are the first lines of the properties' docstrings.
    """

    spec: Span
    properties: Mapping[str, Span]
    actions: Mapping[str, Span]
    docs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the lock has it. A note needs no acceptance."""

    text: str
    is_note: bool = False
    is_accepted: bool = False

    @property
    def is_open(self) -> bool:
        """Whether somebody must still accept it."""
        return not (self.is_note or self.is_accepted)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """One check, after sweeps and globs are unfolded.

    `place` is its entry in the declaration. `result` is `None` if it was not run, or failed;
    `failure` says why. `messages` say in sentences why the outcome is not `OK`, or what the lock
    recorded if the check was not run again. `seconds` is what it took now. `judged_ok`: the
    verdicts are as expected, whatever the lock says.
    """

    name: str
    place: str
    spec: str
    engine: str
    settings: Mapping[str, str]
    scope: Mapping[str, int]
    expected: Expected
    outcome: Outcome
    exit: ExitCode
    source: Source
    result: Result | ProofResult | None
    failure: Failure | None
    facts: Facts | None
    messages: tuple[str, ...]
    differences: tuple[Difference, ...]
    seconds: float
    judged_ok: bool

    @property
    def traces(self) -> tuple[tuple[str, Trace], ...]:
        """The traces that show its verdicts, each with the label of its verdict."""
        match self.result:
            case Result():
                pairs = ((label, trace_of(found)) for label, found in self.result.verdicts)
            case ProofResult():
                pairs = ((row.name, row.trace) for row in self.result.rows)
            case None:
                return ()
        return tuple((label, trace) for label, trace in pairs if trace is not None)


@dataclass(frozen=True, slots=True)
class GateReport:
    """All checks in the order of their declaration, and what concerns none of them alone.

    `differences` are checks that the lock has and nobody declares any more; `messages` say what
    else there is to know of the lock.
    """

    declaration: Path
    profile: str
    lock: Path
    has_lock: bool
    lock_written: bool
    checks: tuple[CheckReport, ...]
    differences: tuple[Difference, ...]
    messages: tuple[str, ...]
    seconds: float

    @property
    def exit(self) -> ExitCode:
        """The worst code; an empty gate proves nothing and is no success."""
        codes = [check.exit for check in self.checks] or [ExitCode.USAGE]
        if any(difference.is_open for difference in self.differences):
            codes.append(ExitCode.VIOLATED)
        return worst(codes)

    def count(self, outcome: Outcome) -> int:
        """How many checks have this outcome."""
        return sum(check.outcome is outcome for check in self.checks)
