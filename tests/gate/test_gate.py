"""The gate as a user runs it, with its processes: every way in which it must not be green."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.gate.declaration import read
from checker.gate.gate import Options, run_gate
from checker.gate.report import CheckReport, Outcome, Source
from checker.result import ExitCode
from counterexamples.file import read as read_trace

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = Draft202012Validator(json.loads((DOCS / "gate.schema.json").read_text("utf-8")))
RESULT = Draft202012Validator(json.loads((DOCS / "result.schema.json").read_text("utf-8")))

ENTRY = '[[checks]]\nspec = "specs/counter.py"\n'
DYING = """
import os, pathlib, signal
seen = pathlib.Path("seen")
os.kill(os.getpid(), signal.SIGKILL) if seen.exists() else seen.touch()
"""


def validated(done: Any) -> Any:
    SCHEMA.validate(done.json)
    assert done.json["exit"] == done.exit
    for check in done.json["checks"]:
        if check["result"] is not None and "complete" in check["result"]:
            RESULT.validate({k: v for k, v in check["result"].items() if k != "graph"})
    return done.json


def outcomes(document: Any) -> list[tuple[str, str]]:
    return [(check["outcome"], check["source"]) for check in document["checks"]]


def test_cached_verdicts_say_so_and_damaged_ones_are_not_trusted(repository: Any) -> None:
    folder = repository.folder / "cache"
    arguments = ("--json", "--cache-dir", str(folder))
    assert outcomes(validated(repository.gate(*arguments))) == [("ok", "run")]
    again = repository.gate("--cache-dir", str(folder))
    assert "2 properties hold  4 states  cached" in again.out
    assert "1 ok  1 cached" in again.out
    (kept,) = (folder / "verdicts").iterdir()
    text = kept.read_text("utf-8")
    kept.write_text(text.replace('"states":4', '"states":5'), "utf-8")
    assert outcomes(validated(repository.gate(*arguments))) == [("ok", "run")]
    assert kept.read_text("utf-8").count('"states":4') == text.count('"states":4')
    kept.unlink()
    assert repository.gate("--no-cache", "--cache-dir", str(folder)).exit == 0
    assert list((folder / "verdicts").iterdir()) == []


def test_the_worst_code_wins_and_each_failure_is_its_own(repository: Any) -> None:
    """A violation, a stopped search, a killed process, a mistake, and a success."""
    repository.write("specs/dying.py", DYING + (repository.folder / "specs/counter.py").read_text())
    repository.write("specs/bad.py", (repository.folder / "specs/counter.py").read_text())
    repository.change("< 9", "< 3", "specs/bad.py")
    many = '[[checks]]\nspec = "toys.two_phase_commit"\n'
    repository.declare(
        '[[checks]]\nspec = "specs/bad.py"\n'
        + f"{many}max_states = 10\n"
        + '[[checks]]\nspec = "specs/dying.py"\n'
        + '[[checks]]\nspec = "specs/none.py"\n'
        + ENTRY
    )
    done = repository.gate("--json", "--no-cache")
    document = validated(done)
    assert [check["exit"] for check in document["checks"]] == [12, 3, 1, 2, 0]
    assert [check["outcome"] for check in document["checks"]] == [
        "red", "undetermined", "error", "error", "ok",
    ]  # fmt: skip
    assert document["summary"] == {"ok": 1, "red": 1, "error": 2, "undetermined": 1}
    assert done.exit == 1
    bad, stopped, killed, _, _ = document["checks"]
    assert bad["messages"] == ["is_small is violated after 3 steps"]
    assert stopped["messages"] == ["stopped at max_states"]
    assert "ended by SIGKILL" in killed["messages"][0]
    (judged,) = (one for one in bad["result"]["properties"] if one["verdict"] == "violated")
    assert len(read_trace(Path(judged["trace_file"])).steps) == 3


def test_a_spec_that_takes_its_process_down_is_an_error(repository: Any) -> None:
    repository.write("specs/leaving.py", "import os\nos._exit(0)\n")
    repository.declare('[[checks]]\nspec = "specs/leaving.py"\n' + ENTRY)
    document = validated(repository.gate("--json"))
    assert [check["exit"] for check in document["checks"]] == [1, 0]
    assert "exit code 0, and no answer" in document["checks"][0]["messages"][0]


def test_a_lock_goes_out_of_date_and_is_accepted(repository: Any) -> None:
    first = repository.gate("--changed").out
    assert "splitbrain.lock is not there: everything was run" in first
    assert "there is no splitbrain.lock: splitbrain gate --update records" in first
    done = repository.gate("--update")
    assert (done.exit, "splitbrain.lock is written: commit it" in done.out) == (0, True)
    path = repository.folder / "splitbrain.lock"
    before = path.read_text("utf-8")
    same = repository.gate("--changed")
    assert (same.exit, "unchanged since the lock" in same.out) == (0, True)
    repository.change("self.count = 0", "require(self.count == 2)\n        self.count = 0")
    repository.change("import Scope", "import require, Scope")
    done = repository.gate("--changed")
    assert done.exit == 12
    assert "not as the lock has it" in done.out
    assert "≠ generated 6 → 4 (-33.3 %)" in done.out
    assert "splitbrain.lock is out of date: run splitbrain gate --update" in done.out
    document = validated(repository.gate("--json"))
    assert outcomes(document) == [("red", "cached")]
    assert path.read_text("utf-8") == before
    repository.change("< 9", "< 2")
    done = repository.gate("--update")
    assert done.exit == 12
    assert "splitbrain.lock is not written, as these are not ok: specs/counter.py" in done.out
    assert "2  increment()  count: 1 → 2" in done.out
    assert "see  splitbrain show .splitbrain/specs.counter-is_small-gate.json" in done.out
    assert path.read_text("utf-8") == before
    repository.change("< 2", "< 9")
    document = validated(repository.gate("--update", "--json"))
    assert document["exit"] == 0
    assert {one["accepted"] for one in document["checks"][0]["differences"]} == {True}
    assert '"generated": 4' in path.read_text("utf-8")
    repository.declare('[[checks]]\nname = "other"\nspec = "specs/counter.py"\n')
    done = repository.gate()
    assert done.exit == 12
    assert "≠ not in the lock" in done.out
    assert "check specs/counter.py is in the lock, and no longer declared" in done.out


def test_without_time_nothing_is_green(repository: Any) -> None:
    repository.declare("[gate]\ntimeout = 0.001\n" + ENTRY)
    document = validated(repository.gate("--json", "--no-cache"))
    assert document["checks"][0]["messages"] == [
        "not run: the time of the whole gate was up (timeout)"
    ]
    assert document["exit"] == 3


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("", "there is no check"),
        (ENTRY + 'profiles = ["full"]\n', "no check is in the profile quick"),
        ('[[checks]]\nspec = "specs/none*.py"\n', "matches no Python file"),
    ],
)
def test_an_empty_gate_is_no_success(repository: Any, declared: str, message: str) -> None:
    repository.declare(declared)
    done = repository.gate("--json")
    assert done.exit == 2
    SCHEMA.validate(done.json)
    assert message in done.out


class Impatient:
    """A user who presses Ctrl-C as soon as a check has started."""

    def __init__(self) -> None:
        self.reports: list[CheckReport] = []

    def planned(self, names: Any) -> None:
        """Nothing to see."""

    def started(self, name: str) -> None:
        raise KeyboardInterrupt

    def ended(self, report: CheckReport) -> None:
        self.reports.append(report)


def test_ctrl_c_leaves_nothing_green_and_nothing_running(repository: Any) -> None:
    repository.declare(ENTRY + '[[checks]]\nname = "other"\nspec = "specs/counter.py"\n')
    watcher = Impatient()
    report = run_gate(read(repository.folder / "splitbrain.toml"), Options(), watcher)
    assert [check.outcome for check in report.checks] == [Outcome.UNDETERMINED] * 2
    assert [check.messages for check in report.checks] == [("not run: interrupted",)] * 2
    assert report.exit is ExitCode.UNDETERMINED
    assert [one.source for one in watcher.reports] == [Source.RUN] * 2


def test_a_repository_with_packages_of_our_names(
    repository: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under a pytest that puts the user's folder first on the path.

    From a folder below; and what the spec prints does not spoil the JSON.
    """
    repository.change('"""A counter', 'print("hello")\n"""A counter')
    for package in ("checker", "counterexamples", "invariants", "specs"):
        repository.write(f"{package}/__init__.py", "raise ImportError('the wrong one')\n")
    monkeypatch.syspath_prepend(str(repository.folder))
    path = list(sys.path)
    monkeypatch.chdir(repository.folder / "specs")
    assert validated(repository.gate("--json"))["exit"] == 0
    assert sys.path == path


def test_init_writes_what_the_gate_then_accepts(repository: Any) -> None:
    done = repository.gate("init")
    assert done.exit == 2
    assert "splitbrain.toml declares checks already" in done.err
    (repository.folder / "splitbrain.toml").unlink()
    repository.write("specs/broken.py", "from checker import Spec\nimport no_such\nclass A: ...\n")
    repository.write(".hidden/counter.py", "from checker import Spec\n")
    done = repository.gate("init")
    assert (done.exit, done.out.splitlines()[0]) == (0, "splitbrain.toml is written: 1 spec")
    assert "left out: specs/broken.py" in done.err
    text = (repository.folder / "splitbrain.toml").read_text("utf-8")
    assert 'spec = "specs/counter.py"\nscope = { Count = 3 }  # 4 states, ' in text
    assert repository.gate().exit == 0


def test_init_without_specs(repository: Any) -> None:
    for name in ("splitbrain.toml", "specs/counter.py"):
        (repository.folder / name).unlink()
    done = repository.gate("init")
    assert (done.exit, os.listdir(repository.folder)) == (2, ["specs"])
    assert "there is no spec below this folder" in done.err
    done = repository.gate()
    assert "splitbrain gate init writes a first one" in done.err
