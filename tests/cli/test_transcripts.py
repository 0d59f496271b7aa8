"""Commands and what they print, as documentation that cannot be wrong.

A block that begins with ```console holds commands after `$ `, each followed by what it prints
(standard output, then standard error). `$ echo $?` asks for the exit code of the command before.
Times are not compared. `pytest --update` rewrites the blocks of a page that is out of date.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "docs" / "CLI.md",
    *sorted(Path(__file__).with_name("transcripts").glob("*.md")),
]

Splitbrain = Callable[..., Any]

BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.M | re.S)
MASKS = (
    (re.compile(r"\d+\.\d\d s"), "0.01 s"),
    (re.compile(r"\+\d+\.\d s"), "+0.1 s"),
    (re.compile(r"(?<= )\d+\.\d\d(?=  )"), "0.01"),
    (re.compile(r'("(?:compile|search|total)": )[\d.e-]+'), r"\g<1>0.01"),
    (re.compile(r"z3 \d+(\.\d+)+"), "z3 4.0.0"),
    (re.compile(r'("peak_memory_bytes": )\d+'), r"\g<1>65692"),
)


def masked(text: str) -> str:
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def replayed(block: str, splitbrain: Splitbrain, folder: Path) -> str:
    """The block as it is if the commands are run now."""
    lines, code = [], 0
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        lines.append(f"$ {command}\n")
        match shlex.split(command):
            case ["splitbrain", *arguments]:
                done = splitbrain(*arguments)
                code = done.exit
                lines.append(done.out + done.err)
            case ["echo", "$?"]:
                lines.append(f"{code}\n")
            case ["cat", path]:
                lines.append((folder / path).read_text("utf-8"))
            case ["ls", path]:
                names = sorted(found.name for found in (folder / path).iterdir())
                lines.append("".join(f"{name}\n" for name in names))
            case _:
                pytest.fail(f"not a command for a transcript: {command}")
    return "".join(lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_transcript(page: Path, splitbrain: Splitbrain, folder: Path, update: bool) -> None:
    text = page.read_text("utf-8")
    assert BLOCK.search(text), f"{page} shows no command"
    now = BLOCK.sub(lambda found: replayed(found[0], splitbrain, folder), text)
    same = masked(now) == masked(text)
    if update and not same:
        page.write_text(now, "utf-8")
    assert same or update


def test_masks_leave_no_time() -> None:
    assert masked("  0.31 s (+0.4 s compile)") == "  0.01 s (+0.1 s compile)"
    assert masked('"compile": 1.5e-05,') == '"compile": 0.01,'
