"""A list of distinct items of a few words each, in the order of discovery, and what finds them.

The items are the truth and the table only finds them. So a table grows in place, is cleared and
filled again: two tables are never in memory together.
"""

from __future__ import annotations

from checker.explicit.kernels import BATCH
from checker.explicit.machine_code import MachineCode
from checker.explicit.memory import Buffer

FIRST_TABLE = 1 << 14
LARGEST_TABLE = 1 << 32
FAST_GROWTH_BELOW = 1 << 25


class OutOfRoom(Exception):
    """The limit on memory, or the number of states that can be numbered, is reached."""


class Distinct:
    """Items of `words` words each; the kernels of `code` insert them."""

    def __init__(self, code: MachineCode, words: int) -> None:
        self.words, self.size = words, 0
        self.items = Buffer("Q", 1024 * words)
        self.table = Buffer("I", FIRST_TABLE)
        self._hashes = Buffer("Q", BATCH)
        self._rebuild = code.function(f"rebuild_{words}", 5)

    def memory(self) -> int:
        """Bytes in use."""
        return self.size * 8 * self.words + self.table.length * 4

    def make_room(self, more: int, spare: int) -> None:
        """Be ready for `more` items beyond those there, at a cost of at most `spare` bytes.

        Raises `OutOfRoom` if that cannot be.
        """
        needed = self.size + more
        if needed * self.words > self.items.length:
            self.items.grow(max(needed * self.words, self.items.length * 3 // 2))
        self._make_room_in_table(needed, spare)

    def _make_room_in_table(self, needed: int, spare: int) -> None:
        """Keep the table at most 5/8 full; up to 7/8 where memory does not allow a larger one."""
        length = self.table.length
        if needed <= length * 5 // 8:
            return
        while needed > length * 5 // 8 and length < LARGEST_TABLE:
            length *= 4 if length < FAST_GROWTH_BELOW else 2
        if length == self.table.length:
            return
        if (length - self.table.length) * 4 > spare:
            if needed > self.table.length * 7 // 8:
                raise OutOfRoom
            return
        self.table.grow(length)
        self.table.clear()
        self._rebuild(
            self.items.address, self.size, self.table.address, length - 1, self._hashes.address
        )

    def insertion(self) -> tuple[int, int, int, int, int]:
        """What an inserting kernel is told of this list, in the order of its parameters."""
        table = self.table
        return self.items.address, self.size, table.address, table.length - 1, self._hashes.address

    def __getitem__(self, index: int) -> tuple[int, ...]:
        base = index * self.words
        return tuple(self.items[base + k] for k in range(self.words))

    def close(self) -> None:
        """Give the memory back now."""
        for buffer in (self.items, self.table, self._hashes):
            buffer.close()
