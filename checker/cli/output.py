"""Printing: one place for standard output, its colours and width, and what may go wrong with it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any, Final, TextIO

from checker.lang.errors import ToolError
from counterexamples.paint import Paint

WIDTH_IN_A_PIPE = 100
NARROWEST = 40
WIDEST = 160

PLAIN: Final = {
    "✓": "ok",
    "✗": "NO",
    "⟨": "<",
    "⟩": ">",
    "→": "->",
    "−": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "…": "...",
}
"""How to write our signs where there are only the letters of ASCII."""


def say(lines: Iterable[str]) -> None:
    """Print lines on standard output; a reader who went away (a closed pipe) is no error."""
    _write("".join(line + "\n" for line in lines))


def say_json(document: Any) -> None:
    """Print one JSON object on standard output."""
    _write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _write(text: str) -> None:
    stream = sys.stdout
    try:
        stream.write(_encodable(text, stream))
        stream.flush()
    except BrokenPipeError:
        _abandon(stream)
    except OSError as error:
        _abandon(stream)
        reason = error.strerror or str(error)
        raise ToolError(f"cannot write to standard output: {reason}") from error


def complain(message: str) -> None:
    """Print a message on standard error; if nobody can read it, so be it."""
    try:
        sys.stderr.write(_encodable(message, sys.stderr) + "\n")
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)


def _encodable(text: str, stream: TextIO) -> str:
    """The text, spelled in plain letters if the stream's encoding has no others."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = "".join(PLAIN.get(letter, letter) for letter in text)
    return text.encode(encoding, "replace").decode(encoding)


def _abandon(stream: TextIO) -> None:
    """Send the rest nowhere, so that Python does not fail again when it flushes at the end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        return


def paint(no_colour: bool) -> Paint:
    """Colour on a terminal, unless the user or the terminal does not want it."""
    wanted = not no_colour and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Paint(wanted and sys.stdout.isatty())


def width() -> int:
    """The characters that fit a line."""
    columns = shutil.get_terminal_size((WIDTH_IN_A_PIPE, 24)).columns
    return min(max(columns, NARROWEST), WIDEST)
