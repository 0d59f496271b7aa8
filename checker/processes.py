"""Processes of our own: fresh interpreters, which import our packages and hear no Ctrl-C."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

OURS: Final = str(Path(__file__).resolve().parents[1])
"""The folder that holds our packages; a user may have some of the same names."""

CONTEXT: Final = multiprocessing.get_context("spawn")
"""A fresh interpreter, not a fork: it shares nothing with us, on any system."""


def started(target: Callable[..., None], arguments: tuple[Any, ...], daemon: bool) -> BaseProcess:
    """A process that runs the function from now on; with `daemon` it may start none itself."""
    process = CONTEXT.Process(target=target, args=arguments, daemon=daemon)
    with _ours_first(), _deaf_to_interrupts():
        process.start()
    return process


@contextmanager
def _ours_first() -> Iterator[None]:
    """A process started here imports our packages, whatever the current folder holds."""
    before = list(sys.path)
    sys.path.insert(0, OURS)
    try:
        yield
    finally:
        sys.path[:] = before


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A process started here hears no Ctrl-C from its first moment: the parent ends it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
