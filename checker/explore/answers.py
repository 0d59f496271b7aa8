"""What is answered to a walk: what there is to see of it, a trace file, a test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from threading import Lock
from typing import Any

from checker.explore.requests import Asked
from checker.explore.runs import Runs
from checker.explore.view import beginnings, view
from checker.explore.walk import MalformedWalk, Walk, step_to_json, take, trace_of
from checker.semantics.python import PythonSpec
from checker.trace import Trace
from counterexamples.file import in_json
from counterexamples.forms.as_test import Scenario, Story, as_test


class Answers:
    """The runs that may be asked about. One answer is made at a time.

    Every answer raises `MalformedWalk` or `UnknownRun` for a walk that is none.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._lock = Lock()

    def view(self, asked: Asked) -> str:
        """What there is to see, as JSON."""
        with self._lock:
            start, walk = self._walk(asked)
            at = _place(asked, walk)
            seen = view(walk, at, asked.wanted, self._runs.about(asked.run))
            starts = beginnings(walk.prepared.model, self._runs.starts(asked.run))
            return json.dumps(seen | {"start": start, "starts": starts}, ensure_ascii=False)

    def trace(self, asked: Asked) -> str:
        """The walk up to where it is looked at from, as a trace file."""
        with self._lock:
            return in_json(self._trace(asked))

    def test(self, asked: Asked) -> str:
        """The same as a test; raises `TraceFileError` if the spec's file cannot be imported."""
        with self._lock:
            python = self._runs.prepared(asked.run).semantics
            assert isinstance(python, PythonSpec), python
            trace = self._trace(asked)
            story = Story(f"splitbrain explore {trace.spec}", "")
            return as_test(Scenario(trace), python, story)

    def _trace(self, asked: Asked) -> Trace:
        _, walk = self._walk(asked)
        return trace_of(walk.until(_place(asked, walk)), self._runs.about(asked.run))

    def _walk(self, asked: Asked) -> tuple[int, Walk]:
        """The walk, and the number of its initial state."""
        prepared, states = self._runs.prepared(asked.run), self._runs.starts(asked.run)
        start, steps = asked.start, asked.steps
        if steps is None:
            trace = self._runs.trace(asked.run)
            start, steps = (0, []) if trace is None else _beginning(trace, states)
        if not 0 <= start < len(states):
            raise MalformedWalk(f"there is no initial state {start}")
        return start, take(prepared, states[start], steps)


def _place(asked: Asked, walk: Walk) -> int:
    at = len(walk.steps) if asked.at is None else asked.at
    if at < 0 or (at > len(walk.steps) and walk.halt is None):
        raise MalformedWalk(f"there is no step {at}: it has {len(walk.steps)}")
    return min(at, len(walk.steps))


def _beginning(trace: Trace, states: Sequence[Any]) -> tuple[int, list[Any]]:
    """Where a trace begins, and its steps; in a run that has changed, where any walk does."""
    first = trace.states[0]
    start = states.index(first) if first in states else 0
    return start, [step_to_json(step) for step in trace.steps]
