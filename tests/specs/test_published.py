"""Kafka's published specs: exactly the counts and verdicts that TLC finds for the TLA+ originals.

TLC's depth counts states, our diameter steps, so that it is one less. None of these numbers was
ever adjusted to our engines.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.specs.runs import run

VERSIONS = ("truncate_to_high_watermark", "kip101", "kip279", "kip320_first_try", "kip320")
HOLDS = "holds"

# Scope (Replica, LogSize, Record, Epoch), then for each version: distinct states, TLC's depth,
# weak_isr, strong_isr (with the number of steps to the violation).
TLC = {
    (2, 2, 2, 2): (
        (10_131, 20, "violated 8", "violated 9"),
        (9_045, 18, "violated 11", "violated 11"),
        (9_027, 18, HOLDS, HOLDS),
        (8_429, 18, HOLDS, HOLDS),
        (5_973, 18, HOLDS, HOLDS),
    ),
    (3, 2, 2, 1): (
        (67_807, 21, "violated 8", "violated 8"),
        (59_788, 22, HOLDS, "violated 11"),
        (60_106, 22, HOLDS, "violated 11"),
        (59_092, 22, HOLDS, HOLDS),
        (39_619, 22, HOLDS, HOLDS),
    ),
}

# The same by hand-written C that follows the TLA+ text: it gives the numbers above as well.
BY_HAND = {
    (2, 3, 3, 2): (
        (37_667, 25, "violated 8", "violated 9"),
        (32_933, 21, "violated 11", "violated 11"),
        (32_713, 21, HOLDS, HOLDS),
        (30_737, 22, HOLDS, HOLDS),
        (21_493, 22, HOLDS, HOLDS),
    ),
    (3, 2, 2, 2): (
        (1_988_158, 28, "violated 8", "violated 8"),
        (1_613_089, 26, "violated 10", "violated 10"),
        (1_616_461, 26, "violated 10", "violated 10"),
        (1_437_076, 28, "violated 11", "violated 12"),
        (737_794, 26, HOLDS, HOLDS),
    ),
}
TABLE = TLC | BY_HAND
ROWS = [
    pytest.param(version, constants, expected, id=f"{version}-{'-'.join(map(str, constants))}")
    for constants, row in TABLE.items()
    for version, expected in zip(VERSIONS, row, strict=True)
]

# Successors by the same C, which makes one for each action and its arguments (TLC makes two where
# two parts of a disjunction are true).
GENERATED = {
    (2, 2, 2, 2): (24_458, 21_446, 21_876, 19_386, 11_732),
    (3, 2, 2, 1): (222_711, 187_995, 195_531, 179_829, 102_219),
}

# KIP-320, distinct states and successors, as the C among the benchmark's peers counts them. TLC
# agrees on the distinct states of the first two.
KIP320_COUNTS = [
    ((3, 2, 2, 2), 737_794, 1_929_153),
    pytest.param((3, 3, 3, 2), 4_093_531, 11_444_787, marks=pytest.mark.nightly),
    pytest.param((3, 3, 3, 3), 64_739_578, 182_836_518, marks=pytest.mark.nightly),
]


def scope(constants: tuple[int, int, int, int]) -> dict[str, int]:
    return dict(zip(("Replica", "LogSize", "Record", "Epoch"), constants, strict=True))


@pytest.mark.parametrize(("version", "constants", "expected"), ROWS)
def test_counts_and_verdicts_are_those_of_the_originals(
    version: str, constants: tuple[int, int, int, int], expected: tuple[int, int, str, str]
) -> None:
    found = run(f"published.{version}", **scope(constants))
    weak, strong = found.verdicts["weak_isr"], found.verdicts["strong_isr"]
    assert (found.states, found.diameter + 1, weak, strong) == expected


def test_the_document_has_these_numbers() -> None:
    text = (Path(__file__).parents[2] / "docs" / "PUBLISHED.md").read_text(encoding="utf-8")
    for constants, row in TABLE.items():
        states = " | ".join(f"{states:,} ({depth})" for states, depth, _, _ in row)
        verdicts = " | ".join(f"{weak}, {strong}" for _, _, weak, strong in row)
        line = f"| {', '.join(map(str, constants))} | states | {states} |\n"
        assert line + f"| | weak, strong | {verdicts.replace('violated ', '')} |\n" in text


@pytest.mark.parametrize("version", VERSIONS)
def test_verdicts_that_all_versions_share(version: str) -> None:
    verdicts = run(f"published.{version}", **scope((2, 2, 2, 2))).verdicts
    assert verdicts["leader_in_isr"] == "violated 0", "as published: there is no leader at first"
    assert verdicts["leader_in_isr_if_any"] == HOLDS
    assert verdicts["epochs_never_go_back"] == HOLDS
    assert verdicts["new_leader_has_an_old_record"] == "reached 5"
    assert verdicts["every_replica_commits"] == "reached 7"
    assert "undefined step" not in verdicts


@pytest.mark.parametrize("constants", GENERATED)
def test_each_action_with_its_arguments_makes_one_successor(
    constants: tuple[int, int, int, int],
) -> None:
    found = tuple(run(f"published.{version}", **scope(constants)).generated for version in VERSIONS)
    assert found == GENERATED[constants]


@pytest.mark.parametrize(("constants", "states", "generated"), KIP320_COUNTS)
def test_kip320_in_the_scopes_of_the_benchmark(
    constants: tuple[int, int, int, int], states: int, generated: int
) -> None:
    found = run("published.kip320", **scope(constants))
    assert (found.states, found.generated) == (states, generated)
    assert (found.verdicts["weak_isr"], found.verdicts["strong_isr"]) == (HOLDS, HOLDS)


def test_a_longer_log_than_there_are_records_changes_nothing() -> None:
    short = run("published.kip320", **scope((2, 2, 2, 2)))
    long = run("published.kip320", **scope((2, 4, 2, 2)))
    assert short == long


def test_what_the_scope_cuts_is_reported() -> None:
    assert set(run("published.kip320", **scope((2, 1, 2, 1))).cut) == {"Epoch", "LogSize", "Record"}


@pytest.mark.parametrize("last", [0, 1, 7])
def test_id_sequence_has_a_state_for_each_id_and_one_at_each_end(last: int) -> None:
    found = run("published.id_sequence", Id=last)
    assert (found.states, found.diameter, found.cut) == (last + 2, last + 1, {"Id": 1})


@pytest.mark.parametrize(("replicas", "records", "size"), [(1, 2, 3), (2, 2, 3), (3, 1, 2)])
def test_finite_replicated_log_reaches_every_combination(
    replicas: int, records: int, size: int
) -> None:
    found = run("published.finite_replicated_log", Replica=replicas, Record=records, LogSize=size)
    logs = sum(records**length for length in range(size + 1))
    assert (found.states, found.diameter) == (logs**replicas, replicas * size)
