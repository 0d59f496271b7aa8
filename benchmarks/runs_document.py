"""`docs/RUNS.md`, rendered from what was planned and what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.measured_runs import Measured
from benchmarks.planned_runs import Planned, Section

DOCUMENT = Path(__file__).parent.parent / "docs" / "RUNS.md"

OPENING = """# Runs

What was searched, and what came out. Each row is one `splitbrain check SPEC`, with its settings
after `--set` and its bounds after `--scope`. Settings that are not named are those of newest Kafka.
A bound that is not named is 0; if it is a budget, its actions were left out. *Cut by* names the
bounds that cut a step off; no other was ever reached (how many brokers, voters or replicas there
are cuts no step). *Verdict* counts the invariants that hold in every state, and the goals: what
some state must reach, so that no verdict is empty. A search stops when it finds a violation, after
the level where it finds it; then that level stands for the diameter, with a `>`.

Times are of the search alone, each of one run on a shared two-core virtual machine: they say how
long to wait, no more. Memory is the peak of the whole process. *Repeated* says who finds the same
counts and the same verdict again: the tests on each `change`, the tests of each `night`, or
somebody by `hand`. No test compares times.

`python -m benchmarks.runs` writes this page from `benchmarks/runs.toml`, which says what to run,
and `benchmarks/runs.json`, which keeps what came out.
"""

HEADINGS = (
    "spec", "settings", "scope", "cut by", "states", "generated", "diameter", "seconds",
    "memory, MB", "verdict", "repeated",
)  # fmt: skip
TO_THE_RIGHT = {"states", "generated", "diameter", "seconds", "memory, MB"}


def document(sections: Sequence[Section], measured: Mapping[str, Measured]) -> str:
    """The whole page; `KeyError` for a run that was never measured."""
    return OPENING + "".join(
        f"\n## {section.title}\n\n{section.text}\n\n{_table(section.runs, measured)}"
        for section in sections
    )


def _table(runs: Sequence[Planned], measured: Mapping[str, Measured]) -> str:
    ruler = ("---:" if heading in TO_THE_RIGHT else "---" for heading in HEADINGS)
    lines = [HEADINGS, tuple(ruler), *(tuple(_cells(run, measured[run.name])) for run in runs)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(planned: Planned, measured: Measured) -> Iterator[str]:
    outcome, cost = measured.outcome, measured.cost
    yield f"`{planned.spec}`"
    yield _pairs(planned.settings)
    yield _pairs({name: size for name, size in outcome.scope.items() if size > 0})
    yield ", ".join(outcome.cut)
    yield f"{outcome.states:,}"
    yield f"{outcome.generated:,}"
    yield f"{outcome.level}" if outcome.complete else f"> {outcome.level}"
    yield _seconds(cost.search_seconds)
    yield f"{cost.megabytes:,}"
    chosen = f" ({', '.join(planned.properties)})" if planned.properties else ""
    yield outcome.verdict + chosen + (f". {planned.note}" if planned.note else "")
    yield planned.when.value


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 100 else f"{seconds:,.0f}"


def _pairs(values: Mapping[str, object]) -> str:
    return " ".join(f"`{name}={value}`" for name, value in values.items())
