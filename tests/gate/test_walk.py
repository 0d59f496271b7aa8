"""`docs/CI.md` from its first command to its last, in a repository that has what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "CI.md"
FILE = re.compile(r"^`([\w./]+)`:\n\n```python\n(.*?)^```$", re.M | re.S)
BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.M | re.S)
SECONDS = re.compile(r"\b\d+\.\d+(?= s\b| \|)")


def repository(folder: Path, page: str) -> dict[str, str]:
    """Make the files that the page shows; the environment in which its commands run."""
    home = folder / "home"
    (home / "bin").mkdir(parents=True)
    command = home / "bin/splitbrain"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m splitbrain "$@"\n')
    command.chmod(0o755)
    for name, text in FILE.findall(page):
        (folder / "repository" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "repository" / name).write_text(text, encoding="utf-8")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT")}
    who = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    return {
        **ours,
        **dict.fromkeys(who, "splitbrain@localhost"),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "COLUMNS": "100",
    }


def replayed(block: str, folder: Path, environment: dict[str, str]) -> str:
    """The block as it is if its commands are run now."""
    lines, code = [], 0
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        lines.append(f"$ {command}\n")
        if command == "echo $?":
            lines.append(f"{code}\n")
            continue
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        code = done.returncode
        told = done.stdout + done.stderr
        # A fence in what is printed must not end the block.
        lines.append(told.replace("```", "~~~"))
    return "".join(lines)


def masked(text: str) -> str:
    return re.sub(" +", " ", SECONDS.sub("0.1", text))


def test_the_walk(tmp_path: Path, update: bool) -> None:
    page = PAGE.read_text("utf-8")
    environment = repository(tmp_path, page)
    folder = tmp_path / "repository"
    now = BLOCK.sub(lambda found: replayed(found[0], folder, environment), page)
    if update and masked(now) != masked(page):
        PAGE.write_text(now, "utf-8")
    assert update or masked(now) == masked(page)


def test_the_page_tells_of_green_red_and_green_again() -> None:
    """What the walk is for, whatever the page may have been updated to."""
    page = PAGE.read_text("utf-8")
    assert re.findall(r"^\$ echo \$\?\n(\d+)$", page, re.M) == ["0", "12", "0"]
    assert "no_old_write_is_last" in page
    assert "sequenceDiagram" in page
