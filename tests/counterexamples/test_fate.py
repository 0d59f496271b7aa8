"""A fate in words, beside the steps, and as a picture."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from checker.trace import Ending, Trace
from counterexamples.drawing.explanation import explanation_sections
from counterexamples.drawing.fate_curve import curve
from counterexamples.drawing.page import About, page
from counterexamples.explanation import Explanation
from counterexamples.fate import Fate, Outlook, fault_of, margin, sentences
from counterexamples.prevention import Prevention, Remedy

END = Outlook(0, True, 0, 0, 0, False, False)


def state(distance: int, open: int, closed: int, beyond: bool = True) -> Outlook:
    return Outlook(distance, True, open + closed, open, closed, open > 0, open > 0 or beyond)


def whole(*outlooks: Outlook) -> Fate:
    return Fate((*outlooks, END), states=25, steps=34, within=None, stop=None)


UNTIL_THE_LAST = whole(state(3, 2, 0), state(2, 4, 0), state(1, 2, 1))
SOONER = whole(state(3, 2, 1), state(2, 0, 2), state(1, 0, 1))
NOWHERE = whole(state(3, 0, 1, False), state(2, 0, 2, False), state(1, 0, 1, False))
OPEN = Outlook(None, False, 3, 1, 1, True, True)
DOUBTFUL = Outlook(2, True, 4, 0, 3, None, None)
PART = Fate((OPEN, DOUBTFUL, state(1, 0, 1), END), 2_000_000, 5_000_000, 7, "states")


def test_avoidable_until_the_last_step(trace: Trace) -> None:
    words = "avoidable until the last step: after step 2, 2 of 3 ways on avoided it"
    assert list(sentences(trace, UNTIL_THE_LAST)) == [words]


def test_only_within_the_scope(trace: Trace) -> None:
    assert list(sentences(trace, SOONER)) == [
        "from step 1 on, every run in this scope violates nothing_is_lost",
        "some of them could leave the scope: if that is a way out, avoidable until the last step",
    ]


def test_beyond_the_scope_for_some_steps(trace: Trace) -> None:
    fate = whole(state(3, 2, 1), state(2, 0, 2), state(1, 0, 1, False))
    assert list(sentences(trace, fate))[1].endswith("avoidable until step 2")


def test_never_avoidable(trace: Trace) -> None:
    assert list(sentences(trace, NOWHERE)) == [
        "from the beginning, every run in this scope violates nothing_is_lost",
        "no larger scope would help: none of these runs comes to where it ends",
    ]


def test_what_is_not_known_is_said(trace: Trace) -> None:
    assert (PART.perhaps_no_return, PART.no_return) == (1, 2)
    assert list(sentences(trace, PART)) == [
        "from step 2 on, every run in this scope violates nothing_is_lost",
        "some of them could leave the scope: if that is a way out, avoidable until the last step",
        "whether it could be avoided from step 1 on is not known",
        "only what is within 7 steps of the trace was looked at: 2,000,000 states, "
        "then stopped at --explain-states",
    ]


def test_nothing_is_said_to_be_avoidable_that_may_not_be(trace: Trace) -> None:
    fate = replace(PART, outlooks=(OPEN, DOUBTFUL, END))
    assert next(sentences(trace, fate)) == (
        "whether it could be avoided from step 1 on is not known"
    )


def test_initial_state(trace: Trace) -> None:
    assert list(sentences(trace, whole())) == ["the initial state has the fault"]


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (Ending.UNDEFINED_PROPERTY, "breaks nothing_is_lost"),
        (Ending.DEADLOCK, "ends in deadlock"),
        (Ending.UNDEFINED_STEP, "comes to an undefined step"),
    ],
)
def test_faults(trace: Trace, ending: Ending, words: str) -> None:
    states = trace.states[:-1] if ending is Ending.UNDEFINED_STEP else trace.states
    assert fault_of(replace(trace, ending=ending, states=states)) == words


def test_margin() -> None:
    assert margin(UNTIL_THE_LAST).heading == "ways out"
    assert margin(UNTIL_THE_LAST).texts == ["4/4", "2/3", "–"]
    assert margin(PART).heading == "left · out"
    assert margin(PART).texts == ["2 · 0–1/4", "1 · 0/1", "–"]


def test_curve_has_a_bar_for_each_state() -> None:
    drawn = ElementTree.fromstring(curve(SOONER))
    links = [one for one in drawn.iter("a")]
    assert [one.get("href") for one in links] == ["#step=0", "#step=1", "#step=2", "#step=3"]
    heights = [
        {part.get("class"): float(part.get("height", "0")) for part in one.findall("rect")[1:]}
        for one in links
    ]
    third = 70 / 3
    assert [list(one) for one in heights] == [["shut", "open"], ["shut"], ["shut"], []]
    assert heights[0]["open"] == pytest.approx(2 * third, abs=0.1)
    assert heights[1]["shut"] == pytest.approx(2 * third, abs=0.1)
    title = drawn.find("svg/title")
    assert title is not None
    assert title.text == (
        "Ways on that avoid it: in the beginning 2/3, after step 1 0/2, after step 2 0/1"
    )


def test_curve_shows_the_point_of_no_return() -> None:
    assert "point of no return" in curve(SOONER)
    assert "point of no return" not in curve(UNTIL_THE_LAST)


def test_curve_has_a_line_where_the_distance_tells_more() -> None:
    assert "polyline" in curve(PART)
    assert "polyline" not in curve(SOONER)
    assert "unknown" in curve(PART)


def test_sections_of_a_page(trace: Trace) -> None:
    remedy = Remedy((("acks", "all"),), 19, (), (), True)
    told = Explanation(SOONER, Prevention((remedy,), 1, (), 0, None, ()))
    inevitable, fix = explanation_sections(trace, told)
    assert inevitable.paragraphs[0].startswith("From step 1 on, every run")
    assert fix.paragraphs == ("`acks=all` holds in this scope (19 states).",)
    written = page(trace, About(sections=(inevitable, fix)))
    assert "<code>acks=all</code> holds" in written
    assert 'class="picture fate"' in written


def test_what_is_missing_is_said(trace: Trace) -> None:
    (section,) = explanation_sections(trace, Explanation(None, None, "interrupted"))
    assert section.paragraphs == ("Interrupted.",)
