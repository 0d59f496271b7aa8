"""A cone leaves out a step only where the step invariants allow a step that changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.explicit.search import explore
from checker.ground.ground import ground
from checker.ir.model import Init, Model
from checker.lang.declare import declare
from checker.lang.lower import lower
from checker.semantics import reference
from checker.semantics.step import initial_state
from tests.ground.moving import Copying, Moving


def moving(name: str) -> Model:
    model = lower(declare(Moving))
    return replace(model, properties=tuple(p for p in model.properties if p.name == name))


LEFT_OUT = {
    "never_back": ("switch",),
    "always_on": (),
    "from_the_last": ("switch",),
    "length_is_read": (),
}


@pytest.mark.parametrize(("name", "dropped"), LEFT_OUT.items())
def test_what_is_left_out(name: str, dropped: tuple[str, ...]) -> None:
    assert ground(moving(name)).dropped_actions == dropped


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_cone_changes_no_verdict(name: str) -> None:
    model = moving(name)
    outcome = explore(ground(model), [initial_state(model)], stop_at_finding=False)
    expected = reference.explore(model, stop_at_finding=False)
    found = {(f.kind.value, f.property, len(f.steps)) for f in outcome.findings}
    assert found == {(f.kind, f.property, len(f.steps)) for f in expected.findings}


def test_a_new_value_may_seem_too_wide_for_its_cell() -> None:
    model = lower(declare(Copying))
    outcome = explore(ground(model), [initial_state(model)])
    assert [len(finding.steps) for finding in outcome.findings] == [3]


def test_of_several_initial_states_nothing_is_known() -> None:
    model = replace(moving("from_the_last"), init=Init("any", (), ()))
    assert ground(model).dropped_actions == ()
