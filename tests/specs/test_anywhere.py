"""Specs begun wherever their invariants hold: what is inductive stays true, and what breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.check import Options, check
from checker.given import Given, read_given
from checker.lang.load import load, with_lemmas
from checker.verdict import name_of, trace_of

SAFE = "valid_high_watermark"
LEMMAS = (
    "leader_is_not_ahead",
    "isr_in_force_is_counted",
    "requests_are_counted",
    "updates_only_shrink",
)

# Without a lemma: initial states, states, and after how many steps the property breaks.
NEEDED = {
    "leader_is_not_ahead": (6_160, 6_224, 1),
    "isr_in_force_is_counted": (2_016, 2_016, 0),
    "requests_are_counted": (4_352, 4_416, 1),
    "updates_only_shrink": (2_624, 3_296, 1),
}
ONE_FOLLOWER = {"Follower": 1, "Offset": 1, "Version": 1}
KNOWN = {"leader_end": 1, "pending_version": -1}


def begun_anywhere(*assumed: str) -> tuple[int | None, int, dict[str, str]]:
    """`published.async_isr` from every state of which this is true; its verdicts."""
    options = Options((SAFE, *LEMMAS), go_on=True, given=Given("known", KNOWN, assumed))
    result = check(with_lemmas(load("published.async_isr")), {}, ONE_FOLLOWER, options)
    assert result.complete
    found = {}
    for name, verdict in result.verdicts:
        trace = trace_of(verdict)
        found[name] = name_of(verdict) + ("" if trace is None else f" {len(trace.steps)}")
    return result.initial_states, result.states, found


def test_an_isr_begun_anywhere_sane_stays_sane() -> None:
    """Nothing new is reached: together the lemmas are inductive, and the property follows."""
    count, states, found = begun_anywhere(*LEMMAS)
    assert (count, states) == (1_984, 1_984)
    assert found == dict.fromkeys((SAFE, *LEMMAS), "holds")


@pytest.mark.parametrize(
    "lemma",
    [
        pytest.param(name, marks=() if name == "updates_only_shrink" else pytest.mark.nightly)
        for name in LEMMAS
    ],
)
def test_without_any_of_its_lemmas_it_breaks(lemma: str) -> None:
    count, states, found = begun_anywhere(*(name for name in LEMMAS if name != lemma))
    initial, reached, steps = NEEDED[lemma]
    assert (count, states) == (initial, reached)
    assert found[SAFE] == f"violated {steps}"


@pytest.mark.parametrize(
    ("settings", "scope", "counts", "monotone"),
    [
        ({}, {"Source": 2, "Target": 2}, (376, 641, 666, 2), "holds"),
        ({"sync_index": "latest"}, {"Source": 2, "Target": 2}, (376, 397, 516, 2), "holds"),
        pytest.param(
            {}, {"Source": 3, "Target": 3}, (1_736, 3_218, 5_448, 2), "holds",
            marks=pytest.mark.nightly,
        ),
    ],
)  # fmt: skip
def test_every_sane_store_stays_sane(
    settings: dict[str, str], scope: dict[str, int], counts: tuple[int, ...], monotone: str
) -> None:
    """MirrorMaker's store, with whatever in its slots: no sync breaks its invariants."""
    result = check(load("mm2_any_store"), settings, scope, Options(go_on=True, cone=False))
    found = {name: name_of(verdict) for name, verdict in result.verdicts}
    assert (result.initial_states, result.states, result.generated, result.level) == counts
    assert found["store_stays_sane"] == "holds"
    assert found["translation_is_monotone"] == monotone
    assert found["store_holds_three_syncs"] == "reached"


def test_translation_by_difference_breaks_at_once() -> None:
    """Before KAFKA-12468: some sane store translates an offset past the next sync."""
    scope = {"Source": 3, "Target": 1, "Sync": 0}
    result = check(load("mm2_any_store"), {"translation": "difference"}, scope)
    verdict = dict(result.verdicts)["translation_is_monotone"]
    trace = trace_of(verdict)
    assert trace is not None
    assert (name_of(verdict), len(trace.steps)) == ("violated", 0)


@pytest.mark.nightly
def test_a_partition_with_an_eligible_leader_loses_nothing_cleanly() -> None:
    """The example of docs/CLI.md, as long as there are no unclean elections."""
    given = read_given(Path(__file__).parents[1] / "cli" / "specs" / "partition.json")
    result = check(load("unclean_election"), {}, {}, Options(given=given))
    assert (result.initial_states, result.states, result.complete) == (2, 7_434, True)
    page = (Path(__file__).parents[2] / "docs" / "CLI.md").read_text("utf-8")
    assert f"in the {result.states:,} states that can be reached from there" in page
    assert name_of(dict(result.verdicts)["leader_has_acked"]) == "holds"
