"""Files that a command writes: whole, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from checker.lang.errors import ToolError


def write_whole(path: Path, content: str) -> None:
    """Write a text, and its folder if there is none; raises `ToolError` if that fails."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(content, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ToolError(f"cannot write {path}: {error.strerror or error}") from error
