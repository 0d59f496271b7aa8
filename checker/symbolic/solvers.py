"""Several solvers at once, each in a process that is killed if it does not keep to its time."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Final, TypeVar

from checker.symbolic.processes import Child
from checker.symbolic.query import Answer, GaveUp, Query
from checker.symbolic.worker import serve

GRACE: Final = 5.0
"""Seconds that a solver may take beyond its time before it is killed."""

K = TypeVar("K")


class Solvers:
    """Owns its processes; `with` ends them. No query runs longer than it may, whatever happens."""

    def __init__(self, workers: int) -> None:
        self._workers = max(1, workers)
        self._idle: list[_Solver] = []
        self._busy: dict[Connection, _Solver] = {}

    def __enter__(self) -> Solvers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for solver in [*self._idle, *self._busy.values()]:
            solver.kill()

    def answers(self, queries: Mapping[K, Query]) -> Generator[tuple[K, Answer]]:
        """The answer to each query, in the order in which they come in.

        Whoever wants no more of them closes this: what is still asked is not answered any more.
        """
        waiting = list(queries.items())[::-1]
        try:
            while waiting or self._busy:
                while waiting and len(self._busy) < self._workers:
                    key, query = waiting.pop()
                    solver = self._idle.pop() if self._idle else _Solver()
                    solver.ask(key, query)
                    self._busy[solver.connection] = solver
                yield from self._finished()
        finally:
            for solver in self._busy.values():
                solver.kill()
            self._busy.clear()

    def _finished(self) -> Iterator[tuple[Any, Answer]]:
        """Wait until something happens: an answer, or a time that is up."""
        earliest = min(solver.deadline for solver in self._busy.values())
        for ready in wait(list(self._busy), max(0.0, earliest - time.monotonic())):
            assert isinstance(ready, Connection)
            solver = self._busy.pop(ready)
            try:
                answer: Answer = solver.connection.recv()
                self._idle.append(solver)
            except (EOFError, OSError):
                solver.kill()
                answer = GaveUp("the solver's process ended")
            yield solver.key, answer
        for solver in list(self._busy.values()):
            if time.monotonic() >= solver.deadline:
                del self._busy[solver.connection]
                solver.kill()
                yield solver.key, GaveUp("timeout")


class _Solver:
    """A process with a solver, and what it was asked last."""

    def __init__(self) -> None:
        self._child = Child(serve)
        self.connection = self._child.connection
        self.key: Any = None
        self.deadline = 0.0

    def ask(self, key: Any, query: Query) -> None:
        """Send a query, and remember when its time will be up."""
        self.key = key
        self.deadline = time.monotonic() + query.seconds + GRACE
        # A process that has ended already shows when its answer is waited for.
        with suppress(OSError):
            self.connection.send(query)

    def kill(self) -> None:
        """End the process at once."""
        self._child.kill()
