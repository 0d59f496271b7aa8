"""A trace with only some of its variables, to look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from checker.ir.values import State
from checker.trace import Trace


def selected(trace: Trace, only: Collection[str], hide: Collection[str]) -> Trace:
    """The trace with the variables in `only` (all, if it is empty), but for those in `hide`.

    It is for the eye: without the others it need not be a trace of the spec.
    """
    kept = [
        position
        for position, (name, _) in enumerate(trace.variables)
        if (not only or name in only) and name not in hide
    ]

    def part(state: State) -> State:
        return tuple(state[position] for position in kept)

    return replace(
        trace,
        variables=tuple(trace.variables[position] for position in kept),
        states=tuple(map(part, trace.states)),
    )
