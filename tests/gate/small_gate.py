"""The gate without its processes: what a spec in the current folder would have in the lock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checker.gate.declaration import Bounds, Declaration, read
from checker.gate.entry import entry_of
from checker.gate.lock import Entry, Lock
from checker.gate.plan import Plan, Planned
from checker.gate.report import Failure, ProofResult
from checker.gate.work import ToPlan, ToRun, do_plan, do_run
from checker.result import Result


def declaration() -> Declaration:
    return read(Path.cwd() / "splitbrain.toml")


def planned(before: Lock | None = None) -> Plan:
    made = do_plan(ToPlan(declaration().checks, "quick", (before or Lock()).recorded()))
    assert not isinstance(made, Failure), made
    return made[0]


def result_of(one: Planned) -> Result | ProofResult:
    assert one.failure is None, one.failure
    result = do_run(ToRun(one.run, Bounds(seconds=60)))
    assert not isinstance(result, Failure), result
    return result


@dataclass(frozen=True, slots=True)
class Locked:
    """A check that was run, its entry, and a lock that holds it alone."""

    planned: Planned
    result: Result | ProofResult
    entry: Entry
    lock: Lock


def locked(before: Lock | None = None) -> Locked:
    """Run the one check of the declaration."""
    (one,) = planned(before).planned
    result = result_of(one)
    entry = entry_of(one, result)
    assert one.digests is not None
    texts = {meaning.digest: meaning.text for meaning in one.digests.properties.values()}
    return Locked(one, result, entry, Lock({one.run.name: entry}, texts))
