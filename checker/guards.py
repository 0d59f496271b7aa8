"""Which guards a proof needs: what becomes of it if an action lacks one of them.

Taking a guard away changes one action, and only what is to be proved of that is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from checker.audit.places import Place, exactly
from checker.ir.model import Action, ClauseKind, Model
from checker.ir.ops import Op
from checker.symbolic.prove import Induction, prove
from checker.symbolic.solvers import Solvers
from checker.symbolic.verdicts import Counterexample, Obligation, Outcome, Proved

HASTY: Final = 5.0
"""Seconds in which a counterexample is looked for before a proof is."""
AT_ONCE: Final = 4
"""Properties that are asked about before anybody looks whether one is refuted."""


class Need(Enum):
    """What a proof is without a guard."""

    REFUTED = "refuted"
    """There is a counterexample to induction: the guard is needed."""
    NOT_PROVED = "not proved"
    """The solver finds neither a proof nor a counterexample in its time."""
    NOT_NEEDED = "not needed"
    """It is a proof all the same."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that an action requires: which one of the action's, and where it stands."""

    action: str
    number: int
    place: Place


@dataclass(frozen=True, slots=True)
class Needed:
    """A guard, and whether it is needed: `by` what cannot be proved without it."""

    guard: Guard
    need: Need
    by: tuple[str, ...]


def guards(model: Model) -> Iterator[Guard]:
    """The guards of all actions, in source order; what a setting decides is none."""
    for action in model.actions:
        for number, clause in enumerate(_requirements(action)):
            if action.clauses[clause].expr.op is not Op.CONST:
                yield Guard(action.name, number, exactly(action.clauses[clause].span))


def needed(
    model: Model, guard: Guard, proved: Sequence[str], induction: Induction, solvers: Solvers
) -> Needed:
    """Whether the properties can be proved without a guard; with it, all of them can.

    Counterexamples are looked for within the bounds of the model, until there is one; proofs where
    `induction` lifts bounds.
    """
    changed = without(model, guard)
    asked = [Obligation(name, guard.action) for name in proved]
    within = replace(induction, lift=frozenset(), seconds=min(HASTY, induction.seconds))
    for first in range(0, len(asked), AT_ONCE):
        if refuted := _refuted(prove([changed], asked[first : first + AT_ONCE], within, solvers)):
            return Needed(guard, Need.REFUTED, refuted)
    outcomes = prove([changed], asked, induction, solvers)
    if refuted := _refuted(outcomes):
        return Needed(guard, Need.REFUTED, refuted)
    open = tuple(o.property for o, found in outcomes.items() if not isinstance(found, Proved))
    return Needed(guard, Need.NOT_PROVED if open else Need.NOT_NEEDED, open)


def _refuted(outcomes: Mapping[Obligation, Outcome]) -> tuple[str, ...]:
    """What has a counterexample to induction."""
    return tuple(o.property for o, found in outcomes.items() if isinstance(found, Counterexample))


def without(model: Model, guard: Guard) -> Model:
    """The model where an action does not require one of its conditions.

    A parameter that was drawn from a set by that condition may then be any value of its domain.
    """
    action = model.action(guard.action)
    position = _requirements(action)[guard.number]
    dropped = action.clauses[position]
    parameters = action.parameters
    if dropped.expr.op is Op.CONTAINS and dropped.expr.args[1].op is Op.LOCAL:
        items, member = dropped.expr.args[0], dropped.expr.args[1].data
        parameters = tuple(
            replace(p, drawn_from=None) if p.local == member and p.drawn_from is items else p
            for p in parameters
        )
    clauses = (*action.clauses[:position], *action.clauses[position + 1 :])
    changed = replace(action, clauses=clauses, parameters=parameters)
    return replace(model, actions=tuple(changed if a is action else a for a in model.actions))


def _requirements(action: Action) -> list[int]:
    """The places of an action's requirements among its clauses."""
    kinds = enumerate(clause.kind for clause in action.clauses)
    return [position for position, kind in kinds if kind is ClauseKind.REQUIRE]
