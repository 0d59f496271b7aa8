"""Ground steps do in every reachable state what the model means; a cone leaves out nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from checker.ground.ground import ground
from checker.ground.model import GroundModel
from checker.ground.terms import Term
from checker.ir.model import Model, PropertyKind
from checker.ir.printer import print_model
from checker.ir.values import State
from checker.lang.declare import declare
from checker.lang.load import load
from checker.lang.lower import lower
from checker.semantics.reference import explore
from checker.semantics.step import Cut, Fired, UndefinedStep, initial_state, judge, steps
from checker.semantics.undefined import Undefined
from tests.ground.stepping import Taken, outcomes, verdicts
from tests.random_models import lively_model, models

VOTING = str(Path(__file__).with_name("voting.py"))
TINY = {"Replica": 2, "LogSize": 1, "Record": 1, "Epoch": 1}
SPECS: dict[str, dict[str, int]] = {
    "published.kip279": TINY,
    "published.kip320": TINY,
    "toys.peterson": {},
    "toys.two_phase_commit": {},
    VOTING: {},
}


def expected(model: Model, state: State) -> Iterator[Taken]:
    for action, _, outcome in steps(model, state):
        match outcome:
            case Fired(after) if after != state:
                yield Taken(action.name, None, after)
            case Cut(scope):
                yield Taken(action.name, f"cut {scope}", None)
            case UndefinedStep():
                yield Taken(action.name, "undefined", None)


def judged(model: Model, state: State, after: State | None = None) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    for one in model.properties:
        if (one.kind is PropertyKind.STEP_INVARIANT) == (after is not None):
            try:
                found[one.name] = judge(model, one, state, after)
            except Undefined:
                found[one.name] = None
    return found


def check(model: Model) -> None:
    """Every step and every verdict, in every reachable state."""
    grounded = ground(model, cone=False)
    for state in explore(model, stop_at_finding=False).states:
        assert grounded.codec.to_state(grounded.codec.to_cells(state)) == state
        taken = list(outcomes(grounded, state))
        assert Counter(taken) == Counter(expected(model, state)), print_model(model)
        assert verdicts(grounded, state) == judged(model, state), print_model(model)
        for after in {one.after for one in taken if one.after is not None}:
            assert verdicts(grounded, state, after) == judged(model, state, after)


@given(models(most_states=100))
@settings(max_examples=40)
def test_random_models(model: Model) -> None:
    check(model)


@pytest.mark.parametrize("seed", range(40))
def test_lively_models(seed: int) -> None:
    check(lively_model(seed, most_states=80))


@pytest.mark.parametrize("name", SPECS, ids=lambda name: Path(name).name)
def test_models_of_ours(name: str) -> None:
    loaded = load(name)
    check(lower(declare(loaded.spec, SPECS[name], None, loaded.modules)))


def test_messages_in_flight_take_a_step_for_each_slot() -> None:
    """And no domain is widened for a message that the scope has cut already."""
    loaded = load(VOTING)
    scope = {"Node": 5, "Term": 3, "Message": 5}
    found = ground(lower(declare(loaded.spec, scope, None, loaded.modules)))
    assert Counter(step.action for step in found.steps) == {
        "ask": 5, "grant": 5, "count": 5, "lead": 5, "lose": 5
    }  # fmt: skip
    assert terms_of(found) < 20_000


def test_five_replicas_are_few_terms() -> None:
    """What grounding costs is terms: this keeps the compilation of KIP-320 within seconds."""
    loaded = load("published.kip320")
    scope = {"Replica": 5, "LogSize": 3, "Record": 3, "Epoch": 3}
    found = ground(lower(declare(loaded.spec, scope, None, loaded.modules)))
    assert (len(found.cells), len(found.steps)) == (67, 185)
    assert terms_of(found) < 3_000


def terms_of(grounded: GroundModel) -> int:
    """How many different terms a ground model has."""
    stack = [term for p in grounded.properties for term in (p.undefined, p.holds)]
    for step in grounded.steps:
        stack += [exit.when for exit in step.exits] + [new for _, new in step.updates]
    seen: set[Term] = set()
    while stack:
        term = stack.pop()
        if term not in seen:
            seen.add(term)
            stack.extend(term.args)
    return len(seen)


def reachable(grounded: GroundModel, initial: State) -> set[State]:
    frontier = [grounded.codec.to_state(grounded.codec.to_cells(initial))]
    seen = set(frontier)
    while frontier:
        for taken in outcomes(grounded, frontier.pop()):
            if taken.after is not None and taken.after not in seen:
                seen.add(taken.after)
                frontier.append(taken.after)
    return seen


def test_the_cone_decides_each_property_as_the_whole_model_does() -> None:
    """What is reachable in the cone is what is reachable, seen through the kept cells."""
    smaller = 0
    for seed in range(30):
        model = lively_model(seed, most_states=60)
        whole = ground(model, cone=False)
        for one in model.properties:
            kept = ground(model, [one.name])
            smaller += len(kept.cells) < len(whole.cells)
            seen_whole = reachable(whole, initial_state(model))
            codec = kept.codec
            projected = {codec.to_state(codec.to_cells(state)) for state in seen_whole}
            seen = reachable(kept, initial_state(model))
            assert seen == projected, print_model(model)
            undefined = {t.action for s in seen for t in outcomes(kept, s) if t.end == "undefined"}
            all_undefined = {
                t.action for s in seen_whole for t in outcomes(whole, s) if t.end == "undefined"
            }
            assert undefined == all_undefined
            if one.kind is not PropertyKind.STEP_INVARIANT:
                found = {verdicts(kept, state)[one.name] for state in seen}
                assert found == {verdicts(whole, state)[one.name] for state in seen_whole}
    assert smaller > 10


def test_grounding_is_deterministic() -> None:
    one, other = (ground(lively_model(7)) for _ in range(2))
    assert repr(one) == repr(other)
