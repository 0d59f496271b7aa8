"""Where a condition stands, as a reader is told: never by a folder of this machine."""

from __future__ import annotations

from pathlib import Path

from checker.ir.expr import Span
from counterexamples.guards import ROOT, place


def span(file: str) -> Span:
    return Span(file, 7, 0, 7, 1)


def test_ours_is_named_from_our_root(tmp_path: Path) -> None:
    assert place(span(str(ROOT / "specs" / "isr.py"))) == "specs/isr.py:7"
    assert place(span("mine.py")) == "mine.py:7"
    assert place(span(str(tmp_path / "mine.py"))) == f"{tmp_path}/mine.py:7"
