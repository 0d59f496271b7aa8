from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from checker import LeftScope, NotEnabled, Undefined, running
from checker.lang.load import load
from checker.testing import enabled, refused, undefined

ACKS = load("tests/cli/specs/acks.py").spec
FAULTS = "tests/cli/specs/faults.py"


@pytest.fixture
def spec() -> Iterator[Any]:
    with running(ACKS, scope={"Epoch": 1}) as running_spec:
        yield running_spec


def brokers() -> list[Any]:
    return list(vars(ACKS)["elect"].__globals__["Broker"])


def test_a_disabled_step_is_refused(spec: Any) -> None:
    with refused():
        spec.append(brokers()[0])


def test_a_step_that_happens_is_not_refused(spec: Any) -> None:
    with pytest.raises(AssertionError, match="should have been refused"), refused():
        spec.elect(brokers()[0])


def test_the_end_of_the_scope_is_no_refusal(spec: Any) -> None:
    b1, b2 = brokers()
    spec.elect(b1)
    with pytest.raises(LeftScope), refused():
        spec.elect(b2)


def test_undefined() -> None:
    with running(load(f"{FAULTS}:PastTheEnd").spec) as spec:
        with pytest.raises(AssertionError, match="has a value"), undefined():
            spec.read_next()
        spec.read_next()
        with undefined():
            spec.read_next()
        with undefined():
            raise Undefined("7 is outside 0..3")
        with pytest.raises(NotEnabled), undefined():
            raise NotEnabled
        with pytest.raises(AttributeError), undefined():
            spec.read_all()


def test_enabled_steps(spec: Any) -> None:
    b1, _ = brokers()
    assert enabled(spec) == ["elect(b1)", "elect(b2)", "tick()"]
    spec.elect(b1)
    assert enabled(spec) == ["elect(b2)", "append(b1)", "tick()"], "the scope's end counts"


def test_nothing_is_enabled_in_a_deadlock() -> None:
    with running(load(f"{FAULTS}:Stuck").spec) as spec:
        spec.increment()  # type: ignore[attr-defined]
        assert enabled(spec) == ["increment()"]
        spec.increment()  # type: ignore[attr-defined]
        assert enabled(spec) == []


def test_budgets_are_counted() -> None:
    """As a check counts them: a used budget is where only the scope ends."""
    with running(load("isr").spec, scope={"Broker": 2, "Record": 1, "Election": 0}) as spec:
        assert "elect(b2)" in enabled(spec)


def test_a_copy_is_a_state_of_its_own() -> None:
    with running(load("isr").spec, scope={"Broker": 2}) as spec:
        before: Any = deepcopy(spec)
        b1 = next(iter(before.log))
        spec.produce(b1)  # type: ignore[attr-defined]
        assert before.log[b1] == ()
        assert len(spec.log[b1]) == 1  # type: ignore[attr-defined]
        before.produce(b1)
        assert before.log == spec.log  # type: ignore[attr-defined]
