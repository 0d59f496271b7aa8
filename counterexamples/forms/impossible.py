"""A trace where it is no longer possible: how far it goes now, and what stops it."""

from __future__ import annotations

from dataclasses import replace

from checker.ir.expr import Value
from checker.ir.model import Action, Model
from checker.ir.values import State, from_json, to_json
from checker.semantics.initial import is_initial
from checker.semantics.python import PythonSpec
from checker.semantics.step import Cut, Disabled, Fired, UndefinedStep
from checker.trace import Ending, Step, Trace
from counterexamples.file import TraceFileError
from counterexamples.forms.as_test import Scenario
from counterexamples.replay import judgement, made_step


def impossible(name: str, trace: Trace, model: Model, python: PythonSpec) -> Scenario:
    """The steps of the trace as far as they happen, and either the refused one or the end.

    `name` is how the spec is loaded. Raises `TraceFileError` where the trace is possible all the
    same, or where nobody can tell: beyond the scope, or after a step that is undefined.
    """
    if trace.property is None or trace.ending is Ending.REACHED:
        raise TraceFileError("only of an invariant can be said that it stays true")
    states, steps = [_start(trace, model, python)], list[Step]()
    refused = None
    for number, kept in enumerate(trace.steps, start=1):
        step = _same_step(model, kept, number)
        values = tuple(given.value for given in step.arguments)
        match python.fire(step.action, values, states[-1]):
            case Fired(after):
                steps.append(step)
                states.append(after)
            case Disabled():
                refused = step
                break
            case Cut(scope):
                raise TraceFileError(f"step {number}, {step}, leaves the scope {scope}: give more")
            case UndefinedStep(message):
                raise TraceFileError(f"step {number}, {step}, is undefined here: {message}")
    made = replace(
        trace,
        spec=name,
        settings=model.settings,
        scope=model.scope,
        variables=tuple((variable.name, variable.type) for variable in model.variables),
        states=tuple(states),
        steps=tuple(steps),
        ending=Ending.VIOLATED,
    )
    if refused is None:
        _check_true(made, model, python)
    return Scenario(made, refused, as_kept=False)


def _start(trace: Trace, model: Model, python: PythonSpec) -> State:
    """The initial state; where `@init` leaves it open, that of the trace."""
    if model.init is None:
        return python.initial()
    variables = tuple((variable.name, variable.type) for variable in model.variables)
    if variables != trace.variables or not is_initial(model, trace.states[0]):
        raise TraceFileError("the trace does not begin in an initial state of this spec")
    return trace.states[0]


def _same_step(model: Model, kept: Step, number: int) -> Step:
    """The step in the words of this spec, whose bounds may be others."""
    action = {known.name: known for known in model.actions}.get(kept.action)
    if action is None:
        raise TraceFileError(f"step {number}: the spec has no action {kept.action}")
    return made_step(action, tuple(_values(action, kept, number)))


def _values(action: Action, kept: Step, number: int) -> list[Value]:
    given = {argument.name: to_json(argument.type, argument.value) for argument in kept.arguments}
    try:
        return [from_json(known.type, given[known.name]) for known in action.parameters]
    except (KeyError, ValueError) as error:
        message = f"step {number}: {kept} cannot be asked of this spec: {error}"
        raise TraceFileError(message) from error


def _check_true(trace: Trace, model: Model, python: PythonSpec) -> None:
    judged = {known.name: known for known in model.properties}.get(trace.property or "")
    if judged is None:
        raise TraceFileError(f"the spec has no property {trace.property}")
    ending, message = judgement(python, judged, trace.states)
    if ending is not None and ending is not Ending.REACHED:
        raise TraceFileError(
            f"the scenario is still possible: {judged.name} is {ending.value} at its end"
            + (f", {message}" if message else "")
            + "; with --set NAME=VALUE, --scope or --spec say what should prevent it"
        )
