"""From an ITF document to a trace: the steps between its states, found by the spec in Python.

A document holds states and seldom steps. Each step is searched for: an action with arguments that
leads from one state to the next. Variables that only we have (the counters of budgets) may be
missing: then all their values are followed at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from checker.ir.expr import Value
from checker.ir.model import Model, Property
from checker.ir.types import Type
from checker.ir.values import State
from checker.lang.suggest import did_you_mean
from checker.semantics.initial import is_initial
from checker.semantics.python import PythonSpec
from checker.semantics.step import Fired, UndefinedStep
from checker.semantics.undefined import Undefined
from checker.trace import Ending, Start, Step, Trace, start_of
from counterexamples.diff import changes
from counterexamples.drawing.roles import HIDDEN
from counterexamples.file import TraceFileError, read_text, start_from_json
from counterexamples.forms.itf import value_from_itf
from counterexamples.replay import is_deadlock, judgement, made_step, place_of

FOREIGN = ("mbt::", "__", "#")
"""How the names begin of what is no variable of a spec."""


@dataclass(frozen=True, slots=True)
class Document:
    """An ITF document, read but not yet understood: it needs a spec for that."""

    path: Path
    variables: tuple[str, ...]
    states: tuple[Mapping[str, Any], ...]
    about: Mapping[str, Any]
    """What splitbrain wrote about its own trace; else empty."""

    source: str | None
    """The spec that splitbrain made it from."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A state that fits, and how it was reached."""

    state: State
    step: Step | None
    before: Arrival | None


def read_itf(path: Path) -> Document:
    """The document in a file; raises `TraceFileError` if it is none."""
    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise TraceFileError(f"{path} is not an ITF trace: it is not JSON ({error})") from error
    match data:
        case {"vars": [*names], "states": [dict(), *_] as states}:
            pass
        case _:
            raise TraceFileError(f'{path} is not an ITF trace: it has no "vars" and "states"')
    if data.get("loop") is not None:
        raise TraceFileError(f"{path} is a lasso: only finite traces can be read")
    if not all(isinstance(state, dict) for state in states):
        raise TraceFileError(f"{path} is not an ITF trace: a state is not an object")
    meta = _object(data.get("#meta"))
    about = _object(meta.get("splitbrain"))
    source = meta.get("source") if about else None
    return Document(
        path, tuple(map(str, names)), tuple(states), about,
        source if isinstance(source, str) else None,
    )  # fmt: skip


def _object(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def trace_of_itf(name: str, model: Model, python: PythonSpec, document: Document) -> Trace:
    """The trace through the document's states; raises `TraceFileError` where the spec has none.

    `name` is how the spec is loaded. Of several steps that lead on, the one that the document names
    is taken, else the first. The trace ends as the first property says that finds something there.
    """
    variables = tuple((variable.name, variable.type) for variable in model.variables)
    known = _known(document, variables)
    states = [_read_state(document, known, number) for number in range(len(document.states))]
    last = _walk(model, python, document, known, states)
    path = tuple(reversed(list(_back(last))))
    kept = tuple(arrival.state for arrival in path)
    steps = tuple(arrival.step for arrival in path if arrival.step is not None)
    undefined = _undefined_step(model, python, document, kept[-1])
    judged, ending, message = undefined or _ending(model, python, document, kept)
    return Trace(
        spec=name,
        settings=model.settings,
        scope=model.scope,
        variables=variables,
        property=None if judged is None else judged.name,
        kind=None if judged is None else judged.kind,
        ending=ending,
        message=message,
        states=kept,
        start=_start_of(document) or start_of(model),
        steps=steps if undefined is None else (*steps, _named_step(model, document.about["step"])),
    )


def _back(arrival: Arrival | None) -> Iterator[Arrival]:
    while arrival is not None:
        yield arrival
        arrival = arrival.before


def _known(
    document: Document, variables: tuple[tuple[str, Type], ...]
) -> dict[str, tuple[int, Type]]:
    """Where the document's variables stand in a state."""
    names = [name for name, _ in variables]
    for name in document.variables:
        if name not in names and not name.startswith(FOREIGN):
            help = did_you_mean(name, names, "variables of the spec")
            raise TraceFileError(f"{document.path}: the spec has no variable {name}; {help}")
    for name in names:
        if name not in document.variables and not name.startswith(HIDDEN):
            raise TraceFileError(f"{document.path}: the spec's variable {name} is not in its vars")
    return {
        name: (position, type)
        for position, (name, type) in enumerate(variables)
        if name in document.variables
    }


def _read_state(
    document: Document, known: Mapping[str, tuple[int, Type]], number: int
) -> dict[int, Value]:
    """The values of a state, by their positions."""
    data, found = document.states[number], dict[int, Value]()
    for name, (position, type) in known.items():
        try:
            found[position] = value_from_itf(type, data[name])
        except KeyError:
            raise TraceFileError(f"{document.path}: state {number} has no {name}") from None
        except ValueError as error:
            raise TraceFileError(f"{document.path}: state {number}: {name}: {error}") from error
    return found


def _walk(
    model: Model,
    python: PythonSpec,
    document: Document,
    known: Mapping[str, tuple[int, Type]],
    states: list[dict[int, Value]],
) -> Arrival:
    """From the initial state to the last; equal neighbours are one state."""
    arrivals = [_start(model, python, document, states[0])]
    for number, (before, after) in enumerate(pairwise(states), start=1):
        if before == after:
            continue
        found: dict[State, Arrival] = {}
        hint = _hint(document.states[number])
        for arrival in arrivals:
            for step, state in _steps(model, python, arrival.state, hint):
                if all(state[position] == value for position, value in after.items()):
                    found.setdefault(state, Arrival(state, step, arrival))
        if not found:
            raise _no_step(model, document, number, before, after)
        arrivals = list(found.values())
    return arrivals[0]


def _start(
    model: Model, python: PythonSpec, document: Document, first: Mapping[int, Value]
) -> Arrival:
    try:
        usual = python.initial()
        given = tuple(first.get(position, value) for position, value in enumerate(usual))
        if _is_chosen(document) or is_initial(model, given):
            return Arrival(given, None, None)
    except Undefined as undefined:
        raise TraceFileError(f"the initial state has no value: {undefined.message}") from undefined
    variables = tuple((variable.name, variable.type) for variable in model.variables)
    change = changes(variables, usual, given)[0]
    raise TraceFileError(
        f"{document.path}: its first state is not initial; {change.place}: the spec → here: "
        f"{change.description}"
    )


def _is_chosen(document: Document) -> bool:
    """Whether the user chose the initial state when our own trace was found."""
    start = _start_of(document)
    return start is not None and (start.file is not None or bool(start.assumed))


def _start_of(document: Document) -> Start | None:
    try:
        return start_from_json(document.about)
    except ValueError as error:
        raise TraceFileError(f"{document.path} is not an ITF trace: {error}") from error


def _hint(state: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any] | None]:
    """The action and the arguments that a state's `#meta` or Quint's variable names."""
    meta = _object(state.get("#meta"))
    arguments = meta.get("arguments")
    action = meta.get("action", state.get("mbt::actionTaken"))
    return action, arguments if isinstance(arguments, dict) else None


def _steps(
    model: Model,
    python: PythonSpec,
    state: State,
    hint: tuple[str | None, Mapping[str, Any] | None],
) -> Iterator[tuple[Step, State]]:
    """All steps from a state, those first that are as the document says."""
    later = []
    possible = {action.name: action for action in model.actions}
    for name, arguments, outcome in python.steps(state):
        if isinstance(outcome, Fired) and outcome.state != state and name in possible:
            step = made_step(possible[name], arguments)
            if _is_named(step, hint):
                yield step, outcome.state
            else:
                later.append((step, outcome.state))
    yield from sorted(later, key=lambda found: found[0].action != hint[0])


def _is_named(step: Step, hint: tuple[str | None, Mapping[str, Any] | None]) -> bool:
    action, arguments = hint
    if arguments is None or action != step.action:
        return False
    try:
        return all(
            value_from_itf(given.type, arguments[given.name]) == given.value
            for given in step.arguments
        )
    except (KeyError, ValueError):
        return False


def _no_step(
    model: Model,
    document: Document,
    number: int,
    before: Mapping[int, Value],
    after: Mapping[int, Value],
) -> TraceFileError:
    variables = tuple((model.variables[at].name, model.variables[at].type) for at in before)
    differences = changes(variables, tuple(before.values()), tuple(after.values()))
    where = f"from state {number - 1} to state {number}"
    what = "; ".join(map(str, differences))
    return TraceFileError(f"{document.path}: no step of {model.name} leads {where}: {what}")


def _undefined_step(
    model: Model, python: PythonSpec, document: Document, state: State
) -> tuple[None, Ending, str] | None:
    """Whether the document ends with a step that has no value, as only ours can say."""
    if document.about.get("ending") != Ending.UNDEFINED_STEP.value:
        return None
    step = _named_step(model, document.about.get("step"))
    match python.fire(step.action, tuple(given.value for given in step.arguments), state):
        case UndefinedStep(message, span):
            return None, Ending.UNDEFINED_STEP, message + place_of(span)
        case _:
            raise TraceFileError(f"{document.path}: {step} is said to be undefined, and is not")


def _named_step(model: Model, data: Any) -> Step:
    actions = {action.name: action for action in model.actions}
    try:
        action = actions[data["action"]]
        values = tuple(value_from_itf(p.type, data["arguments"][p.name]) for p in action.parameters)
    except (KeyError, TypeError, ValueError) as error:
        raise TraceFileError(f"the step that is said to be undefined is no step: {error}") from None
    return made_step(action, values)


def _ending(
    model: Model, python: PythonSpec, document: Document, states: tuple[State, ...]
) -> tuple[Property | None, Ending, str]:
    """What is the matter at the end: first what the document says, then what is bad."""
    about = document.about
    if about.get("ending") == Ending.DEADLOCK.value and is_deadlock(python, states[-1]):
        return None, Ending.DEADLOCK, ""
    found = []
    for judged in model.properties if about.get("ending") != Ending.WALK.value else ():
        ending, message = judgement(python, judged, states)
        if ending is not None:
            said = (judged.name, ending.value) == (about.get("property"), about.get("ending"))
            found.append((not said, ending is Ending.REACHED, judged, ending, message))
    if found:
        _, _, judged, ending, message = min(found, key=lambda each: each[:2])
        return judged, ending, message
    return None, Ending.WALK, ""
