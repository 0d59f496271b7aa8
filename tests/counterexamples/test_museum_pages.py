"""What the page of a museum entry says that it is."""

from __future__ import annotations

import pytest

from counterexamples.drawing.museum_pages import index, sections_of
from counterexamples.drawing.page import About, Section, page
from counterexamples.file import read
from counterexamples.museum_cases import MUSEUM, read_entry
from counterexamples.paint import Paint
from counterexamples.render_museum import label_lines
from counterexamples.why.answer import Why

FACTS = [
    ("R9", "It is a bug that Kafka had (KAFKA-13141); fixed in Kafka 2.7.2.", "With the fix,"),
    ("R34", "It is a limit by design (KAFKA-20554).", "Otherwise,"),
    ("N1", "It is suspected in today's Kafka.", "With a fix that we suggest,"),
    (
        "R52b",
        "No release of Kafka is known to have this bug (KIP-853); prevented in Kafka 3.9.0.",
        "With the rule that prevents it,",
    ),
]


@pytest.mark.parametrize(("id", "first", "other"), FACTS)
def test_what_an_entry_is(id: str, first: str, other: str) -> None:
    _, facts = sections_of(read_entry(MUSEUM / id))
    assert facts.paragraphs[0] == first
    assert facts.paragraphs[-1].startswith(f"{other} the same property holds: ")


def test_what_its_readme_calls_no_bug_is_none() -> None:
    for path in sorted(MUSEUM.glob("*/README.md")):
        text = " ".join(path.read_text("utf-8").split())
        if "Kafka never had" in text or "No bug of Kafka's" in text:
            assert read_entry(path.parent).kind.value == "rule", path


def test_the_story_comes_before_the_proof() -> None:
    about = About(
        story=(Section("The story", ("It went wrong.",)),),
        sections=(Section("The rest", ("It was bound to.",)),),
        why=Why(),
    )
    content = page(read(MUSEUM / "R9" / "trace.json"), about)
    order = [content.index(f"<h2>{title}</h2>") for title in ("The story", "Why", "The rest")]
    assert order == sorted(order)


def test_the_index_says_what_is_no_bug_of_a_release() -> None:
    content = index([(read_entry(MUSEUM / id), None) for id in ("R9", "R34", "N1", "R52b")])
    assert "electable_have_acked · KAFKA-13141 · fixed in 2.7.2<" in content
    assert "KAFKA-20554 · a limit by design<" in content
    assert "electable_have_acked · suspected<" in content
    assert "KIP-853 · in no release · prevented in 3.9.0<" in content


@pytest.mark.parametrize("id", ["KIP-320-first-try-truncation", "R21", "N1", "R25"])
def test_a_label_fits_the_terminal(id: str) -> None:
    lines = label_lines(read_entry(MUSEUM / id), 80, Paint())
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith(f"{id}  ")
