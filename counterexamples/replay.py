"""Replay: no trace is shown that the spec itself, run as plain Python, does not confirm.

An engine names a path by its own lights: parameters that it drew from a set are missing, and
variables on which no property depends may be blank. Replay walks the path in the spec's own
semantics and finds the real arguments and the whole states again. If it cannot, the engine and
Python disagree, which is a fault of ours and never a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from checker.ir.expr import Span, Value
from checker.ir.model import Action, Model, Property, PropertyKind
from checker.ir.values import State
from checker.semantics.initial import is_initial
from checker.semantics.step import Cut, Disabled, Fired, Outcome, UndefinedStep, arguments
from checker.semantics.undefined import Undefined
from checker.trace import Argument, Ending, Step, Trace, start_of


class Semantics(Protocol):
    """What replay asks of a meaning of the spec; `checker.semantics.python` gives the real one."""

    def initial(self) -> State:
        """The initial state."""
        ...

    def admits(self, state: State) -> bool:
        """Whether all is true of a state that `@init` assumes; may raise `Undefined`."""
        ...

    def fire(self, action: str, arguments: tuple[Value, ...], state: State) -> Outcome:
        """What happens when an action is tried."""
        ...

    def steps(self, state: State) -> Iterable[tuple[str, tuple[Value, ...], Outcome]]:
        """Every step to try, with its outcome."""
        ...

    def judge(self, property: str, state: State, after: State | None = None) -> bool:
        """Whether a property is true; may raise `Undefined`."""
        ...


@dataclass(frozen=True, slots=True)
class Path:
    """What an engine says it found. `None` stands for an argument that it does not know.

    `seen` blanks what the engine leaves out of a state, parts of a variable too: states are
    compared as it sees them.
    """

    ending: Ending
    property: str | None
    states: tuple[State, ...]
    steps: tuple[tuple[str, tuple[Value, ...]], ...]
    seen: Callable[[State], State]


class ReplayDisagrees(Exception):
    """The spec does not do what an engine said: a fault of splitbrain, to be reported."""


def replay(
    name: str,
    model: Model,
    semantics: Semantics,
    path: Path,
    initial: Sequence[State] | None = None,
) -> Trace:
    """The path with real arguments and whole states, confirmed by the spec itself.

    `name` is how the spec is loaded again; `initial` are the initial states, if there are several
    and the path has them blanked. Raises `ReplayDisagrees`.
    """
    states = [_first(model, semantics, path, path.states[:1] if initial is None else initial)]
    steps: list[Step] = []
    for number, (action_name, pattern) in enumerate(path.steps):
        action = model.action(action_name)
        expected = path.states[number + 1] if number + 1 < len(path.states) else None
        step, after = _retrace(model, semantics, action, pattern, states[-1], path.seen, expected)
        steps.append(step)
        states += () if after is None else (after,)
    kind, message = _confirm(model, semantics, path, tuple(states), tuple(steps))
    return Trace(
        spec=name,
        settings=model.settings,
        scope=model.scope,
        variables=tuple((variable.name, variable.type) for variable in model.variables),
        property=path.property,
        kind=kind,
        ending=path.ending,
        message=message,
        states=tuple(states),
        steps=tuple(steps),
        start=start_of(model),
    )


def _first(model: Model, semantics: Semantics, path: Path, initial: Sequence[State]) -> State:
    """The whole initial state that a path begins in."""
    known = [semantics.initial()] if model.init is None else initial
    for state in known:
        if path.seen(state) == path.states[0]:
            if not may_start(model, semantics, state):
                raise ReplayDisagrees("the first state is not initial")
            return state
    raise ReplayDisagrees("another initial state")


def may_start(model: Model, semantics: Semantics, state: State) -> bool:
    """Whether a behaviour may start in the state, according to the spec itself."""
    if model.init is None:
        return state == semantics.initial()
    try:
        return (
            is_initial(model, state)
            and semantics.admits(state)
            and all(semantics.judge(judged.name, state) for judged in model.init.assumed)
        )
    except Undefined:
        return False


def _retrace(
    model: Model,
    semantics: Semantics,
    action: Action,
    pattern: tuple[Value, ...],
    state: State,
    seen: Callable[[State], State],
    expected: State | None,
) -> tuple[Step, State | None]:
    """The first arguments that fit the pattern and lead to the expected state (or to none)."""
    for chosen in _fitting(model, action, pattern, state):
        match semantics.fire(action.name, chosen, state):
            case Fired(after) if expected is not None and seen(after) == expected:
                return made_step(action, chosen), after
            case UndefinedStep() if expected is None:
                return made_step(action, chosen), None
            case _:
                continue
    raise ReplayDisagrees(f"{action.name} does not lead from one state to the next")


def made_step(action: Action, chosen: tuple[Value, ...]) -> Step:
    """A step with the names and types of its parameters."""
    pairs = zip(action.parameters, chosen, strict=True)
    return Step(action.name, tuple(Argument(p.name, p.type, value) for p, value in pairs))


def _fitting(
    model: Model, action: Action, pattern: tuple[Value, ...], state: State
) -> Iterator[tuple[Value, ...]]:
    """The arguments that fit what an engine knows of them."""
    drawn = [
        value is None and parameter.drawn_from is not None
        for parameter, value in zip(action.parameters, pattern, strict=True)
    ]
    if not any(drawn):
        yield pattern
        return
    for chosen in arguments(model, action, state):
        if all(
            unknown or value == known
            for unknown, value, known in zip(drawn, chosen, pattern, strict=True)
        ):
            yield chosen


def _confirm(
    model: Model,
    semantics: Semantics,
    path: Path,
    states: tuple[State, ...],
    steps: tuple[Step, ...],
) -> tuple[PropertyKind | None, str]:
    """That the end of the path is what it is said to be: the property's kind, and a message."""
    if path.ending is Ending.DEADLOCK:
        if not is_deadlock(semantics, states[-1]):
            raise ReplayDisagrees("the last state has a successor")
        return None, ""
    if path.ending is Ending.UNDEFINED_STEP:
        values = tuple(given.value for given in steps[-1].arguments)
        return None, _undefined_step(semantics.fire(steps[-1].action, values, states[-1]))
    judged = next(p for p in model.properties if p.name == path.property)
    ending, message = judgement(semantics, judged, states)
    if ending is not path.ending:
        raise ReplayDisagrees(f"{judged.name} is not {path.ending.value} at the end")
    return judged.kind, message


def _undefined_step(outcome: Outcome) -> str:
    assert isinstance(outcome, UndefinedStep), outcome
    return outcome.message + place_of(outcome.span)


def place_of(span: Span | None) -> str:
    """Where in the spec something is undefined, in brackets; nothing if that is not known."""
    return "" if span is None else f" ({span})"


def is_deadlock(semantics: Semantics, state: State) -> bool:
    """Whether nothing happens in the state; where only the scope ends, something would."""
    for _, _, outcome in semantics.steps(state):
        match outcome:
            case Cut() | UndefinedStep():
                return False
            case Fired(after) if after != state:
                return False
            case Fired() | Disabled():
                continue
    return True


def judgement(
    semantics: Semantics, judged: Property, states: tuple[State, ...]
) -> tuple[Ending | None, str]:
    """What a property makes of the last state (or step) of a path; `None`: nothing of note."""
    is_step = judged.kind is PropertyKind.STEP_INVARIANT
    if is_step and len(states) < 2:
        return None, ""
    speaks_of = states[-2:] if is_step else states[-1:]
    try:
        value = semantics.judge(judged.name, *speaks_of)
    except Undefined as undefined:
        return Ending.UNDEFINED_PROPERTY, undefined.message + place_of(undefined.span)
    if judged.kind is PropertyKind.REACHABLE:
        return (Ending.REACHED if value else None), ""
    return (None if value else Ending.VIOLATED), ""
