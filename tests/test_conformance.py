"""The strongest test here: three meanings of every spec agree on every reachable state.

CPython on the spec itself, the IR evaluator, and machine code: the same initial state, and for
each reachable state of a small scope the same successors, cuts, undefined steps and verdicts.
Where no scope is small, so many states as CPython walks through in seconds, nearest first.
"""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from checker.ir.model import Model, PropertyKind
from checker.ir.values import State
from checker.lang.declare import declare
from checker.lang.load import catalogue, load
from checker.lang.lower import lower
from checker.semantics import step as ir
from checker.semantics.python import PythonSpec
from checker.semantics.undefined import Undefined
from checker.symbolic.found import Bounds, Solutions
from checker.symbolic.initial import find_initial_states
from tests.native import Expansion, Native

# Where a spec's own scope has more states than CPython can walk through in a few seconds.
REPLICATION = {"Replica": 2, "LogSize": 2, "Record": 2, "Epoch": 1}
SMALL = {
    "published.truncate_to_high_watermark": REPLICATION,
    "published.kip101": REPLICATION,
    "published.kip279": REPLICATION,
    "published.kip320_first_try": REPLICATION,
    "published.kip320": REPLICATION,
    "mm2_any_store": {"Source": 2, "Target": 2},
}


NEAREST = 100
EXHAUSTED = {name: 2000 for name in (*SMALL, "published.async_isr") if name != "mm2_any_store"}


def nearest(model: Model, most: int) -> list[State]:
    """The reachable states in the order of their level, but no more than `most`."""
    seen = dict.fromkeys(beginnings(model, most // 2))
    for state in (queue := list(seen)):
        for _, _, after in ir.successors(model, state):
            if after not in seen and len(seen) < most:
                seen[after] = None
                queue.append(after)
    return list(seen)


def beginnings(model: Model, most: int) -> tuple[State, ...]:
    """The initial states, but no more than `most`: of many some from all over."""
    if model.init is None:
        return (ir.initial_state(model),)
    bounds = Bounds(20_000, time.perf_counter() + 60, 1_000)
    found = find_initial_states(model, bounds)
    assert isinstance(found, Solutions), found
    return found.states[:: -(-len(found.states) // most)]


@pytest.mark.parametrize("name", EXHAUSTED)
def test_small_scopes_are_exhausted(name: str) -> None:
    loaded = load(name)
    model = lower(declare(loaded.spec, SMALL.get(name), None, loaded.modules))
    assert len(nearest(model, EXHAUSTED[name])) < EXHAUSTED[name]


def expansion(steps: Iterator[tuple[str, ir.Outcome]], state: State) -> Expansion:
    successors, cut, undefined = [], Counter[str](), None
    for action, outcome in steps:
        match outcome:
            case ir.Fired(after) if after != state:
                successors.append((action, after))
            case ir.Cut(scope):
                cut[scope] += 1
            case ir.UndefinedStep():
                undefined = undefined or action
    return Expansion(tuple(successors), cut, undefined)


def verdicts(semantics: PythonSpec | Model, model: Model, state: State) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    for judged in model.properties:
        if judged.kind is not PropertyKind.STEP_INVARIANT:
            try:
                if isinstance(semantics, PythonSpec):
                    found[judged.name] = semantics.judge(judged.name, state)
                else:
                    found[judged.name] = ir.judge(model, judged, state)
            except Undefined:
                found[judged.name] = None
    return found


@pytest.mark.parametrize("name", catalogue())
def test_three_meanings_agree(name: str) -> None:
    loaded = load(name)
    declaration = declare(loaded.spec, SMALL.get(name), None, loaded.modules)
    model, python = lower(declaration), PythonSpec(declaration)
    machine = Native(model)
    assert python.initial() == ir.initial_state(model)
    assert all(map(python.admits, beginnings(model, NEAREST)))
    for state in nearest(model, EXHAUSTED.get(name, NEAREST)):
        by_ir = expansion(((a.name, outcome) for a, _, outcome in ir.steps(model, state)), state)
        by_python = expansion(((a, outcome) for a, _, outcome in python.steps(state)), state)
        assert by_python == by_ir
        assert machine.expand(state) == by_ir
        expected = verdicts(model, model, state)
        assert verdicts(python, model, state) == expected
        assert machine.judge(state) == expected
