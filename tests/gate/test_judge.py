from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checker.gate.judge import judge
from checker.gate.report import Expected, Outcome
from checker.result import ExitCode, Result
from tests.gate.small_gate import locked

ENTRY = '[[checks]]\nspec = "specs/counter.py"\n'


def violated(name: str, steps: int) -> Expected:
    return Expected("violated", name, steps)


# An edit of the spec, what is expected, and what comes of it.
CASES: list[tuple[str, str, Expected, Outcome, ExitCode, str]] = [
    ("", "", Expected(), Outcome.OK, ExitCode.HOLDS, ""),
    ("< 9", "< 3", Expected(), Outcome.RED, ExitCode.VIOLATED,
     "is_small is violated after 3 steps"),
    ("== 2", "> 7", Expected(), Outcome.RED, ExitCode.UNREACHED, "gets_to_two is never reached"),
    ("self.count = 0", "self.count = 1 // self.count", Expected(), Outcome.RED, ExitCode.VIOLATED,
     "step 1 is undefined"),
    ("self.count < 9", "9 // self.count > 1", Expected(), Outcome.RED, ExitCode.VIOLATED,
     "is_small is undefined after 0 steps"),
    ("< 9", "< 3", violated("is_small", 3), Outcome.OK, ExitCode.HOLDS, ""),
    ("< 9", "< 3", violated("is_small", 4), Outcome.RED, ExitCode.VIOLATED,
     "expected: is_small violated after 4 steps; found after 3 steps: the limit has moved"),
    ("", "", violated("is_small", 3), Outcome.RED, ExitCode.VIOLATED,
     'but it holds: the limit is gone, write expect = "holds"'),
    ("", "", violated("gets_to_two", 2), Outcome.RED, ExitCode.VIOLATED,
     'but it is reached: the limit is gone, write expect = "holds"'),
    ("self.count < 9", "9 // self.count > 1", violated("is_small", 0), Outcome.RED,
     ExitCode.VIOLATED, "but is_small is undefined after 0 steps"),
    ("@reachable", "@invariant", violated("is_small", 3), Outcome.RED, ExitCode.VIOLATED,
     "gets_to_two is violated after 0 steps"),
    ("< 9", "< 0", violated("gets_to_two", 3), Outcome.RED, ExitCode.VIOLATED,
     "expected: gets_to_two violated after 3 steps; found instead:"),
    ("== 2", "> 7", violated("is_small", 3), Outcome.RED, ExitCode.UNREACHED,
     "gets_to_two is never reached"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected", "outcome", "code", "message"), CASES)
def test_judgements(
    repository: Any,
    before: str,
    after: str,
    expected: Expected,
    outcome: Outcome,
    code: ExitCode,
    message: str,
) -> None:
    if before:
        repository.change("import Scope", "import invariant, Scope")
        repository.change(before, after)
    judged = judge(expected, locked().result)
    assert (judged.outcome, judged.exit) == (outcome, code)
    assert message in "\n".join(judged.messages)
    assert bool(judged.messages) == (outcome is not Outcome.OK)


@pytest.mark.parametrize("expected", [Expected(), violated("is_small", 3)])
@pytest.mark.parametrize("stop", ["timeout", "memory", "states", "interrupt"])
def test_a_search_that_was_stopped_is_never_green(
    repository: Any, expected: Expected, stop: str
) -> None:
    if expected.property is not None:
        repository.change("< 9", "< 3")
    result = locked().result
    assert isinstance(result, Result)
    assert judge(expected, result).outcome is Outcome.OK
    stopped = replace(result, complete=False, stop=stop)
    judged = judge(expected, stopped)
    assert (judged.outcome, judged.exit) == (Outcome.UNDETERMINED, ExitCode.UNDETERMINED)
    assert judged.messages


def test_a_bounded_search_finds_and_never_proves(repository: Any) -> None:
    repository.declare(ENTRY + 'engine = "z3"\ndepth = 3\n')
    assert judge(Expected(), locked().result).outcome is Outcome.UNDETERMINED
    repository.change("< 9", "< 3")
    result = locked().result
    assert judge(violated("is_small", 3), result).outcome is Outcome.OK
    assert judge(violated("is_small", 2), result).outcome is Outcome.RED


def test_proofs(repository: Any) -> None:
    repository.declare(ENTRY + 'engine = "prove"\nproperties = ["is_small"]\nlift = ["none"]\n')
    found = locked()
    assert judge(Expected(), found.result).outcome is Outcome.OK
    assert found.entry.properties["is_small"].verdict == "proved"
    repository.change("< 9", "< 3")
    assert judge(violated("is_small", 3), locked().result).outcome is Outcome.OK
