"""`docs/PROTOCOLS.md` and its pages name what the specs have: all of it, and nothing else.

A section is headed by the name of a spec, or of a base that several share. It speaks of its own
class, and of bases that have no section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import pytest

from checker.ir.model import PropertyKind
from checker.lang.declaration import Declaration
from checker.lang.declare import declare
from checker.lang.load import catalogue, load
from checker.lang.spec import classes_of
from counterexamples.museum_cases import entries

DOCS = Path(__file__).parents[2] / "docs"
INDEX = DOCS / "PROTOCOLS.md"
ELSEWHERE = ("published.", "toys.")
PARTS = (
    "\n```mermaid\n",
    "\n| action | what happens | in Kafka | budget |\n",
    "\n**Left out, and why that hides nothing**",
    "\n**Not covered**",
    "\n**Goals**",
    "](../../specs/",
)


@dataclass(frozen=True, slots=True)
class Section:
    """What a page says of one spec."""

    name: str
    text: str

    def table(self, head: str) -> list[list[str]]:
        """The rows of the table whose first column is so called; none if there is no such table."""
        found = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)*)", self.text, re.MULTILINE)
        lines = found[1].splitlines() if found else []
        return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def sections() -> dict[str, Section]:
    found = {}
    for page in sorted((DOCS / "protocols").glob("*.md")):
        _, *parts = re.split(r"^## `(\w+)`\n", page.read_text("utf-8"), flags=re.MULTILINE)
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            assert name not in found, f"two sections are headed {name}"
            found[name] = Section(name, text)
    return found


SECTIONS = sections()


@cache
def specs() -> dict[str, Declaration]:
    """All protocol specs that can be run, as declared."""
    found = [load(name) for name in catalogue() if not name.startswith(ELSEWHERE)]
    return {one.name: declare(one.spec, modules=one.modules) for one in found}


def module(cls: type) -> str:
    return cls.__module__.removeprefix("specs.")


def lineage(spec: str) -> list[str]:
    """The modules that make a spec, base first."""
    return list(dict.fromkeys(module(cls) for cls in classes_of(specs()[spec].spec)))


def heirs(section: str) -> Iterator[str]:
    """The specs that are, or are built on, what a section speaks of."""
    return (spec for spec in specs() if section in lineage(spec))


def own_modules(section: str) -> set[str]:
    """The module of a section, and those of bases that have none."""
    whole = lineage(next(heirs(section)))
    found = [section]
    for base in reversed(whole[: whole.index(section)]):
        if base in SECTIONS:
            break
        found.append(base)
    return set(found)


def own_actions(section: str) -> dict[str, str]:
    """The actions that a section's class defines or replaces, each with its budget."""
    own = own_modules(section)
    return {
        action.name: action.budget or ""
        for spec in heirs(section)
        for action in specs()[spec].actions
        if Path(action.code.source.path).stem in own
    }


def goals(section: str) -> set[str]:
    """The goals of all specs that are built on a section's class."""
    return set.intersection(
        *(
            {p.method.name for p in specs()[spec].properties if p.kind == PropertyKind.REACHABLE}
            for spec in heirs(section)
        )
    )


def bases(section: str) -> list[str]:
    """The sections of a section's bases."""
    whole = lineage(next(heirs(section)))
    return [base for base in whole[: whole.index(section)] if base in SECTIONS]


def own_goals(section: str) -> set[str]:
    return goals(section) - {goal for base in bases(section) for goal in goals(base)}


def name_in(cell: str) -> str:
    """A name in code quotes, alone in its cell; a cell may be empty."""
    if cell == "":
        return ""
    found = re.fullmatch(r"`(\w+)`", cell)
    assert found is not None, cell
    return found[1]


def written(value: object) -> str:
    """A setting's value as it is written on the command line."""
    return (value.name if isinstance(value, Enum) else str(value)).lower()


def test_every_spec_has_a_section_and_stands_in_the_index() -> None:
    missing = set(specs()) - set(SECTIONS)
    assert not missing, f"write a section in docs/protocols for {missing}"
    rows = Section("index", INDEX.read_text("utf-8")).table("page")
    assert sorted(name_in(row[1]) for row in rows) == sorted(specs())


def test_every_section_speaks_of_a_spec_or_a_base() -> None:
    unknown = [name for name in SECTIONS if not any(heirs(name))]
    assert not unknown


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_all_its_parts(name: str) -> None:
    missing = [part for part in PARTS if part not in SECTIONS[name].text]
    assert not missing
    assert SECTIONS[name].text.count("```mermaid\n") == 1, "one picture"


@pytest.mark.parametrize("name", SECTIONS)
def test_actions_and_budgets(name: str) -> None:
    rows = SECTIONS[name].table("action")
    named = [name_in(row[0]) for row in rows]
    assert len(named) == len(set(named))
    assert {name_in(row[0]): name_in(row[3]) for row in rows} == own_actions(name)
    assert all(row[1] and row[2] for row in rows)


@pytest.mark.parametrize("name", SECTIONS)
def test_goals(name: str) -> None:
    named = [name_in(row[0]) for row in SECTIONS[name].table("goal")]
    assert sorted(named) == sorted(own_goals(name))


@pytest.mark.parametrize("spec", sorted(specs()))
def test_sections_of_a_spec_and_its_bases_name_all_of_it(spec: str) -> None:
    read = [SECTIONS[part] for part in lineage(spec) if part in SECTIONS]
    actions = {name_in(row[0]) for section in read for row in section.table("action")}
    assert actions == {action.name for action in specs()[spec].actions}
    reached = {name_in(row[0]) for section in read for row in section.table("goal")}
    assert reached == goals(spec)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_picture_names_actions(name: str) -> None:
    """A name with an underscore is an action, or what the picture itself calls a party."""
    picture = SECTIONS[name].text.split("```mermaid\n")[1].split("```")[0]
    assert picture.startswith(("flowchart LR\n", "sequenceDiagram\n"))
    parties = set(re.findall(r"(\w+)[\[(]", picture))
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", picture)) - parties
    actions = {action.name for spec in heirs(name) for action in specs()[spec].actions}
    assert named <= actions, named - actions


@pytest.mark.parametrize("name", SECTIONS)
def test_settings_and_their_museum_entries(name: str) -> None:
    museum = {entry.id: entry for entry in entries()}
    spec = name if name in specs() else next(heirs(name))
    settings = {setting.name: written(setting.default) for setting in specs()[spec].settings}
    for row in SECTIONS[name].table("setting"):
        setting = name_in(row[0])
        assert setting in settings
        assert name_in(row[1]) == settings[setting], setting
        for id in re.findall(r"museum/([\w-]+)/README", row[3]):
            sides = [museum[id].broken.side]
            sides += [] if museum[id].fixed is None else [museum[id].fixed.side]
            assert {side.spec for side in sides} <= set(heirs(name)), id
            assert any(setting in side.settings for side in sides), (setting, id)


def test_classes_of_kafka_have_a_place() -> None:
    index = Section("index", INDEX.read_text("utf-8"))
    known = {
        found for row in index.table("folder") for found in re.findall(r"`([A-Z]\w+)`", row[1])
    }
    text = index.text + "".join(section.text for section in SECTIONS.values())
    used = set(re.findall(r"`([A-Z]\w+)\.(?!scala)[\w.]+`", text))
    assert used == known
