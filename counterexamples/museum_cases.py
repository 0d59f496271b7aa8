"""The museum's labels: what `case.toml` says of each bug, read and checked.

An entry is a folder of `counterexamples/museum`, named by its id. Its label says in which spec,
with which fix switched off and in which scope the bug shows, after how many steps, and what holds
with the fix. A label is written by hand and never by a tool: the tests compare it with what a
search finds. `docs/MUSEUM.md` says how to write one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from checker.lang.errors import ToolError
from checker.lang.suggest import did_you_mean
from counterexamples.label import MuseumError, Table

MUSEUM: Final = Path(__file__).with_name("museum")

CATALOGUE_ID: Final = re.compile(r"[RN]\d+")


class Kind(Enum):
    """What an entry shows."""

    BUG = "bug"
    """Kafka broke its promise, and a fix mended it."""

    LIMIT = "limit"
    """A promise that cannot hold by design, once there are more faults than it speaks of."""

    RULE = "rule"
    """What a rule of Kafka is for: with the rule switched off. No release is known without it."""

    SUSPECTED = "suspected"
    """What looks like a bug in today's Kafka; the other side is a fix that we suggest."""


class Shown(Enum):
    """What the broken side shows."""

    VIOLATED = "violated"
    """A property is false at the end of a trace."""

    UNREACHED = "unreached"
    """A goal is never reached: there is no trace, and with the fix there is one."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of an entry's two runs, as it would be asked for on the command line."""

    spec: str
    settings: Mapping[str, str]
    scope: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Broken:
    """The run that shows the bug, and the number of steps that it takes (`None`: no trace)."""

    side: Side
    verdict: Shown
    steps: int | None


@dataclass(frozen=True, slots=True)
class Fixed:
    """The run that holds, and its exact number of states (`None`: it ends where a goal is reached).

    `idle` are the actions of the trace that cannot happen here, each with the reason.
    """

    side: Side
    states: int | None
    idle: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One exhibit. `catalogue` are the numbers by which our notes know the bug."""

    id: str
    title: str
    tickets: tuple[str, ...]
    catalogue: tuple[str, ...]
    fixed_in: str | None
    kind: Kind
    nightly: bool
    property_name: str
    story: str
    broken: Broken
    fixed: Fixed | None
    folder: Path

    @property
    def trace_file(self) -> Path:
        """Where the trace is kept."""
        return self.folder / "trace.json"

    @property
    def text_file(self) -> Path:
        """Where the trace is kept as a reader sees it."""
        return self.folder / "trace.txt"

    @property
    def readme(self) -> str:
        """What there is to know, in a few lines; empty if nobody has written it yet."""
        path = self.folder / "README.md"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def toggle(self) -> tuple[str, ...]:
        """What the broken side does without, in words: the settings in which the two sides differ.

        Where they are two specs, nothing; all that is chosen, if there is no other side.
        """
        if self.fixed is None:
            return tuple(choices(self.broken.side.settings))
        ours, theirs = self.broken.side.settings, self.fixed.side.settings
        off = {name: value for name, value in ours.items() if theirs.get(name) != value}
        on = {name: value for name, value in theirs.items() if name not in ours}
        return (*choices(off), *(f"not {choice}" for choice in choices(on)))


def entries(museum: Path = MUSEUM) -> tuple[Entry, ...]:
    """All entries, in the order of their ids; raises `MuseumError` for a label with a mistake."""
    folders = [path.parent for path in museum.glob("*/case.toml")]
    return tuple(read_entry(folder) for folder in sorted(folders, key=lambda f: in_order(f.name)))


def in_order(id: str) -> tuple[str | int, ...]:
    """R9 stands before R10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", id))


def named(name: str, among: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with this id, else with this catalogue number or ticket; none if there are none.

    Capital and small letters are the same.
    """
    wanted, all = name.upper(), tuple(among)
    exact = tuple(entry for entry in all if entry.id.upper() == wanted)
    others = (
        entry
        for entry in all
        if wanted in (text.upper() for text in (*entry.catalogue, *entry.tickets))
    )
    return exact or tuple(others)


def choose(names: Iterable[str], among: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of these names, each once; raises `MuseumError` for a name that none has."""
    all = tuple(among)
    chosen: dict[str, Entry] = {}
    for name in names:
        found = named(name, all)
        if not found:
            raise MuseumError(f"there is no museum entry {name}; {suggestion(name, all)}")
        chosen.update((entry.id, entry) for entry in found)
    return tuple(chosen.values())


def suggestion(name: str, among: Iterable[Entry]) -> str:
    """What was probably meant."""
    known = [text for entry in among for text in (entry.id, *entry.tickets)]
    close = did_you_mean(name, known, "entries")
    return close if close.startswith("did you") else "`splitbrain museum` lists them"


def read_entry(folder: Path) -> Entry:
    """The entry in a folder; raises `MuseumError` for a mistake in its label."""
    path = folder / "case.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MuseumError(f"{path} is not TOML: {error}") from error
    except OSError as error:
        raise ToolError(f"cannot read {path}: {error.strerror or error}") from error
    return _entry(Table(path, "", data), folder)


def _entry(table: Table, folder: Path) -> Entry:
    id = table.text("id")
    if id != folder.name:
        raise table.mistake(f"id is {id}, and the folder is {folder.name}")
    spec = table.text("spec")
    kind = table.choice("kind", Kind, Kind.BUG)
    broken = _broken(table.table("broken"), spec)
    fixed = _fixed(table.table("fixed"), broken) if table.has("fixed") else None
    if fixed is None and kind is not Kind.LIMIT:
        raise table.mistake('[fixed] is missing; only an entry of kind = "limit" may have none')
    entry = Entry(
        id=id,
        title=table.text("title"),
        tickets=table.texts("tickets"),
        catalogue=table.texts("catalogue", tuple(CATALOGUE_ID.findall(id)[:1])),
        fixed_in=table.text("fixed_in") if table.has("fixed_in") else None,
        kind=kind,
        nightly=table.flag("nightly"),
        property_name=table.text("property"),
        story=" ".join(table.text("story").split()),
        broken=broken,
        fixed=fixed,
        folder=folder,
    )
    table.only_read(
        "id", "title", "tickets", "catalogue", "fixed_in", "kind", "nightly", "spec", "property",
        "story", "broken", "fixed",
    )  # fmt: skip
    return entry


def _broken(table: Table, spec: str) -> Broken:
    table.only_read("spec", "settings", "scope", "verdict", "steps")
    verdict = table.choice("verdict", Shown, Shown.VIOLATED)
    has_trace = verdict is Shown.VIOLATED
    if not has_trace and table.has("steps"):
        raise table.mistake("what is never reached takes no steps")
    return Broken(_side(table, spec), verdict, table.number("steps") if has_trace else None)


def _fixed(table: Table, broken: Broken) -> Fixed:
    table.only_read("spec", "settings", "scope", "verdict", "states", "idle")
    ends_early = broken.verdict is Shown.UNREACHED
    if ends_early and table.has("states"):
        raise table.mistake("a search ends where its goal is reached: leave out states")
    expected = "reached" if ends_early else "holds"
    if table.has("verdict") and table.text("verdict") != expected:
        raise table.mistake(f'verdict can only be "{expected}"')
    states = None if ends_early else table.number("states")
    return Fixed(_side(table, broken.side.spec), states, table.reasons("idle"))


def _side(table: Table, spec: str) -> Side:
    own = table.text("spec") if table.has("spec") else spec
    return Side(own, table.settings("settings"), table.scope("scope"))


def choices(values: Mapping[str, Any]) -> list[str]:
    """`a=1`, `b=2`, as on the command line."""
    return [f"{name}={value}" for name, value in values.items()]
