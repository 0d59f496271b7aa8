"""A walk is what the spec itself does: step by step, as far as the steps can be taken."""

from __future__ import annotations

from typing import Any

import pytest

from checker.explore.walk import MOST_STEPS, MalformedWalk, Walk, step_to_json, take, trace_of
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from checker.trace import Ending, Trace
from counterexamples.file import from_document, read, to_document
from counterexamples.museum_cases import MUSEUM, read_entry
from counterexamples.recheck import recheck

CALLED = [["call", "n1"], ["call", "n2"]]


def walk(prepared: Prepared, *items: Any) -> Walk:
    return take(prepared, prepared.semantics.initial(), items)


def test_steps_are_taken_in_turn(ward: Prepared) -> None:
    taken = walk(ward, *CALLED)
    assert [str(step) for step in taken.steps] == ["call(n1)", "call(n2)"]
    assert len(taken.states) == 3
    assert taken.halt is None


def test_a_step_is_written_as_it_is_read(ward: Prepared) -> None:
    assert [step_to_json(step) for step in walk(ward, *CALLED).steps] == CALLED


@pytest.fixture(scope="module")
def kept() -> tuple[Trace, Walk]:
    """A trace of the museum, and the walk that it is."""
    trace = read(MUSEUM / "R9" / "trace.json")
    prepared = prepare(load(trace.spec), trace.settings, trace.scope)
    return trace, walk(prepared, *map(step_to_json, trace.steps))


def test_a_kept_trace_is_a_walk(kept: tuple[Trace, Walk]) -> None:
    trace, taken = kept
    assert taken.states == trace.states
    assert taken.steps == trace.steps


@pytest.mark.parametrize(
    ("items", "step", "reason"),
    [
        ([["come", "n1"]], "come(n1)", "it needs nurse in self.called ("),
        ([["call", "n1"], ["call", "n1"]], "call(n1)", "called is {n1}"),
        ([["strike"], ["strike"]], "strike()", "Hour=1 cuts it"),
        ([["win"]], "win", "it may happen 0 times: Luck=0"),
        ([["doze", "n2"]], "doze(n2)", "strict is true"),
    ],
)
def test_a_walk_halts_where_it_is_blocked(
    ward: Prepared, items: list[Any], step: str, reason: str
) -> None:
    taken = walk(ward, *items)
    assert len(taken.steps) == len(items) - 1
    assert taken.halt is not None
    assert taken.halt.step == step
    assert reason in taken.halt.reason


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([["sleep"]], "step 1: Ward has no action sleep"),
        (["call"], "step 1 is not an action with its arguments"),
        ([[]], "step 1 is not an action with its arguments"),
        ([[7]], "step 1 is not an action with its arguments"),
        ([["strike"], ["call"]], "step 2: call takes 1 arguments, not 0"),
        ([["call", "n3"]], "step 1: call: 'n3' is not a value of Nurse"),
        ([["call", 1]], "step 1: call: 1 is not a value of Nurse"),
        ([["call", ["n1"]]], "step 1: call: ['n1'] is not a value of Nurse"),
        ([["strike"]] * (MOST_STEPS + 1), f"it has 501 steps; {MOST_STEPS} are the most"),
    ],
)
def test_what_is_no_walk_is_refused(ward: Prepared, items: list[Any], message: str) -> None:
    with pytest.raises(MalformedWalk) as raised:
        walk(ward, *items)
    assert str(raised.value) == message


def test_an_undefined_step_is_the_last(ward: Prepared) -> None:
    past = [["call", "n1"], ["come", "n1"], ["look"]]
    taken = walk(ward, *past)
    assert len(taken.states) == len(taken.steps) == 3
    assert taken.undefined.startswith("tuple index out of range (")
    with pytest.raises(MalformedWalk, match="step 4 comes after a step that is undefined"):
        walk(ward, *past, ["strike"])


def test_a_walk_has_its_beginnings(ward: Prepared) -> None:
    taken = walk(ward, ["call", "n1"], ["come", "n1"], ["look"])
    assert taken.until(3) is taken
    assert taken.until(1) == walk(ward, ["call", "n1"])
    assert taken.until(2).undefined == ""


@pytest.mark.parametrize(
    ("items", "about", "ending", "property"),
    [
        ([], None, Ending.WALK, None),
        ([["strike"]], None, Ending.WALK, None),
        (CALLED, None, Ending.VIOLATED, "never_two"),
        ([["call", "n1"], ["come", "n1"]], None, Ending.REACHED, "somebody_came"),
        ([["call", "n1"], ["come", "n1"], *CALLED], None, Ending.VIOLATED, "never_two"),
        ([["call", "n1"], ["come", "n1"], *CALLED], "somebody_came", Ending.VIOLATED, "never_two"),
        ([["call", "n1"], ["come", "n1"], ["look"]], None, Ending.UNDEFINED_STEP, None),
    ],
)
def test_a_trace_ends_as_its_last_state_deserves(
    ward: Prepared, items: list[Any], about: str | None, ending: Ending, property: str | None
) -> None:
    trace = trace_of(walk(ward, *items), about)
    assert (trace.ending, trace.property) == (ending, property)
    assert recheck(ward.model, ward.semantics, trace) is None
    assert from_document(to_document(trace)) == trace


def test_a_state_without_successor_is_a_deadlock(stuck: Prepared) -> None:
    assert trace_of(walk(stuck, ["finish"]), None).ending is Ending.DEADLOCK


def test_a_chosen_property_comes_before_the_others(kept: tuple[Trace, Walk]) -> None:
    trace, taken = kept
    assert trace_of(taken, None).property == "known_ends_are_true"
    assert trace_of(taken, trace.property).property == trace.property


def test_the_same_steps_with_the_fix_halt_at_the_guard_that_mends() -> None:
    entry = read_entry(MUSEUM / "R5")
    assert entry.fixed is not None
    side, trace = entry.fixed.side, read(entry.trace_file)
    mended = prepare(load(side.spec), side.settings, side.scope)
    taken = walk(mended, *map(step_to_json, trace.steps))
    assert taken.halt is not None
    assert taken.halt.step == "truncate_to_epoch_end(b3, b1)"
    assert "truncation_epoch_check is true" in taken.halt.reason
