"""`check`: spec, scope and settings in; verdicts out, their traces replayed in Python."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

import platformdirs

from checker.explicit.machine_code import ObjectCache
from checker.explicit.outcome import (
    Finding,
    Limits,
    Outcome,
    ProgressCallback,
    Stop,
)
from checker.explicit.search import explore
from checker.given import NOTHING, Given
from checker.ground.errors import GroundError
from checker.ground.ground import ground
from checker.ground.model import Codec, GroundModel
from checker.initial import MOST, SECONDS, Unsolved, initial_states, start_from
from checker.initial import Limits as InitialLimits
from checker.ir.model import Model, Property, PropertyKind
from checker.ir.values import State
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec
from checker.paths import path_of
from checker.prepare import Prepared, prepare
from checker.result import ActionCount, PropertyResult, Result, Seconds
from checker.simplest import MOST_STATES, MOST_STATES_ON_REQUEST, simplest
from checker.symbolic.found import Progress as Solving
from checker.trace import Ending, Trace, start_of
from checker.verdict import (
    Complete,
    Deadlock,
    Holds,
    Partial,
    Reached,
    Search,
    Undefined,
    Undetermined,
    Unreached,
    Verdict,
    Violated,
)
from counterexamples.replay import replay

NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Options:
    """How to search. `properties` are all of them if none is named.

    With `go_on` a finding does not stop the search. With `cone` what the properties do not
    depend on is left out; a deadlock check, or a spec without properties, needs everything.
    With `graph` the result has digests of the states and steps. With `interesting`, of several
    shortest traces one with few different actions is shown. `given` is where to start, if not
    where the spec says; of more than `most_initial` initial states none is searched from.
    """

    properties: tuple[str, ...] = ()
    go_on: bool = False
    deadlock: bool = False
    cone: bool = True
    limits: Limits = NO_LIMITS
    graph: bool = False
    interesting: bool = False
    given: Given = NOTHING
    most_initial: int = MOST


EVERYTHING = Options()


def check(
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    options: Options = EVERYTHING,
    progress: ProgressCallback | None = None,
    solving: Solving | None = None,
) -> Result:
    """Search every reachable state within the scope, or as far as the limits let.

    `solving` is called with how many initial states were found so far, if there may be several.
    Raises `SpecError` for a mistake in the spec or in what was chosen, `GivenStateError` for one in
    a file that says where to start, `ToolError` if the machine does not play along, and
    `ReplayDisagrees` or `SolverDisagrees` if what an engine found is not confirmed.
    """
    started = time.perf_counter()
    prepared = prepare(loaded, settings, scope, options.properties, options.deadlock)
    if options.given != NOTHING:
        prepared = start_from(prepared, loaded, settings, scope, options.given)
    return check_prepared(prepared, options, progress, started, solving)


def check_prepared(
    prepared: Prepared,
    options: Options = EVERYTHING,
    progress: ProgressCallback | None = None,
    started: float | None = None,
    solving: Solving | None = None,
) -> Result:
    """The same for a spec that has been prepared, for the properties of `options`.

    The time counts from `started`, a value of `time.perf_counter()`; else from now.
    """
    try:
        return _checked(prepared, options, progress, started, solving)
    except RecursionError:
        message = "a choice among so many that they are nested deeper than can be compiled"
        help = "make the bounds of its tuples, or the domains of its keys, smaller"
        raise SpecError("S038", message, help=help) from None


def _checked(
    prepared: Prepared,
    options: Options,
    progress: ProgressCallback | None,
    started: float | None,
    solving: Solving | None,
) -> Result:
    began = time.perf_counter() if started is None else started
    clock = _Clock(began, options.limits.seconds)
    try:
        grounded = _grounded(prepared.model, options, clock)
    except _OutOfTime:
        spent = Seconds(compile=clock.spent(), search=0.0, total=clock.spent())
        return _result(prepared, UNGROUNDED, UNSEARCHED, [], options, spent)
    initial = _initial_states(prepared, options, clock, solving)
    if isinstance(initial, Unsolved):
        spent = Seconds(compile=clock.spent(), search=0.0, total=clock.spent())
        result = _result(prepared, UNGROUNDED, UNSEARCHED, [], options, spent)
        return replace(result, stop=initial.stop, unsolved=initial.reason)
    before_engine = clock.spent()
    cache = ObjectCache(FilePath(platformdirs.user_cache_dir("splitbrain")) / "objects")
    outcome = explore(
        grounded,
        initial,
        limits=replace(options.limits, seconds=clock.left()),
        stop_at_finding=not options.go_on,
        deadlock=options.deadlock,
        progress=progress,
        cache=cache,
        digest=options.graph,
    )
    findings = outcome.findings
    if outcome.states <= (MOST_STATES_ON_REQUEST if options.interesting else MOST_STATES):
        findings = simplest(grounded, prepared.model, initial, findings, cache, options.interesting)
    traces = [_trace(prepared, grounded, finding, initial) for finding in findings]
    seconds = Seconds(
        compile=before_engine + outcome.compile_seconds,
        search=outcome.search_seconds,
        total=clock.spent(),
    )
    result = _result(prepared, grounded, outcome, traces, options, seconds)
    return replace(result, initial_states=len(initial))


def _initial_states(
    prepared: Prepared, options: Options, clock: _Clock, solving: Solving | None
) -> tuple[State, ...] | Unsolved:
    left = clock.left()
    seconds = SECONDS if left is None else max(0.0, left)
    return initial_states(prepared, InitialLimits(options.most_initial, seconds), solving)


class _OutOfTime(Exception):
    """The time was up before there was anything to search."""


@dataclass(frozen=True, slots=True)
class _Clock:
    """When a check began, and how many seconds it may take (`None`: any)."""

    started: float
    seconds: float | None

    def spent(self) -> float:
        return time.perf_counter() - self.started

    def left(self) -> float | None:
        return None if self.seconds is None else self.seconds - self.spent()

    def check(self) -> None:
        left = self.left()
        if left is not None and left < 0:
            raise _OutOfTime


def _grounded(model: Model, options: Options, clock: _Clock) -> GroundModel:
    cone = options.cone and not options.deadlock and bool(model.properties)
    try:
        return ground(model, None, cone, clock.check)
    except GroundError as error:
        raise SpecError("S038", error.message, error.span, error.help) from None


UNGROUNDED = GroundModel((), (), (), (), (), (), Codec())
UNSEARCHED = Outcome(
    complete=False,
    stop=Stop.TIMEOUT,
    states=0,
    generated=0,
    level=0,
    fired=(),
    new=(),
    cut={},
    findings=(),
    compile_seconds=0.0,
    search_seconds=0.0,
    peak_memory=0,
    from_cache=False,
)


def _trace(
    prepared: Prepared, grounded: GroundModel, finding: Finding, initial: Sequence[State]
) -> Trace:
    path = path_of(grounded, finding)
    return replay(prepared.name, prepared.model, prepared.semantics, path, initial)


def _result(
    prepared: Prepared,
    grounded: GroundModel,
    outcome: Outcome,
    traces: Sequence[Trace],
    options: Options,
    seconds: Seconds,
) -> Result:
    model = prepared.model
    undefined_step = next((t for t in traces if t.ending is Ending.UNDEFINED_STEP), None)
    search = coverage(outcome, undefined_step is not None)
    return Result(
        spec=prepared.name,
        settings=model.settings,
        defaults=prepared.defaults,
        scope=model.scope,
        engine="explicit",
        complete=outcome.complete,
        stop=None if outcome.stop is None else outcome.stop.value,
        states=outcome.states,
        generated=outcome.generated,
        level=outcome.level,
        seconds=seconds,
        peak_memory=outcome.peak_memory,
        actions=_action_counts(model, grounded, outcome),
        cut=dict(outcome.cut),
        dropped_variables=grounded.dropped_variables,
        dropped_actions=grounded.dropped_actions,
        without_budget=prepared.without_budget,
        properties=tuple(
            PropertyResult(judged.name, judged.kind, property_verdict(judged, traces, search))
            for judged in model.properties
        ),
        deadlock=_deadlock_verdict(traces, search) if options.deadlock else None,
        undefined_step=None if undefined_step is None else Undefined(undefined_step),
        graph=outcome.graph,
        start=start_of(model),
        always_true=_always_true(grounded),
    )


def _always_true(grounded: GroundModel) -> tuple[str, ...]:
    """The invariants that fold to true, wherever they have a value: such a verdict says nothing."""
    return tuple(
        found.name
        for found in grounded.properties
        if found.kind is not PropertyKind.REACHABLE and found.holds.low == 1
    )


def coverage(outcome: Outcome, undefined_step: bool) -> Search:
    """What a search can vouch for: an undefined step hides whatever would come after it."""
    if outcome.complete and not undefined_step:
        return Complete(outcome.states, outcome.level)
    reason = "undefined step" if outcome.stop is None else outcome.stop.value
    return Partial(outcome.states, outcome.level, reason)


def property_verdict(judged: Property, traces: Sequence[Trace], search: Search) -> Verdict:
    """What the traces found show of a property, or else what the search can vouch for."""
    own = [trace for trace in traces if trace.property == judged.name]
    for trace in own:
        if trace.ending is Ending.UNDEFINED_PROPERTY:
            return Undefined(trace)
    for trace in own:
        return Reached(trace) if trace.ending is Ending.REACHED else Violated(trace)
    if not isinstance(search, Complete):
        return Undetermined(search)
    return Unreached(search) if judged.kind is PropertyKind.REACHABLE else Holds(search)


def _deadlock_verdict(traces: Sequence[Trace], search: Search) -> Verdict:
    for trace in traces:
        if trace.ending is Ending.DEADLOCK:
            return Deadlock(trace)
    return Holds(search) if isinstance(search, Complete) else Undetermined(search)


def _action_counts(model: Model, grounded: GroundModel, outcome: Outcome) -> dict[str, ActionCount]:
    """The counts of the ground steps, summed by the action that they are instances of."""
    fired, new = Counter[str](), Counter[str]()
    for step, times, states in zip(grounded.steps, outcome.fired, outcome.new, strict=True):
        fired[step.action] += times
        new[step.action] += states
    return {
        action.name: ActionCount(fired[action.name], new[action.name])
        for action in model.actions
        if action.name not in grounded.dropped_actions
    }
