"""`docs/COVERAGE.md`: each bug of our catalogue, and what became of it. Written by a command.

    python -m counterexamples.coverage

The table is made of the museum's labels and of `not_modelled.toml`, which is kept by hand: the bugs
that are not modelled, each with the reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterexamples.label import MuseumError, Table
from counterexamples.museum_cases import Entry, Kind, choices, entries
from counterexamples.render_museum import held, shown

CATALOGUE: Final = tuple([f"R{number}" for number in range(1, 72)] + ["N1", "N2"])

NOT_MODELLED: Final = Path(__file__).with_name("not_modelled.toml")

DOCUMENT: Final = Path(__file__).parent.parent / "docs" / "COVERAGE.md"

OPENING: Final = """# What is modelled

Each bug of our catalogue of Kafka's history (R1 to R71; N1 and N2 are suspected, and in today's
Kafka): the spec in which it shows, what is switched off to show it, how many steps it takes, and in
how many states the fix holds. The scopes stand in the entries (`splitbrain show KIP-101`);
`splitbrain museum --check` proves them all again. How an entry is made: [MUSEUM.md](MUSEUM.md).

This page is written by `python -m counterexamples.coverage`; a test says if it is out of date.
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A bug that has no entry: its title, and why (`None`: it is planned)."""

    title: str
    reason: str | None


def left_out(path: Path = NOT_MODELLED) -> Mapping[str, LeftOut]:
    """What is not modelled, by its number; raises `MuseumError` for a mistake in the file."""
    top = Table(path, "", tomllib.loads(path.read_text(encoding="utf-8")))
    found = {}
    for id in top.data:
        table = top.table(id)
        table.only_read("title", "reason")
        if id not in CATALOGUE:
            raise top.mistake(f"{id} is not in the catalogue")
        reason = table.text("reason") if table.has("reason") else None
        found[id] = LeftOut(table.text("title"), reason)
    return found


def document(all: Sequence[Entry], others: Mapping[str, LeftOut]) -> str:
    """The whole page; raises `MuseumError` for a bug of which nothing is said, or two things."""
    lines = [OPENING, *_summary(all, others), "", *_modelled(all)]
    for heading, reasons in (("Not modelled", True), ("Planned", False)):
        rows = [
            f"| {id} | {one.title} |" + (f" {one.reason} |" if one.reason else "")
            for id, one in _without_entry(all, others)
            if (one.reason is not None) == reasons
        ]
        if rows:
            columns = ("", "bug", "why not") if reasons else ("", "bug")
            lines += ["", f"## {heading}", "", *_heading(columns), *rows]
    return "\n".join(lines) + "\n"


def _summary(all: Sequence[Entry], others: Mapping[str, LeftOut]) -> Iterator[str]:
    shown = {id for entry in all for id in entry.catalogue}
    counts = [f"{len(shown)} of {len(CATALOGUE)} are modelled (museum entries: {len(all)})"]
    rest = [one for _, one in _without_entry(all, others)]
    planned = sum(one.reason is None for one in rest)
    counts += [f"{len(rest) - planned} are not"]
    counts += [f"{planned} are planned"] if planned else []
    yield "; ".join(counts) + "."


def _without_entry(
    all: Iterable[Entry], others: Mapping[str, LeftOut]
) -> Iterator[tuple[str, LeftOut]]:
    """What has no entry; a reason why there is none, where there is one, is a mistake."""
    shown = {id for entry in all for id in entry.catalogue}
    for id in CATALOGUE:
        if id in shown:
            if id in others and others[id].reason is not None:
                raise MuseumError(
                    f"{id} has an entry, and {NOT_MODELLED.name} says why it has none"
                )
        elif id in others:
            yield id, others[id]
        else:
            raise MuseumError(f"{id} has no entry, and {NOT_MODELLED.name} does not say why")


def _modelled(all: Iterable[Entry]) -> Iterator[str]:
    rows = [(id, entry) for entry in all for id in (entry.catalogue or ("",))]
    order = {id: number for number, id in enumerate((*CATALOGUE, ""))}
    unknown = [f"{entry.id} is about {id}" for id, entry in rows if id not in order]
    if unknown:
        raise MuseumError(f"not in the catalogue: {', '.join(unknown)}")
    yield "## Modelled\n"
    columns = ("", "entry", "bug", "spec", "switched off", "without", "with", "fixed in")
    yield from _heading(columns)
    for id, entry in sorted(rows, key=lambda row: order[row[0]]):
        yield _row(id, entry)


def _heading(columns: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]


def _row(id: str, entry: Entry) -> str:
    kinds = {
        Kind.BUG: "",
        Kind.LIMIT: " (a limit by design)",
        Kind.RULE: " (in no release)",
        Kind.SUSPECTED: " (suspected)",
    }
    other = "" if entry.fixed is None else entry.fixed.side.spec
    spec = entry.broken.side.spec
    cells = [
        id,
        f"[{entry.id}](../counterexamples/museum/{entry.id}/README.md)",
        f"{entry.title}{kinds[entry.kind]}: {', '.join(entry.tickets)}",
        f"`{spec}`" + (f", with the fix `{other}`" if other not in ("", spec) else ""),
        ", ".join(f"`{toggle}`" for toggle in entry.toggle),
        f"{entry.broken.verdict.value}, {shown(entry)}" if entry.broken.steps else shown(entry),
        "" if entry.fixed is None else _held(entry),
        entry.fixed_in or "",
    ]
    return f"| {' | '.join(cells)} |"


def _held(entry: Entry) -> str:
    assert entry.fixed is not None, entry.id
    smaller = f" ({', '.join(choices(entry.fixed.side.scope))})" if entry.kind is Kind.LIMIT else ""
    return f"holds, {held(entry.fixed)}{smaller}" if entry.fixed.states else held(entry.fixed)


if __name__ == "__main__":
    DOCUMENT.write_text(document(entries(), left_out()), encoding="utf-8")
