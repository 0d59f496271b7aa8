"""A trace made by hand, with every kind of value in it."""

from __future__ import annotations

import pytest

from checker.ir.model import PropertyKind
from checker.ir.types import (
    BOOL,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.trace import Argument, Ending, Step, Trace

BROKER = SortType("Broker", 2, "b")
EPOCH = IntType(0, 2, "Epoch")
RECORD = RecordType("Record", (("id", IntType(0, 3)), ("epoch", EPOCH)))
MESSAGE = RecordType("Message", (("to", BROKER), ("epoch", EPOCH)))
VARIABLES: tuple[tuple[str, Type], ...] = (
    ("log", MapType(BROKER, TupleType(RECORD, 2, "Record"))),
    ("leader", OptionType(BROKER)),
    ("isr", SetType(BROKER)),
    ("messages", SetType(MESSAGE, 3, "Message")),
    ("role", MapType(BROKER, EnumType("Role", ("FOLLOWER", "LEADER")))),
    ("latest", RECORD),
    ("clean", BOOL),
)


def step(action: str, **given: tuple[Type, object]) -> Step:
    arguments = (Argument(name, type, value) for name, (type, value) in given.items())  # type: ignore[arg-type]
    return Step(action, tuple(arguments))


@pytest.fixture
def trace() -> Trace:
    both = frozenset({0, 1})
    none: frozenset[object] = frozenset()
    states = (
        (((), ()), None, both, none, (0, 0), (0, 0), True),
        (((), ()), 0, both, frozenset({(1, 1)}), (1, 0), (0, 0), True),
        ((((1, 1),), ()), 0, both, frozenset({(1, 1)}), (1, 0), (1, 1), True),
        ((((1, 1),), ((1, 1),)), 0, frozenset({1}), none, (1, 0), (1, 1), False),
    )
    return Trace(
        spec="replication",
        settings={"truncation": "high_watermark"},
        scope={"Broker": 2, "Record": 2, "Epoch": 2, "Message": 3},
        variables=VARIABLES,
        property="nothing_is_lost",
        kind=PropertyKind.INVARIANT,
        ending=Ending.VIOLATED,
        message="",
        states=states,  # type: ignore[arg-type]
        steps=(
            step("elect", broker=(BROKER, 0)),
            step("write", record=(RECORD, (1, 1)), leader=(BROKER, 0)),
            step("tick"),
        ),
    )
