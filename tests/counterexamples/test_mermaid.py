"""The diagrams against a grammar that is stricter than Mermaid's own.

All of the museum's were parsed and one was drawn by Mermaid 11.17.2 in a browser, by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from checker.ir.types import SetType
from checker.trace import Step, Trace
from counterexamples.file import read
from counterexamples.forms.mermaid import escaped, mermaid
from counterexamples.museum_cases import MUSEUM
from tests.counterexamples.made import NOTE, made, node, sets

TEXT = r"(?:[^#;<>$\n]|#\w+;|<br/>)+"
LINES = [
    r"    title " + TEXT,
    r"    participant L\d+ as " + TEXT,
    r"    Note over L\d+(?:,L\d+)?: " + TEXT,
    r"    L\d+(?:->>|-->>|-x|--\))L\d+: " + TEXT,
]


def check(diagram: str) -> None:
    first, *rest = diagram.splitlines()
    assert first == "sequenceDiagram"
    for line in rest:
        assert any(re.fullmatch(pattern, line) for pattern in LINES), line
    known = set(re.findall(r"participant (L\d+) as", diagram))
    assert set(re.findall(r"\b(L\d+)(?=[,:\-])", diagram)) <= known


def test_the_diagram_is_pinned(trace: Trace, golden: Callable[[str, str], None]) -> None:
    check(mermaid(trace))
    golden("trace.mmd", mermaid(trace))


NAMES = sorted(path.parent.name for path in MUSEUM.glob("*/trace.json"))


@pytest.mark.parametrize("name", NAMES[::6])
def test_the_museum_is_drawn(name: str) -> None:
    trace = read(MUSEUM / name / "trace.json")
    diagram = mermaid(trace)
    check(diagram)
    for number, step in enumerate(trace.steps, start=1):
        assert diagram.count(f": {number}. {escaped(str(step))}") == 1
    assert diagram.splitlines()[-1].endswith(f"violated after {len(trace.steps)} steps")


def test_what_means_something_to_mermaid_is_escaped() -> None:
    assert escaped("a;b#c<d>\n$$e") == "a#59;b#35;c#lt;d#gt; #36;#36;e"
    assert escaped("\x00") == "\N{REPLACEMENT CHARACTER}"
    assert escaped(" ") == "-"


FATES = [
    ("R68", "->>", "overtaken by a later one"),
    ("R9", "--)", "still under way"),
]


@pytest.mark.parametrize(("name", "sign", "words"), FATES)
def test_what_becomes_of_a_message_is_seen(name: str, sign: str, words: str) -> None:
    diagram = mermaid(read(MUSEUM / name / "trace.json"))
    assert any(sign in line and words in line for line in diagram.splitlines())


def test_a_lost_message_is_seen() -> None:
    states = sets(set(), {(1, 0)}, set())
    diagram = mermaid(made(states, [node("send", 0), Step("lose_note", ())], SetType(NOTE)))
    assert any("-x" in line and "comes to nothing" in line for line in diagram.splitlines())
