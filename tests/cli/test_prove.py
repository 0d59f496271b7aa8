"""`splitbrain prove`: exit codes, JSON as its schema promises, what a counterexample is called."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "proof.schema.json").read_text("utf-8"))
Splitbrain = Callable[..., Any]


def proof_of(splitbrain: Splitbrain, *arguments: str) -> Any:
    done = splitbrain("prove", *arguments, "--json")
    document = done.json
    jsonschema.validate(document, SCHEMA)
    assert document["exit"] == done.exit
    return document


def verdicts(document: Any) -> dict[str, str]:
    return {found["name"]: found["verdict"] for found in document["properties"]}


def test_what_is_proved_ends_with_0(splitbrain: Splitbrain) -> None:
    document = proof_of(splitbrain, "toys.token_ring")
    assert document["exit"] == 0
    assert document["lifted"] == ["Round"]
    assert verdicts(document) == {"one_token": "proved", "undefined step": "proved"}


def test_what_is_violated_ends_with_12_and_its_trace(splitbrain: Splitbrain, folder: Path) -> None:
    document = proof_of(splitbrain, "toys.die_hard")
    assert document["exit"] == 12
    found = document["properties"][0]
    assert (found["verdict"], found["steps"]) == ("violated", 6)
    assert found["actions"]["big_to_small"]["first_state"] == "reachable"
    assert splitbrain("show", found["trace_file"]).exit == 0


def test_a_violation_is_found_though_its_induction_failed_elsewhere(splitbrain: Splitbrain) -> None:
    document = proof_of(splitbrain, "toys.peterson_wrong_turn")
    found = document["properties"][0]
    assert found["verdict"] == "violated"
    assert found["steps"] == 6
    searched = splitbrain("check", "toys.peterson_wrong_turn", "--json").json
    assert searched["properties"][0]["steps"] == 6


def test_what_is_not_inductive_is_never_a_bug(splitbrain: Splitbrain) -> None:
    document = proof_of(splitbrain, "toys.peterson")
    assert document["exit"] == 3
    found = document["properties"][0]["actions"]["enter"]
    assert found["first_state"] == "unreachable within the explored scope"
    assert found["steps"][0]["action"] == "enter"
    assert len(found["states"]) == 2


def test_a_search_that_was_stopped_labels_nothing(splitbrain: Splitbrain) -> None:
    document = proof_of(splitbrain, "toys.two_phase_commit", "--max-states", "3")
    found = document["properties"][0]["actions"]["receive_commit"]
    assert found["first_state"] == "unknown"


@pytest.mark.parametrize(
    ("lemmas", "expected"),
    [
        ([], "not inductive"),
        (["terms_are_given"], "proved"),
        (["one_holds_each_term"], "proved under lemmas that are not proved"),
        (["terms_are_given", "one_holds_each_term"], "proved"),
        (["all"], "proved"),
    ],
)
def test_lemmas_help(lemmas: list[str], expected: str, splitbrain: Splitbrain) -> None:
    chosen = [word for lemma in lemmas for word in ("--with", lemma)]
    document = proof_of(splitbrain, "terms.py", "--property", "one_leads", *chosen)
    assert verdicts(document)["one_leads"] == expected
    assert document["exit"] == (0 if expected == "proved" else 3)


def test_under_a_lemma_that_is_not_proved_nothing_is_proved(splitbrain: Splitbrain) -> None:
    document = proof_of(splitbrain, "terms.py", "--property", "terms_grow", "--with", "one_leads")
    assert verdicts(document)["terms_grow"] == "proved under lemmas that are not proved"
    assert document["exit"] == 3


def test_candidates_that_fail_are_named(splitbrain: Splitbrain) -> None:
    document = proof_of(splitbrain, "toys.two_phase_commit", "--with", "all")
    assert set(document["dropped"]) == {"consistent"}
    assert document["lemmas"] == []


COUNTING = """
class Counting(Terms):
    @invariant
    def terms_are_counted(self) -> bool:
        return sum(1 for t in range(self.newest)) == self.newest
"""

NAMED = """
class Named(Terms):
    ended: dict[Term, bool]

    @invariant
    def nothing_ends(self) -> bool:
        return not any(self.ended[t] for t in self.ended)
"""


def test_what_cannot_be_said_without_a_bound_is_unknown(splitbrain: Splitbrain) -> None:
    Path("counting.py").write_text(Path("terms.py").read_text("utf-8") + COUNTING, "utf-8")
    chosen = ("counting.py:Counting", "--property", "terms_are_counted")
    document = proof_of(splitbrain, *chosen)
    assert document["exit"] == 3
    assert verdicts(document) == {"terms_are_counted": "unknown"}
    reason = document["properties"][0]["actions"]["elect"]["reason"]
    assert reason.startswith("sum over something without bound (counting.py:")
    assert verdicts(proof_of(splitbrain, *chosen, "--lift", "none")) == {
        "terms_are_counted": "proved"
    }


def test_a_bound_that_the_spec_depends_on_is_not_lifted(
    splitbrain: Splitbrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that a spec depends on: it is told."""
    monkeypatch.setattr("checker.lifting.is_uniform", lambda *_: False)
    chosen = ("terms.py", "--property", "terms_are_given")
    document = proof_of(splitbrain, *chosen)
    assert (document["lifted"], document["not_lifted"]) == ([], ["Term"])
    assert verdicts(document) == {"terms_are_given": "proved"}
    assert "for the given Term only" in splitbrain("prove", *chosen).out
    assert splitbrain("prove", *chosen, "--lift", "Term").exit == 2


def test_a_map_that_is_the_same_everywhere_depends_on_no_bound(splitbrain: Splitbrain) -> None:
    Path("named.py").write_text(Path("terms.py").read_text("utf-8") + NAMED, "utf-8")
    document = proof_of(splitbrain, "named.py:Named", "--property", "nothing_ends")
    assert (document["lifted"], document["not_lifted"]) == (["Term"], [])
    assert verdicts(document) == {"nothing_ends": "proved"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("toys.token_ring", "--scope", "Round=1..2"),
        ("toys.token_ring", "--lift", "Rounds"),
        ("toys.token_ring", "--with", "one_tokn"),
        ("toys.token_ring", "--property", "pass_on"),
        ("toys.tokn_ring",),
        ("toys.token_ring", "--k", "0"),
    ],
)
def test_mistakes_are_explained(arguments: tuple[str, ...], splitbrain: Splitbrain) -> None:
    done = splitbrain("prove", *arguments)
    assert done.exit == 2
    assert done.err.startswith("error")


PAST_THE_KEYS = """
class PastTheKeys(Terms):
    ended: dict[Term, bool]
    next: Annotated[int, Upto("Term", plus=1)]

    @action
    def begin(self) -> None:
        require(self.next < 1)
        self.next += 1

    @action
    def end(self) -> None:
        self.ended[self.next] = not self.ended[self.next]
"""


def test_a_state_of_a_smaller_scope_is_shown_as_one(splitbrain: Splitbrain) -> None:
    """Counterexamples are looked for in two scopes: a map has fewer keys in one of them."""
    Path("past.py").write_text(Path("terms.py").read_text("utf-8") + PAST_THE_KEYS, "utf-8")
    chosen = ("past.py:PastTheKeys", "--property", "undefined step")
    found = proof_of(splitbrain, *chosen)["properties"][0]
    assert found["verdict"] == "not inductive"
    end = found["actions"]["end"]
    assert len(end["states"][0]["ended"]) == end["scope"]["Term"] + 1
    assert "is no key of" in splitbrain("prove", *chosen).out
