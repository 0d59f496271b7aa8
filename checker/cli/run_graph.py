"""`splitbrain graph`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from checker.cli.options import only_run
from checker.cli.output import say
from checker.graph import state_graph
from checker.initial import SECONDS, Limits, Unsolved, initial_states
from checker.lang.errors import ToolError
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from checker.result import ExitCode
from counterexamples.file import write_text
from counterexamples.forms.state_graph import GraphError, drawing
from counterexamples.forms.state_graph_dot import dot
from counterexamples.forms.state_graph_svg import svg


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote."""

    spec: str
    settings: Sequence[str]
    scopes: Sequence[str]
    properties: Sequence[str]
    project: Sequence[str]
    dot: Path | None
    svg: Path | None
    nodes: int
    states: int


def run(request: Request) -> ExitCode:
    """Draw the state graph of a spec; as DOT on standard output, if nothing else is asked for."""
    settings, scope = only_run(request.settings, request.scopes, "a graph is of one run")
    prepared = prepare(load(request.spec), settings, scope, tuple(request.properties))
    initial = initial_states(prepared, Limits(seconds=SECONDS))
    if isinstance(initial, Unsolved):
        raise ToolError(f"the initial states are not known: {initial.reason}")
    graph = state_graph(prepared.model, initial, request.states)
    try:
        drawn = drawing(graph, _names(request.project), request.nodes)
    except GraphError as error:
        raise click.UsageError(f"{error}\n  {error.help}") from error
    title = _title(prepared)
    for file, text in ((request.dot, dot), (request.svg, svg)):
        if file is not None:
            write_text(text(drawn, title), file, "name another file")
            say([str(file)])
    if request.dot is None and request.svg is None:
        say(dot(drawn, title).splitlines())
    return ExitCode.HOLDS


def _names(project: Sequence[str]) -> list[str]:
    names = (name.strip() for text in project for name in text.split(","))
    return list(dict.fromkeys(name for name in names if name))


def _title(prepared: Prepared) -> str:
    """What was run: the settings that are not as usual, and the scope."""
    chosen = [
        f"{name}={value}"
        for name, value in prepared.model.settings.items()
        if value != prepared.defaults[name]
    ]
    scope = [f"{name}={bound}" for name, bound in prepared.model.scope.items()]
    return "  ".join([prepared.name, *chosen, " ".join(scope)]).strip()
