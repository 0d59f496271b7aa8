"""`graph`: every reachable state, and every step between two, in scopes small enough to see.

The search is the plain one of `checker.semantics`: what can be drawn is found soon enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from checker.ir.model import Model, PropertyKind
from checker.ir.values import State
from checker.lang.errors import ToolError
from checker.semantics.step import Fired, UndefinedStep, judge, steps
from checker.semantics.undefined import Undefined
from counterexamples.forms.state_graph import Edge, StateGraph

UNDEFINED = "undefined step"


class TooManyStates(ToolError):
    """The scope has more states than anybody would draw, or wait for."""


@dataclass(slots=True)
class _Search:
    """What was met so far: states by their numbers, and the steps between them."""

    model: Model
    most: int
    numbers: dict[State, int] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    wrong: dict[int, dict[str, None]] = field(default_factory=dict)
    wrong_edges: dict[tuple[int, int], dict[str, None]] = field(default_factory=dict)

    def meet(self, state: State) -> int:
        """The number of a state; a new one is judged."""
        if state not in self.numbers:
            if len(self.numbers) == self.most:
                raise TooManyStates(
                    f"more than {self.most:,} states; choose a smaller --scope, or --max-states"
                )
            self.numbers[state] = len(self.numbers)
            for name in _false(self.model, state, None):
                self.note(self.numbers[state], name)
        return self.numbers[state]

    def note(self, number: int, name: str) -> None:
        """Something is the matter in a state."""
        self.wrong.setdefault(number, {})[name] = None

    def expand(self, state: State, number: int) -> None:
        """All steps from a state; those that change nothing are no edges."""
        for action, _, outcome in steps(self.model, state):
            if isinstance(outcome, UndefinedStep):
                self.note(number, UNDEFINED)
            if isinstance(outcome, Fired) and outcome.state != state:
                target = self.meet(outcome.state)
                self.edges[Edge(number, target, action.name)] = None
                for name in _false(self.model, state, outcome.state):
                    self.wrong_edges.setdefault((number, target), {})[name] = None


def state_graph(model: Model, initial: Sequence[State], most: int) -> StateGraph:
    """The graph of all reachable states, in the order of a search; raises `TooManyStates`."""
    search = _Search(model, most)
    for state in initial:
        search.meet(state)
    number = 0
    while number < len(search.numbers):
        # The states stand in the order in which they were met, and so are expanded.
        for state in list(search.numbers)[number:]:
            search.expand(state, number)
            number += 1
    return StateGraph(
        variables=tuple((variable.name, variable.type) for variable in model.variables),
        states=tuple(search.numbers),
        initial=len(initial),
        edges=tuple(search.edges),
        wrong={number: tuple(names) for number, names in search.wrong.items()},
        wrong_edges={ends: tuple(names) for ends, names in search.wrong_edges.items()},
    )


def _false(model: Model, state: State, after: State | None) -> list[str]:
    """The invariants that are false of a state or, with a state `after`, of a step."""
    found = []
    for judged in model.properties:
        wanted = PropertyKind.INVARIANT if after is None else PropertyKind.STEP_INVARIANT
        if judged.kind is wanted:
            try:
                if not judge(model, judged, state, after):
                    found.append(judged.name)
            except Undefined:
                found.append(judged.name)
    return found
