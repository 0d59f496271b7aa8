from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from checker.trace import Ending, Trace
from counterexamples.paint import Paint
from counterexamples.render_terminal import (
    Margin,
    end_lines,
    header_lines,
    headline,
    one_step,
    steps_table,
    whole,
)
from counterexamples.why.answer import Fact, Since, Why

PLAIN = Paint()


def text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("width", [60, 80, 140])
def test_steps(trace: Trace, golden: Callable[[str, str], None], width: int) -> None:
    lines = steps_table(trace, width, PLAIN)
    assert max(map(len, lines)) <= width
    golden(f"steps_{width}.txt", text(lines))


def test_whole_states(trace: Trace, golden: Callable[[str, str], None]) -> None:
    golden("whole.txt", text(whole(trace, 80, PLAIN)))


def test_one_step(trace: Trace, golden: Callable[[str, str], None]) -> None:
    golden("one_step.txt", text(one_step(trace, 3, trace.steps[2], 80, PLAIN)))


def undefined(trace: Trace) -> Trace:
    return replace(
        trace,
        states=trace.states[:-1],
        property=None,
        kind=None,
        ending=Ending.UNDEFINED_STEP,
        message="index 3 is past the end (replication.py:41:25)",
    )


def test_an_undefined_step_says_why(trace: Trace) -> None:
    *_, last = steps_table(undefined(trace), 100, PLAIN)
    assert last.split(maxsplit=2)[2] == (
        "undefined: index 3 is past the end (replication.py:41:25)"
    )


def test_headlines(trace: Trace) -> None:
    assert headline(trace) == "violated after 3 steps"
    assert headline(undefined(trace)) == "undefined at step 3"
    one = replace(trace, states=trace.states[:2], steps=trace.steps[:1], ending=Ending.REACHED)
    assert headline(one) == "reached after 1 step"
    assert headline(replace(one, ending=Ending.UNDEFINED_PROPERTY)) == "undefined after 1 step"
    none = replace(trace, states=trace.states[:1], steps=())
    assert headline(none) == "violated in the initial state"
    stuck = replace(trace, ending=Ending.DEADLOCK, property=None, kind=None)
    assert headline(stuck) == "deadlock after 3 steps"


WHY = Why(
    facts=(Fact("", Since(2, "write"), ("log[b1]",)), Fact("", Since(0, "from the start"))),
    needless=frozenset({1}),
)


def test_what_the_explanation_cites_is_marked(trace: Trace) -> None:
    _, first, second, third, note = steps_table(trace, 140, PLAIN, why=WHY)
    assert first.startswith("   · 1  b1")
    assert second.startswith("   ▸ 2  b1")
    assert third.startswith("     3  ")
    assert note.strip() == "· not needed: without these steps the rest ends so, too"
    coloured = steps_table(trace, 140, Paint(colour=True), why=WHY)
    assert "\x1b[1;31mlog[b1]\x1b[0m: ⟨⟩ → ⟨r1·e1⟩" in coloured[2]
    assert "\x1b[1;31m" not in "".join(coloured[:2] + coloured[3:])
    assert "\x1b[2melect(b1)" in coloured[1]


def test_margin(trace: Trace) -> None:
    heading, *rows = steps_table(
        trace, 160, PLAIN, margin=Margin("way out", ["all", "2 of 3", "none"])
    )
    at = heading.index("way out")
    assert [row[at : at + 9].strip() for row in rows] == ["all", "2 of 3", "none"]
    assert all(row[at - 2 : at] == "  " for row in rows)


def test_nobody_acts(trace: Trace) -> None:
    ticks = replace(trace, states=trace.states[:2], steps=(trace.steps[2],))
    assert "acting" not in steps_table(ticks, 80, PLAIN)[0]


def test_what_seldom_matters_comes_last_and_budgets_are_left_out(trace: Trace) -> None:
    names = {"log": "cached_epoch", "leader": "budget.Election"}
    renamed = replace(
        trace, variables=tuple((names.get(name, name), type) for name, type in trace.variables)
    )
    _, first, second, *_ = steps_table(renamed, 140, PLAIN)
    assert "budget" not in first
    assert second.endswith("latest.epoch: 0 → 1   cached_epoch[b1]: ⟨⟩ → ⟨r1·e1⟩")
    assert "budget.Election: none → b1" in one_step(renamed, 1, trace.steps[0], 80, PLAIN)[1]


def test_logs_at_the_end(trace: Trace) -> None:
    assert end_lines(trace, 80, PLAIN) == [
        "",
        "   log    0",
        "     b1   r1·e1",
        "     b2   r1·e1",
    ]


def test_settings_that_are_as_by_default_are_counted(trace: Trace) -> None:
    defaults = {"truncation": "high_watermark"}
    assert "truncation=high_watermark" in header_lines(trace, 100, PLAIN)[0]
    assert "(1 setting as by default)" in header_lines(trace, 100, PLAIN, defaults)[0]
    assert "truncation" not in header_lines(trace, 100, PLAIN, defaults)[0]


def test_colour_adds_only_colour(trace: Trace) -> None:
    coloured = steps_table(trace, 80, Paint(colour=True))
    assert any("\x1b[" in line for line in coloured)
    assert [re.sub(r"\x1b\[[\d;]*m", "", line) for line in coloured] == steps_table(
        trace, 80, PLAIN
    )
