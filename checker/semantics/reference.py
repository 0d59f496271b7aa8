"""What checking means, on one screen: a breadth-first search that is too simple to be wrong.

Every other engine must answer as this one does; the tests compare them, number by number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from checker.ir.expr import Value
from checker.ir.model import Model, PropertyKind
from checker.ir.values import State
from checker.semantics.initial import initial_states
from checker.semantics.step import Cut, Fired, UndefinedStep, judge, steps
from checker.semantics.undefined import Undefined

Step: TypeAlias = tuple[str, tuple[Value, ...]]
"""The name of an action, and its arguments."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A shortest path to something found; the first in the order of the search.

    `kind` is one of `violated`, `reached`, `undefined property`, `undefined step`, `deadlock`.
    There is a step between each two states, and one more at the end for an undefined step.
    """

    kind: str
    property: str | None
    states: tuple[State, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Exploration:
    """The answer of a search. `diameter` is the level of the last new state, in steps."""

    complete: bool
    states: tuple[State, ...]
    generated: int
    diameter: int
    fired: Mapping[str, int]
    new: Mapping[str, int]
    cut: Mapping[str, int]
    findings: tuple[Finding, ...]

    def finding(self, kind: str, property: str | None = None) -> Finding | None:
        """The finding of this kind about this property, if there is one."""
        wanted = (kind, property)
        return next((f for f in self.findings if (f.kind, f.property) == wanted), None)


def explore(model: Model, *, stop_at_finding: bool = True, deadlock: bool = False) -> Exploration:
    """Visit every reachable state, level by level; stop after the level of the first failure.

    A reached goal is no failure. With `stop_at_finding=False` nothing stops the search.
    """
    search = _Search(model, initial_states(model))
    level, frontier = 0, list(search.seen)
    while frontier and not (stop_at_finding and search.failed):
        frontier = [after for before in frontier for after in search.expand(before, deadlock)]
        level += bool(frontier)
    return Exploration(
        complete=not frontier,
        states=tuple(search.seen),
        generated=search.fired.total(),
        diameter=level,
        fired={action.name: search.fired[action.name] for action in model.actions},
        new={action.name: search.new[action.name] for action in model.actions},
        cut=dict(search.cut),
        findings=tuple(search.findings.values()),
    )


class _Search:
    """What is known so far. `seen` maps each state to the step that first led to it."""

    def __init__(self, model: Model, initial: Iterable[State]) -> None:
        self.model = model
        self.seen: dict[State, tuple[State, Step] | None] = dict.fromkeys(initial)
        self.fired, self.new, self.cut = Counter[str](), Counter[str](), Counter[str]()
        self.findings: dict[tuple[str, str | None], Finding] = {}
        for state in self.seen:
            self.judge(state)

    @property
    def failed(self) -> bool:
        return any(kind != "reached" for kind, _ in self.findings)

    def expand(self, before: State, deadlock: bool) -> Iterator[State]:
        """Try every step in a state; yield the states that nobody has seen before."""
        is_stuck = True
        for action, arguments, outcome in steps(self.model, before):
            step = (action.name, arguments)
            match outcome:
                case Cut(scope):
                    # Beyond the scope the protocol goes on: where the scope ends is no deadlock.
                    is_stuck = False
                    self.cut[scope] += 1
                case UndefinedStep():
                    is_stuck = False
                    self.note("undefined step", None, before, step)
                case Fired(after) if after != before:
                    is_stuck = False
                    self.fired[action.name] += 1
                    self.judge(before, step, after)
                    if after not in self.seen:
                        self.seen[after] = (before, step)
                        self.new[action.name] += 1
                        self.judge(after)
                        yield after
        if deadlock and is_stuck:
            self.note("deadlock", None, before)

    def judge(self, state: State, step: Step | None = None, after: State | None = None) -> None:
        """Judge all properties of a new state; or, given a step, all those of a step."""
        for property in self.model.properties:
            if (property.kind is PropertyKind.STEP_INVARIANT) == (step is not None):
                is_goal = property.kind is PropertyKind.REACHABLE
                try:
                    if judge(self.model, property, state, after) == is_goal:
                        kind = "reached" if is_goal else "violated"
                        self.note(kind, property.name, state, step, after)
                except Undefined:
                    self.note("undefined property", property.name, state, step, after)

    def note(
        self,
        kind: str,
        property: str | None,
        state: State,
        step: Step | None = None,
        after: State | None = None,
    ) -> None:
        """Keep the first finding of its kind for a property, with the path that led there."""
        if (kind, property) not in self.findings:
            states, path = self.path(state)
            states += () if after is None else (after,)
            path += () if step is None else (step,)
            self.findings[kind, property] = Finding(kind, property, states, path)

    def path(self, state: State) -> tuple[tuple[State, ...], tuple[Step, ...]]:
        """The states from the initial one to this one, and the steps between them."""
        states: list[State] = [state]
        path: list[Step] = []
        while (arrival := self.seen[states[-1]]) is not None:
            states.append(arrival[0])
            path.append(arrival[1])
        return tuple(reversed(states)), tuple(reversed(path))
