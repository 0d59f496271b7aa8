"""From the gate's report to the cases of every format.

Nothing is passed that the gate does not take for green: some case of a check is not passed
exactly if the check is not `OK`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from shlex import quote
from typing import Final

from checker.cli.reports.cases import ERROR, LOCK, UNDETERMINED, Case, Status, Suite
from checker.cli.reports.commands import command
from checker.cli.reports.places import Place, Repository
from checker.gate.entry import in_words
from checker.gate.report import CheckReport, Difference, GateReport, Outcome, ProofResult, Source
from checker.proof import EXITS
from checker.result import NO_DEADLOCK, UNDEFINED_STEP, ExitCode, Result, exit_code
from checker.trace import Ending, Trace
from checker.verdict import name_of, trace_of
from counterexamples.render_terminal import headline
from counterexamples.why.answer import Why

Whys = Mapping[tuple[str, str], Why]
"""The explanations of traces, by check and label."""

RULE_OF_LABEL: Final = {UNDEFINED_STEP: "undefined-step", NO_DEADLOCK: "no-deadlock"}
STATUS_OF_EXIT: Final = {
    ExitCode.HOLDS: Status.PASSED,
    ExitCode.UNDETERMINED: Status.UNDETERMINED,
}
STATUS_OF_OUTCOME: Final = {
    Outcome.OK: Status.PASSED,
    Outcome.RED: Status.FAILED,
    Outcome.UNDETERMINED: Status.UNDETERMINED,
    Outcome.ERROR: Status.ERROR,
}


def suites_of(report: GateReport, where: Repository, whys: Whys) -> tuple[Suite, ...]:
    """All cases, check by check in the order of the declaration, then what concerns the lock."""
    found = [
        Suite(check.name, check, tuple(_Of(check, report, where, whys).cases()))
        for check in report.checks
    ]
    place = Place(where.lock, 1)
    gone = tuple(
        Case(one.text, LOCK, Status.FAILED, one.text, place)
        for one in report.differences
        if one.is_open
    )
    if not report.checks:
        nothing = "no check was run"
        gone = (Case(nothing, ERROR, Status.ERROR, nothing, Place(where.declaration, 1)), *gone)
    return (*found, Suite(report.lock.name, None, gone)) if gone else tuple(found)


@dataclass(frozen=True, slots=True)
class _Of:
    """The cases of one check."""

    check: CheckReport
    report: GateReport
    where: Repository
    whys: Whys

    def cases(self) -> Iterator[Case]:
        found = [*self._judged(), *self._expected()]
        if not found or (
            not self.check.judged_ok
            and not any(one.is_finding and not one.follows for one in found)
        ):
            found.append(self._whole())
        yield from found
        if is_compared(self.check, self.report):
            yield self._lock()

    def _judged(self) -> Iterator[Case]:
        """Every verdict, but that of a known limit.

        Where a known limit was found as expected, the search ended: nothing more was asked.
        """
        known = self.check.expected.property
        for label, word, status, trace in self._verdicts():
            ended = known is not None and self.check.judged_ok and status is Status.UNDETERMINED
            if label != known and not ended:
                yield self._of_verdict(label, word, status, trace)

    def _verdicts(self) -> Iterator[tuple[str, str, Status, Trace | None]]:
        match self.check.result:
            case Result(verdicts=verdicts):
                for label, found in verdicts:
                    yield label, name_of(found), _status(exit_code(found)), trace_of(found)
            case ProofResult(rows=rows):
                for row in rows:
                    yield row.name, row.verdict.value, _status(EXITS[row.verdict]), row.trace

    def _of_verdict(self, label: str, word: str, status: Status, trace: Trace | None) -> Case:
        match status:
            case Status.UNDETERMINED:
                rule, message = UNDETERMINED, f"{label} is {word}: {self._reason()}"
            case _:
                rule, message = RULE_OF_LABEL.get(label, label), _sentence(label, word, trace)
        shown = trace if status is Status.FAILED else None
        made = self._case(label, rule, status, message, label, shown)
        return replace(made, follows=status is Status.UNDETERMINED and self._ended_at_a_finding())

    def _expected(self) -> Iterator[Case]:
        """The case of a known limit."""
        expected, name = self.check.expected, self.check.expected.property
        own = next((one for one in self._verdicts() if one[0] == name), None)
        if name is None or own is None:
            return
        _, word, _, trace = own
        is_met = word == "violated" and trace is not None and len(trace.steps) == expected.steps
        status = Status.PASSED if is_met else STATUS_OF_OUTCOME[self.check.outcome]
        rule = UNDETERMINED if status is Status.UNDETERMINED else name
        message = "as expected" if is_met else self._first_message()
        details = () if is_met else self.check.messages[1:]
        shown = trace if status is Status.FAILED else None
        told = f"expected: {in_words(expected)}"
        yield self._case(told, rule, status, message, name, shown, details)

    def _whole(self) -> Case:
        """What became of the check as a whole, where its parts do not say it."""
        status = Status.PASSED if self.check.judged_ok else STATUS_OF_OUTCOME[self.check.outcome]
        rule = UNDETERMINED if status is Status.UNDETERMINED else ERROR
        message, *details = self._first_message().splitlines()
        details += [line for text in self.check.messages[1:] for line in text.splitlines()]
        place = self.where.entry(self.check)
        if self.check.failure is not None and self.check.failure.span is not None:
            place = self.where.place(self.check.failure.span, self.check)
        return Case(
            f"expected: {in_words(self.check.expected)}", rule, status, message, place,
            tuple(details),
        )  # fmt: skip

    def _lock(self) -> Case:
        """Whether the state space is as it was accepted; a search that ended early has another."""
        found = self.check.differences
        is_open = any(one.is_open for one in found)
        status = Status.FAILED if is_open else Status.PASSED
        name = self.report.lock.name
        message = f"not as {name} has it" if is_open else f"as {name} has it"
        texts = tuple(map(_in_words, found))
        place = self.where.entry(self.check)
        return Case(
            f"as in {name}", LOCK, status, message, place, texts, follows=not self.check.judged_ok
        )

    def _case(
        self, name: str, rule: str, status: Status, message: str, label: str,
        trace: Trace | None, details: tuple[str, ...] = (),
    ) -> Case:  # fmt: skip
        facts = self.check.facts
        return Case(
            name=name,
            rule=rule,
            status=status,
            message=message,
            place=self._place(label, trace),
            details=details,
            doc="" if facts is None else facts.docs.get(label, ""),
            trace=trace,
            path=() if trace is None else tuple(self._path(trace)),
            why=self.whys.get((self.check.name, label)),
            command=self._command(label) if status is Status.FAILED else "",
        )

    def _command(self, label: str) -> str:
        """From the root of the repository: paths of specs are relative to the declaration."""
        folder, run = self.where.folder.relative_to(self.where.root), command(self.check, label)
        return f"cd {quote(folder.as_posix())} && {run}" if run and folder.parts else run

    def _place(self, label: str, trace: Trace | None) -> Place:
        facts = self.check.facts
        if facts is None:
            return self.where.entry(self.check)
        span = facts.properties.get(label)
        if span is None and trace is not None and trace.ending is Ending.UNDEFINED_STEP:
            span = facts.actions.get(trace.steps[-1].action)
        return self.where.place(span or facts.spec, self.check)

    def _path(self, trace: Trace) -> Iterator[Place]:
        facts = self.check.facts
        if facts is None:
            yield from [self.where.entry(self.check)] * (len(trace.steps) + 1)
            return
        yield self.where.place(facts.spec, self.check)
        for step in trace.steps:
            yield self.where.place(facts.actions.get(step.action, facts.spec), self.check)

    def _ended_at_a_finding(self) -> bool:
        return isinstance(self.check.result, Result) and self.check.result.stop == "finding"

    def _first_message(self) -> str:
        if self.check.messages:
            return self.check.messages[0]
        return self.check.source.value if self.check.judged_ok else self.check.outcome.value

    def _reason(self) -> str:
        """Why a verdict is not known: one stands for all."""
        if self.check.outcome is Outcome.UNDETERMINED and self.check.messages:
            return self.check.messages[0]
        if self._ended_at_a_finding():
            return "the search ended at what it found"
        return "not proved" if isinstance(self.check.result, ProofResult) else "not complete"


def is_compared(check: CheckReport, report: GateReport) -> bool:
    """Whether the lock was asked: it has nothing to say of what is not known."""
    has_answer = check.result is not None or check.source is Source.LOCK
    return report.has_lock and has_answer and check.outcome in (Outcome.OK, Outcome.RED)


def _in_words(found: Difference) -> str:
    """A difference with the sign that the terminal gives it."""
    return f"{'·' if found.is_note else '≠'} {found.text}{' (accepted)' * found.is_accepted}"


def _status(code: ExitCode) -> Status:
    return STATUS_OF_EXIT.get(code, Status.FAILED)


def _sentence(label: str, word: str, trace: Trace | None) -> str:
    if trace is None:
        return f"{label} is never reached" if word == "unreached" else f"{label}: {word}"
    said = headline(trace)
    if label in RULE_OF_LABEL:
        said = said if label == NO_DEADLOCK else f"a step is {said}"
    else:
        said = f"{label} is {said}"
    return f"{said}: {trace.message}" if trace.message else said
