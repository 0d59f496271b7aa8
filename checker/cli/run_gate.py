"""`splitbrain gate`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Final

import platformdirs

from checker.cli.gate_as_json import gate_to_json
from checker.cli.gate_lines import (
    check_lines,
    detail_lines,
    heading_line,
    summary_lines,
    widest,
)
from checker.cli.keep import file_name
from checker.cli.output import complain, paint, say, say_json, width
from checker.cli.progress import LiveLine
from checker.cli.reports.collect import Whys
from checker.cli.reports.explain import explained_traces
from checker.cli.reports.run import Wanted, write_reports
from checker.gate.declaration import Declaration, find, read
from checker.gate.gate import Options, run_gate
from checker.gate.plan import Run
from checker.gate.report import CheckReport, GateReport, Outcome
from checker.lang.errors import ToolError
from checker.result import ExitCode
from counterexamples.file import write

Kept = Mapping[tuple[str, str], Path]
"""Where traces are kept, by check and label."""

MOST_NAME: Final = 100
"""Characters of a check's name in that of a file: a sweep's may be longer than any file's."""

Key = tuple[str, str]
"""A check by its name and its entry: two of the same name are a mistake, and each is told."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote."""

    profile: str | None
    config: Path | None
    changed: bool
    update: bool
    cached: bool
    cache_dir: Path | None
    json: bool
    junit: Path | None
    sarif: Path | None
    markdown: Path | None
    gitlab: Path | None
    github: bool
    out: Path
    quiet: bool
    no_colour: bool


def run(request: Request) -> ExitCode:
    """Run the gate, keep the traces of what is not as expected, print: each check as it ends."""
    wanted = Wanted(request.junit, request.sarif, request.markdown, request.gitlab, request.github)
    wanted.begin(request.json)
    declaration = read(find(Path.cwd()) if request.config is None else request.config.resolve())
    options = Options(request.profile, request.changed, request.update, _cache(request))
    with LiveLine(wanted=not request.json, label="reading the specs") as live:
        shown = _Shown(request, declaration, live)
        report = run_gate(declaration, options, shown)
    files, error = _keep(report, request.out)
    reads = wanted.is_something or not (request.json or request.quiet)
    whys = explained_traces(report, report.declaration.parent) if reads else {}
    if not request.json:
        shown.say_rest(report, files, whys)
    reported = write_reports(report, wanted, whys)
    errors = [*([] if error is None else [error]), *reported.errors]
    if request.json:
        say_json(gate_to_json(report, files, "; ".join(errors) or None))
    say(reported.lines)
    for message in errors:
        complain(f"error: {message}")
    return ExitCode.FAILED if errors else report.exit


def _cache(request: Request) -> Path | None:
    if not request.cached:
        return None
    folder = request.cache_dir or Path(platformdirs.user_cache_dir("splitbrain"))
    return folder / "verdicts"


class _Shown:
    """Says each check as soon as it and all before it have ended, and the rest in the end.

    With --update no line is said before it is known whether everything is accepted.
    """

    def __init__(self, request: Request, declaration: Declaration, live: LiveLine) -> None:
        self._request, self._declaration, self._live = request, declaration, live
        self._streams = not (request.json or request.update)
        self._columns, self._paint = width(), paint(request.no_colour)
        self._names: Sequence[str] = ()
        self._order: Sequence[Key] = ()
        self._running: list[str] = []
        self._ended: dict[Key, CheckReport] = {}
        self._said = 0

    def planned(self, runs: Sequence[Run]) -> None:
        """Begin with what will be judged."""
        self._names = names = [run.name for run in runs]
        self._order = [(run.name, run.check.place) for run in runs]
        if self._streams and not self._request.quiet:
            profile = self._request.profile or self._declaration.profile
            say([heading_line(self._declaration, profile, len(names), self._paint), ""])

    def started(self, name: str) -> None:
        """Show what is running."""
        self._running.append(name)
        self._show()

    def ended(self, report: CheckReport) -> None:
        """Say what is no longer waited for."""
        self._ended[report.name, report.place] = report
        if report.name in self._running:
            self._running.remove(report.name)
        if self._streams:
            self._say_ended()
        self._show()

    def _show(self) -> None:
        if self._running:
            done = f"{len(self._ended)} of {len(self._names)} checks"
            self._live.note(f"{done}  running: {', '.join(self._running)}")

    def _say_ended(self) -> None:
        while self._said < len(self._order) and self._order[self._said] in self._ended:
            self._live.note("")
            self._say(self._ended[self._order[self._said]])
            self._said += 1

    def _say(self, check: CheckReport) -> None:
        say(check_lines(check, widest(self._names), self._columns, self._paint))

    def say_rest(self, report: GateReport, files: Kept, whys: Whys) -> None:
        """What was not said yet, then the details, then the summary."""
        if not self._streams and not self._request.quiet:
            checks = len(report.checks)
            say([heading_line(self._declaration, report.profile, checks, self._paint), ""])
        for check in report.checks[self._said :]:
            self._say(check)
        lines = []
        if not self._request.quiet:
            lines = detail_lines(report, files, whys, self._columns, self._paint)
        say([*lines, "", *summary_lines(report, self._columns, self._paint)])


def _keep(report: GateReport, folder: Path) -> tuple[Kept, str | None]:
    """Write the traces of every check that is red: where each is, or what went wrong."""
    files: dict[tuple[str, str], Path] = {}
    for check in report.checks:
        if check.outcome is not Outcome.RED:
            continue
        for label, trace in check.traces:
            path = _free(folder, check.name, label, files.values())
            try:
                write(trace, path)
            except ToolError as error:
                return files, str(error)
            files[check.name, label] = path
    return files, None


def _free(folder: Path, check: str, label: str, taken: Collection[Path]) -> Path:
    """A file of its own for each trace, also where names differ only in what no file name has."""
    short = check.replace("/", ".")[:MOST_NAME]
    suffixes = chain(["gate"], (f"gate-{number}" for number in count(2)))
    paths = (folder / file_name(short, label, suffix) for suffix in suffixes)
    return next(path for path in paths if path not in taken)
