"""What says nothing, whatever is reachable: asked of all states that there are, not of paths.

A state here is any value of the variables' types. What a solver finds possible is no news and is
not read back; only what is impossible says something, and that needs no model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from checker.ir.model import Model, Property, PropertyKind
from checker.symbolic.errors import CannotEncode
from checker.symbolic.meaning import Meaning
from checker.symbolic.query import Answer, GaveUp, Impossible, Query, query_of
from checker.symbolic.solvers import Solvers
from checker.symbolic.steps import is_state, truth, unknown_state
from checker.symbolic.terms import Bool, both, either, negate


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether a property can speak up in a state of which others are true.

    A goal speaks up where it is met, any other property where it is false; both where they have
    no value. One of steps speaks of any two states.
    """

    judged: Property
    given: Sequence[Property] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What is impossible; `open` is what nobody could answer in time."""

    impossible: frozenset[str]
    open: frozenset[str]


class States:
    """All states of a model, where some bounds of its scope are lifted.

    `seconds` are for each question. `check` is called between questions and answers, and may raise
    what it likes; nothing can be asked after that. Owns the formulas of the properties.
    """

    def __init__(
        self,
        model: Model,
        lift: Set[str],
        solvers: Solvers,
        seconds: float,
        check: Callable[[], None],
    ) -> None:
        self._lift = lift
        self._solvers = solvers
        self._seconds = seconds
        self._check = check
        self._before = unknown_state(model, "before.", lift)
        self._after = unknown_state(model, "after.", lift)
        self._are_states = (is_state(model, self._before, lift), is_state(model, self._after, lift))
        self._known: dict[str, Meaning] = {}

    def ask(self, asked: Mapping[str, Asked]) -> Settled:
        """What is impossible of all that is asked."""
        queries: dict[str, Query] = {}
        answers: dict[str, Answer] = {}
        for name, question in asked.items():
            self._check()
            found = self._query(question)
            if isinstance(found, Query):
                queries[name] = found
            else:
                answers[name] = found
        for name, answer in self._solvers.answers(queries):
            answers[name] = answer
            self._check()
        return Settled(
            frozenset(name for name, found in answers.items() if isinstance(found, Impossible)),
            frozenset(name for name, found in answers.items() if isinstance(found, GaveUp)),
        )

    def causes(self, judged: Property, given: Sequence[Property]) -> tuple[Property, ...]:
        """Of the others from which a property follows, as few as it follows from.

        One after the other is left out, if it is not missed; where nobody can tell it is kept.
        """
        kept = tuple(given)
        for one in kept:
            fewer = tuple(other for other in kept if other is not one)
            if self.ask({judged.name: Asked(judged, fewer)}).impossible:
                kept = fewer
        return kept

    def _query(self, asked: Asked) -> Query | Answer:
        of_step = asked.judged.kind is PropertyKind.STEP_INVARIANT
        try:
            given = [self._truth(other).value for other in asked.given]
            speaks_up = self._speaks_up(asked.judged)
        except CannotEncode as error:
            return GaveUp(str(error))
        return query_of([*self._are_states[: 1 + of_step], *given, speaks_up], (), self._seconds)

    def _speaks_up(self, judged: Property) -> Bool:
        found = self._truth(judged)
        if judged.kind is PropertyKind.REACHABLE:
            return either(found.value, negate(found.defined))
        return negate(both(found.defined, found.value))

    def _truth(self, judged: Property) -> Meaning:
        if judged.name not in self._known:
            self._known[judged.name] = truth(judged, self._before, self._after, self._lift)
        return self._known[judged.name]
