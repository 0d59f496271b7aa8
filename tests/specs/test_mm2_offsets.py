"""MirrorMaker 2: the store is that of 64 slots; newest Kafka keeps its promises, or has limits.

The bugs with a fix are in the museum. Here is the twin of the store, written from what
`OffsetSyncStore.updateSyncArray` does with 64 slots and with references, and what holds or not with
today's Kafka and more faults than the default scopes have.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product

import pytest

from checker import running
from checker.check import Options, check
from checker.lang.load import load
from checker.verdict import name_of, trace_of
from specs.mm2_offsets import Mm2Offsets
from specs.mm2_store import Sync

SLOTS = 64
NO_FAULTS = {"TaskRestart": 0, "Crash": 0, "SyncLoss": 0, "MissedSync": 0}


class Reference:
    """A sync that is equal to itself only, as an object in Java is under `==`."""

    def __init__(self, up: int, down: int) -> None:
        self.up = up
        self.down = down


def is_recent(newer: Reference, older: Reference, i: int, j: int) -> bool:
    """Invariant B."""
    return newer is older or newer.up <= older.up + 2**j - 2**i


def is_apart(newer: Reference, older: Reference, i: int) -> bool:
    """Invariant C."""
    return newer is older or newer.up >= older.up + 2 ** max(i - 2, 0)


def updated(slots: list[Reference], sync: Reference) -> list[Reference]:
    """The 64 slots after one more sync."""
    if not slots or sync.up < slots[0].up:
        return [sync] * SLOTS
    found = [sync, *slots[1:]]
    replacement, index = sync, 0
    for slot in range(1, SLOTS):
        is_passed = True
        while is_passed:
            old = slots[index]
            apart = is_apart(found[slot - 1], old, slot - 1)
            is_taken = (
                apart
                and is_recent(found[slot - 1], old, slot - 1, slot)
                and (slot + 1 == SLOTS or is_apart(old, found[slot + 1], slot))
            )
            is_passed = not apart or (index + 1 < SLOTS and old is slots[index + 1])
            replacement = old if is_taken else replacement
            index += is_taken or is_passed
            is_passed = is_passed and index < slot
        if is_recent(found[slot - 1], found[slot], slot - 1, slot):
            break
        found[slot] = replacement
    return found


def histories() -> Iterable[tuple[int, ...]]:
    """Source offsets in the order of their syncs: rising, repeated, and going back."""
    chance = random.Random(0)
    yield from product(range(4), repeat=4)
    yield from (tuple(sorted(chance.choices(range(9), k=8))) for _ in range(400))
    yield from (tuple(chance.choices(range(9), k=7)) for _ in range(400))


def test_five_slots_are_as_good_as_64_up_to_offset_8() -> None:
    with running(Mm2Offsets, {"Source": 9, "Target": 9}) as spec:
        for history in histories():
            slots: list[Reference] = []
            spec.slots = ()
            for down, up in enumerate(history):
                slots = updated(slots, Reference(up, down))
                spec.slots = spec.updated(Sync(up, down), False)
                assert [(s.up, s.down) for s in slots[:5]] == [(s.up, s.down) for s in spec.slots]
                assert all(slot is slots[4] for slot in slots[5:]), history


def test_five_slots_are_too_few_for_offset_9_and_more() -> None:
    """What makes the test above worth something: the bound is the true one."""
    slots: list[Reference] = []
    for up in range(17):
        slots = updated(slots, Reference(up, up))
    assert slots[5] is not slots[4]


def test_invariant_c_as_documented_is_false_after_a_second_copy() -> None:
    """The last record is copied again: two syncs of one offset, side by side, neither dropped."""
    slots = updated(updated([], Reference(0, 0)), Reference(0, 1))
    assert not is_apart(slots[0], slots[1], 0)


@cache
def verdicts(spec: str, settings: tuple[str, ...], scope: tuple[tuple[str, int], ...]) -> str:
    """The properties that do not hold or are not reached, with their steps."""
    chosen: Mapping[str, str] = dict(text.split("=") for text in settings)
    result = check(load(spec), chosen, dict(scope), Options(go_on=True, cone=False))
    assert result.complete, result.stop
    bad = []
    for name, verdict in result.verdicts:
        trace = trace_of(verdict)
        if name_of(verdict) not in ("holds", "reached"):
            bad.append(f"{name} {0 if trace is None else len(trace.steps)}")
    return ", ".join(bad)


@pytest.mark.parametrize(
    ("spec", "bad"),
    [
        ("mm2_offsets", ""),
        ("mm2_accuracy", ""),
        ("mm2_cycles", ""),
        ("consumer_reset", ""),
        # Open in today's Kafka: KAFKA-19794, KIP-1098.
        ("mm2_group_sync", "target_group_never_goes_back 7"),
        ("mm2_failback", "failback_repeats_nothing 5"),
    ],
)
def test_newest_kafka(spec: str, bad: str) -> None:
    assert verdicts(spec, (), ()) == bad


FAULTS = {"Source": 3, "Target": 4, "Sync": 3, "TaskRestart": 0, "MissedSync": 0}


@pytest.mark.parametrize("lag", [0, 3])
def test_offset_lag_max_is_no_matter_of_safety(lag: int) -> None:
    scope = FAULTS | {"Crash": 1, "SyncLoss": 1, "LoadFailure": 1, "Compaction": 1}
    assert verdicts("mm2_offsets", (f"offset_lag_max={lag}",), tuple(scope.items())) == ""


def test_with_exactly_once_nothing_is_copied_twice() -> None:
    scope = tuple((FAULTS | {"Crash": 2, "SourceLoss": 1}).items())
    found = verdicts("mm2_offsets", ("exactly_once=true",), scope)
    assert found == "records_are_copied_twice 0"


def test_a_lost_source_is_a_limit() -> None:
    scope = tuple((FAULTS | {"Crash": 1, "SyncLoss": 0, "SourceLoss": 1}).items())
    found = "failover_skips_nothing 10, checkpoint_skips_nothing 10"
    assert verdicts("mm2_offsets", (), scope) == found


def test_latest_skips_where_the_source_begins_with_a_gap() -> None:
    scope = tuple((NO_FAULTS | {"Source": 2, "Gap": 1, "Target": 2, "Sync": 2}).items())
    found = verdicts("mm2_offsets", ("auto_offset_reset=latest",), scope)
    assert "failover_skips_nothing 5" in found


def test_a_flow_one_way_is_safe_with_names_unchanged() -> None:
    settings = ("replication_policy=identity", "one_way=true")
    assert verdicts("mm2_cycles", settings, ()) == ""


@pytest.mark.parametrize("reset", ["earliest", "latest"])
def test_with_epochs_no_unclean_election_makes_a_consumer_skip(reset: str) -> None:
    scope = (("Record", 3), ("Epoch", 3), ("Rebalance", 2), ("Expiry", 1))
    assert verdicts("consumer_reset", (f"auto_offset_reset={reset}",), scope) == ""


def test_only_a_compare_and_set_keeps_a_target_group_from_going_back() -> None:
    scope = (("Offset", 3), ("Join", 2), ("RefreshFailure", 1))
    found = {
        rule: verdicts("mm2_group_sync", (f"sync_rule={rule}",), scope)
        for rule in ("snapshot", "state_tracked", "cas")
    }
    assert found == {
        "snapshot": "target_group_never_goes_back 7",
        "state_tracked": "target_group_never_goes_back 7",
        "cas": "",
    }
