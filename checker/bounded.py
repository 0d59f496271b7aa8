"""`check --engine z3`: a second opinion. Paths of up to so many steps, by a solver, within scope.

It finds what the search finds, on traces as short, and never says that anything holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import z3

from checker.check import property_verdict
from checker.given import NOTHING, Given
from checker.initial import Limits, refuse_mistakes, start_from
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec
from checker.prepare import Prepared, prepare
from checker.result import PropertyResult, Result, Seconds, Solver
from checker.symbolic.bounded import SEED, Found, Relation, Target
from checker.symbolic.deepening import Bounds, Deepened, End, Progress, deepen
from checker.symbolic.errors import CannotEncode
from checker.trace import Ending, Trace, start_of
from checker.verdict import Bounded, Partial, Undefined
from counterexamples.replay import Path, replay

MEGABYTES: Final = 3_000
"""What the solver may use, if nobody says otherwise."""

SECONDS: Final = 300.0
"""How long it may take, if nobody says otherwise: a solver may need for ever."""


@dataclass(frozen=True, slots=True)
class Options:
    """How far to go. `properties` are all of them if none is named; `memory` is in bytes.

    `given` is where to start, if not where the spec says: from any such state.
    """

    depth: int
    properties: tuple[str, ...] = ()
    go_on: bool = False
    seconds: float | None = None
    memory: int | None = None
    given: Given = NOTHING


def check_bounded(
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    options: Options,
    progress: Progress | None = None,
) -> Result:
    """Ask a solver for paths to whatever may be the matter, short ones first.

    Raises `SpecError` for a mistake in the spec or in what was chosen, `SolverDisagrees` or
    `ReplayDisagrees` if what a solver says is not confirmed.
    """
    started = time.perf_counter()
    deadline = started + (SECONDS if options.seconds is None else options.seconds)
    prepared = prepare(loaded, settings, scope, options.properties)
    if options.given != NOTHING:
        prepared = start_from(prepared, loaded, settings, scope, options.given)
    left = max(0.0, deadline - time.perf_counter())
    unsolved = refuse_mistakes(prepared, Limits(seconds=left))
    if unsolved is not None:
        deepened = Deepened({}, None, End(unsolved.stop), unsolved.reason)
        spent = time.perf_counter() - started
        return _result(prepared, options, deepened, Seconds(spent, 0.0, spent))
    deepened = Deepened({}, None, End.TIMEOUT)
    encoded = started
    try:
        relation = Relation(prepared.model, prepared.semantics.initial(), _until(deadline))
    except _OutOfTime:
        encoded = time.perf_counter()
    except CannotEncode as error:
        help = "--engine explicit needs no formulas"
        raise SpecError("S038", f"no formulas for the solver: {error}", help=help) from None
    else:
        encoded = time.perf_counter()
        megabytes = MEGABYTES if options.memory is None else max(1, options.memory // 10**6)
        bounds = Bounds(options.depth, deadline, megabytes)
        deepened = deepen(relation, bounds, options.go_on, progress)
    ended = time.perf_counter()
    seconds = Seconds(encoded - started, ended - encoded, ended - started)
    return _result(prepared, options, deepened, seconds)


class _OutOfTime(Exception):
    """The time was up before the solver was asked anything."""


def _until(deadline: float) -> Callable[[], None]:
    """What raises once the time is up."""

    def check() -> None:
        if time.perf_counter() > deadline:
            raise _OutOfTime

    return check


def _trace(prepared: Prepared, target: Target, found: Found) -> Trace:
    path = Path(
        ending=Ending(target.matter.value),
        property=target.judged,
        states=found.states,
        steps=found.steps,
        seen=lambda state: state,
    )
    return replay(prepared.name, prepared.model, prepared.semantics, path)


def _result(prepared: Prepared, options: Options, deepened: Deepened, seconds: Seconds) -> Result:
    model, level = prepared.model, deepened.level
    traces = [_trace(prepared, target, found) for target, found in deepened.found.items()]
    undefined_step = next((t for t in traces if t.ending is Ending.UNDEFINED_STEP), None)
    # Where not even the initial state was judged, nothing was found in no state at all.
    search = Partial(0, 0, deepened.end.value) if level is None else Bounded(level)
    return Result(
        spec=prepared.name,
        settings=model.settings,
        defaults=prepared.defaults,
        scope=model.scope,
        engine="z3",
        complete=False,
        stop=deepened.end.value,
        states=0,
        generated=0,
        level=level or 0,
        seconds=seconds,
        peak_memory=None,
        actions={},
        cut={},
        dropped_variables=(),
        dropped_actions=(),
        without_budget=prepared.without_budget,
        properties=tuple(
            PropertyResult(judged.name, judged.kind, property_verdict(judged, traces, search))
            for judged in model.properties
        ),
        undefined_step=None if undefined_step is None else Undefined(undefined_step),
        start=start_of(model),
        solver=Solver("z3", z3.get_version_string(), SEED, options.depth, deepened.reason),
    )
