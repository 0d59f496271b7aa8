"""A first declaration, written from the specs that there are and what they take to check.

Every bound in it was tried: what is in the quick profile ended within seconds here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checker.check import Options, check
from checker.explicit.outcome import Limits
from checker.gate.imports import patient
from checker.gate.judge import judge
from checker.gate.process import Ended, Task
from checker.gate.report import Expected, Failure
from checker.gate.work import guarded
from checker.lang.load import load, specs_in
from checker.result import Result

QUICK_SECONDS: Final = 3.0
FULL_SECONDS: Final = 20.0
MOST_TRIES: Final = 12
QUICK_GATE: Final = 600
FULL_CHECK: Final = 3600
IMPORTS: Final = r"^\s*(?:from|import) (?:checker|specs)\b"
"""A spec has `Spec` from us, or is built on one of our specs."""
SKIPPED: Final = {"node_modules", "site-packages", "venv", "env", "build", "dist", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Tried:
    """One scope of a spec, searched with a limit of time; `faults` are what would be red."""

    scope: Mapping[str, int]
    complete: bool
    states: int
    seconds: float
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A spec in its own scope, and in the largest smaller one that ends within seconds, if any."""

    spec: str
    full: Tried
    quick: Tried | None

    @property
    def is_red(self) -> bool:
        """Whether the gate would be red."""
        return bool(self.full.faults or (self.quick is not None and self.quick.faults))


Found = Sequence["Measured | tuple[str, str]"]
"""What was measured; of a file that cannot be used its name and why."""


def candidates(root: Path) -> list[str]:
    """The Python files below a folder that may have specs, in alphabetical order."""
    return sorted(path.relative_to(root).as_posix() for path in _files(root) if _speaks(path))


def _files(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        below[:] = [one for one in below if one not in SKIPPED and not one.startswith(".")]
        # Tests import specs, too, and to import them may do anything.
        own = (one for one in names if not one.startswith(("test_", "conftest")))
        yield from (Path(folder) / name for name in own if name.endswith(".py"))


def _speaks(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return re.search(IMPORTS, text, re.M) is not None and "class " in text


def measure_all(root: Path, files: Sequence[str]) -> list[Measured | tuple[str, str]]:
    """Measure every spec in the files, one process for each file."""
    found: list[Measured | tuple[str, str]] = []
    for file in files:
        task = Task(measure_file, file, root)
        try:
            answer = task.answer()
        except KeyboardInterrupt:
            task.kill()
            raise
        if isinstance(answer, Ended):
            found.append((file, answer.reason))
        elif isinstance(answer, Failure):
            found.append((file, answer.message))
        else:
            found += answer
    return found


def measure_file(file: str) -> list[Measured] | Failure:
    """Measure the specs of one file; this is what its process does."""
    return guarded(lambda: _measure_file(file))


def _measure_file(file: str) -> list[Measured]:
    with patient(None):
        names = specs_in(file)
    specs = [f"{file}:{name}" for name in names] if len(names) > 1 else [file] * len(names)
    return [_measure(spec) for spec in specs]


def _measure(spec: str) -> Measured:
    full = _try(spec, {}, QUICK_SECONDS)
    if full.complete:
        return Measured(spec, full, full)
    scope, quick = dict(full.scope), None
    for _ in range(MOST_TRIES):
        largest = max(scope, key=lambda name: scope[name], default=None)
        if largest is None or scope[largest] <= 1:
            break
        scope[largest] -= 1
        tried = _try(spec, scope, QUICK_SECONDS)
        if tried.complete:
            quick = tried
            break
    return Measured(spec, _try(spec, {}, FULL_SECONDS), quick)


def _try(spec: str, scope: Mapping[str, int], seconds: float) -> Tried:
    result = check(load(spec), {}, scope, Options(limits=Limits(seconds=seconds)))
    ended = result.complete or result.stop == "finding"
    faults = judge(Expected(), result).messages if ended else ()
    return Tried(
        dict(result.scope), ended, result.states, result.seconds.total, _told(result, faults)
    )


def _told(result: Result, faults: tuple[str, ...]) -> tuple[str, ...]:
    return faults if result.properties else ("it has no properties: nothing would be judged",)


def declaration_text(found: Sequence[Measured]) -> str:
    """The declaration as TOML."""
    lines = [
        "# What `splitbrain gate` checks: the profile quick with each change, full every night.",
        "",
        "[gate]",
        f"timeout = {QUICK_GATE}  # seconds, for all checks of a profile together",
    ]
    if any(one.quick is not one.full for one in found):
        lines[-1] = f"timeout = {FULL_CHECK}  # seconds, for all checks of a profile together"
    for one in found:
        if one.quick is one.full:
            lines += _entry(one.spec, None, one.full, None)
            continue
        if one.quick is not None:
            lines += _entry(one.spec, f"{one.spec}, small", one.quick, "quick")
        lines += _entry(one.spec, one.spec, one.full, "full")
    return "\n".join(lines) + "\n"


def _entry(spec: str, name: str | None, tried: Tried, profile: str | None) -> Iterator[str]:
    yield from ("", "[[checks]]")
    if name is not None:
        yield f"name = {_quoted(name)}"
    yield f"spec = {_quoted(spec)}"
    if tried.scope:
        bounds = ", ".join(f"{bound} = {size}" for bound, size in tried.scope.items())
        yield f"scope = {{ {bounds} }}  # {_taken(tried)}"
    else:
        yield f"# {_taken(tried)}"
    if profile is not None:
        yield f"profiles = [{_quoted(profile)}]"
    for fault in tried.faults:
        yield f"# red today: {' '.join(fault.split())}"


def _quoted(text: str) -> str:
    """A text as TOML has it; JSON's strings are such ones, too."""
    return json.dumps(text, ensure_ascii=False)


def _taken(tried: Tried) -> str:
    states = f"{tried.states:,} {'state' if tried.states == 1 else 'states'}"
    if tried.complete:
        return f"{states}, {tried.seconds:.1f} s"
    return f"not complete after {states} and {tried.seconds:.0f} s"
