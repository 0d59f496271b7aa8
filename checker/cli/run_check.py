"""`splitbrain check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from checker.audit.findings import Audit
from checker.check import Options, check
from checker.cli import options
from checker.cli.as_json import result_to_json, sweep_to_json
from checker.cli.audit_lines import audit_lines, finding_lines
from checker.cli.explanations import Asked, explanations
from checker.cli.keep import keep, suffix_of
from checker.cli.output import complain, paint, say, say_json, width
from checker.cli.progress import LiveLine
from checker.cli.reasons import reasons, selection
from checker.cli.run_audit import audit_after, refuse_what_does_not_fit
from checker.cli.terminal import header_lines, result_lines, sweep_lines, verdict_lines
from checker.explicit.outcome import Limits, Stop
from checker.given import Given, read_given
from checker.lang.load import LoadedSpec, load
from checker.prevention import Bounds
from checker.result import ExitCode, Result, worst
from counterexamples.explanation import Explanation
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
    only: Sequence[str]
    hide: Sequence[str]
    interesting: bool
    audit: bool
    explain: bool
    explain_states: int | None
    explain_seconds: float | None
    from_file: Path | None
    assumed: Sequence[str]
    most_initial: int

    def refuse_what_does_not_fit(self) -> None:
        """Raise for options that the chosen engine, or another option, cannot heed."""
        if self.from_file is not None or self.assumed:
            if self.audit:
                raise click.UsageError(
                    "--audit is about where the spec starts: not with --from or --assume"
                )
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
    """A result, where its traces are kept, and what went wrong in keeping them; and its audit."""

    result: Result
    files: Mapping[str, Path]
    error: str | None
    audit: Audit | None = None
    explanations: Mapping[str, Explanation] = field(default_factory=dict)

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
    if request.audit:
        refuse_what_does_not_fit(request.engine, names)
    asked = Asked(request.explain, request.explain_states, request.explain_seconds)
    bounds = asked.bounds(names, request.quiet and not request.json)
    search = _search_options(request)
    loaded = load(request.spec)
    selection(request.only, request.hide).refuse_unknown(loaded, *chosen[0])
    finished: list[Run] = []
    for some_settings, some_scope in chosen:
        finished.append(_run(request, loaded, some_settings, some_scope, search, names))
        if finished[-1].result.stop == Stop.INTERRUPT.value:
            break
    if bounds is not None:
        finished = [_explained(done, loaded, bounds, request.quiet) for done in finished]
    if request.json:
        _print_json(finished, bool(names))
    else:
        _print(request, finished, names)
    for error in dict.fromkeys(done.error for done in finished if done.error):
        complain(f"error: {error}")
    unfinished = [] if len(finished) == len(chosen) else [ExitCode.UNDETERMINED]
    return worst([*(done.exit for done in finished), *unfinished])


def _explained(done: Run, loaded: LoadedSpec, bounds: Bounds, quiet: bool) -> Run:
    """A run whose traces are kept already: however long explaining takes, they are there."""
    return replace(done, explanations=explanations(loaded, done.result, bounds, quiet))


def _search_options(request: Request) -> Options:
    memory = None if request.memory is None else options.parse_size(request.memory)
    return Options(
        properties=tuple(request.properties),
        go_on=request.go_on,
        deadlock=request.deadlock,
        cone=request.cone,
        limits=Limits(request.states, memory, request.seconds),
        given=_given(request),
        most_initial=request.most_initial,
        interesting=request.interesting,
    )


def _given(request: Request) -> Given:
    """Where the user wants to start."""
    assumed = tuple(request.assumed)
    return (
        Given(assumed=assumed)
        if request.from_file is None
        else read_given(request.from_file, assumed)
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

            def solving(states: int) -> None:
                live.note(f"{count(states, 'initial state')} so far")

            result = check(loaded, settings, scope, search, live, solving)
    kept = keep(result, request.out, suffix_of(names, result))
    if not request.audit:
        return Run(result, *kept)
    properties, limits = search.properties, search.limits
    audit = audit_after(result, loaded, settings, scope, properties, limits, request.quiet)
    return Run(result, *kept, audit)


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
    chosen = bounded.Options(
        depth, search.properties, search.go_on, limits.seconds, limits.memory, search.given
    )
    with LiveLine(wanted=not request.quiet, label="encoding") as live:

        def progress(steps: int) -> None:
            live.note(f"paths of {count(steps, 'step')}, of at most {depth:,}")

        return bounded.check_bounded(loaded, settings, scope, chosen, progress)


def _print_json(finished: Sequence[Run], is_sweep: bool) -> None:
    documents = [
        result_to_json(done.result, done.files, done.error, done.audit, done.explanations)
        for done in finished
    ]
    say_json(sweep_to_json(documents) if is_sweep else documents[0])


def _print(request: Request, finished: Sequence[Run], names: tuple[str, ...]) -> None:
    style, columns = paint(request.no_colour), width()
    if names:
        first = finished[0].result
        heading = [] if request.quiet else [*header_lines(first, columns, style, names), ""]
        runs = [(done.result, done.files) for done in finished]
        say([*heading, *sweep_lines(names, runs, columns, style)])
    elif request.quiet:
        say(verdict_lines(finished[0].result, style))
    else:
        result = finished[0].result
        chosen = selection(request.only, request.hide)
        files, told = finished[0].files, finished[0].explanations
        say(result_lines(result, files, columns, style, reasons(result), chosen, told))
    for done in finished:
        if done.audit is not None:
            shown = finding_lines if request.quiet else audit_lines
            say(["", *shown(done.audit, columns, style)])
