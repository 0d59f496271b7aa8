from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from counterexamples.layout import Column, fold, plain, table

words = st.text(st.sampled_from("abc⟨→ "), max_size=40).map(lambda text: " ".join(text.split()))


def letters(text: str) -> str:
    return text.replace(" ", "")


@given(st.lists(words), st.integers(8, 60))
def test_folding_keeps_every_letter_and_the_width(chunks: list[str], width: int) -> None:
    lines = fold(chunks, width)
    assert max(map(len, lines)) <= width
    assert letters("".join(lines)) == letters("".join(chunks))


def test_a_chunk_is_broken_only_if_it_fills_a_line() -> None:
    assert fold(["aaaa", "bbbb", "cc"], 11) == ["aaaa   bbbb", "cc"]
    assert fold(["aaaa bbbb cccc"], 10) == ["aaaa bbbb", "  cccc"]
    assert fold(["aaaa bbbb cccc", "d"], 10) == ["aaaa bbbb", "  cccc", "d"]
    assert fold(["a" * 12], 10) == ["a" * 10, "  aa"]
    assert fold([], 10) == [""]


@given(st.lists(st.tuples(words, words), min_size=1, max_size=5))
def test_no_line_of_a_table_ends_in_a_space(rows: list[tuple[str, str]]) -> None:
    columns = [Column("one", 12), Column("two", 12, to_the_right=True)]
    lines = table(columns, [((first,), (second,)) for first, second in rows], plain)
    assert all(line == line.rstrip() for line in lines)
    assert max(map(len, lines)) <= 12 + 2 + 12


def test_colour_does_not_move_a_column() -> None:
    rows = [(("a",), ("b",)), (("aa",), ("",))]
    columns = [Column("x", 9, lambda text: f"<{text}>"), Column("y", 9)]
    assert table(columns, rows, plain) == ["x   y", "<a>   b", "<aa>"]
