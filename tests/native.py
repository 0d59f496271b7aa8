"""The native engine asked about one state at a time, so that it can be compared with its twins."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from checker.explicit.engine import Engine
from checker.explicit.outcome import Outcome
from checker.explicit.search import explore
from checker.explicit.store import NO_PARENT, Store
from checker.ground.ground import ground
from checker.ground.model import GroundModel
from checker.ir.model import Model, PropertyKind
from checker.ir.values import State
from checker.semantics.step import initial_state
from tests.random_models import Summary

MEMORY = 1 << 32


@dataclass(frozen=True, slots=True)
class Expansion:
    """All that one state leads to: (action, successor) in order, cuts, first undefined action."""

    successors: tuple[tuple[str, State], ...]
    cut: Counter[str]
    undefined: str | None


class Native:
    """The compiled functions of a model, called on single states."""

    def __init__(self, model: Model) -> None:
        self.ground: GroundModel = ground(model, cone=False)
        self.engine = Engine(self.ground, None)

    def expand(self, state: State) -> Expansion:
        """One call of `expand` with one state."""
        engine, store = self.engine, self._store(state)
        before = [engine.cut[k] for k in range(len(self.ground.scopes))]
        for k in (1, 2, 3):
            engine.report[k] = -1
        done, count = engine.expand(store, 0, 1)
        assert done == 1
        found = tuple(
            (self.ground.steps[engine.steps[j]].action, self._state(j)) for j in range(count)
        )
        cut = Counter(
            {name: engine.cut[k] - before[k] for k, name in enumerate(self.ground.scopes)}
        )
        undefined = engine.report[3]
        store.close()
        name = self.ground.steps[undefined].action if engine.report[2] >= 0 else None
        return Expansion(found, +cut, name)

    def judge(self, state: State) -> dict[str, bool | None]:
        """Every property of a state: its value, or `None` where it has none."""
        answers: dict[str, bool | None] = {
            judged.name: judged.kind is not PropertyKind.REACHABLE
            for judged in self.ground.properties
            if judged.kind is not PropertyKind.STEP_INVARIANT
        }
        store = self._store(state)
        decided: set[tuple[str, bool]] = set()
        for spoken in self.engine.judge_states(store, 0, decided):
            name = spoken.property.name
            answers[name] = None if spoken.undefined else not answers[name]
            decided |= {(name, False), (name, True)}
        store.close()
        return answers

    def _store(self, state: State) -> Store:
        engine = self.engine
        store = Store(engine.code, engine.layout, len(self.ground.steps), MEMORY)
        words = engine.layout.pack(self.ground.codec.to_cells(state))
        for k, word in enumerate(words):
            engine.found[k] = word
        engine.parents[0] = NO_PARENT
        store.make_room(1)
        addresses = (engine.found.address, engine.parents.address, engine.steps.address)
        store.absorb(*addresses, 1, engine.new)
        return store

    def _state(self, j: int) -> State:
        width = self.engine.layout.words
        words = tuple(self.engine.found[j * width + k] for k in range(width))
        return self.ground.codec.to_state(self.engine.layout.unpack(words))


def native(model: Model) -> Summary:
    """The native search, to the end, in the words in which engines are compared."""
    grounded = ground(model, cone=False)
    return summary(grounded, explore(grounded, [initial_state(model)], stop_at_finding=False))


def summary(grounded: GroundModel, outcome: Outcome) -> Summary:
    """The counts by action, and the findings by kind and property."""
    fired, new = Counter[str](), Counter[str]()
    for step, times, states in zip(grounded.steps, outcome.fired, outcome.new, strict=True):
        fired[step.action] += times
        new[step.action] += states
    return Summary(
        outcome.complete,
        outcome.states,
        outcome.generated,
        outcome.level,
        dict(+fired),
        dict(+new),
        {name: count for name, count in outcome.cut.items() if count},
        {
            (found.kind.value, found.property): (
                found.states,
                tuple(grounded.steps[number].action for number in found.steps),
            )
            for found in outcome.findings
        },
    )
