"""Workflow commands of GitHub: the findings as annotations beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from checker.cli.reports.cases import Case, Status, Suite
from checker.cli.reports.texts import cut, explained

MOST: Final = 10
"""GitHub shows no more annotations of a kind for a step of a job, and drops the rest."""
MOST_MESSAGE: Final = 4_000

Found = Sequence[tuple[Suite, Case]]


def github(suites: Sequence[Suite]) -> list[str]:
    """The lines to print, errors first."""
    found = [(suite, case) for suite in suites for case in suite.causes]
    errors = [one for one in found if one[1].status is not Status.UNDETERMINED]
    warnings = [one for one in found if one[1].status is Status.UNDETERMINED]
    return [*_commands("error", errors), *_commands("warning", warnings)]


def _commands(kind: str, found: Found) -> list[str]:
    shown = found if len(found) <= MOST else found[: MOST - 1]
    lines = [_command(kind, suite, case) for suite, case in shown]
    if left_out := len(found) - len(shown):
        text = f"and {left_out} more: GitHub shows {MOST} of a kind; the job summary has them all"
        lines.append(f"::{kind} title=splitbrain::{_data(text)}")
    return lines


def _command(kind: str, suite: Suite, case: Case) -> str:
    place = case.place
    properties = {
        "file": place.file,
        "line": str(place.line),
        "col": str(place.column),
        "title": f"splitbrain: {suite.name}: {case.name}",
    }
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = cut("\n".join(explained(case)), MOST_MESSAGE)
    return f"::{kind} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
