"""Whether states that a solver thought up can be reached: looked up by the explicit search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from checker.explicit.outcome import Finding, Limits, Outcome
from checker.explicit.search import explore
from checker.ground.errors import GroundError
from checker.ground.ground import ground
from checker.ground.model import GroundModel
from checker.initial import Unsolved, initial_states
from checker.ir.expr import NOWHERE, node
from checker.ir.model import Model, Property, PropertyKind
from checker.ir.ops import Op
from checker.ir.types import BOOL
from checker.ir.values import State
from checker.paths import path_of
from checker.prepare import Prepared
from checker.symbolic.verdicts import UNDEFINED_STEP, Counterexample, Obligation
from checker.trace import Ending, Trace
from counterexamples.replay import Path, judgement, replay


@dataclass(frozen=True, slots=True)
class Reachable:
    """It can happen: the whole trace, from the initial state, confirmed by the spec itself."""

    trace: Trace


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The search was complete within its scope, and never came to the first state."""

    states: int


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The search was stopped before it came to the state, or to an end."""

    reason: str


Label: TypeAlias = Reachable | Unreachable | Unsettled


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the search says of each counterexample, and the properties that it saw violated."""

    labels: Mapping[Obligation, Label]
    violated: Mapping[str, Trace]


NOTHING = Lookup({}, {})


def look_up(
    prepared: Prepared, found: Mapping[Obligation, Counterexample], limits: Limits
) -> Lookup:
    """What each counterexample means; all must be of the model's own scope.

    The properties that they break are judged along the way: one that is false somewhere else than
    the solver thought is false all the same.
    """
    if not found:
        return NOTHING
    model = prepared.model
    different = dict.fromkeys(counterexample.states[0] for counterexample in found.values())
    targets = {state: f"reaches {number}" for number, state in enumerate(different)}
    broken = {obligation.property for obligation in found}
    asked = (
        *(judged for judged in model.properties if judged.name in broken),
        *(_is_not(model, state, name) for state, name in targets.items()),
    )
    try:
        grounded = ground(replace(model, properties=asked), None, False)
    except GroundError as error:
        return Lookup(dict.fromkeys(found, Unsettled(error.message)), {})
    start = initial_states(prepared)
    if isinstance(start, Unsolved):
        return Lookup(dict.fromkeys(found, Unsettled(start.reason)), {})
    outcome = explore(grounded, start, limits=limits, stop_at_finding=False)
    paths = _Paths(prepared, grounded, {f.property: f for f in outcome.findings})
    labels: dict[Obligation, Label] = {}
    for obligation, counterexample in found.items():
        finding = paths.findings.get(targets[counterexample.states[0]])
        if finding is not None:
            labels[obligation] = Reachable(paths.through(finding, obligation, counterexample))
        else:
            labels[obligation] = _not_found(outcome)
    names = [judged.name for judged in model.properties if judged.name in broken]
    seen = {name: paths.findings[name] for name in names if name in paths.findings}
    return Lookup(labels, {name: paths.to(finding) for name, finding in seen.items()})


def _not_found(outcome: Outcome) -> Label:
    if outcome.complete:
        return Unreachable(outcome.states)
    reason = "" if outcome.stop is None else f", then stopped: {outcome.stop.value}"
    return Unsettled(f"{outcome.states:,} states searched{reason}")


def _is_not(model: Model, state: State, name: str) -> Property:
    """That the state is another one: violated by reaching this one."""
    parts = tuple(
        node(
            Op.EQ,
            (node(Op.VARIABLE, (), v.type, v.name), node(Op.CONST, (), v.type, value)),
            BOOL,
        )
        for v, value in zip(model.variables, state, strict=True)
    )
    differs = node(Op.NOT, (node(Op.AND, parts, BOOL),), BOOL)
    return Property(name, PropertyKind.INVARIANT, differs, "", NOWHERE)


@dataclass(frozen=True, slots=True)
class _Paths:
    """What a search found, replayed: no trace is shown that the spec itself does not confirm."""

    prepared: Prepared
    grounded: GroundModel
    findings: Mapping[str | None, Finding]

    def to(self, finding: Finding) -> Trace:
        """The trace to a property that is violated."""
        return self._replayed(path_of(self.grounded, finding))

    def through(
        self, finding: Finding, obligation: Obligation, counterexample: Counterexample
    ) -> Trace:
        """The trace to the first state of a counterexample, and on to where it ends."""
        first = path_of(self.grounded, finding)
        is_judged = obligation.property != UNDEFINED_STEP
        whole = replace(
            first,
            ending=self._broken(obligation, counterexample) if is_judged else Ending.UNDEFINED_STEP,
            property=obligation.property if is_judged else None,
            states=first.states + counterexample.states[1:],
            steps=first.steps + counterexample.steps,
        )
        return self._replayed(whole)

    def _broken(self, obligation: Obligation, counterexample: Counterexample) -> Ending:
        """What the counterexample does to the property that it breaks."""
        model = self.prepared.model
        judged = next(p for p in model.properties if p.name == obligation.property)
        ending, _ = judgement(self.prepared.semantics, judged, counterexample.states)
        assert ending is not None, f"{obligation} is not broken by {counterexample}"
        return ending

    def _replayed(self, path: Path) -> Trace:
        prepared = self.prepared
        return replay(prepared.name, prepared.model, prepared.semantics, path)
