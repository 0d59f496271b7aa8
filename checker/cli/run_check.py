"""`splitbrain check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

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
from counterexamples.render_terminal import count


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
    engine: str
    depth: int | None

    def refuse_what_does_not_fit(self) -> None:
        """Raise for options that the chosen engine cannot heed."""
        if self.engine == "explicit":
            if self.depth is not None:
                raise click.UsageError(
                    "--depth is for --engine z3; a search of states has no bound"
                )
            return
        if self.depth is None:
            raise click.UsageError("--engine z3 asks about paths of some length: write --depth N")
        for option, given in (("--deadlock", self.deadlock), ("--max-states", self.states)):
            if given:
                raise click.UsageError(
                    f"{option} is for --engine explicit; a solver visits no state"
                )


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
    request.refuse_what_does_not_fit()
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
    if request.depth is not None:
        result = _bounded(request, request.depth, loaded, settings, scope, search)
    else:
        with LiveLine(wanted=not request.quiet) as live:
            result = check(loaded, settings, scope, search, live)
    return Run(result, *keep(result, request.out, suffix_of(names, result)))


def _bounded(
    request: Request,
    depth: int,
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    search: Options,
) -> Result:
    from checker import bounded

    limits = search.limits
    chosen = bounded.Options(depth, search.properties, search.go_on, limits.seconds, limits.memory)
    with LiveLine(wanted=not request.quiet, label="encoding") as live:

        def progress(steps: int) -> None:
            live.note(f"paths of {count(steps, 'step')}, of at most {depth:,}")

        return bounded.check_bounded(loaded, settings, scope, chosen, progress)


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
