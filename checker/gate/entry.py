"""What of a finished check goes into the lock."""

from __future__ import annotations

from typing import Any

from checker.gate.cache import digest_of
from checker.gate.declaration import Check
from checker.gate.digests import ModelDigests
from checker.gate.lock import Entry, LockedAction, LockedProperty
from checker.gate.plan import Planned
from checker.gate.report import Expected, ProofResult
from checker.result import ActionCount, Result
from checker.verdict import name_of, trace_of

Judged = dict[str, tuple[str, int | None]]
"""The verdict of each property in words, and the steps of its trace."""


def entry_of(planned: Planned, result: Result | ProofResult) -> Entry:
    """The entry of a check that was run; it must have been planned without failure."""
    digests = planned.digests
    assert digests is not None, planned.failure
    counted = result.actions if isinstance(result, Result) else {}
    return Entry(
        digest=digest_of(planned),
        spec=planned.run.spec,
        engine=planned.run.check.engine,
        expected=in_words(planned.run.check.expected),
        settings=dict(planned.settings),
        scope=dict(planned.scope),
        options=_options(planned.run.check),
        start=digests.start,
        variables=dict(digests.variables),
        actions={
            name: _action(digest, counted.get(name)) for name, digest in digests.actions.items()
        },
        properties=_properties(digests, result),
        counts=_counts(result),
        graph=dict(result.graph or {}) if isinstance(result, Result) else {},
    )


def in_words(expected: Expected) -> str:
    """What is expected, as the lock says it."""
    if expected.property is None:
        return expected.verdict
    return f"{expected.property} {expected.verdict} after {steps_in_words(expected.steps or 0)}"


def steps_in_words(steps: int) -> str:
    """`1 step`, `9 steps`."""
    return f"{steps:,} {'step' if steps == 1 else 'steps'}"


def _options(check: Check) -> dict[str, Any]:
    options: dict[str, Any] = {
        "depth": check.depth,
        "deadlock": check.deadlock or None,
        "lemmas": list(check.lemmas) or None,
        "lift": None if check.lift is None else list(check.lift),
        "k": None if check.k == 1 else check.k,
    }
    return {name: value for name, value in options.items() if value is not None}


def _action(digest: str, count: ActionCount | None) -> LockedAction:
    if count is None:
        return LockedAction(digest, None, None)
    return LockedAction(digest, count.fired, count.new)


def _properties(digests: ModelDigests, result: Result | ProofResult) -> dict[str, LockedProperty]:
    judged = _judged(result)
    return {
        name: LockedProperty(meaning.kind, meaning.digest, *judged[name])
        for name, meaning in digests.properties.items()
        if name in judged
    }


def _judged(result: Result | ProofResult) -> Judged:
    if isinstance(result, ProofResult):
        return {
            row.name: (row.verdict.value, None if row.trace is None else len(row.trace.steps))
            for row in result.rows
        }
    found: Judged = {}
    for judged in result.properties:
        trace = trace_of(judged.verdict)
        found[judged.name] = (name_of(judged.verdict), None if trace is None else len(trace.steps))
    return found


def _counts(result: Result | ProofResult) -> dict[str, int]:
    if isinstance(result, ProofResult) or result.solver is not None:
        return {}
    reached = "diameter" if result.complete else "level"
    return {"states": result.states, "generated": result.generated, reached: result.level}
