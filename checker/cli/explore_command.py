"""The command `splitbrain explore`: what a user may write."""

from __future__ import annotations

from typing import Any

import click

from checker.result import ExitCode


@click.command("explore", short_help="Walk through a spec by hand, on a page.")
@click.argument("spec")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Choose a setting.")
@click.option("--scope", "scopes", multiple=True, metavar="NAME=N", help="Choose bounds.")
@click.option("--property", "properties", multiple=True, metavar="NAME",
              help="Judge only this property; may be repeated.")  # fmt: skip
@click.option("--trace", metavar="FILE|ENTRY",
              help="Begin with a kept trace, or with one of the museum.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N",
              help="Listen there; without it, on any port that is free.")  # fmt: skip
@click.option("--no-browser", "browser", is_flag=True, flag_value=False, default=True,
              help="Print the address and do not open it.")  # fmt: skip
@click.option("--no-color", "no_colour", is_flag=True, help="Print without colours.")
def explore_command(**given: Any) -> ExitCode:
    """Walk through SPEC by hand: a page, served on this machine alone, until Ctrl-C.

    It shows what can happen next, and which guard blocks the rest.
    """
    from checker.cli import run_explore

    return run_explore.run(run_explore.Request(**given))
