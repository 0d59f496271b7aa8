"""Run a command and see, from outside, what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# A peak of resident memory is reported in bytes by macOS and in kibibytes elsewhere.
UNIT = 1 if os.uname().sysname == "Darwin" else 1024


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, with what it changes in the environment."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """What a command printed and took. `peak_memory` is in bytes."""

    exit: int
    output: str
    errors: str
    seconds: float
    peak_memory: int


def run(command: Command, folder: Path) -> Run:
    """Run a command to its end in `folder`."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            cwd=folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        # `wait4` took the process away: Popen must not wait for it again.
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        return Run(
            exit=process.returncode,
            output=output.read().decode(errors="replace"),
            errors=errors.read().decode(errors="replace"),
            seconds=seconds,
            peak_memory=usage.ru_maxrss * UNIT,
        )


def told(command: str, make: Callable[[Path], T], words: Callable[[T], str]) -> T | None:
    """Say what is made, make it in a folder of its own, say what came out; `None` if it failed."""
    print(command, file=sys.stderr)
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = make(Path(folder))
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return None
    print(f"  {words(made)}", file=sys.stderr)
    return made


def build(folder: Path, *commands: Sequence[str]) -> None:
    """Run the commands that make a program; `RuntimeError` with their words if one fails."""
    for arguments in commands:
        done = run(Command(tuple(arguments)), folder)
        if done.exit != 0:
            raise RuntimeError(f"{' '.join(arguments)}\n{done.output}{done.errors}")
