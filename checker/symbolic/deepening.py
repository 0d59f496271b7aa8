"""Longer and longer paths: the solver's process asked, step by step, until there is an end to it.

The process is killed when the time is up, or when the user interrupts; what was found stays found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Final

from checker.symbolic.bounded import Found, Matter, Relation, Target
from checker.symbolic.processes import Child
from checker.symbolic.query import Answer, GaveUp, Impossible, Possible
from checker.symbolic.unrolling import Ask, Longer, Problem, Request, serve

GONE: Final = "the solver's process ended"

Progress = Callable[[int], None]
"""Called with the number of steps that is asked about now."""


class End(Enum):
    """Why no longer paths were asked about."""

    FINDING = "finding"
    """Something was found, or all that there is to find."""
    DEPTH = "depth"
    """The paths are as long as was wanted."""
    NO_LONGER_PATH = "no longer path"
    """There are no longer paths."""
    TIMEOUT = "timeout"
    INTERRUPT = "interrupt"
    MEMORY = "memory"
    SOLVER = "solver"
    """The solver gave up, for another reason."""


@dataclass(frozen=True, slots=True)
class Deepened:
    """What was found, each on a shortest path. Up to `level` steps there is nothing else.

    `level` is `None` if not even the initial state was judged; `reason` are a solver's own words.
    """

    found: Mapping[Target, Found]
    level: int | None
    end: End
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far to go: steps, the clock's time at which to stop, the memory of the solver."""

    depth: int
    deadline: float | None
    megabytes: int


def deepen(
    relation: Relation, bounds: Bounds, go_on: bool, progress: Progress | None = None
) -> Deepened:
    """Ask about paths of 0 steps, 1 step and so on, up to the depth.

    A finding stops it once all is asked of paths as long, unless it is to go on. Raises
    `SolverDisagrees`.
    """
    search = _Deepening(relation, bounds, go_on, progress)
    try:
        with _Solver(bounds.deadline) as solver:
            solver.tell(relation.problem(bounds.megabytes))
            end = search.run(solver)
    except KeyboardInterrupt:
        end = End.INTERRUPT
    except _TimeIsUp:
        end = End.TIMEOUT
    except _GivesUp as gives_up:
        reason = str(gives_up)
        end = End.MEMORY if "memory" in reason else End.SOLVER
        return Deepened(search.found, search.level, end, reason)
    return Deepened(search.found, search.level, end)


class _TimeIsUp(Exception):
    """The deadline passed."""


class _GivesUp(Exception):
    """The solver does not know, in its own words."""


@dataclass(slots=True)
class _Deepening:
    """What was found so far: the one mutable thing."""

    relation: Relation
    bounds: Bounds
    go_on: bool
    progress: Progress | None
    level: int | None = None
    found: dict[Target, Found] = field(default_factory=dict)

    def run(self, solver: _Solver) -> End:
        """Longer and longer paths; why no longer ones."""
        for steps in range(self.bounds.depth + 1):
            if self.progress is not None:
                self.progress(steps)
            if not self._paths(solver, steps):
                return End.NO_LONGER_PATH
            self.level = steps
            failed = any(target.matter is not Matter.REACHED for target in self.found)
            if (failed and not self.go_on) or len(self.found) == len(self.relation.targets):
                return End.FINDING
        return End.DEPTH

    def _paths(self, solver: _Solver, steps: int) -> bool:
        """Ask all about paths of so many steps; whether there are any."""
        if steps > 0:
            # An undefined step leads nowhere: it is asked about before there is a next state.
            self._ask(solver, steps, (t for t in self._open() if t.judged is None))
            if isinstance(solver.ask(Longer()), Impossible):
                return False
        judging = (t for t in self._open() if t.judged is not None and t.of_step <= steps)
        self._ask(solver, steps, judging)
        return True

    def _open(self) -> list[Target]:
        return [target for target in self.relation.targets if target not in self.found]

    def _ask(self, solver: _Solver, steps: int, targets: Iterable[Target]) -> None:
        for target in targets:
            answer = solver.ask(Ask(target.name, steps - target.of_step, steps))
            if isinstance(answer, Possible):
                self.found[target] = self.relation.found(target, steps, answer.values)


class _Solver:
    """The solver, in its process; `with` ends it."""

    def __init__(self, deadline: float | None) -> None:
        self._deadline = deadline
        self._ended: _TimeIsUp | _GivesUp | None = None
        self._child = Child(serve)
        self._connection = self._child.connection

    def __enter__(self) -> _Solver:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._child.kill()

    def tell(self, problem: Problem) -> None:
        """What all questions are about. It is sent to one who listens: sending has no deadline."""
        self._receive()
        self._send(problem)

    def ask(self, request: Longer | Ask) -> Possible | Impossible:
        """The answer; of several paths the first, or any if there is no way to find that."""
        self._send(request)
        answer = self._receive()
        if isinstance(answer, GaveUp):
            raise _GivesUp(answer.reason)
        if isinstance(request, Ask) and isinstance(answer, Possible):
            try:
                first = self._receive()
            except (_TimeIsUp, _GivesUp) as error:
                self._ended = error
                return answer
            return first if isinstance(first, Possible) else answer
        return answer

    def _send(self, request: Request) -> None:
        if self._ended is not None:
            raise self._ended
        try:
            self._connection.send(request)
        except OSError:
            raise _GivesUp(GONE) from None

    def _receive(self) -> Answer:
        left = None if self._deadline is None else max(0.0, self._deadline - time.perf_counter())
        if not self._connection.poll(left):
            raise _TimeIsUp
        try:
            answer: Answer = self._connection.recv()
        except (EOFError, OSError):
            raise _GivesUp(GONE) from None
        return answer
