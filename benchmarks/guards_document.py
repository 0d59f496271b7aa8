"""`docs/GUARDS.md`, rendered from what was kept of each guard of each proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.measured_guards import Kept
from benchmarks.measured_proofs import Measured
from benchmarks.planned_proofs import Plan, PlannedProof
from checker.guards import Need

DOCUMENT = Path(__file__).parent.parent / "docs" / "GUARDS.md"

OPENING = """# Guards

What each proof of [PROOFS.md](PROOFS.md) is without one of the guards of its spec. A guard is one
condition of a `require`. It is taken away, and what is to be proved of its action is asked again.

- **refuted**: a solver finds a step, confirmed by the reference semantics, after which a property
  or a lemma is false. The proof needs the guard.
- **not proved**: no proof, and no such step, in the proof's own time for each question.
- **not needed**: a proof all the same. The guard may matter to what was not proved here (to the
  log, to liveness, to what Kafka does), or only keep a step out that changes nothing.

That a proof needs a guard does not show that a property needs it: without it another lemma may do.
Proofs have the numbers that their lemmas have in PROOFS.md. `python -m benchmarks.guards` writes
this page from `benchmarks/guards.json`, where every guard is kept with what cannot be proved
without it.
"""


def document(plan: Plan, made: Mapping[str, Measured], kept: Mapping[str, Sequence[Kept]]) -> str:
    """The whole page; a proof of which no guard is kept is named as such."""
    numbered = [(n, one) for n, one in enumerate(plan.proofs, 1) if one.name in kept]
    missing = [n for n, one in enumerate(plan.proofs, 1) if one.name not in kept]
    engines = sorted({made[one.name].engine for _, one in numbered})
    table = "".join(
        f"| {' | '.join(cells)} |\n"
        for cells in [
            ("proof", "spec", "proved", "guards", *(need.value for need in Need)),
            ("---:", "---", "---", "---:", *("---:" for _ in Need)),
            *(_row(n, one, made, kept[one.name]) for n, one in numbered),
        ]
    )
    asked = f"Not asked about yet: proofs {', '.join(map(str, missing))}.\n\n" if missing else ""
    return (
        f"{OPENING}\nSolver: {', '.join(engines)}.\n\n{table}\n{asked}"
        f"## Not needed\n{_listed(numbered, kept, Need.NOT_NEEDED)}\n"
        f"## Not proved\n{_listed(numbered, kept, Need.NOT_PROVED)}"
    )


def _row(
    number: int, planned: PlannedProof, made: Mapping[str, Measured], found: Sequence[Kept]
) -> tuple[str, ...]:
    counts = Counter(each.need for each in found)
    proved = ", ".join(f"`{name}`" for name in made[planned.name].outcome.proved)
    needs = (str(counts[need.value]) for need in Need)
    return (str(number), f"`{planned.spec}`", proved, str(len(found)), *needs)


def _listed(
    numbered: Sequence[tuple[int, PlannedProof]], kept: Mapping[str, Sequence[Kept]], need: Need
) -> str:
    return "".join(
        line
        for number, planned in numbered
        for line in _lines(number, planned, [g for g in kept[planned.name] if g.need == need.value])
    )


def _lines(number: int, planned: PlannedProof, found: Sequence[Kept]) -> Iterator[str]:
    yield f"\n{number}. `{planned.spec}`" + ("\n" if found else ": none\n")
    for each in found:
        yield f"   - `{each.action}`, {each.place}: `{each.condition}`\n"
