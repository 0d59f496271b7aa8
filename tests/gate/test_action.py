"""The GitHub Action: its own scripts, run here as a runner would, in a repository with a spec."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent

SPEC = '''"""A counter."""
from checker import Scope, Spec, Upto, action, invariant, require
from typing import Annotated


class Counter(Spec):
    """Counts."""

    n: Annotated[int, Upto("N")] = 0
    scope = Scope(N=3)

    @action
    def up(self) -> None:
        """One more."""
        self.n += 1

    @invariant
    def small(self) -> bool:
        """Not too much."""
        return self.n <= MOST
'''


def action() -> Mapping[str, Any]:
    document: Mapping[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return document


def step(name: str) -> Mapping[str, Any]:
    steps = action()["runs"]["steps"]
    return next(found for found in steps if found.get("id") == name)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "counter.py").write_text(SPEC.replace("MOST", "3"), encoding="utf-8")
    declaration = '[[checks]]\nspec = "counter.py"\n'
    (folder / "splitbrain.toml").write_text(declaration, encoding="utf-8")
    commands = tmp_path / "runner/splitbrain/bin"
    commands.mkdir(parents=True)
    # What the first step would have installed.
    command = commands / "splitbrain"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m splitbrain "$@"\n')
    command.chmod(0o755)
    return folder


def run_gate(repository: Path, **inputs: str) -> tuple[int, str, Mapping[str, str]]:
    """The gate's step with these inputs: its exit code, what it printed, its outputs."""
    runner = repository.parent / "runner"
    output, summary = runner / "output", runner / "summary"
    output.write_text("")
    given = {"PROFILE": "", "CHANGED": "false", "CONFIG": "", "FOLDER": ".", **inputs}
    environment = {
        **os.environ,
        **given,
        "RUNNER_TEMP": str(runner),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step("gate")["run"]],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    pairs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return done.returncode, done.stdout + done.stderr, pairs


def test_the_steps_have_what_they_name() -> None:
    """Every variable that a script reads is given by the step or by every runner."""
    for name in ("install", "gate"):
        assert set(step(name)["env"]) <= {*"ACTION VERSION PROFILE CHANGED CONFIG FOLDER".split()}
        for value in step(name)["env"].values():
            inner = value.removeprefix("${{ ").removesuffix(" }}")
            kind, _, key = inner.partition(".")
            assert kind == "github" or key in action()["inputs"]
        assert "${{" not in step(name)["run"], "an input in a script is a way in"


def test_green_then_red_then_green(repository: Path) -> None:
    update = [sys.executable, "-m", "splitbrain", "gate", "--update"]
    subprocess.run(update, cwd=repository, check=True, capture_output=True)
    code, told, outputs = run_gate(repository)
    assert code == 0, told
    assert outputs["exit-code"] == "0"
    spec = repository / "counter.py"
    spec.write_text(SPEC.replace("MOST", "2"), encoding="utf-8")
    code, told, outputs = run_gate(repository, PROFILE="quick", CHANGED="true")
    assert code == 12
    assert outputs["exit-code"] == "12"
    assert "::error file=counter.py" in told
    assert Path(outputs["sarif"]).is_file()
    assert Path(outputs["junit"]).is_file()
    summary = (repository.parent / "runner/summary").read_text(encoding="utf-8")
    assert "small" in summary
    assert "up()" in summary
    spec.write_text(SPEC.replace("MOST", "3"), encoding="utf-8")
    code, told, later = run_gate(repository)
    assert code == 0
    # Another use in the same job leaves the files of the first one for the steps that want them.
    assert "splitbrain/small" in Path(outputs["sarif"]).read_text(encoding="utf-8")
    assert not set(later.values()) & {outputs["sarif"], outputs["junit"]}


def test_a_wrong_declaration_is_no_success(repository: Path) -> None:
    code, told, outputs = run_gate(repository, CONFIG="nowhere.toml")
    assert code == 2
    assert outputs == {"exit-code": "2"}, "there is no report to upload"
    assert "nowhere.toml" in told


def test_the_hook_runs_what_there_is() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    command, *rest = hook["entry"].split()
    assert command == "splitbrain"
    done = subprocess.run(
        [sys.executable, "-m", "splitbrain", *rest, "--help"], capture_output=True, check=False
    )
    assert done.returncode == 0
