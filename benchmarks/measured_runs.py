"""`runs.json`: what came out of each planned search, and what it took."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Command, Run, run
from benchmarks.planned_runs import Planned

ROOT = Path(__file__).parent.parent
KEPT = Path(__file__).with_name("runs.json")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must come out again. `level` is the diameter if the search was complete."""

    complete: bool
    stopped: str | None
    states: int
    generated: int
    level: int
    scope: Mapping[str, int]
    cut: Sequence[str]
    """The bounds that cut a step."""
    holds: int
    """How many invariants hold."""
    reached: int
    """How many goals are reached."""
    violated: Mapping[str, int]
    """The properties that are violated or undefined, and the steps, each, with after how many."""
    undetermined: Sequence[str]
    unreached: Sequence[str]

    @property
    def verdict(self) -> str:
        """The verdict in words. Only a complete search may say that anything holds."""
        if self.violated:
            each = (f"{name}, {steps} steps" for name, steps in self.violated.items())
            return f"violated: {'; '.join(each)}"
        if not self.complete or self.undetermined:
            return f"undetermined: stopped by {self.stopped}"
        goals = f"goals reached: {self.reached} of {self.reached + len(self.unreached)}"
        without = f" (not {', '.join(self.unreached)})" if self.unreached else ""
        return f"holds: {self.holds}; {goals}{without}" if self.holds else f"{goals}{without}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: the search, the whole command with nothing compiled before, its memory."""

    search_seconds: float
    command_seconds: float
    megabytes: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: what any run must find again, and what this one took."""

    outcome: Outcome
    cost: Cost


def measure(planned: Planned, folder: Path) -> Measured:
    """Run the search as a command, with an empty cache in `folder`; `RuntimeError` if it fails."""
    check = (sys.executable, "-m", "checker", "check", *planned.options)
    done = run(
        Command((*check, "--json", "--out", str(folder)), {"XDG_CACHE_HOME": str(folder)}), ROOT
    )
    result = answer(planned.name, done)
    cost = Cost(
        search_seconds=round(result["seconds"]["search"], 2),
        command_seconds=round(done.seconds, 2),
        megabytes=round(done.peak_memory / 1e6),
    )
    return Measured(outcome(result), cost)


def answer(name: str, done: Run) -> Mapping[str, Any]:
    """The JSON object that a command printed; `RuntimeError` if it failed."""
    try:
        result: Mapping[str, Any] = json.loads(done.output)
    except json.JSONDecodeError:
        result = {"error": done.errors}
    if result.get("error") is not None:
        raise RuntimeError(f"{name}: {result['error']}")
    return result


def outcome(result: Mapping[str, Any]) -> Outcome:
    """What the JSON of `splitbrain check` says, as far as it is kept."""
    verdicts = {each["name"]: each["verdict"] for each in result["properties"]}
    step = result["undefined_step"]
    found = {each["name"]: each["steps"] for each in result["properties"]} | (
        {} if step is None else {f"undefined step of {step['action']}": step["steps"]}
    )

    def with_verdict(*wanted: str) -> list[str]:
        return [name for name, verdict in verdicts.items() if verdict in wanted]

    wrong = [name for name in found if verdicts.get(name, "undefined") in ("violated", "undefined")]
    return Outcome(
        complete=result["complete"],
        stopped=result["stopped"],
        states=result["states"],
        generated=result["generated"],
        level=result["level"],
        scope=result["scope"],
        cut=[name for name, steps in result["cut"].items() if steps > 0],
        holds=len(with_verdict("holds")),
        reached=len(with_verdict("reached")),
        violated={name: found[name] for name in wrong},
        undetermined=with_verdict("undetermined"),
        unreached=with_verdict("unreached"),
    )


def read(path: Path = KEPT) -> dict[str, Measured]:
    """The kept measurements, by the name of the planned run."""
    return {
        name: Measured(Outcome(**each["outcome"]), Cost(**each["cost"]))
        for name, each in json.loads(path.read_text(encoding="utf-8")).items()
    }


def write(measured: Mapping[str, Measured], path: Path = KEPT) -> None:
    """Keep these measurements, and no others, in this order: a line each."""
    lines = (f"{json.dumps(name)}: {json.dumps(asdict(each))}" for name, each in measured.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
