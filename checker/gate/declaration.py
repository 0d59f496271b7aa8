"""What a repository declares: `[[checks]]` in `splitbrain.toml`, or the same in `pyproject.toml`.

Reading it loads no spec: what names a spec, a setting or a property is judged by `plan`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from checker.gate.errors import DeclarationError
from checker.gate.report import Expected
from checker.gate.table import Table

OWN_FILE: Final = "splitbrain.toml"
PROJECT_FILE: Final = "pyproject.toml"
PROFILES: Final = ("quick", "full")
ENGINES: Final = ("explicit", "z3", "prove")
OF_ENGINE: Final = {
    "depth": "z3",
    "lemmas": "prove",
    "lift": "prove",
    "k": "prove",
    "deadlock": "explicit",
    "max_states": "explicit",
}
"""Keys that only one engine heeds."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a check may go: seconds, bytes, states. `None`: what the gate allows."""

    seconds: float | None = None
    memory: int | None = None
    states: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the declaration; several values of a setting or a bound sweep.

    `place` names the entry in messages. `lift` is `None` for what `prove` lifts by itself.
    """

    place: str
    name: str | None
    spec: str
    settings: Mapping[str, tuple[str, ...]]
    scope: Mapping[str, tuple[int, ...]]
    properties: tuple[str, ...]
    engine: str
    depth: int | None
    lemmas: tuple[str, ...]
    lift: tuple[str, ...] | None
    k: int
    deadlock: bool
    expected: Expected
    profiles: tuple[str, ...]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Declaration:
    """All checks, and the limits of all of them together."""

    file: Path
    checks: tuple[Check, ...]
    profile: str
    bounds: Bounds
    workers: int | None

    @property
    def folder(self) -> Path:
        """What the paths of specs are relative to, and where the lock lies."""
        return self.file.parent

    def chosen(self, profile: str) -> tuple[Check, ...]:
        """The checks of a profile; raises `DeclarationError` if there are none."""
        chosen = tuple(check for check in self.checks if profile in check.profiles)
        if not chosen:
            help = "a gate without checks would be green whatever happens"
            raise DeclarationError(self.file.name, f"no check is in the profile {profile}", help)
        return chosen


def find(start: Path) -> Path:
    """The nearest file that declares checks, from `start` upwards; raises `DeclarationError`."""
    for folder in (start, *start.parents):
        own, project = folder / OWN_FILE, folder / PROJECT_FILE
        declared = project.is_file() and _in_project(_toml(project)) is not None
        if own.is_file() and declared:
            message = f"{PROJECT_FILE} beside it has [tool.splitbrain], too"
            raise DeclarationError(str(own), message, "keep one of the two")
        if own.is_file():
            return own
        if declared:
            return project
    help = "splitbrain gate init writes a first one"
    raise DeclarationError(str(start), f"no {OWN_FILE} here or above declares checks", help)


def read(file: Path) -> Declaration:
    """The declaration in a file; raises `DeclarationError` at the first mistake."""
    document: Mapping[str, Any] = _toml(file)
    heading = ""
    if file.name == PROJECT_FILE:
        heading = "tool.splitbrain."
        document = _in_project(document) or {}
    top = Table(file.name, document)
    gate = Table(f"{file.name}: [{heading}gate]", top.table("gate"))
    entries = top.tables("checks", f"[[{heading}checks]]")
    top.done()
    if not entries:
        help = f'write [[{heading}checks]] with spec = "specs/mine.py"'
        raise DeclarationError(file.name, "there is no check", help)
    checks = tuple(
        _check(f"{file.name}: [[{heading}checks]] {number}", entry)
        for number, entry in enumerate(entries, 1)
    )
    declaration = Declaration(
        file=file,
        checks=checks,
        profile=gate.one_of("profile", PROFILES, PROFILES[0]),
        bounds=Bounds(gate.seconds("timeout"), gate.size("max_memory")),
        workers=gate.positive("workers"),
    )
    gate.done()
    return declaration


def _in_project(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    tool = document.get("tool")
    found = tool.get("splitbrain") if isinstance(tool, dict) else None
    return found if isinstance(found, dict) else None


def _toml(file: Path) -> dict[str, Any]:
    try:
        # Editors on Windows begin a text with a mark of its encoding.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise DeclarationError(str(file), "it is not text") from None
    except OSError as error:
        raise DeclarationError(str(file), f"cannot be read: {error.strerror or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(str(file), f"it is not TOML: {error}") from None


def _check(place: str, entry: Mapping[str, Any]) -> Check:
    named = entry.get("name", entry.get("spec"))
    place += f" ({named})" if isinstance(named, str) else ""
    table = Table(place, entry)
    engine = table.one_of("engine", ENGINES, ENGINES[0])
    for key, only in OF_ENGINE.items():
        if key in entry and engine != only:
            raise table.error(f"{key} is for engine {only}, and this check's is {engine}")
    check = Check(
        place=place,
        name=table.text("name"),
        spec=table.required_text("spec", 'write spec = "specs/mine.py", or a name'),
        settings=table.choices("settings"),
        scope=table.scopes("scope"),
        properties=table.texts("properties"),
        engine=engine,
        depth=table.natural("depth"),
        lemmas=table.texts("lemmas"),
        lift=table.texts("lift") if "lift" in entry else None,
        k=table.positive("k") or 1,
        deadlock=table.flag("deadlock"),
        expected=_expected(table),
        profiles=table.some_of("profiles", PROFILES),
        bounds=Bounds(
            table.seconds("timeout"), table.size("max_memory"), table.positive("max_states")
        ),
    )
    table.done()
    if engine == "z3" and check.depth is None:
        raise table.error("engine z3 asks about paths of some length", "write depth = 10")
    return check


def _expected(table: Table) -> Expected:
    verdict = table.one_of("expect", ("holds", "violated"), "holds")
    name, steps = table.text("property"), table.natural("steps")
    if verdict == "violated" and (name is None or steps is None):
        help = 'write property = "name" and steps = N, as `splitbrain check` shows them'
        raise table.error('expect = "violated" must say what, and after how many steps', help)
    if verdict == "holds" and (name, steps) != (None, None):
        key = "property" if name is not None else "steps"
        help = "write properties = [...] to choose what is judged"
        raise table.error(f'{key} goes with expect = "violated"', help)
    return Expected(verdict, name, steps)
