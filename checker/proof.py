"""`prove`: spec, scope and settings in; what induction proves out, and what its failures mean.

A counterexample to induction is no bug by itself: its first state may be unreachable. Each is
looked up with the explicit engine, and those that are reachable come with their whole trace.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from checker.explicit.outcome import Limits
from checker.initial import refuse_mistakes
from checker.ir.model import Model, PropertyKind
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec, with_lemmas
from checker.lang.suggest import did_you_mean
from checker.lifting import bounds_of, larger, not_uniform
from checker.prepare import Prepared, prepare
from checker.reachability import Label, Lookup, Reachable, look_up
from checker.result import ExitCode, worst
from checker.semantics.step import UndefinedStep, fire
from checker.symbolic.houdini import largest_inductive
from checker.symbolic.prove import Induction, Progress, obligations, provable, prove
from checker.symbolic.solvers import Solvers
from checker.symbolic.verdicts import (
    Counterexample,
    Obligation,
    Outcome,
    Proved,
)
from checker.trace import Ending, Trace
from counterexamples.replay import made_step, place_of

ALL: Final = "all"
NONE: Final = "none"
POSITIVE: Final = "positive"
"""What may happen 0 times is taken for excluded: such a bound is lifted only if it is named."""
SEARCH: Final = Limits(states=1_000_000, seconds=30.0)


@dataclass(frozen=True, slots=True)
class Options:
    """What to prove, and how. `lemmas` are names, or `all`; so is `lift`, or `none`.

    `seconds` is for each question to the solver; `search` bounds the look-up of counterexamples.
    """

    properties: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    steps: int = 1
    lift: tuple[str, ...] = (POSITIVE,)
    seconds: float = 10.0
    workers: int = 2
    search: Limits = SEARCH


class Verdict(Enum):
    """What became of a property."""

    PROVED = "proved"
    RELATIVE = "proved under lemmas that are not proved"
    VIOLATED = "violated"
    NOT_INDUCTIVE = "not inductive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a property: one outcome for the start, and one for each action.

    `is_lemma`: proved because others need it. `labels` say of each counterexample what it means;
    `violated` is a trace on which the property is false, whatever the counterexamples mean.
    """

    name: str
    kind: PropertyKind | None
    is_lemma: bool
    outcomes: Mapping[str | None, Outcome]
    labels: Mapping[str | None, Label]
    violated: Trace | None = None

    @property
    def is_inductive(self) -> bool:
        """Whether nothing contradicts it, as long as what it assumes is true."""
        return all(isinstance(outcome, Proved) for outcome in self.outcomes.values())

    @property
    def trace(self) -> Trace | None:
        """How the property is violated, if that is known: the shortest of the traces found."""
        found = [label.trace for label in self.labels.values() if isinstance(label, Reachable)]
        found += [] if self.violated is None else [self.violated]
        return min(found, key=lambda trace: len(trace.steps), default=None)


EXITS: Final = {
    Verdict.PROVED: ExitCode.HOLDS,
    Verdict.RELATIVE: ExitCode.UNDETERMINED,
    Verdict.VIOLATED: ExitCode.VIOLATED,
    Verdict.NOT_INDUCTIVE: ExitCode.UNDETERMINED,
    Verdict.UNKNOWN: ExitCode.UNDETERMINED,
}


@dataclass(frozen=True, slots=True)
class Proof:
    """A table of what was proved, and of what not.

    `assumed` are the lemmas; `dropped` those candidates that are not inductive, with what broke
    each. `fixed` are bounds that could not be lifted, as the spec itself depends on them. `smaller`
    is the model of the scope asked for, in which counterexamples are looked for first.
    """

    spec: str
    model: Model
    smaller: Model
    defaults: Mapping[str, str]
    lifted: tuple[str, ...]
    fixed: tuple[str, ...]
    steps: int
    assumed: tuple[str, ...]
    dropped: Mapping[str, Obligation]
    rows: tuple[Row, ...]
    seconds: float

    @property
    def settings(self) -> Mapping[str, str]:
        """The settings, as a user writes them."""
        return self.model.settings

    @property
    def scope(self) -> Mapping[str, int]:
        """The bounds; those that are lifted served to look for counterexamples."""
        return self.model.scope

    @property
    def lemmas_hold(self) -> bool:
        """Whether all that was assumed is proved itself."""
        proved = {row.name for row in self.rows if row.is_inductive}
        return set(self.assumed) <= proved

    @property
    def exit(self) -> ExitCode:
        """Proved, or refuted by a trace; anything else is undetermined, and no success."""
        return worst(EXITS[self.verdict(row)] for row in self.rows)

    def verdict(self, row: Row) -> Verdict:
        """What became of one of the rows."""
        if row.trace is not None:
            return Verdict.VIOLATED
        if row.is_inductive:
            return Verdict.PROVED if self.lemmas_hold else Verdict.RELATIVE
        if any(isinstance(outcome, Counterexample) for outcome in row.outcomes.values()):
            return Verdict.NOT_INDUCTIVE
        return Verdict.UNKNOWN

    def model_in(self, scope: Mapping[str, int]) -> Model:
        """The model in whose scope a counterexample was found: its states fit no other."""
        return next(one for one in (self.smaller, self.model) if one.scope == scope)

    def _fault(self, found: Counterexample) -> str:
        """What has no value at the end of a counterexample, and where."""
        name, values = found.steps[-1]
        model = self.model_in(found.scope)
        outcome = fire(model, model.action(name), values, found.states[-1])
        assert isinstance(outcome, UndefinedStep), outcome
        return outcome.message + place_of(outcome.span)

    def as_trace(self, row: Row, found: Counterexample) -> Trace:
        """A counterexample in the form of a trace, to show it; it begins anywhere."""
        model = self.model_in(found.scope)
        is_undefined = len(found.states) == len(found.steps)
        return Trace(
            spec=self.spec,
            settings=model.settings,
            scope=found.scope,
            variables=tuple((variable.name, variable.type) for variable in model.variables),
            property=None if row.kind is None else row.name,
            kind=row.kind,
            ending=Ending.UNDEFINED_STEP if is_undefined else Ending.VIOLATED,
            message=self._fault(found) if is_undefined else "",
            states=found.states,
            steps=tuple(made_step(model.action(name), values) for name, values in found.steps),
        )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The same spec in scopes that grow, and which of its bounds are lifted."""

    bounded: tuple[Prepared, ...]
    lifted: frozenset[str]
    fixed: tuple[str, ...]

    @property
    def models(self) -> tuple[Model, ...]:
        return tuple(prepared.model for prepared in self.bounded)


def run_proof(
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    options: Options,
    progress: Progress | None = None,
) -> Proof:
    """Prove what can be proved, and label what cannot.

    Raises `SpecError` for a mistake in the spec or in what was chosen, `SolverDisagrees` or
    `ReplayDisagrees` if a counterexample is not confirmed.
    """
    started = time.perf_counter()
    own = provable(prepare(loaded, settings, scope).model)
    chosen = _choose(with_lemmas(loaded), settings, scope, options)
    model = chosen.models[-1]
    refuse_mistakes(chosen.bounded[0])
    wanted = _properties(model, options.properties) or own
    induction = Induction((), options.steps, chosen.lifted, options.seconds)
    with Solvers(options.workers) as solvers:
        assumed, dropped = _lemmas(chosen, options, induction, solvers, progress)
        names = [name for name in provable(model) if name in {*wanted, *assumed}]
        asked = obligations(model, names, options.steps)
        induction = replace(induction, assumed=assumed)
        outcomes = prove(chosen.models, asked, induction, solvers, progress)
    known = _look_up(chosen.bounded, outcomes, options.search)
    return Proof(
        spec=loaded.name,
        model=model,
        smaller=chosen.models[0],
        defaults=chosen.bounded[0].defaults,
        lifted=tuple(name for name in model.scope if name in chosen.lifted),
        fixed=chosen.fixed,
        steps=options.steps,
        assumed=assumed,
        dropped=dropped,
        rows=tuple(_row(model, name, name not in wanted, outcomes, known) for name in names),
        seconds=time.perf_counter() - started,
    )


def _choose(
    loaded: LoadedSpec, settings: Mapping[str, str], scope: Mapping[str, int], options: Options
) -> _Chosen:
    """The models to ask, and the bounds to lift: all that the spec does not itself depend on."""
    first = prepare(loaded, settings, scope)
    names = bounds_of(loaded, settings, first.model)
    for name in options.lift:
        if name not in (*names, ALL, NONE, POSITIVE):
            help = did_you_mean(name, names, "bounds that can be lifted")
            raise SpecError("S003", f"{name} cannot be lifted", help=help)
    lift = frozenset(names if ALL in options.lift else options.lift) - {NONE, POSITIVE}
    if POSITIVE in options.lift:
        lift |= {name for name in names if first.model.scope[name] > 0}
    if not lift:
        return _Chosen((first,), lift, ())
    wanted = tuple(name for name in names if name in lift)
    fixed = not_uniform(loaded, settings, first.model, wanted)
    if fixed and not {ALL, POSITIVE} & set(options.lift):
        message = f"{fixed[0]} cannot be lifted: the spec depends on it beyond its domains"
        raise SpecError("S003", message, help=f"leave it out of --lift: {', '.join(fixed)}")
    lift -= set(fixed)
    # Faults that may never happen in the given scope may happen once in the larger one: its model
    # has all the actions that there are.
    return _Chosen((first, larger(loaded, settings, first.model, lift, 1)), lift, fixed)


def _properties(model: Model, names: Sequence[str]) -> tuple[str, ...]:
    known = provable(model)
    for name in names:
        if name not in known:
            help = did_you_mean(name, known, f"properties of {model.name} that can be proved")
            raise SpecError("S037", f"{name} cannot be proved by induction", help=help)
    return tuple(names)


def _lemmas(
    chosen: _Chosen,
    options: Options,
    induction: Induction,
    solvers: Solvers,
    progress: Progress | None,
) -> tuple[tuple[str, ...], Mapping[str, Obligation]]:
    """What may be assumed of states before a step: what was named, or all that is inductive."""
    model = chosen.models[-1]
    invariants = tuple(p.name for p in model.properties if p.kind is PropertyKind.INVARIANT)
    for name in options.lemmas:
        if name not in (*invariants, ALL):
            help = did_you_mean(name, invariants, f"invariants of {model.name}")
            raise SpecError("S037", f"{name} is no invariant to assume", help=help)
    if ALL not in options.lemmas:
        return tuple(dict.fromkeys(options.lemmas)), {}
    pruned = largest_inductive(chosen.models, invariants, induction, solvers, progress)
    return pruned.kept, {name: broken for name, (broken, _) in pruned.dropped.items()}


def _look_up(
    bounded: Sequence[Prepared], outcomes: Mapping[Obligation, Outcome], limits: Limits
) -> Lookup:
    labels: dict[Obligation, Label] = {}
    violated: dict[str, Trace] = {}
    for prepared in bounded:
        own = {
            obligation: outcome
            for obligation, outcome in outcomes.items()
            if isinstance(outcome, Counterexample) and outcome.scope == prepared.model.scope
        }
        found = look_up(prepared, own, limits)
        labels |= found.labels
        violated = {**found.violated, **violated}
    return Lookup(labels, violated)


def _row(
    model: Model,
    name: str,
    is_lemma: bool,
    outcomes: Mapping[Obligation, Outcome],
    known: Lookup,
) -> Row:
    kinds = {judged.name: judged.kind for judged in model.properties}
    own = [obligation for obligation in outcomes if obligation.property == name]
    return Row(
        name=name,
        kind=kinds.get(name),
        is_lemma=is_lemma,
        outcomes={obligation.action: outcomes[obligation] for obligation in own},
        labels={key.action: known.labels[key] for key in own if key in known.labels},
        violated=known.violated.get(name),
    )
