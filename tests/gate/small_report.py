"""A real report of the gate with a check of each kind, in a folder below the repository's root."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from checker.cli.reports.cases import Suite
from checker.cli.reports.collect import Whys, suites_of
from checker.cli.reports.explain import explained_traces
from checker.cli.reports.places import Repository, repository
from checker.gate import lock as lock_file
from checker.gate.declaration import read
from checker.gate.entry import entry_of
from checker.gate.gate import Options, run_gate
from checker.gate.judge import judge
from checker.gate.report import (
    CheckReport,
    Difference,
    Expected,
    Failure,
    GateReport,
    ProofResult,
    ProofRow,
    Source,
)
from checker.ir.model import PropertyKind
from checker.proof import Verdict
from checker.result import ExitCode, Result
from checker.verdict import Partial, Undetermined
from tests.gate.conftest import COUNTER
from tests.gate.small_gate import planned, result_of

UGLY = 'a "b" <c> | d & é, 50%0A: `x`\nsecond ::line'
DOC = "Ist kleiner als <3> | `drei` & 50 %: größer nie."
BAD = (
    COUNTER.replace("is_small", "größe_ist_klein")
    .replace("< 9", "< 3")
    .replace("Small enough.", DOC)
)
DECLARED = """
[[checks]]
spec = "specs/counter.py"

[[checks]]
name = {ugly}
spec = "specs/bad.py"

[[checks]]
name = "stopped"
spec = "specs/counter.py"
max_states = 1

[[checks]]
name = "missing"
spec = "specs/none.py"

[[checks]]
name = "other"
spec = "specs/other.py"
"""
KNOWN = "größe_ist_klein"


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, where it was made, and the explanations of its traces."""

    report: GateReport
    where: Repository
    whys: Whys

    @property
    def suites(self) -> tuple[Suite, ...]:
        return suites_of(self.report, self.where, self.whys)

    def check(self, name: str) -> CheckReport:
        return next(check for check in self.report.checks if check.name == name)

    def alone(self, *checks: CheckReport) -> Reported:
        """The same, of these checks only."""
        return replace(self, report=replace(self.report, checks=checks, differences=()))

    def rejudged(self, name: str, expected: Expected) -> Reported:
        """A check alone, as if something else had been expected of it."""
        check = self.check(name)
        assert check.result is not None
        said = judge(expected, check.result)
        return self.alone(
            replace(
                check, expected=expected, outcome=said.outcome, exit=said.exit,
                messages=said.messages, judged_ok=said.exit == 0, differences=(),
            )
        )  # fmt: skip


def variants(reported: Reported) -> Iterator[tuple[str, Reported]]:
    """Reports that the gate could have made: what is expected, found, locked, known."""
    yield "whole", reported
    for check in reported.report.checks:
        yield check.name, reported.alone(check)
    for steps in (3, 4):
        yield f"limit {steps}", reported.rejudged(UGLY, Expected("violated", KNOWN, steps))
    yield "limit gone", reported.rejudged("other", Expected("violated", "is_small", 3))
    yield "another", reported.rejudged(UGLY, Expected("violated", "gets_to_two", 2))
    stopped = replace(
        reported.check("stopped"), result=None,
        failure=Failure("not run: interrupted", ExitCode.UNDETERMINED),
        messages=("not run: interrupted",),
    )  # fmt: skip
    yield "interrupted", reported.alone(stopped)
    limit = reported.rejudged(UGLY, Expected("violated", KNOWN, 3)).report.checks[0]
    for check in (limit, reported.check("stopped")):
        assert isinstance(check.result, Result)
        yield f"{check.name} ended", reported.alone(replace(check, result=ended(check.result)))
    yield "limit stopped", reported.rejudged("stopped", Expected("violated", "is_small", 3))
    good = reported.check("specs/counter.py")
    locked = replace(good, source=Source.LOCK, result=None)
    yield "locked", reported.alone(locked)
    yield "nothing", reported.alone()
    gone = Difference("check x is in the lock, and no longer declared")
    yield (
        "gone",
        replace(reported, report=replace(reported.alone(good).report, differences=(gone,))),
    )
    accepted = replace(gone, is_accepted=True)
    yield (
        "accepted",
        replace(reported, report=replace(reported.alone(good).report, differences=(accepted,))),
    )
    for verdict in Verdict:
        yield f"proof {verdict.value}", proof(reported, verdict)


def ended(result: Result) -> Result:
    """The result of a search that ended at what it found first, and judged the last one not."""
    *first, last = result.properties
    open_one = replace(last, verdict=Undetermined(Partial(3, 2, "finding")))
    return replace(result, complete=False, stop="finding", properties=(*first, open_one))


def proof(reported: Reported, verdict: Verdict) -> Reported:
    """A check by proof that came out like this."""
    check = reported.check(UGLY)
    (trace,) = (trace for label, trace in check.traces if label == KNOWN)
    row = ProofRow(
        KNOWN, PropertyKind.INVARIANT, False, verdict,
        trace if verdict is Verdict.VIOLATED else None,
    )  # fmt: skip
    made = replace(
        check,
        engine="prove",
        result=ProofResult(check.spec, {}, check.scope, ("Count",), 1, (), (row,), 0.1),
    )
    return reported.alone(made).rejudged(UGLY, Expected())


def quoted(text: str) -> str:
    """A text as TOML has it."""
    return '"' + text.replace('"', '\\"').replace("\n", "\\n") + '"'


def make(root: Path, cache: Path) -> Reported:
    """Declare, lock one check as it will not be, run the gate; from the folder `models`."""
    (root / ".git").mkdir()
    folder = root / "models"
    (folder / "specs").mkdir(parents=True)
    for name, text in (("counter", COUNTER), ("bad", BAD), ("other", COUNTER)):
        (folder / f"specs/{name}.py").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CACHE_HOME", str(cache))
        declaration = folder / "splitbrain.toml"
        declaration.write_text(DECLARED.format(ugly=quoted(UGLY)), "utf-8")
        lock_file.write(_lock(), folder / lock_file.FILE)
        other = COUNTER.replace("import Scope", "import require, Scope").replace(
            "self.count = 0", "require(self.count == 2)\n        self.count = 0"
        )
        (folder / "specs/other.py").write_text(other, "utf-8")
        report = run_gate(read(declaration), Options())
    return Reported(report, repository(report), explained_traces(report, folder))


def _lock() -> lock_file.Lock:
    """What the gate would accept of all checks that it can run."""
    runs = [one for one in planned().planned if one.failure is None]
    return lock_file.Lock({one.run.name: entry_of(one, result_of(one)) for one in runs})
