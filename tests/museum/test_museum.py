"""Every entry of the museum: its bug found again, its fix proved again, its trace replayed.

The numbers stand in the labels (`case.toml`); nothing here knows them.
"""

from __future__ import annotations

import pytest

from checker.lang.load import load
from checker.museum import judge
from checker.prepare import prepare
from checker.trace import Ending
from counterexamples.file import read, to_document
from counterexamples.museum_cases import Entry, Shown, entries
from counterexamples.recheck import recheck
from counterexamples.render_museum import trace_text

ENTRIES = entries()
EACH = pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])
WITH_TRACE = [entry for entry in ENTRIES if entry.broken.verdict is Shown.VIOLATED]
EACH_WITH_TRACE = pytest.mark.parametrize("entry", WITH_TRACE, ids=[e.id for e in WITH_TRACE])
SEARCHED = [
    pytest.param(entry, id=entry.id, marks=[pytest.mark.nightly] if entry.nightly else [])
    for entry in ENTRIES
]
UPDATE = "splitbrain museum --update writes the trace; read it"
LONGEST_README = 25


def test_there_are_entries() -> None:
    assert {"KIP-101", "KIP-279", "KIP-320"} <= {entry.id for entry in ENTRIES}


@pytest.mark.parametrize("entry", SEARCHED)
def test_both_sides_are_as_recorded(entry: Entry) -> None:
    """What counts as such is in `checker.museum`, and `test_judging.py` tests it."""
    judged = judge(entry)
    assert judged.differences == ()
    if judged.trace is None:
        assert not entry.trace_file.exists()
    else:
        assert to_document(read(entry.trace_file)) == to_document(judged.trace), UPDATE


@EACH_WITH_TRACE
def test_kept_trace_replays_in_plain_python(entry: Entry) -> None:
    trace, side = read(entry.trace_file), entry.broken.side
    assert (trace.spec, trace.property) == (side.spec, entry.property_name)
    assert (trace.ending, len(trace.steps)) == (Ending.VIOLATED, entry.broken.steps)
    assert side.settings.items() <= trace.settings.items()
    assert side.scope.items() <= trace.scope.items()
    prepared = prepare(load(side.spec), side.settings, side.scope, (entry.property_name,))
    assert prepared.model.settings == trace.settings
    assert prepared.model.scope == trace.scope
    assert recheck(prepared.model, prepared.semantics, trace) is None


@EACH_WITH_TRACE
def test_kept_text_is_how_the_trace_is_shown(entry: Entry) -> None:
    assert entry.text_file.read_text("utf-8") == trace_text(read(entry.trace_file)), UPDATE


@EACH
def test_readme_is_short_and_names_the_tickets(entry: Entry) -> None:
    assert entry.readme.startswith("# ")
    assert len(entry.readme.splitlines()) <= LONGEST_README
    assert [ticket for ticket in entry.tickets if ticket not in entry.readme] == []


@EACH
def test_nothing_else_lies_in_the_folder(entry: Entry) -> None:
    known = {"case.toml", "README.md", "trace.json", "trace.txt"}
    assert {path.name for path in entry.folder.iterdir()} <= known
