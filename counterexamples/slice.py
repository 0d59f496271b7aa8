"""Steps that do not matter: without them the rest still runs, and still violates the property.

A shortest trace has none: without such a step it would be shorter. Walks at random and traces
from elsewhere have many. They are found by trying: from the last step to the first, each is left
out, and the rest is run by the spec itself. What is left needs every one of its steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from checker.ir.model import PropertyKind
from checker.ir.values import State
from checker.semantics.step import Fired
from checker.semantics.undefined import Undefined
from checker.trace import Ending, Step, Trace
from counterexamples.replay import Semantics, is_deadlock

MOST_STEPS: Final = 100
"""Of a longer trace no step is left out: every try runs all that is left of it."""


def needless(semantics: Semantics, trace: Trace) -> frozenset[int]:
    """The numbers (from 1) of steps that the end of a trace does not need, all left out at once.

    Of an undefined step nothing is asked.
    """
    if len(trace.steps) > MOST_STEPS or trace.ending is Ending.UNDEFINED_STEP:
        return frozenset()
    kept = list(range(len(trace.steps)))
    for number in reversed(range(len(trace.steps))):
        fewer = [other for other in kept if other != number]
        states = _run(semantics, trace.states[0], [trace.steps[other] for other in fewer])
        if states is not None and _ends_so(semantics, trace, states):
            kept = fewer
    return frozenset(range(1, len(trace.steps) + 1)) - {number + 1 for number in kept}


def _run(semantics: Semantics, start: State, steps: Sequence[Step]) -> tuple[State, ...] | None:
    """The states of a run, or `None` if a step of it does not happen, or changes nothing."""
    states = [start]
    for step in steps:
        given = tuple(argument.value for argument in step.arguments)
        outcome = semantics.fire(step.action, given, states[-1])
        if not isinstance(outcome, Fired) or outcome.state == states[-1]:
            return None
        states.append(outcome.state)
    return tuple(states)


def _ends_so(semantics: Semantics, trace: Trace, states: tuple[State, ...]) -> bool:
    """Whether other states end as the trace does."""
    if trace.ending is Ending.DEADLOCK:
        return is_deadlock(semantics, states[-1])
    of_step = trace.kind is PropertyKind.STEP_INVARIANT
    if trace.property is None or len(states) <= of_step:
        return False
    try:
        value = semantics.judge(trace.property, *(states[-2:] if of_step else states[-1:]))
    except Undefined:
        return trace.ending is Ending.UNDEFINED_PROPERTY
    return trace.ending is (Ending.REACHED if value else Ending.VIOLATED)
