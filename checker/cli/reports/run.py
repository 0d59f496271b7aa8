"""The reports that a user asked for: written, each for itself, whatever became of the others."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from checker.cli.reports.cases import Suite
from checker.cli.reports.collect import Whys, suites_of
from checker.cli.reports.github import github
from checker.cli.reports.gitlab import gitlab
from checker.cli.reports.junit import junit
from checker.cli.reports.markdown import MOST_BYTES, markdown
from checker.cli.reports.places import repository
from checker.cli.reports.sarif import sarif
from checker.gate.report import GateReport
from checker.lang.errors import ToolError
from counterexamples.file import write_text

SUMMARY = "GITHUB_STEP_SUMMARY"

Suites = tuple[Suite, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files to write, and whether to speak to GitHub."""

    junit: Path | None = None
    sarif: Path | None = None
    markdown: Path | None = None
    gitlab: Path | None = None
    github: bool = False

    @property
    def files(self) -> Mapping[str, Path]:
        """The files by option."""
        given = {
            "--junit": self.junit,
            "--sarif": self.sarif,
            "--markdown": self.markdown,
            "--gitlab": self.gitlab,
        }
        return {option: path for option, path in given.items() if path is not None}

    @property
    def is_something(self) -> bool:
        """Whether any report is wanted."""
        return bool(self.files) or self.github

    def begin(self, json: bool) -> None:
        """Refuse what does not fit; remove what an earlier run wrote.

        If the gate cannot begin, no file then says that all was well.
        """
        if self.github and json:
            raise click.UsageError("--github prints its own lines, and --json prints nothing else")
        places = Counter(path.absolute() for path in self.files.values())
        if twice := [option for option, path in self.files.items() if places[path.absolute()] > 1]:
            raise click.UsageError(f"{' and '.join(twice)} name the same file")
        for option, path in self.files.items():
            if not _is_replaceable(path):
                raise click.UsageError(f"{option}: {path} is no plain file, and is left alone")
        for path in self.files.values():
            with suppress(OSError):
                path.unlink()


def _is_replaceable(path: Path) -> bool:
    """Whether a report may take the place of what is there: not of `/dev/stdout`, or a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:  # nothing is there, or nothing that can be looked at: writing will tell
        return True


@dataclass(frozen=True, slots=True)
class Reported:
    """What is left to print for GitHub, and what could not be written."""

    lines: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def write_reports(report: GateReport, wanted: Wanted, whys: Whys) -> Reported:
    """Write everything that is wanted."""
    if not wanted.is_something:
        return Reported()
    suites = suites_of(report, repository(report), whys)
    errors = tuple(_errors(report, suites, wanted))
    return Reported(tuple(github(suites)) if wanted.github else (), errors)


def _errors(report: GateReport, suites: Suites, wanted: Wanted) -> Iterator[str]:
    makers: Mapping[str, Callable[[], str]] = {
        "--junit": lambda: junit(suites, report.seconds),
        "--sarif": lambda: sarif(suites, report),
        "--markdown": lambda: markdown(suites, report),
        "--gitlab": lambda: gitlab(suites),
    }
    for option, path in wanted.files.items():
        try:
            write_text(makers[option](), path, f"name another file: {option}")
        except ToolError as error:
            yield str(error)
    summary = os.environ.get(SUMMARY)
    if wanted.github and summary:
        yield from _append(Path(summary), report, suites)


def _append(path: Path, report: GateReport, suites: Suites) -> Iterator[str]:
    """Add to what other steps of the same job said: they share the room."""
    try:
        taken = path.stat().st_size if path.exists() else 0
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(markdown(suites, report, MOST_BYTES - taken))
    except OSError as error:
        yield f"cannot write {path}: {error.strerror or error}"
