"""`simulate`: seeded random walks through the spec itself, for scopes too large to exhaust.

A simulation finds faults and never shows that there are none. A walk chooses among the enabled
actions alike, and among an action's enabled arguments alike, so that rare actions happen too.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from checker.initial import SECONDS, Limits, Unsolved, initial_states
from checker.ir.model import Model
from checker.ir.values import State
from checker.lang.load import LoadedSpec
from checker.prepare import Prepared, prepare
from checker.result import ActionCount, PropertyResult, Result, Seconds, Walks
from checker.semantics.step import Cut, Disabled, Fired, UndefinedStep, arguments
from checker.trace import Ending, Step, Trace, start_of
from checker.verdict import Partial, Reached, Undefined, Undetermined, Verdict, Violated
from counterexamples.replay import Semantics, judgement, made_step, place_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """How to walk. `properties` are all of them if none is named."""

    seed: int
    walks: int
    steps: int
    properties: tuple[str, ...] = ()
    go_on: bool = False
    seconds: float | None = None


def simulate(
    loaded: LoadedSpec, settings: Mapping[str, str], scope: Mapping[str, int], options: Options
) -> Result:
    """Walk at random, and judge every state and step met. The same seed gives the same walks."""
    started = time.perf_counter()
    prepared = prepare(loaded, settings, scope, options.properties)
    compiled = time.perf_counter()
    initial = initial_states(prepared, Limits(seconds=options.seconds or SECONDS))
    if isinstance(initial, Unsolved):
        nothing = _Simulation(prepared, options, compiled, ())
        result = _result(prepared, nothing, initial.stop, started, time.perf_counter())
        return replace(result, unsolved=initial.reason)
    simulation = _Simulation(prepared, options, compiled, initial)
    stop = simulation.run()
    return _result(prepared, simulation, stop, started, compiled)


@dataclass(slots=True)
class _Simulation:
    """What the walks have met so far: the one mutable thing."""

    prepared: Prepared
    options: Options
    started: float
    initial: Sequence[State]
    walks: int = 0
    level: int = 0
    seen: set[State] = field(default_factory=set)
    fired: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    found: dict[tuple[str | None, Ending], Trace] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """The model that is walked through."""
        return self.prepared.model

    @property
    def semantics(self) -> Semantics:
        """What its steps do."""
        return self.prepared.semantics

    def run(self) -> str:
        """Walk until something stops the simulation; why it stopped."""
        random = Random(self.options.seed)
        try:
            for _ in range(self.options.walks):
                self.walks += 1
                for _ in self._walk(random):
                    if self._out_of_time():
                        return "timeout"
                if self._failed() and not self.options.go_on:
                    return "finding"
        except KeyboardInterrupt:
            return "interrupt"
        return "walks"

    def _out_of_time(self) -> bool:
        limit = self.options.seconds
        return limit is not None and time.perf_counter() - self.started >= limit

    def _failed(self) -> bool:
        return any(ending is not Ending.REACHED for _, ending in self.found)

    def _walk(self, random: Random) -> Iterator[None]:
        """One walk from an initial state, a step at a time."""
        first = self.initial[0] if len(self.initial) == 1 else random.choice(self.initial)
        states, steps = [first], list[Step]()
        self.seen.add(states[-1])
        self._judge(states, steps)
        while len(steps) < self.options.steps and not (self._failed() and not self.options.go_on):
            chosen = self._choose(random, states, steps)
            if chosen is None:
                return
            step, after = chosen
            steps.append(step)
            states.append(after)
            self.level = max(self.level, len(steps))
            self.fired[step.action] += 1
            self.new[step.action] += after not in self.seen
            self.seen.add(after)
            self._judge(states, steps)
            yield

    def _choose(
        self, random: Random, states: list[State], steps: list[Step]
    ) -> tuple[Step, State] | None:
        """A step that leads elsewhere, or `None` if there is none."""
        for action in _shuffled(random, self.model.actions):
            for chosen in _shuffled(random, arguments(self.model, action, states[-1])):
                match self.semantics.fire(action.name, chosen, states[-1]):
                    case Fired(after) if after != states[-1]:
                        return made_step(action, chosen), after
                    case Cut(scope):
                        self.cut[scope] += 1
                    case UndefinedStep(message, span):
                        tried, why = [*steps, made_step(action, chosen)], message + place_of(span)
                        self._note(Ending.UNDEFINED_STEP, None, why, states, tried)
                    case Fired() | Disabled():
                        pass
        return None

    def _judge(self, states: list[State], steps: list[Step]) -> None:
        """Judge all properties of the last state and of the step that led to it."""
        for judged in self.model.properties:
            ending, message = judgement(self.semantics, judged, tuple(states[-2:]))
            if ending is not None:
                self._note(ending, judged.name, message, states, steps)

    def _note(
        self,
        ending: Ending,
        judged: str | None,
        message: str,
        states: list[State],
        steps: list[Step],
    ) -> None:
        """Keep the first trace of its kind."""
        if (judged, ending) in self.found:
            return
        model = self.model
        kinds = {known.name: known.kind for known in model.properties}
        kept_states, kept_steps = without_loops(states, steps)
        self.found[judged, ending] = Trace(
            spec=self.prepared.name,
            settings=model.settings,
            scope=model.scope,
            variables=tuple((variable.name, variable.type) for variable in model.variables),
            property=judged,
            kind=None if judged is None else kinds[judged],
            ending=ending,
            message=message,
            states=kept_states,
            steps=kept_steps,
            start=start_of(model),
        )


def _shuffled(random: Random, items: Iterable[T]) -> list[T]:
    held = list(items)
    random.shuffle(held)
    return held


def without_loops(
    states: Sequence[State], steps: Sequence[Step]
) -> tuple[tuple[State, ...], tuple[Step, ...]]:
    """The same path without its detours: what lies between two visits of one state is left out.

    The last step stays in any case, because a property may speak of it.
    """
    last = len(states) - 1 if 0 < len(steps) < len(states) else len(states)
    path: dict[State, Step | None] = {}
    for number, state in enumerate(states[:last]):
        if state in path:
            while next(reversed(path)) != state:
                path.popitem()
        else:
            path[state] = steps[number - 1] if number else None
    taken = tuple(step for step in path.values() if step is not None)
    return (*path, *states[last:]), (*taken, *steps[last - 1 :])


def _result(
    prepared: Prepared, simulation: _Simulation, stop: str, started: float, compiled: float
) -> Result:
    model, ended = prepared.model, time.perf_counter()
    partial = Partial(len(simulation.seen), simulation.level, stop)
    undefined_step = simulation.found.get((None, Ending.UNDEFINED_STEP))
    return Result(
        spec=prepared.name,
        settings=model.settings,
        defaults=prepared.defaults,
        scope=model.scope,
        engine="simulation",
        complete=False,
        stop=stop,
        states=len(simulation.seen),
        generated=simulation.fired.total(),
        level=simulation.level,
        seconds=Seconds(compiled - started, ended - compiled, ended - started),
        peak_memory=None,
        actions={
            action.name: ActionCount(simulation.fired[action.name], simulation.new[action.name])
            for action in model.actions
        },
        cut={scope: simulation.cut[scope] for scope in model.scope if scope in simulation.cut},
        dropped_variables=(),
        dropped_actions=(),
        without_budget=prepared.without_budget,
        properties=tuple(
            PropertyResult(known.name, known.kind, _verdict(simulation, known.name, partial))
            for known in model.properties
        ),
        undefined_step=None if undefined_step is None else Undefined(undefined_step),
        initial_states=len(simulation.initial) or None,
        start=start_of(model),
        walks=Walks(simulation.options.seed, simulation.walks, simulation.options.steps),
    )


def _verdict(simulation: _Simulation, name: str, partial: Partial) -> Verdict:
    """What was met, the worst first; a simulation alone never shows absence."""
    if (undefined := simulation.found.get((name, Ending.UNDEFINED_PROPERTY))) is not None:
        return Undefined(undefined)
    if (violated := simulation.found.get((name, Ending.VIOLATED))) is not None:
        return Violated(violated)
    if (reached := simulation.found.get((name, Ending.REACHED))) is not None:
        return Reached(reached)
    return Undetermined(partial)
