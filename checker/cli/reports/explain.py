"""Why the traces of a report are what they are. The specs are loaded in a process of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from checker.cli.reasons import why_of
from checker.cli.reports.collect import Whys
from checker.gate.imports import apart
from checker.gate.process import Ended, Task
from checker.gate.report import GateReport, Outcome
from checker.gate.work import guarded
from checker.trace import Ending, Trace
from counterexamples.why.answer import Why

SECONDS: Final = 60.0
"""A report without explanations is better than none."""


def explained_traces(report: GateReport, folder: Path) -> Whys:
    """The explanations that could be found, by check and label."""
    wanted = [
        ((check.name, label), trace)
        for check in report.checks
        if check.outcome is Outcome.RED
        for label, trace in check.traces
        if trace.ending is not Ending.REACHED
    ]
    if not wanted:
        return {}
    found = _in_process([trace for _, trace in wanted], folder)
    return {key: why for (key, _), why in zip(wanted, found, strict=True) if why is not None}


def _in_process(traces: Sequence[Trace], folder: Path) -> Sequence[Why | None]:
    task = Task(do_explain, traces, folder)
    try:
        answered = task.connection.poll(SECONDS)
    except KeyboardInterrupt:
        # Every verdict is known: what is left is to say and write them.
        answered = False
    if not answered:
        task.kill()
        return [None] * len(traces)
    answer = task.answer()
    return [None] * len(traces) if isinstance(answer, Ended) else answer


def do_explain(traces: Sequence[Trace]) -> list[Why | None]:
    """What the process does; what cannot be explained is shown all the same."""
    return [_explained(trace) for trace in traces]


def _explained(trace: Trace) -> Why | None:
    with apart():
        answer = guarded(lambda: why_of(trace, shortest=True))
    return answer if isinstance(answer, Why) else None
