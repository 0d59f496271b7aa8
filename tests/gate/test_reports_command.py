"""The options of `splitbrain gate` that write reports, as a user gives them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from shlex import split
from typing import Any

import pytest
from junitparser import JUnitXml

from checker.cli.reports import explain
from checker.gate.process import Task

FILES = (
    "--junit",
    "junit.xml",
    "--sarif",
    "out/s.sarif",
    "--gitlab",
    "g.json",
    "--markdown",
    "m.md",
)


def test_every_report_is_written_and_the_verdict_is_said(
    repository: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file cannot be written; the others are, and nothing of the answer is lost."""
    repository.change("< 9", "< 3")
    summary = repository.folder / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    (repository.folder / "blocked").write_text("", "utf-8")
    done = repository.gate(*FILES[:6], "--markdown", "blocked/m.md", "--github")
    assert done.exit == 1
    assert done.err.count("error:") == 1
    assert "error: cannot write blocked/m.md" in done.err
    assert "✗ specs/counter.py  is_small is violated after 3 steps" in done.out
    assert done.out.splitlines()[-1].startswith("::error file=specs/counter.py,line=26,col=5,")
    assert "Small enough." in done.out.splitlines()[-1]
    assert JUnitXml.fromfile("junit.xml").failures == 1
    assert json.loads(Path("out/s.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert len(json.loads(Path("g.json").read_text("utf-8"))) == 1
    told = summary.read_text("utf-8")
    assert told.startswith("before\n## splitbrain gate: ✗ 1 red\n")
    assert "count is 3  since step 3: increment()" in told
    found = re.search("^splitbrain (check .*)$", told, re.MULTILINE)
    assert found
    again = repository.run(*split(found[1]))
    assert (again.exit, "✗ is_small  violated after 3 steps" in again.out) == (12, True)


def test_a_summary_that_cannot_be_written_is_an_error(
    repository: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository.folder))
    done = repository.gate("--github", "--quiet")
    assert done.exit == 1
    assert "1 ok" in done.out
    assert "error: cannot write" in done.err
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    (repository.folder / "blocked").write_text("", "utf-8")
    done = repository.gate("--json", "--sarif", "blocked/s", "--gitlab", "g.json")
    assert (done.exit, done.json["exit"], done.json["summary"]["ok"]) == (1, 1, 1)
    assert done.json["error"].startswith("cannot write blocked/s")
    assert Path("g.json").read_text("utf-8") == "[]\n"


def test_reports_of_an_earlier_run_do_not_outlive_it(repository: Any) -> None:
    """A gate that cannot begin leaves no file behind that says that all was well."""
    names = [name for name in FILES if not name.startswith("--")]
    for name in names:
        repository.write(name, "all is well")
    repository.declare("checks = 1")
    done = repository.gate(*FILES)
    assert done.exit == 2
    assert not [name for name in names if (repository.folder / name).exists()]


def test_a_report_does_not_take_the_place_of_a_device(repository: Any) -> None:
    """`--markdown /dev/stdout` would remove it, where one may do that."""
    (repository.folder / "device").symlink_to(os.devnull)
    done = repository.gate("--junit", "j.xml", "--markdown", "device")
    assert done.exit == 2
    assert "--markdown: device is no plain file, and is left alone" in done.err
    assert (repository.folder / "device").is_symlink()


def test_ctrl_c_while_traces_are_explained_loses_no_report(
    repository: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted:
        """Where an answer is waited for when Ctrl-C is pressed."""

        def poll(self, seconds: float) -> bool:
            raise KeyboardInterrupt

        def close(self) -> None:
            """Nothing to do."""

    class Impatient(Task):
        """A task that nobody waits for."""

        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            self.connection.close()
            self.connection = Interrupted()  # type: ignore[assignment]

    monkeypatch.setattr(explain, "Task", Impatient)
    repository.change("< 9", "< 3")
    done = repository.gate("--junit", "j.xml")
    assert (done.exit, "is_small is violated after 3 steps" in done.out) == (12, True)
    assert 'failures="1"' in (repository.folder / "j.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--json", "--github"), "--github prints its own lines"),
        (("--junit", "a", "--sarif", "./a"), "--junit and --sarif name the same file"),
        (("--junit", "specs"), "is a directory"),
    ],
)
def test_what_does_not_fit_is_refused(
    repository: Any, arguments: tuple[str, ...], message: str
) -> None:
    done = repository.gate(*arguments)
    assert done.exit == 2
    assert message in done.out + done.err
