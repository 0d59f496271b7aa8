"""Everything that a search has found: the states, how each was reached, and the *seen* table.

States stand in the order of discovery, so a level is a range of indexes. Memory is counted as it
is touched; growing the table is the one large step, and it is refused before it is taken if it
would exceed the limit.
"""

from __future__ import annotations

from checker.explicit.emit import step_integer
from checker.explicit.kernels import BATCH
from checker.explicit.layout import Layout
from checker.explicit.machine_code import MachineCode
from checker.explicit.memory import Buffer, WordFormat

NO_PARENT = (1 << 32) - 1
MOST_STATES = 7 << 29
"""Indexes have 32 bits, and so has the largest table, which is at most 7/8 full."""
FORMATS: dict[str, WordFormat] = {"i8": "B", "i16": "H", "i32": "I"}
FIRST_TABLE = 1 << 14
LARGEST_TABLE = 1 << 32
FAST_GROWTH_BELOW = 1 << 25


class OutOfRoom(Exception):
    """The limit on memory, or the number of states that can be numbered, is reached."""


class Store:
    """The tables of one search, with room made before it is needed."""

    def __init__(self, code: MachineCode, layout: Layout, steps: int, memory: int) -> None:
        self.layout, self.limit = layout, memory
        step_format = FORMATS[step_integer(steps)]
        self.size = 0
        self.states = Buffer("Q", 1024 * layout.words)
        self.parents = Buffer("I", 1024)
        self.steps = Buffer(step_format, 1024)
        self.table = Buffer("I", FIRST_TABLE)
        self._hashes = Buffer("Q", BATCH)
        self._bytes = {"B": 1, "H": 2, "I": 4}[step_format] + 4 + 8 * layout.words
        self._absorb = code.function("absorb", 12)
        self._rebuild = code.function("rebuild", 5)
        self.peak = self.memory()

    def memory(self) -> int:
        """Bytes in use."""
        return self.size * self._bytes + self.table.length * 4

    def make_room(self, more: int) -> None:
        """Be ready for `more` states beyond those there; raises `OutOfRoom` if that cannot be."""
        needed = self.size + more
        if needed > MOST_STATES:
            raise OutOfRoom
        try:
            self._make_room_in_lists(needed)
            self._make_room_in_table(needed)
        except (OSError, MemoryError, OverflowError) as error:
            raise OutOfRoom from error
        self.peak = max(self.peak, self.memory())

    def _make_room_in_lists(self, needed: int) -> None:
        if self.memory() > self.limit:
            raise OutOfRoom
        if needed > self.parents.length:
            length = max(needed, self.parents.length * 3 // 2)
            self.states.grow(length * self.layout.words)
            self.parents.grow(length)
            self.steps.grow(length)

    def _make_room_in_table(self, needed: int) -> None:
        """Keep the table at most 5/8 full; up to 7/8 where memory does not allow a larger one."""
        length = self.table.length
        if needed <= length * 5 // 8:
            return
        while needed > length * 5 // 8 and length < LARGEST_TABLE:
            length *= 4 if length < FAST_GROWTH_BELOW else 2
        if length == self.table.length:
            return
        if self.size * self._bytes + length * 4 > self.limit:
            if needed > self.table.length * 7 // 8:
                raise OutOfRoom
            return
        # The states are the truth and the table only finds them: it grows in place, is cleared and
        # filled again, so that two tables are never in memory together.
        self.table.grow(length)
        self.table.clear()
        self._rebuild(
            self.states.address, self.size, self.table.address, length - 1, self._hashes.address
        )

    def absorb(self, found: int, parents: int, steps: int, count: int, new: Buffer) -> None:
        """Insert found states (addresses of their words, parents, steps) that are not there yet.

        `new` counts, for each step number, the states that it found first.
        """
        self.size = self._absorb(
            found, parents, steps, count,
            self.states.address, self.parents.address, self.steps.address, self.size,
            self.table.address, self.table.length - 1, self._hashes.address, new.address,
        )  # fmt: skip

    def words(self, index: int) -> tuple[int, ...]:
        """The packed state number `index`."""
        base = index * self.layout.words
        return tuple(self.states[base + k] for k in range(self.layout.words))

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
        buffers = (self.states, self.parents, self.steps, self.table, self._hashes)
        for buffer in buffers:
            buffer.close()
