"""Reassignment: it takes what was acknowledged along, and is not complete too early."""

from __future__ import annotations

import pytest

from checker.check import Options, check
from checker.lang.load import load
from checker.verdict import name_of

SCOPE = {"LeaderEpoch": 2, "Fence": 1, "Split": 0}
PROMISES = (
    "acked_on_min_insync_replicas",
    "reassignment_ends_in_sync",
    "isr_is_of_replicas",
    "leader_has_acked_by_all",
    "one_leader_can_commit",
    "refused_leader_is_outdated",
)
GOALS = ("partition_has_moved", "reassignment_waits")


def verdicts(fix: str, properties: tuple[str, ...]) -> dict[str, str]:
    settings = {"complete_requires_all_targets": fix}
    result = check(
        load("reassignment"), settings, SCOPE, Options(properties=properties, go_on=True)
    )
    assert result.complete, result.stop
    return {name: name_of(verdict) for name, verdict in result.verdicts}


def test_promises_hold_and_goals_are_reached() -> None:
    found = verdicts("true", PROMISES + GOALS)
    assert {found[name] for name in PROMISES} == {"holds"}
    assert {found[name] for name in GOALS} == {"reached"}


@pytest.mark.parametrize("promise", PROMISES)
def test_only_two_promises_need_all_targets_in_sync(promise: str) -> None:
    """A leader that all may commit with is still one; it is the copies that are missing."""
    needs_fix = promise in ("acked_on_min_insync_replicas", "reassignment_ends_in_sync")
    assert verdicts("false", (promise,))[promise] == ("violated" if needs_fix else "holds")
