from __future__ import annotations

import pytest

from checker.ir.types import (
    BOOL,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.trace import Trace
from counterexamples.diff import changes

SMALL = IntType(0, 9)
BROKER = SortType("Broker", 3, "b")
PAIR = RecordType("Pair", (("x", SMALL), ("y", BOOL)))
RECORD = RecordType("Record", (("id", SMALL), ("epoch", SMALL)))

CASES: list[tuple[Type, object, object, list[str]]] = [
    (SMALL, 1, 1, []),
    (SMALL, 1, 2, ["v: 1 → 2"]),
    (OptionType(SMALL), None, 2, ["v: none → 2"]),
    (OptionType(PAIR), (1, False), (1, True), ["v.y: false → true"]),
    (OptionType(PAIR), None, (1, True), ["v: none → (x=1 y=true)"]),
    (PAIR, (1, False), (2, True), ["v.x: 1 → 2", "v.y: false → true"]),
    (TupleType(SMALL, 3), (1,), (1, 2), ["v: ⟨1⟩ → ⟨1, 2⟩"]),
    (SetType(BROKER), frozenset({0, 1}), frozenset({0}), ["v: {b1, b2} → {b1}"]),
    (TupleType(PAIR, 3), ((1, False),), ((1, False), (2, True)), ["v: +(x=2 y=true)"]),
    (TupleType(RECORD, 3), ((1, 0),), ((1, 0), (2, 1)), ["v: ⟨r1·e0⟩ → ⟨r1·e0 r2·e1⟩"]),
    (OptionType(PAIR), (1, True), None, ["v: (…) → none"]),
    (OptionType(BROKER), 1, None, ["v: b2 → none"]),
    (SetType(PAIR), frozenset({(1, True)}), frozenset({(2, True)}),
     ["v: +(x=2 y=true) −(x=1 y=true)"]),
    (MapType(BROKER, SMALL), (0, 1, 2), (0, 5, 6), ["v[b2]: 1 → 5", "v[b3]: 2 → 6"]),
    (MapType(BROKER, MapType(BOOL, SMALL)), ((0, 0),) * 3, ((0, 0), (0, 1), (0, 0)),
     ["v[b2][true]: 0 → 1"]),
    (MapType(BROKER, PAIR), ((0, False),) * 3, ((0, False), (0, False), (4, False)),
     ["v[b3].x: 0 → 4"]),
]  # fmt: skip


@pytest.mark.parametrize(("type", "before", "after", "expected"), CASES)
def test_what_changed(type: Type, before: object, after: object, expected: list[str]) -> None:
    found = changes((("v", type),), (before,), (after,))  # type: ignore[arg-type]
    assert [str(change) for change in found] == expected


def test_only_the_variables_that_changed_are_named(trace: Trace) -> None:
    places = [change.place for change in changes(trace.variables, *trace.states[2:])]
    assert places == ["log[b2]", "isr", "messages", "clean"]
