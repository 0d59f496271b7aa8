"""`splitbrain explore`."""

from __future__ import annotations

import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

import click

from checker.cli import options
from checker.cli.errors import debug_traceback, explain
from checker.cli.output import complain, paint, say
from checker.explore.answers import Answers
from checker.explore.page import page
from checker.explore.runs import OWN, Runs, is_same, of_spec
from checker.explore.server import HOST, Server
from checker.lang.errors import ToolError
from checker.lang.load import LoadedSpec, load
from checker.prepare import prepare
from checker.result import ExitCode
from checker.trace import Trace
from counterexamples.file import read
from counterexamples.label import MuseumError
from counterexamples.museum_cases import Entry, entries, named, suggestion


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote, not yet read."""

    spec: str
    settings: Sequence[str]
    scopes: Sequence[str]
    properties: Sequence[str]
    trace: str | None
    port: int
    browser: bool
    no_colour: bool


def run(request: Request) -> ExitCode:
    """Serve the page until the user has seen enough."""
    server = _server(request)
    with server:
        style = paint(request.no_colour)
        say([server.door.url, style.faint("Ctrl-C ends it; nobody else can open this address")])
        if request.browser:
            webbrowser.open(server.door.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say([])
    return ExitCode.HOLDS


def _server(request: Request) -> Server:
    """A server that listens, and does not answer yet."""
    settings, scope = options.only_run(request.settings, request.scopes, "explore shows one model")
    loaded, museum = load(request.spec), entries()
    entry = None if request.trace is None else _entry(request.trace, museum)
    trace = None if request.trace is None else _trace(request.trace, entry, loaded)
    # A bug as it is kept is a run of the museum; only under other settings is it the user's own.
    as_kept = entry is not None and not settings and not scope
    if trace is not None and not as_kept:
        settings, scope = {**trace.settings, **settings}, {**trace.scope, **scope}
    own = prepare(loaded, settings, scope, request.properties)
    runs = Runs(own, None if as_kept else trace, of_spec(loaded, museum))
    begin = OWN if entry is None or not as_kept else entry.id
    runs.starts(begin)  # what is wrong with them is said before a page is there
    shown = page(own, runs, begin)
    try:
        return Server(request.port, token_urlsafe(24), shown, Answers(runs), _explained)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ToolError(
            f"cannot listen on {HOST}:{request.port}: {reason}; name another port: --port"
        ) from error


def _entry(name: str, museum: Sequence[Entry]) -> Entry | None:
    """The museum entry of this name; nothing for what names a file."""
    path = Path(name)
    if path.exists() or path.suffix:
        return None
    found = [entry for entry in named(name, museum) if entry.trace_file.exists()]
    if not found:
        raise MuseumError(
            f"there is no file {name}, and no such entry with a trace in the museum; "
            + suggestion(name, museum)
        )
    if len(found) > 1:
        ids = ", ".join(entry.id for entry in found)
        raise click.UsageError(f"--trace {name}: which of {ids}?")
    return found[0]


def _trace(name: str, entry: Entry | None, loaded: LoadedSpec) -> Trace:
    """The trace to begin with, which has to be one of the spec."""
    trace = read(Path(name) if entry is None else entry.trace_file)
    if not is_same(trace.spec, loaded):
        raise click.UsageError(
            f"--trace {name}: it is a trace of {trace.spec}; "
            f"write splitbrain explore {trace.spec} --trace {name}"
        )
    return trace


def _explained(error: Exception) -> str:
    """What the page says of a failure; the terminal says it, too."""
    debug_traceback(error)
    message, _ = explain(error)
    complain(message)
    return message
