"""Specs read one after the other in one process: each with its own helpers, and none for ever."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

PATIENCE: Final = 60.0
"""Seconds after which a file is taken to hang while it is imported."""


@contextmanager
def apart() -> Iterator[None]:
    """Modules that a spec imports from its own folder are forgotten in the end, as is the folder.

    The next spec may have a file of the same name beside it, and must not be given this one.
    """
    path, known = list(sys.path), frozenset(sys.modules)
    try:
        yield
    finally:
        folders = {Path(folder) for folder in sys.path if folder not in path}
        sys.path[:] = path
        new = [name for name in sys.modules if name not in known]
        theirs = {name for name in new if "." not in name and homes(name) & folders}
        for name in new:
            if name.partition(".")[0] in theirs:
                del sys.modules[name]


def homes(name: str) -> set[Path]:
    """The folders in which a module without a dot was found; more than one for a split package."""
    module = sys.modules[name]
    places = list(getattr(module, "__path__", ())) or [getattr(module, "__file__", None)]
    return {Path(place).parent for place in places if isinstance(place, str)}


@contextmanager
def patient(seconds: float | None) -> Iterator[None]:
    """Raises `TimeoutError` in what takes longer than this, or than our patience.

    It is told where the file stands still, as any error of an import. On a system without such a
    clock nothing is raised: the time of the whole gate ends it.
    """
    allowed = PATIENCE if seconds is None else min(seconds, PATIENCE)
    if not hasattr(signal, "setitimer"):
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"the import did not end within {allowed:g} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, allowed)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
