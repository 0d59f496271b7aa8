"""Memory that grows: anonymous mappings, so that growing costs neither a copy nor a page unused.

The operating system gives a page when it is first touched, and moves a mapping that must grow by
renaming its pages (where it can; elsewhere the bytes are copied). Large pages are asked for: the
table is read at random, and with small pages half of the time would go to finding the page.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from typing import Literal

WordFormat = Literal["B", "H", "I", "Q", "q"]
BYTES: dict[WordFormat, int] = {"B": 1, "H": 2, "I": 4, "Q": 8, "q": 8}
HUGE_PAGE = 1 << 21


class Buffer:
    """An array of fixed-width integers at a known address, zero where never written."""

    def __init__(self, format: WordFormat, length: int) -> None:
        self.format: WordFormat = format
        self.length = length
        self._map = _anonymous(self._size(length))
        self._view = self._cast()
        self.address = _address(self._map)

    def _size(self, length: int) -> int:
        size = max(1, length) * BYTES[self.format]
        grain = HUGE_PAGE if size >= HUGE_PAGE else mmap.PAGESIZE
        return -(-size // grain) * grain

    def _cast(self) -> memoryview:
        return memoryview(self._map).cast(self.format)

    def __getitem__(self, index: int) -> int:
        value = self._view[index]
        assert isinstance(value, int)
        return value

    def __setitem__(self, index: int, value: int) -> None:
        self._view[index] = value

    def grow(self, length: int) -> None:
        """Make room for `length` elements; those there keep their values, new ones are zero."""
        if length <= self.length:
            return
        size = self._size(length)
        if size > len(self._map):
            self._view.release()
            self._map = _resized(self._map, size)
            self._view = self._cast()
            self.address = _address(self._map)
        self.length = length

    def clear(self) -> None:
        """Make every element zero again."""
        ctypes.memset(self.address, 0, self.length * BYTES[self.format])

    def close(self) -> None:
        """Give the memory back now."""
        self._view.release()
        self._map.close()


def _anonymous(size: int) -> mmap.mmap:
    if hasattr(mmap, "MAP_PRIVATE") and hasattr(mmap, "MAP_ANONYMOUS"):
        mapping = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    else:
        mapping = mmap.mmap(-1, size)
    if size >= HUGE_PAGE and hasattr(mmap, "MADV_HUGEPAGE"):
        try:
            mapping.madvise(mmap.MADV_HUGEPAGE)
        except OSError:
            pass  # A kernel without large pages: slower, not wrong.
    return mapping


def _resized(mapping: mmap.mmap, size: int) -> mmap.mmap:
    if hasattr(mmap, "MADV_HUGEPAGE") and len(mapping) >= HUGE_PAGE:
        mapping.resize(size)
        return mapping
    larger = _anonymous(size)
    larger[: len(mapping)] = mapping[:]
    mapping.close()
    return larger


def _address(mapping: mmap.mmap) -> int:
    # The exported character dies at once, so that the mapping may be resized later.
    return ctypes.addressof(ctypes.c_char.from_buffer(mapping))


def available() -> int:
    """Bytes that a search may use by default: four fifths of what the machine has free now."""
    free = min(_free_in_machine(), _free_in_group())
    return free * 4 // 5


def _free_in_machine() -> int:
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 4 << 30


def _free_in_group() -> int:
    """What the control group of a container still allows; no group is no limit."""
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as limit:
            most = limit.read().strip()
        with open("/sys/fs/cgroup/memory.current", encoding="ascii") as current:
            used = int(current.read())
        return 1 << 62 if most == "max" else max(0, int(most) - used)
    except (OSError, ValueError):
        return 1 << 62
