"""The whole gate: plan, take what is known, run the rest, compare with the lock, report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from checker.gate import lock as lock_file
from checker.gate.cache import Cache, key_of
from checker.gate.declaration import Check, Declaration
from checker.gate.difference import differences
from checker.gate.entry import entry_of
from checker.gate.judge import Judgement, judge
from checker.gate.lock import Lock
from checker.gate.plan import Plan, Planned, Run
from checker.gate.process import Ended, Task
from checker.gate.report import (
    CheckReport,
    Difference,
    Failure,
    GateReport,
    Outcome,
    ProofResult,
    Source,
)
from checker.gate.run import Answer, Room, room, run_all
from checker.gate.unchanged import unchanged
from checker.gate.work import ToPlan, do_plan
from checker.result import ExitCode, Result

UNREAD: Final = Failure(
    "not run: the time of the whole gate was up (timeout) while the specs were read",
    ExitCode.UNDETERMINED,
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to run the gate. Without a `cache` nothing is taken from one, and nothing kept."""

    profile: str | None = None
    changed: bool = False
    update: bool = False
    cache: Path | None = None


class Watcher(Protocol):
    """Is told what the gate is doing while it does it."""

    def planned(self, runs: Sequence[Run]) -> None:
        """These checks will be judged, in this order."""

    def started(self, name: str) -> None:
        """A check has been started."""

    def ended(self, report: CheckReport) -> None:
        """A check has ended, or its verdict was known already."""


def run_gate(
    declaration: Declaration, options: Options, watcher: Watcher | None = None
) -> GateReport:
    """Run every check of a profile, or take its verdict from where it is known.

    Raises `DeclarationError` for a mistake in the declaration as a whole, or a damaged lock, and
    `ToolError` if the lock cannot be written. What is wrong with one check is in its report.
    """
    started = time.monotonic()
    profile = options.profile or declaration.profile
    declaration.chosen(profile)
    path = declaration.folder / lock_file.FILE
    before = lock_file.read(path)
    no_baseline = options.changed and before is None
    plan, engine = _planned(declaration, profile, before or Lock(), started)
    gate = _Gate(declaration, options, before, engine, watcher)
    checks = gate.reports(plan, started)
    gone = _gone(plan, before)
    messages = [f"{path.name} is not there: everything was run"] if no_baseline else []
    written = False
    if options.update:
        if stuck := [check.name for check in checks if not check.judged_ok]:
            names = ", ".join(stuck)
            messages.append(f"{path.name} is not written, as these are not ok: {names}")
            checks = [out_of_date(check) for check in checks]
        else:
            lock_file.write(_updated(plan, checks, before), path)
            written = True
            checks = [replace(one, differences=_accepted(one.differences)) for one in checks]
            gone = list(_accepted(gone))
    return GateReport(
        declaration=declaration.file,
        profile=profile,
        lock=path,
        has_lock=before is not None,
        lock_written=written,
        checks=tuple(checks),
        differences=tuple(gone),
        messages=tuple(messages),
        seconds=time.monotonic() - started,
    )


def _planned(
    declaration: Declaration, profile: str, before: Lock, started: float
) -> tuple[Plan, str]:
    """The plan; if a spec takes the process down with it, each entry is looked at alone."""
    shared = room(declaration.bounds, declaration.workers, started)
    whole = _planned_of(declaration, declaration.checks, profile, before, shared)
    if not isinstance(whole, Failure):
        return whole
    parts: list[Planned] = []
    engine = ""
    for check in declaration.checks:
        part = _planned_of(declaration, (check,), profile, before, shared)
        if not isinstance(part, Failure):
            parts += part[0].planned
            engine = part[1]
        elif profile in check.profiles:
            run = Run(check.name or check.spec, check, check.spec, {}, {})
            parts.append(Planned(run, {}, {}, failure=part))
    return Plan(tuple(parts), None), engine


def _planned_of(
    declaration: Declaration, checks: tuple[Check, ...], profile: str, before: Lock, shared: Room
) -> tuple[Plan, str] | Failure:
    left = shared.left()
    if left is not None and left <= 0:
        return UNREAD
    task = Task(do_plan, ToPlan(checks, profile, before.recorded()), declaration.folder)
    try:
        if not task.connection.poll(left):
            task.kill()
            return UNREAD
        answer = task.answer()
    except KeyboardInterrupt:
        task.kill()
        raise
    if isinstance(answer, Ended):
        return Failure(f"error: the spec cannot be loaded: {answer.reason}", ExitCode.FAILED)
    if isinstance(answer, Failure):
        return answer
    plan, engine = answer
    return plan, engine


def _accepted(found: Sequence[Difference]) -> tuple[Difference, ...]:
    return tuple(replace(one, is_accepted=not one.is_note) for one in found)


@dataclass(frozen=True, slots=True)
class _Gate:
    """What every check of one run of the gate needs to know."""

    declaration: Declaration
    options: Options
    before: Lock | None
    engine: str
    watcher: Watcher | None

    def reports(self, plan: Plan, started: float) -> list[CheckReport]:
        """The reports of all checks, in order; those whose answer is known are not run."""
        done: dict[int, CheckReport] = {}

        def end(number: int, report: CheckReport) -> None:
            done[number] = report
            if self.watcher is not None:
                self.watcher.ended(report)

        if self.watcher is not None:
            self.watcher.planned([planned.run for planned in plan.planned])
        for number, planned in enumerate(plan.planned):
            known = self._known(planned)
            if known is not None:
                end(number, known)
        to_run = [number for number in range(len(plan.planned)) if number not in done]
        shared = room(self.declaration.bounds, self.declaration.workers, started)

        def note(position: int, answer: Answer | None) -> None:
            number = to_run[position]
            if answer is not None:
                end(number, self._answered(plan.planned[number], answer))
            elif self.watcher is not None:
                self.watcher.started(plan.planned[number].run.name)

        runs = [plan.planned[number].run for number in to_run]
        answers = run_all(runs, shared, self.declaration.folder, note) if runs else []
        for number, answer in zip(to_run, answers, strict=True):
            if number not in done:
                end(number, self._answered(plan.planned[number], answer))
        return [done[number] for number in sorted(done)]

    def _known(self, planned: Planned) -> CheckReport | None:
        """The report of a check that cannot be run, or need not."""
        if planned.failure is not None:
            return self._failed(planned, planned.failure, 0.0)
        entry = self.before.entries.get(planned.run.name) if self.before else None
        if self.options.changed and entry is not None:
            judged = unchanged(planned, entry)
            if judged is not None:
                return _report(planned, judged, Source.LOCK)
        if self.options.cache is None:
            return None
        started = time.monotonic()
        cached = Cache(self.options.cache).read(key_of(planned, self.engine))
        if cached is None:
            return None
        return self._compared(planned, cached, Source.CACHE, time.monotonic() - started)

    def _answered(self, planned: Planned, answer: Answer) -> CheckReport:
        if isinstance(answer.result, Failure):
            return self._failed(planned, answer.result, answer.seconds)
        report = self._compared(planned, answer.result, Source.RUN, answer.seconds)
        if self.options.cache is not None and report.judged_ok:
            Cache(self.options.cache).write(key_of(planned, self.engine), answer.result)
        return report

    def _failed(self, planned: Planned, failure: Failure, seconds: float) -> CheckReport:
        stopped = failure.exit is ExitCode.UNDETERMINED
        outcome = Outcome.UNDETERMINED if stopped else Outcome.ERROR
        judged = Judgement(outcome, failure.exit, (failure.message,))
        return _report(planned, judged, Source.RUN, failure=failure, seconds=seconds)

    def _compared(
        self, planned: Planned, result: Result | ProofResult, source: Source, seconds: float
    ) -> CheckReport:
        """A result judged by what was expected, and by the lock."""
        judged = judge(planned.run.check.expected, result)
        found: tuple[Difference, ...] = ()
        if self.before is not None and judged.outcome in (Outcome.OK, Outcome.RED):
            found = self._differences(planned, result)
        report = _report(planned, judged, source, result=result, differences=found, seconds=seconds)
        return report if self.options.update else out_of_date(report)

    def _differences(
        self, planned: Planned, result: Result | ProofResult
    ) -> tuple[Difference, ...]:
        assert self.before is not None
        old = self.before.entries.get(planned.run.name)
        if old is None:
            return (Difference("not in the lock"),)
        return differences(old, entry_of(planned, result), planned.strengths)


def out_of_date(report: CheckReport) -> CheckReport:
    """The report of a check whose differences nobody has accepted: red, if there are any."""
    if report.outcome is not Outcome.OK or not any(one.is_open for one in report.differences):
        return report
    message = f"not as {lock_file.FILE} has it; splitbrain gate --update accepts what is found"
    return replace(
        report, outcome=Outcome.RED, exit=ExitCode.VIOLATED, messages=(*report.messages, message)
    )


def _report(
    planned: Planned,
    judged: Judgement,
    source: Source,
    result: Result | ProofResult | None = None,
    failure: Failure | None = None,
    differences: tuple[Difference, ...] = (),
    seconds: float = 0.0,
) -> CheckReport:
    run = planned.run
    return CheckReport(
        name=run.name,
        place=run.check.place,
        spec=run.spec,
        engine=run.check.engine,
        settings=planned.settings,
        scope=planned.scope,
        expected=run.check.expected,
        outcome=judged.outcome,
        exit=judged.exit,
        source=source,
        result=result,
        failure=failure,
        facts=planned.facts,
        messages=judged.messages,
        differences=differences,
        seconds=seconds,
        judged_ok=judged.outcome is Outcome.OK,
    )


def _gone(plan: Plan, before: Lock | None) -> list[Difference]:
    """The checks that the lock has and nobody declares, as far as all names are known."""
    if before is None or plan.names is None:
        return []
    gone = (name for name in before.entries if name not in plan.names)
    return [Difference(f"check {name} is in the lock, and no longer declared") for name in gone]


def _updated(plan: Plan, checks: Sequence[CheckReport], before: Lock | None) -> Lock:
    """The lock with the results of this run; checks of other profiles keep what they have."""
    old = before or Lock()
    fresh = {
        check.name: entry_of(planned, check.result)
        for planned, check in zip(plan.planned, checks, strict=True)
        if check.result is not None
    }
    names = list(dict.fromkeys((*(plan.names or old.entries), *fresh)))
    known = {**old.entries, **fresh}
    entries = {name: known[name] for name in names if name in known}
    texts = {
        meaning.digest: meaning.text
        for planned in plan.planned
        if planned.digests is not None
        for meaning in planned.digests.properties.values()
    }
    used = {judged.digest for entry in entries.values() for judged in entry.properties.values()}
    meanings = {digest: text for digest, text in {**old.meanings, **texts}.items()}
    return Lock(entries, {digest: meanings[digest] for digest in used if digest in meanings})
