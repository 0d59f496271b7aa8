"""The one live line on standard error while a search runs."""

from __future__ import annotations

import shutil
import sys
from types import TracebackType
from typing import TextIO

from checker.explicit.outcome import Progress

ERASE = "\r\x1b[2K"


def short(number: float) -> str:
    """A count for a line that must fit 80 characters: `13.3 M`; exact below a million."""
    return f"{number:,.0f}" if number < 1e6 else f"{number / 1e6:,.1f} M"


def size(memory: float) -> str:
    """A number of bytes for a reader: `1.5 GB`."""
    for unit in ("B", "kB", "MB"):
        if memory < 999.5:
            return f"{memory:.0f} {unit}"
        memory /= 1000
    return f"{memory:.1f} GB"


def line(now: Progress, rate: float) -> str:
    """Where the search stands, in one line."""
    return (
        f"level {now.level:,}  states {short(now.states)}  generated {short(now.generated)}  "
        f"frontier {short(now.frontier)}  {short(rate)}/s  {size(now.memory)}"
    )


class LiveLine:
    """Shows progress on a terminal, and erases it at the end; elsewhere it stays silent.

    With a label, it says what is being searched before there is any progress.
    """

    def __init__(self, wanted: bool, stream: TextIO | None = None, label: str = "") -> None:
        self._stream = sys.stderr if stream is None else stream
        self._shows = wanted and self._stream.isatty()
        self._last: Progress | None = None
        self._label = label

    def __enter__(self) -> LiveLine:
        if self._shows and self._label:
            self._show(self._label)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._last is not None or (self._shows and self._label):
            self._write(ERASE)

    def __call__(self, now: Progress) -> None:
        """Show where the search stands."""
        if not self._shows:
            return
        before = f"{self._label}  " if self._label else ""
        self._show(before + line(now, self._rate(now)))
        self._last = now

    def note(self, text: str) -> None:
        """Show a line of any kind; erased at the end if there is a label."""
        if self._shows:
            self._show(text)

    def _show(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._write(ERASE + text[:width])

    def _rate(self, now: Progress) -> float:
        """States a second since the line was last shown."""
        last = self._last
        if last is None or now.seconds <= last.seconds or now.states < last.states:
            return now.states / now.seconds if now.seconds > 0 else 0.0
        return (now.states - last.states) / (now.seconds - last.seconds)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            # A terminal that went away is no reason to lose the search.
            self._shows = False
