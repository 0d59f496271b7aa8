"""Transactions: what each part of KIP-890 is good for."""

from __future__ import annotations

import pytest

from checker.check import Options, check
from checker.lang.load import load
from checker.verdict import name_of

PROMISES = ("read_was_to_be_committed", "committed_is_read")
GOALS = ("two_are_committed", "late_request_meets_next_transaction")
SCOPE = {"Transaction": 3, "Entry": 6, "TimeOut": 2}


def verdicts(**settings: str) -> dict[str, str]:
    """The verdict of each property, behind findings too."""
    found = check(load("transactions"), settings, SCOPE, Options(go_on=True))
    assert found.complete
    return {name: name_of(verdict) for name, verdict in found.verdicts}


@pytest.mark.parametrize("verify", ["false", "true"])
def test_an_epoch_for_each_transaction_is_enough(verify: str) -> None:
    """With it, a late EndTxn does nothing, and all goals are reached."""
    found = verdicts(verify_transaction=verify)
    assert found == dict.fromkeys(PROMISES, "holds") | dict.fromkeys(GOALS, "reached")


def test_verification_prevents_only_the_torn_transaction() -> None:
    """Without epochs the late commit is taken; with verification nothing is written behind it."""
    found = verdicts(bump_epoch_per_txn="false")
    assert [found[name] for name in PROMISES] == ["violated", "holds"]
    found = verdicts(bump_epoch_per_txn="false", verify_transaction="false")
    assert [found[name] for name in PROMISES] == ["violated", "violated"]
