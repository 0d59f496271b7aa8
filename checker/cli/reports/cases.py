"""What a gate's report says, case by case: what every format of report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from checker.cli.reports.places import Place
from checker.gate.report import CheckReport
from checker.trace import Trace
from counterexamples.why.answer import Why

# With a hyphen: no property has such a name.
ERROR: Final = "check-error"
UNDETERMINED: Final = "check-undetermined"
LOCK: Final = "lock-difference"
OWN_RULES: Final = {
    ERROR: "A check could not be run: a mistake in a declaration or a spec, or a process failed.",
    UNDETERMINED: "A check was stopped or gave up before it knew: never a success.",
    LOCK: "The state space is not as splitbrain.lock has it, and nobody has accepted that.",
    "undefined-step": "A step has no value: an index past an end, a value outside its range.",
    "no-deadlock": "A state has no successor.",
}


class Status(Enum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was judged: a property, what was expected of a check, or the lock.

    `rule` is the stable name of what may be wrong, `message` one sentence, `details` more lines.
    `path` are the places of the initial state and of each step of the `trace`. `doc` is what the
    property says of itself, and `command` what shows the finding again, if anything does. What
    `follows` is so only because of another finding of the same check.
    """

    name: str
    rule: str
    status: Status
    message: str
    place: Place
    details: tuple[str, ...] = ()
    doc: str = ""
    trace: Trace | None = None
    path: tuple[Place, ...] = ()
    why: Why | None = None
    command: str = ""
    follows: bool = False

    @property
    def is_finding(self) -> bool:
        """Whether a reader has to know of it."""
        return self.status is not Status.PASSED


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of a check; without a `check`, those that concern none of them alone."""

    name: str
    check: CheckReport | None
    cases: tuple[Case, ...]

    @property
    def findings(self) -> tuple[Case, ...]:
        """The cases that did not pass."""
        return tuple(case for case in self.cases if case.is_finding)

    @property
    def causes(self) -> tuple[Case, ...]:
        """The findings that do not follow from others: the ones to look into."""
        return tuple(case for case in self.findings if not case.follows)

    def count(self, *statuses: Status) -> int:
        """How many cases have one of these statuses."""
        return sum(case.status in statuses for case in self.cases)
