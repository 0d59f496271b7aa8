"""Explanations of real traces: when they became inevitable, what would have prevented them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from checker.check import Options, check
from checker.explain import explain
from checker.explicit.outcome import Limits
from checker.given import Given
from checker.inevitable import inevitable
from checker.lang.load import LoadedSpec, load
from checker.prepare import prepare
from checker.prevention import Bounds, prevention
from checker.trace import Ending, Start, Trace
from checker.verdict import trace_of
from counterexamples.file import read
from counterexamples.museum_cases import MUSEUM, Entry, entries
from counterexamples.prevention import Changes, Prevention, Remedy, fixes

FOLDER = Path(__file__).parent
QUICK = ("R65", "R67")
"""Entries that take a few seconds, together."""

MOST_STATES = 50_000
"""Of a recorded fix, for the search of all others to be worth the night."""


def nothing(_: str) -> None:
    return


def traced(loaded: LoadedSpec, settings: dict[str, str], options: Options) -> Trace:
    result = check(loaded, settings, {}, options)
    return next(trace for _, verdict in result.verdicts if (trace := trace_of(verdict)))


@pytest.fixture(scope="module")
def house() -> LoadedSpec:
    return load(str(FOLDER / "locks.py"))


@pytest.fixture(scope="module")
def shelf() -> LoadedSpec:
    return load(str(FOLDER / "shelf.py"))


@pytest.fixture(scope="module")
def acks() -> LoadedSpec:
    return load(str(FOLDER / "cli" / "specs" / "acks.py"))


@pytest.fixture(scope="module")
def faults() -> LoadedSpec:
    return load(str(FOLDER / "cli" / "specs" / "faults.py"))


@pytest.fixture(scope="module")
def burglary(house: LoadedSpec) -> Trace:
    return traced(house, {}, Options(properties=("nobody_is_inside",)))


def test_alone_then_in_pairs(house: LoadedSpec, burglary: Trace) -> None:
    """Who moves away is safe, and a goal is lost; a sign that nobody reads does nothing."""
    found = prevention(house, burglary, Bounds(), nothing)
    assert found == Prevention(
        remedies=(
            Remedy((("moved_away", "true"),), 1, ("enter_front",), ("somebody_rings",), True),
            Remedy((("front", "true"), ("back", "true")), 1, ("enter_front",), (), True),
        ),
        tried=4,
        undecided=(),
        untried=0,
        stop=None,
        without_effect=("sign",),
    )


def test_a_step_that_is_a_fault(house: LoadedSpec) -> None:
    trace = traced(house, {"back": "true"}, Options(properties=("nobody_comes_in",)))
    found = prevention(house, trace, Bounds(), nothing)
    assert [remedy.changes for remedy in found.remedies] == [
        (("front", "true"),), (("moved_away", "true"),)
    ]  # fmt: skip
    told = explain(house, trace, Bounds(), nothing)
    assert told is not None
    assert told.fate is not None
    # In the beginning the only way that counts is in: who rings comes no nearer.
    assert [(one.open, one.closed) for one in told.fate.outlooks] == [(0, 1), (0, 0)]


def test_a_setting_may_say_where_a_run_starts(shelf: LoadedSpec) -> None:
    trace = traced(shelf, {}, Options(properties=("never_on_top",)))
    found = prevention(shelf, trace, Bounds(), nothing)
    assert [remedy.changes for remedy in found.remedies] == [(("on_the_floor", "true"),)]
    assert found.without_effect == ("sign", "sleeps")


def test_a_deadlock_depends_on_steps_that_no_property_reads(shelf: LoadedSpec) -> None:
    trace = traced(shelf, {}, Options(properties=("second_half",), deadlock=True))
    found = prevention(shelf, trace, Bounds(), nothing)
    assert [remedy.changes for remedy in found.remedies] == [(("sleeps", "true"),)]
    assert found.without_effect == ("sign",)


def test_a_goal_without_value_is_mended_where_it_is_reached(shelf: LoadedSpec) -> None:
    trace = traced(shelf, {"on_the_floor": "true"}, Options(properties=("second_half",)))
    assert trace.ending is Ending.UNDEFINED_PROPERTY
    found = prevention(shelf, trace, Bounds(), nothing)
    assert [remedy.changes for remedy in found.remedies] == [(("on_the_floor", "false"),)]


def test_who_starts_elsewhere_comes_elsewhere() -> None:
    """From the spec's own start there is always something seen; not so from here."""
    moving = load(f"{FOLDER / 'ground' / 'moving.py'}:Moving")
    given = Given("here.json", {"seen": [], "hour": 2}, ())
    options = Options(properties=("from_the_last",), given=given)
    told = explain(moving, traced(moving, {}, options), Bounds(), nothing)
    assert told is not None
    assert told.fate is not None
    first, _ = told.fate.outlooks
    assert (first.distance, first.closed, first.avoidable) == (1, 1, False)


def test_no_time_is_no_answer(house: LoadedSpec, burglary: Trace) -> None:
    found = prevention(house, burglary, Bounds(seconds=1e-9), nothing)
    assert (found.remedies, found.untried, found.stop) == ((), 4, "stopped after 1e-09 s")
    assert next(iter(fixes(found))) == "no remedy was found among the settings"


def test_few_pairs(house: LoadedSpec, burglary: Trace) -> None:
    found = prevention(house, burglary, Bounds(pairs=0), nothing)
    assert (len(found.remedies), found.untried) == (1, 1)
    assert found.stop == "stopped after 0 pairs"


def test_few_states_decide_nothing(acks: LoadedSpec) -> None:
    trace = traced(acks, {"acks": "one"}, Options(properties=("leader_has_acked_record",)))
    found = prevention(acks, trace, Bounds(states=3), nothing)
    assert (found.remedies, found.undecided) == ((), ((("acks", "all"),),))


def interrupt_at(wanted: str) -> Callable[[str], None]:
    def note(text: str) -> None:
        if text == wanted:
            raise KeyboardInterrupt

    return note


def test_an_interrupt_leaves_what_was_found(house: LoadedSpec, burglary: Trace) -> None:
    found = prevention(house, burglary, Bounds(), interrupt_at("fix  front=true back=true"))
    assert [remedy.changes for remedy in found.remedies] == [(("moved_away", "true"),)]
    assert (found.untried, found.stop) == (1, "interrupted")
    told = explain(house, burglary, Bounds(), interrupt_at("all that can follow"))
    assert told is not None
    assert (told.fate, told.prevention, told.problem) == (None, None, "interrupted")


def test_out_of_memory_loses_nothing_else(house: LoadedSpec, burglary: Trace) -> None:
    def note(text: str) -> None:
        if text.startswith("fix"):
            raise MemoryError

    told = explain(house, burglary, Bounds(), note)
    assert told is not None
    assert told.fate is not None
    assert (told.prevention, str(told.problem)[:13]) == (None, "out of memory")


def test_a_trace_that_the_spec_does_no_more(house: LoadedSpec, burglary: Trace) -> None:
    other = replace(burglary, states=(burglary.states[0], burglary.states[0]))
    told = explain(house, other, Bounds(), nothing)
    assert told is not None
    assert str(told.problem).startswith("the spec has changed: at step 1, ")


def test_where_the_user_said_where_to_start(house: LoadedSpec, burglary: Trace) -> None:
    told = explain(house, replace(burglary, start=Start(None, "here.json", ())), Bounds(), nothing)
    assert told is not None
    assert told.prevention is None
    assert str(told.problem).startswith("fixes are sought for runs that start where the spec says")


def test_a_goal_needs_no_explanation(house: LoadedSpec) -> None:
    trace = traced(house, {}, Options(properties=("somebody_rings",)))
    assert trace.ending is Ending.REACHED
    assert explain(house, trace, Bounds(), nothing) is None


def test_only_what_counts_is_a_way_out(acks: LoadedSpec) -> None:
    """A heartbeat, on which nothing depends, could go on for ever: that avoids nothing."""
    trace = traced(acks, {"acks": "one"}, Options(properties=("leader_has_acked_record",)))
    prepared = prepare(acks, trace.settings, trace.scope, ("leader_has_acked_record",))
    fate = inevitable(prepared, trace, Limits())
    assert [one.distance for one in fate.outlooks] == [4, 3, 2, 1, 0]
    assert [(one.open, one.closed) for one in fate.outlooks[:-1]] == [
        (2, 0),
        (2, 0),
        (3, 0),
        (1, 1),
    ]


def test_recorded_fates() -> None:
    """R5 is lost long before it shows; in R63 nothing but the fault can happen at all."""
    found = {}
    for name in ("R5", "R63"):
        trace = read(MUSEUM / name / "trace.json")
        loaded = load(trace.spec)
        prepared = prepare(loaded, trace.settings, trace.scope, (str(trace.property),))
        found[name] = inevitable(prepared, trace, Limits())
    early, always = found["R5"], found["R63"]
    assert 0 < early.no_return < early.last - 3
    assert early.no_return_beyond == early.last
    assert (always.no_return, always.no_return_beyond) == (0, 0)


def by_one_setting() -> list[Entry]:
    """The entries whose fix is one setting, in the same spec and scope."""
    return [
        entry
        for entry in entries()
        if entry.trace_file.exists()
        and entry.fixed is not None
        and entry.fixed.states is not None
        and entry.fixed.states <= MOST_STATES
        and entry.fixed.side.spec == entry.broken.side.spec
        and entry.fixed.side.settings != entry.broken.side.settings
    ]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(e, id=e.id, marks=[] if e.id in QUICK else pytest.mark.nightly)
        for e in by_one_setting()
    ],
)
def test_the_recorded_fix_is_found(entry: Entry) -> None:
    assert entry.fixed is not None
    trace = read(entry.trace_file)
    loaded = load(trace.spec)
    fixed = prepare(loaded, entry.fixed.side.settings, {}).model.settings
    changes = tuple((name, v) for name, v in fixed.items() if trace.settings[name] != v)
    bounds = Bounds(MOST_STATES, None, pairs=0, goal_states=0)
    found = prevention(loaded, trace, bounds, interrupt_after(changes))
    states = {remedy.changes: remedy.states for remedy in found.remedies}
    assert changes in states
    if dict(trace.scope) == dict(prepare(loaded, {}, entry.fixed.side.scope).model.scope):
        assert states[changes] == entry.fixed.states


def interrupt_after(changes: Changes) -> Callable[[str], None]:
    """Once the values of these settings are tried, others are of no interest."""
    tried = list[str]()

    def note(text: str) -> None:
        name = text.removeprefix("fix  ").partition("=")[0]
        if name not in dict(changes) and set(dict(changes)) & set(tried):
            raise KeyboardInterrupt
        tried.append(name)

    return note
