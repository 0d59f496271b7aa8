"""The gate's report as JSON, field for field what `docs/gate.schema.json` promises."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.cli.as_json import result_to_json
from checker.cli.version import VERSION
from checker.gate.report import (
    CheckReport,
    Difference,
    Facts,
    Failure,
    GateReport,
    Outcome,
    ProofResult,
)
from checker.ir.expr import Span
from checker.result import ExitCode, Result
from counterexamples.file import path_to

Files = Mapping[tuple[str, str], Path]


def gate_to_json(report: GateReport, files: Files, error: str | None = None) -> dict[str, Any]:
    """The whole report. `error` says what went wrong beside it: then the exit code is 1."""
    return {
        "version": VERSION,
        "declaration": report.declaration.name,
        "profile": report.profile,
        "lock": {
            "file": report.lock.name,
            "found": report.has_lock,
            "written": report.lock_written,
            "differences": [_difference(one) for one in report.differences],
        },
        "summary": {outcome.value: report.count(outcome) for outcome in Outcome},
        "checks": [_check(check, files) for check in report.checks],
        "messages": list(report.messages),
        "seconds": round(report.seconds, 6),
        "error": error,
        "exit": int(ExitCode.FAILED if error else report.exit),
    }


def _check(check: CheckReport, files: Files) -> dict[str, Any]:
    own = {label: path for (name, label), path in files.items() if name == check.name}
    return {
        "name": check.name,
        "place": check.place,
        "spec": check.spec,
        "engine": check.engine,
        "settings": dict(check.settings),
        "scope": dict(check.scope),
        "expected": {
            "verdict": check.expected.verdict,
            "property": check.expected.property,
            "steps": check.expected.steps,
        },
        "outcome": check.outcome.value,
        "source": check.source.value,
        "messages": list(check.messages),
        "differences": [_difference(one) for one in check.differences],
        "failure": None if check.failure is None else _failure(check.failure),
        "source_places": None if check.facts is None else _places(check.facts),
        "result": _result(check.result, own),
        "seconds": round(check.seconds, 6),
        "exit": int(check.exit),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "text": difference.text,
        "note": difference.is_note,
        "accepted": difference.is_accepted,
    }


def _failure(failure: Failure) -> dict[str, Any]:
    place = None if failure.span is None else _place(failure.span)
    return {"message": failure.message, "place": place}


def _place(span: Span) -> dict[str, Any]:
    return {"file": Path(span.file).as_posix(), "line": span.line, "column": span.column + 1}


def _places(facts: Facts) -> dict[str, Any]:
    return {
        "spec": _place(facts.spec),
        "properties": {name: _place(span) for name, span in facts.properties.items()},
        "actions": {name: _place(span) for name, span in facts.actions.items()},
    }


def _result(result: Result | ProofResult | None, files: Mapping[str, Path]) -> Any:
    match result:
        case Result():
            return result_to_json(result, files) | {
                "graph": None if result.graph is None else dict(result.graph)
            }
        case ProofResult():
            return _proof(result, files)
        case None:
            return None


def _proof(proof: ProofResult, files: Mapping[str, Path]) -> dict[str, Any]:
    rows = []
    for row in proof.rows:
        file = files.get(row.name)
        rows.append(
            {
                "name": row.name,
                "kind": None if row.kind is None else row.kind.value,
                "lemma": row.is_lemma,
                "verdict": row.verdict.value,
                "steps": None if row.trace is None else len(row.trace.steps),
                "trace": None if row.trace is None else path_to(row.trace),
                "trace_file": None if file is None else file.as_posix(),
            }
        )
    return {
        "engine": "prove",
        "lifted": list(proof.lifted),
        "k": proof.steps,
        "lemmas": list(proof.lemmas),
        "properties": rows,
        "seconds": round(proof.seconds, 6),
    }
