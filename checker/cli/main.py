"""The command `splitbrain`: what a user may write, and where each command begins."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from checker.cli.errors import debug_traceback, explain
from checker.cli.explore_command import explore_command
from checker.cli.form_options import form_options, taken_from
from checker.cli.gate_command import gate_command
from checker.cli.graph_command import graph_command
from checker.cli.options import Seconds
from checker.cli.output import complain, say_json
from checker.cli.start_options import start_options
from checker.cli.version import VERSION
from checker.result import ExitCode

F = TypeVar("F", bound=Callable[..., Any])

POSITIVE = click.IntRange(min=1)
SECONDS = Seconds()

EXIT_CODES = """
\b
Exit codes:
  0   everything holds, and the search was complete within its scope
  1   splitbrain or the machine failed
  2   wrong usage, or a mistake in a spec
  3   undetermined: a limit stopped the search, a simulation found nothing, or a trace does
      not replay
  10  a state that must be reachable was never reached
  11  deadlock
  12  a property is violated or undefined
"""


def main() -> None:
    """Run the command that the process was given, and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command; its exit code. Whatever goes wrong becomes one message."""
    try:
        code = splitbrain.main(list(arguments), prog_name="splitbrain", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        complain(error.format_message())
        return int(ExitCode.USAGE)
    except (Exception, KeyboardInterrupt) as error:
        debug_traceback(error)
        message, failure = explain(error)
        complain(message)
        if "--json" in arguments:
            _say_failure(message, failure)
        return int(failure)


def _say_failure(message: str, failure: ExitCode) -> None:
    from checker.cli.as_json import failure_to_json

    try:
        say_json(failure_to_json(message, failure))
    except Exception as error:
        complain(explain(error)[0])


@click.group(
    commands=[explore_command, gate_command, graph_command],
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, message="%(prog)s %(version)s")
def splitbrain() -> None:
    """Check that Kafka's protocols keep their promises, or see how they break them."""


def _together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one, in the order in which --help shows them."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _answer_options(quiet: str) -> Callable[[F], F]:
    """How every command that runs a model answers."""
    return _together(
        click.option("--json", is_flag=True, help="Print one JSON object and nothing else."),
        click.option(
            "--out", type=click.Path(path_type=Path, file_okay=False), default=".splitbrain",
            show_default=True, metavar="DIR", help="Where traces are kept.",
        ),
        click.option("--quiet", is_flag=True, help=quiet),
        click.option("--no-color", "no_colour", is_flag=True, help="Print without colours."),
    )  # fmt: skip


def _search_limits(stop: str) -> Callable[[F], F]:
    """How far a search may go."""
    return _together(
        click.option(
            "--max-states", "states", type=POSITIVE, metavar="N",
            help=f"{stop} at that many states, undetermined.",
        ),
        click.option(
            "--max-memory", "memory", metavar="SIZE",
            help=f"{stop} at that much memory (2GB, 512MiB), undetermined.",
        ),
    )  # fmt: skip


_variables_options = _together(
    click.option(
        "--only",
        multiple=True,
        metavar="NAME[,NAME…]",
        help="Show only these variables of a trace.",
    ),
    click.option(
        "--hide", multiple=True, metavar="NAME[,NAME…]", help="Show all variables but these."
    ),
)
"""Which variables of a trace are of interest; for the eye only."""

_explain_options = _together(
    click.option(
        "--explain", is_flag=True,
        help="Find out when it became inevitable, and which settings would have prevented it.",
    ),
    click.option(
        "--explain-states", type=POSITIVE, metavar="N",
        help="At most so many states in each search for that; else 2,000,000.",
    ),
    click.option(
        "--explain-seconds", type=SECONDS, metavar="SECONDS",
        help="At most so long for each of the two; else 60.",
    ),
)  # fmt: skip
"""How a trace was bound to happen, and how it might not have been."""

_model_options = _together(
    click.argument("spec"),
    click.option(
        "--set", "settings", multiple=True, metavar="NAME=VALUE[,VALUE…]",
        help="Choose a setting; with several values, check sweeps over them.",
    ),
    click.option(
        "--scope", "scopes", multiple=True, metavar="NAME=N[,NAME=LOW..HIGH…]",
        help="Choose bounds; with a range, check sweeps over it.",
    ),
    click.option(
        "--property", "properties", multiple=True, metavar="NAME",
        help="Judge only this property; may be repeated.",
    ),
    click.option("--continue", "go_on", is_flag=True, help="Do not stop at a finding."),
    click.option(
        "--timeout", "seconds", type=SECONDS, metavar="SECONDS",
        help="Stop after that long, undetermined.",
    ),
    _answer_options("Print the verdicts only."),
)  # fmt: skip
"""What `check` and `simulate` both understand."""


@splitbrain.command("check", short_help="Search every reachable state.")
@_model_options
@click.option("--deadlock", is_flag=True, help="Look for states without successor, too.")
@click.option(
    "--no-cone",
    "cone",
    is_flag=True,
    flag_value=False,
    default=True,
    help="Search what no property depends on, too.",
)
@_search_limits("Stop")
@click.option(
    "--engine",
    type=click.Choice(["explicit", "z3"]),
    default="explicit",
    show_default=True,
    help="Visit all states, or ask a solver for paths to what is wrong.",
)
@click.option(
    "--depth",
    type=click.IntRange(min=0),
    metavar="N",
    help="With --engine z3: the most steps of a path.",
)
@click.option(
    "--audit",
    is_flag=True,
    help="Then look for guards, premises and properties that say nothing.",
)
@start_options
@_variables_options
@click.option(
    "--interesting",
    is_flag=True,
    help="Of several shortest traces, show one with few different actions.",
)
@_explain_options
def check_command(**given: Any) -> ExitCode:
    """Search every reachable state of SPEC: a name from `splitbrain list`, or FILE.py[:CLASS]."""
    from checker.cli import run_check

    return run_check.run(run_check.Request(**given))


@splitbrain.command("simulate", short_help="Walk at random, from a seed.")
@_model_options
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Take the same walks again.")
@click.option("--walks", type=POSITIVE, default=100, show_default=True, metavar="N")
@click.option("--steps", type=POSITIVE, default=100, show_default=True, metavar="N",
              help="The most steps of a walk.")  # fmt: skip
def simulate_command(**given: Any) -> ExitCode:
    """Walk through SPEC at random, for scopes too large to search: finds faults, proves nothing."""
    from checker.cli import run_simulate

    return run_simulate.run(run_simulate.Request(**given))


@splitbrain.command("prove", short_help="Prove by induction, beyond the bounds of a scope.")
@click.argument("spec")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Choose a setting.")
@click.option("--scope", "scopes", multiple=True, metavar="NAME=N", help="Choose sizes and bounds.")
@click.option(
    "--property",
    "properties",
    multiple=True,
    metavar="NAME",
    help="Prove only this property; may be repeated.",
)
@click.option(
    "--with",
    "lemmas",
    multiple=True,
    metavar="LEMMA",
    help="Assume this invariant, too, and prove it; `all`: as many as are inductive.",
)
@click.option(
    "--k",
    type=POSITIVE,
    default=1,
    show_default=True,
    metavar="N",
    help="Induction over N steps through different states.",
)
@click.option(
    "--lift",
    default="positive",
    show_default=True,
    metavar="NAME[,NAME…]",
    help="The bounds of the scope that do not count: names, `all`, `none`, or all above 0.",
)
@click.option(
    "--timeout",
    "seconds",
    type=SECONDS,
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="For each question to the solver.",
)
@click.option(
    "--max-states",
    "states",
    type=POSITIVE,
    default=1_000_000,
    show_default=True,
    metavar="N",
    help="To look up whether a counterexample can be reached.",
)
@click.option(
    "--workers", type=POSITIVE, default=2, show_default=True, metavar="N", help="Solvers at once."
)
@_answer_options("Print the verdicts only.")
def prove_command(**given: Any) -> ExitCode:
    """Prove that the properties of SPEC hold, whatever the bounds: with every step they stay true.

    What is not proved is undetermined, unless a trace shows that it is violated.
    """  # fmt: skip
    from checker.cli import run_prove

    return run_prove.run(run_prove.Request(**given))


@splitbrain.command("synthesize", short_help="Find out under which settings a spec is safe.")
@click.argument("spec")
@click.option("--property", "properties", multiple=True, required=True, metavar="NAME",
              help="What has to hold; may be repeated.")  # fmt: skip
@click.option("--over", multiple=True, metavar="NAME[,NAME…]|NAME=VALUE[,VALUE…]",
              help="Try all values of these settings, or the given ones of one.")  # fmt: skip
@click.option("--over-scope", multiple=True, metavar="NAME=LOW..HIGH[,…]",
              help="Try every bound in a range.")  # fmt: skip
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Choose a setting.")
@click.option("--scope", "scopes", multiple=True, metavar="NAME=N", help="Choose bounds.")
@_search_limits("Stop each search")
@click.option("--timeout", "seconds", type=SECONDS, metavar="SECONDS",
              help="Stop each search after that long, undetermined.")  # fmt: skip
@_answer_options("Print the condition only.")
def synthesize_command(**given: Any) -> ExitCode:
    """Check SPEC with every combination of some settings and bounds: when is it safe?

    What is safe is told as a condition, and what is unsafe by its traces: those of the
    combinations that deviate least from the defaults.
    """  # fmt: skip
    from checker.cli import run_synthesize

    return run_synthesize.run(run_synthesize.Request(**given))


@splitbrain.command("export", short_help="Write a spec in another checker's language.")
@click.argument("spec")
@click.option("--to", type=click.Choice(["tla"]), required=True, help="TLA+, for TLC.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Choose a setting.")
@click.option("--scope", "scopes", multiple=True, metavar="NAME=N", help="Choose bounds.")
@click.option("--property", "properties", multiple=True, metavar="NAME",
              help="Only this property; may be repeated.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=".",
              metavar="DIR", help="Where to write; here if not given.")  # fmt: skip
def export_command(**given: Any) -> ExitCode:
    """Write SPEC as a module of TLA+ and a configuration, to check it again with TLC."""
    from checker.cli import run_export

    return run_export.run(run_export.Request(**given))


@splitbrain.command("show", short_help="Show a kept trace, or an entry of the museum.")
@click.argument("what", metavar="TRACE|ENTRY")
@click.option("--step", type=click.IntRange(min=0), metavar="N", help="Only step N (0: the start).")
@click.option("--full", is_flag=True, help="The whole state after each step, too.")
@_variables_options
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Draw it on a page, too.")  # fmt: skip
@_explain_options
@form_options
@click.option("--no-color", "no_colour", is_flag=True, help="Print without colours.")
def show_command(**given: Any) -> ExitCode:
    """Show a kept TRACE step by step, and whether the spec still does what it shows.

    ENTRY is a bug in the museum, by its id or a ticket: R9, KAFKA-13141, KIP-101. A trace of
    another tool is read from FILE.itf.json.
    """
    from checker.cli import run_show, show_forms

    forms = taken_from(given)
    if forms.asked:
        return show_forms.run(given["what"], forms, given["no_colour"])
    trace = show_forms.imported_or_none(given["what"], forms)
    return run_show.run(run_show.Request(**given, imported=trace))


@splitbrain.command("list", short_help="List specs, properties, settings and scopes.")
@click.argument("spec", required=False)
@click.option("--json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option("--no-color", "no_colour", is_flag=True, help="Print without colours.")
def list_command(**given: Any) -> ExitCode:
    """List the specs with their properties, settings and scopes; or SPEC in detail."""
    from checker.cli import run_list

    return run_list.run(run_list.Request(**given))


@splitbrain.command("museum", short_help="List Kafka's bugs, or find and mend them again.")
@click.argument("names", metavar="[ENTRY]...", nargs=-1)
@click.option("--check", "checks", is_flag=True, help="Find each bug again, prove its fix again.")
@click.option("--nightly", is_flag=True, help="Check those that take long, too.")
@click.option("--html", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Draw each on a page, and an index of all.")  # fmt: skip
@_explain_options
@click.option("--update", is_flag=True, hidden=True, help="As --check, and keep the traces.")
@click.option("--json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option("--no-color", "no_colour", is_flag=True, help="Print without colours.")
def museum_command(**given: Any) -> ExitCode:
    """List the bugs of Kafka's history that are kept here, with the verdicts as recorded.

    ENTRY is a bug by its id or a ticket; if none is named, all are meant.
    """
    from checker.cli import run_museum

    return run_museum.run(run_museum.Request(**given))
