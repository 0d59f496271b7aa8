"""`splitbrain check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.check import Options, check
from checker.cli import options
from checker.cli.as_json import result_to_json, sweep_to_json
from checker.cli.keep import keep, suffix_of
from checker.cli.output import complain, paint, say, say_json, width
from checker.cli.progress import LiveLine
from checker.cli.terminal import header_lines, result_lines, sweep_lines, verdict_lines
from checker.explicit.outcome import Limits, Stop
from checker.lang.load import LoadedSpec, load
from checker.result import ExitCode, Result, worst


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote, not yet read."""

    spec: str
    settings: Sequence[str]
    scopes: Sequence[str]
    properties: Sequence[str]
    go_on: bool
    deadlock: bool
    cone: bool
    states: int | None
    memory: str | None
    seconds: float | None
    json: bool
    out: Path
    quiet: bool
    no_colour: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A result, where its traces are kept, and what went wrong in keeping them."""

    result: Result
    files: Mapping[str, Path]
    error: str | None

    @property
    def exit(self) -> ExitCode:
        """The code of the result, unless a trace could not be kept."""
        return ExitCode.FAILED if self.error else self.result.exit


def run(request: Request) -> ExitCode:
    """Check, keep the traces, print: a run, or a sweep of several."""
    settings = options.parse_settings(request.settings)
    scopes = options.parse_scopes(request.scopes)
    names = options.swept(settings, scopes)
    chosen = options.runs(settings, scopes)
    search = _search_options(request)
    loaded = load(request.spec)
    finished: list[Run] = []
    for some_settings, some_scope in chosen:
        finished.append(_run(request, loaded, some_settings, some_scope, search, names))
        if finished[-1].result.stop == Stop.INTERRUPT.value:
            break
    if request.json:
        _print_json(finished, bool(names))
    else:
        _print(request, finished, names)
    for error in dict.fromkeys(done.error for done in finished if done.error):
        complain(f"error: {error}")
    unfinished = [] if len(finished) == len(chosen) else [ExitCode.UNDETERMINED]
    return worst([*(done.exit for done in finished), *unfinished])


def _search_options(request: Request) -> Options:
    memory = None if request.memory is None else options.parse_size(request.memory)
    return Options(
        properties=tuple(request.properties),
        go_on=request.go_on,
        deadlock=request.deadlock,
        cone=request.cone,
        limits=Limits(request.states, memory, request.seconds),
    )


def _run(
    request: Request,
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    search: Options,
    names: tuple[str, ...],
) -> Run:
    with LiveLine(wanted=not request.quiet) as live:
        result = check(loaded, settings, scope, search, live)
    return Run(result, *keep(result, request.out, suffix_of(names, result)))


def _print_json(finished: Sequence[Run], is_sweep: bool) -> None:
    documents = [result_to_json(done.result, done.files, done.error) for done in finished]
    say_json(sweep_to_json(documents) if is_sweep else documents[0])


def _print(request: Request, finished: Sequence[Run], names: tuple[str, ...]) -> None:
    style, columns = paint(request.no_colour), width()
    if names:
        first = finished[0].result
        heading = [] if request.quiet else [*header_lines(first, columns, style, names), ""]
        runs = [(done.result, done.files) for done in finished]
        say([*heading, *sweep_lines(names, runs, columns, style)])
    elif request.quiet:
        say(verdict_lines(finished[0].result, {}, columns, style, traces=False))
    else:
        say(result_lines(finished[0].result, finished[0].files, columns, style))
