"""`splitbrain synthesize`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from checker.check import Options
from checker.cli import options
from checker.cli.keep import keep, suffix_of
from checker.cli.output import complain, paint, say, say_json, width
from checker.cli.progress import LiveLine
from checker.cli.synthesis_as_json import synthesis_to_json
from checker.cli.synthesis_lines import condition_lines, synthesis_lines
from checker.explicit.outcome import Limits
from checker.lang.load import LoadedSpec, load
from checker.result import ExitCode
from checker.synthesize import Grid, Question, Synthesis, grid, synthesize

Files = Mapping[int, Mapping[str, Path]]


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote, not yet read."""

    spec: str
    over: Sequence[str]
    over_scope: Sequence[str]
    settings: Sequence[str]
    scopes: Sequence[str]
    properties: Sequence[str]
    states: int | None
    memory: str | None
    seconds: float | None
    json: bool
    out: Path
    quiet: bool
    no_colour: bool


def run(request: Request) -> ExitCode:
    """Check every combination, keep the traces of those that are unsafe, print the condition."""
    question = _question(request)
    loaded = load(request.spec)
    found = synthesize(
        loaded,
        _grid(loaded, question),
        _search_options(request),
        lambda label: LiveLine(wanted=not request.quiet, label=label),
    )
    files, error = _keep(found, request.out)
    if request.json:
        say_json(synthesis_to_json(found, files, error))
    elif request.quiet:
        say(condition_lines(found, width(), paint(request.no_colour)))
    else:
        say(synthesis_lines(found, files, width(), paint(request.no_colour)))
    if error is not None:
        complain(f"error: {error}")
        return ExitCode.FAILED
    return found.exit


def _question(request: Request) -> Question:
    """Each name is either fixed or tried, and a setting or a bound."""
    over = options.parse_over(request.over)
    over_scope = options.parse_scopes(request.over_scope, "--over-scope")
    settings = options.parse_settings(request.settings)
    scopes = options.parse_scopes(request.scopes)
    if not over and not over_scope:
        raise click.UsageError("name what to vary: --over SETTING or --over-scope NAME=LOW..HIGH")
    if names := options.swept(settings, scopes):
        option = "--over" if names[0] in settings else "--over-scope"
        raise click.UsageError(f"{names[0]} has several values here: give them to {option}")
    for tried, others in ((over, settings), (over_scope, scopes), (over, over_scope)):
        if both := [name for name in tried if name in others]:
            raise click.UsageError(f"{both[0]} is given twice")
    ((fixed, scope),) = options.runs(settings, scopes)
    return Question(over, over_scope, fixed, scope)


def _grid(loaded: LoadedSpec, question: Question) -> Grid:
    asked = grid(loaded, question)
    if asked.size > options.MOST_RUNS:
        message = f"{asked.size:,} combinations are more than {options.MOST_RUNS:,}"
        raise click.UsageError(message)
    return asked


def _search_options(request: Request) -> Options:
    memory = None if request.memory is None else options.parse_size(request.memory)
    limits = Limits(request.states, memory, request.seconds)
    return Options(properties=tuple(request.properties), limits=limits)


def _keep(found: Synthesis, folder: Path) -> tuple[Files, str | None]:
    """Write the traces of every unsafe combination: where they are, by its number."""
    names = tuple(column.name for column in found.grid.columns)
    files: dict[int, Mapping[str, Path]] = {}
    for number, one in enumerate(found.decided):
        if one.failure is not None and one.result is not None:
            files[number], error = keep(one.result, folder, suffix_of(names, one.result))
            if error is not None:
                return files, error
    return files, None
