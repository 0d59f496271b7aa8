"""The gate as text for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Final

from checker.cli.reports.collect import Whys
from checker.gate.declaration import Declaration
from checker.gate.entry import in_words
from checker.gate.report import CheckReport, GateReport, Outcome, ProofResult, Source
from checker.result import Result
from checker.trace import Ending
from counterexamples.layout import Style, fold
from counterexamples.paint import Paint
from counterexamples.render_terminal import INDENT, count, headline, steps_table
from counterexamples.why.lines import why_lines

Files = Mapping[tuple[str, str], Path]

MOST_NAME: Final = 44

MARKS: Final = {
    Outcome.OK: "✓",
    Outcome.RED: "✗",
    Outcome.ERROR: "!",
    Outcome.UNDETERMINED: "?",
}


def heading_line(declaration: Declaration, profile: str, checks: int, paint: Paint) -> str:
    """What is run: the file, the profile, how many checks."""
    return f"{paint.strong(declaration.file.name)}  profile {profile}  {count(checks, 'check')}"


def widest(names: Sequence[str]) -> int:
    """The room for the names of checks; a name that is much longer than most gets a line."""
    return min(max(map(len, names), default=0), MOST_NAME)


def check_lines(check: CheckReport, room: int, width: int, paint: Paint) -> list[str]:
    """A line for a check: its name, what it amounts to, how much was done for it."""
    head = f"{_style(check.outcome, paint)(MARKS[check.outcome])} {check.name.ljust(room)}"
    first, *more = fold(list(_words(check)), max(30, width - room - 4), "  ")
    below = " " * (room + 4)
    if len(check.name) > room:
        return [head, *(below + line.strip() for line in (first, *more))]
    return [f"{head}  {first}", *(below + line.strip() for line in more)]


def _style(outcome: Outcome, paint: Paint) -> Style:
    match outcome:
        case Outcome.OK:
            return paint.good
        case Outcome.UNDETERMINED:
            return paint.doubtful
        case _:
            return paint.bad


def _words(check: CheckReport) -> Iterator[str]:
    yield _outcome(check)
    if isinstance(check.result, Result) and check.result.solver is None:
        yield count(check.result.states, "state")
    if check.source is Source.RUN:
        yield f"{check.seconds:.1f} s"
    else:
        yield check.source.value


def _outcome(check: CheckReport) -> str:
    match check.outcome:
        case Outcome.OK if check.expected.property is not None:
            return f"as expected: {in_words(check.expected)}"
        case Outcome.OK:
            return _holds(check)
        case Outcome.RED if check.judged_ok:
            return "not as the lock has it"
        case Outcome.ERROR:
            return "error"
        case Outcome.UNDETERMINED:
            return "undetermined"
        case _:
            return check.messages[0] if check.messages else "red"


def _holds(check: CheckReport) -> str:
    match check.result:
        case Result(properties=judged):
            return f"{_properties(len(judged))} hold" + ("s" if len(judged) == 1 else "")
        case ProofResult(rows=rows):
            return f"{_properties(len(rows))} proved"
        case None:
            return "holds"


def _properties(number: int) -> str:
    return f"{number} {'property' if number == 1 else 'properties'}"


def detail_lines(
    report: GateReport, files: Files, whys: Whys, width: int, paint: Paint
) -> list[str]:
    """Why a check is not ok, with the shortest trace; and what differs from the lock."""
    lines: list[str] = []
    for check in report.checks:
        own = [*_messages(check, width, paint), *_differences(check, width, paint)]
        own += _trace(check, files, whys, width, paint)
        if own:
            title = _style(check.outcome, paint)(MARKS[check.outcome])
            lines += ["", f"{title} {paint.strong(check.name)}  {paint.faint(check.place)}", *own]
    return lines


def _messages(check: CheckReport, width: int, paint: Paint) -> list[str]:
    if check.judged_ok:
        return []
    if check.failure is not None:
        return [INDENT + line for line in check.failure.message.splitlines()]
    return [INDENT + line for text in check.messages for line in fold([text], width - len(INDENT))]


def _differences(check: CheckReport, width: int, paint: Paint) -> list[str]:
    lines = []
    for found in check.differences:
        text = f"{found.text} (accepted)" if found.is_accepted else found.text
        first, *more = fold([text], width - len(INDENT) - 3)
        sign = paint.faint("·") if found.is_note else paint.doubtful("≠")
        lines.append(f"{INDENT}{sign} {first}")
        lines += [f"{INDENT}  {line.strip()}" for line in more]
    return lines


def _trace(check: CheckReport, files: Files, whys: Whys, width: int, paint: Paint) -> list[str]:
    """The shortest trace of a check that is red for what it found."""
    if check.outcome is not Outcome.RED or check.judged_ok:
        return []
    bad = [(label, trace) for label, trace in check.traces if trace.ending is not Ending.REACHED]
    if not bad:
        return []
    label, trace = min(bad, key=lambda pair: len(pair[1].steps))
    lines = [""] if len(bad) == 1 else ["", f"{INDENT}{label}: {headline(trace)}"]
    why = whys.get((check.name, label))
    lines += steps_table(trace, width, paint, why=why) if trace.steps else []
    gap = [""] if trace.steps else []
    lines += [] if why is None else [*gap, *why_lines(why, width, paint)]
    if kept := files.get((check.name, label)):
        lines.append(f"{INDENT}{paint.faint('see')}  splitbrain show {quote(kept.as_posix())}")
    return lines


def summary_lines(report: GateReport, width: int, paint: Paint) -> list[str]:
    """How many checks are what, and what became of the lock."""
    parts = []
    for outcome in Outcome:
        if found := report.count(outcome):
            parts.append(_style(outcome, paint)(f"{found} {outcome.value}"))
    known = (
        (Source.CACHE, "cached"),
        (Source.LOCK, Source.LOCK.value),
    )
    for source, words in known:
        if found := sum(check.source is source for check in report.checks):
            parts.append(f"{found} {words}")
    lines = ["  ".join([*parts, f"{report.seconds:.1f} s"])]
    notes = [*(one.text for one in report.differences), *report.messages, *_lock_notes(report)]
    for note in notes:
        first, *more = fold([note], width - 8)
        lines.append(f"  {paint.faint('lock')}  {first}")
        lines += ["        " + line.strip() for line in more]
    return lines


def _lock_notes(report: GateReport) -> list[str]:
    name = report.lock.name
    if report.lock_written:
        return [f"{name} is written: commit it"]
    if not report.has_lock:
        return [f"there is no {name}: splitbrain gate --update records the state spaces"]
    checks = (one for check in report.checks for one in check.differences)
    if any(one.is_open for one in (*checks, *report.differences)):
        return [f"{name} is out of date: run splitbrain gate --update, and commit it"]
    return []
