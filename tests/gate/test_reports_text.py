"""Text in Markdown: whatever a user names things, it is shown as it is, and starts nothing."""

from __future__ import annotations

import html
import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from checker.cli.reports.markdown import block, code, text
from checker.cli.reports.texts import cut

LETTERS = st.text(string.punctuation + "ab1 é\n", min_size=1, max_size=12)


def shown(markdown: str) -> str:
    """The text of a page's only paragraph or cell, as a reader sees it."""
    drawn = MarkdownIt("commonmark").enable("table").render(markdown)
    return html.unescape(re.sub("<[^>]*>", "", drawn)).strip("\n")


@given(LETTERS)
@example("<b>a</b>")
@example("&lt;")
@example("**a** _b_ `c` [d](e)")
def test_text_is_shown_as_it_is(plain: str) -> None:
    """In the middle of a line, where we put it: after a word and in bold."""
    wanted = " ".join(plain.split())
    assert shown(f"x {text(plain)}") == f"x {wanted}".rstrip()
    assert shown(f"- a **b{text(plain)}b**, c").strip() == f"a b{wanted}b, c"


@given(LETTERS)
@example("`a``b`")
@example("a|b")
def test_code_is_shown_as_it_is(plain: str) -> None:
    wanted = " ".join(plain.split())
    # A backslash before a bar is the one thing that a table cannot hold.
    if "\\|" not in plain and not wanted.endswith("\\"):
        table = f"| a | b |\n|---|---|\n| {code(plain, in_table=True)} | {text(plain)} |"
        drawn = MarkdownIt("commonmark").enable("table").render(table)
        cells = re.findall("<td>(.*?)</td>", drawn)
        assert len(cells) == 2
        assert [html.unescape(re.sub("<[^>]*>", "", cell)).strip() for cell in cells] == [
            wanted
        ] * 2
    assert shown(code(plain)).strip() == wanted


@given(st.lists(st.text(string.punctuation + "ab ", max_size=8), min_size=1, max_size=4))
@example(["```", "````", "a"])
def test_a_block_ends_where_it_should(lines: list[str]) -> None:
    drawn = MarkdownIt("commonmark").render(block(lines, "text") + "\n\nafter")
    assert drawn.endswith("</code></pre>\n<p>after</p>\n")
    inside = re.fullmatch(r'(?s)<pre><code class="language-text">(.*)\n</code></pre>\n.*', drawn)
    assert inside
    assert html.unescape(inside[1]) == "\n".join(lines)


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("a :smile: b: c", "a &#58;smile: b: c"),
        ("$x$", "&#36;x&#36;"),
        ("see #12", "see \\#12"),
    ],
)
def test_what_only_github_knows_is_no_emoji_formula_or_link(plain: str, written: str) -> None:
    assert text(plain) == written


def test_what_is_cut_says_so() -> None:
    assert cut("short", 5) == "short"
    long = cut("x" * 5_000, 100)
    assert len(long) == 100
    assert long.endswith("… (5,000 characters in all)")
