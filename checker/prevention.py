"""What would have prevented a trace: the same scope, checked with other settings.

Each setting is given each other value, alone; then the values that did not help alone are tried in
pairs. Settings that leave the machine's text as it is make no difference, and are not searched
again. A remedy is a complete search that finds nothing; what else it does to the spec is said too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations
from typing import TypeAlias

from checker.check import Options, check_prepared
from checker.explicit.emit import emit
from checker.explicit.layout import layout
from checker.explicit.outcome import Limits, Stop
from checker.ground.errors import GroundError
from checker.ground.ground import ground
from checker.ir.model import PropertyKind
from checker.lang.choices import setting_text, setting_values
from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec
from checker.prepare import Prepared, prepare
from checker.result import NO_DEADLOCK, UNDEFINED_STEP, Result
from checker.trace import Ending, Trace
from checker.verdict import Holds, Reached, Undetermined, Unreached, Verdict
from counterexamples.prevention import Changes, Prevention, Remedy, written

Fingerprint: TypeAlias = tuple[object, ...]
"""What is searched, and from where: the same for settings that make no difference."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much to try: states of each search, seconds for all of it, and pairs.

    Whether goals stay within reach is a remark, and may not cost what the answer costs: it is
    sought in fewer states, and with 0 not at all.
    """

    states: int | None = 2_000_000
    seconds: float | None = 60.0
    pairs: int = 200
    goal_states: int = 300_000


class _Answer(Enum):
    HELPS = "helps"
    FAILS = "fails"
    UNDECIDED = "undecided"


def prevention(
    loaded: LoadedSpec, trace: Trace, bounds: Bounds, note: Callable[[str], None]
) -> Prevention:
    """The settings with which a trace that ends in a fault would not be; `note` says what is tried.

    A user's interrupt, or the end of the time, ends the trials; what was found until then stays.
    Raises as `check` does for the settings of the trace itself.
    """
    trials = _Trials(_Runs(loaded, trace, bounds, note))
    try:
        trials.run()
    except _Stopped as stopped:
        trials.stop = str(stopped)
    except KeyboardInterrupt:
        trials.stop = "interrupted"
    return trials.found()


class _Stopped(Exception):
    """There is no more time, or the user has no more patience."""


class _Runs:
    """The spec of a trace, run with some changes until the time is up."""

    def __init__(
        self, loaded: LoadedSpec, trace: Trace, bounds: Bounds, note: Callable[[str], None]
    ) -> None:
        self.loaded, self.trace, self.bounds, self.note = loaded, trace, bounds, note
        self.started = time.perf_counter()

    def choices(self) -> dict[str, list[str]]:
        """Each setting, with all the values that it does not have in the trace.

        What is not as by default comes first: it is most likely what is wrong.
        """
        trace = self.trace
        declaration = declare(self.loaded.spec, trace.scope, trace.settings, self.loaded.modules)
        declared = sorted(declaration.settings, key=lambda one: one.value == one.default)
        return {
            one.name: [
                text
                for text in map(setting_text, setting_values(one.type, one.default))
                if text != setting_text(one.value)
            ]
            for one in declared
        }

    def prepared(self, changes: Changes, properties: Sequence[str] = ()) -> Prepared:
        """The spec with the changes; raises `SpecError` for what it does not allow."""
        self._left()
        self.note(f"fix  {written(changes) or 'as it is'}")
        settings = {**self.trace.settings, **dict(changes)}
        whole = self.trace.ending is Ending.DEADLOCK
        return prepare(self.loaded, settings, self.trace.scope, properties, whole)

    def asked(self, changes: Changes) -> Prepared:
        """The same, with the trace's own property; with all, if it has none."""
        own = self.trace.property
        return self.prepared(changes, () if own is None else (own,))

    def fingerprint(self, prepared: Prepared) -> Fingerprint:
        """What would be searched; a deadlock depends on every step."""
        is_deadlock = self.trace.ending is Ending.DEADLOCK
        return _fingerprint(prepared, bool(prepared.model.properties) and not is_deadlock)

    def answer(self, prepared: Prepared) -> tuple[_Answer, Result]:
        """Whether the fault of the trace is gone."""
        has_own = self.trace.property is not None
        is_deadlock = self.trace.ending is Ending.DEADLOCK
        result = self.check(prepared, Options(go_on=not has_own, deadlock=is_deadlock))
        return _answer(self.trace, result), result

    def check(self, prepared: Prepared, options: Options, most: int | None = None) -> Result:
        """A search of at most so many states; raises `_Stopped` if it did not come so far."""
        states = min((n for n in (self.bounds.states, most) if n is not None), default=None)
        limits = Limits(states=states, seconds=self._left())
        result = check_prepared(prepared, replace(options, limits=limits))
        if result.stop == Stop.INTERRUPT.value:
            raise _Stopped("interrupted")
        if result.stop == Stop.TIMEOUT.value:
            raise _Stopped(self._too_long())
        return result

    def _left(self) -> float | None:
        if self.bounds.seconds is None:
            return None
        left = self.bounds.seconds - (time.perf_counter() - self.started)
        if left <= 0:
            raise _Stopped(self._too_long())
        return left

    def _too_long(self) -> str:
        return f"stopped after {self.bounds.seconds:g} s"


def _answer(trace: Trace, result: Result) -> _Answer:
    label = trace.property or (NO_DEADLOCK if trace.ending is Ending.DEADLOCK else UNDEFINED_STEP)
    verdict = dict(result.verdicts).get(label)
    if isinstance(verdict, Holds):
        return _Answer.HELPS
    # What is not named among the verdicts is an undefined step that there is not; a goal that is
    # reached had no value somewhere.
    is_gone = verdict is None or isinstance(verdict, Reached)
    if result.undefined_step is not None or not (is_gone or isinstance(verdict, Undetermined)):
        return _Answer.FAILS
    return _Answer.HELPS if is_gone and result.complete else _Answer.UNDECIDED


class _Trials:
    """Where the trials stand."""

    def __init__(self, runs: _Runs) -> None:
        self.runs = runs
        self.stop: str | None = None
        self._known: dict[Fingerprint, tuple[_Answer, Result]] = {}
        self._remedies: dict[Changes, Remedy] = {}
        self._failing: list[Changes] = []
        self._undecided: list[Changes] = []
        self._without_effect: list[str] = []
        self._untried = 0

    def run(self) -> None:
        """First alone, then in pairs; a value that helps alone needs no other."""
        choices = self.runs.choices()
        self._untried = sum(map(len, choices.values()))
        base = self.runs.fingerprint(self.runs.asked(()))
        for name, values in choices.items():
            effects = [self._try(((name, value),), base) for value in values]
            if not any(effects):
                self._without_effect.append(name)
        pairs = list(_pairs(self._failing))
        self._untried = len(pairs)
        self._look_at_goals()
        for pair in pairs[: self.runs.bounds.pairs]:
            self._try(pair, base)
        self._look_at_goals()
        if self._untried:
            self.stop = f"stopped after {self.runs.bounds.pairs:,} pairs"

    def found(self) -> Prevention:
        """All that is known so far."""
        return Prevention(
            remedies=tuple(self._remedies.values()),
            tried=len(self._remedies) + len(self._failing),
            undecided=tuple(self._undecided),
            untried=self._untried,
            stop=self.stop,
            without_effect=tuple(self._without_effect),
        )

    def _try(self, changes: Changes, base: Fingerprint) -> bool:
        """Note what the changes do; whether they have an effect at all."""
        try:
            prepared = self.runs.asked(changes)
            fingerprint = self.runs.fingerprint(prepared)
            if fingerprint != base and fingerprint not in self._known:
                self._known[fingerprint] = self.runs.answer(prepared)
        except SpecError:
            self._undecided.append(changes)
            self._untried -= 1
            return True
        self._untried -= 1
        if fingerprint == base:
            return False
        answer, result = self._known[fingerprint]
        match answer:
            case _Answer.HELPS:
                self._remedies[changes] = _remedy(self.runs.trace, changes, result)
            case _Answer.FAILS:
                self._failing.append(changes)
            case _Answer.UNDECIDED:
                self._undecided.append(changes)
        return True

    def _look_at_goals(self) -> None:
        """Judge the goals with each new remedy, if they are reached without it."""
        waiting = [one for one in self._remedies.values() if not one.has_goals_judged]
        if not waiting or not self.runs.bounds.goal_states:
            return
        properties = self.runs.prepared(()).model.properties
        goals = [judged.name for judged in properties if judged.kind is PropertyKind.REACHABLE]
        before = self._verdicts((), goals)
        reached = [goal for goal in goals if isinstance(before[goal], Reached)]
        for remedy in waiting:
            then = self._verdicts(remedy.changes, reached)
            self._remedies[remedy.changes] = replace(
                remedy,
                lost=tuple(goal for goal in reached if isinstance(then[goal], Unreached)),
                has_goals_judged=not any(isinstance(then[g], Undetermined) for g in reached),
            )

    def _verdicts(self, changes: Changes, goals: Sequence[str]) -> Mapping[str, Verdict]:
        if not goals:
            return {}
        prepared = self.runs.prepared(changes, goals)
        return dict(self.runs.check(prepared, Options(), self.runs.bounds.goal_states).verdicts)


def _fingerprint(prepared: Prepared, cone: bool) -> Fingerprint:
    """What would be searched; raises `SpecError` for what cannot be."""
    model = prepared.model
    try:
        grounded = ground(model, None, cone)
    except GroundError as error:
        raise SpecError("S038", error.message, error.span, error.help) from None
    start = grounded.codec.to_cells(prepared.semantics.initial())
    return emit(grounded, layout(grounded.cells)), start, model.init


def _remedy(trace: Trace, changes: Changes, result: Result) -> Remedy:
    taken = dict.fromkeys(step.action for step in trace.steps)
    idle = tuple(action for action in taken if action in result.never_fired)
    return Remedy(changes, result.states, idle, lost=(), has_goals_judged=False)


def _pairs(alone: Sequence[Changes]) -> Iterator[Changes]:
    """Two values each, of different settings."""
    for one, other in combinations(alone, 2):
        if one[0][0] != other[0][0]:
            yield (*one, *other)
