from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.cli import run_museum, run_show
from counterexamples.museum_cases import MUSEUM, Entry, entries

Splitbrain = Callable[..., Any]

LABEL = MUSEUM / "KIP-101" / "case.toml"


@pytest.fixture
def museum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A museum of three small entries; KIP-101 has no other id's ticket."""
    root = tmp_path / "museum"
    for id, more in (("R1", ""), ("R2", "nightly = true\n"), ("KIP-101", "")):
        shutil.copytree(MUSEUM / "KIP-101", root / id)
        text = LABEL.read_text("utf-8").replace('id = "KIP-101"', f'{more}id = "{id}"', 1)
        (root / id / "case.toml").write_text(text, "utf-8")

    def own() -> tuple[Entry, ...]:
        return entries(root)

    monkeypatch.setattr(run_museum, "entries", own)
    monkeypatch.setattr(run_show, "entries", own)
    return root


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_list(splitbrain: Splitbrain, museum: Path) -> None:
    done = splitbrain("museum")
    assert (done.exit, done.err) == (0, "")
    heading, *lines = done.out.splitlines()
    assert heading.split()[0] == "entry"
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == [
        "KIP-101", "R1", "R2",
    ]  # fmt: skip
    assert "✗ 9 steps" in lines[0]
    assert "✓ 1,177 states" in lines[0]
    assert max(map(len, lines)) <= 100


def test_list_as_json(splitbrain: Splitbrain, museum: Path) -> None:
    (entry,) = splitbrain("museum", "r1", "--json").json["entries"]
    assert (entry["id"], entry["kind"], entry["fixed_in"]) == ("R1", "bug", "0.11")
    assert entry["broken"]["steps"] == 9
    assert entry["fixed"]["spec"] == "published.kip101"
    assert "as_recorded" not in entry


def test_check(splitbrain: Splitbrain, museum: Path) -> None:
    done = splitbrain("museum", "--check")
    assert (done.exit, done.err) == (0, "")
    first, second, empty, note = done.out.splitlines()
    assert first == "✓ KIP-101  violated after 9 steps, with the fix holds in 1,177 states"
    assert (second.split()[1], empty) == ("R1", "")
    assert note == "  note  they take long, and --nightly checks them: R2"
    assert splitbrain("museum", "--check", "--nightly").out.count("✓") == 3
    assert splitbrain("museum", "--check", "R2").out.startswith("✓ R2")


def test_check_says_what_is_not_as_recorded(splitbrain: Splitbrain, museum: Path) -> None:
    replace_in(museum / "R1" / "case.toml", "steps = 9", "steps = 8")
    done = splitbrain("museum", "--check", "R1")
    assert done.exit == 12
    assert done.out.startswith("✗ R1  violated after 9 steps")
    assert "   broken: violated after 9 steps, and the label says violated after 8" in done.out
    (entry,) = splitbrain("museum", "--check", "R1", "--json").json["entries"]
    assert entry["as_recorded"] is False
    assert len(entry["differences"]) == 1


def test_update_keeps_the_trace_and_its_text(splitbrain: Splitbrain, museum: Path) -> None:
    folder = museum / "R1"
    before = [(folder / name).read_bytes() for name in ("trace.json", "trace.txt")]
    (folder / "trace.json").unlink()
    (folder / "trace.txt").write_text("old", "utf-8")
    assert splitbrain("museum", "--update", "R1").exit == 0
    assert [(folder / name).read_bytes() for name in ("trace.json", "trace.txt")] == before


def test_a_mistake_in_a_label(splitbrain: Splitbrain, museum: Path) -> None:
    replace_in(museum / "R1" / "case.toml", "property =", "promise =")
    done = splitbrain("museum")
    assert (done.exit, done.out) == (2, "")
    assert done.err.endswith("R1/case.toml: property is missing\n")


def test_a_label_whose_property_is_gone(splitbrain: Splitbrain, museum: Path) -> None:
    replace_in(museum / "R1" / "case.toml", '"strong_isr"', '"strong_irs"')
    done = splitbrain("museum", "--check", "R1")
    assert done.exit == 2
    assert "R1/case.toml: published.truncate_to_high_watermark has no property" in done.err
    assert "did you mean strong_isr?" in done.err


@pytest.mark.parametrize("name", ["R1", "r1"])
def test_show_by_id(splitbrain: Splitbrain, museum: Path, name: str) -> None:
    done = splitbrain("show", name)
    assert (done.exit, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("R1  A follower truncates")
    assert lines[1] == "  KIP-101  KAFKA-1211  fixed in 0.11"
    assert "✓ 1,177 states  published.kip101  Replica=2  LogSize=2  Record=2  Epoch=1" in lines
    assert "strong_isr  violated after 9 steps" in lines
    assert lines[-1] == "replayed in Python: still violated"
    assert max(map(len, lines)) <= 100


def test_show_one_step(splitbrain: Splitbrain, museum: Path) -> None:
    done = splitbrain("show", "R1", "--step", "4")
    assert "4  leader_write(r1)" in done.out
    assert "A follower truncates" not in done.out
    assert splitbrain("show", "R1", "--step", "10").exit == 2


def test_show_by_a_ticket_of_several(splitbrain: Splitbrain, museum: Path) -> None:
    done = splitbrain("show", "KAFKA-1211")
    assert done.exit == 0
    assert [name for name in ("KIP-101 ", "R1 ", "R2 ") if f"\n{name}" not in done.out] == []
    assert done.out.endswith("  to see one: splitbrain show KIP-101\n")


def test_show_without_a_trace(splitbrain: Splitbrain, museum: Path) -> None:
    (museum / "R1" / "trace.json").unlink()
    done = splitbrain("show", "R1")
    assert done.exit == 0
    assert done.out.splitlines()[-1].startswith("✓ 1,177 states")


def test_show_what_is_not_there(splitbrain: Splitbrain, museum: Path) -> None:
    done = splitbrain("show", "KIP-102")
    assert (done.exit, done.out) == (2, "")
    expected = "there is no file KIP-102, and no such entry in the museum; did you mean KIP-101?"
    assert done.err == f"error: {expected}\n"


def test_a_file_comes_before_an_entry(splitbrain: Splitbrain, museum: Path, folder: Path) -> None:
    document = json.loads((museum / "R1" / "trace.json").read_text("utf-8"))
    (folder / "R1").write_text(json.dumps(document), "utf-8")
    done = splitbrain("show", "R1")
    assert done.out.startswith("published.truncate_to_high_watermark  ")
