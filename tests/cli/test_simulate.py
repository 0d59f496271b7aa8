from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.simulate import without_loops
from checker.trace import Step

SCHEMA = Path(__file__).parents[2] / "docs" / "result.schema.json"
RESULT = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))

Splitbrain = Callable[..., Any]

# Arguments, exit code, and the verdicts in the order in which they are reported.
RUNS: list[tuple[str, int, list[str]]] = [
    ("toys.die_hard --seed 1", 12, ["violated"]),
    ("toys.peterson --seed 1", 3, ["undetermined", "reached"]),
    ("toys.peterson --seed 1 --property both_want_to_enter", 0, ["reached"]),
    ("toys.two_phase_commit --seed 1 --walks 1 --steps 1", 3, ["undetermined", "undetermined"]),
    ("toys.two_phase_commit --timeout 1e-9", 3, ["undetermined", "undetermined"]),
    ("faults.py:PastTheEnd --seed 1", 12, ["undetermined"]),
    ("faults.py:NoValue --seed 1", 12, ["undefined"]),
    ("faults.py:Silent --seed 1", 3, []),
    ("faults.py:Mailbox --seed 1 --continue", 12, ["violated", "reached"]),
]


@pytest.mark.parametrize(("line", "code", "verdicts"), RUNS)
def test_results(splitbrain: Splitbrain, line: str, code: int, verdicts: list[str]) -> None:
    done = splitbrain("simulate", *line.split(), "--json")
    RESULT.validate(done.json)
    assert (done.exit, done.json["exit"]) == (code, code)
    assert [judged["verdict"] for judged in done.json["properties"]] == verdicts
    assert not done.json["complete"]
    for judged in done.json["properties"]:
        if judged["trace_file"]:
            assert "replayed in Python: still" in splitbrain("show", judged["trace_file"]).out


def test_the_command_that_is_printed_takes_the_same_walks(splitbrain: Splitbrain) -> None:
    first = splitbrain("simulate", "acks.py", "--set", "acks=one", "--walks", "20", "--continue")
    (again,) = re.findall(r"^  again  splitbrain (.*)$", first.out, re.M)
    second = splitbrain(*shlex.split(again))
    times = re.compile(r"\d+\.\d\d s")
    assert times.sub("", second.out) == times.sub("", first.out)


def test_the_seed_decides(splitbrain: Splitbrain) -> None:
    def counts(seed: int) -> Any:
        arguments = ("--walks", "3", "--seed", str(seed), "--json")
        return splitbrain("simulate", "toys.two_phase_commit", *arguments).json["actions"]

    assert counts(1) == counts(1)
    assert len({str(counts(seed)) for seed in range(4)}) > 1


def test_a_sweep_is_refused(splitbrain: Splitbrain) -> None:
    done = splitbrain("simulate", "acks.py", "--scope", "Epoch=1..2")
    assert done.exit == 2
    assert done.err.startswith("error: simulate runs one model; give Epoch one value")


def steps(*names: str) -> list[Step]:
    return [Step(name, ()) for name in names]


def states(*numbers: int) -> list[tuple[int, ...]]:
    return [(number,) for number in numbers]


LOOPS = [
    ([0], "", [0], ""),
    ([0, 1], "a", [0, 1], "a"),
    ([0, 1, 0, 2], "abc", [0, 2], "c"),
    ([0, 1, 2, 1, 3], "abcd", [0, 1, 3], "ad"),
    # The last step stays, though it leads back.
    ([0, 1, 0], "ab", [0, 1, 0], "ab"),
    # An undefined step has no state after it.
    ([0, 1, 0], "abc", [0], "c"),
    ([0], "a", [0], "a"),
]


@pytest.mark.parametrize(("path", "taken", "expected", "kept"), LOOPS)
def test_detours_are_left_out(path: list[int], taken: str, expected: list[int], kept: str) -> None:
    found_states, found_steps = without_loops(states(*path), steps(*taken))
    assert list(found_states) == states(*expected)
    assert list(found_steps) == steps(*kept)
