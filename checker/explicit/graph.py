"""Everything that some states lead to, with every step: the search of `search`, and its graph.

A search keeps the step that found a state first; here all are kept, and the search goes on behind
the first fault. A state with the fault ends a run: it is not expanded. States are numbered in the
order of discovery, and each is expanded once, so that the steps are sorted by where they begin.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence

from checker.explicit.distinct import OutOfRoom
from checker.explicit.engine import Engine
from checker.explicit.machine_code import MachineCode
from checker.explicit.memory import Buffer
from checker.explicit.outcome import FindingKind, Limits, Stop
from checker.explicit.store import NO_PARENT, Store
from checker.ir.model import PropertyKind
from checker.ir.values import State

CHUNK_STATES = 1 << 13
EDGE_BYTES = 12
"""A step's two ends, and room to sort them by the other one."""


class Graph:
    """A graph under construction; `grow` makes it, and `close` gives its memory back.

    `sources` and `targets` are the ends of the `edges` steps. The states from `expanded` on have
    not been expanded; all that is at most `level` steps away from the first ones is there.
    """

    def __init__(
        self, engine: Engine, store: Store, kernels: MachineCode, fault: FindingKind, limits: Limits
    ) -> None:
        self.engine, self.store, self.fault, self.limits = engine, store, fault, limits
        self.sources, self.targets = Buffer("I", 1024), Buffer("I", 1024)
        self.edges, self.expanded, self.level = 0, 0, 0
        self.stop: Stop | None = None
        self.faults: list[int] = []
        """The states with the fault, ascending."""
        self.faulty_edges: list[int] = []
        """The steps that are faults themselves."""
        # A goal is a fault where it has no value; to reach it is none.
        self._no_faults = frozenset(
            (judged.name, False)
            for judged in engine.ground.properties
            if judged.kind is PropertyKind.REACHABLE
        )
        self._number = kernels.function("number", 8)
        self._uncounted = Buffer("Q", max(1, len(engine.ground.steps)))
        self._next_fault = 0
        self._started = time.perf_counter()

    def grow(self, states: Sequence[State]) -> list[int]:
        """Find everything that the states lead to, as far as the limits let; their numbers."""
        numbers = [self._begin(state) for state in states]
        self._note_faults(0)
        level_ends = self.store.size
        try:
            while self.expanded < self.store.size:
                self._check_limits()
                if self.stop is not None:
                    break
                self._expand_some(level_ends)
                if self.expanded == level_ends:
                    self.level, level_ends = self.level + 1, self.store.size
        except OutOfRoom:
            self.stop = Stop.MEMORY
        return numbers

    def is_stuck(self, state: int) -> bool:
        """Whether nothing at all happens in a state; where the scope ends, something would."""
        self._look_at(state)
        return self.engine.report[1] >= 0

    def is_cut(self, state: int) -> bool:
        """Whether a step leaves the scope from a state."""
        before = self._cuts()
        self._look_at(state)
        return self._cuts() > before

    def close(self) -> None:
        """Give the memory back now."""
        for buffer in (self.sources, self.targets, self._uncounted):
            buffer.close()

    def _begin(self, state: State) -> int:
        """Enter one of the states to begin with."""
        engine = self.engine
        for k, word in enumerate(engine.layout.pack(engine.ground.codec.to_cells(state))):
            engine.found[k] = word
        engine.parents[0] = NO_PARENT
        self._absorb(1, self.targets.address)
        return self.targets[0]

    def _absorb(self, count: int, numbers: int) -> None:
        """Keep what is new of the `count` states found last, and write all their numbers."""
        engine, store = self.engine, self.store
        found = engine.found.address
        store.make_room(count)
        store.absorb(found, engine.parents.address, engine.steps.address, count, self._uncounted)
        store.number(self._number, found, count, numbers)

    def _check_limits(self) -> None:
        limits, spent = self.limits, time.perf_counter() - self._started
        if limits.states is not None and self.store.size >= limits.states:
            self.stop = Stop.STATES
        elif limits.seconds is not None and spent > limits.seconds:
            self.stop = Stop.TIMEOUT
        elif self.store.memory() + self.edges * EDGE_BYTES > self.store.limit:
            self.stop = Stop.MEMORY

    def _expand_some(self, level_ends: int) -> None:
        """Expand a chunk of the level, up to the next state with a fault; such a one is passed."""
        first = self.expanded
        last = min(level_ends, first + CHUNK_STATES)
        if self._next_fault < len(self.faults):
            if first == self.faults[self._next_fault]:
                self._next_fault, self.expanded = self._next_fault + 1, first + 1
                return
            last = min(last, self.faults[self._next_fault])
        # The engine names the first undefined step that it meets, so each state is asked alone.
        is_alone = self.fault is FindingKind.UNDEFINED_STEP
        self._expand(first, 1 if is_alone else last - first)

    def _expand(self, first: int, count: int) -> None:
        engine, known = self.engine, self.store.size
        done, found = self._look_at(first, count)
        self._make_room_for_edges(found + 1)
        ctypes.memmove(self.sources.address + 4 * self.edges, engine.parents.address, 4 * found)
        spoken = engine.all_steps_spoken_of(self.store, first, done, found)
        self.faulty_edges += [self.edges + step for step in spoken]
        self._absorb(found, self.targets.address + 4 * self.edges)
        self.edges += found
        if self.fault is FindingKind.UNDEFINED_STEP and engine.report[2] >= 0:
            self.sources[self.edges] = first
            self.faulty_edges.append(self.edges)
            self.edges += 1
        self.expanded = first + done
        self._note_faults(known)

    def _look_at(self, first: int, count: int = 1) -> tuple[int, int]:
        """Have the engine expand some states: how many it did, and how many steps it found."""
        for k in (1, 2, 3):
            self.engine.report[k] = -1
        done, found = self.engine.expand(self.store, first, count)
        assert done > 0, "a state with more successors than there is room for"
        return done, found

    def _make_room_for_edges(self, more: int) -> None:
        needed = self.edges + more
        if needed > self.sources.length:
            length = max(needed, self.sources.length * 3 // 2)
            self.sources.grow(length)
            self.targets.grow(length)

    def _note_faults(self, first: int) -> None:
        """Of a deadlock the engine tells only the first: who has no step is asked in the end."""
        self.faults += self.engine.all_states_spoken_of(self.store, first, self._no_faults)

    def _cuts(self) -> int:
        return sum(self.engine.cut[k] for k in range(len(self.engine.ground.scopes)))
