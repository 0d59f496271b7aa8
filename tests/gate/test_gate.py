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


def test_a_spec_that_hangs_when_it_is_read_is_told_with_its_line(repository: Any) -> None:
    repository.write("specs/hanging.py", "import time\n\ntime.sleep(1000)\n")
    repository.declare('[[checks]]\nspec = "specs/hanging.py"\ntimeout = 0.5\n' + ENTRY)
    document = validated(repository.gate("--json"))
    assert [check["exit"] for check in document["checks"]] == [2, 0]
    (message,) = document["checks"][0]["messages"]
    assert "the import did not end within 0.5 s" in message
    assert "specs/hanging.py:3:1" in message


def test_a_spec_that_hangs_takes_no_more_than_the_time_of_the_gate(repository: Any) -> None:
    repository.write("specs/hanging.py", "import time\n\ntime.sleep(1000)\n")
    repository.declare('[gate]\ntimeout = 1\n[[checks]]\nspec = "specs/hanging.py"\n' + ENTRY)
    document = validated(repository.gate("--json"))
    assert [check["exit"] for check in document["checks"]] == [3, 3]


def test_two_specs_with_helpers_of_one_name_have_each_its_own(repository: Any) -> None:
    """Otherwise a change of the second helper is no change, and what was green once stays so."""
    entries = ""
    for folder in ("one", "two"):
        repository.write(f"{folder}/limits/__init__.py", "")
        repository.write(f"{folder}/limits/most.py", "LIMIT = 9\n")
        repository.write(f"{folder}/spec.py", (repository.folder / "specs/counter.py").read_text())
        repository.change("< 9", "< LIMIT", f"{folder}/spec.py")
        repository.change("\n\n\nclass", "\nfrom limits.most import LIMIT\n\n\nclass",
                          f"{folder}/spec.py")  # fmt: skip
        entries += f'[[checks]]\nspec = "{folder}/spec.py"\n'
    repository.declare(entries)
    assert repository.gate("--update").exit == 0
    repository.write("two/limits/most.py", "LIMIT = 3  # fewer\n")
    for known in ((), ("--changed",)):
        document = validated(repository.gate("--json", *known))
        assert [check["outcome"] for check in document["checks"]] == ["ok", "red"], known
    repository.write("two/limits/most.py", "LIMIT = 9\n")
    repository.declare('[[checks]]\nspec = "*/spec.py"\n')
    assert outcomes(validated(repository.gate("--changed", "--json")))[0][1] == Source.LOCK.value


def test_each_of_two_checks_of_one_name_is_told_for_itself(repository: Any) -> None:
    same = '[[checks]]\nname = "same"\nspec = "specs/counter.py"\n'
    repository.declare(same + same)
    done = repository.gate()
    assert done.exit == 2
    lines = [line.split() for line in done.out.splitlines()]
    assert ["✓", "same", "2", "properties", "hold"] in [words[:5] for words in lines]
    assert ["!", "same", "error"] in [words[:3] for words in lines]


def test_a_violation_without_steps_has_no_table(repository: Any) -> None:
    repository.change("< 9", "> 9")
    done = repository.gate()
    assert "   is_small is violated after 0 steps\n\n   why  specs/counter.py:" in done.out


def test_each_trace_has_a_file_of_its_own(repository: Any) -> None:
    """Names of checks may differ in what no file name has, and be longer than any."""
    repository.change("< 9", "< 3")
    long = "long " * 60
    names = ("a b", "a/b", "a.b", long + "1", long + "2")
    scopes = {name: number for number, name in enumerate(names, 3)}
    repository.declare(
        "".join(
            f'[[checks]]\nname = "{name}"\nspec = "specs/counter.py"\n'
            f"scope = {{ Count = {bound} }}\nproperties = ['is_small']\n"
            for name, bound in scopes.items()
        )
    )
    document = validated(repository.gate("--json"))
    assert document["exit"] == 12
    kept = {
        check["name"]: read_trace(Path(check["result"]["properties"][0]["trace_file"])).scope
        for check in document["checks"]
    }
    assert kept == {name: {"Count": bound} for name, bound in scopes.items()}


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
        "not run: the time of the whole gate was up (timeout) while the specs were read"
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
