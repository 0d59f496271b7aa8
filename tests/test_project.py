"""The project around the code: linters, the commands of the README, words that do not belong."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = (
    ".ci", "benchmarks", "checker", "counterexamples", "docs", "invariants", "specs", "splitbrain",
    "tests",
)  # fmt: skip
# Folders that exist on one machine only; written in two halves, for this file is searched too.
PLACES = tuple("/" + name + "/" for name in ("work", "tmp", "root", "home", "farm"))


def run(*arguments: str) -> str:
    """Run a Python module; what it printed if it failed, else nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_types() -> None:
    assert run("mypy") == ""


def test_lint() -> None:
    assert run("ruff", "check", ".") == ""


def texts() -> list[Path]:
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    files = [path for path in [*inside, *ROOT.glob("*")] if path.is_file()]
    return [path for path in files if "__pycache__" not in path.parts]


def test_no_file_names_a_place_on_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in texts()
        for number, line in enumerate(path.read_text("utf-8", "ignore").splitlines(), 1)
        if any(place in line for place in PLACES)
    ]
    assert not found, found


def blocks(language: str) -> list[str]:
    """The blocks of the README in this language."""
    text = (ROOT / "README.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)```", text, re.DOTALL | re.MULTILINE)


def test_readme_shows_real_code() -> None:
    sources = [path for folder in ("specs", "invariants") for path in (ROOT / folder).rglob("*.py")]
    code = "".join(path.read_text("utf-8") for path in sources)
    for block in blocks("python"):
        for passage in block.strip("\n").split("\n\n"):
            assert passage in code, f"not in specs or invariants:\n{passage}"


def test_readme_has_two_commands() -> None:
    install, test = blocks("sh")
    assert "splitbrain check" in install
    assert "pytest" in test


def test_ci_runs_the_test_command_of_the_readme() -> None:
    test = blocks("sh")[1].strip()
    assert test in (ROOT / ".ci/run").read_text("utf-8").splitlines()


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken, broken


def test_only_used_packages_are_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "checker").rglob("*.py"))
    required = [re.split(r"\W", line)[0] for line in project["dependencies"]]
    imports = set(re.findall(r"^\s*(?:import|from) (\w+)", code, re.MULTILINE))
    unused = set(required) - imports
    assert not unused, f"no module of checker imports {unused}"


@pytest.mark.parametrize("script", [".ci/run", ".ci/nightly"])
def test_scripts_are_valid_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", ROOT / script], check=False).returncode == 0
