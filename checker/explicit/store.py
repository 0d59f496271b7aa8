"""Everything that a search has found: the states, and how each was reached.

States stand in the order of discovery, so a level is a range of indexes. A state of many words is
kept *folded*: a step changes few of its words, so millions of states share thousands of halves.
The halves are kept once each, and a state is the pair of their numbers: one word, whatever the
protocol's size. (LTSmin calls it tree compression, Spin collapse.)

Memory is counted as it is touched; growing a table is the one large step, and it is refused before
it is taken if it would exceed the limit.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.explicit.distinct import Distinct, OutOfRoom
from checker.explicit.emit import step_integer
from checker.explicit.kernels import halves
from checker.explicit.layout import Layout
from checker.explicit.machine_code import MachineCode
from checker.explicit.memory import Buffer, WordFormat

NO_PARENT = (1 << 32) - 1
MOST_STATES = 7 << 29
"""Indexes have 32 bits, and so has the largest table, which is at most 7/8 full."""
FORMATS: dict[str, WordFormat] = {"i8": "B", "i16": "H", "i32": "I"}


class Store:
    """The states of one search, with room made before it is needed."""

    def __init__(self, code: MachineCode, layout: Layout, steps: int, memory: int) -> None:
        self.layout, self.limit = layout, memory
        step_format = FORMATS[step_integer(steps)]
        self.parents = Buffer("I", 1024)
        self.steps = Buffer(step_format, 1024)
        self._link_bytes = {"B": 1, "H": 2, "I": 4}[step_format] + 4
        self._absorb = code.function("absorb", 12)
        self.states = Distinct(code, 1 if layout.left else layout.words)
        self._fold = _Fold(code, layout) if layout.left else None
        self.peak = self.memory()

    @property
    def size(self) -> int:
        """The number of states."""
        return self.states.size

    def memory(self) -> int:
        """Bytes in use."""
        folded = self._fold.memory() if self._fold else 0
        return self.size * self._link_bytes + self.states.memory() + folded

    def make_room(self, more: int) -> None:
        """Be ready for `more` states beyond those there; raises `OutOfRoom` if that cannot be."""
        needed = self.size + more
        if needed > MOST_STATES:
            raise OutOfRoom
        try:
            self._make_room(needed, more)
        except (OSError, MemoryError, OverflowError) as error:
            raise OutOfRoom from error
        self.peak = max(self.peak, self.memory())

    def _make_room(self, needed: int, more: int) -> None:
        if self.memory() > self.limit:
            raise OutOfRoom
        if needed > self.parents.length:
            length = max(needed, self.parents.length * 3 // 2)
            self.parents.grow(length)
            self.steps.grow(length)
        lists = (self.states, *self._fold.halves) if self._fold else (self.states,)
        for distinct in lists:
            distinct.make_room(more, self.limit - self.memory())

    def absorb(self, found: int, parents: int, steps: int, count: int, new: Buffer) -> None:
        """Insert found states (addresses of their words, parents, steps) that are not there yet.

        `new` counts, for each step number, the states that it found first.
        """
        if self._fold:
            found = self._fold.fold(found, count)
        self.states.size = self._absorb(
            found, count, *self.states.insertion(),
            parents, steps, self.parents.address, self.steps.address, new.address,
        )  # fmt: skip

    def number(self, number: Callable[..., int], found: int, count: int, numbers: int) -> None:
        """Write the index of each found state to `numbers`; all of them must be there already.

        `number` is the kernel of this name. A mere search has no use for it, so it is not loaded.
        """
        if self._fold:
            found = self._fold.fold(found, count)
        number(found, count, *self.states.insertion(), numbers)

    def packed(self, first: int, count: int) -> int:
        """The address of `count` packed states from index `first`, until the next such call."""
        address = self.states.items.address + 8 * self.states.words * first
        return self._fold.unfold(address, first, count) if self._fold else address

    def words(self, index: int) -> tuple[int, ...]:
        """The packed state number `index`."""
        words = self.states[index]
        return self._fold.words(words[0]) if self._fold else words

    def path(self, index: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """State indexes from an initial state to `index`, and the steps between them."""
        indexes, steps = [index], []
        while self.parents[index] != NO_PARENT:
            steps.append(self.steps[index])
            index = self.parents[index]
            indexes.append(index)
        return tuple(reversed(indexes)), tuple(reversed(steps))

    def close(self) -> None:
        """Give the memory back now."""
        self.parents.close()
        self.steps.close()
        self.states.close()
        if self._fold:
            self._fold.close()


class _Fold:
    """The distinct halves of the states; a folded state has the left one's number in its low half.

    The numbers of halves never change, so folding is one to one, and equal words mean equal states.
    """

    def __init__(self, code: MachineCode, layout: Layout) -> None:
        self.words_each = layout.words
        left, right = halves(layout)
        self.halves = (Distinct(code, left.words), Distinct(code, right.words))
        self._intern = (code.function("intern_left", 8), code.function("intern_right", 8))
        self._unfold = code.function("unfold", 5)
        self._folded = Buffer("Q", 1024)
        self._unfolded = Buffer("Q", 1024)
        self._range = (0, 0)

    def memory(self) -> int:
        return sum(half.memory() for half in self.halves)

    def fold(self, found: int, count: int) -> int:
        """The address of `count` found states, folded, until the next such call."""
        self._folded.grow(count)
        for half, intern in zip(self.halves, self._intern, strict=True):
            half.size = intern(found, count, *half.insertion(), self._folded.address)
        return self._folded.address

    def unfold(self, folded: int, first: int, count: int) -> int:
        """The address of the words of `count` folded states, the first of which is `first`."""
        if first != self._range[0] or count > self._range[1]:
            self._unfolded.grow(count * self.words_each)
            left, right = (half.items.address for half in self.halves)
            self._unfold(folded, count, left, right, self._unfolded.address)
            self._range = (first, count)
        return self._unfolded.address

    def words(self, folded: int) -> tuple[int, ...]:
        left, right = self.halves
        return left[folded & (1 << 32) - 1] + right[folded >> 32]

    def close(self) -> None:
        for half in self.halves:
            half.close()
        self._folded.close()
        self._unfolded.close()
