"""Replication of one partition: what holds with every fix, and that our own choices hide nothing.

The bugs are in the museum. Here: the promises in small scopes, with all goals reached, and the two
grains of a fetch, which must agree about every bug that is tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from checker.check import Options, check
from checker.lang.load import load
from checker.result import Result
from checker.verdict import name_of

FIXED: Mapping[str, str] = {"reelection": "reset", "keep_pending_on_same_version": "true"}
LATE = ("false", "true")
TWO_BROKERS = {"Broker": 2, "Record": 2, "Epoch": 2, "PartitionEpoch": 5, "Election": 1}


def searched(
    settings: Mapping[str, str], scope: Mapping[str, int], properties: tuple[str, ...] = ()
) -> Result:
    """A search that goes on behind a finding."""
    options = Options(go_on=True, properties=properties)
    return check(load("isr"), dict(settings), dict(scope), options)


@cache
def fixed_run() -> Result:
    """Newest Kafka with the fixes of N1 and N4."""
    return searched(FIXED, TWO_BROKERS | {"Fence": 1, "Shrink": 1})


def test_every_promise_holds_and_every_goal_is_reached() -> None:
    """Two brokers, two records, an election, a fenced broker and a shrink: nothing is vacuous."""
    found = fixed_run()
    assert found.complete
    assert {name_of(verdict) for _, verdict in found.verdicts} == {"holds", "reached"}


def test_every_action_of_newest_kafka_happens() -> None:
    """Only the steps of other settings never do."""
    idle = {name for name, count in fixed_run().actions.items() if count.fired == 0}
    other = {"send_fetch", "answer_fetch", "lose_fetch", "truncate_to_epoch_end"}
    other |= {"fence_together", "note_late"}
    assert idle == other


@pytest.mark.parametrize(
    ("setting", "value", "property"),
    [
        ("skip_update_on_divergence", "false", "electable_have_acked"),
        ("epoch_answer", "offset_only", "known_ends_are_true"),
        ("reelection", "reset", "electable_have_acked"),
    ],
)
def test_late_requests_change_no_verdict(setting: str, value: str, property: str) -> None:
    """A request that takes time shows no bug more, and no bug less, than one that does not."""
    scope = TWO_BROKERS | {"PartitionEpoch": 2, "Election": 2}
    settings = {**FIXED, setting: value}
    runs = [searched({**settings, "late_requests": late}, scope, (property,)) for late in LATE]
    verdicts = [name_of(dict(run.verdicts)[property]) for run in runs]
    assert verdicts[0] == verdicts[1]
    assert (verdicts[0] == "holds") == (setting == "reelection")
