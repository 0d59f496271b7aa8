"""The options that say where a search starts, if not where the spec says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def start_options(command: F) -> F:
    """`--from`, `--assume` and `--max-initial`, in this order."""
    most = click.option(
        "--max-initial",
        "most_initial",
        type=click.IntRange(min=1),
        default=100_000,
        show_default=True,
        metavar="N",
        help="Of more initial states none is searched from, undetermined.",
    )
    assumed = click.option(
        "--assume",
        "assumed",
        multiple=True,
        metavar="NAME",
        help="Start from every state in which this invariant is true; may be repeated.",
    )
    from_file = click.option(
        "--from",
        "from_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Start from what a JSON file knows of the state: {variable: value, …}.",
    )
    return from_file(assumed(most(command)))
