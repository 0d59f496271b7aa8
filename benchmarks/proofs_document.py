"""`docs/PROOFS.md`, rendered from what was planned and what was proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.measured_proofs import Measured
from benchmarks.planned_proofs import Plan, PlannedProof

DOCUMENT = Path(__file__).parent.parent / "docs" / "PROOFS.md"

OPENING = """# Proofs

What `splitbrain prove` has proved by induction, beyond the bounds of any search. *For every* names
the bounds of the scope that do not count: the proof holds for all their values from 1 on. *Within*
are those that were kept: how many brokers or voters there are, and faults that were left out (0).
Settings that are not named are those of newest Kafka. *Lemmas* counts what had to be proved beside
the properties; they are listed below, and explained where they are defined, in
`invariants/lemmas`. Every property is asked of each of the *actions* by itself, unless it follows
from the lemmas in any state. Seconds are of a whole proof, which several properties share, with
one solver on a shared two-core machine: they say how long to wait, no more. *Repeated* says who
makes the proof again: the tests on each `change`, the tests of each `night`, or somebody by
`hand`.

`python -m benchmarks.proofs` writes this page from `benchmarks/proofs.toml`, which says what to
prove, and `benchmarks/proofs.json`, which keeps what came out.
"""

HEADINGS = (
    "property", "spec", "for every", "within", "actions", "lemmas", "k", "seconds", "repeated",
)  # fmt: skip
TO_THE_RIGHT = {"actions", "lemmas", "k", "seconds"}


def document(plan: Plan, measured: Mapping[str, Measured]) -> str:
    """The whole page; `KeyError` for a proof that was never made."""
    ruler = ("---:" if heading in TO_THE_RIGHT else "---" for heading in HEADINGS)
    lines = [HEADINGS, tuple(ruler)]
    for number, planned in enumerate(plan.proofs, 1):
        found = measured[planned.name]
        lines += [tuple(_cells(name, planned, found, number)) for name in found.outcome.proved]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    lemmas = "".join(
        f"\n{number}. {_words(measured[planned.name].outcome.lemmas) or 'none'}\n"
        for number, planned in enumerate(plan.proofs, 1)
    )
    engines = sorted({measured[planned.name].engine for planned in plan.proofs})
    return (
        f"{OPENING}\nSolver: {', '.join(engines)}.\n\n{table}\n"
        f"## Lemmas of each proof\n{lemmas}\n## What is not proved\n\n{plan.open}\n"
    )


def _cells(property: str, planned: PlannedProof, measured: Measured, number: int) -> Iterator[str]:
    outcome = measured.outcome
    yield f"`{property}`"
    yield " ".join((f"`{planned.spec}`", *(f"`{k}={v}`" for k, v in planned.settings.items())))
    yield _words(outcome.lifted)
    yield _words(f"{name}={size}" for name, size in outcome.fixed.items())
    yield str(outcome.actions)
    yield f"{len(outcome.lemmas)} ({number})"
    yield str(outcome.k)
    yield f"{measured.seconds:.1f}"
    yield planned.when.value


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
