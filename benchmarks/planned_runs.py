"""`runs.toml`: which searches `docs/RUNS.md` tells of, and how often each is repeated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

PLAN = Path(__file__).with_name("runs.toml")

RUN_KEYS = {"spec", "settings", "scope", "properties", "when", "note"}


class When(Enum):
    """How often a run is repeated, and its result compared with the kept one."""

    CHANGE = "change"
    NIGHT = "night"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Planned:
    """One search. Settings, bounds and properties that are not named are the spec's own."""

    spec: str
    when: When
    settings: Mapping[str, str] = field(default_factory=dict)
    scope: Mapping[str, int] = field(default_factory=dict)
    properties: Sequence[str] = ()
    note: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """What follows `splitbrain check`."""
        return (
            *chosen(self.spec, self.settings, self.scope),
            *(word for name in self.properties for word in ("--property", name)),
        )

    @property
    def name(self) -> str:
        """The options as one line: what a run is known by."""
        return " ".join(self.options)


def chosen(spec: str, settings: Mapping[str, str], scope: Mapping[str, int]) -> tuple[str, ...]:
    """A spec with its settings and bounds, as words of a command."""
    bounds = ",".join(f"{name}={size}" for name, size in scope.items())
    return (
        spec,
        *(word for pair in settings.items() for word in ("--set", "=".join(pair))),
        *(("--scope", bounds) if bounds else ()),
    )


def refuse_repeats(names: Sequence[str]) -> None:
    """Raise `ValueError` if something is planned twice."""
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"planned twice: {sorted(twice)}")


@dataclass(frozen=True, slots=True)
class Section:
    """Runs that belong together, under a heading, with what is to be said of them."""

    title: str
    text: str
    runs: Sequence[Planned]


def read(path: Path = PLAN) -> tuple[Section, ...]:
    """The plan; `ValueError` for a run that is planned twice, or for a key that nobody reads."""
    sections = tomllib.loads(path.read_text(encoding="utf-8"))["section"]
    found = tuple(
        Section(each["title"], each["text"].strip(), tuple(map(_planned, each["run"])))
        for each in sections
    )
    refuse_repeats([run.name for section in found for run in section.runs])
    return found


def _planned(table: Mapping[str, object]) -> Planned:
    unread = set(table) - RUN_KEYS
    if unread:
        raise ValueError(f"a run has no {sorted(unread)}: {table}")
    settings, scope = table.get("settings", {}), table.get("scope", {})
    properties = table.get("properties", [])
    assert isinstance(settings, dict), table
    assert isinstance(scope, dict), table
    assert isinstance(properties, list), table
    return Planned(
        spec=str(table["spec"]),
        when=When(table["when"]),
        settings=settings,
        scope=scope,
        properties=tuple(properties),
        note=str(table.get("note", "")),
    )
