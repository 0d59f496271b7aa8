"""Checks run side by side, each in a process of its own, within the time and memory of all.

A check starts when there is a worker free and its memory is. One that ends without an answer, or
does not end when it must, is its own failure and no other's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Final

from checker.explicit.memory import available
from checker.gate.declaration import Bounds
from checker.gate.plan import Run
from checker.gate.process import Ended, Task
from checker.gate.report import Failure, ProofResult
from checker.gate.work import ToRun, do_run
from checker.result import ExitCode, Result

GRACE: Final = 20.0
"""Seconds beyond its time after which a check is ended: compiling asks no clock."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a check, and how long it took."""

    result: Result | ProofResult | Failure
    seconds: float


Note = Callable[[int, "Answer | None"], None]
"""Told the number of a check when it starts (`None`) and when it ends."""


@dataclass(frozen=True, slots=True)
class Room:
    """What all checks may use together: processes, bytes, and until when (on the clock)."""

    workers: int
    memory: int
    deadline: float | None

    def left(self) -> float | None:
        """Seconds until the deadline."""
        return None if self.deadline is None else self.deadline - time.monotonic()


def room(bounds: Bounds, workers: int | None, started: float) -> Room:
    """The room there is; what is not declared is what the machine has."""
    deadline = None if bounds.seconds is None else started + bounds.seconds
    count = os.cpu_count() or 1 if workers is None else workers
    return Room(count, available() if bounds.memory is None else bounds.memory, deadline)


def run_all(runs: Sequence[Run], shared: Room, folder: Path, note: Note) -> list[Answer]:
    """The answers, in the order of the runs. Ctrl-C, and the deadline, end what is still running.

    What did not come to an end has a `Failure` that is undetermined.
    """
    running = _Running(runs, shared, folder, note)
    try:
        while running.waiting or running.busy:
            running.start_some()
            running.end_some()
        reason = ""
    except KeyboardInterrupt:
        reason = "interrupted"
    except _OutOfTime:
        reason = "the time of the whole gate was up (timeout)"
    finally:
        running.kill()
    return [
        running.answers.get(number) or _unfinished(reason, running.seconds_of(number))
        for number in range(len(runs))
    ]


def _unfinished(reason: str, seconds: float | None) -> Answer:
    told = "not run" if seconds is None else "stopped"
    return Answer(Failure(f"{told}: {reason}", ExitCode.UNDETERMINED), seconds or 0.0)


class _OutOfTime(Exception):
    """The deadline of the whole gate has passed."""


@dataclass(frozen=True, slots=True)
class _Busy:
    """A check that is running; `deadline` is when it is ended, whatever it is doing."""

    number: int
    task: Task
    memory: int
    started: float
    deadline: float | None


@dataclass(slots=True)
class _Running:
    """What is waiting, running and done: the one mutable thing."""

    runs: Sequence[Run]
    room: Room
    folder: Path
    note: Note
    waiting: list[int] = field(default_factory=list)
    busy: dict[Any, _Busy] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)
    started: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.waiting = list(range(len(self.runs)))

    def start_some(self) -> None:
        """Start checks in order, as long as there is room; one that is alone always has it."""
        while self.waiting and len(self.busy) < self.room.workers:
            number = self.waiting[0]
            memory = self._memory(self.runs[number])
            used = sum(one.memory for one in self.busy.values())
            if self.busy and used + memory > self.room.memory:
                return
            del self.waiting[0]
            self._start(number, memory)

    def _memory(self, run: Run) -> int:
        share = max(1, self.room.memory // self.room.workers)
        wanted = share if run.check.bounds.memory is None else run.check.bounds.memory
        return min(wanted, self.room.memory)

    def _start(self, number: int, memory: int) -> None:
        own, left = self.runs[number].check.bounds, self.room.left()
        seconds = [limit for limit in (own.seconds, left) if limit is not None]
        if left is not None and left <= 0:
            raise _OutOfTime
        bounds = replace(own, memory=memory, seconds=min(seconds, default=None))
        now = time.monotonic()
        self.note(number, None)
        self.started[number] = now
        task = Task(do_run, ToRun(self.runs[number], bounds), self.folder)
        # A proof heeds no time of its own: its questions do. So the end is kept from here.
        patience = 0.0 if self.runs[number].check.engine == "prove" else GRACE
        deadline = None if own.seconds is None else now + own.seconds + patience
        self.busy[task.connection] = _Busy(number, task, memory, now, deadline)

    def end_some(self) -> None:
        """Wait until something happens: an answer, or a time that is up."""
        for ready in wait(list(self.busy), self._patience()):
            one = self.busy.pop(ready)
            answer = one.task.answer()
            if isinstance(answer, Ended):
                answer = Failure(f"error: {answer.reason}", ExitCode.FAILED)
            self._end(one, answer)
        now = time.monotonic()
        for connection, one in list(self.busy.items()):
            if one.deadline is not None and now >= one.deadline:
                del self.busy[connection]
                one.task.kill()
                self._end(one, Failure("stopped at its timeout", ExitCode.UNDETERMINED))
        left = self.room.left()
        if left is not None and left + GRACE / 4 <= 0 and (self.busy or self.waiting):
            raise _OutOfTime

    def _patience(self) -> float | None:
        ends = [one.deadline for one in self.busy.values() if one.deadline is not None]
        if self.room.deadline is not None:
            ends.append(self.room.deadline + GRACE / 4)
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _end(self, one: _Busy, result: Result | ProofResult | Failure) -> None:
        answer = Answer(result, time.monotonic() - one.started)
        self.answers[one.number] = answer
        self.note(one.number, answer)

    def seconds_of(self, number: int) -> float | None:
        """How long an unfinished check has run, or `None` if it was never started."""
        started = self.started.get(number)
        return None if started is None else time.monotonic() - started

    def kill(self) -> None:
        """End everything that is still running."""
        for one in self.busy.values():
            one.task.kill()
        self.busy.clear()
