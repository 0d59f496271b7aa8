"""Controller fencing: what holds, what each fix is for, and that no green is empty."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checker.check import Options, check
from checker.lang.load import LoadedSpec, load, property_modules
from checker.result import Result
from checker.verdict import name_of, trace_of
from specs.controller_fencing import ControllerFencing
from specs.fencing_base import Broker

ZOOKEEPER = "controller_fencing"
KRAFT = "controller_fencing_kraft"


def run(
    name: str,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    properties: tuple[str, ...] = (),
) -> Result:
    result = check(load(name), settings, scope, Options(properties=properties, go_on=True))
    assert result.complete, result.stop
    return result


def verdicts(result: Result) -> dict[str, str]:
    return {name: name_of(verdict) for name, verdict in result.verdicts}


@pytest.mark.parametrize("name", [ZOOKEEPER, KRAFT])
def test_default_scope_holds_and_reaches_every_goal(name: str) -> None:
    assert set(verdicts(run(name, {}, {})).values()) == {"holds", "reached"}


@pytest.mark.parametrize(
    ("name", "settings", "scope", "quiet"),
    [
        (
            ZOOKEEPER,
            {},
            {"Restart": 1, "Shrink": 1, "Loss": 1, "Failure": 1, "Other": 1, "PartitionEpoch": 3},
            {"increment_controller_epoch"},
        ),
        (
            KRAFT,
            {},
            {"Restart": 1, "Loss": 1, "Failure": 1, "Registration": 1, "PartitionEpoch": 3},
            {"fence_both"},
        ),
    ],
)
def test_all_holds_with_every_fault_and_every_action_fires_but_those_of_old_versions(
    name: str, settings: Mapping[str, str], scope: Mapping[str, int], quiet: set[str]
) -> None:
    result = run(name, settings, scope)
    assert set(verdicts(result).values()) == {"holds", "reached"}
    assert {action for action, count in result.actions.items() if count.fired == 0} == quiet


# What each fix is for: the property that breaks without it, in the smallest scope known.
BROKEN = [
    (ZOOKEEPER, "controller_epoch_zkversion_check", "one_controller_can_decide", 3, {}),
    (ZOOKEEPER, "controller_epoch_zkversion_check", "newest_controller_decides", 4, {}),
    (ZOOKEEPER, "atomic_election", "elected_controller_has_the_newest_epoch", 5, {}),
    (ZOOKEEPER, "lisr_epoch_check", "local_epochs_grow", 6, {}),
    (ZOOKEEPER, "lisr_epoch_check", "one_leader_can_commit", 12, {"Shrink": 1}),
    (
        ZOOKEEPER,
        "broker_epoch_check",
        "one_leader_can_commit",
        12,
        {"Shrink": 1, "Restart": 1, "Delete": 0, "Expire": 0, "Election": 0},
    ),
    (ZOOKEEPER, "clear_leadership_on_follower", "one_acts_per_epoch", 6, {}),
    (ZOOKEEPER, "epoch_recorded_last", "one_acts_per_epoch", 6, {"Failure": 1}),
    (ZOOKEEPER, "future_epoch_is_not_controller", "refused_leader_is_outdated", 9, {"Shrink": 1}),
    (
        ZOOKEEPER,
        "idempotent_alter_partition",
        "refused_leader_is_outdated",
        6,
        {"Shrink": 1, "Loss": 1},
    ),
    (KRAFT, "future_epoch_is_not_controller", "refused_leader_is_outdated", 7, {}),
    (KRAFT, "reply_waits_for_commit", "one_leader_can_commit", 7, {}),
    (KRAFT, "wait_for_registration", "one_leader_can_commit", 10, {"Restart": 1}),
    (KRAFT, "clear_leadership_on_follower", "one_leader_can_commit", 9, {}),
    (KRAFT, "epoch_recorded_last", "one_acts_per_epoch", 4, {"Failure": 1}),
    (KRAFT, "epoch_per_incarnation", "broker_epoch_names_an_incarnation", 2, {"Registration": 1}),
    (
        KRAFT,
        "keep_fencing_on_registration",
        "fenced_brokers_are_out_of_the_isr",
        2,
        {"Registration": 1},
    ),
    (KRAFT, "registration_cleans_isr", "fenced_brokers_are_out_of_the_isr", 3, {"Restart": 1}),
    (
        KRAFT,
        "fence_one_at_a_time",
        "fenced_brokers_are_out_of_the_isr",
        2,
        {"Broker": 3, "Election": 0, "Shrink": 0, "PartitionEpoch": 3},
    ),
]


@pytest.mark.parametrize(
    ("name", "fix", "broken", "steps", "scope"),
    BROKEN,
    ids=[f"{b[0]}-{b[1]}-{b[2]}" for b in BROKEN],
)
def test_each_fix_is_needed(
    name: str, fix: str, broken: str, steps: int, scope: Mapping[str, int]
) -> None:
    (without,) = run(name, {fix: "false"}, scope, (broken,)).verdicts
    trace = trace_of(without[1])
    assert name_of(without[1]) == "violated"
    assert trace is not None
    assert len(trace.steps) == steps


RESTART = {"Restart": 1, "Shrink": 1, "Expire": 0, "Election": 0, "LeaderEpoch": 1}


class OnePartition(ControllerFencing):
    """A cluster in which no broker has another partition."""

    def finds_out(self, controller: Broker, failed: frozenset[Broker]) -> bool:
        """Nothing tells an old controller that it is one."""
        return False


@pytest.mark.parametrize(
    ("spec", "other", "found"),
    [
        (ControllerFencing, 0, "holds"),
        (ControllerFencing, 1, "holds"),
        (OnePartition, 0, "holds"),
        (OnePartition, 1, "violated"),
    ],
)
def test_two_rules_keep_a_replaced_controller_from_a_restarted_broker(
    spec: type[ControllerFencing], other: int, found: str
) -> None:
    """N5 with two brokers: the order of the queue forbids it, and so do other partitions."""
    promise = "leader_counts_all_electable"
    loaded = LoadedSpec(spec.__name__, spec, property_modules(spec))
    result = check(loaded, {}, RESTART | {"Other": other}, Options(properties=(promise,)))
    assert verdicts(result) == {promise: found}
