"""`splitbrain show`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from checker.cli.explain_lines import explanation_lines
from checker.cli.explanations import Asked, kept_explanation
from checker.cli.output import paint, say, width
from checker.cli.reasons import selection, why_of
from checker.cli.show_html import write_page
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import load
from checker.prepare import prepare
from checker.result import ExitCode
from checker.trace import Trace
from counterexamples.explanation import Explanation
from counterexamples.fate import Fate, margin
from counterexamples.file import read
from counterexamples.label import MuseumError
from counterexamples.layout import Style, fold
from counterexamples.museum_cases import Entry, entries, named, suggestion
from counterexamples.paint import Paint
from counterexamples.recheck import Drift, recheck, unchanged
from counterexamples.render_museum import label_lines, list_lines
from counterexamples.render_start import start_lines
from counterexamples.render_terminal import (
    INDENT,
    end_lines,
    header_lines,
    one_step,
    state_lines,
    steps_table,
    whole,
)
from counterexamples.why.answer import Why
from counterexamples.why.lines import why_lines

ENTRY = re.compile(r"[A-Za-z]+-?\d[\w-]*", re.ASCII)
"""What is taken for a museum entry, unless there is a file of this name: `R26`, `KIP-101`."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote."""

    what: str
    step: int | None
    full: bool
    only: Sequence[str]
    hide: Sequence[str]
    html: Path | None
    no_colour: bool
    explain: bool = False
    explain_states: int | None = None
    explain_seconds: float | None = None
    imported: Trace | None = None


def run(request: Request) -> ExitCode:
    """Show a kept trace or a museum entry, and say whether the spec still does what it shows."""
    style, columns = paint(request.no_colour), width()
    path = Path(request.what)
    if request.imported or not ENTRY.fullmatch(request.what) or path.exists():
        _show(request.imported or read(path), None, request, columns, style)
        return ExitCode.HOLDS
    known = entries()
    found = named(request.what, known)
    if not found:
        raise MuseumError(
            f"there is no file {path}, and no such entry in the museum; "
            + suggestion(request.what, known)
        )
    if len(found) > 1:
        help = style.faint(f"splitbrain show {found[0].id}")
        say([*list_lines(found, columns, style), "", f"  to see one: {help}"])
    else:
        _show_entry(found[0], request, columns, style)
    return ExitCode.HOLDS


def _show_entry(entry: Entry, request: Request, columns: int, style: Paint) -> None:
    """The label, and the trace; with `--step` only the trace."""
    if request.step is None:
        say(label_lines(entry, columns, style))
    if entry.trace_file.exists():
        say([""] if request.step is None else [])
        _show(read(entry.trace_file), entry, request, columns, style)
    elif request.html is not None or request.explain:
        raise MuseumError(f"{entry.id} has no trace: what is never reached has no picture")


def _show(trace: Trace, entry: Entry | None, request: Request, columns: int, style: Paint) -> None:
    """The trace; and with `--html` the page, and where it is."""
    asked = Asked(request.explain, request.explain_states, request.explain_seconds)
    bounds = asked.bounds()
    is_shown = request.step is None or request.html is not None
    told = kept_explanation(trace, bounds) if bounds is not None and is_shown else None
    say(_trace_lines(trace, request, told, columns, style))
    if request.html is not None:
        write_page(trace, entry, request.html, told)
        say(["", f"  {style.faint('page')}  {request.html}"])


def _trace_lines(
    trace: Trace, request: Request, told: Explanation | None, columns: int, style: Paint
) -> list[str]:
    if request.step is not None and not 0 <= request.step <= len(trace.steps):
        raise click.UsageError(f"--step {request.step}: the trace has steps 0..{len(trace.steps)}")
    shown = selection(request.only, request.hide).of(trace)
    known = _known(trace, columns, style)
    head = header_lines(trace, columns, style, None if request.full else known.defaults)
    fate = None if told is None else told.fate
    body = _body(shown, request, known, fate, columns, style)
    if request.step is not None:
        return [*head, "", *body, "", *known.replayed]
    reason = [] if known.why is None else ["", *why_lines(known.why, columns, style)]
    if told is not None:
        reason += ["", *explanation_lines(trace, told, columns, style)]
    return [*head, "", *body, *reason, "", *known.replayed]


def _body(
    trace: Trace,
    request: Request,
    known: _Known,
    fate: Fate | None,
    columns: int,
    style: Paint,
) -> list[str]:
    if request.step == 0 or (request.step is None and not request.full and not trace.steps):
        return [f"{INDENT}initial state", *state_lines(trace, trace.states[0], columns, style)]
    if request.step is not None:
        step = trace.steps[request.step - 1]
        return one_step(trace, request.step, step, columns, style)
    if request.full:
        return whole(trace, columns, style)
    beside = None if fate is None else margin(fate)
    steps = steps_table(trace, columns, style, why=known.why, margin=beside)
    return [*start_lines(trace, columns, style), *steps, *end_lines(trace, columns, style)]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the spec says of a trace today; of one that it does no more, only that."""

    replayed: list[str]
    why: Why | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)


def _known(trace: Trace, columns: int, style: Paint) -> _Known:
    """Whether the spec still does this: a kept trace may be older than the spec; and if so, why."""
    properties = () if trace.property is None else (trace.property,)
    try:
        prepared = prepare(load(trace.spec), trace.settings, trace.scope, properties)
        drift = recheck(prepared.model, prepared.semantics, trace)
        why = why_of(trace) if drift is None else None
    except (SpecError, ToolError) as error:
        lines = fold([f"not replayed, shown as kept: {error}"], columns)
        return _Known([style.doubtful(line) for line in lines])
    text, mark = _outcome(trace, drift, style)
    return _Known([mark(line) for line in fold([text], columns)], why, prepared.defaults)


def _outcome(trace: Trace, drift: Drift | None, style: Paint) -> tuple[str, Style]:
    if drift is None:
        return unchanged(trace), style.good
    return f"the spec has changed: {drift}", style.bad
