"""`python -m benchmarks.runs`: measure the planned searches, keep the figures, write the page.

Each run is a whole command, seen from outside. What was measured is kept at once, so that an
interrupted hour is not lost. Runs that are planned for `hand` take up to an hour and more memory
than most machines have to spare: they are measured only if asked for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from benchmarks import measured_runs, planned_runs
from benchmarks.measure import told
from benchmarks.measured_runs import KEPT, Measured, measure
from benchmarks.planned_runs import Planned, Section, When
from benchmarks.runs_document import DOCUMENT, document


def main() -> int:
    """Measure what the arguments ask for; 1 if a run failed or one is still to be measured."""
    options = _options()
    sections = planned_runs.read()
    kept = measured_runs.read() if KEPT.exists() else {}
    chosen = [run for section in sections for run in section.runs if _is_chosen(run, options, kept)]
    failed = [run for run in chosen if not _keep(run, sections)]
    kept = measured_runs.read()
    unknown = [run.name for run in _runs(sections) if run.name not in kept]
    for name in unknown:
        print(f"not measured yet, and so no page: {name}", file=sys.stderr)
    if not unknown:
        DOCUMENT.write_text(document(sections, kept), encoding="utf-8")
    return 1 if failed or unknown else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runs", description=__doc__)
    parser.add_argument(
        "--when",
        choices=[when.value for when in When],
        help="only the runs that are repeated so often; without it, all but those for hand",
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="only runs that contain TEXT")
    parser.add_argument("--missing", action="store_true", help="only runs never measured yet")
    return parser.parse_args()


def _runs(sections: Sequence[Section]) -> list[Planned]:
    return [run for section in sections for run in section.runs]


def _is_chosen(run: Planned, options: argparse.Namespace, kept: Mapping[str, Measured]) -> bool:
    if options.when is None:
        asked = run.when is not When.HAND
    else:
        asked = run.when.value == options.when
    return asked and options.only in run.name and not (options.missing and run.name in kept)


def _keep(planned: Planned, sections: Sequence[Section]) -> bool:
    """Measure one run, and keep it beside what was kept before; whether it succeeded."""
    new = told(
        f"splitbrain check {planned.name}",
        lambda folder: measure(planned, folder),
        lambda made: f"{made.outcome.verdict}; {made.cost}",
    )
    if new is None:
        return False
    # Read again: another command may have kept something while this one ran.
    found = (measured_runs.read() if KEPT.exists() else {}) | {planned.name: new}
    order = [run.name for run in _runs(sections) if run.name in found]
    measured_runs.write({name: found[name] for name in order})
    return True


if __name__ == "__main__":
    sys.exit(main())
