"""`python -m benchmarks.guards`: take every guard away from every proof, keep what came of it.

The page `docs/GUARDS.md` is written from what is kept.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import measured_proofs, planned_proofs
from benchmarks.guards_document import DOCUMENT, document
from benchmarks.measured_guards import KEPT, Kept, in_place, measured, read, write
from benchmarks.measured_proofs import Measured
from benchmarks.planned_proofs import Plan, PlannedProof


def main() -> int:
    """Ask what the arguments ask for."""
    options = _options()
    plan, made = planned_proofs.read(), measured_proofs.read()
    for proof in plan.proofs:
        if proof.name in made and options.only in proof.name and not options.page:
            _ask(plan, proof, made[proof.name], options.missing, options.workers)
    kept = read() if KEPT.exists() else {}
    placed = {
        one.name: in_place(one, made[one.name], kept[one.name])
        for one in plan.proofs
        if one.name in kept and one.name in made
    }
    write(placed)
    DOCUMENT.write_text(document(plan, made, placed), encoding="utf-8")
    return 0


def _ask(plan: Plan, proof: PlannedProof, made: Measured, missing: bool, workers: int) -> None:
    """Take every guard away from one proof, and keep at once what comes of it."""
    print(f"splitbrain prove {proof.name}", file=sys.stderr)
    before = (read() if KEPT.exists() else {}).get(proof.name, ()) if missing else ()
    known: list[Kept] = []
    for found in measured(proof, made, before, workers):
        known.append(found)
        print(f"  {found.action}: {found.condition}: {found.need}", file=sys.stderr, flush=True)
        # Read again: another command may have kept something while this one ran.
        kept = {**(read() if KEPT.exists() else {}), proof.name: tuple(known)}
        write({one.name: kept[one.name] for one in plan.proofs if one.name in kept})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guards", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="only proofs that contain TEXT")
    parser.add_argument("--missing", action="store_true", help="only guards never asked about yet")
    parser.add_argument("--page", action="store_true", help="only write the page")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="solvers at once")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
