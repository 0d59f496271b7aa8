"""`splitbrain show`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

from checker.cli.output import paint, say, width
from checker.cli.show_html import write_page
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import load
from checker.prepare import prepare
from checker.result import ExitCode
from checker.trace import Trace
from counterexamples.file import read
from counterexamples.label import MuseumError
from counterexamples.layout import Style, fold
from counterexamples.museum_cases import Entry, entries, named, suggestion
from counterexamples.paint import Paint
from counterexamples.recheck import Drift, recheck
from counterexamples.render_museum import label_lines, list_lines
from counterexamples.render_terminal import (
    INDENT,
    header_lines,
    one_step,
    state_lines,
    steps_table,
    whole,
)

ENTRY = re.compile(r"[A-Za-z]+-?\d[\w-]*", re.ASCII)
"""What is taken for a museum entry, unless there is a file of this name: `R26`, `KIP-101`."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote."""

    what: str
    step: int | None
    all: bool
    html: Path | None
    no_colour: bool


def run(request: Request) -> ExitCode:
    """Show a kept trace or a museum entry, and say whether the spec still does what it shows."""
    style, columns = paint(request.no_colour), width()
    path = Path(request.what)
    if not ENTRY.fullmatch(request.what) or path.exists():
        trace = read(path)
        say(_trace_lines(trace, request, columns, style))
        _keep_page(trace, None, request, style)
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
        say(_entry_lines(found[0], request, columns, style))
        if found[0].trace_file.exists():
            _keep_page(read(found[0].trace_file), found[0], request, style)
        elif request.html is not None:
            raise MuseumError(f"{found[0].id} has no trace: what is never reached has no picture")
    return ExitCode.HOLDS


def _keep_page(trace: Trace, entry: Entry | None, request: Request, style: Paint) -> None:
    """With `--html`: the page, and where it is."""
    if request.html is not None:
        write_page(trace, entry, request.html)
        say(["", f"  {style.faint('page')}  {request.html}"])


def _entry_lines(entry: Entry, request: Request, columns: int, style: Paint) -> list[str]:
    """The label, and the trace; with `--step` only the trace."""
    label = label_lines(entry, columns, style) if request.step is None else []
    if not entry.trace_file.exists():
        return label
    return [*label, "", *_trace_lines(read(entry.trace_file), request, columns, style)]


def _trace_lines(trace: Trace, request: Request, columns: int, style: Paint) -> list[str]:
    if request.step is not None and not 0 <= request.step <= len(trace.steps):
        raise click.UsageError(f"--step {request.step}: the trace has steps 0..{len(trace.steps)}")
    body = _body(trace, request, columns, style)
    head = header_lines(trace, columns, style)
    return [*head, "", *body, "", *_replayed(trace, columns, style)]


def _body(trace: Trace, request: Request, columns: int, style: Paint) -> list[str]:
    if request.step == 0 or (request.step is None and not request.all and not trace.steps):
        return [f"{INDENT}initial state", *state_lines(trace, trace.states[0], columns, style)]
    if request.step is not None:
        step = trace.steps[request.step - 1]
        return one_step(trace, request.step, step, columns, style)
    return (whole if request.all else steps_table)(trace, columns, style)


def _replayed(trace: Trace, columns: int, style: Paint) -> list[str]:
    """Whether the spec still does this: a kept trace may be older than the spec."""
    properties = () if trace.property is None else (trace.property,)
    try:
        prepared = prepare(load(trace.spec), trace.settings, trace.scope, properties)
        drift = recheck(prepared.model, prepared.semantics, trace)
    except (SpecError, ToolError) as error:
        lines = fold([f"not replayed, shown as kept: {error}"], columns)
        return [style.doubtful(line) for line in lines]
    text, mark = _outcome(trace, drift, style)
    return [mark(line) for line in fold([text], columns)]


def _outcome(trace: Trace, drift: Drift | None, style: Paint) -> tuple[str, Style]:
    if drift is None:
        return f"replayed in Python: still {trace.ending.value}", style.good
    where = f"step {drift.step}" if drift.step else "the initial state"
    return f"the spec has changed: at {where}, {drift.message}", style.bad
