"""Exhaustive breadth-first search, level by level: `semantics.reference` at machine speed.

The loop is the same sentence as there: expand the frontier, keep what is new, judge it. Here a
frontier is a range of indexes, and it is expanded in chunks that fit the processor's cache.
*Expand* and *absorb* are separate, and every state has an owner by its hash: more workers, here or
elsewhere, will run the same two functions.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from checker.explicit.digest import GraphDigest
from checker.explicit.distinct import OutOfRoom
from checker.explicit.engine import Engine, Spoken
from checker.explicit.machine_code import ObjectCache
from checker.explicit.memory import Buffer, available
from checker.explicit.outcome import (
    Finding,
    FindingKind,
    Limits,
    Outcome,
    Progress,
    ProgressCallback,
    Stop,
)
from checker.explicit.store import NO_PARENT, Store
from checker.ground.model import GroundModel
from checker.ir.model import PropertyKind
from checker.ir.values import State

CHUNK_STATES = 1 << 13
PROGRESS_SECONDS = 0.1
NO_LIMITS = Limits()


def explore(
    ground: GroundModel,
    initial: Sequence[State],
    limits: Limits = NO_LIMITS,
    stop_at_finding: bool = True,
    deadlock: bool = False,
    progress: ProgressCallback | None = None,
    cache: ObjectCache | None = None,
    fold: bool | None = None,
    digest: bool = False,
) -> Outcome:
    """Search all states reachable from `initial`, unless a limit or a finding stops it.

    A level is finished before the search stops for a finding, so the counts depend on nothing but
    the model. Ctrl-C stops the search like a limit; a second one interrupts the program. Whether
    states are kept folded is for `layout` to decide, unless `fold` says so. With `digest` the
    outcome has a digest of the states and steps found.
    """
    started = time.perf_counter()
    engine = Engine(ground, cache, fold)
    compiled = time.perf_counter()
    memory = available() if limits.memory is None else limits.memory
    store = Store(engine.code, engine.layout, len(ground.steps), memory)
    search = _Search(engine, store, limits, stop_at_finding, deadlock, progress, started)
    search.digest = GraphDigest(engine, cache) if digest else None
    try:
        with _interrupt_sets(search):
            search.run(initial)
        return search.outcome(compiled - started, time.perf_counter() - compiled)
    finally:
        if search.digest is not None:
            search.digest.close()
        store.close()
        engine.close()


@contextmanager
def _interrupt_sets(search: _Search) -> Iterator[None]:
    """Let Ctrl-C be noticed between two chunks, where every count is consistent."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def interrupted(*_: object) -> None:
        search.interrupted = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass(slots=True)
class _Search:
    """The one mutable thing: where the search stands."""

    engine: Engine
    store: Store
    limits: Limits
    stop_at_finding: bool
    deadlock: bool
    progress: ProgressCallback | None
    started: float
    interrupted: bool = False
    level: int = 0
    generated: int = 0
    stop: Stop | None = None
    complete: bool = False
    findings: list[Finding] = field(default_factory=list)
    decided: set[tuple[str, bool]] = field(default_factory=set)
    shown: float = 0.0
    digest: GraphDigest | None = None

    def run(self, initial: Sequence[State]) -> None:
        """Level by level, until nothing is new or something stops the search."""
        try:
            self._run(initial)
        except OutOfRoom:
            self.stop = Stop.MEMORY

    def _run(self, initial: Sequence[State]) -> None:
        self._begin(initial)
        first = 0
        while self.stop is None:
            last = self.store.size
            self._level(first, last)
            if self.stop is not None:
                return
            # A finding in the last level of all still leaves the search complete.
            self.complete = self.store.size == last
            if self.complete:
                return
            self.level += 1
            first = last
            if self._found_fault() and self.stop_at_finding:
                self.stop = Stop.FINDING

    def _begin(self, initial: Sequence[State]) -> None:
        """The initial states are found by no step."""
        engine, store = self.engine, self.store
        uncounted = Buffer("Q", max(1, len(engine.ground.steps)))
        for state in initial:
            words = engine.layout.pack(engine.ground.codec.to_cells(state))
            for k, word in enumerate(words):
                engine.found[k] = word
            engine.parents[0] = NO_PARENT
            store.make_room(1)
            store.absorb(*self._addresses(), 1, uncounted)
        uncounted.close()
        self._judge_states(0)
        if self._found_fault() and self.stop_at_finding:
            self.stop = Stop.FINDING

    def _addresses(self) -> tuple[int, int, int]:
        engine = self.engine
        return engine.found.address, engine.parents.address, engine.steps.address

    def _level(self, first: int, last: int) -> None:
        """Expand the states `first..last-1` in chunks; stop only between chunks."""
        engine, store = self.engine, self.store
        while first < last:
            self._check_limits(last - first)
            if self.stop is not None:
                return
            for k in (1, 2, 3):
                engine.report[k] = -1
            done, count = engine.expand(store, first, min(CHUNK_STATES, last - first))
            assert done > 0, "a state with more successors than there is room for"
            self.generated += count
            self._note_report()
            self._judge_steps(first, done, count)
            if self.digest is not None:
                self.digest.add_steps(engine, store, first, done, count)
            known = store.size
            store.make_room(count)
            store.absorb(*self._addresses(), count, engine.new)
            self._judge_states(known)
            first += done

    def _check_limits(self, frontier: int) -> None:
        now = time.perf_counter()
        if self.interrupted:
            self.stop = Stop.INTERRUPT
        elif self.limits.seconds is not None and now - self.started > self.limits.seconds:
            self.stop = Stop.TIMEOUT
        elif self.limits.states is not None and self.store.size >= self.limits.states:
            self.stop = Stop.STATES
        elif self.progress is not None and now - self.shown >= PROGRESS_SECONDS:
            self.shown = now
            size, memory = self.store.size, self.store.memory()
            seconds = now - self.started
            self.progress(Progress(self.level, size, self.generated, frontier, seconds, memory))

    def _note_report(self) -> None:
        """What `expand` met on its way: an undefined step, a state without successor."""
        report = self.engine.report
        stuck, undefined, step = report[1], report[2], report[3]
        if undefined >= 0 and ("", True) not in self.decided:
            self.decided.add(("", True))
            self._add(FindingKind.UNDEFINED_STEP, None, undefined, (step,))
        if stuck >= 0 and self.deadlock and ("", False) not in self.decided:
            self.decided.add(("", False))
            self._add(FindingKind.DEADLOCK, None, stuck)

    def _judge_states(self, first: int) -> None:
        for spoken in self.engine.judge_states(self.store, first, self.decided):
            self._add(self._decide(spoken), spoken.property.name, spoken.index)

    def _judge_steps(self, first: int, done: int, count: int) -> None:
        engine = self.engine
        for spoken in engine.judge_steps(self.store, first, done, count, self.decided):
            words = [
                engine.found[spoken.index * engine.layout.words + k]
                for k in range(engine.layout.words)
            ]
            last = (engine.steps[spoken.index],)
            after = (self._state(tuple(words)),)
            before = engine.parents[spoken.index]
            self._add(self._decide(spoken), spoken.property.name, before, last, after)

    def _decide(self, spoken: Spoken) -> FindingKind:
        """What was said is settled: the first finding of a kind is a shortest one."""
        self.decided.add((spoken.property.name, spoken.undefined))
        if spoken.undefined:
            return FindingKind.UNDEFINED_PROPERTY
        if spoken.property.kind is PropertyKind.REACHABLE:
            return FindingKind.REACHED
        return FindingKind.VIOLATED

    def _add(
        self,
        kind: FindingKind,
        name: str | None,
        index: int,
        more_steps: tuple[int, ...] = (),
        more_states: tuple[State, ...] = (),
    ) -> None:
        indexes, steps = self.store.path(index)
        states = tuple(self._state(self.store.words(i)) for i in indexes)
        self.findings.append(Finding(kind, name, states + more_states, steps + more_steps))

    def _state(self, words: tuple[int, ...]) -> State:
        return self.engine.ground.codec.to_state(self.engine.layout.unpack(words))

    def _found_fault(self) -> bool:
        return any(finding.kind is not FindingKind.REACHED for finding in self.findings)

    def outcome(self, compile_seconds: float, search_seconds: float) -> Outcome:
        """What was found, as plain data."""
        engine, ground = self.engine, self.engine.ground
        return Outcome(
            complete=self.complete,
            stop=None if self.complete else self.stop,
            states=self.store.size,
            generated=self.generated,
            level=self.level,
            fired=tuple(engine.fired[k] for k in range(len(ground.steps))),
            new=tuple(engine.new[k] for k in range(len(ground.steps))),
            cut={scope: engine.cut[k] for k, scope in enumerate(ground.scopes)},
            findings=tuple(self.findings),
            compile_seconds=compile_seconds,
            search_seconds=search_seconds,
            peak_memory=self.store.peak,
            from_cache=engine.code.from_cache,
            graph=self.digest.total(engine, self.store) if self.digest is not None else None,
        )
