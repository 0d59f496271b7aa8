"""`splitbrain check --engine z3 --depth N`: the same results, and never more than is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker import bounded
from checker.cli.main import run
from checker.cli.progress import LiveLine
from checker.symbolic.bounded import Relation
from checker.symbolic.errors import CannotEncode

DOCS = Path(__file__).parents[2] / "docs"
RESULT = Draft202012Validator(json.loads((DOCS / "result.schema.json").read_text("utf-8")))

Splitbrain = Callable[..., Any]

# Arguments, exit code, why it stopped, and the verdicts in the order in which they are reported.
RUNS: list[tuple[str, int, str, list[str]]] = [
    ("toys.die_hard --depth 9", 12, "finding", ["violated"]),
    ("toys.die_hard --depth 5", 3, "depth", ["undetermined"]),
    ("toys.die_hard --depth 0", 3, "depth", ["undetermined"]),
    ("toys.two_phase_commit --depth 12", 3, "no longer path", ["undetermined", "reached"]),
    ("acks.py --depth 3", 3, "depth", ["undetermined", "undetermined", "reached", "undetermined"]),
    ("acks.py --depth 3 --property everybody_has_it", 0, "depth", ["reached"]),
    (
        "acks.py --depth 9 --set acks=one",
        12,
        "finding",
        ["violated", "undetermined", "reached", "undetermined"],
    ),
    ("faults.py:PastTheEnd --depth 5", 12, "no longer path", ["undetermined"]),
    ("faults.py:NoValue --depth 5", 12, "finding", ["undefined"]),
    ("faults.py:Silent --depth 2", 3, "depth", []),
    ("faults.py:Mailbox --depth 9 --continue", 12, "no longer path", ["violated", "reached"]),
    ("toys.die_hard --depth 9 --timeout 1e-9", 3, "timeout", ["undetermined"]),
]


@pytest.mark.parametrize(("line", "code", "stop", "verdicts"), RUNS)
def test_results(
    splitbrain: Splitbrain, line: str, code: int, stop: str, verdicts: list[str]
) -> None:
    done = splitbrain("check", *line.split(), "--engine", "z3", "--json")
    document = done.json
    RESULT.validate(document)
    assert (done.exit, document["exit"]) == (code, code)
    assert [judged["verdict"] for judged in document["properties"]] == verdicts
    assert done.err == ""
    assert (document["engine"], document["complete"], document["stopped"]) == ("z3", False, stop)
    assert (document["states"], document["generated"], document["diameter"]) == (None, None, None)
    assert document["solver"]["seed"] == 0
    assert document["solver"]["version"].count(".") >= 2


@pytest.mark.parametrize("line", [line for line, code, _, _ in RUNS if code == 12])
def test_what_is_found_is_what_the_search_finds(splitbrain: Splitbrain, line: str) -> None:
    arguments = line.split()
    number = arguments.index("--depth")
    searched = splitbrain("check", *arguments[:number], *arguments[number + 2 :], "--json").json
    ours = splitbrain("check", *arguments, "--engine", "z3", "--json").json
    assert ours["undefined_step"] == searched["undefined_step"]
    for found, expected in zip(ours["properties"], searched["properties"], strict=True):
        assert found["trace"] == expected["trace"]
        if found["trace"]:
            assert found == expected


def test_a_trace_is_kept_and_shown(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "toys.die_hard", "--engine", "z3", "--depth", "6")
    assert done.exit == 12
    shown = splitbrain("show", ".splitbrain/toys.die_hard-big_is_never_four.json")
    assert "replayed in Python: still violated" in shown.out


def test_undetermined_says_how_far(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "toys.die_hard", "--engine", "z3", "--depth", "4")
    assert "? big_is_never_four  undetermined: nothing found within 4 steps\n" in done.out
    assert "  stopped at --depth\n" in done.out
    assert "holds" not in done.out
    quiet = splitbrain("check", "toys.die_hard", "--engine", "z3", "--depth", "4", "--quiet")
    assert quiet.out == "? big_is_never_four  undetermined: nothing found within 4 steps\n"


def test_a_sweep_counts_nothing(splitbrain: Splitbrain) -> None:
    chosen = ("acks.py", "--set", "acks=one,all", "--engine", "z3", "--depth", "4")
    done = splitbrain("check", *chosen)
    assert done.exit == 12
    (one,) = [line.split() for line in done.out.splitlines() if line.startswith("one")]
    assert one[1] == "4…"
    assert one[3:5] == ["✗", "4"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--engine", "z3"), "write --depth N"),
        (("--depth", "3"), "--depth is for --engine z3"),
        (("--engine", "explicit", "--depth", "3"), "--depth is for --engine z3"),
        (("--engine", "z3", "--depth", "3", "--deadlock"), "--deadlock is for --engine explicit"),
        (("--engine", "z3", "--depth", "3", "--max-states", "9"), "--max-states is for"),
        (("--engine", "z3", "--depth", "-1"), "-1 is not in the range"),
        (("--engine", "z4", "--depth", "1"), "is not one of"),
    ],
)
def test_mistakes_are_explained(
    splitbrain: Splitbrain, arguments: tuple[str, ...], message: str
) -> None:
    done = splitbrain("check", "toys.die_hard", *arguments)
    assert done.exit == 2
    assert message in done.err
    assert done.out == ""


def test_an_interrupt_is_a_partial_result(
    splitbrain: Splitbrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note(_: LiveLine, text: str) -> None:
        if text.startswith("paths of 3 steps"):
            raise KeyboardInterrupt

    monkeypatch.setattr(LiveLine, "note", note)
    done = splitbrain("check", "toys.die_hard", "--engine", "z3", "--depth", "9")
    assert done.exit == 3
    assert "  interrupted\n" in done.out
    assert "nothing found within 2 steps" in done.out


def test_a_solver_that_is_wrong_is_an_internal_error(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Relation, "_problem_with", lambda *_: "something else")
    with monkeypatch.context() as patched:
        patched.setattr("checker.symbolic.bounded.SEED", 7)
        assert run(["check", "toys.die_hard", "--engine", "z3", "--depth", "6"]) == 1
    message = capsys.readouterr().err
    assert "internal error: the solver disagrees" in message
    assert "something else" in message
    assert "seed 7" in message


def test_what_has_no_formula_is_refused(
    splitbrain: Splitbrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def relation(*_: object) -> Relation:
        raise CannotEncode("too large a set")

    monkeypatch.setattr(bounded, "Relation", relation)
    done = splitbrain("check", "toys.die_hard", "--engine", "z3", "--depth", "6")
    assert done.exit == 2
    assert "too large a set" in done.err
    assert "--engine explicit" in done.err
