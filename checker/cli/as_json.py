"""Results as JSON, field for field what `docs/result.schema.json` promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.audit.findings import Audit
from checker.cli.audit_as_json import audit_to_json
from checker.cli.explain_lines import explanation_to_json
from checker.cli.version import VERSION
from checker.result import (
    NO_DEADLOCK,
    UNDEFINED_STEP,
    ExitCode,
    PropertyResult,
    Result,
    worst,
)
from checker.trace import Trace
from checker.verdict import Verdict, name_of, trace_of
from counterexamples.explanation import NOT_EXPLAINED, Explanations
from counterexamples.file import path_to

Files = Mapping[str, Path]
"""Where traces were kept, by the label of their verdict."""


def result_to_json(
    result: Result,
    files: Files,
    error: str | None = None,
    audit: Audit | None = None,
    explanations: Explanations = NOT_EXPLAINED,
) -> dict[str, Any]:
    """One run. `error` says what went wrong beside it: then the exit code is 1."""
    return {
        "version": VERSION,
        "spec": result.spec,
        "settings": dict(result.settings),
        "scope": dict(result.scope),
        "engine": result.engine,
        "start": _start(result),
        "initial_states": result.initial_states,
        "complete": result.complete,
        "stopped": result.stop,
        "states": None if result.solver else result.states,
        "generated": None if result.solver else result.generated,
        "diameter": result.level if result.complete else None,
        "level": result.level,
        "seconds": {
            "compile": round(result.seconds.compile, 6),
            "search": round(result.seconds.search, 6),
            "total": round(result.seconds.total, 6),
        },
        "peak_memory_bytes": result.peak_memory,
        "actions": {
            name: {"fired": count.fired, "new": count.new} for name, count in result.actions.items()
        },
        "never_fired": list(result.never_fired),
        "always_true": list(result.always_true),
        "cut": dict(result.cut),
        "without_budget": dict(result.without_budget),
        "outside_cone": {
            "variables": list(result.dropped_variables),
            "actions": list(result.dropped_actions),
        },
        "properties": [
            _property(found, files) | _explanation(found.name, explanations)
            for found in result.properties
        ],
        "deadlock": _deadlock(result, files, explanations),
        "undefined_step": _undefined_step(result, files, explanations),
        "simulation": _simulation(result),
        "solver": _solver(result),
        "audit": audit_to_json(audit),
        "error": error,
        "exit": int(ExitCode.FAILED if error else result.exit),
    }


def _start(result: Result) -> dict[str, Any] | None:
    if (start := result.start) is None:
        return None
    return {
        "init": start.init,
        "from": start.file,
        "assume": list(start.assumed),
        "unsolved": result.unsolved,
    }


def _property(found: PropertyResult, files: Files) -> dict[str, Any]:
    named = {"name": found.name, "kind": found.kind.value}
    return named | _verdict(found.verdict, files.get(found.name))


def _explanation(label: str, explanations: Explanations) -> dict[str, Any]:
    """Only if it was asked for, and there is something to explain."""
    found = explanations.get(label)
    return {} if found is None else {"explanation": explanation_to_json(found)}


def _deadlock(result: Result, files: Files, explanations: Explanations) -> dict[str, Any] | None:
    if result.deadlock is None:
        return None
    verdict = _verdict(result.deadlock, files.get(NO_DEADLOCK))
    return verdict | _explanation(NO_DEADLOCK, explanations)


def _undefined_step(
    result: Result, files: Files, explanations: Explanations
) -> dict[str, Any] | None:
    if result.undefined_step is None:
        return None
    trace = result.undefined_step.trace
    shown = _trace(trace, files.get(UNDEFINED_STEP))
    return {
        "action": trace.steps[-1].action, **shown, **_explanation(UNDEFINED_STEP, explanations)
    }  # fmt: skip


def _verdict(verdict: Verdict, file: Path | None) -> dict[str, Any]:
    return {"verdict": name_of(verdict)} | _trace(trace_of(verdict), file)


def _trace(trace: Trace | None, file: Path | None) -> dict[str, Any]:
    return {
        "steps": None if trace is None else len(trace.steps),
        "message": None if trace is None else trace.message or None,
        "trace": None if trace is None else path_to(trace),
        "trace_file": None if file is None else file.as_posix(),
    }


def _simulation(result: Result) -> dict[str, Any] | None:
    if (walks := result.walks) is None:
        return None
    return {"seed": walks.seed, "walks": walks.walks, "steps": walks.steps}


def _solver(result: Result) -> dict[str, Any] | None:
    if (solver := result.solver) is None:
        return None
    return {
        "name": solver.name,
        "version": solver.version,
        "seed": solver.seed,
        "depth": solver.depth,
        "reason": solver.reason,
    }


def sweep_to_json(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Several runs, and the code that they amount to."""
    return {
        "version": VERSION,
        "runs": list(runs),
        "exit": int(worst(ExitCode(run["exit"]) for run in runs)),
    }


def failure_to_json(message: str, code: ExitCode) -> dict[str, Any]:
    """No result at all, and why."""
    return {"version": VERSION, "error": message, "exit": int(code)}
