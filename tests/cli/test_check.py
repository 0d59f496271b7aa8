from __future__ import annotations

import json
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker import check as check_module
from checker.cli.main import run
from checker.explicit.outcome import FindingKind, Outcome
from counterexamples.file import read, to_document

DOCS = Path(__file__).parents[2] / "docs"
RESULT = Draft202012Validator(json.loads((DOCS / "result.schema.json").read_text("utf-8")))
TRACE = Draft202012Validator(json.loads((DOCS / "trace.schema.json").read_text("utf-8")))

Splitbrain = Callable[..., Any]

# Arguments, exit code, and the verdicts in the order in which they are reported.
RUNS: list[tuple[str, int, list[str]]] = [
    ("toys.two_phase_commit", 0, ["holds", "reached"]),
    ("toys.two_phase_commit --max-states 20", 3, ["undetermined", "undetermined"]),
    ("toys.two_phase_commit --timeout 1e-9", 3, ["undetermined", "undetermined"]),
    ("acks.py", 10, ["holds", "holds", "reached", "unreached"]),
    ("acks.py --max-states 10", 3, ["undetermined", "undetermined", "reached", "undetermined"]),
    ("acks.py --property epoch_never_goes_back", 0, ["holds"]),
    ("acks.py --property everybody_has_it --no-cone", 0, ["reached"]),
    ("acks.py --set acks=one", 12, ["violated", "undetermined", "reached", "undetermined"]),
    ("acks.py --set acks=one --continue", 12, ["violated", "holds", "reached", "unreached"]),
    ("faults.py:PastTheEnd", 12, ["undetermined"]),
    ("faults.py:PastTheEnd --continue", 12, ["undetermined"]),
    ("faults.py:NoValue", 12, ["undefined"]),
    ("faults.py:Stuck", 0, ["holds"]),
    ("faults.py:Stuck --deadlock", 11, ["undetermined"]),
    ("faults.py:Stuck --deadlock --continue", 11, ["holds"]),
    ("faults.py:Silent", 0, []),
    ("faults.py:Mailbox --deadlock --continue", 12, ["violated", "reached"]),
    ("published.kip101 --scope Replica=2,Epoch=2 --property weak_isr", 12, ["violated"]),
]


@pytest.mark.parametrize(("line", "code", "verdicts"), RUNS)
def test_results(splitbrain: Splitbrain, line: str, code: int, verdicts: list[str]) -> None:
    done = splitbrain("check", *line.split(), "--json")
    RESULT.validate(done.json)
    assert (done.exit, done.json["exit"]) == (code, code)
    assert [judged["verdict"] for judged in done.json["properties"]] == verdicts
    assert done.err == ""
    assert done.json["complete"] == (done.json["diameter"] is not None)
    assert sum(count["fired"] for count in done.json["actions"].values()) == done.json["generated"]


@pytest.mark.parametrize("line", [line for line, _, _ in RUNS])
def test_the_terminal_says_the_same(splitbrain: Splitbrain, line: str) -> None:
    as_json = splitbrain("check", *line.split(), "--json")
    done = splitbrain("check", *line.split())
    assert done.exit == as_json.exit
    for judged in as_json.json["properties"]:
        (shown,) = [row for row in done.out.splitlines() if row[2:].startswith(judged["name"])]
        mark = {"holds": "✓", "reached": "✓", "undetermined": "?"}.get(judged["verdict"], "✗")
        assert shown.startswith(mark)
    assert done.err == ""
    assert "\x1b" not in done.out


def findings(document: Any) -> list[Any]:
    others = [document["deadlock"], document["undefined_step"]]
    return [found for found in (*document["properties"], *others) if found and found["trace"]]


@pytest.mark.parametrize("line", [line for line, code, _ in RUNS if code >= 10])
def test_every_finding_has_a_trace_that_can_be_shown(splitbrain: Splitbrain, line: str) -> None:
    document = splitbrain("check", *line.split(), "--json").json
    assert findings(document)
    for found in findings(document):
        path = Path(found["trace_file"])
        kept = json.loads(path.read_text("utf-8"))
        TRACE.validate(kept)
        assert to_document(read(path)) == kept
        assert {"states": kept["states"], "steps": kept["steps"]} == found["trace"]
        assert found["steps"] == len(kept["steps"])
        shown = splitbrain("show", str(path))
        assert shown.exit == 0
        assert "replayed in Python: still" in shown.out


def test_a_drawn_parameter_is_found_again(splitbrain: Splitbrain) -> None:
    document = splitbrain("check", "faults.py:Mailbox", "--json").json
    steps = document["properties"][0]["trace"]["steps"]
    received = [step["arguments"] for step in steps if step["action"] == "receive"]
    assert received == [{"message": {"number": 1}}, {"message": {"number": 2}}]


def test_what_is_outside_the_cone_is_named_and_its_states_are_whole(splitbrain: Splitbrain) -> None:
    document = splitbrain("check", "acks.py", "--set", "acks=one", "--json").json
    assert document["outside_cone"] == {"variables": ["beat"], "actions": ["tick"]}
    assert document["properties"][0]["trace"]["states"][-1]["beat"] is False
    whole = splitbrain("check", "acks.py", "--set", "acks=one", "--no-cone", "--json").json
    assert whole["outside_cone"] == {"variables": [], "actions": []}
    assert whole["states"] > document["states"]


def test_a_deadlock_check_leaves_nothing_out(splitbrain: Splitbrain) -> None:
    document = splitbrain("check", "acks.py", "--deadlock", "--json").json
    assert document["outside_cone"] == {"variables": [], "actions": []}
    assert document["deadlock"]["verdict"] == "holds"


@pytest.mark.parametrize("most", [0, 1])
def test_a_budget_that_is_used_up_is_no_deadlock(most: int, splitbrain: Splitbrain) -> None:
    """With a budget of 0 as with any other: there, only the scope ends."""
    document = splitbrain(
        "check", "spent.py", "--deadlock", "--scope", f"Crash={most}", "--json"
    ).json
    assert document["deadlock"]["verdict"] == "holds"
    assert document["states"] == most + 1
    assert document["cut"] == {"Crash": 1}


def test_cut_steps_and_idle_actions_are_named(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "acks.py")
    assert "Epoch cut 10 steps: behaviours beyond Epoch=2 are not covered" in done.out
    assert "never fired: forget" in done.out
    document = splitbrain("check", "acks.py", "--json").json
    assert document["cut"] == {"Epoch": 10}
    assert document["never_fired"] == ["forget"]


def test_what_any_state_satisfies_is_named(splitbrain: Splitbrain) -> None:
    """Two replicas cannot disagree about the name of the one record that there is."""
    name = "offset_and_epoch_name_one_record"
    chosen = ("check", "isr", "--property", name, "--scope", "Broker=2,Election=0")
    assert f"every state would satisfy it: {name}" in " ".join(splitbrain(*chosen).out.split())
    assert splitbrain(*chosen, "--json").json["always_true"] == [name]
    assert splitbrain(*chosen, "--scope", "Record=2", "--json").json["always_true"] == []


def test_a_sweep_is_one_object_and_the_worst_code(splitbrain: Splitbrain) -> None:
    arguments = ("check", "acks.py", "--set", "acks=one,all", "--scope", "Epoch=1..2")
    done = splitbrain(*arguments, "--json")
    RESULT.validate(done.json)
    runs = done.json["runs"]
    assert [(run["settings"]["acks"], run["scope"]["Epoch"]) for run in runs] == [
        ("one", 1), ("one", 2), ("all", 1), ("all", 2),
    ]  # fmt: skip
    assert [run["exit"] for run in runs] == [10, 12, 10, 10]
    assert done.exit == done.json["exit"] == 12
    files = [found["trace_file"] for run in runs for found in findings(run)]
    assert len(set(files)) == len(files)
    assert splitbrain(*arguments).out.count("\n") > 4


def test_the_same_run_keeps_the_same_trace(splitbrain: Splitbrain) -> None:
    path = Path(".splitbrain/acks-leader_has_acked_record.json")
    splitbrain("check", "acks.py", "--set", "acks=one")
    first = path.read_bytes()
    path.unlink()
    splitbrain("check", "acks.py", "--set", "acks=one", "--no-color")
    assert path.read_bytes() == first


def test_a_folder_that_cannot_be_written(splitbrain: Splitbrain, folder: Path) -> None:
    (folder / "file").write_text("")
    done = splitbrain("check", "acks.py", "--set", "acks=one", "--out", "file/below")
    assert done.exit == 1
    assert "✗ leader_has_acked_record  violated after 4 steps" in done.out
    assert done.err.startswith("error: cannot write file/below/")
    document = splitbrain(
        "check", "acks.py", "--set", "acks=one", "--out", "file/below", "--json"
    ).json
    RESULT.validate(document)
    assert document["exit"] == 1
    assert document["properties"][0]["verdict"] == "violated"
    assert document["properties"][0]["trace_file"] is None


MISTAKES = [
    ("nowhere", "error[S032]: there is no spec nowhere"),
    ("missing.py", "error[S032]: missing.py "),
    ("faults.py", "error[S033]: faults.py has several specs"),
    ("acks.py --set acks=two", "error[S015]: acks cannot be two"),
    ("acks.py --set ack=one", "error[S014]: Acked has no setting ack"),
    ("acks.py --scope Brokers=2", "error[S003]: Acked has no scope entry Brokers"),
    ("acks.py --scope Broker=0", "error[S004]: the sort Broker has no members in this scope"),
    ("acks.py --property leads", "error[S037]: Acked has no property leads"),
    (
        "published.async_isr --scope Follower=9,Version=9",
        "error[S038]: variable requests: a set whose members may be any of 5,120 values",
    ),
    ("long.py", "error[S038]: a choice among so many that they are nested deeper"),
    ("acks.py --set acks", "error: --set acks: write NAME=VALUE or NAME=VALUE,VALUE"),
    ("acks.py --max-memory much", "error: much is not a size; write 2GB or 512MiB"),
    ("acks.py --max-states 0", "error: Invalid value for '--max-states'"),
    ("acks.py --timeout -1", "error: Invalid value for '--timeout'"),
    ("acks.py --workers 2", "error: No such option '--workers'"),
]


@pytest.mark.parametrize(("line", "message"), MISTAKES)
def test_mistakes(splitbrain: Splitbrain, line: str, message: str) -> None:
    done = splitbrain("check", *line.split())
    assert (done.exit, done.out) == (2, "")
    assert done.err.startswith(message)
    failed = splitbrain("check", *line.split(), "--json")
    RESULT.validate(failed.json)
    assert failed.json["exit"] == 2
    assert failed.json["error"].startswith(message)


def test_time_may_be_up_before_there_is_anything_to_search(splitbrain: Splitbrain) -> None:
    many = "Replica=6,LogSize=40,Record=40,Epoch=30"
    done = splitbrain("check", "published.kip320", "--scope", many, "--timeout", "1", "--json")
    assert (done.exit, done.json["states"], done.json["stopped"]) == (3, 0, "timeout")
    RESULT.validate(done.json)


def test_ctrl_c_gives_a_partial_report(
    splitbrain: Splitbrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: Any, **options: Any) -> Outcome:
        """The real search, with Ctrl-C at its first sign of life."""
        options["progress"] = lambda _: signal.raise_signal(signal.SIGINT)
        return explore(*given, **options)

    explore = check_module.explore
    monkeypatch.setattr(check_module, "explore", interrupted)
    monkeypatch.setattr("checker.explicit.search.PROGRESS_SECONDS", 0.0)
    done = splitbrain("check", "toys.two_phase_commit", "--scope", "Manager=7", "--json")
    RESULT.validate(done.json)
    assert (done.exit, done.json["stopped"], done.json["complete"]) == (3, "interrupt", False)


def test_a_finding_that_python_does_not_confirm_is_no_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lying(*given: Any, **options: Any) -> Outcome:
        outcome = explore(*given, **options)
        reached = [found for found in outcome.findings if found.kind is FindingKind.REACHED]
        property = "leader_has_acked_record"
        lie = replace(reached[0], kind=FindingKind.VIOLATED, property=property)
        return replace(outcome, findings=(lie,))

    explore = check_module.explore
    monkeypatch.setattr(check_module, "explore", lying)
    assert run(["check", "acks.py"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("internal error: replay disagrees: leader_has_acked_record is")
    assert "please report it" in printed.err


def test_only_some_variables_are_shown(splitbrain: Splitbrain) -> None:
    run = ("check", "acks.py", "--set", "acks=one")
    shown = splitbrain(*run, "--only", "is_acked").out
    assert "is_acked: false → true" in shown
    assert "leader: none → b1" not in shown
    done = splitbrain(*run, "--hide", "leader,epok")
    assert (done.exit, done.out) == (2, "")
    assert "--hide: there is no variable epok; did you mean epoch?" in done.err


def test_why_stands_below_the_steps(splitbrain: Splitbrain) -> None:
    lines = splitbrain("check", "acks.py", "--set", "acks=one").out.splitlines()
    why = next(number for number, line in enumerate(lines) if line.startswith("   why  "))
    assert lines[why] == "   why  acks.py:88"
    assert any(line.startswith("   ▸ 4  b2      elect(b2)") for line in lines[:why])
    assert lines[why + 5] == "        b2 is not in has_record = {b1}  since step 4: elect(b2)"


def test_interesting(splitbrain: Splitbrain) -> None:
    run = ("check", "acks.py", "--set", "acks=one", "--interesting")
    assert "violated after 4 steps" in splitbrain(*run).out
