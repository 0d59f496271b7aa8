"""One task in a process of its own, which may crash, hang or run out of memory without harm.

A task is a function of a module and its argument; its answer is sent back. Whatever the user's
code prints goes to standard error.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from checker.processes import CONTEXT, started


@dataclass(frozen=True, slots=True)
class Ended:
    """The process ended without an answer; `reason` is a sentence."""

    reason: str


class Task:
    """Owns a process that runs `function(argument)` in a folder, from when this is made."""

    def __init__(self, function: Callable[[Any], Any], argument: Any, folder: Path) -> None:
        self.connection, theirs = CONTEXT.Pipe(duplex=False)
        # Not a daemon: a check may start solvers.
        self._process = started(_serve, (theirs, function, argument, str(folder)), daemon=False)
        theirs.close()

    def answer(self) -> Any:
        """What the function returned, or `Ended`; waits for it."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            answer = None
        self._process.join()
        self.connection.close()
        return Ended(_reason(self._process.exitcode)) if answer is None else answer

    def kill(self) -> None:
        """End the process, and all that it started, at once."""
        pid = self._process.pid
        if pid is not None and hasattr(os, "killpg"):
            # It leads a group of its own, unless it had no time yet to become a leader.
            with suppress(OSError):
                if os.getpgid(pid) == pid:
                    os.killpg(pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self.connection.close()


def _reason(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        hint = "; max_memory limits what a check may use" if name == "SIGKILL" else ""
        return f"its process was ended by {name}{hint}"
    return f"its process ended with exit code {code}, and no answer"


def _serve(
    connection: Connection, function: Callable[[Any], Any], argument: Any, folder: str
) -> None:
    """Run in the child. Ctrl-C is for the parent; without a parent there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.chdir(folder)
    os.dup2(2, 1)
    connection.send(function(argument))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGKILL)
        os._exit(1)
