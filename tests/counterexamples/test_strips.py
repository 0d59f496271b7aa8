"""Sequences as cells: what a step took, what it brought, and what the cells mean."""

from __future__ import annotations

import pytest

from checker.ir.types import IntType, TupleType
from checker.trace import Ending, Trace
from counterexamples.drawing.page import page
from counterexamples.drawing.picture import Strip
from counterexamples.drawing.scenes import picture
from counterexamples.drawing.thumbnail import thumbnail
from counterexamples.file import read
from counterexamples.museum_cases import MUSEUM
from tests.counterexamples.made import made, node

NUMBERS = TupleType(IntType(0, 9), 5)


def run(before: tuple[int, ...], after: tuple[int, ...]) -> Trace:
    """One step that makes one sequence of numbers another."""
    states = [(before, (False, False)), (after, (False, False))]
    return made(states, [node("elect", 0)], NUMBERS, Ending.WALK)


def strip(before: tuple[int, ...], after: tuple[int, ...]) -> Strip:
    """The sequence as it is seen after the step."""
    (found,) = [strip for lane in picture(run(before, after)).scenes[1].strips for strip in lane]
    return found


@pytest.mark.parametrize(
    ("before", "after", "lost", "lost_at", "fresh"),
    [
        ((1,), (1, 2, 3), "", 1, range(1, 3)),
        ((1, 2, 3), (1,), "23", 1, range(1, 1)),
        ((1, 2), (1, 3), "2", 1, range(1, 2)),
        ((1, 1, 1), (1,), "11", 1, range(1, 1)),
        ((1, 2, 3), (2, 3), "1", 0, range(0)),
        ((0, 0, 0), (2, 0, 0), "0", 0, range(1)),
        ((1, 2, 3), (4, 5, 6), "123", 0, range(3)),
    ],
)
def test_what_was_lost_and_what_is_new(
    before: tuple[int, ...], after: tuple[int, ...], lost: str, lost_at: int, fresh: range
) -> None:
    found = strip(before, after)
    assert "".join(cell.text for cell in found.lost) == lost
    assert (found.lost_at, found.fresh) == (lost_at, fresh)


def test_cells_say_where_they_were() -> None:
    content = page(run((7, 8, 9), (8, 9)))
    assert "offset 0: 7, lost in this step" in content
    assert (
        "in this step"
        not in content.replace("offset 0: 7, lost in this step", "")
        .partition('id="diagram"')[2]
        .partition("</svg>")[0]
    )


def test_only_a_log_loses_what_is_replaced() -> None:
    assert 'class="cross"' not in thumbnail(picture(run((1, 2), (3, 4))), "")
    assert 'class="cross"' in thumbnail(picture(run((1, 2), (1,))), "")


def test_the_legend_says_what_a_cell_is_made_of() -> None:
    copied = page(read(MUSEUM / "N3" / "trace.json"))
    assert "up·down in syncs, slots" in copied
    registered = page(read(MUSEUM / "R43" / "trace.json"))
    assert "leader·isr and epoch in history" in registered
    assert "id and epoch" not in registered
    assert "id and epoch in log, committed" in page(read(MUSEUM / "N10" / "trace.json"))


def test_a_long_step_keeps_its_end() -> None:
    content = page(read(MUSEUM / "R68" / "trace.json"))
    assert ">handle_end((epoch=0 co…empt=0), false)<" in content
    assert ">handle_end((epoch=0 co…empt=1), false)<" in content


def test_a_short_step_is_whole() -> None:
    assert 'class="step">elect(n1)<' in page(run((1,), (2,)))
