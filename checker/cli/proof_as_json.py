"""Proofs as JSON, field for field what `docs/proof.schema.json` promises."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import z3

from checker.cli.version import VERSION
from checker.ir.model import Model
from checker.ir.values import State, to_json
from checker.proof import Proof, Row
from checker.reachability import Label, Reachable, Unreachable
from checker.result import ExitCode
from checker.symbolic.verdicts import Counterexample, Obligation, Outcome, Proved
from counterexamples.file import path_to


def proof_to_json(
    proof: Proof, files: Mapping[str, Path], error: str | None = None
) -> dict[str, Any]:
    """One proof. `error` says what went wrong beside it: then the exit code is 1."""
    return {
        "version": VERSION,
        "spec": proof.spec,
        "settings": dict(proof.settings),
        "scope": dict(proof.scope),
        "engine": f"z3 {z3.get_version_string()}",
        "lifted": list(proof.lifted),
        "not_lifted": list(proof.fixed),
        "k": proof.steps,
        "lemmas": list(proof.assumed),
        "dropped": {name: _place(broken) for name, broken in proof.dropped.items()},
        "seconds": round(proof.seconds, 6),
        "properties": [_row(proof, row, files) for row in proof.rows],
        "error": error,
        "exit": int(ExitCode.FAILED if error else proof.exit),
    }


def _place(broken: Obligation) -> str:
    return "initial state" if broken.action is None else broken.action


def _row(proof: Proof, row: Row, files: Mapping[str, Path]) -> dict[str, Any]:
    file = files.get(row.name)
    return {
        "name": row.name,
        "kind": None if row.kind is None else row.kind.value,
        "lemma": row.is_lemma,
        "verdict": proof.verdict(row).value,
        "initial": _start(proof, row),
        "actions": {
            action: _outcome(proof, outcome, row.labels.get(action))
            for action, outcome in row.outcomes.items()
            if action is not None
        },
        "steps": None if row.trace is None else len(row.trace.steps),
        "trace": None if row.trace is None else path_to(row.trace),
        "trace_file": None if file is None else file.as_posix(),
    }


def _start(proof: Proof, row: Row) -> dict[str, Any] | None:
    if None not in row.outcomes:
        return None
    return _outcome(proof, row.outcomes[None], row.labels.get(None))


def _outcome(proof: Proof, outcome: Outcome, label: Label | None) -> dict[str, Any]:
    match outcome:
        case Proved():
            return {"outcome": "proved"}
        case Counterexample(scope, states, steps):
            model = proof.model_in(scope)
            taken = [
                {
                    "action": name,
                    "arguments": {
                        parameter.name: to_json(parameter.type, value)
                        for parameter, value in zip(
                            model.action(name).parameters, values, strict=True
                        )
                    },
                }
                for name, values in steps
            ]
            return {
                "outcome": "counterexample to induction",
                "first_state": _reached(label),
                "scope": dict(scope),
                "states": [_state(model, state) for state in states],
                "steps": taken,
            }
        case unknown:
            return {"outcome": "unknown", "reason": unknown.reason}


def _reached(label: Label | None) -> str:
    match label:
        case Reachable():
            return "reachable"
        case Unreachable():
            return "unreachable within the explored scope"
        case _:
            return "unknown"


def _state(model: Model, state: State) -> dict[str, Any]:
    pairs = zip(model.variables, state, strict=True)
    return {variable.name: to_json(variable.type, value) for variable, value in pairs}
