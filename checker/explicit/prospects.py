"""What can still become of some states: the graph of all that they lead to, walked backwards.

Two questions, and a walk for each. How far is the nearest fault? And can it still be avoided? A
run is a sequence of steps that goes on for ever, or ends where the scope has no more steps. It
avoids the fault if it never comes to it. So a fault cannot be avoided from a state that has it, or
that has steps, all of which lead to such states. `tests/explicit/test_prospects.py` has the
readable twin.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.explicit.engine import Engine
from checker.explicit.graph import Graph
from checker.explicit.graph_kernels import graph_kernels
from checker.explicit.machine_code import MachineCode, ObjectCache, load
from checker.explicit.memory import Buffer, available
from checker.explicit.outcome import FindingKind, Limits, Stop
from checker.explicit.store import Store
from checker.ground.model import GroundModel
from checker.ir.values import State


@dataclass(frozen=True, slots=True)
class Prospect:
    """What can still become of one state.

    `distance` is the least number of steps found to a fault, `None` if none was found; there is no
    shorter way if `exact`. Of its different `successors` the fault can be avoided from `open`, and
    cannot from `closed`; of the others it is not known. `avoidable` says so of the state itself
    (`None`: not known), and `avoidable_beyond` takes leaving the scope for a way out.
    """

    distance: int | None
    exact: bool
    successors: int
    open: int
    closed: int
    avoidable: bool | None
    avoidable_beyond: bool | None


@dataclass(frozen=True, slots=True)
class Prospects:
    """What can still become of each given state, and how much was looked at.

    If `within` is not `None`, only what is at most so many steps away is certainly known, and
    `stop` says why.
    """

    each: tuple[Prospect, ...]
    states: int
    steps: int
    within: int | None
    stop: Stop | None


def prospects(
    ground: GroundModel,
    states: Sequence[State],
    fault: FindingKind,
    limits: Limits,
    cache: ObjectCache | None = None,
    fold: bool | None = None,
) -> Prospects:
    """What can still become of `states`; the fault is what the only property of the model says.

    For `UNDEFINED_STEP` and `DEADLOCK` the model has no property.
    """
    engine = Engine(ground, cache, fold)
    memory = available() if limits.memory is None else limits.memory
    store = Store(engine.code, engine.layout, len(ground.steps), memory)
    kernels = load(graph_kernels(store.states.words), cache)
    graph = Graph(engine, store, kernels, fault, limits)
    try:
        given = graph.grow(states)
        each = tuple(map(_Judge(graph, kernels, given).prospect, given))
    finally:
        graph.close()
        store.close()
        engine.close()
    within = None if graph.stop is None else graph.level
    return Prospects(each, store.size, graph.edges, within, graph.stop)


class _Backwards:
    """The steps of a graph, sorted by where they lead, and what can be asked of them.

    There is one state more than in the graph: what comes of a step that is a fault itself.
    """

    def __init__(self, graph: Graph, kernels: MachineCode) -> None:
        self.states = graph.store.size + 1
        self._graph = graph
        self._count_ways = kernels.function("count_ways", 4)
        self._spread = kernels.function("spread", 5)
        self._exhaust = kernels.function("exhaust", 5)
        self._starts = Buffer("I", self.states + 2)
        self._incoming = Buffer("I", graph.edges)
        self._queue = Buffer("I", self.states)
        sources, targets = graph.sources.address, graph.targets.address
        kernels.function("arrange", 6)(
            sources, targets, graph.edges, self.states, self._starts.address, self._incoming.address
        )

    def distances(self, faults: Sequence[int]) -> Buffer:
        """One more than the number of steps from each state to the nearest fault; 0: none leads."""
        found = Buffer("I", self.states)
        for place, state in enumerate(faults):
            self._queue[place], found[state] = state, 1
        self._walk(self._spread, len(faults), found)
        return found

    def ways_left(
        self, closed: Sequence[int], more: Iterable[int] = ()
    ) -> tuple[Buffer, list[int]]:
        """The ways out of each state that do not lead to `closed` only, and who else has none.

        `closed` are different states. From each of `more` there is a way that the graph lacks.
        """
        graph, left = self._graph, Buffer("I", self.states)
        self._count_ways(graph.sources.address, graph.edges, self.states, left.address)
        for state in more:
            left[state] += 1
        for place, state in enumerate(closed):
            self._queue[place], left[state] = state, 0
        last = self._walk(self._exhaust, len(closed), left)
        return left, [self._queue[place] for place in range(len(closed), last)]

    def _walk(self, kernel: Callable[..., int], queued: int, answers: Buffer) -> int:
        """Start from the queued states; how many there are in the end."""
        addresses = self._starts.address, self._incoming.address, self._queue.address
        return kernel(*addresses, queued, answers.address)


class _Judge:
    """What a graph says of its states: `closed` is 0 where no run avoids the fault."""

    def __init__(self, graph: Graph, kernels: MachineCode, given: Sequence[int]) -> None:
        self.graph = graph
        self.is_whole = graph.stop is None
        self.behind = _detached(graph)
        faults = _faults(graph)
        backwards = _Backwards(graph, kernels)
        unknown = range(graph.expanded, graph.store.size)
        self.distances = backwards.distances(faults)
        self.closed, others = backwards.ways_left(faults)
        self.perhaps_closed, self.closed_beyond = self.closed, self.closed
        if unknown:
            self.perhaps_closed, _ = backwards.ways_left(sorted({*faults, *unknown}))
        # Nothing but the given states is asked about: mostly the fault can be avoided from all.
        if not set(others).isdisjoint(given):
            ways_out = [state for state in others if graph.is_cut(state)]
            self.closed_beyond, _ = backwards.ways_left(faults, ways_out)

    def prospect(self, state: int) -> Prospect:
        """What the graph says of one state."""
        distance = self.distances[state] - 1
        after = [target for target, _ in self._successors(state)]
        avoidable = self._is_open(state)
        avoidable_beyond = avoidable or self.closed_beyond[state] > 0
        is_known = avoidable or self._is_closed(state)
        return Prospect(
            distance=None if distance < 0 else distance,
            exact=self.is_whole or 0 <= distance <= self.graph.level + 1,
            successors=len(after),
            open=sum(map(self._is_open, after)),
            closed=sum(map(self._is_closed, after)),
            avoidable=avoidable if is_known else None,
            avoidable_beyond=avoidable_beyond if is_known else None,
        )

    def _successors(self, state: int) -> set[tuple[int, int]]:
        """The different states one step away, and where a step led that is a fault itself.

        A state is expanded at once, so its steps stand together.
        """
        graph, steps = self.graph, range(self.graph.edges)
        first = bisect_left(steps, state, key=graph.sources.__getitem__)
        last = bisect_left(steps, state + 1, key=graph.sources.__getitem__)
        return {(graph.targets[step], self.behind.get(step, -1)) for step in steps[first:last]}

    def _is_closed(self, state: int) -> bool:
        return self.closed[state] == 0

    def _is_open(self, state: int) -> bool:
        return self.perhaps_closed[state] > 0


def _detached(graph: Graph) -> Mapping[int, int]:
    """Lead the steps that are faults nowhere, and say where they led."""
    behind = {step: graph.targets[step] for step in graph.faulty_edges}
    for step in behind:
        graph.targets[step] = graph.store.size
    # An undefined step has no end, whatever stands there.
    return {} if graph.fault is FindingKind.UNDEFINED_STEP else behind


def _faults(graph: Graph) -> list[int]:
    """The states with the fault, and where the steps lead that have it."""
    nowhere = graph.store.size
    if graph.fault is not FindingKind.DEADLOCK:
        return [*graph.faults, nowhere]
    ends = set(range(graph.expanded)).difference(graph.sources[e] for e in range(graph.edges))
    return [*(state for state in sorted(ends) if graph.is_stuck(state)), nowhere]
