"""`guards.json`: for each proof and each guard of its spec, what the proof is without it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.measured_proofs import Measured
from benchmarks.planned_proofs import PlannedProof
from checker.guards import Guard, guards, needed
from checker.ir.model import Model
from checker.lang.load import load, with_lemmas
from checker.prepare import prepare
from checker.symbolic.prove import Induction
from checker.symbolic.solvers import Solvers

KEPT = Path(__file__).with_name("guards.json")


@dataclass(frozen=True, slots=True)
class Kept:
    """A guard of an action: which one, where it stands, what it says; and what came of it.

    `by` is what cannot be proved without it.
    """

    action: str
    number: int
    place: str
    condition: str
    need: str
    by: Sequence[str]
    seconds: float


def model_of(planned: PlannedProof, made: Measured) -> Model:
    """The model of a proof, with the bounds that it lifts larger by 1: so is that of the proof."""
    loaded = with_lemmas(load(planned.spec))
    scope = prepare(loaded, planned.settings, planned.scope).model.scope
    larger = {name: scope[name] + 1 for name in made.outcome.lifted}
    return prepare(loaded, planned.settings, {**scope, **larger}).model


def measured(
    planned: PlannedProof, made: Measured, known: Sequence[Kept] = (), workers: int = 1
) -> Iterator[Kept]:
    """What the proof is without each of its guards; those that are known are not asked about."""
    model = model_of(planned, made)
    found = {_identity(kept): kept for kept in known}
    for guard in guards(model):
        kept = found.get((guard.action, guard.number, guard.place.text))
        if kept is not None:
            yield replace(kept, place=str(guard.place))
            continue
        # A process of its own for each: a solver's memory does not grow from one to the next.
        with Solvers(workers) as solvers:
            yield kept_of(model, guard, planned, made, solvers)


def in_place(planned: PlannedProof, made: Measured, known: Sequence[Kept]) -> tuple[Kept, ...]:
    """What is kept, of the guards that the spec has today, with the places they have today."""
    found = {_identity(kept): kept for kept in known}
    return tuple(
        replace(found[key], place=str(guard.place))
        for guard in guards(model_of(planned, made))
        if (key := (guard.action, guard.number, guard.place.text)) in found
    )


def _identity(kept: Kept) -> tuple[str, int, str]:
    """What tells a guard from others, wherever it stands."""
    return kept.action, kept.number, kept.condition


def kept_of(
    model: Model, guard: Guard, planned: PlannedProof, made: Measured, solvers: Solvers
) -> Kept:
    """What the proof is without one guard."""
    started = time.perf_counter()
    outcome = made.outcome
    induction = Induction(
        tuple(planned.lemmas), outcome.k, frozenset(outcome.lifted), float(planned.timeout)
    )
    found = needed(model, guard, (*outcome.proved, *outcome.lemmas), induction, solvers)
    return Kept(
        action=guard.action,
        number=guard.number,
        place=str(guard.place),
        condition=guard.place.text,
        need=found.need.value,
        by=list(found.by),
        seconds=round(time.perf_counter() - started, 1),
    )


def read(path: Path = KEPT) -> dict[str, tuple[Kept, ...]]:
    """What is kept, by the name of the planned proof."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {name: tuple(Kept(**each) for each in rows) for name, rows in found.items()}


def write(kept: Mapping[str, Sequence[Kept]], path: Path = KEPT) -> None:
    """Keep these, and no others, in this order."""
    rows = {name: [asdict(each) for each in found] for name, found in kept.items()}
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
