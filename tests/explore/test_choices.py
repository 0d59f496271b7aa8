"""What can happen next is what the spec does, and each step that cannot has its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.explore.choices import MOST_SHOWN, Choices, choices
from checker.explore.walk import take
from checker.ir.values import State
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from checker.semantics.step import Cut, Disabled, Fired, UndefinedStep
from counterexamples.guards import blocking

CORNERS = Path(__file__).with_name("specs") / "corners.py"


def state_after(prepared: Prepared, *items: Any) -> State:
    taken = take(prepared, prepared.semantics.initial(), items)
    assert taken.halt is None, taken.halt
    return taken.states[-1]


def of(prepared: Prepared, name: str, *items: Any) -> Choices:
    found = choices(prepared, state_after(prepared, *items))
    return next(one for one in found if one.action.name == name)


def test_actions_stand_in_source_order(ward: Prepared) -> None:
    found = choices(ward, ward.semantics.initial())
    names = ["call", "come", "strike", "doze", "look", "leave"]
    assert [one.action.name for one in found] == names


def test_open_steps_have_the_state_after_them(ward: Prepared) -> None:
    first, second = of(ward, "call").open
    assert str(first.step) == "call(n1)"
    assert first.after == state_after(ward, ["call", "n1"])
    assert str(second.step) == "call(n2)"


def test_a_guard_is_told_with_what_it_reads(ward: Prepared) -> None:
    (blocked,) = of(ward, "call", ["call", "n2"]).blocked
    assert blocked.guard.text == "nurse not in self.called and not self.asleep[nurse]"
    lines = CORNERS.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "require(nurse not in" in line)
    assert blocked.guard.place.endswith(f"corners.py:{number}")
    ((step, guard),) = blocked.steps
    assert str(step) == "call(n2)"
    # Of two conditions, only the one that is false is told.
    assert guard.reads == (("called", "{n2}"),)


def test_a_place_that_depends_on_the_arguments_is_told_for_each() -> None:
    slack = prepare(load(f"{CORNERS}:Ward"), {"strict": "false"}, {})
    (blocked,) = of(slack, "call", ["doze", "n1"]).blocked
    ((_, guard),) = blocked.steps
    assert guard.reads == (("asleep[n1]", "true"),)


def test_what_a_quantifier_reads_is_told_whole(ward: Prepared) -> None:
    (blocked,) = of(ward, "leave", ["call", "n1"]).blocked
    assert dict(blocked.guard.reads) == {"asleep": "[n1: false, n2: false]", "called": "{n1}"}


def test_a_set_to_draw_from_may_be_empty(ward: Prepared) -> None:
    found = of(ward, "come")
    (blocked,) = found.blocked
    assert (found.blocked_count, blocked.steps) == (0, ())
    assert blocked.guard.text == "nurse in self.called"
    assert blocked.guard.reads == (("called", "{}"),)


def test_a_setting_is_told(ward: Prepared) -> None:
    (blocked,) = of(ward, "doze").blocked
    assert blocked.guard.reads == (("strict", "true"),)
    assert len(blocked.steps) == 2


def test_cut_stuttering_and_undefined_steps(ward: Prepared) -> None:
    ((scope, steps),) = of(ward, "strike", ["strike"]).cut
    assert (scope, [str(step) for step in steps]) == ("Hour", ["strike()"])
    assert [str(step) for step in of(ward, "leave").stuttering] == ["leave()"]
    (undefined,) = of(ward, "look", ["call", "n1"], ["come", "n1"]).open
    assert undefined.after is None
    assert undefined.why.startswith("tuple index out of range")


def test_a_filter_chooses_by_the_words_of_a_step(ward: Prepared) -> None:
    found = choices(ward, ward.semantics.initial(), "CALL(n2")
    assert [[str(one.step) for one in of_action.open] for of_action in found] == [["call(n2)"]]
    assert [one.action.name for one in choices(ward, ward.semantics.initial(), "om")] == ["come"]


def test_many_steps_are_cut_short_and_counted() -> None:
    many = prepare(load("toys.two_phase_commit"), {}, {"Manager": 100})
    found = next(one for one in choices(many, many.semantics.initial()) if one.open_count == 100)
    assert len(found.open) == MOST_SHOWN
    (only,) = choices(many, many.semantics.initial(), "prepare(m100)")
    assert [str(one.step) for one in only.open] == ["prepare(m100)"]


def reached(prepared: Prepared, most: int) -> Iterator[State]:
    seen = {prepared.semantics.initial(): None}
    frontier = list(seen)
    while frontier and len(seen) < most:
        state = frontier.pop(0)
        yield state
        for _, _, outcome in prepared.semantics.steps(state):
            if isinstance(outcome, Fired) and outcome.state not in seen:
                seen[outcome.state] = None
                frontier.append(outcome.state)


@pytest.mark.parametrize("name", ["isr", "published.kip101", "toys.two_phase_commit"])
def test_every_step_is_accounted_for_in_states_that_can_be_reached(name: str) -> None:
    prepared = prepare(load(name), {}, {})
    known = {action.name for action in prepared.model.actions}
    for state in list(reached(prepared, 60))[::6]:
        tried = [one for one in prepared.semantics.steps(state) if one[0] in known]
        found = choices(prepared, state)
        count = sum(isinstance(outcome, Disabled) for _, _, outcome in tried)
        assert sum(one.blocked_count for one in found) == count
        assert sum(len(b.steps) for one in found for b in one.blocked) == count
        moves = [o for *_, o in tried if o != Fired(state) and isinstance(o, Fired | UndefinedStep)]
        assert sum(one.open_count for one in found) == len(moves)
        cut = sum(isinstance(outcome, Cut) for *_, outcome in tried)
        assert sum(len(steps) for one in found for _, steps in one.cut) == cut


def test_a_guard_that_is_true_blocks_nothing(ward: Prepared) -> None:
    action = ward.model.action("call")
    with pytest.raises(StopIteration):
        blocking(ward.model, action, (0,), ward.semantics.initial())
