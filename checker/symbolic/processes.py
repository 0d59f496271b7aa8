"""A solver's own process, which can be killed whatever it is doing."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection

import z3

from checker.processes import CONTEXT, started


class Child:
    """A process that serves at the other end of a connection, from when this is made to `kill`."""

    def __init__(self, serve: Callable[[Connection], None]) -> None:
        self.connection, theirs = CONTEXT.Pipe()
        self._process = started(serve, (theirs,), daemon=True)
        theirs.close()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def complaint(error: z3.Z3Exception) -> str:
    """What the solver says is wrong, in its own words."""
    return error.value if isinstance(error.value, str) else str(error.value, "utf-8")
