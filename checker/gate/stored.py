"""Results as JSON and back, whole: what the cache keeps."""

from __future__ import annotations

from typing import Any

from checker.gate.report import ProofResult, ProofRow
from checker.ir.model import PropertyKind
from checker.proof import Verdict as ProofVerdict
from checker.result import ActionCount, PropertyResult, Result, Seconds, Solver
from checker.trace import Start, Trace
from checker.verdict import (
    Bounded,
    Complete,
    Deadlock,
    Holds,
    Partial,
    Reached,
    Search,
    Undefined,
    Undetermined,
    Unreached,
    Verdict,
    Violated,
    name_of,
    trace_of,
)
from counterexamples.file import from_document, to_document


def to_json(result: Result | ProofResult) -> dict[str, Any]:
    """A result as plain JSON."""
    if isinstance(result, ProofResult):
        return {"proof": _proof(result)}
    return {
        "spec": result.spec,
        "settings": dict(result.settings),
        "defaults": dict(result.defaults),
        "scope": dict(result.scope),
        "engine": result.engine,
        "complete": result.complete,
        "stop": result.stop,
        "states": result.states,
        "generated": result.generated,
        "level": result.level,
        "seconds": [result.seconds.compile, result.seconds.search, result.seconds.total],
        "peak_memory": result.peak_memory,
        "actions": {name: [count.fired, count.new] for name, count in result.actions.items()},
        "cut": dict(result.cut),
        "dropped_variables": list(result.dropped_variables),
        "dropped_actions": list(result.dropped_actions),
        "without_budget": dict(result.without_budget),
        "properties": [[p.name, p.kind.value, _verdict(p.verdict)] for p in result.properties],
        "deadlock": None if result.deadlock is None else _verdict(result.deadlock),
        "solver": None if result.solver is None else _solver(result.solver),
        "graph": None if result.graph is None else dict(result.graph),
        "initial_states": result.initial_states,
        "start": None if result.start is None else _start(result.start),
        "always_true": list(result.always_true),
    }


def from_json(data: dict[str, Any]) -> Result | ProofResult:
    """The inverse of `to_json`; whatever goes wrong, the data was not made by it."""
    if "proof" in data:
        return _read_proof(data["proof"])
    solver, start = data["solver"], data["start"]
    return Result(
        spec=data["spec"],
        settings=data["settings"],
        defaults=data["defaults"],
        scope=data["scope"],
        engine=data["engine"],
        complete=data["complete"],
        stop=data["stop"],
        states=data["states"],
        generated=data["generated"],
        level=data["level"],
        seconds=Seconds(*data["seconds"]),
        peak_memory=data["peak_memory"],
        actions={name: ActionCount(*counts) for name, counts in data["actions"].items()},
        cut=data["cut"],
        dropped_variables=tuple(data["dropped_variables"]),
        dropped_actions=tuple(data["dropped_actions"]),
        without_budget=data["without_budget"],
        properties=tuple(
            PropertyResult(name, PropertyKind(kind), _read_verdict(verdict))
            for name, kind, verdict in data["properties"]
        ),
        deadlock=None if data["deadlock"] is None else _read_verdict(data["deadlock"]),
        solver=None if solver is None else Solver(*solver),
        graph=data["graph"],
        initial_states=data["initial_states"],
        start=None if start is None else Start(start[0], start[1], tuple(start[2])),
        always_true=tuple(data["always_true"]),
    )


def _solver(solver: Solver) -> list[Any]:
    return [solver.name, solver.version, solver.seed, solver.depth, solver.reason]


def _start(start: Start) -> list[Any]:
    return [start.init, start.file, list(start.assumed)]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    trace = trace_of(verdict)
    told: dict[str, Any] = {"is": name_of(verdict)}
    if trace is not None:
        return told | {"trace": to_document(trace)}
    assert isinstance(verdict, Holds | Unreached | Undetermined)
    return told | {"search": _search(verdict.search)}


def _search(search: Search) -> list[Any]:
    match search:
        case Complete(states, diameter):
            return ["complete", states, diameter]
        case Partial(states, level, reason):
            return ["partial", states, level, reason]
        case Bounded(level):
            return ["bounded", level]


def _read_verdict(data: dict[str, Any]) -> Verdict:
    match data:
        case {"is": "violated", "trace": trace}:
            return Violated(from_document(trace))
        case {"is": "reached", "trace": trace}:
            return Reached(from_document(trace))
        case {"is": "undefined", "trace": trace}:
            return Undefined(from_document(trace))
        case {"is": "deadlock", "trace": trace}:
            return Deadlock(from_document(trace))
        case {"is": "holds", "search": ["complete", states, diameter]}:
            return Holds(Complete(states, diameter))
        case {"is": "unreached", "search": ["complete", states, diameter]}:
            return Unreached(Complete(states, diameter))
        case {"is": "undetermined", "search": ["partial", *search]}:
            return Undetermined(Partial(*search))
        case {"is": "undetermined", "search": ["bounded", level]}:
            return Undetermined(Bounded(level))
        case _:
            raise ValueError(f"{data!r:.60} is no verdict")


def _proof(proof: ProofResult) -> dict[str, Any]:
    return {
        "spec": proof.spec,
        "settings": dict(proof.settings),
        "scope": dict(proof.scope),
        "lifted": list(proof.lifted),
        "steps": proof.steps,
        "lemmas": list(proof.lemmas),
        "rows": [
            [row.name, None if row.kind is None else row.kind.value, row.is_lemma,
             row.verdict.value, None if row.trace is None else to_document(row.trace)]
            for row in proof.rows
        ],
        "seconds": proof.seconds,
    }  # fmt: skip


def _read_proof(data: dict[str, Any]) -> ProofResult:
    return ProofResult(
        spec=data["spec"],
        settings=data["settings"],
        scope=data["scope"],
        lifted=tuple(data["lifted"]),
        steps=data["steps"],
        lemmas=tuple(data["lemmas"]),
        rows=tuple(_read_row(*row) for row in data["rows"]),
        seconds=data["seconds"],
    )


def _read_row(name: str, kind: str | None, is_lemma: bool, verdict: str, trace: Any) -> ProofRow:
    shown: Trace | None = None if trace is None else from_document(trace)
    known = None if kind is None else PropertyKind(kind)
    return ProofRow(name, known, is_lemma, ProofVerdict(verdict), shown)
