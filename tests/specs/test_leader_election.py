"""Leader election: clean elections lose nothing, and what breaks without the rules."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checker.check import Options, check
from checker.lang.load import load
from checker.result import Result
from checker.verdict import name_of, trace_of

NAME = "leader_election"


def run(settings: Mapping[str, str], scope: Mapping[str, int]) -> Result:
    result = check(load(NAME), settings, scope, Options(go_on=True))
    assert result.complete, result.stop
    return result


def verdicts(result: Result) -> dict[str, str]:
    return {name: name_of(verdict) for name, verdict in result.verdicts}


def steps(result: Result, name: str) -> int:
    trace = trace_of(dict(result.verdicts)[name])
    assert trace is not None
    return len(trace.steps)


def test_default_scope_holds_and_reaches_every_goal() -> None:
    assert set(verdicts(run({}, {})).values()) == {"holds", "reached"}


def test_three_brokers_and_a_split_network() -> None:
    scope = {"Broker": 3, "LeaderEpoch": 2, "PartitionEpoch": 4, "Fence": 1, "Crash": 0}
    found = verdicts(run({}, scope))
    assert found.pop("nobody_leads") == "unreached"  # it takes two that are fenced
    assert set(found.values()) == {"holds", "reached"}


def test_every_action_fires() -> None:
    scope = {
        "Shutdown": 1,
        "Shrink": 1,
        "Loss": 1,
        "PartitionEpoch": 4,
        "LeaderEpoch": 2,
        "Fence": 1,
    }
    actions = run({"acks": "both"}, scope).actions
    assert {name for name, count in actions.items() if count.fired == 0} == set()


def test_unclean_election_loses_what_all_had_acknowledged() -> None:
    found = run({"unclean_leader_election": "true"}, {"Split": 0, "Crash": 0})
    assert steps(found, "one_leader_can_commit") == 5
    assert steps(found, "leader_has_acked_by_all") == 6


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"Election": 1, "Shutdown": 0, "Fence": 1}, 2),
        ({"Election": 0, "Shutdown": 1, "Fence": 0}, 2),
    ],
    ids=["fenced", "shut down"],
)
def test_acks_one_loses_at_any_election(scope: Mapping[str, int], expected: int) -> None:
    small = {"Split": 0, "Crash": 0, "PartitionEpoch": 4, **scope}
    found = run({"acks": "one"}, small)
    assert steps(found, "leader_has_all_that_was_acked") == expected
    assert verdicts(run({}, small))["leader_has_all_that_was_acked"] == "holds"
    assert verdicts(found)["one_leader_can_commit"] == "holds"


@pytest.mark.parametrize("minimum", ["1", "2"])
def test_min_insync_replicas_decides_who_serves_while_one_is_away(minimum: str) -> None:
    """With 2 of 2 the leader waits for its peer; with 1 it may go on alone. Both are safe."""
    found = run({"min_insync_replicas": minimum}, {"Crash": 0, "Split": 0})
    by_all = verdicts(found)
    assert by_all["leader_has_acked_by_all"] == "holds"
    assert by_all["isr_has_acked_by_all"] == "holds"
    assert by_all["leader_after_crash"] == "reached"
