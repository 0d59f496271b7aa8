"""Labels as they are read, and every mistake in one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checker.lang.errors import ToolError
from counterexamples.label import MuseumError
from counterexamples.museum_cases import (
    MUSEUM,
    Kind,
    Shown,
    Side,
    choose,
    entries,
    in_order,
    named,
    read_entry,
)
from counterexamples.render_museum import prose_lines

LABEL = """
id = "R9"
title = "A title"
tickets = ["KAFKA-1", "KIP-2"]
fixed_in = "3.0"
spec = "isr"
property = "promise"
story = '''
Two lines
of text.
'''

[broken]
settings = { fix = false, other = "some", bound = 3 }
scope = { Broker = 2 }
verdict = "violated"
steps = 6

[fixed]
settings = { other = "some" }
scope = { Broker = 2, Record = 1 }
states = 1_521

[fixed.idle]
fetch = "there is none"
"""

FIXED = LABEL[LABEL.index("[fixed]") :]


def written(museum: Path, text: str, id: str = "R9") -> Path:
    folder = museum / id
    folder.mkdir()
    (folder / "case.toml").write_text(text, "utf-8")
    return folder


def test_label(tmp_path: Path) -> None:
    entry = read_entry(written(tmp_path, LABEL))
    assert (entry.id, entry.title, entry.story) == ("R9", "A title", "Two lines of text.")
    assert (entry.tickets, entry.catalogue) == (("KAFKA-1", "KIP-2"), ("R9",))
    assert (entry.kind, entry.nightly, entry.fixed_in) == (Kind.BUG, False, "3.0")
    chosen = {"fix": "false", "other": "some", "bound": "3"}
    assert entry.broken.side == Side("isr", chosen, {"Broker": 2})
    assert (entry.broken.verdict, entry.broken.steps) == (Shown.VIOLATED, 6)
    assert entry.fixed is not None
    assert entry.fixed.side == Side("isr", {"other": "some"}, {"Broker": 2, "Record": 1})
    assert (entry.fixed.states, entry.fixed.idle) == (1_521, {"fetch": "there is none"})
    assert entry.toggle == ("fix=false", "bound=3")
    assert entry.readme == ""


def test_the_fix_may_be_what_is_not_yet_in_kafka(tmp_path: Path) -> None:
    text = LABEL.replace('{ fix = false, other = "some", bound = 3 }', "{}")
    entry = read_entry(written(tmp_path, 'kind = "suspected"\n' + text))
    assert entry.toggle == ("not other=some",)


def test_a_limit_may_have_no_other_side(tmp_path: Path) -> None:
    text = 'kind = "limit"\n' + LABEL.partition("[fixed]")[0]
    entry = read_entry(written(tmp_path, text))
    assert (entry.kind, entry.fixed) == (Kind.LIMIT, None)
    assert entry.toggle == ("fix=false", "other=some", "bound=3")


def test_a_goal_that_is_never_reached(tmp_path: Path) -> None:
    text = LABEL.replace('"violated"\nsteps = 6', '"unreached"').replace("states = 1_521", "")
    entry = read_entry(written(tmp_path, text))
    assert entry.fixed is not None
    assert (entry.broken.steps, entry.fixed.states) == (None, None)


MISTAKES = [
    ("id =", "id", "R9/case.toml is not TOML"),
    ('"R9"', '"R8"', "R9/case.toml: id is R8, and the folder is R9"),
    ('title = "A title"', "", "R9/case.toml: title is missing"),
    ('"A title"', '" "', "title is not a text"),
    ('"KIP-2"]', "2]", "tickets is not a list of texts"),
    ("fixed_in", "fixedin", "nothing is called fixedin here; did you mean fixed_in?"),
    (FIXED, "", "[fixed] is missing"),
    ("steps = 6", "step = 6", "case.toml [broken]: nothing is called step here"),
    ("steps = 6", "", "case.toml [broken]: steps is missing"),
    ("steps = 6", "steps = -1", "steps is not a whole number from 0"),
    ("steps = 6", "steps = true", "steps is not a whole number from 0"),
    ('"violated"', '"wrong"', "verdict is none of violated, unreached"),
    ('"violated"', '"unreached"', "what is never reached takes no steps"),
    ('"violated"\nsteps = 6', '"unreached"', "leave out states"),
    ("fix = false", "fix = 1.5", "settings.fix is not the value of a setting"),
    ("Broker = 2 }", 'Broker = "2" }', "scope.Broker is not a whole number"),
    ("scope = { Broker = 2 }", "scope = 2", "case.toml [broken]: scope is not a table"),
    ("states = 1_521", 'states = 1\nverdict = "violated"', 'verdict can only be "holds"'),
    ('"there is none"', "true", "case.toml [fixed.idle]: fetch is not a text"),
    ("id =", "nightly = 1\nid =", "nightly is neither true nor false"),
    ("id =", 'kind = "error"\nid =', "kind is none of bug, limit, rule, suspected"),
]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_mistakes(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in LABEL
    folder = written(tmp_path, LABEL.replace(old, new, 1))
    with pytest.raises(MuseumError) as raised:
        read_entry(folder)
    assert message in str(raised.value)


def test_a_label_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "R9" / "case.toml").mkdir(parents=True)
    with pytest.raises(ToolError, match=r"cannot read .*case\.toml"):
        entries(tmp_path)


def test_entries_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for id in ("R10", "N1", "R9"):
        written(tmp_path, LABEL.replace("R9", id, 1), id)
    (tmp_path / "notes").mkdir()
    assert [entry.id for entry in entries(tmp_path)] == ["N1", "R9", "R10"]
    assert in_order("R9") < in_order("R10") < in_order("R52a")


def test_finding() -> None:
    one = read_entry(MUSEUM / "KIP-101")
    other = replace(one, id="R1", tickets=("KIP-101", "KAFKA-5"))
    both = (one, other)
    assert named("kip-101", both) == (one,), "an id comes before a ticket"
    assert named("r1", both) == (other,)
    assert named("KAFKA-1211", both) == (one,)
    assert named("kafka-5", both) == (other,)
    assert named("R2", both) == ()
    assert named("R1", (one, replace(other, id="R1a"))) == (one, replace(other, id="R1a"))
    assert choose(["R1", "KAFKA-1211", "R1"], both) == (other, one)
    with pytest.raises(MuseumError, match="no museum entry KIP-102; did you mean KIP-101"):
        choose(["KIP-102"], both)
    with pytest.raises(MuseumError, match="no museum entry XX; `splitbrain museum` lists them"):
        choose(["XX"], both)


def test_prose_is_filled_and_the_rest_is_kept() -> None:
    readme = (
        "# Heading\n\nSome words\nin lines.\n\n- an item\n  goes on\n- another\n\n    code  as is\n"
    )
    expected = ["Some words", "in lines.", "", "- an item", "  goes on", "- another", ""]
    assert prose_lines(readme, 11) == [*expected, "    code  as is"]


def test_numbered_items_code_and_links_are_filled_too() -> None:
    readme = (
        "# Heading\n\n1. One [page](a/b.md) here\n2. two\n\n`code` begins\nit\n\n```\nas  is\n```\n"
    )
    expected = ["1. One page", "   here", "2. two", "", "`code`", "begins it", ""]
    assert prose_lines(readme, 11) == [*expected, "```", "as  is", "```"]
