"""Lossy restarts and unclean elections: what KIP-966 promises, and where the promise ends."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checker.check import Options, check
from checker.lang.load import load
from checker.verdict import name_of

FIXED = {"reelection": "reset", "keep_pending_on_same_version": "true"}
SCOPE = {"Broker": 2, "Record": 1, "Epoch": 4, "PartitionEpoch": 6}
DURABILITY = ("leader_has_acked", "electable_have_acked", "acked_on_some_replica")


def verdicts(scope: Mapping[str, int], **settings: str) -> dict[str, str]:
    """What becomes of the durability properties."""
    options = Options(go_on=True, properties=DURABILITY)
    found = check(load("unclean_election"), {**FIXED, **settings}, {**SCOPE, **scope}, options)
    assert found.complete
    return {name: name_of(verdict) for name, verdict in found.verdicts}


@pytest.mark.parametrize("minimum", [1, 2])
def test_fewer_lossy_restarts_than_the_minimum_lose_nothing(minimum: int) -> None:
    """KIP-966: `min.insync.replicas` - 1 lossy restarts, and a fenced broker, are survived."""
    faults = {"Fence": 1, "LossyRestart": minimum - 1}
    assert set(verdicts(faults, min_insync_replicas=str(minimum)).values()) == {"holds"}


@pytest.mark.parametrize("minimum", [1, 2])
def test_as_many_lossy_restarts_as_the_minimum_lose_records(minimum: int) -> None:
    """One more, and the record may be on no replica."""
    faults = {"Fence": 1, "LossyRestart": minimum}
    found = verdicts(faults, min_insync_replicas=str(minimum))
    assert found["acked_on_some_replica"] == "violated"


def test_a_restart_with_the_whole_log_is_harmless() -> None:
    """Whatever the checkpoint of the high watermark says."""
    assert set(verdicts({"Fence": 1, "LossyRestart": 0, "Restart": 1}).values()) == {"holds"}
