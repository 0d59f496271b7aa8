"""A solver's own process, which can be killed whatever it is doing."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import z3


class Child:
    """A process that serves at the other end of a connection, from when this is made to `kill`."""

    def __init__(self, serve: Callable[[Connection], None]) -> None:
        # A fresh interpreter, not a fork: it shares nothing with us, on any system.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=serve, args=(theirs,), daemon=True)
        with _deaf_to_interrupts():
            self._process.start()
        theirs.close()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()


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


def complaint(error: z3.Z3Exception) -> str:
    """What the solver says is wrong, in its own words."""
    return error.value if isinstance(error.value, str) else str(error.value, "utf-8")
