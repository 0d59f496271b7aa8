"""The compiled protocol: its functions, and the room they write their answers to."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from checker.explicit.emit import emit, judges, step_integer
from checker.explicit.layout import Layout, layout
from checker.explicit.machine_code import MachineCode, ObjectCache, load
from checker.explicit.memory import Buffer
from checker.explicit.store import FORMATS, Store
from checker.ground.model import GroundModel, GroundProperty

CHUNK_SUCCESSORS = 1 << 14
"""Successors found before they are absorbed: they stay in the second-level cache meanwhile."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A property that speaks about a state or step: undefined there, or false (or reached)."""

    property: GroundProperty
    undefined: bool
    index: int
    """The state's index in the store, or the step's place in the chunk."""


class Engine:
    """The functions of one ground model, and the buffers between `expand` and `absorb`."""

    def __init__(
        self, ground: GroundModel, cache: ObjectCache | None, fold: bool | None = None
    ) -> None:
        self.ground = ground
        self.layout: Layout = layout(ground.cells, fold)
        self.code: MachineCode = load(emit(ground, self.layout), cache)
        count = len(ground.steps)
        self.room = max(CHUNK_SUCCESSORS, count)
        # One more than the room: a step that turns out to change nothing is written and forgotten.
        self.found = Buffer("Q", (self.room + 1) * self.layout.words)
        self.parents = Buffer("I", self.room + 1)
        self.steps = Buffer(FORMATS[step_integer(count)], self.room + 1)
        self.fired = Buffer("Q", count)
        self.new = Buffer("Q", count)
        self.cut = Buffer("Q", len(ground.scopes))
        self.report = Buffer("q", 4)
        self._expand = self.code.function("expand", 10)
        self._judges = [
            (self.code.function(name, 4), group) for name, group in judges(ground, is_step=False)
        ]
        self._step_judges = [
            (self.code.function(name, 7), group) for name, group in judges(ground, is_step=True)
        ]

    def expand(self, store: Store, first: int, count: int) -> tuple[int, int]:
        """Expand up to `count` states from index `first`: how many were, and their successors."""
        states = store.packed(first, count)
        done = self._expand(
            states, count, first, self.room,
            self.found.address, self.parents.address, self.steps.address,
            self.fired.address, self.cut.address, self.report.address,
        )  # fmt: skip
        return done, self.report[0]

    def judge_states(
        self, store: Store, first: int, decided: set[tuple[str, bool]]
    ) -> Iterator[Spoken]:
        """What the properties say of the states from index `first`, in order, each thing once.

        `decided` holds (property, undefined) pairs that no longer matter; it is read again after
        each answer, so the caller adds to it while iterating.
        """
        if first == store.size:
            return
        states = store.packed(first, store.size - first)
        for function, group in self._judges:
            at = first
            while at < store.size and (watched := _watched(group, decided)):
                rest = states + 8 * (at - first) * self.layout.words
                at += function(rest, store.size - at, watched, self.report.address)
                if at < store.size:
                    yield from _spoken(group, self.report[0], at)

    def judge_steps(
        self, store: Store, first: int, done: int, count: int, decided: set[tuple[str, bool]]
    ) -> Iterator[Spoken]:
        """The same for the `count` steps found last, from `done` states numbered from `first`."""
        if not self._step_judges:
            return
        before = store.packed(first, done)
        for function, group in self._step_judges:
            at = 0
            while at < count and (watched := _watched(group, decided)):
                after = self.found.address + 8 * at * self.layout.words
                at += function(
                    after, count - at, watched, self.report.address,
                    before, self.parents.address + 4 * at, first,
                )  # fmt: skip
                if at < count:
                    yield from _spoken(group, self.report[0], at)

    def all_states_spoken_of(
        self, store: Store, first: int, decided: frozenset[tuple[str, bool]] = frozenset()
    ) -> Iterator[int]:
        """The index of every state from `first` that some property speaks about, ascending.

        For models with one property, or none: several may speak about one state. `decided` are
        (property, undefined) pairs that are not asked about: all but one, in other models.
        """
        states = store.packed(first, store.size - first) if first < store.size else 0
        for function, group in self._judges:
            at = first
            while at < store.size:
                rest = states + 8 * (at - first) * self.layout.words
                watched = _watched(group, decided)
                at += function(rest, store.size - at, watched, self.report.address)
                if at < store.size:
                    yield at
                    at += 1

    def all_steps_spoken_of(self, store: Store, first: int, done: int, count: int) -> Iterator[int]:
        """The same for the `count` steps found last, from `done` states numbered from `first`."""
        before = store.packed(first, done) if self._step_judges else 0
        for function, group in self._step_judges:
            at = 0
            while at < count:
                after = self.found.address + 8 * at * self.layout.words
                at += function(
                    after, count - at, _watched(group, set()), self.report.address,
                    before, self.parents.address + 4 * at, first,
                )  # fmt: skip
                if at < count:
                    yield at
                    at += 1

    def close(self) -> None:
        """Give the memory back now."""
        for buffer in (self.found, self.parents, self.steps, self.fired, self.new, self.cut):
            buffer.close()
        self.report.close()


def _watched(group: tuple[GroundProperty, ...], decided: AbstractSet[tuple[str, bool]]) -> int:
    bits = 0
    for k, judged in enumerate(group):
        for undefined in (False, True):
            if (judged.name, undefined) not in decided:
                bits |= 1 << (2 * k + undefined)
    return bits


def _spoken(group: tuple[GroundProperty, ...], bits: int, index: int) -> Iterator[Spoken]:
    for k, judged in enumerate(group):
        for undefined in (False, True):
            if bits >> (2 * k + undefined) & 1:
                yield Spoken(judged, undefined, index)
