"""What is proved without bounds, kept: any number of epochs, messages, elections and faults.

And what a proof needs: take a guard away, and it is none any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import measured_proofs, planned_proofs
from benchmarks.measured_proofs import measure, outcome
from benchmarks.planned_proofs import PlannedProof
from benchmarks.planned_runs import When
from benchmarks.proofs_document import DOCUMENT, document
from checker.explicit.outcome import Limits
from checker.ir.model import ClauseKind, Model
from checker.lang.load import load, with_lemmas
from checker.prepare import prepare
from checker.proof import Options, Proof, run_proof
from checker.result import ExitCode
from checker.symbolic.prove import Induction, prove
from checker.symbolic.solvers import Solvers
from checker.symbolic.uniform import liftable
from checker.symbolic.verdicts import Counterexample, Obligation, Proved

QUICK = Limits(states=1_000)

CONTROLLER = (
    "partition_has_a_state",
    "terms_are_given",
    "one_holds_each_term",
    "elections_are_atomic",
    "decisions_are_of_given_terms",
    "cached_versions_name_states",
)


def proof(
    spec: str,
    properties: tuple[str, ...],
    lemmas: tuple[str, ...] = (),
    settings: Mapping[str, str] | None = None,
    scope: Mapping[str, int] | None = None,
) -> Proof:
    options = Options(properties, lemmas, lift=("all",), search=QUICK)
    return run_proof(load(spec), settings or {}, scope or {}, options)


PLAN = planned_proofs.read()
KEPT = measured_proofs.read()
REPEATED = [
    pytest.param(one, id=str(n), marks=[pytest.mark.nightly] if one.when is When.NIGHT else [])
    for n, one in enumerate(PLAN.proofs, 1)
    if one.when is not When.HAND
]


@pytest.mark.parametrize("planned", REPEATED)
def test_a_kept_proof_can_be_made_again(planned: PlannedProof, tmp_path: Path) -> None:
    assert measure(planned, tmp_path).outcome == KEPT[planned.name].outcome


def test_the_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == document(PLAN, KEPT), "run python -m benchmarks.proofs"


def test_exactly_the_planned_proofs_are_kept() -> None:
    assert list(KEPT) == [planned.name for planned in PLAN.proofs]


def test_what_is_not_proved_is_not_kept() -> None:
    row = {"name": "agree", "verdict": "unknown", "lemma": False, "actions": {"act": {}}}
    rest = {"k": 1, "lifted": [], "scope": {}, "not_lifted": [], "exit": 0}
    with pytest.raises(RuntimeError, match=r"not proved: \{'agree': 'unknown'\}"):
        outcome({"properties": [row], **rest})
    proved = {**row, "verdict": "proved"}
    assert outcome({"properties": [proved], **rest}).proved == ["agree"]
    with pytest.raises(RuntimeError, match="not proved"):
        outcome({"properties": [], **rest})
    with pytest.raises(RuntimeError, match="not lifted"):
        outcome({"properties": [proved], **rest, "not_lifted": ["Epoch"]})


def test_mistakes_in_the_plan(tmp_path: Path) -> None:
    path = tmp_path / "proofs.toml"
    head = 'open = ""\n[lemmas]\n'
    one = '[[proof]]\nspec = "toys.peterson"\nproperties = []\nwhen = "hand"\n'
    path.write_text(f"{head}{one}{one}", "utf-8")
    with pytest.raises(ValueError, match="twice"):
        planned_proofs.read(path)
    path.write_text(f"{head}{one}lifted = []\n", "utf-8")
    with pytest.raises(ValueError, match="a proof has no"):
        planned_proofs.read(path)


GROWING = """
from typing import Annotated
from checker import MaxLen, Scope, Spec, Upto, action, invariant

class Growing(Spec):
    scope = Scope(Length=3)
    items: Annotated[tuple[bool, ...], MaxLen("Length")]

    @action
    def grow(self) -> None:
        self.items += (True,)

    @invariant
    def is_short(self) -> bool:
        return all(i < 5 for j in range(len(self.items)) for i in range(j))
"""


def test_a_bound_that_is_lifted_does_not_come_back_with_a_bound_name(tmp_path: Path) -> None:
    """What `j` goes through has no end; so neither has `range(j)`, whatever the scope says."""
    path = tmp_path / "growing.py"
    path.write_text(GROWING, "utf-8")
    found = proof(str(path), ("is_short",))
    assert found.lifted == ("Length",)
    assert found.exit is not ExitCode.HOLDS


@pytest.mark.parametrize(
    ("setting", "broken"),
    [
        ("controller_epoch_zkversion_check", "newest_controller_decides"),
        ("lisr_epoch_check", "local_epochs_grow"),
        ("atomic_election", "elections_are_atomic"),
    ],
)
def test_without_its_guard_there_is_no_proof(setting: str, broken: str) -> None:
    found = proof("controller_fencing", (broken,), CONTROLLER, {setting: "false"})
    (row,) = (row for row in found.rows if row.name == broken)
    assert not row.is_inductive
    assert found.exit is not ExitCode.HOLDS


VOTES = (
    "one_leader_can_commit",
    "one_leader_per_epoch",
    "votes_end_with_the_leader",
    "candidates_are_granted_votes",
    "who_has_lost_its_disk_does_not_stand",
    "who_leads_names_itself",
    "granted_votes_bind",
    "votes_are_granted_once",
    "an_elected_leader_has_no_rival",
)
NOT_NEEDED = {
    "stand": (1,),  # a leader does not stand
    "grant_vote": (0, 2, 4, 7),  # not itself; a voter; not again; whose log is up to date
    "become_leader": (0,),  # only candidates have votes
    "follow": (0,),  # not itself
    # What is written, read and flushed says nothing of who leads.
    "resign": (0,),
    "write": (0,),
    "flush": (0,),
    "count_fetch": (0, 1, 2),
    "apply_fetch": (0, 1),
    "lossy_restart": (0,),
}
"""Of each action the guards, by their place, without which an epoch still has one leader."""


def without_guard(model: Model, name: str, number: int) -> Model:
    """The model where an action lacks one of its guards."""
    action = model.action(name)
    guards = [clause for clause in action.clauses if clause.kind is ClauseKind.REQUIRE]
    kept = tuple(clause for clause in action.clauses if clause is not guards[number])
    changed = replace(action, clauses=kept)
    return replace(model, actions=tuple(changed if a is action else a for a in model.actions))


@pytest.mark.nightly
def test_every_guard_is_needed_or_named() -> None:
    """Within small bounds, where a solver either proves or refutes."""
    model = prepare(with_lemmas(load("quorum_election")), {}, {"LogSize": 1}).model
    found: dict[str, tuple[int, ...]] = {}
    with Solvers(2) as solvers:
        for action in model.actions:
            guards = [clause for clause in action.clauses if clause.kind is ClauseKind.REQUIRE]
            for number in range(len(guards)):
                changed = without_guard(model, action.name, number)
                asked = [Obligation(name, action.name) for name in VOTES]
                outcomes = prove([changed], asked, Induction(VOTES), solvers).values()
                assert all(isinstance(one, Counterexample | Proved) for one in outcomes)
                if all(isinstance(one, Proved) for one in outcomes):
                    found[action.name] = (*found.get(action.name, ()), number)
    assert found == NOT_NEEDED


LEADER_EPOCHS = (
    "known_epochs_were_given",
    "metadata_are_of_given_epochs",
    "metadata_name_one_leader_per_epoch",
    "metadata_of_the_newest_epoch_name_the_leader",
    "metadata_name_the_leader_of_their_epoch",
    "the_newest_epoch_is_led_by_the_leader",
)


def without_update(model: Model, name: str, variable: str) -> Model:
    """The model where an action leaves a variable as it is."""
    action = model.action(name)
    kept = tuple(update for update in action.updates if update[0] != variable)
    assert len(kept) < len(action.updates)
    changed = replace(action, updates=kept)
    return replace(model, actions=tuple(changed if a is action else a for a in model.actions))


def test_one_leader_per_epoch_rests_on_new_epochs_and_on_news() -> None:
    """Elections without a new epoch break it; and metadata that are no news take epochs back."""
    model = prepare(with_lemmas(load("isr")), {}, {"Broker": 2}).model
    same_epoch = without_update(model, "elect", "leader_epoch")
    old_news = without_guard(model, "deliver_metadata", 0)
    with Solvers(1) as solvers:
        for changed, action, names in (
            (model, "elect", LEADER_EPOCHS),
            (same_epoch, "elect", LEADER_EPOCHS),
            (old_news, "deliver_metadata", ("epochs_grow",)),
        ):
            asked = [Obligation(name, action) for name in names]
            induction = Induction(LEADER_EPOCHS, lift=frozenset(liftable(model)))
            outcomes = prove([changed], asked, induction, solvers).values()
            broken = any(isinstance(one, Counterexample) for one in outcomes)
            assert broken is (changed is not model)
            assert broken or all(isinstance(one, Proved) for one in outcomes)


def test_a_translation_further_than_one_past_a_sync_skips_records() -> None:
    """As before KAFKA-12468: nobody knows what is in between."""
    name = "records_from_a_checkpoint_are_copied_from_there"
    lemmas = [lemma for one in PLAN.proofs if name in one.lemmas for lemma in one.lemmas]
    obligation = Obligation(name, "emit_checkpoint")
    found = []
    for translation in ("at_most_plus_one", "difference"):
        settings = {"translation": translation}
        model = prepare(with_lemmas(load("mm2_offsets")), settings, {}).model
        lift = frozenset({"Source", "Target", "Gap", "Sync"})
        with Solvers(1) as solvers:
            outcomes = prove([model], [obligation], Induction(tuple(lemmas), lift=lift), solvers)
        found.append(outcomes[obligation])
    assert isinstance(found[0], Proved)
    assert isinstance(found[1], Counterexample)
