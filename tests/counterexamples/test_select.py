from __future__ import annotations

import pytest

from checker.trace import Trace
from counterexamples.select import selected


@pytest.mark.parametrize(
    ("only", "hide", "left"),
    [
        ([], [], ["log", "leader", "isr", "messages", "role", "latest", "clean"]),
        (["isr", "log"], [], ["log", "isr"]),
        ([], ["role", "log"], ["leader", "isr", "messages", "latest", "clean"]),
        (["isr", "log"], ["log"], ["isr"]),
    ],
)
def test_selected(trace: Trace, only: list[str], hide: list[str], left: list[str]) -> None:
    found = selected(trace, only, hide)
    assert [name for name, _ in found.variables] == left
    names = [name for name, _ in trace.variables]
    for state, whole in zip(found.states, trace.states, strict=True):
        assert state == tuple(whole[names.index(name)] for name in left)
    assert found.steps == trace.steps
