"""Induction: what is true at the start, and stays true with every step, is true for ever.

Each action is asked about by itself, so one sees which of them breaks a property. Within bounds a
solver's model is a state and a step; they are read back and confirmed. With bounds lifted only the
absence of a model counts: a proof. So bounded models are asked first, for counterexamples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, assert_never

from checker.ir.model import Model, Property, PropertyKind
from checker.symbolic.confirm import counterexample
from checker.symbolic.errors import CannotEncode
from checker.symbolic.formulas import (
    Case,
    Formulas,
    claims,
    claims_beside,
    claims_by_case,
    gap,
    property_of,
)
from checker.symbolic.query import Answer, GaveUp, Impossible, Possible, Query, query_of
from checker.symbolic.solvers import Solvers
from checker.symbolic.terms import Bool
from checker.symbolic.verdicts import (
    UNDEFINED_STEP,
    Counterexample,
    Obligation,
    Outcome,
    Proved,
    Unknown,
)

Progress = Callable[[int, int], None]
"""Called with how many obligations are settled, and how many there are."""


@dataclass(frozen=True, slots=True)
class Induction:
    """How to prove: what is assumed of every state before, over how many steps, how long.

    What is assumed must be proved, too: a property counts as proved only with all its lemmas.
    """

    assumed: tuple[str, ...] = ()
    steps: int = 1
    lift: frozenset[str] = frozenset()
    seconds: float = 10.0


HASTY: Final = 2.0
"""Seconds in which a proof is looked for before anybody looks for a counterexample."""


def obligations(model: Model, properties: Iterable[str], steps: int = 1) -> list[Obligation]:
    """All that must be proved of these properties: at the start, and for each action."""
    found = []
    for name in properties:
        judged = property_of(model, name)
        if any(True for _ in _starts(judged, steps)):
            found.append(Obligation(name, None))
        found += [Obligation(name, action.name) for action in model.actions]
    return found


def provable(model: Model) -> tuple[str, ...]:
    """The properties that induction can speak of: all but goals; and that steps have values."""
    kinds = (PropertyKind.INVARIANT, PropertyKind.STEP_INVARIANT)
    return (*(p.name for p in model.properties if p.kind in kinds), UNDEFINED_STEP)


def prove(
    bounded: Sequence[Model],
    wanted: Sequence[Obligation],
    induction: Induction,
    solvers: Solvers,
    progress: Progress | None = None,
) -> Mapping[Obligation, Outcome]:
    """What becomes of each obligation.

    `bounded` are the same spec in scopes that grow: counterexamples are looked for in each. Proofs
    are of the last one, with `induction.lift` lifted; it has all the actions, where a smaller one
    may lack those that its scope forbids. Raises `SolverDisagrees`.
    """
    last = bounded[-1]
    rounds = [_Round(model, frozenset(), induction, solvers, progress) for model in bounded]
    if induction.lift:
        # Most proofs are found fast, and need no look for counterexamples then.
        hasty = replace(induction, seconds=min(HASTY, induction.seconds))
        rounds = [
            _Round(last, induction.lift, hasty, solvers, progress),
            _RoundByCase(last, induction.lift, hasty, solvers, progress),
            *rounds,
            _RoundByCase(last, induction.lift, induction, solvers, progress),
        ]
    outcomes = dict(_consequences(last, wanted, induction, solvers))
    settled = set(outcomes)
    for round in rounds:
        open = [obligation for obligation in wanted if obligation not in settled]
        found = round.outcomes(
            [o for o in open if o.action is None or has_action(round.model, o.action)]
        )
        outcomes |= found
        proves = round.model is last and round.lift == induction.lift
        final = (Counterexample, Proved) if proves else Counterexample
        settled |= {o for o, outcome in found.items() if isinstance(outcome, final)}
    return {obligation: outcomes[obligation] for obligation in wanted}


def _consequences(
    model: Model, wanted: Sequence[Obligation], induction: Induction, solvers: Solvers
) -> Iterator[tuple[Obligation, Outcome]]:
    """The obligations of invariants that follow from what is assumed, in any state.

    What is assumed is proved itself, so such an invariant needs no induction. One that is among the
    assumptions does not follow from itself.
    """
    formulas = Formulas(model, induction.lift)
    names = dict.fromkeys(obligation.property for obligation in wanted)
    for name in names if induction.assumed else ():
        judged = property_of(model, name)
        if judged is None or judged.kind is not PropertyKind.INVARIANT:
            continue
        if name not in induction.assumed and _follows(formulas, judged, induction, solvers):
            yield from ((one, Proved()) for one in wanted if one.property == name)


def _follows(formulas: Formulas, judged: Property, induction: Induction, solvers: Solvers) -> bool:
    """Whether a property is true of every state that satisfies what is assumed."""
    try:
        cases = list(claims_beside(formulas, judged, induction.assumed))
    except CannotEncode:
        return False
    answers = [answer for _, answer in _answers(cases, induction, solvers)]
    return _all_impossible(answers, cases)


def _all_impossible(answers: Sequence[Answer], cases: Sequence[Case]) -> bool:
    """Whether every case was asked, and none can be: fewer answers than cases prove nothing."""
    impossible = [answer for answer in answers if isinstance(answer, Impossible)]
    return len(impossible) == len(cases) > 0


def has_action(model: Model, name: str) -> bool:
    """Whether the model has an action of that name."""
    return any(action.name == name for action in model.actions)


def _starts(judged: Property | None, steps: int) -> range:
    """The lengths of the paths from the start on which a property must be seen to hold."""
    if judged is None:
        return range(0)
    return range(1 if judged.kind is PropertyKind.STEP_INVARIANT else 0, steps)


@dataclass(frozen=True, slots=True)
class _Round:
    """All open obligations, asked about one model."""

    model: Model
    lift: Set[str]
    induction: Induction
    solvers: Solvers
    progress: Progress | None

    def outcomes(self, wanted: Sequence[Obligation]) -> dict[Obligation, Outcome]:
        """What becomes of each, as far as this model says."""
        anywhere, from_start = (
            Formulas(self.model, self.lift),
            Formulas(self.model, self.lift, True),
        )
        parts: dict[Obligation, list[Outcome]] = {obligation: [] for obligation in wanted}
        queries: dict[tuple[Obligation, int], Query] = {}
        for obligation in wanted:
            formulas = from_start if obligation.action is None else anywhere
            for steps in self._lengths(obligation):
                found = self._query(formulas, obligation, steps)
                if isinstance(found, Query):
                    queries[obligation, steps] = found
                else:
                    parts[obligation].append(self._outcome(formulas, obligation, steps, found))
        for (obligation, steps), answer in self.solvers.answers(queries):
            formulas = from_start if obligation.action is None else anywhere
            parts[obligation].append(self._outcome(formulas, obligation, steps, answer))
            if self.progress is not None:
                self.progress(sum(map(len, parts.values())), len(queries))
        return {obligation: _worst(found) for obligation, found in parts.items()}

    def _lengths(self, obligation: Obligation) -> Iterable[int]:
        """How many steps the paths have at whose end the obligation may break."""
        judged = property_of(self.model, obligation.property)
        if obligation.action is None:
            return _starts(judged, self.induction.steps)
        # That a step has a value is not assumed of the steps before: they happen.
        return (1,) if judged is None else (self.induction.steps,)

    def _query(self, formulas: Formulas, obligation: Obligation, steps: int) -> Query | Answer:
        try:
            broken = claims(formulas, obligation, self.induction.assumed, steps)
            wishes = [] if self.lift or formulas.from_start else formulas.preferences()
            return query_of(broken, wishes, self.induction.seconds)
        except CannotEncode as error:
            return GaveUp(str(error))

    def _outcome(
        self, formulas: Formulas, obligation: Obligation, steps: int, answer: Answer
    ) -> Outcome:
        match answer:
            case Impossible():
                return Proved()
            case GaveUp(reason):
                return Unknown(reason)
            case Possible(values):
                if self.lift:
                    return Unknown("no proof, and no counterexample within the scopes tried")
                assumed = self.induction.assumed
                return counterexample(formulas, obligation, assumed, steps, values)
            case _:
                assert_never(answer)


@dataclass(frozen=True, slots=True)
class _RoundByCase(_Round):
    """The same, each obligation by itself, and case by case until one has no proof."""

    def outcomes(self, wanted: Sequence[Obligation]) -> dict[Obligation, Outcome]:
        """What becomes of each, as far as this model says."""
        outcomes: dict[Obligation, Outcome] = {}
        for obligation in wanted:
            formulas = Formulas(self.model, self.lift, from_start=obligation.action is None)
            found: list[Outcome] = []
            for steps in self._lengths(obligation):
                found += self._by_case(formulas, obligation, steps)
            outcomes[obligation] = _worst(found)
            if self.progress is not None:
                self.progress(len(outcomes), len(wanted))
        return outcomes

    def _by_case(self, formulas: Formulas, obligation: Obligation, steps: int) -> Iterator[Outcome]:
        """What becomes of the cases, up to one that has no proof."""
        try:
            assumed = self.induction.assumed
            cases = list(claims_by_case(formulas, obligation, assumed, steps))
        except CannotEncode as error:
            yield Unknown(str(error))
            return
        answers: list[Answer] = []
        for number, answer in _answers(cases, self.induction, self.solvers):
            answers.append(answer)
            missing = gap(formulas.axioms, cases[number].claimed)
            if isinstance(answer, Possible) and missing is not None:
                yield Unknown(missing)
            else:
                yield self._outcome(formulas, obligation, steps, answer)
        if not _all_impossible(answers, cases):
            yield Unknown("not every case was settled")


def _answers(
    cases: Sequence[Case], induction: Induction, solvers: Solvers
) -> Iterator[tuple[int, Answer]]:
    """Whether claims are possible, by their number, up to the first that is not impossible."""
    hasty = min(HASTY, induction.seconds)
    simpler = {n: c.simpler for n, c in enumerate(cases) if c.simpler is not None}
    settled = set()
    for number, answer in _asked(simpler, hasty, solvers):
        if isinstance(answer, Impossible):
            settled.add(number)
            yield number, answer
    rest = {n: case.claimed for n, case in enumerate(cases) if n not in settled}
    yield from _asked(rest, induction.seconds, solvers)


def _asked(
    claims: Mapping[int, Sequence[Bool]], seconds: float, solvers: Solvers
) -> Iterator[tuple[int, Answer]]:
    """The answers to some claims, up to the first that is not impossible."""
    queries: dict[int, Query] = {}
    for number, claimed in claims.items():
        found = query_of(claimed, (), seconds)
        if isinstance(found, Query):
            queries[number] = found
        else:
            yield number, found
    with closing(solvers.answers(queries)) as answers:
        for number, answer in answers:
            yield number, answer
            if not isinstance(answer, Impossible):
                return


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    """What several parts of one obligation amount to."""
    assert outcomes, "nothing was asked, so nothing is proved"
    for kind in (Counterexample, Unknown):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                return outcome
    return Proved()
