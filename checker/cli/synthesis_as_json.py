"""A synthesis as JSON, field for field what `docs/synthesis.schema.json` promises."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.cli.version import VERSION
from checker.conditions import Atom, Condition
from checker.result import ExitCode
from checker.synthesize import Answer, Decided, Synthesis, deviations
from checker.verdict import name_of, trace_of
from counterexamples.file import path_to

Files = Mapping[int, Mapping[str, Path]]
"""Where traces were kept, by the number of the combination and the label of the verdict."""


def synthesis_to_json(found: Synthesis, files: Files, error: str | None = None) -> dict[str, Any]:
    """One synthesis. `error` says what went wrong beside it: then the exit code is 1."""
    first = found.decided[0].result
    assert first is not None, "the first combination is always searched"
    names = [column.name for column in found.grid.columns]
    return {
        "version": VERSION,
        "spec": first.spec,
        "engine": first.engine,
        "properties": list(found.properties),
        "settings": {name: value for name, value in first.settings.items() if name not in names},
        "scope": {name: bound for name, bound in first.scope.items() if name not in names},
        "over": [
            {
                "name": column.name,
                "kind": "bound" if column.name in found.grid.bounds else "setting",
                "values": list(column.values),
                "baseline": found.grid.baseline[column.name],
            }
            for column in found.grid.columns
        ],
        "combinations": [
            _combination(one, files.get(number, {})) for number, one in enumerate(found.decided)
        ],
        "count": {answer.value: found.count(answer) for answer in Answer},
        "condition": _condition(found.condition, found.is_exact),
        "minimal_unsafe": [_minimal(found, one) for one in found.minimal],
        "error": error,
        "exit": int(ExitCode.FAILED if error else found.exit),
    }


def _combination(one: Decided, files: Mapping[str, Path]) -> dict[str, Any]:
    label, verdict = one.failure or (None, None)
    trace = None if verdict is None else trace_of(verdict)
    file = None if label is None else files.get(label)
    return {
        "values": dict(one.values),
        "answer": one.answer.value,
        "states": None if one.result is None else one.result.states,
        "stopped": None if one.result is None else one.result.stop,
        "property": label,
        "verdict": None if verdict is None else name_of(verdict),
        "steps": None if trace is None else len(trace.steps),
        "trace_file": None if file is None else file.as_posix(),
    }


def _condition(condition: Condition, is_exact: bool) -> dict[str, Any]:
    return {
        "text": str(condition),
        "exact": is_exact,
        "form": condition.form.value,
        "terms": [[_atom(atom) for atom in term] for term in condition.terms],
    }


def _atom(atom: Atom) -> dict[str, Any]:
    return {
        "name": atom.name,
        "relation": atom.relation.value,
        "values": list(atom.values),
        "other": atom.other,
    }


def _minimal(found: Synthesis, one: Decided) -> dict[str, Any]:
    assert one.failure is not None, one.values
    trace = trace_of(one.failure[1])
    return {
        "combination": found.decided.index(one),
        "deviations": dict(deviations(found.grid, one)),
        "trace": None if trace is None else path_to(trace),
    }
