"""Where each cell lives: a state packed into as few 64-bit words as possible.

A cell never straddles two words, so reading one is a shift and a mask. Cells are placed in order,
each in the first word with room: neighbours in the spec mostly stay neighbours, so a step patches
few words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.ground.model import Cell

WORD_BITS = 64
MASK = (1 << WORD_BITS) - 1
FOLD_FROM_WORDS = 4
"""States of so many words are kept folded; shorter ones gain too little memory for the time."""


@dataclass(frozen=True, slots=True)
class Place:
    """The bits `shift .. shift+width-1` of word `word`; a cell of width 0 is always 0."""

    word: int
    shift: int
    width: int

    @property
    def mask(self) -> int:
        """The cell's bits within its word."""
        return ((1 << self.width) - 1) << self.shift


@dataclass(frozen=True, slots=True)
class Layout:
    """A place for each cell, and the number of words (at least one) that hold them all.

    `left` is the number of words in the left half of a state that is kept folded (see `store`);
    0 means that states are kept whole.
    """

    places: tuple[Place, ...]
    words: int
    left: int = 0

    @property
    def bits(self) -> int:
        """The bits that carry information."""
        return sum(place.width for place in self.places)

    def pack(self, cells: Sequence[int]) -> tuple[int, ...]:
        """The words of a state, from the stored numbers of its cells."""
        words = [0] * self.words
        for place, cell in zip(self.places, cells, strict=True):
            assert 0 <= cell < 1 << place.width, f"{cell} does not fit {place}"
            words[place.word] = insert(words[place.word], place, cell)
        return tuple(words)

    def unpack(self, words: Sequence[int]) -> tuple[int, ...]:
        """The inverse of `pack`."""
        assert len(words) == self.words, f"{len(words)} words for a state of {self.words}"
        return tuple(extract(words[place.word], place) for place in self.places)


def extract(word: int, place: Place) -> int:
    """Read a cell: the emitted code does exactly this, and Z3 proves it the inverse of `insert`."""
    return (word >> place.shift) & ((1 << place.width) - 1)


def insert(word: int, place: Place, cell: int) -> int:
    """Write a cell, leaving the other bits of the word as they are."""
    return (word & (MASK ^ place.mask)) | (cell << place.shift)


def layout(cells: Sequence[Cell], fold: bool | None = None) -> Layout:
    """Place the cells, first fit in order; fold states of two words or more if told to, or not to.

    Unless told, states are folded where that saves memory.
    """
    free: list[int] = []
    places = []
    for cell in cells:
        assert cell.width < WORD_BITS, f"{cell.name} needs {cell.width} bits"
        word = next((k for k, room in enumerate(free) if room >= cell.width), len(free))
        if word == len(free):
            free.append(WORD_BITS)
        places.append(Place(word, WORD_BITS - free[word], cell.width))
        free[word] -= cell.width
    words = max(1, len(free))
    folded = words >= FOLD_FROM_WORDS if fold is None else fold and words > 1
    return Layout(tuple(places), words, words // 2 if folded else 0)
