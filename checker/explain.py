"""Explain a trace: how it became inevitable, and what would have prevented it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from checker.explicit.outcome import Limits
from checker.inevitable import FAULTS, inevitable
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec
from checker.prepare import prepare
from checker.prevention import Bounds, prevention
from checker.trace import Ending, Trace
from counterexamples.explanation import Explanation
from counterexamples.fate import Fate
from counterexamples.recheck import recheck

ELSEWHERE: Final = "fixes are sought for runs that start where the spec says, and nowhere else"


def explain(
    loaded: LoadedSpec, trace: Trace, bounds: Bounds, note: Callable[[str], None]
) -> Explanation | None:
    """What can be found out within the bounds; `None` for a trace at whose end nothing is wrong.

    `note` is told what is going on. The user's interrupt ends it, and what was found stays.
    """
    if trace.ending not in FAULTS:
        return None
    fate: Fate | None = None
    try:
        fate = _fate(loaded, trace, bounds, note)
        if trace.start is not None and (trace.start.file or trace.start.assumed):
            return Explanation(fate, None, ELSEWHERE)
        return Explanation(fate, prevention(loaded, trace, bounds, note))
    except _Drifted as drifted:
        return Explanation(None, None, str(drifted))
    except SpecError as error:
        return Explanation(fate, None, error.message)
    except (MemoryError, OSError):
        return Explanation(fate, None, "out of memory; --explain-states can ask for less")
    except KeyboardInterrupt:
        return Explanation(fate, None, "interrupted")


class _Drifted(Exception):
    """The spec does not do any more what the trace shows."""


def _fate(loaded: LoadedSpec, trace: Trace, bounds: Bounds, note: Callable[[str], None]) -> Fate:
    note("all that can follow")
    properties = () if trace.property is None else (trace.property,)
    whole = trace.ending is Ending.DEADLOCK
    prepared = prepare(loaded, trace.settings, trace.scope, properties, whole)
    drift = recheck(prepared.model, prepared.semantics, trace)
    if drift is not None:
        raise _Drifted(f"the spec has changed: at step {drift.step}, {drift.message}")
    return inevitable(prepared, trace, Limits(states=bounds.states, seconds=bounds.seconds))
