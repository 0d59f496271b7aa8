"""`proofs.json`: what came out of each planned proof, and how long it took."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Command, run
from benchmarks.measured_runs import ROOT, answer
from benchmarks.planned_proofs import PlannedProof

KEPT = Path(__file__).with_name("proofs.json")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must come out again. `fixed` are the bounds that were kept."""

    proved: Sequence[str]
    lemmas: Sequence[str]
    actions: int
    k: int
    lifted: Sequence[str]
    fixed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """One proof: what any other must find again, and how many seconds this one took."""

    outcome: Outcome
    engine: str
    seconds: float


def measure(planned: PlannedProof, folder: Path) -> Measured:
    """Make the proof as a command; `RuntimeError` if anything of it is not proved."""
    prove = (sys.executable, "-m", "checker", "prove", *planned.options)
    done = run(Command((*prove, "--workers", "1", "--json", "--out", str(folder))), ROOT)
    result = answer(planned.name, done)
    return Measured(outcome(result), result["engine"], round(result["seconds"], 1))


def outcome(result: Mapping[str, Any]) -> Outcome:
    """What the JSON of `splitbrain prove` says, if all is proved; `RuntimeError` if not."""
    rows = result["properties"]
    open = {row["name"]: row["verdict"] for row in rows if row["verdict"] != "proved"}
    if open or not rows or result["exit"] != 0:
        raise RuntimeError(f"not proved: {open}")
    if result["not_lifted"]:
        raise RuntimeError(f"not lifted: {result['not_lifted']}")
    return Outcome(
        proved=[row["name"] for row in rows if not row["lemma"]],
        lemmas=[row["name"] for row in rows if row["lemma"]],
        actions=max(len(row["actions"]) for row in rows),
        k=result["k"],
        lifted=result["lifted"],
        fixed={k: size for k, size in result["scope"].items() if k not in result["lifted"]},
    )


def read(path: Path = KEPT) -> dict[str, Measured]:
    """The kept proofs, by the name of the planned one."""
    return {
        name: Measured(Outcome(**each["outcome"]), each["engine"], each["seconds"])
        for name, each in json.loads(path.read_text(encoding="utf-8")).items()
    }


def write(measured: Mapping[str, Measured], path: Path = KEPT) -> None:
    """Keep these proofs, and no others, in this order."""
    kept = {name: asdict(each) for name, each in measured.items()}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
