"""`docs/COVERAGE.md` says what there is, and says something of every bug in the catalogue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from counterexamples.coverage import CATALOGUE, DOCUMENT, LeftOut, document, left_out
from counterexamples.label import MuseumError
from counterexamples.museum_cases import MUSEUM, Kind, entries, read_entry

ENTRY = read_entry(MUSEUM / "KIP-101")
PLANNED = {id: LeftOut(f"Title of {id}", None) for id in CATALOGUE}


def test_the_page_is_up_to_date() -> None:
    written = DOCUMENT.read_text("utf-8")
    assert written == document(entries(), left_out()), "run python -m counterexamples.coverage"


def test_the_catalogue_is_whole() -> None:
    assert CATALOGUE == (*(f"R{number}" for number in range(1, 72)), "N1", "N2")


def test_every_bug_stands_on_the_page_once() -> None:
    text = document((ENTRY,), PLANNED | {"R70": LeftOut("A name", "a reason")})
    for id in CATALOGUE:
        assert text.count(f"| {id} |") == 1, id
    assert "1 of 73 are modelled (museum entries: 1); 1 are not; 71 are planned." in text
    assert "| R70 | A name | a reason |" in text
    assert "| R2 | Title of R2 |\n" in text


def test_a_row() -> None:
    text = document((replace(ENTRY, kind=Kind.LIMIT),), PLANNED)
    assert "| violated, 9 steps | holds, 1,177 states (Replica=2, " in text
    assert "(a limit by design): KIP-101, KAFKA-1211 | `published.truncate_to_high" in text


def test_nothing_is_forgotten() -> None:
    others = {id: one for id, one in PLANNED.items() if id != "R2"}
    with pytest.raises(MuseumError, match="R2 has no entry, and not_modelled"):
        document((ENTRY,), others)


def test_nothing_is_both() -> None:
    with pytest.raises(MuseumError, match="R1 has an entry, and not_modelled"):
        document((ENTRY,), PLANNED | {"R1": LeftOut("A name", "a reason")})


def test_an_entry_about_nothing_known() -> None:
    with pytest.raises(MuseumError, match="not in the catalogue: KIP-101 is about R99"):
        document((replace(ENTRY, catalogue=("R99",)),), PLANNED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[R99]\ntitle = "A"', "R99 is not in the catalogue"),
        ('[R1]\nreason = "A"', "title is missing"),
        ('[R1]\ntitle = "A"\nwhy = "A"', "nothing is called why"),
    ],
)
def test_mistakes_in_the_list(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "list.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(MuseumError, match=message):
        left_out(path)
