"""Where things stand in the user's repository: paths from its root, as every service wants them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from checker.gate.report import CheckReport, GateReport
from checker.ir.expr import Span

ENTRY = re.compile(r"^\s*\[\[\s*(?:tool\s*\.\s*splitbrain\s*\.\s*)?checks\s*\]\]")
NUMBER = re.compile(r"checks\]\] (\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A file, as a path from the root of the repository with `/`, and a line and column from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Repository:
    """The root, the folder of the declaration, its path and the lock's, the lines of its entries.

    What stands in no file of the repository (a spec that was installed with us) is placed at the
    entry that names it.
    """

    root: Path
    folder: Path
    declaration: str
    lock: str
    entries: tuple[int, ...]

    def place(self, span: Span, check: CheckReport) -> Place:
        """The place of a span."""
        file = Path(os.path.normpath(self.folder / span.file))
        if span.line < 1 or not file.is_relative_to(self.root):
            return self.entry(check)
        return Place(file.relative_to(self.root).as_posix(), span.line, span.column + 1)

    def entry(self, check: CheckReport) -> Place:
        """The place of the entry that declares a check."""
        found = NUMBER.search(check.place)
        number = int(found[1]) if found else 0
        line = self.entries[number - 1] if 0 < number <= len(self.entries) else 1
        return Place(self.declaration, line)


def repository(report: GateReport) -> Repository:
    """Look for the root: the nearest folder with `.git`, else that of the declaration."""
    folder = report.declaration.parent
    above = (one for one in (folder, *folder.parents) if (one / ".git").exists())
    root = next(above, folder)
    return Repository(
        root=root,
        folder=folder,
        declaration=report.declaration.relative_to(root).as_posix(),
        lock=report.lock.relative_to(root).as_posix(),
        entries=_entries(report.declaration),
    )


def _entries(file: Path) -> tuple[int, ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:  # read before, and gone since
        return ()
    return tuple(number for number, line in enumerate(lines, 1) if ENTRY.match(line))
