"""The largest set of candidates that is inductive: those that fail are dropped until none does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checker.ir.model import Model
from checker.symbolic.prove import Induction, Progress, obligations, prove
from checker.symbolic.solvers import Solvers
from checker.symbolic.verdicts import Obligation, Outcome, Proved


@dataclass(frozen=True, slots=True)
class Pruned:
    """The candidates that are kept, and for each that was dropped what broke it first."""

    kept: tuple[str, ...]
    dropped: Mapping[str, tuple[Obligation, Outcome]]


def largest_inductive(
    bounded: Sequence[Model],
    candidates: Sequence[str],
    induction: Induction,
    solvers: Solvers,
    progress: Progress | None = None,
) -> Pruned:
    """The largest subset of the candidates of which each follows from all, step by step.

    All are assumed of the state before; whatever has no proof then is dropped, and the rest must
    do without it. Within bounds first, where a refutation is fast; then with bounds lifted.
    """
    kept = list(candidates)
    dropped: dict[str, tuple[Obligation, Outcome]] = {}
    stages = [replace(induction, lift=frozenset())]
    if induction.lift:
        stages.append(induction)
    for stage in stages:
        while failed := _failed(bounded, kept, stage, solvers, progress):
            dropped |= failed
            kept = [name for name in kept if name not in failed]
    return Pruned(tuple(kept), dropped)


def _failed(
    bounded: Sequence[Model],
    kept: Sequence[str],
    induction: Induction,
    solvers: Solvers,
    progress: Progress | None,
) -> dict[str, tuple[Obligation, Outcome]]:
    """The candidates that do not follow from all of them, with the first thing that breaks each."""
    wanted = obligations(bounded[-1], kept, induction.steps)
    assuming = replace(induction, assumed=tuple(kept))
    outcomes = prove(bounded, wanted, assuming, solvers, progress)
    failed: dict[str, tuple[Obligation, Outcome]] = {}
    for obligation, outcome in outcomes.items():
        if not isinstance(outcome, Proved):
            failed.setdefault(obligation.property, (obligation, outcome))
    return failed
