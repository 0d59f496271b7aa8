"""KRaft's quorum: its promises hold, nothing holds for want of behaviours, and faults bite.

The bugs that each fix keeps away are in the museum, with their own test.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from checker import invariant
from checker.check import Options, check
from checker.lang.load import LoadedSpec, load
from checker.result import Result
from checker.verdict import name_of
from specs.quorum_base import Voter
from specs.quorum_election import QuorumElection
from specs.quorum_reconfiguration import QuorumReconfiguration
from specs.quorum_state_machine import QuorumStateMachine
from tests.specs.runs import run

PROMISES = {
    "one_leader_per_epoch",
    "one_leader_can_commit",
    "leaders_have_all_committed",
    "committed_is_somewhere",
    "offset_and_epoch_name_one_record",
    "logs_match_below_high_watermark",
    "high_watermark_is_in_the_log",
}
GOALS = {"a_second_leader_commits", "a_follower_diverges", "all_have_committed", "two_lead"}
OWN = {
    "quorum_election": (set(), set()),
    "quorum_reconfiguration": (set(), {"a_change_is_committed", "a_removed_leader_leads"}),
    "quorum_state_machine": (
        {"standby_memory_is_committed"},
        {"an_active_controller_is_ahead"},
    ),
}


def search(name: str, settings: Mapping[str, str], **scope: int) -> Result:
    return check(load(name), settings, scope, Options(go_on=True, cone=False))


def verdicts(result: Result) -> dict[str, str]:
    return {name: name_of(verdict) for name, verdict in result.verdicts}


@pytest.mark.parametrize(
    ("name", "states", "diameter"),
    [
        ("quorum_election", 36_702, 20),
        ("quorum_reconfiguration", 130_556, 25),
        ("quorum_state_machine", 175_736, 27),
    ],
)
def test_default_scope(name: str, states: int, diameter: int) -> None:
    found = run(name)
    promises, goals = OWN[name]
    assert {n for n, verdict in found.verdicts.items() if verdict == "holds"} == PROMISES | promises
    assert {n for n in found.verdicts if n not in PROMISES | promises} == GOALS | goals
    assert all(found.verdicts[goal].startswith("reached") for goal in GOALS | goals)
    assert (found.states, found.diameter) == (states, diameter)


@invariant
def writes_follow_a_commit(s: QuorumElection) -> bool:
    """Behind the first record of an epoch there is another one only if the first was committed."""
    return all(
        s.log[v][end].epoch != s.log[v][end - 1].epoch
        or (end <= len(s.committed) and s.committed[end - 1] == s.log[v][end - 1])
        for v in Voter
        for end in range(1, len(s.log[v]))
        if end == 1 or s.log[v][end - 2].epoch != s.log[v][end - 1].epoch
    )


@pytest.mark.parametrize(
    ("spec", "scope"),
    [
        (QuorumElection, {}),
        (QuorumReconfiguration, {"Write": 1}),
        (QuorumStateMachine, {}),
    ],
)
def test_controllers_write_only_after_a_commit_in_their_epoch(
    spec: type[QuorumElection], scope: Mapping[str, int]
) -> None:
    loaded = LoadedSpec(spec.__name__, spec, (sys.modules[__name__],))
    result = check(loaded, {}, scope, Options(properties=("writes_follow_a_commit",)))
    assert verdicts(result) == {"writes_follow_a_commit": "holds"}
    assert result.actions["write"].fired > 0


def test_promises_outlive_a_restart_a_lossy_restart_and_a_new_disk() -> None:
    result = search("quorum_election", {}, Restart=1, LostDisk=1)
    found = verdicts(result)
    assert {name for name, verdict in found.items() if verdict == "holds"} == PROMISES
    fired = {name: count.fired for name, count in result.actions.items()}
    assert {name for name, count in fired.items() if count == 0} <= {"disk_lies"}


def test_a_disk_that_lies_is_too_much_by_design() -> None:
    found = verdicts(search("quorum_election", {}, LossyRestart=0, LyingDisk=1))
    assert found["leaders_have_all_committed"] == "violated"
    assert found["high_watermark_is_in_the_log"] == "holds"


@pytest.mark.parametrize("counted_on_disk", [True, False])
def test_a_single_voter_keeps_what_it_committed_only_if_it_counts_its_disk(
    counted_on_disk: bool,
) -> None:
    settings = {"flush_before_own_count": str(counted_on_disk).lower()}
    found = verdicts(search("quorum_election", settings, Voter=1))
    assert found["committed_is_somewhere"] == ("holds" if counted_on_disk else "violated")


def test_where_the_leader_counts_its_own_record_does_not_matter_to_two_voters() -> None:
    settings = {"flush_before_own_count": "true"}
    found = verdicts(search("quorum_election", settings, Voter=2))
    kafka = verdicts(search("quorum_election", {}, Voter=2))
    assert {found[name] for name in PROMISES} == {kafka[name] for name in PROMISES} == {"holds"}


def test_voters_change_safely_through_a_truncation_if_they_are_read_again() -> None:
    settings = {"rewind_after_truncation": "true"}
    found = verdicts(search("quorum_reconfiguration", settings, Write=1))
    assert {found[name] for name in PROMISES} == {"holds"}
