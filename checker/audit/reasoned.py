"""What no state at all does, by a solver: reachable or not, within the bounds or beyond them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from checker.audit.findings import Finding, Kind, Reach
from checker.audit.places import whole
from checker.audit.searched import Unmet
from checker.ir.model import Model, Property, PropertyKind
from checker.symbolic.solvers import Solvers
from checker.symbolic.vacuity import Asked, States

SECONDS: Final = 3.0
"""For each question to the solver."""


class _OutOfTime(Exception):
    """The time is up."""


@dataclass(frozen=True, slots=True)
class Far:
    """The same model where bounds are lifted, and the same goals in its terms, if it has them."""

    model: Model
    lift: frozenset[str]
    goals: Mapping[str, Property]


@dataclass(slots=True)
class Reasoned:
    """What the solver said so far: it may be stopped at any time."""

    model: Model
    dead: dict[str, Reach] = field(default_factory=dict)
    always: dict[str, Reach] = field(default_factory=dict)
    follows: dict[str, Reach] = field(default_factory=dict)
    causes: dict[str, tuple[Property, ...]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def run(
        self,
        unmet: Sequence[Unmet],
        far: Callable[[], Far | None],
        workers: int,
        deadline: float | None,
    ) -> None:
        """Ask all there is to ask, or as much as there is time for before Ctrl-C."""
        goals = {one.goal.name: one.goal for one in unmet if not one.finding.is_remark}
        check = _until(deadline)
        try:
            with Solvers(workers) as solvers:
                model = self.model
                self._near(States(model, frozenset(), solvers, SECONDS, check), goals)
                if (beyond := far()) is not None:
                    states = States(beyond.model, beyond.lift, solvers, SECONDS, check)
                    self._far(states, beyond)
        except (_OutOfTime, KeyboardInterrupt):
            return

    def _near(self, states: States, goals: Mapping[str, Property]) -> None:
        """Within the bounds of the scope."""
        never = states.ask({name: Asked(found) for name, found in goals.items()})
        self.dead = dict.fromkeys(never.impossible, Reach.BOUNDS)
        always = states.ask({judged.name: Asked(judged) for judged in self._judged()})
        self.always = dict.fromkeys(always.impossible, Reach.BOUNDS)
        given = [
            judged
            for judged in self._judged()
            if judged.kind is PropertyKind.INVARIANT and judged.name not in self.always
        ]
        others = {one.name: [other for other in given if other is not one] for one in given}
        follows = states.ask({one.name: Asked(one, others[one.name]) for one in given})
        for judged in given:
            if judged.name in follows.impossible:
                self.causes[judged.name] = states.causes(judged, others[judged.name])
                self.follows[judged.name] = Reach.BOUNDS
        self.answered = {judged.name for judged in self._judged()} - always.open - follows.open

    def _far(self, states: States, far: Far) -> None:
        """What is true of all states within bounds may be so beyond them."""
        judged = {found.name: found for found in far.model.properties}
        given = {n: [judged[one.name] for one in self.causes[n]] for n in self.follows}
        goals = {name: far.goals[name] for name in self.dead if name in far.goals}
        for known, asked in (
            (self.dead, {name: Asked(found) for name, found in goals.items()}),
            (self.always, {name: Asked(judged[name]) for name in self.always}),
            (self.follows, {name: Asked(judged[name], given[name]) for name in self.follows}),
        ):
            known |= dict.fromkeys(states.ask(asked).impossible, Reach.ANY_BOUNDS)

    def _judged(self) -> list[Property]:
        return [p for p in self.model.properties if p.kind is not PropertyKind.REACHABLE]

    def extended(self, unmet: Unmet) -> Finding:
        """The finding, said of as many states as it is true of."""
        found = unmet.finding
        return replace(found, reach=self.dead.get(unmet.goal.name, found.reach))

    def findings(self) -> Iterator[Finding]:
        """The properties that say nothing, or nothing more."""
        for judged in self._judged():
            place = (judged.name, whole(judged.span))
            if judged.name in self.always:
                yield Finding(Kind.TAUTOLOGY, *place, self.always[judged.name])
            if judged.name in self.follows:
                others = tuple(other.name for other in self.causes[judged.name])
                yield Finding(Kind.FOLLOWS, *place, self.follows[judged.name], others)

    def open(self) -> tuple[str, ...]:
        """The properties of which not all is known."""
        return tuple(p.name for p in self._judged() if p.name not in self.answered)


def _until(deadline: float | None) -> Callable[[], None]:
    """What raises once the time is up."""

    def check() -> None:
        if deadline is not None and time.perf_counter() > deadline:
            raise _OutOfTime

    return check
