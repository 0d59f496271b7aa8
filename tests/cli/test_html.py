from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Splitbrain = Callable[..., Any]


def test_the_page_of_a_kept_trace(splitbrain: Splitbrain, folder: Path) -> None:
    splitbrain("check", "acks.py", "--set", "acks=one")
    trace = ".splitbrain/acks-leader_has_acked_record.json"
    done = splitbrain("show", trace, "--html", "pages/acks.html")
    assert (done.exit, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "  page  pages/acks.html"
    page = (folder / "pages" / "acks.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "Any broker may lead next." in page
    assert "acks.py:" in page
    assert str(folder) not in page


def test_the_page_of_an_entry(splitbrain: Splitbrain, folder: Path) -> None:
    assert splitbrain("show", "R26", "--html", "r26.html").exit == 0
    page = (folder / "r26.html").read_text("utf-8")
    assert "<h1>R26: The last replica standing loses its log, and leads</h1>" in page
    assert "The leader&#x27;s log holds every acknowledged record" in page
    assert "5,179 states" in page


def test_a_spec_that_is_gone_leaves_a_plain_page(splitbrain: Splitbrain, folder: Path) -> None:
    splitbrain("check", "acks.py", "--set", "acks=one")
    (folder / "acks.py").rename(folder / "gone.txt")
    trace = ".splitbrain/acks-leader_has_acked_record.json"
    assert splitbrain("show", trace, "--html", "acks.html").exit == 0
    assert "elect(b1)" in (folder / "acks.html").read_text("utf-8")


def test_what_cannot_be_drawn_or_written(splitbrain: Splitbrain, folder: Path) -> None:
    (folder / "file").write_text("")
    done = splitbrain("show", "R26", "--html", "file/r26.html")
    assert done.exit == 1
    assert done.err.startswith("error: cannot write file/r26.html: ")
    assert list(folder.glob(".*.html*")) == []


@pytest.mark.parametrize("names", [("R26", "R1")])
def test_the_museum_as_pages(splitbrain: Splitbrain, folder: Path, names: tuple[str, ...]) -> None:
    done = splitbrain("museum", *names, "--html", "museum")
    assert done.exit == 0
    made = {path.name for path in (folder / "museum").iterdir()}
    assert {"index.html", "R26.html", "R1.html"} <= made
    index = (folder / "museum" / "index.html").read_text("utf-8")
    assert 'href="R26.html"' in index
