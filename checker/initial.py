"""The states that a run starts from: one, or all that satisfy what a spec or a user assumes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from checker.given import Given, conditions
from checker.ir.expr import postorder
from checker.ir.model import Clause, Init, Model, Property, PropertyKind
from checker.ir.ops import Op
from checker.ir.values import State, show
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec, with_lemmas
from checker.lang.suggest import did_you_mean
from checker.prepare import Prepared, prepare
from checker.symbolic.errors import CannotEncode
from checker.symbolic.found import (
    Bounds,
    Found,
    NoSolution,
    NoValue,
    Progress,
    Solutions,
    TooMany,
    Unfinished,
)

MOST: Final = 100_000
"""So many initial states are searched from, if nobody says otherwise."""

SECONDS: Final = 300.0
"""How long a solver may look for them, if nobody says otherwise."""

MEGABYTES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many initial states there may be, and how long to look for them."""

    most: int = MOST
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Unsolved:
    """Not all initial states are known. `stop` is why, in a word; `reason` says what to do."""

    stop: str
    reason: str


LIMITS: Final = Limits()


def start_from(
    prepared: Prepared,
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    given: Given,
) -> Prepared:
    """The same spec, started from where a user says.

    What a file names has the value that it says, or an unknown one. What it does not name begins
    as the spec says; if invariants are assumed, it is unknown, and they decide. Raises
    `SpecError` and `GivenStateError`.
    """
    model = prepared.model
    whole = prepare(with_lemmas(loaded), settings, scope)
    hidden = {action.budget for action in whole.model.actions}
    declared = {v.name: v for v in model.variables if v.name not in _counters(hidden)}
    known = conditions(declared, given)
    own = Init("", (), ()) if model.init is None else model.init
    unknown = {*own.unknown, *(declared if given.assumed else given.values)}
    init = Init(
        name=own.name,
        unknown=tuple(v.name for v in model.variables if v.name in unknown),
        clauses=(*known, *own.clauses),
        assumed=_assumed(whole.model, given.assumed),
        file=given.file,
    )
    return replace(prepared, model=replace(model, init=init), semantics=whole.semantics)


def _counters(budgets: set[str | None]) -> set[str]:
    return {f"budget.{name}" for name in budgets if name is not None}


def _assumed(model: Model, names: tuple[str, ...]) -> tuple[Property, ...]:
    invariants = {p.name: p for p in model.properties if p.kind is PropertyKind.INVARIANT}
    for name in names:
        if name not in invariants:
            help = did_you_mean(name, invariants, f"invariants of {model.name}")
            raise SpecError("S037", f"{name} is no invariant to assume", help=help)
    return tuple(invariants[name] for name in dict.fromkeys(names))


def initial_states(
    prepared: Prepared, limits: Limits = LIMITS, progress: Progress | None = None
) -> tuple[State, ...] | Unsolved:
    """Every initial state, in the order of their values.

    Raises `SpecError` if there is none, or if an assumption has no value in some state.
    """
    if prepared.model.init is None:
        return (prepared.semantics.initial(),)
    found = _found(prepared.model, limits, progress)
    match found:
        case Solutions(states):
            return states
        case TooMany(most):
            help = "raise --max-initial, or leave less unknown"
            return Unsolved("initial states", f"there are more than {most:,}: {help}")
        case Unfinished(count, reason):
            return _unfinished(count, reason)
        case _:
            raise _mistake(prepared.model, found)


def refuse_mistakes(prepared: Prepared, limits: Limits = LIMITS) -> Unsolved | None:
    """Raise `SpecError` as `initial_states` does, without looking for all of them."""
    if prepared.model.init is None:
        return None
    match _found(prepared.model, replace(limits, most=0), None):
        case NoSolution() | NoValue() as found:
            raise _mistake(prepared.model, found)
        case Unfinished(count, reason):
            return _unfinished(count, reason)
        case _:
            return None


def _found(model: Model, limits: Limits, progress: Progress | None) -> Found:
    # The solver takes a third of the start-up of a check, and few specs need it.
    from checker.symbolic.initial import find_initial_states

    deadline = time.perf_counter() + limits.seconds
    try:
        return find_initial_states(model, Bounds(limits.most, deadline, MEGABYTES), progress)
    except CannotEncode as error:
        help = "give what is too large a value, with --from FILE, or a smaller --scope"
        raise SpecError("S038", f"no formula for the initial states: {error}", help=help) from None


def _unfinished(count: int, reason: str) -> Unsolved:
    found = f"{count:,} had been found"
    if reason == "timeout":
        return Unsolved("timeout", f"{found} when the time was up")
    stop = "memory" if "memory" in reason else "solver"
    return Unsolved(stop, f"{found} when the solver gave up: {reason}")


def _mistake(model: Model, found: NoSolution | NoValue) -> SpecError:
    """What is wrong with what is assumed, and where."""
    init = model.init
    assert init is not None
    if isinstance(found, NoValue):
        pairs = zip(model.variables, found.state, strict=True)
        state = ", ".join(f"{v.name} = {show(v.type, value)}" for v, value in pairs)
        message = f"an assumption has no value: {found.message}"
        return SpecError("S029", message, found.span, f"assume before what it needs; where {state}")
    clauses = [init.clauses[number] for number in found.clauses]
    names = [*dict.fromkeys(map(_named, clauses)), *(f"--assume {name}" for name in found.assumed)]
    span = next((clause.span for clause in clauses if clause.span.line), None)
    message = "there is no initial state: no state satisfies all that is assumed"
    return SpecError("S039", message, span, f"these exclude each other: {', '.join(names)}")


def _named(clause: Clause) -> str:
    """Where something is assumed: a line of the spec, or a variable of a file."""
    if clause.span.line:
        return str(clause.span)
    reads = (part for part in postorder((clause.expr,)) if part.op is Op.VARIABLE)
    return f"{next(reads).data} in {clause.span.file}"
