"""A walk: steps that somebody chose, taken one after the other by the spec itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from checker.ir.model import Action, PropertyKind
from checker.ir.values import State, from_json, to_json
from checker.prepare import Prepared
from checker.semantics.step import Cut, Disabled, Fired, Outcome, UndefinedStep
from checker.trace import Argument, Ending, Step, Trace
from counterexamples.guards import blocking
from counterexamples.replay import is_deadlock, judgement, place_of

MOST_STEPS: Final = 500
"""A walk is taken again for each request, and drawn."""


class MalformedWalk(ValueError):
    """What should be a walk of this spec is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Halt:
    """A step of a walk that cannot be taken where it stands, in words, and why not."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Walk:
    """States and the steps between them, the initial state first.

    `undefined` says what is undefined in the last step, after which there is no state. `halt` is
    what came next among the steps that were asked for, if it cannot be taken.
    """

    prepared: Prepared
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    undefined: str = ""
    halt: Halt | None = None

    def until(self, number: int) -> Walk:
        """The walk as it was after `number` steps."""
        if number >= len(self.steps):
            return self
        return Walk(self.prepared, self.states[: number + 1], self.steps[:number])


def step_to_json(step: Step) -> list[Any]:
    """A step as the page keeps it: the action's name and the arguments."""
    return [step.action, *(to_json(given.type, given.value) for given in step.arguments)]


def take(prepared: Prepared, start: State, items: Sequence[Any]) -> Walk:
    """The steps of `items`, taken from an initial state as far as they can be.

    Raises `MalformedWalk` for what is no step of the spec.
    """
    if len(items) > MOST_STEPS:
        raise MalformedWalk(f"it has {len(items):,} steps; {MOST_STEPS} are the most")
    walk = Walk(prepared, (start,), ())
    for number, item in enumerate(items, start=1):
        if walk.undefined:
            raise MalformedWalk(f"step {number} comes after a step that is undefined")
        walk = _further(walk, _named(prepared, number, item), item, number)
        if walk.halt is not None:
            break
    return walk


def _named(prepared: Prepared, number: int, item: Any) -> Action | Halt:
    """The action of a step; what cannot happen in this run has none."""
    if not isinstance(item, list) or not item or not isinstance(item[0], str):
        raise MalformedWalk(f"step {number} is not an action with its arguments")
    if (budget := prepared.without_budget.get(item[0])) is not None:
        return Halt(item[0], f"it may happen 0 times: {budget}=0")
    found = next((known for known in prepared.model.actions if known.name == item[0]), None)
    if found is None:
        raise MalformedWalk(f"step {number}: {prepared.model.name} has no action {item[0]:.60}")
    return found


def _further(walk: Walk, action: Action | Halt, item: list[Any], number: int) -> Walk:
    if isinstance(action, Halt):
        return Walk(walk.prepared, walk.states, walk.steps, halt=action)
    step = _read(action, item, number)
    values = tuple(given.value for given in step.arguments)
    outcome = walk.prepared.semantics.fire(step.action, values, walk.states[-1])
    match outcome:
        case Fired(after):
            return Walk(walk.prepared, (*walk.states, after), (*walk.steps, step))
        case UndefinedStep(message, span):
            why = message + place_of(span)
            return Walk(walk.prepared, walk.states, (*walk.steps, step), undefined=why)
        case _:
            halt = Halt(str(step), why_not(walk, action, step, outcome))
            return Walk(walk.prepared, walk.states, walk.steps, halt=halt)


def _read(action: Action, item: list[Any], number: int) -> Step:
    given, parameters = item[1:], action.parameters
    if len(given) != len(parameters):
        raise MalformedWalk(
            f"step {number}: {action.name} takes {len(parameters)} arguments, not {len(given)}"
        )
    try:
        return Step(
            action.name,
            tuple(
                Argument(parameter.name, parameter.type, from_json(parameter.type, data))
                for parameter, data in zip(parameters, given, strict=True)
            ),
        )
    except ValueError as error:
        raise MalformedWalk(f"step {number}: {action.name}: {error!s:.200}") from None


def why_not(walk: Walk, action: Action, step: Step, outcome: Outcome) -> str:
    """Why a step that did not happen did not."""
    model = walk.prepared.model
    match outcome:
        case Cut(scope):
            return f"{scope}={model.scope[scope]} cuts it"
        case Disabled():
            values = tuple(given.value for given in step.arguments)
            return f"it needs {blocking(model, action, values, walk.states[-1])}"
        case _:
            raise AssertionError(outcome)


def trace_of(walk: Walk, about: str | None) -> Trace:
    """The walk as a trace, which ends as its last state deserves: the worst comes first.

    `about` is a property that comes before the others.
    """
    property, kind, ending, message = _ending(walk, about)
    model = walk.prepared.model
    return Trace(
        spec=walk.prepared.name,
        settings=model.settings,
        scope=model.scope,
        variables=tuple((variable.name, variable.type) for variable in model.variables),
        property=property,
        kind=kind,
        ending=ending,
        message=message,
        states=walk.states,
        steps=walk.steps,
    )


def _ending(walk: Walk, about: str | None) -> tuple[str | None, PropertyKind | None, Ending, str]:
    if walk.undefined:
        return None, None, Ending.UNDEFINED_STEP, walk.undefined
    semantics = walk.prepared.semantics
    found: dict[Ending, tuple[str | None, PropertyKind | None, Ending, str]] = {}
    for judged in sorted(walk.prepared.model.properties, key=lambda known: known.name != about):
        ending, message = judgement(semantics, judged, walk.states)
        if ending is not None:
            found.setdefault(ending, (judged.name, judged.kind, ending, message))
    for ending in (Ending.VIOLATED, Ending.UNDEFINED_PROPERTY):
        if ending in found:
            return found[ending]
    if is_deadlock(semantics, walk.states[-1]):
        return None, None, Ending.DEADLOCK, ""
    return found.get(Ending.REACHED, (None, None, Ending.WALK, ""))
