"""The options of `show` that ask for another form of a trace, and what was given for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

FORMS: Final = {
    "replay": "Run it again in Python: exit code 0 if it still does what it did, else 3.",
    "itf": "Print it for Apalache's and Quint's tools, as JSON.",
    "tlc": "Print it as TLC does.",
    "mermaid": "Print a sequence diagram that GitHub draws.",
    "shiviz": "Print a log for ShiViz, with vector clocks.",
    "as_test": "Print a pytest that plays it again.",
    "kept": "Print it as it is kept, as JSON.",
}
"""The flags that exclude each other, and what they do."""

FLAGS: Final = {"kept": "--trace"} | {name: f"--{name.replace('_', '-')}" for name in FORMS
                                      if name != "kept"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forms:
    """What the user wrote. `form` is the flag, `pdb` the number of a step."""

    form: str | None
    pdb: int | None
    impossible: bool
    output: Path | None
    spec: str | None
    settings: tuple[str, ...]
    scopes: tuple[str, ...]

    @property
    def asked(self) -> str | None:
        """The option that asks for another form, as it was written."""
        if self.pdb is not None:
            return "--pdb"
        return None if self.form is None else FLAGS[self.form]

    @property
    def chooses(self) -> bool:
        """Whether the user names another spec, settings or scope than the file does."""
        return bool(self.spec or self.settings or self.scopes)


def form_options(command: F) -> F:
    """All of them, in the order in which --help shows them."""
    options = [
        *(click.option(FLAGS[name], name, is_flag=True, help=help) for name, help in FORMS.items()),
        click.option(
            "--impossible", is_flag=True, help="With --as-test: it must not be possible any more."
        ),
        click.option(
            "--pdb", type=click.IntRange(min=1), metavar="N",
            help="Stop in step N, in the action's own method.",
        ),
        click.option(
            "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
            help="Write the other form there instead of printing it.",
        ),
        click.option("--spec", metavar="SPEC", help="Run it with this spec; for *.itf.json."),
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
                     help="Run it with this setting."),
        click.option("--scope", "scopes", multiple=True, metavar="NAME=N",
                     help="Run it with this bound."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def taken_from(given: dict[str, Any]) -> Forms:
    """The options of this module, removed from what was given; raises `click.UsageError`."""
    flags = [name for name in FORMS if given.pop(name)]
    rest = {field.name: given.pop(field.name) for field in fields(Forms) if field.name != "form"}
    forms = Forms(form=flags[0] if flags else None, **rest)
    asked = [*(FLAGS[name] for name in flags), *(["--pdb"] if forms.pdb is not None else [])]
    if len(asked) > 1:
        raise click.UsageError(f"{asked[0]} and {asked[1]} exclude each other")
    if forms.impossible and forms.form != "as_test":
        raise click.UsageError("--impossible needs --as-test")
    if forms.output is not None and (not flags or forms.form == "replay"):
        raise click.UsageError("--output needs what is to be written: --itf, --mermaid, …")
    if asked:
        _check_alone(asked[0], given)
    return forms


def _check_alone(asked: str, given: dict[str, Any]) -> None:
    """What only concerns the table on the terminal says nothing to another form."""
    for name, value in given.items():
        if name not in ("what", "no_colour") and value not in (None, False, ()):
            raise click.UsageError(f"{asked} and --{name.replace('_', '-')} exclude each other")
