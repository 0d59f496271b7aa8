"""`splitbrain synthesize`: exit codes, JSON as its schema promises, what is shown and kept."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker import synthesize as synthesis
from checker.check import check
from checker.cli.progress import ERASE, LiveLine
from checker.result import Result

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "synthesis.schema.json").read_text("utf-8")
)
ACKED = ("acks.py", "--property", "leader_has_acked_record")
Splitbrain = Callable[..., Any]


def synthesis_of(splitbrain: Splitbrain, *arguments: str) -> Any:
    done = splitbrain("synthesize", *arguments, "--json")
    document = done.json
    jsonschema.validate(document, SCHEMA)
    assert document["exit"] == done.exit
    return document


def atom_holds(atom: Any, values: Mapping[str, Any]) -> bool:
    """What the schema says, read again."""
    value = values[atom["name"]]
    operand = atom["values"][0] if atom["other"] is None else values[atom["other"]]
    match atom["relation"]:
        case "=":
            return bool(value == operand)
        case "≠":
            return bool(value != operand)
        case "≥":
            return bool(value >= operand)
        case "≤":
            return bool(value <= operand)
        case ">":
            return bool(value > operand)
        case "<":
            return bool(value < operand)
        case _:
            return value in atom["values"]


def holds(condition: Any, values: Mapping[str, Any]) -> bool:
    terms = [[atom_holds(atom, values) for atom in term] for term in condition["terms"]]
    return any(map(all, terms)) if condition["form"] == "any" else all(map(any, terms))


def test_a_condition_ends_with_0_and_is_what_check_says(splitbrain: Splitbrain) -> None:
    document = synthesis_of(splitbrain, *ACKED, "--over", "acks", "--over-scope", "Epoch=1..2")
    assert document["exit"] == 0
    assert document["condition"]["text"] == "acks = all or Epoch = 1"
    assert document["count"] == {"safe": 3, "unsafe": 1, "undetermined": 0}
    swept = splitbrain("check", *ACKED, "--set", "acks=one,all", "--scope", "Epoch=1..2", "--json")
    for one, run in zip(document["combinations"], swept.json["runs"], strict=True):
        assert one["values"] == {"acks": run["settings"]["acks"], "Epoch": run["scope"]["Epoch"]}
        assert one["states"] == run["states"]
        assert one["steps"] == run["properties"][0]["steps"]
        assert holds(document["condition"], one["values"]) == (run["exit"] == 0)


def test_the_traces_of_the_unsafe_are_kept(splitbrain: Splitbrain, folder: Path) -> None:
    document = synthesis_of(splitbrain, *ACKED, "--over", "acks", "--over-scope", "Epoch=1..3")
    unsafe = [one for one in document["combinations"] if one["answer"] == "unsafe"]
    assert [one["values"]["Epoch"] for one in unsafe] == [2, 3]
    for one in unsafe:
        assert splitbrain("show", one["trace_file"]).exit == 0
    (least,) = document["minimal_unsafe"]
    assert document["combinations"][least["combination"]] == unsafe[0]
    assert least["deviations"] == {"acks": "one", "Epoch": 2}
    assert len(least["trace"]["steps"]) == unsafe[0]["steps"] == 4
    assert len(list((folder / ".splitbrain").iterdir())) == 2


def test_what_is_never_safe_ends_with_12(splitbrain: Splitbrain) -> None:
    arguments = ("acks.py", "--property", "acked_by_nobody", "--over", "acks")
    document = synthesis_of(splitbrain, *arguments)
    assert document["exit"] == 12
    assert document["condition"]["text"] == "never"
    assert document["combinations"][0]["verdict"] == "unreached"
    assert "✗ never safe: none of 2 combinations" in splitbrain("synthesize", *arguments).out


def test_what_is_not_known_ends_with_3_and_is_a_bound(splitbrain: Splitbrain) -> None:
    arguments = (*ACKED, "--over-scope", "Epoch=0..3", "--max-states", "20")
    document = synthesis_of(splitbrain, *arguments)
    assert document["exit"] == 3
    assert document["condition"]["exact"] is False
    assert document["combinations"][-1]["answer"] == "undetermined"
    assert not holds(document["condition"], document["combinations"][-1]["values"])
    text = splitbrain("synthesize", *arguments).out
    assert "? a bound: safe if  Epoch ≤ 2" in text
    assert "of 1 nothing is known" in text
    assert "1 undetermined: stopped at --max-states" in text


def test_an_interrupt_leaves_the_rest_undetermined(
    splitbrain: Splitbrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = list[Result]()

    def interrupted(*arguments: Any) -> Result:
        finished.append(check(*arguments))
        if len(finished) % 3 == 2:
            return replace(finished[-1], stop="interrupt", complete=False)
        return finished[-1]

    monkeypatch.setattr(synthesis, "check", interrupted)
    document = synthesis_of(splitbrain, *ACKED, "--over-scope", "Epoch=0..3")
    answers = [one["answer"] for one in document["combinations"]]
    assert answers == ["safe", *["undetermined"] * 3]
    assert [one["states"] is None for one in document["combinations"]] == [False, False, True, True]
    assert document["exit"] == 3


def test_each_property_has_its_least_combination(splitbrain: Splitbrain) -> None:
    """A goal that needs more epochs does not hide an invariant that needs fewer."""
    document = synthesis_of(
        splitbrain, *ACKED, "--property", "everybody_has_it",
        "--over", "acks", "--over-scope", "Epoch=0..2",
    )  # fmt: skip
    found = [document["combinations"][least["combination"]] for least in document["minimal_unsafe"]]
    assert [(one["property"], one["values"]["Epoch"]) for one in found] == [
        ("leader_has_acked_record", 2),
        ("everybody_has_it", 0),
    ]


def test_what_is_undefined_is_unsafe_and_says_why(splitbrain: Splitbrain) -> None:
    arguments = ("faults.py:NoValue", "--property", "divides", "--over-scope", "Count=0..3")
    document = synthesis_of(splitbrain, *arguments)
    assert document["condition"]["text"] == "Count ≤ 1"
    assert document["combinations"][2]["verdict"] == "undefined"
    text = splitbrain("synthesize", *arguments).out
    assert "✗ with Count=2: undefined after 2 steps" in text
    assert "division" in text


MISTAKES = [
    ((), "name what to vary: --over SETTING or --over-scope NAME=LOW..HIGH"),
    (("--over", "acsk"), "did you mean acks?"),
    (("--over", "acks=al"), "did you mean all?"),
    (("--over", "acks,Epoch=1"), "--over acks,Epoch=1: write --over for each NAME=VALUE alone"),
    (("--over", "acks,"), "--over acks,: a name is missing"),
    (("--over", "acks", "--over", "acks=all"), "--over: acks is given twice"),
    (("--over", "acks", "--set", "acks=all"), "acks is given twice"),
    (("--over-scope", "Epoch=0..1", "--scope", "Epoch=1"), "Epoch is given twice"),
    (("--over-scope", "Epoch=x"), "--over-scope Epoch=x: x is not a whole number"),
    (("--over", "acks", "--scope", "Epoch=0..1"), "Epoch has several values here"),
    (("--over-scope", "Broker=0..2"), "the sort Broker has no members in this scope"),
    (("--over-scope", "Epoch=0..99,Broker=1..11"), "1,100 combinations are more than 1,000"),
    (("--over", "acks", "--property", "acked"), "Acked has no property acked"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_mistakes(splitbrain: Splitbrain, arguments: tuple[str, ...], message: str) -> None:
    done = splitbrain("synthesize", *ACKED, *arguments)
    assert done.exit == 2
    assert message in done.err


def test_a_property_is_needed(splitbrain: Splitbrain) -> None:
    done = splitbrain("synthesize", "acks.py", "--over", "acks")
    assert (done.exit, done.out) == (2, "")
    assert "Missing option '--property'" in done.err


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_lines_fit(splitbrain: Splitbrain, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    arguments = (*ACKED, "--over", "acks", "--over-scope", "Epoch=0..3,Broker=1..3")
    lines = splitbrain("synthesize", *arguments).out.splitlines()
    assert len(lines) > 20
    assert not [
        line for line in lines if len(line) > columns and "see  splitbrain show" not in line
    ]


def test_quiet_is_the_condition_alone(splitbrain: Splitbrain) -> None:
    done = splitbrain("synthesize", *ACKED, "--over", "acks", "--quiet")
    assert done.out.splitlines() == [
        "✓ safe if and only if  acks = all",
        "  1 of 2 combinations safe, 1 unsafe",
    ]


def test_a_trace_that_cannot_be_kept_is_a_failure(splitbrain: Splitbrain, folder: Path) -> None:
    (folder / "taken").write_text("")
    done = splitbrain("synthesize", *ACKED, "--over", "acks", "--out", "taken/inside")
    assert done.exit == 1
    assert "✓ safe if and only if  acks = all" in done.out
    assert "error: cannot write taken/inside" in done.err


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_which_combination_is_searched() -> None:
    terminal = Terminal()
    with LiveLine(wanted=True, stream=terminal, label="1/4  acks=one"):
        assert terminal.getvalue() == f"{ERASE}1/4  acks=one"
    assert terminal.getvalue().endswith(ERASE)
    silent = Terminal()
    with LiveLine(wanted=False, stream=silent, label="1/4  acks=one"):
        pass
    assert silent.getvalue() == ""
