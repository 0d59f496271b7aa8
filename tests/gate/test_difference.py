"""A change of a spec, and what the gate says of it. Nothing here starts a process of the gate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checker.gate.difference import differences
from checker.gate.strength import Strength
from tests.gate.small_gate import locked

ONE_CHECK = '[[checks]]\nspec = "specs/counter.py"\n'

WEAKER = "weakened: implied by the old one, but not the reverse"

# An edit of the spec, and the lines that the gate says of it; those with a dot are notes.
EDITS: list[tuple[str, str, list[str]]] = [
    ("One more.", "Another comment, another line.\n", []),
    ("self.count += 1", "self.count = self.count + 1  # the same", []),
    ("self.count = 0", "self.count = min(0, self.count)",
     ["· action reset changed; every state and step is the same"]),
    ("self.count == 2", "2 == self.count", ["· property gets_to_two says the same in other words"]),
    ("self.count < 9", "self.count < 3",
     ["property is_small strengthened: implies the old one, but not the reverse",
      "verdict of is_small changed: holds → violated after 3 steps",
      "generated 6 → 5 (-16.7 %)"]),
    ("self.count == 2", "self.count >= 2", [f"property gets_to_two {WEAKER}"]),
    ("self.count == 2", "self.count == 1",
     ["property gets_to_two changed: neither implies the other",
      "verdict of gets_to_two changed: reached after 2 steps → reached after 1 step"]),
    ("self.count == 2", "self.count > 9",
     ["property gets_to_two strengthened: implies the old one, but not the reverse",
      "verdict of gets_to_two changed: reached after 2 steps → unreached",
      "states 4 → 1 (-75.0 %)", "generated 6 → 0 (-100.0 %)", "diameter 3 → 0"]),
    ("@invariant", "@reachable",
     ["property is_small changed from invariant to reachable",
      "verdict of is_small changed: holds → reached after 0 steps"]),
    ("def reset(", "def start_again(",
     ["action start_again added", "action reset removed",
      "the same states as before, with other steps between them"]),
    ("def is_small(", "def is_little(", ["property is_little added", "property is_small removed"]),
    ("self.count = 0", "require(self.count > 5)\n        self.count = 0",
     ["action reset changed", "action reset never fires now; it did 3 times",
      "generated 6 → 3 (-50.0 %)"]),
    ("self.count = 0", "require(self.count == 2)\n        self.count = 0",
     ["action reset changed", "generated 6 → 4 (-33.3 %)"]),
    ("self.count = 0", "self.count = min(self.count, 1)",
     ["action reset changed", "generated 6 → 5 (-16.7 %)"]),
    ("self.count = 0", "require(self.count != 1)\n        self.count = self.count // 3",
     ["action reset changed", "generated 6 → 5 (-16.7 %)"]),
    ("self.count = 0", "self.count = 2 if self.count == 3 else 0",
     ["action reset changed", "the same states as before, with other steps between them"]),
    ("Scope(Count=3)", "Scope(Count=2)",
     ["scope reduced: Count 3 → 2", "states 4 → 3 (-25.0 %)", "generated 6 → 4 (-33.3 %)",
      "diameter 3 → 2"]),
    ("Scope(Count=3)", "Scope(Count=4)",
     ["scope enlarged: Count 3 → 4", "states 4 → 5 (+25.0 %)", "generated 6 → 8 (+33.3 %)",
      "diameter 3 → 4"]),
    ('Upto("Count")]', 'Upto("Count")] = 1',
     ["the initial state is written differently",
      "verdict of gets_to_two changed: reached after 2 steps → reached after 1 step",
      "diameter 3 → 2"]),
    ('Upto("Count")]', 'Upto("Count", start=-1)] = 0',
     ["variable count has another domain", "action increment changed",
      "property is_small changed; not compared", "property gets_to_two changed; not compared",
      "as many states and steps as before; which ones cannot be compared, as variables or their "
      "domains changed"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), EDITS)
def test_edits(repository: Any, before: str, after: str, expected: list[str]) -> None:
    repository.change("import Scope", "import require, Scope", "specs/counter.py")
    old = locked()
    repository.change(before, after)
    new = locked(old.lock)
    found = differences(old.entry, new.entry, new.planned.strengths)
    told = [("· " if one.is_note else "") + one.text for one in found]
    assert told == expected


def test_nothing_changed_is_no_difference(repository: Any) -> None:
    first, second = locked(), locked()
    assert first.entry == second.entry
    assert differences(first.entry, second.entry, {}) == ()


def test_new_states_of_the_same_number_are_told(repository: Any) -> None:
    """Two models of four states each, of one layout, and not one state more in common."""
    old = locked()
    graph = {**old.entry.graph, "states": "0" * 32}
    (found,) = differences(old.entry, replace(old.entry, graph=graph), {})
    assert found.text == "as many states as before, but not the same ones"


def test_what_the_declaration_changes(repository: Any) -> None:
    old = locked().entry
    lines = 'engine = "z3"\ndepth = 3\nexpect = "violated"\nproperty = "is_small"\nsteps = 1\n'
    repository.declare(ONE_CHECK + lines)
    found = [one.text for one in differences(old, locked().entry, {})]
    assert found[:3] == [
        "engine changed: explicit → z3",
        "expected changed: holds → is_small violated after 1 step",
        "option depth changed: none → 3",
    ]


def test_a_damaged_text_is_not_compared(repository: Any) -> None:
    old = locked()
    repository.change("self.count < 9", "self.count < 3")
    damaged = replace(old.lock, meanings=dict.fromkeys(old.lock.meanings, '[["bool"],[["and"]]]'))
    assert locked(damaged).planned.strengths == {"is_small": Strength.UNKNOWN}
