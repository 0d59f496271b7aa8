"""A spec in a person's hands: `with running(...)`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated

import pytest

from checker import LeftScope, NotEnabled, Range, Undefined, action, require, running
from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.runtime import active_scope
from tests.semantics.corners import Broker, Colour, Corners
from tests.semantics.kafka_isr import KafkaIsr, Replica


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("level", True, "S035: expected 0..3, got True of class bool"),
        ("level", "1", "S035: expected 0..3, got '1' of class str"),
        ("log", [True], "S035: expected ⟨bool⟩≤1@Sent, got [True] of class list"),
        ("leader", Colour.RED, "S035: expected Broker, got <Colour.RED: 'z'> of class Colour"),
        ("colours", {Colour.RED}, "S035: expected {Colour}, got {<Colour.RED: 'z'>} of class set"),
        ("levels", 1, "S036: `levels` is not a variable of Corners"),
        ("strict", True, "S036: `strict` is not a variable of Corners"),
    ],
)  # fmt: skip
def test_assignments_that_are_not_in_the_language(name: str, value: object, message: str) -> None:
    with running(Corners) as spec:
        with pytest.raises(SpecError) as raised:
            setattr(spec, name, value)
    assert f"{raised.value.code}: {raised.value.message}" == message


def test_a_person_runs_a_spec() -> None:
    with running(KafkaIsr, scope={"Replica": 3}) as spec:
        one, two, _ = Replica
        spec.elect(one)
        spec.learn(one)
        assert spec.leads(one)
        spec.write(one)
        assert spec.log == {one: (1,), two: (), Replica[2]: ()}
        with pytest.raises(NotEnabled):
            spec.fetch(two, one)
        spec.learn(two)
        spec.fetch(two, one)
        assert spec.log[two] == (1,)
        assert repr(spec.isr) == "{r1, r2, r3}"
    assert active_scope() is None


def test_an_action_happens_entirely_or_not_at_all() -> None:
    with running(Corners, strict=True) as spec:
        assert spec.strict
        with pytest.raises(NotEnabled):
            spec.disabled()
        assert spec.level == 0
        with pytest.raises(LeftScope, match="Epoch"):
            spec.cut_by_epoch()
        with pytest.raises(IndexError):
            spec.undefined_index()
        with pytest.raises(Undefined, match="4 is outside"):
            spec.undefined_above()
        spec.fires_in_budget()
        spec.level = 1
        with pytest.raises(LeftScope, match="Crash"):
            spec.fires_in_budget()
        assert spec.level == 1
        assert spec.ends == {Broker[0]: 0, Broker[1]: 0}


class _AbstractRing(KafkaIsr, ABC):
    @abstractmethod
    def limit(self) -> int:
        """How often `tick` may happen."""

    ticks: Annotated[int, Range(0, 3)]

    @action
    def tick(self) -> None:
        """Count."""
        require(self.ticks < self.limit())
        self.ticks += 1


class _Ring(_AbstractRing):
    def limit(self) -> int:
        """Twice."""
        return 2


def test_abstract_bases_of_python_are_welcome() -> None:
    with running(_Ring) as spec:
        spec.tick()
        spec.tick()
        with pytest.raises(NotEnabled):
            spec.tick()
        assert spec.ticks == 2
    with pytest.raises(SpecError, match="_AbstractRing leaves limit abstract"):
        declare(_AbstractRing)
