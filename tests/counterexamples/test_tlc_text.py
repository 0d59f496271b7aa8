from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from checker.ir.expr import Span
from checker.ir.model import PropertyKind
from checker.trace import Ending, Trace
from counterexamples.forms.tlc_text import tlc_text


def test_the_text_is_pinned(trace: Trace, golden: Callable[[str, str], None]) -> None:
    golden("trace.tlc.txt", tlc_text(trace, {"elect": Span("specs/isr.py", 39, 4, 43, 20)}))


ENDINGS = [
    (Ending.REACHED, "Error: Invariant ~nothing_is_lost is violated."),
    (Ending.UNDEFINED_PROPERTY, "Error: Evaluating invariant nothing_is_lost failed."),
    (Ending.DEADLOCK, "Error: Deadlock reached."),
    (Ending.WALK, "Error: Nothing: this is a walk."),
]


@pytest.mark.parametrize(("ending", "line"), ENDINGS)
def test_every_ending_has_its_words(trace: Trace, ending: Ending, line: str) -> None:
    found = tlc_text(replace(trace, ending=ending), {})
    assert found.startswith(line)


def test_an_undefined_step_has_no_state_after_it(trace: Trace) -> None:
    ended = replace(
        trace, ending=Ending.UNDEFINED_STEP, property=None, kind=None, states=trace.states[:-1]
    )
    assert "The error occurred in tick." in tlc_text(ended, {})
    assert tlc_text(ended, {}).count("State ") == 3


def test_a_step_invariant_is_an_action_property(trace: Trace) -> None:
    found = tlc_text(replace(trace, kind=PropertyKind.STEP_INVARIANT), {})
    assert found.startswith("Error: Action property nothing_is_lost is violated.\n")
