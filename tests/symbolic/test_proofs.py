"""What is proved without bounds, kept: any number of epochs, messages, elections and faults.

And what a proof needs: take a guard away, and it is none any more.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checker.explicit.outcome import Limits
from checker.lang.load import load
from checker.proof import Options, Proof, Verdict, run_proof
from checker.result import ExitCode

QUICK = Limits(states=1_000)

CONTROLLER = (
    "partition_has_a_state",
    "terms_are_given",
    "one_holds_each_term",
    "elections_are_atomic",
    "decisions_are_of_given_terms",
    "cached_versions_name_states",
)
CONTROLLER_PROVED = (
    "one_controller_can_decide",
    "elected_controller_has_the_newest_epoch",
    "newest_controller_decides",
    "controller_epochs_grow",
    "partition_epochs_grow",
    "local_epochs_grow",
)
LEADER = (
    *CONTROLLER,
    "one_acts_per_epoch",
    "one_leader_per_epoch",
    "newest_epoch_is_greatest",
    "messages_name_states",
    "requests_name_states",
    "local_versions_name_states",
    "who_acts_was_elected",
    "who_asks_was_elected",
    "who_does_not_act_counts_nobody",
)
LEADER_PROVED = ("one_acts_per_epoch", "leader_changes_in_a_new_epoch", "undefined step")


def proof(
    spec: str,
    properties: tuple[str, ...],
    lemmas: tuple[str, ...] = (),
    settings: Mapping[str, str] | None = None,
    scope: Mapping[str, int] | None = None,
) -> Proof:
    options = Options(properties, lemmas, lift=("all",), search=QUICK)
    return run_proof(load(spec), settings or {}, scope or {}, options)


def assert_proved(found: Proof) -> None:
    open = {row.name: found.verdict(row) for row in found.rows}
    assert set(open.values()) == {Verdict.PROVED}, open
    assert found.exit is ExitCode.HOLDS
    assert not found.fixed


def test_one_token_in_any_number_of_rounds() -> None:
    found = proof("toys.token_ring", ())
    assert_proved(found)
    assert found.lifted == ("Round",)


def test_one_controller_decides_and_epochs_never_go_back() -> None:
    found = proof("controller_fencing", CONTROLLER_PROVED, CONTROLLER)
    assert_proved(found)
    assert set(found.scope) - set(found.lifted) == {"Broker"}


@pytest.mark.nightly
def test_one_controller_decides_among_three_brokers() -> None:
    assert_proved(proof("controller_fencing", CONTROLLER_PROVED, CONTROLLER, scope={"Broker": 3}))


@pytest.mark.nightly
def test_one_leader_per_epoch_and_every_step_has_a_value() -> None:
    assert_proved(proof("controller_fencing", LEADER_PROVED, LEADER))


@pytest.mark.parametrize(
    ("setting", "broken"),
    [
        ("controller_epoch_zkversion_check", "newest_controller_decides"),
        ("lisr_epoch_check", "local_epochs_grow"),
        ("atomic_election", "elections_are_atomic"),
    ],
)
def test_without_its_guard_there_is_no_proof(setting: str, broken: str) -> None:
    found = proof("controller_fencing", (broken,), CONTROLLER, {setting: "false"})
    (row,) = (row for row in found.rows if row.name == broken)
    assert not row.is_inductive
    assert found.exit is not ExitCode.HOLDS
