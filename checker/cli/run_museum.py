"""`splitbrain museum`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from checker.cli.explanations import Asked, kept_explanation
from checker.cli.output import paint, say, say_json, width
from checker.cli.progress import LiveLine
from checker.cli.show_html import write_museum
from checker.cli.version import VERSION
from checker.lang.errors import ToolError
from checker.museum import Judged, described, judge
from checker.result import ExitCode
from checker.trace import Trace
from counterexamples.explanation import Explanation
from counterexamples.file import write
from counterexamples.museum_cases import Entry, Side, choose, entries
from counterexamples.paint import Paint
from counterexamples.render_museum import difference_lines, list_lines, trace_text


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote."""

    names: Sequence[str]
    checks: bool
    nightly: bool
    update: bool
    json: bool
    html: Path | None
    no_colour: bool
    explain: bool = False
    explain_states: int | None = None
    explain_seconds: float | None = None


def run(request: Request) -> ExitCode:
    """List the entries, or put them to the test."""
    explained = _explainer(request)
    known = entries()
    chosen = choose(request.names, known) if request.names else known
    if request.checks or request.update:
        return _check(request, chosen)
    if request.html is not None:
        written = write_museum(chosen, request.html, explained)
        say([f"{len(chosen)} entries: {written}"])
        return ExitCode.HOLDS
    if request.json:
        say_json({"version": VERSION, "entries": [_entry(entry) for entry in chosen]})
    else:
        say(list_lines(chosen, width(), paint(request.no_colour)))
    return ExitCode.HOLDS


def _explainer(request: Request) -> Callable[[Trace], Explanation | None]:
    """What explains the traces on the pages, if it was asked for."""
    asked = Asked(request.explain, request.explain_states, request.explain_seconds)
    bounds = asked.bounds()
    if bounds is not None and (request.html is None or request.checks or request.update):
        raise click.UsageError("--explain is for --html")
    return lambda trace: None if bounds is None else kept_explanation(trace, bounds)


def _check(request: Request, chosen: Sequence[Entry]) -> ExitCode:
    """One after the other; each is said as soon as it is known, for some take long."""
    asked = bool(request.names) or request.nightly
    later = [entry for entry in chosen if entry.nightly and not asked]
    style, judged = paint(request.no_colour), list[Judged]()
    for entry in (entry for entry in chosen if entry not in later):
        with LiveLine(wanted=not request.json) as live:
            one = judge(entry, live)
        judged.append(one)
        if request.update:
            keep(one)
        if not request.json:
            say(_lines(one, style))
        if one.interrupted:
            break
    if request.json:
        say_json({"version": VERSION, "entries": [_entry(one.entry) | _now(one) for one in judged]})
    elif later:
        names = ", ".join(entry.id for entry in later)
        say(["", f"  {style.faint('note')}  they take long, and --nightly checks them: {names}"])
    return _exit(judged)


def _exit(judged: Iterable[Judged]) -> ExitCode:
    judged = tuple(judged)
    if any(one.interrupted for one in judged):
        return ExitCode.UNDETERMINED
    wrong = any(one.differences for one in judged)
    return ExitCode.VIOLATED if wrong else ExitCode.HOLDS


def _lines(one: Judged, style: Paint) -> list[str]:
    fixed = "" if one.fixed is None else f", with the fix {described(one.fixed)}"
    mark = style.bad("✗") if one.differences else style.good("✓")
    text = f"{mark} {style.strong(one.entry.id)}  {described(one.broken)}{fixed}"
    return [text, *difference_lines(one.differences, width(), style)]


def keep(one: Judged) -> None:
    """Write the trace and its text into the entry's folder; raises `ToolError`."""
    if one.trace is None:
        return
    write(one.trace, one.entry.trace_file)
    try:
        one.entry.text_file.write_text(trace_text(one.trace), encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ToolError(f"cannot write {one.entry.text_file}: {reason}") from error


def _entry(entry: Entry) -> dict[str, Any]:
    fixed = entry.fixed
    return {
        "id": entry.id,
        "title": entry.title,
        "kind": entry.kind.value,
        "tickets": list(entry.tickets),
        "fixed_in": entry.fixed_in,
        "property": entry.property_name,
        "story": entry.story,
        "broken": _side(entry.broken.side)
        | {"verdict": entry.broken.verdict.value, "steps": entry.broken.steps},
        "fixed": None if fixed is None else _side(fixed.side) | {"states": fixed.states},
    }


def _side(side: Side) -> dict[str, Any]:
    return {"spec": side.spec, "settings": dict(side.settings), "scope": dict(side.scope)}


def _now(one: Judged) -> dict[str, Any]:
    return {"as_recorded": not one.differences, "differences": list(one.differences)}
