"""How a trace became inevitable: exact, from the graph of all that can happen within the scope.

A run goes on for ever, or until the scope has no more steps. The fault of a trace is inevitable in
a state from which every run comes to it. Only what the property depends on counts: a step that
changes nothing else is none, and idling is no way out. The graph ends where the scope does, so a
run may avoid the fault by leaving it; both answers are given.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath

import platformdirs

from checker.explicit.machine_code import ObjectCache
from checker.explicit.outcome import FindingKind, Limits
from checker.explicit.prospects import Prospect, prospects
from checker.ground.errors import GroundError
from checker.ground.ground import ground
from checker.ir.model import Init
from checker.lang.errors import SpecError
from checker.prepare import Prepared
from checker.trace import Ending, Trace
from counterexamples.fate import Fate, Outlook

HAPPENED = Outlook(0, True, 0, 0, 0, False, False)
FAULTS = {
    Ending.VIOLATED: FindingKind.VIOLATED,
    Ending.UNDEFINED_PROPERTY: FindingKind.UNDEFINED_PROPERTY,
    Ending.UNDEFINED_STEP: FindingKind.UNDEFINED_STEP,
    Ending.DEADLOCK: FindingKind.DEADLOCK,
}


def inevitable(prepared: Prepared, trace: Trace, limits: Limits) -> Fate:
    """The fate of a trace that ends in a fault, in its spec with its scope and settings.

    Raises `SpecError` for a model too large to unroll.
    """
    fault = FAULTS[trace.ending]
    judged = tuple(p for p in prepared.model.properties if p.name == trace.property)
    # Who starts elsewhere may come to states that the spec's own start does not lead to.
    init = prepared.model.init if trace.start is None else Init("", (), ())
    model = replace(prepared.model, properties=judged, init=init)
    try:
        grounded = ground(model, None, fault is not FindingKind.DEADLOCK)
    except GroundError as error:
        raise SpecError("S038", error.message, error.span, error.help) from None
    cache = ObjectCache(FilePath(platformdirs.user_cache_dir("splitbrain")) / "objects")
    # What comes after the fault is not asked about; if a step is the fault, its end may be fine.
    before = trace.states[: len(trace.steps)]
    found = prospects(grounded, before, fault, limits, cache)
    return Fate(
        outlooks=(*map(_outlook, found.each), HAPPENED),
        states=found.states,
        steps=found.steps,
        within=found.within,
        stop=None if found.stop is None else found.stop.value,
    )


def _outlook(found: Prospect) -> Outlook:
    return Outlook(
        distance=found.distance,
        is_nearest=found.exact,
        successors=found.successors,
        open=found.open,
        closed=found.closed,
        avoidable=found.avoidable,
        avoidable_beyond=found.avoidable_beyond,
    )
