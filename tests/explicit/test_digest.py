"""The digest of the state graph, compared with the same sums in plain Python."""

from __future__ import annotations

import pytest

from checker.explicit import search
from checker.explicit.digest import MULTIPLIERS, SEEDS, step_key
from checker.explicit.layout import MASK, layout
from checker.explicit.search import explore
from checker.ground.ground import ground
from checker.ground.model import GroundModel
from checker.ir.model import Model
from checker.lang.load import load
from checker.prepare import prepare
from checker.semantics.reference import explore as reference
from checker.semantics.step import initial_state, successors

SPECS: list[tuple[str, dict[str, int]]] = [
    ("toys.die_hard", {}),
    ("toys.two_phase_commit", {"Manager": 2}),
    ("transactions", {}),
]


def mixed(seed: int, words: list[int]) -> int:
    first, second = (multiplier & MASK for multiplier in MULTIPLIERS)
    value = seed & MASK
    for word in words:
        value = (value ^ word) * first & MASK
        value = (value ^ value >> 32) * second & MASK
        value ^= value >> 29
    return value


def total(rows: list[list[int]]) -> str:
    sums = [sum(mixed(seed, row) for row in rows) & MASK for seed in SEEDS]
    return "".join(f"{lane:016x}" for lane in sums)


def made(name: str, scope: dict[str, int]) -> tuple[Model, GroundModel]:
    model = prepare(load(name), {}, scope).model
    return model, ground(model, None, False)


@pytest.mark.parametrize(("name", "scope"), SPECS[:2])
def test_it_is_the_sum_of_all_states_and_steps(name: str, scope: dict[str, int]) -> None:
    model, grounded = made(name, scope)
    initial = initial_state(model)
    found = explore(grounded, [initial], stop_at_finding=False, digest=True).graph
    assert found is not None
    places = layout(grounded.cells)
    states = reference(model, stop_at_finding=False).states
    packed = {state: list(places.pack(grounded.codec.to_cells(state))) for state in states}
    keys = {(step.action, step.arguments): step_key(step) for step in grounded.steps}
    steps = [
        [*packed[before], keys[action.name, chosen], *packed[after]]
        for before in states
        for action, chosen, after in successors(model, before)
    ]
    assert found["states"] == total(list(packed.values()))
    assert found["steps"] == total(steps)


def test_the_order_of_discovery_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    model, grounded = made(*SPECS[2])
    initial = initial_state(model)
    assert layout(grounded.cells, fold=True).left > 0
    whole = explore(grounded, [initial], digest=True).graph
    assert explore(grounded, [initial], digest=True, fold=True).graph == whole
    monkeypatch.setattr(search, "CHUNK_STATES", 7)
    assert explore(grounded, [initial], digest=True).graph == whole
    backwards = GroundModel(
        grounded.cells, grounded.steps[::-1], grounded.properties, grounded.scopes, (), (),
        grounded.codec,
    )  # fmt: skip
    assert explore(backwards, [initial], digest=True).graph == whole


def test_another_graph_has_another_digest() -> None:
    model, grounded = made(*SPECS[1])
    initial = initial_state(model)
    whole = explore(grounded, [initial], digest=True).graph
    assert whole is not None
    less = GroundModel(
        grounded.cells, grounded.steps[1:], grounded.properties, grounded.scopes, (), (),
        grounded.codec,
    )  # fmt: skip
    other = explore(less, [initial], digest=True).graph
    assert other is not None
    assert whole["layout"] == other["layout"]
    assert whole["steps"] != other["steps"]
    assert explore(grounded, [initial]).graph is None
