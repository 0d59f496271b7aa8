"""What the tests of specs share: a full search of a spec, and the few numbers that they compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from checker.check import Options, check
from checker.lang.load import load
from checker.result import Result
from checker.verdict import name_of, trace_of


@dataclass(frozen=True, slots=True)
class Run:
    """A complete search: counts, and each property's verdict, with its steps if it has a trace."""

    states: int
    diameter: int
    generated: int
    cut: Mapping[str, int]
    verdicts: Mapping[str, str]


@cache
def run(name: str, /, **scope: int) -> Run:
    """Search a spec completely, every variable kept, in the scope that the keywords give."""
    result = check(load(name), {}, scope, Options(go_on=True, cone=False))
    assert result.complete, result.stop
    return Run(result.states, result.level, result.generated, result.cut, _verdicts(result))


def _verdicts(result: Result) -> dict[str, str]:
    found = {}
    for name, verdict in result.verdicts:
        trace = trace_of(verdict)
        steps = "" if trace is None else f" {len(trace.steps)}"
        found[name] = name_of(verdict) + steps
    return found
