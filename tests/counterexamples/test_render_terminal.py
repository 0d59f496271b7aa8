from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from checker.trace import Ending, Trace
from counterexamples.paint import Paint
from counterexamples.render_terminal import headline, one_step, steps_table, whole

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


def test_colour_adds_only_colour(trace: Trace) -> None:
    coloured = steps_table(trace, 80, Paint(colour=True))
    assert any("\x1b[" in line for line in coloured)
    assert [re.sub(r"\x1b\[[\d;]*m", "", line) for line in coloured] == steps_table(
        trace, 80, PLAIN
    )
