"""Whether a kept trace is still what it was, now that the spec may have changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from checker.ir.model import Model
from checker.ir.values import State
from checker.semantics.step import Cut, Disabled, Fired, UndefinedStep
from checker.semantics.undefined import Undefined
from checker.trace import Ending, Step, Trace
from counterexamples.diff import changes
from counterexamples.guards import Guard, blocking
from counterexamples.replay import Semantics, is_deadlock, judgement, may_start

MOST_DIFFERENCES: Final = 3
"""Of more it is only said how many there are."""


@dataclass(frozen=True, slots=True)
class Drift:
    """From which step on (0: from the beginning) the spec does something else, and what."""

    step: int
    message: str

    def __str__(self) -> str:
        return f"at {f'step {self.step}' if self.step else 'the initial state'}, {self.message}"


def unchanged(trace: Trace) -> str:
    """What is said of a trace that is still what it was."""
    ending = "possible" if trace.ending is Ending.WALK else trace.ending.value
    return f"replayed in Python: still {ending}"


def recheck(model: Model, semantics: Semantics, trace: Trace) -> Drift | None:
    """The first difference between what is kept and what the spec does now; `None` if none."""
    message = _other_shape(model, trace) or _other_start(model, semantics, trace)
    if message:
        return Drift(0, message)
    for number, step in enumerate(trace.steps, start=1):
        expected = trace.states[number] if number < len(trace.states) else None
        message = _other_step(model, semantics, trace, step, trace.states[number - 1], expected)
        if message:
            return Drift(number, message)
    message = _other_end(model, semantics, trace)
    return Drift(len(trace.steps), message) if message else None


def _other_shape(model: Model, trace: Trace) -> str:
    """How the variables differ."""
    kept = dict(trace.variables)
    known = {variable.name: variable.type for variable in model.variables}
    for name in {**kept, **known}:
        if name not in known:
            return f"the variable {name} is gone"
        if name not in kept:
            return f"the variable {name} is new"
        if kept[name] != known[name]:
            return f"the variable {name} is {known[name]} now, and was {kept[name]}"
    return "" if list(kept) == list(known) else "the variables are in another order"


def _other_start(model: Model, semantics: Semantics, trace: Trace) -> str:
    first, start = trace.states[0], trace.start
    if start is not None and (start.file is not None or start.assumed):
        # The user chose the state: it need only be one.
        return ""
    if model.init is not None:
        return "" if may_start(model, semantics, first) else "it is not initial now"
    try:
        initial = semantics.initial()
    except Undefined as undefined:
        return f"the initial state is undefined now: {undefined.message}"
    return _difference(trace, trace.states[0], initial)


def _difference(trace: Trace, kept: State, now: State) -> str:
    differences = changes(trace.variables, kept, now)
    shown = "; ".join(map(str, differences[:MOST_DIFFERENCES]))
    more = len(differences) - MOST_DIFFERENCES
    return f"kept → now: {shown}" + (f"; and {more} more" if more > 0 else "") if shown else ""


def _other_step(
    model: Model,
    semantics: Semantics,
    trace: Trace,
    step: Step,
    before: State,
    expected: State | None,
) -> str:
    """How a step differs from what is kept."""
    action = {known.name: known for known in model.actions}.get(step.action)
    if action is None:
        return f"there is no action {step.action} now"
    parameters = [(parameter.name, parameter.type) for parameter in action.parameters]
    if parameters != [(given.name, given.type) for given in step.arguments]:
        return f"{step.action} has other parameters now"
    values = tuple(given.value for given in step.arguments)
    match semantics.fire(step.action, values, before):
        case Fired(after) if expected is not None:
            return _difference(trace, expected, after)
        case UndefinedStep() if expected is None:
            return ""
        case Disabled():
            guard = blocking(model, action, values, before)
            return f"{step} is disabled now by {_described(guard)}"
        case Cut(scope):
            return f"{step} is cut by {scope} now"
        case UndefinedStep(message):
            return f"{step} is undefined now: {message}"
        case Fired():
            return f"{step} is defined now"


def _described(guard: Guard) -> str:
    """The condition as it is written, and what is not as it should be."""
    values = ", ".join(f"{place} is {value}" for place, value in guard.reads)
    return f"`{guard.text}` ({guard.place})" + (f": {values}" if values else "")


def _other_end(model: Model, semantics: Semantics, trace: Trace) -> str:
    if trace.ending in (Ending.UNDEFINED_STEP, Ending.WALK):
        return ""
    if trace.ending is Ending.DEADLOCK:
        stuck = is_deadlock(semantics, trace.states[-1])
        return "" if stuck else "the last state has a successor now"
    judged = {known.name: known for known in model.properties}.get(trace.property or "")
    if judged is None:
        return f"there is no property {trace.property} now"
    ending, _ = judgement(semantics, judged, trace.states)
    return "" if ending is trace.ending else f"{judged.name} is not {trace.ending.value} now"
