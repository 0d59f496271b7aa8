"""Shortest, then simplest: of all shortest paths to a fault, the one that is easiest to follow.

The search keeps one way to each state, whichever came first. Here the states up to the fault are
found once more, and then the levels are walked backwards: what remains are the steps of all
shortest paths to all states that violate the same property at that depth. Of these paths one with
the fewest changes of actor is chosen, then with the fewest faults (actions with a budget), then
the first in the order of the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final, TypeAlias

from checker.explicit.assembler import DECLARATIONS
from checker.explicit.distinct import OutOfRoom
from checker.explicit.engine import Engine
from checker.explicit.kernels import number
from checker.explicit.machine_code import ObjectCache, load
from checker.explicit.memory import Buffer, available
from checker.explicit.outcome import Finding, FindingKind
from checker.explicit.store import NO_PARENT, Store
from checker.ground.model import GroundModel
from checker.ir.model import Action, Model, PropertyKind
from checker.ir.types import SortType
from checker.ir.values import State

MOST_STATES: Final = 100_000
"""A search of more states keeps the paths found first: looking again would take too long."""
MOST_STATES_ON_REQUEST: Final = 2_000_000
"""The same, if somebody asks for it."""
MOST_PATHS: Final = 20_000
"""So many paths are kept apart at one level; where there are more, the path stays as it was."""
CHUNK_STATES: Final = 1 << 13

Actor: TypeAlias = "tuple[str, object] | None"


@dataclass(frozen=True, slots=True)
class _Edge:
    """A step of a shortest path, from one state number to another."""

    source: int
    step: int
    target: int


@dataclass(frozen=True, slots=True)
class _Path:
    """A path so far. `kinds` has a bit for each action that is told apart."""

    states: tuple[int, ...]
    steps: tuple[int, ...] = ()
    kinds: int = 0
    changes: int = 0
    faults: int = 0

    @property
    def cost(self) -> tuple[int, int, int, tuple[int, ...]]:
        """Smaller is simpler; the steps settle what is left."""
        return self.kinds.bit_count(), self.changes, self.faults, self.steps


def simplest(
    ground: GroundModel,
    model: Model,
    initial: Sequence[State],
    findings: Iterable[Finding],
    cache: ObjectCache | None = None,
    interesting: bool = False,
) -> tuple[Finding, ...]:
    """The findings, each with the simplest of its shortest paths.

    With `interesting`, few different actions count before all else. A finding about a step keeps
    that step. Where memory or the number of paths is too much, a path stays as it was found.
    """
    held = tuple(findings)
    if all(len(finding.steps) < 2 for finding in held):
        return held
    engine = Engine(ground, cache)
    store = Store(engine.code, engine.layout, len(ground.steps), available())
    code = load("\n".join([number(store.states.words), DECLARATIONS]), cache)
    levels = _Levels(engine, store, code.function("number", 8))
    costs = _Costs(ground, model, interesting)
    try:
        levels.grow(initial, max(len(finding.steps) for finding in held))
        return tuple(_simpler(levels, costs, finding) for finding in held)
    except OutOfRoom:
        return held
    finally:
        levels.close()
        store.close()
        engine.close()


def _simpler(levels: _Levels, costs: _Costs, finding: Finding) -> Finding:
    """The same finding by the simplest path; of one about a step, the path up to that step."""
    ends = levels.ends(finding)
    depth = len(finding.steps)
    fixed: tuple[int, ...] = ()
    if ends is None:
        depth, fixed = depth - 1, finding.steps[-1:]
        ends = {levels.index(finding.states[depth])}
    found = costs.best(levels.edges(ends, depth), levels.initial, ends, fixed)
    if found is None:
        return finding
    after = finding.states[depth + 1 :]
    return replace(finding, states=levels.states(found) + after, steps=found.steps)


class _Levels:
    """The states up to some depth, each level a range of numbers, and the steps between levels."""

    def __init__(self, engine: Engine, store: Store, number: Callable[..., int]) -> None:
        self.engine, self.store = engine, store
        self.initial: tuple[int, ...] = ()
        self._bounds = [0]
        """Where each level begins, and where the last one ends."""
        self._number = number
        self._targets = Buffer("I", engine.room + 1)

    def grow(self, initial: Sequence[State], depth: int) -> None:
        """Find all states that are at most `depth` steps away."""
        self.initial = tuple(dict.fromkeys(self._enter(state) for state in initial))
        self._bounds.append(self.store.size)
        for level in range(depth):
            for _, _, found in self._expanded(level):
                self.store.make_room(found)
                self.store.absorb(*self._addresses(), found, self.engine.new)
            self._bounds.append(self.store.size)

    def _addresses(self) -> tuple[int, int, int]:
        engine = self.engine
        return engine.found.address, engine.parents.address, engine.steps.address

    def _enter(self, state: State) -> int:
        self._pack(state)
        self.engine.parents[0] = NO_PARENT
        self.store.make_room(1)
        self.store.absorb(*self._addresses(), 1, self.engine.new)
        return self.index(state)

    def _pack(self, state: State) -> None:
        engine = self.engine
        for k, word in enumerate(engine.layout.pack(engine.ground.codec.to_cells(state))):
            engine.found[k] = word

    def index(self, state: State) -> int:
        """The number of a state that is there."""
        self._pack(state)
        self._note_targets(1)
        return self._targets[0]

    def _note_targets(self, count: int) -> None:
        """Write down the numbers of the states found last."""
        self.store.number(self._number, self.engine.found.address, count, self._targets.address)

    def _expanded(self, level: int) -> Iterator[tuple[int, int, int]]:
        """Expand a level in chunks: the first state, how many, and how many steps they have."""
        first, last = self._bounds[level], self._bounds[level + 1]
        while first < last:
            done, found = self.engine.expand(self.store, first, min(CHUNK_STATES, last - first))
            assert done > 0, "a state with more successors than there is room for"
            yield first, done, found
            first += done

    def ends(self, finding: Finding) -> set[int] | None:
        """The states of which the same could be said at the same depth; `None`: it is of a step."""
        depth = len(finding.steps)
        if finding.kind is FindingKind.DEADLOCK:
            return {self.index(finding.states[-1])}
        pairs = {
            (judged.name, undefined)
            for judged in self.engine.ground.properties
            for undefined in (False, True)
            if judged.kind is not PropertyKind.STEP_INVARIANT
        }
        asked = (str(finding.property), finding.kind is FindingKind.UNDEFINED_PROPERTY)
        if asked not in pairs:
            return None
        first, last = self._bounds[depth], self._bounds[depth + 1]
        others = frozenset(pairs - {asked})
        spoken = self.engine.all_states_spoken_of(self.store, first, others)
        return set(takewhile(lambda index: index < last, spoken))

    def edges(self, ends: set[int], depth: int) -> list[list[_Edge]]:
        """The steps of all paths of `depth` steps to any of the ends, level by level."""
        engine, wanted = self.engine, ends
        found: list[list[_Edge]] = []
        for level in reversed(range(depth)):
            kept: list[_Edge] = []
            for _, _, count in self._expanded(level):
                self._note_targets(count)
                kept += [
                    _Edge(engine.parents[j], engine.steps[j], target)
                    for j in range(count)
                    if (target := self._targets[j]) in wanted
                ]
            wanted = {edge.source for edge in kept}
            found.append(kept)
        return found[::-1]

    def states(self, path: _Path) -> tuple[State, ...]:
        """The states of a path."""
        layout, codec = self.engine.layout, self.engine.ground.codec
        return tuple(codec.to_state(layout.unpack(self.store.words(i))) for i in path.states)

    def close(self) -> None:
        """Give the memory back now."""
        self._targets.close()


class _Costs:
    """What each ground step costs after another: who acts, whether it is a fault, what it is."""

    def __init__(self, ground: GroundModel, model: Model, interesting: bool) -> None:
        actions = {action.name: action for action in model.actions}
        places = {name: place for place, name in enumerate(actions)}
        acting = {name: _acting(action) for name, action in actions.items()}
        self._actors: list[Actor] = []
        self._faults: list[bool] = []
        self._kinds: list[int] = []
        for step in ground.steps:
            at = acting[step.action]
            of = None if at is None else actions[step.action].parameters[at].type
            self._actors.append(None if at is None else (str(of), step.arguments[at]))
            self._faults.append(actions[step.action].budget is not None)
            self._kinds.append(1 << places[step.action] if interesting else 0)

    def best(
        self,
        levels: Sequence[Sequence[_Edge]],
        initial: Sequence[int],
        ends: set[int],
        fixed: tuple[int, ...],
    ) -> _Path | None:
        """The simplest path along these edges, with the fixed step at its end; `None`: too many."""
        paths: Mapping[tuple[int, Actor, int], _Path] = {
            (state, None, 0): _Path((state,)) for state in initial
        }
        for edges in levels:
            paths = self._longer(paths, edges)
            if len(paths) > MOST_PATHS:
                return None
        whole = [path for path in paths.values() if path.states[-1] in ends]
        for step in fixed:
            whole = [self._with(path, step, ()) for path in whole]
        return min(whole, key=lambda path: path.cost, default=None)

    def _longer(
        self, paths: Mapping[tuple[int, Actor, int], _Path], edges: Sequence[_Edge]
    ) -> Mapping[tuple[int, Actor, int], _Path]:
        """The simplest path to each state by each last actor (and, if told apart, by each kind)."""
        leaving: dict[int, list[_Edge]] = {}
        for edge in edges:
            leaving.setdefault(edge.source, []).append(edge)
        found: dict[tuple[int, Actor, int], _Path] = {}
        for path in paths.values():
            for edge in leaving.get(path.states[-1], ()):
                longer = self._with(path, edge.step, (edge.target,))
                key = edge.target, self._actors[edge.step], longer.kinds
                known = found.get(key)
                if known is None or longer.cost < known.cost:
                    found[key] = longer
        return found

    def _with(self, path: _Path, step: int, state: tuple[int, ...]) -> _Path:
        changes = bool(path.steps) and self._actors[path.steps[-1]] != self._actors[step]
        return _Path(
            path.states + state,
            (*path.steps, step),
            path.kinds | self._kinds[step],
            path.changes + changes,
            path.faults + self._faults[step],
        )


def _acting(action: Action) -> int | None:
    """Which argument says who acts, as `Step.acting` has it: the first that is of a sort."""
    sorts = (i for i, p in enumerate(action.parameters) if isinstance(p.type, SortType))
    return next(sorts, None)
