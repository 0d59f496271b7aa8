"""The command `splitbrain graph`: what a user may write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from checker.result import ExitCode

FILE = click.Path(path_type=Path, dir_okay=False)
POSITIVE = click.IntRange(min=1)


@click.command("graph", short_help="Draw a small state graph.")
@click.argument("spec")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Choose a setting.")
@click.option("--scope", "scopes", multiple=True, metavar="NAME=N", help="Choose bounds.")
@click.option("--property", "properties", multiple=True, metavar="NAME",
              help="Mark what violates only this property; may be repeated.")  # fmt: skip
@click.option("--project", multiple=True, metavar="NAME[,NAME…]",
              help="Merge the states that agree on these variables.")  # fmt: skip
@click.option("--dot", type=FILE, metavar="FILE", help="Write it for Graphviz.")
@click.option("--svg", type=FILE, metavar="FILE", help="Draw it.")
@click.option("--max-nodes", "nodes", type=POSITIVE, default=60, show_default=True, metavar="N",
              help="More are not drawn.")  # fmt: skip
@click.option("--max-states", "states", type=POSITIVE, default=20_000, show_default=True,
              metavar="N", help="More are not searched.")  # fmt: skip
def graph_command(**given: Any) -> ExitCode:
    """Draw the states of SPEC and the steps between them, merged by what you look at.

    Without --dot or --svg, print it for Graphviz.
    """
    from checker.cli import run_graph

    return run_graph.run(run_graph.Request(**given))
