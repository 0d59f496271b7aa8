"""What a user writes after an option, read into plain values. Nothing here runs anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from math import isnan, prod
from typing import Any, Final

import click

from checker.gate.amounts import bytes_in

MOST_RUNS: Final = 1_000
"""A sweep of more runs than this is taken for a mistake."""


class Seconds(click.FloatRange):
    """A time limit: a number above 0."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=1e9)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number of seconds; no number is no limit, and refused."""
        found: float = super().convert(value, param, ctx)
        if isnan(found):
            self.fail(f"{value} is not a number of seconds.", param, ctx)
        return found


MOST_DIGITS: Final = 9
"""A bound with more digits is taken for a mistake."""

Choices = Mapping[str, tuple[str, ...]]
Scopes = Mapping[str, tuple[int, ...]]


def parse_settings(texts: Iterable[str], option: str = "--set") -> Choices:
    """`NAME=VALUE[,VALUE…]`, each name once: the values to try for each setting."""
    chosen: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, values = _assignment(text, option, "NAME=VALUE or NAME=VALUE,VALUE")
        _once(name, chosen, option)
        chosen[name] = tuple(dict.fromkeys(part.strip() for part in values.split(",")))
        if not all(chosen[name]):
            raise click.UsageError(f"{option} {text}: a value is missing")
    return chosen


def parse_scopes(texts: Iterable[str], option: str = "--scope") -> Scopes:
    """`NAME=N` and `NAME=LOW..HIGH`, separated by commas: the bounds to try for each name."""
    chosen: dict[str, tuple[int, ...]] = {}
    for text in ",".join(texts).split(",") if texts else ():
        name, value = _assignment(text, option, "NAME=N or NAME=LOW..HIGH")
        _once(name, chosen, option)
        chosen[name] = _bounds(text, value, option)
    return chosen


def parse_over(texts: Iterable[str]) -> Choices:
    """`NAME[,NAME…]`, with no values: all; or `NAME=VALUE[,VALUE…]`, the values of one name."""
    chosen: dict[str, tuple[str, ...]] = {}
    for text in texts:
        if "=" in text:
            if text.count("=") > 1 or "," in text.partition("=")[0]:
                raise click.UsageError(f"--over {text}: write --over for each NAME=VALUE alone")
            named = dict(parse_settings([text], "--over"))
        else:
            named = dict.fromkeys((part.strip() for part in text.split(",")), ())
        for name, values in named.items():
            if not name:
                raise click.UsageError(f"--over {text}: a name is missing")
            _once(name, chosen, "--over")
            chosen[name] = values
    return chosen


def _assignment(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name or not value:
        raise click.UsageError(f"{option} {text}: write {form}")
    return name, value


def _once(name: str, chosen: Mapping[str, object], option: str) -> None:
    if name in chosen:
        raise click.UsageError(f"{option}: {name} is given twice")


def _bounds(text: str, value: str, option: str) -> tuple[int, ...]:
    found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", value, re.ASCII)
    if found is not None and max(map(len, filter(None, found.groups()))) > MOST_DIGITS:
        raise click.UsageError(f"{option} {text}: {value} is more than any search can visit")
    if found is None:
        raise click.UsageError(
            f"{option} {text}: {value} is not a whole number; write NAME=N or NAME=LOW..HIGH"
        )
    low = int(found[1])
    high = low if found[2] is None else int(found[2])
    if high < low:
        raise click.UsageError(f"{option} {text}: {low} is above {high}")
    if high - low >= MOST_RUNS:
        raise click.UsageError(f"{option} {text}: more than {MOST_RUNS:,} runs")
    return tuple(range(low, high + 1))


def parse_size(text: str) -> int:
    """`2GB`, `512MiB`, `1000000`: a number of bytes."""
    try:
        return bytes_in(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def runs(
    settings: Choices, scopes: Scopes
) -> tuple[tuple[Mapping[str, str], Mapping[str, int]], ...]:
    """Every combination of settings and scope, the last name given varying fastest."""
    count = prod(len(values) for values in (*settings.values(), *scopes.values()))
    if count > MOST_RUNS:
        raise click.UsageError(f"{count:,} runs are more than {MOST_RUNS:,}")
    return tuple(
        (dict(zip(settings, values, strict=True)), dict(zip(scopes, bounds, strict=True)))
        for values in product(*settings.values())
        for bounds in product(*scopes.values())
    )


def only_run(
    settings: Iterable[str], scopes: Iterable[str], why: str
) -> tuple[Mapping[str, str], Mapping[str, int]]:
    """The settings and scope of a command that takes no sweep; `why` begins what is said of one."""
    chosen, bounds = parse_settings(settings), parse_scopes(scopes)
    if names := swept(chosen, bounds):
        raise click.UsageError(f"{why}; give {names[0]} one value")
    ((some_settings, some_scope),) = runs(chosen, bounds)
    return some_settings, some_scope


def swept(settings: Choices, scopes: Scopes) -> tuple[str, ...]:
    """The names that take more than one value: what tells the runs apart."""
    choices = (*settings.items(), *scopes.items())
    return tuple(name for name, values in choices if len(values) > 1)
