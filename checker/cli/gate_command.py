"""The command `splitbrain gate` and what stands below it: what a user may write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from checker.result import ExitCode

PROFILE = click.Choice(["quick", "full"])
REPORT = click.Path(path_type=Path, dir_okay=False)


@click.group("gate", short_help="Run every declared check, for CI.", invoke_without_command=True)
@click.option("--profile", type=PROFILE, help="Which checks: quick or full.")
@click.option("--changed", is_flag=True, help="Only what changed since the lock was written.")
@click.option("--update", is_flag=True, help="Accept what was found: write splitbrain.lock.")
@click.option("--no-cache", "cached", is_flag=True, flag_value=False, default=True,
              help="Run everything, whatever is known.")  # fmt: skip
@click.option("--cache-dir", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Where verdicts are kept between runs.")  # fmt: skip
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="The declaration; else the nearest one, upwards from here.")  # fmt: skip
@click.option("--json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option("--junit", type=REPORT, metavar="FILE", help="Write JUnit XML.")
@click.option("--sarif", type=REPORT, metavar="FILE", help="Write SARIF 2.1.0.")
@click.option("--markdown", type=REPORT, metavar="FILE", help="Write a summary in Markdown.")
@click.option("--gitlab", type=REPORT, metavar="FILE", help="Write code quality for GitLab.")
@click.option("--github", is_flag=True,
              help="Print annotations for GitHub, and add to its job summary.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=".splitbrain",
              show_default=True, metavar="DIR", help="Where traces are kept.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print a line for each check only.")
@click.option("--no-color", "no_colour", is_flag=True, help="Print without colours.")
@click.pass_context
def gate_command(context: click.Context, /, **given: Any) -> ExitCode | None:
    """Run every check that splitbrain.toml (or pyproject.toml) declares, and compare with the lock.

    The worst verdict decides the exit code. A difference from splitbrain.lock is red until
    --update accepts it.
    """
    if context.invoked_subcommand is not None:
        return None
    from checker.cli import run_gate

    return run_gate.run(run_gate.Request(**given))


@gate_command.command("init", short_help="Write a first declaration.")
@click.option("--no-color", "no_colour", is_flag=True, help="Print without colours.")
def init_command(no_colour: bool) -> ExitCode:
    """Write splitbrain.toml for the specs below this folder, with bounds that were tried."""
    from checker.cli import run_gate_init

    return run_gate_init.run(no_colour)
