"""What each proof is without one of its guards: refuted, not proved, or a proof all the same."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from benchmarks import measured_guards, measured_proofs, planned_proofs
from benchmarks.guards_document import DOCUMENT, document
from benchmarks.measured_guards import Kept, in_place, kept_of, model_of
from benchmarks.planned_proofs import PlannedProof
from checker.guards import Guard, Need, guards, without
from checker.ir.model import ClauseKind, Model
from checker.lang.load import load
from checker.prepare import prepare
from checker.symbolic.solvers import Solvers

PLAN = planned_proofs.read()
MADE = measured_proofs.read()
KEPT = measured_guards.read()
ASKED = [planned for planned in PLAN.proofs if planned.name in KEPT]
ALL = [(planned, guard) for planned in ASKED for guard in KEPT[planned.name]]
FEW = 1
"""Guards of a proof that are taken away on each change, of each kind that there is."""


@cache
def model(name: str) -> Model:
    (planned,) = (one for one in PLAN.proofs if one.name == name)
    return model_of(planned, MADE[name])


def few() -> list[tuple[PlannedProof, Kept]]:
    """Those that take least, of proofs that are repeated on each change."""
    found = []
    for planned in ASKED:
        if planned.when is planned_proofs.When.CHANGE:
            for need in (Need.REFUTED, Need.NOT_NEEDED):
                own = [guard for guard in KEPT[planned.name] if guard.need == need.value]
                found += [(planned, g) for g in sorted(own, key=lambda g: g.seconds)[:FEW]]
    return found


def is_as_kept(planned: PlannedProof, kept: Kept) -> None:
    """A guard that is needed stays so; how that shows depends on how long a solver may take."""
    changed = model(planned.name)
    (guard,) = (g for g in guards(changed) if (g.action, g.number) == (kept.action, kept.number))
    with Solvers(2) as solvers:
        found = kept_of(changed, guard, planned, MADE[planned.name], solvers)
    assert (found.condition, found.need == "not needed") == (
        kept.condition,
        kept.need == "not needed",
    )


@pytest.mark.parametrize(("planned", "kept"), few(), ids=lambda one: getattr(one, "action", ""))
def test_a_guard_is_as_kept(planned: PlannedProof, kept: Kept) -> None:
    is_as_kept(planned, kept)


@pytest.mark.nightly
@pytest.mark.parametrize(("planned", "kept"), ALL, ids=lambda one: getattr(one, "action", ""))
def test_every_guard_is_as_kept(planned: PlannedProof, kept: Kept) -> None:
    is_as_kept(planned, kept)


@pytest.mark.parametrize("planned", ASKED, ids=lambda planned: planned.spec)
def test_every_guard_is_kept_where_it_stands(planned: PlannedProof) -> None:
    today = [
        (guard.action, guard.number, guard.place.text, str(guard.place))
        for guard in guards(model(planned.name))
    ]
    kept = [(g.action, g.number, g.condition, g.place) for g in KEPT[planned.name]]
    assert kept == today, "run python -m benchmarks.guards --missing"
    assert {guard.need for guard in KEPT[planned.name]} <= {need.value for need in Need}


def test_the_page_is_up_to_date() -> None:
    placed = {one.name: in_place(one, MADE[one.name], KEPT[one.name]) for one in ASKED}
    page = document(PLAN, MADE, placed)
    assert DOCUMENT.read_text("utf-8") == page, "run python -m benchmarks.guards --page"
    for _, guard in ALL:
        if guard.need != Need.REFUTED.value:
            assert f"`{guard.action}`, {guard.place}: `{guard.condition}`" in page


def test_proofs_of_each_change_are_asked_about() -> None:
    assert {planned.name for planned in ASKED} >= {
        planned.name for planned in PLAN.proofs if planned.when is planned_proofs.When.CHANGE
    }
    assert set(KEPT) <= {planned.name for planned in PLAN.proofs}


def test_every_proof_needs_some_guard() -> None:
    for planned in ASKED:
        needs = Counter(guard.need for guard in KEPT[planned.name])
        assert needs[Need.REFUTED.value] > 0, planned.name


def test_a_parameter_is_drawn_no_more() -> None:
    spec = prepare(load("published.kip320"), {}, {}).model
    drawn = next(a for a in spec.actions if any(p.drawn_from for p in a.parameters))
    found = [g for g in guards(spec) if g.action == drawn.name]
    changed = [without(spec, guard).action(drawn.name) for guard in found]
    assert any(not any(p.drawn_from for p in action.parameters) for action in changed)
    kinds = [clause.kind for clause in drawn.clauses]
    for action in changed:
        left = [clause.kind for clause in action.clauses]
        assert left.count(ClauseKind.REQUIRE) == kinds.count(ClauseKind.REQUIRE) - 1
        assert len(left) == len(kinds) - 1
    assert without(spec, found[0]).actions != spec.actions
    assert isinstance(found[0], Guard)
