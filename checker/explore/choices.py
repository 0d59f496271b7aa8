"""What can happen next, and why the rest cannot: every step to try in a state, by action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checker.ir.expr import Value
from checker.ir.model import Action
from checker.ir.values import State
from checker.prepare import Prepared
from checker.semantics.step import Cut, Disabled, Fired, Outcome, UndefinedStep
from checker.trace import Step
from counterexamples.guards import Guard, blocking, nothing_to_draw
from counterexamples.replay import made_step, place_of

MOST_SHOWN: Final = 60
"""Of each action, so many steps that can be taken, and so many of each kind that cannot."""

MOST_EXPLAINED: Final = 400
"""Of each action, so many disabled steps are looked into."""


@dataclass(frozen=True, slots=True)
class Open:
    """A step that can be taken; `after` is `None` for one that is undefined, and `why` says it."""

    step: Step
    after: State | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Steps that one condition disables, each with the condition and what it reads there.

    There is no step if a parameter is drawn from a set that is empty.
    """

    guard: Guard
    steps: tuple[tuple[Step, Guard], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to say of one action in one state; a count is of all, shown or not."""

    action: Action
    open: tuple[Open, ...]
    open_count: int
    stuttering: tuple[Step, ...]
    cut: tuple[tuple[str, tuple[Step, ...]], ...]
    blocked: tuple[Blocked, ...]
    blocked_count: int
    unexplained: int


def choices(prepared: Prepared, state: State, wanted: str = "") -> tuple[Choices, ...]:
    """The steps of each action whose words contain `wanted`, in source order."""
    tried: dict[str, list[tuple[Step, Outcome]]] = {a.name: [] for a in prepared.model.actions}
    actions = {action.name: action for action in prepared.model.actions}
    for name, arguments, outcome in prepared.semantics.steps(state):
        if name in actions:  # what may happen 0 times is not
            step = made_step(actions[name], arguments)
            if wanted.casefold() in str(step).casefold():
                tried[name].append((step, outcome))
    return tuple(
        _of_action(prepared, actions[name], state, found)
        for name, found in tried.items()
        if found or wanted.casefold() in name.casefold()
    )


def _of_action(
    prepared: Prepared, action: Action, state: State, tried: list[tuple[Step, Outcome]]
) -> Choices:
    if not tried:
        guard = nothing_to_draw(prepared.model, action, state)
        return Choices(action, (), 0, (), (), (Blocked(guard, ()),), 0, 0)
    open = [found for step, outcome in tried for found in _open(step, outcome, state)]
    disabled = [step for step, outcome in tried if isinstance(outcome, Disabled)]
    cut: dict[str, tuple[Step, ...]] = {}
    for step, outcome in tried:
        if isinstance(outcome, Cut):
            cut[outcome.scope] = (*cut.get(outcome.scope, ()), step)
    explained = disabled[:MOST_EXPLAINED]
    return Choices(
        action=action,
        open=tuple(open[:MOST_SHOWN]),
        open_count=len(open),
        stuttering=tuple(step for step, outcome in tried if outcome == Fired(state))[:MOST_SHOWN],
        cut=tuple(cut.items()),
        blocked=tuple(_by_guard(prepared, action, state, explained)),
        blocked_count=len(disabled),
        unexplained=len(disabled) - len(explained),
    )


def _open(step: Step, outcome: Outcome, state: State) -> Iterator[Open]:
    match outcome:
        case Fired(after) if after != state:
            yield Open(step, after)
        case UndefinedStep(message, span):
            yield Open(step, None, message + place_of(span))
        case _:
            return


def _by_guard(
    prepared: Prepared, action: Action, state: State, steps: list[Step]
) -> Iterator[Blocked]:
    """The guards that disable steps, in the order in which they stand."""
    found: dict[tuple[str, str], list[tuple[Step, Guard]]] = {}
    for step in steps:
        values: tuple[Value, ...] = tuple(given.value for given in step.arguments)
        guard = blocking(prepared.model, action, values, state)
        found.setdefault((guard.text, guard.place), []).append((step, guard))
    for those in found.values():
        yield Blocked(those[0][1], tuple(those))
