"""Whether a spec is given the modules that stand beside it, or others of the same name.

All specs and tests share the modules of one pytest; the gate reads each spec apart from the others.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from checker.gate.imports import homes
from splitbrain import OURS


def mistaken(spec: Path, root: Path) -> tuple[str, Path] | None:
    """A name that a loaded spec imports, though it stands beside it, from elsewhere below `root`.

    With the folder it came from. What is installed is meant by whoever shadows it.
    """
    folder = spec.resolve().parent
    for name in _imported(spec, folder):
        if name in sys.modules and name not in OURS:
            found = {home.resolve() for home in homes(name)}
            for other in sorted(found):
                if folder not in found and _is_theirs(other, root.resolve()):
                    return name, other
    return None


def _is_theirs(folder: Path, root: Path) -> bool:
    return folder.is_relative_to(root) and "site-packages" not in folder.parts


def _imported(spec: Path, folder: Path) -> Iterator[str]:
    """The modules beside a spec that it imports, and those that these import."""
    waiting, met = [spec], set[str]()
    while waiting:
        for name in _names(waiting.pop()):
            files = [folder / f"{name}.py", *sorted((folder / name).rglob("*.py"))]
            beside = [file for file in files if file.is_file()]
            if beside and name not in met:
                met.add(name)
                waiting += beside
                yield name


def _names(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):  # it cannot have been imported
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]
