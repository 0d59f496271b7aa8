"""`python -m benchmarks.proofs`: make the planned proofs, keep what came out, write the page.

Each proof is a whole command, seen from outside. What came out is kept at once.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import measured_proofs, planned_proofs
from benchmarks.measure import told
from benchmarks.measured_proofs import KEPT, measure
from benchmarks.planned_proofs import Plan, PlannedProof
from benchmarks.proofs_document import DOCUMENT, document


def main() -> int:
    """Make the proofs that the arguments ask for; 1 if one failed or is still to be made."""
    options = _options()
    plan = planned_proofs.read()
    kept = measured_proofs.read() if KEPT.exists() else {}
    chosen = [
        proof
        for proof in plan.proofs
        if options.only in proof.name and not (options.missing and proof.name in kept)
    ]
    failed = [] if options.page else [proof for proof in chosen if not _keep(proof, plan)]
    kept = measured_proofs.read() if KEPT.exists() else {}
    unknown = [proof.name for proof in plan.proofs if proof.name not in kept]
    for name in unknown:
        print(f"not made yet, and so no page: {name}", file=sys.stderr)
    if not unknown:
        DOCUMENT.write_text(document(plan, kept), encoding="utf-8")
    return 1 if failed or unknown else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.proofs", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="only proofs that contain TEXT")
    parser.add_argument("--missing", action="store_true", help="only proofs never made yet")
    parser.add_argument("--page", action="store_true", help="only write the page")
    return parser.parse_args()


def _keep(planned: PlannedProof, plan: Plan) -> bool:
    """Make one proof, and keep it beside what was kept before; whether it succeeded."""
    new = told(
        f"splitbrain prove {planned.name}",
        lambda folder: measure(planned, folder),
        lambda made: f"{len(made.outcome.proved)} proved; {made.seconds} s",
    )
    if new is None:
        return False
    # Read again: another command may have kept something while this one ran.
    found = (measured_proofs.read() if KEPT.exists() else {}) | {planned.name: new}
    order = [proof.name for proof in plan.proofs if proof.name in found]
    measured_proofs.write({name: found[name] for name in order})
    return True


if __name__ == "__main__":
    sys.exit(main())
