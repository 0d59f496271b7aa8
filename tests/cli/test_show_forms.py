from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import itf_py
import pytest

from checker.trace import Ending
from counterexamples.file import read
from counterexamples.museum_cases import entries

Splitbrain = Callable[..., Any]

ROOT = Path(__file__).parents[2]
TRACE = ".splitbrain/acks-leader_has_acked_record.json"


@pytest.fixture
def kept(splitbrain: Splitbrain, folder: Path) -> Path:
    splitbrain("check", "acks.py", "--set", "acks=one")
    return folder / TRACE


def change(folder: Path, kept: Path, old: str, new: str) -> None:
    """The trace's spec changes: in another file, because a loaded module is not read again."""
    text = (folder / "acks.py").read_text("utf-8")
    assert old in text
    (folder / "newer.py").write_text(text.replace(old, new, 1), "utf-8")
    document = json.loads(kept.read_text("utf-8")) | {"spec": "newer.py"}
    kept.write_text(json.dumps(document), "utf-8")


# --- replay


def test_a_trace_that_replays(splitbrain: Splitbrain, kept: Path) -> None:
    done = splitbrain("show", TRACE, "--replay")
    assert (done.exit, done.err) == (0, "")
    assert done.out.splitlines()[-7:] == [
        "",
        "✓   1  elect(b1)",
        "✓   2  append(b1)",
        "✓   3  ack(b1)",
        "✓   4  elect(b2)",
        "",
        "replayed in Python: still violated",
    ]


def test_the_guard_that_blocks_is_named(splitbrain: Splitbrain, folder: Path, kept: Path) -> None:
    change(folder, kept, "require(self.leader != broker)", "require(self.leader is None)")
    done = splitbrain("show", TRACE, "--replay")
    assert done.exit == 3
    last = " ".join(done.out.split("✗")[1].split())
    assert last == (
        "4 elect(b2) elect(b2) is disabled now by `self.leader is None` (newer.py:50): leader is b1"
    )


def test_the_value_that_differs_is_named(splitbrain: Splitbrain, folder: Path, kept: Path) -> None:
    change(folder, kept, "self.epoch += 1", "self.epoch += 2")
    done = splitbrain("show", TRACE, "--replay")
    assert done.exit == 3
    assert done.out.splitlines()[-1] == "       kept → now: epoch: 1 → 2"


def test_other_settings_for_a_replay(splitbrain: Splitbrain, kept: Path) -> None:
    done = splitbrain("show", TRACE, "--replay", "--set", "acks=all")
    assert done.exit == 3
    assert "replayed with acks=all" in done.out
    assert "✗   3  ack(b1)" in done.out
    assert "self.acks == Acks.ONE or len(self.has_record) == len(Broker)" in " ".join(
        done.out.split()
    )


def test_a_replay_of_a_lost_spec_is_a_mistake(splitbrain: Splitbrain, kept: Path) -> None:
    document = json.loads(kept.read_text("utf-8")) | {"spec": "gone.py"}
    kept.write_text(json.dumps(document), "utf-8")
    assert splitbrain("show", TRACE, "--replay").exit == 2


# --- pdb


def debug(folder: Path, *arguments: str, commands: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checker", "show", *arguments],
        input=commands, capture_output=True, text=True, cwd=folder, timeout=900,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_pdb_stands_in_the_first_line_of_the_action(folder: Path, kept: Path) -> None:
    commands = "p (self.leader, broker, self.epoch)\nn\nn\np self.leader\nc\n"
    done = debug(folder, TRACE, "--pdb", "4", commands=commands)
    assert (done.returncode, done.stderr) == (0, "")
    first = done.stdout.split("(Pdb)")[0]
    assert "step 4 of 4: elect(b2), in the state after step 3" in first
    assert "-> require(self.leader != broker)" in first
    answers = [answer.strip() for answer in done.stdout.split("(Pdb)")[1:]]
    assert answers[0] == "(b1, b2, 1)"
    assert answers[3] == "b2"
    assert done.stdout.endswith("elect(b2): fired\n")


def test_pdb_never_stops_in_our_code(folder: Path, kept: Path) -> None:
    done = debug(folder, TRACE, "--pdb", "4", commands="s\n" * 12)
    places = [line for line in done.stdout.splitlines() if line.lstrip("(Pdb) ").startswith("> ")]
    assert places
    assert all("acks.py(" in place for place in places)
    assert done.returncode == 0


def test_pdb_can_be_left(folder: Path, kept: Path) -> None:
    done = debug(folder, TRACE, "--pdb", "1", commands="q\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "left before its end" in done.stdout


def test_pdb_where_there_is_no_such_step(splitbrain: Splitbrain, folder: Path, kept: Path) -> None:
    assert splitbrain("show", TRACE, "--pdb", "5").err.startswith(
        "error: --pdb 5: the trace has steps 1..4"
    )
    change(folder, kept, "self.epoch += 1", "self.epoch += 2")
    done = splitbrain("show", TRACE, "--pdb", "2")
    assert done.exit == 2
    assert "the trace does not come to step 2: at step 1, kept → now: epoch: 1 → 2" in done.err


# --- tests


def pytest_in(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files],
        capture_output=True, text=True, cwd=folder, timeout=900,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def clean(folder: Path, name: str, test: str, spec: str) -> Path:
    place = folder / name
    place.mkdir()
    (place / "test_scenario.py").write_text(test, "utf-8")
    (place / "acks.py").write_text(spec, "utf-8")
    return place


def test_a_generated_test_passes_and_fails_where_it_should(
    splitbrain: Splitbrain, folder: Path, kept: Path
) -> None:
    """Possible as the spec is; and once a guard forbids it, the test is red."""
    done = splitbrain("show", TRACE, "--as-test")
    assert (done.exit, done.err) == (0, "")
    spec = (folder / "acks.py").read_text("utf-8")
    passing = pytest_in(clean(folder, "passing", done.out, spec))
    assert passing.returncode == 0, passing.stdout
    stricter = spec.replace("require(self.leader != broker)", "require(self.leader is None)")
    failing = pytest_in(clean(folder, "failing", done.out, stricter))
    assert failing.returncode == 1
    assert "NotEnabled" in failing.stdout
    other = spec.replace("self.epoch += 1", "self.epoch += 2")
    wrong = pytest_in(clean(folder, "wrong", done.out, other))
    assert wrong.returncode == 1
    assert "assert spec.epoch == 1" in wrong.stdout


def test_a_test_of_what_must_stay_impossible(
    splitbrain: Splitbrain, folder: Path, kept: Path
) -> None:
    """Green while the guard is there, red when it is gone."""
    done = splitbrain("show", TRACE, "--as-test", "--impossible", "--set", "acks=all")
    assert (done.exit, done.err) == (0, "")
    assert "        with refused():\n            spec.ack(b1)\n" in done.out
    assert "stay impossible: ack(b1) is refused after 2 steps" in done.out
    spec = (folder / "acks.py").read_text("utf-8")
    passing = pytest_in(clean(folder, "passing", done.out, spec))
    assert passing.returncode == 0, passing.stdout
    guard = "        require(self.acks == Acks.ONE or len(self.has_record) == len(Broker))\n"
    assert guard in spec
    failing = pytest_in(clean(folder, "failing", done.out, spec.replace(guard, "")))
    assert failing.returncode == 1
    assert "the step happened, and should have been refused" in failing.stdout


def test_what_is_possible_all_the_same(splitbrain: Splitbrain, kept: Path) -> None:
    done = splitbrain("show", TRACE, "--as-test", "--impossible")
    assert done.exit == 2
    assert "the scenario is still possible: leader_has_acked_record is violated" in done.err
    done = splitbrain("show", TRACE, "--as-test", "--impossible", "--scope", "Epoch=1")
    assert done.exit == 2
    assert "step 4, elect(b2), leaves the scope Epoch" in done.err


def ruff(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--isolated", "."],
        capture_output=True, text=True, cwd=place,
    )  # fmt: skip


@pytest.mark.parametrize("entry", ["KIP-101", "R40"])
def test_generated_tests_of_the_museum(splitbrain: Splitbrain, folder: Path, entry: str) -> None:
    """One whose fix is another spec, and one with messages in a set."""
    for name, flags in (("test_it", ()), ("test_not", ("--impossible",))):
        done = splitbrain("show", entry, "--as-test", *flags, "--output", f"new/{name}.py")
        assert (done.exit, done.out) == (0, f"new/{name}.py\n")
    run = pytest_in(folder / "new")
    assert run.returncode == 0, run.stdout
    assert "2 passed" in run.stdout
    checked = ruff(folder / "new", "check", "--select", "E,F,I,B,UP,PIE,RUF")
    assert checked.returncode == 0, checked.stdout
    formatted = ruff(folder / "new", "format", "--check")
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.nightly
def test_every_entry_of_the_museum_is_a_test(splitbrain: Splitbrain, folder: Path) -> None:
    """As it is, and as it must not be where it is mended."""
    written = 0
    for entry in entries():
        if not entry.trace_file.exists():
            continue
        for suffix, flags in (("", ()), ("_not", ("--impossible",))):
            if flags and entry.fixed is None:
                continue
            file = f"new/test_{entry.id.replace('-', '_')}{suffix}.py"
            assert splitbrain("show", entry.id, "--as-test", *flags, "--output", file).exit == 0
            written += 1
    run = pytest_in(folder / "new")
    assert f"{written} passed" in run.stdout, run.stdout
    assert ruff(folder / "new", "check", "--select", "E4,E7,E9,F,I,B,UP,PIE,RUF").returncode == 0
    assert ruff(folder / "new", "format", "--check").returncode == 0


ENDINGS = [
    (("faults.py:PastTheEnd",), "undefined-step", "        with undefined():\n"),
    (("faults.py:NoValue",), "divides", "        with undefined():\n            spec.divides()\n"),
    (("faults.py:Stuck", "--deadlock"), "deadlock", "        assert not enabled(spec)\n"),
    (("acks.py",), "everybody_has_it", "        assert spec.everybody_has_it()\n"),
]


def test_every_ending_can_be_a_test(splitbrain: Splitbrain, folder: Path) -> None:
    for number, (arguments, label, end) in enumerate(ENDINGS):
        splitbrain("check", *arguments)
        name = arguments[0].replace(".py:", ".").removesuffix(".py")
        file = folder / f"test_ending_{number}.py"
        kept = f".splitbrain/{name}-{label}.json"
        done = splitbrain("show", kept, "--as-test", "--output", str(file))
        assert (done.exit, done.err) == (0, "")
        assert end in file.read_text("utf-8")
    run = pytest_in(folder)
    assert f"{len(ENDINGS)} passed" in run.stdout, run.stdout


def test_a_step_invariant_compares_two_states(splitbrain: Splitbrain, folder: Path) -> None:
    text = (folder / "acks.py").read_text("utf-8").replace("before.epoch <=", "before.epoch >=")
    (folder / "back.py").write_text(text, "utf-8")
    splitbrain("check", "back.py", "--property", "epoch_never_goes_back")
    done = splitbrain("show", ".splitbrain/back-epoch_never_goes_back.json", "--as-test")
    assert "from copy import deepcopy\n" in done.out
    assert done.out.endswith(
        "        before = deepcopy(spec)\n"
        "        spec.elect(b1)\n"
        "        assert spec.leader == b1\n"
        "        assert spec.epoch == 1\n"
        "\n"
        "        assert not Acked.epoch_never_goes_back(before, spec)\n"
    )
    # In this process: the spec is the file beside it.
    exec(compile(done.out, "test_back.py", "exec"), scope := dict[str, Any]())
    scope["test_epoch_never_goes_back_is_violated"]()


# --- other forms


def test_itf_out_and_in(splitbrain: Splitbrain, folder: Path, kept: Path) -> None:
    splitbrain("show", TRACE, "--itf", "--output", "acks.itf.json")
    document = json.loads((folder / "acks.itf.json").read_text("utf-8"))
    assert itf_py.trace_from_json(document).vars[:2] == ["leader", "epoch"]
    done = splitbrain("show", "acks.itf.json", "--trace", "--output", "back.json")
    assert (done.exit, done.err) == (0, "")
    assert read(folder / "back.json") == read(kept)
    shown = splitbrain("show", "acks.itf.json")
    assert shown.exit == 0
    assert "violated after 4 steps" in shown.out


def test_itf_of_others(splitbrain: Splitbrain, folder: Path, kept: Path) -> None:
    document = json.loads(splitbrain("show", TRACE, "--itf").out)
    document["#meta"] = {"format": "ITF"}
    (folder / "bare.itf.json").write_text(json.dumps(document), "utf-8")
    done = splitbrain("show", "bare.itf.json")
    assert done.exit == 2
    assert "bare.itf.json does not say of which spec it is a trace: --spec SPEC" in done.err
    found = ("show", "bare.itf.json", "--spec", "acks.py", "--set", "acks=one")
    assert "violated after 4 steps" in splitbrain(*found).out
    assert splitbrain(*found, "--replay").exit == 0
    other = splitbrain("show", "bare.itf.json", "--spec", "acks.py")
    assert other.exit == 2
    assert "no step of Acked leads from state 2 to state 3: is_acked: false → true" in other.err
    document["states"].pop()
    (folder / "walk.itf.json").write_text(json.dumps(document), "utf-8")
    walk = ("show", "walk.itf.json", "--spec", "acks.py", "--set", "acks=one")
    splitbrain(*walk, "--trace", "--output", "walk.json")
    assert read(folder / "walk.json").ending is Ending.WALK


FORMS = [
    ("--tlc", "State 1: <Initial predicate>"),
    ("--tlc", "<elect(b1) line 48, col 5 to line 52, col 23 of acks.py>"),
    ("--mermaid", "sequenceDiagram"),
    ("--shiviz", '1. elect(b1)\nshared {"shared":1}'),
    ("--trace", '"format": "splitbrain trace"'),
    ("--itf", '"mbt::actionTaken"'),
]


@pytest.mark.parametrize(("flag", "words"), FORMS)
def test_forms_are_printed_or_written(
    splitbrain: Splitbrain, folder: Path, kept: Path, flag: str, words: str
) -> None:
    done = splitbrain("show", TRACE, flag)
    assert (done.exit, done.err) == (0, "")
    assert words in done.out
    written = splitbrain("show", TRACE, flag, "--output", "new/form.txt")
    assert written.out == "new/form.txt\n"
    assert (folder / "new" / "form.txt").read_text("utf-8") == done.out


def test_a_museum_entry_has_forms(splitbrain: Splitbrain) -> None:
    assert splitbrain("show", "R9", "--mermaid").out.startswith("sequenceDiagram\n")
    assert "name one: " in splitbrain("show", "KAFKA-6361", "--mermaid").err
    assert "no such entry in the museum" in splitbrain("show", "R999", "--mermaid").err


WRONG = [
    (("--mermaid", "--tlc"), "--tlc and --mermaid exclude each other"),
    (("--mermaid", "--pdb", "1"), "--mermaid and --pdb exclude each other"),
    (("--mermaid", "--step", "1"), "--mermaid and --step exclude each other"),
    (("--itf", "--full"), "--itf and --full exclude each other"),
    (("--impossible",), "--impossible needs --as-test"),
    (("--output", "x"), "--output needs what is to be written"),
    (("--replay", "--output", "x"), "--output needs what is to be written"),
    (("--mermaid", "--set", "acks=all"), "--spec, --set and --scope need --replay"),
    (("--set", "acks=all"), "--spec, --set and --scope need --replay"),
    (("--replay", "--set", "acks=one,all"), "a trace is run in one way; give acks one value"),
]


@pytest.mark.parametrize(("flags", "message"), WRONG)
def test_what_does_not_go_together(
    splitbrain: Splitbrain, kept: Path, flags: tuple[str, ...], message: str
) -> None:
    done = splitbrain("show", TRACE, *flags)
    assert (done.exit, done.out) == (2, "")
    assert message in done.err


def test_what_cannot_be_written(splitbrain: Splitbrain, folder: Path, kept: Path) -> None:
    (folder / "file").write_text("")
    done = splitbrain("show", TRACE, "--mermaid", "--output", "file/x.mmd")
    assert done.exit == 1
    assert "cannot write file/x.mmd: " in done.err
    assert done.err.endswith("; name another file: --output\n")
