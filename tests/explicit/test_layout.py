"""A state survives packing, and the two primitives are proved inverse for all words."""

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from checker.explicit.layout import WORD_BITS, Place, extract, insert, layout
from checker.ground.model import Cell

SIZES = st.lists(st.integers(1, 1 << 63) | st.integers(1, 9), max_size=40)


@given(SIZES, st.data())
def test_pack_and_unpack_are_inverse(sizes: list[int], data: st.DataObject) -> None:
    placed = layout([Cell(f"c{k}", size) for k, size in enumerate(sizes)])
    cells = tuple(data.draw(st.integers(0, size - 1)) for size in sizes)
    assert placed.unpack(placed.pack(cells)) == cells


@given(SIZES)
def test_cells_do_not_overlap_or_straddle(sizes: list[int]) -> None:
    placed = layout([Cell(f"c{k}", size) for k, size in enumerate(sizes)])
    used: dict[int, int] = {}
    for place, size in zip(placed.places, sizes, strict=True):
        assert place.shift + place.width <= WORD_BITS
        assert size <= 1 << place.width
        assert used.get(place.word, 0) & place.mask == 0
        used[place.word] = used.get(place.word, 0) | place.mask
    assert placed.words == max(1, len(used))


def test_equal_cells_make_equal_words_and_only_they_do() -> None:
    placed = layout([Cell("a", 3), Cell("b", 5), Cell("c", 2)])
    cells = [(a, b, c) for a in range(3) for b in range(5) for c in range(2)]
    assert len({placed.pack(cell) for cell in cells}) == len(cells)


@pytest.mark.parametrize("width", [1, 2, 7, 31, 32, 63])
@pytest.mark.parametrize("shift", [0, 1, 32, 63])
def test_z3_proves_insert_and_extract(width: int, shift: int) -> None:
    if shift + width > WORD_BITS:
        shift = WORD_BITS - width
    place = Place(0, shift, width)
    word, cell = z3.BitVecs("word cell", WORD_BITS)
    fits = z3.ULT(cell, 1 << width)
    written = _insert(word, place, cell)
    others = ((1 << WORD_BITS) - 1) ^ place.mask
    _prove(z3.Implies(fits, _extract(written, place) == cell))
    _prove(z3.Implies(fits, written & others == word & others))
    _prove(_insert(word, place, _extract(word, place)) == word)


def _extract(word: z3.BitVecRef, place: Place) -> z3.BitVecRef:
    # Z3's `>>` on a bit vector keeps the sign; the word has none.
    class Unsigned:
        def __rshift__(self, by: int) -> z3.BitVecRef:
            return z3.LShR(word, by)

    result = extract(Unsigned(), place)  # type: ignore[arg-type]
    assert isinstance(result, z3.BitVecRef)
    return result


def _insert(word: z3.BitVecRef, place: Place, cell: z3.BitVecRef) -> z3.BitVecRef:
    result = insert(word, place, cell)
    assert isinstance(result, z3.BitVecRef)
    return result


def _prove(claim: z3.BoolRef) -> None:
    solver = z3.Solver()
    solver.add(z3.Not(claim))
    assert solver.check() == z3.unsat, solver.model()
