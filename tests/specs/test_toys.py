"""The toys: counts from the literature, from a formula, or from a few lines that enumerate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.specs.runs import run


def test_die_hard_has_16_states_and_is_solved_in_6_steps() -> None:
    found = run("toys.die_hard")
    assert (found.states, found.diameter) == (16, 7)
    assert found.verdicts == {"big_is_never_four": "violated 6"}


@pytest.mark.parametrize(("managers", "states"), [(3, 288), (5, 8_832), (7, 296_448)])
def test_two_phase_commit_has_the_counts_of_the_literature(managers: int, states: int) -> None:
    found = run("toys.two_phase_commit", Manager=managers)
    assert (found.states, found.diameter) == (states, 3 * managers + 1)
    # All prepare, all are heard of, the decision falls, and all hear of it.
    assert found.verdicts == {"consistent": "holds", "all_commit": f"reached {3 * managers + 1}"}


Peterson = tuple[int, int, int]


def peterson_successors(state: Peterson, keeps_turn: bool) -> Iterator[Peterson]:
    """Two program counters (0 idle to 3 critical) and the turn: a flag is up unless idle."""
    for me in (0, 1):
        counters, other = list(state[:2]), 1 - me
        counter, turn = counters[me], state[2]
        if counter == 2 and counters[other] != 0 and turn != me:
            continue
        counters[me] = (counter + 1) % 4
        if counter == 1:
            turn = me if keeps_turn else other
        yield counters[0], counters[1], turn


def peterson_levels(keeps_turn: bool) -> list[set[Peterson]]:
    levels: list[set[Peterson]] = [{(0, 0, 0)}]
    while levels[-1]:
        found = {after for s in levels[-1] for after in peterson_successors(s, keeps_turn)}
        levels.append(found.difference(*levels))
    return levels[:-1]


@pytest.mark.parametrize(
    ("name", "keeps_turn", "verdict"),
    [("peterson", False, "holds"), ("peterson_wrong_turn", True, "violated 6")],
)
def test_peterson(name: str, keeps_turn: bool, verdict: str) -> None:
    found = run(f"toys.{name}")
    levels = peterson_levels(keeps_turn)
    assert (found.states, found.diameter) == (sum(map(len, levels)), len(levels) - 1)
    assert found.verdicts == {"mutual_exclusion": verdict, "both_want_to_enter": "reached 4"}
    both = [level for level, states in enumerate(levels) if any(s[:2] == (3, 3) for s in states)]
    assert (f"violated {both[0]}" if both else "holds") == verdict


@pytest.mark.parametrize("rounds", [1, 3, 6])
def test_token_ring_has_four_states_a_round_and_one(rounds: int) -> None:
    found = run("toys.token_ring", Round=rounds)
    steps = 4 * rounds
    assert (found.states, found.diameter, found.generated) == (steps + 1, steps, steps)
    assert found.verdicts == {"one_token": "holds"}
    assert found.cut == {"Round": 1}
