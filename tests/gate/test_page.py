"""`docs/GATE.md`, played from its first block to its last in a repository of its own.

A TOML block is the declaration, a diff is applied to the spec, the commands are run.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "GATE.md"
BLOCK = re.compile(r"^```(toml|diff|console)\n(.*?)(?=^```$)", re.M | re.S)
TIME = re.compile(r" +\d+\.\d s\b")


def masked(text: str) -> str:
    """Without times, and without what they make of the breaks between lines."""
    return re.sub(r"\s+", " ", TIME.sub(" 0.1 s", text))


@pytest.mark.nightly
def test_the_page_shows_what_is_printed(repository: Any, update: bool) -> None:
    shutil.copy(ROOT / "tests/cli/specs/acks.py", repository.folder / "specs/acks.py")
    text = PAGE.read_text("utf-8")
    now = BLOCK.sub(lambda found: f"```{found[1]}\n{played(repository, found)}", text)
    if update and masked(now) != masked(text):
        PAGE.write_text(now, "utf-8")
    assert update or masked(now) == masked(text)


def played(repository: Any, block: re.Match[str]) -> str:
    """The block as it is if it is played now."""
    match block[1]:
        case "toml":
            repository.declare(block[2])
        case "diff":
            lines = block[2].splitlines()
            for before, after in zip(lines[::2], lines[1::2], strict=True):
                assert (before[0], after[0]) == ("-", "+")
                repository.change(before[1:], after[1:], "specs/acks.py")
        case _:
            return commands(repository, block[2])
    return block[2]


def commands(repository: Any, block: str) -> str:
    lines, code = [], 0
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        lines.append(f"$ {command}\n")
        if command == "echo $?":
            lines.append(f"{code}\n")
            continue
        done = repository.run(*command.split()[1:])
        code = done.exit
        lines.append(done.out + done.err)
    return "".join(lines)
