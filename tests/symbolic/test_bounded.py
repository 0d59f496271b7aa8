"""A solver's bounded search finds what a search of all states finds, on traces as short."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import z3

from checker.bounded import Options, check_bounded
from checker.check import Options as SearchOptions
from checker.check import check
from checker.explicit.search import explore as explore_fast
from checker.ground.ground import ground
from checker.ir.model import Model
from checker.lang.declare import declare
from checker.lang.load import catalogue, load
from checker.lang.lower import lower
from checker.paths import path_of
from checker.prepare import prepare
from checker.result import UNDEFINED_STEP, Result
from checker.semantics.reference import explore
from checker.semantics.step import initial_state
from checker.symbolic import deepening
from checker.symbolic.bounded import Matter, Relation, Target
from checker.symbolic.deepening import Bounds, Deepened, End, deepen
from checker.symbolic.errors import SolverDisagrees
from checker.symbolic.query import Answer, GaveUp, Possible
from checker.symbolic.unrolling import Ask, Longer
from checker.trace import Trace
from checker.verdict import Bounded, Partial, Undetermined, name_of, trace_of
from counterexamples.file import read
from counterexamples.museum_cases import Entry, Shown, entries
from counterexamples.replay import replay
from tests.random_models import lively_model
from tests.test_conformance import SMALL

MEGABYTES = 2_000


def model_of(name: str, **scope: int) -> Model:
    loaded = load(name)
    return lower(declare(loaded.spec, scope, None, loaded.modules))


def relation_of(model: Model) -> Relation:
    return Relation(model, initial_state(model), lambda: None)


def deepened(model: Model, depth: int, go_on: bool = True, **more: Any) -> Deepened:
    bounds = Bounds(depth, time.perf_counter() + 120, MEGABYTES)
    return deepen(relation_of(model), bounds, go_on, **more)


# The same findings, the same traces as the reference search.


def assert_same_findings(model: Model, found: Deepened) -> None:
    explored = explore(model, stop_at_finding=False)
    expected = {(each.kind, each.property): each for each in explored.findings}
    ours = {(target.matter.value, target.judged): path for target, path in found.found.items()}
    assert set(ours) == set(expected)
    for key, path in ours.items():
        assert len(path.steps) == len(expected[key].steps), key
        assert (path.states, path.steps) == (expected[key].states, expected[key].steps), key


@pytest.mark.parametrize("seed", range(8))
def test_random_models_have_the_same_findings(seed: int) -> None:
    model = lively_model(seed)
    diameter = explore(model, stop_at_finding=False).diameter
    assert_same_findings(model, deepened(model, diameter + 1))


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(8, 108))
def test_more_random_models_have_the_same_findings(seed: int) -> None:
    test_random_models_have_the_same_findings(seed)


def results(name: str, depth: int) -> tuple[Result, Result]:
    """What both engines say of a spec in a small scope, where neither stops at a finding."""
    scope = SMALL.get(name, {})
    searched = check(load(name), {}, scope, SearchOptions(go_on=True))
    return searched, check_bounded(load(name), {}, scope, Options(depth, go_on=True))


def first_traces(name: str) -> dict[str, Trace]:
    """What the search comes to first, before it looks for a simpler trace as short."""
    prepared = prepare(load(name), {}, SMALL.get(name, {}))
    grounded = ground(prepared.model, None, True)
    outcome = explore_fast(grounded, [prepared.semantics.initial()], stop_at_finding=False)
    paths = (path_of(grounded, finding) for finding in outcome.findings)
    traces = [replay(name, prepared.model, prepared.semantics, path) for path in paths]
    return {trace.property or UNDEFINED_STEP: trace for trace in traces[::-1]}


def assert_same_up_to(searched: Result, ours: Result, first: Mapping[str, Trace]) -> None:
    """What the search found in so few steps, and nothing else."""
    expected, found = dict(searched.verdicts), dict(ours.verdicts)
    for label in expected.keys() | found.keys():
        trace = None if label not in expected else trace_of(expected[label])
        if trace is not None and len(trace.steps) <= ours.level:
            own = trace_of(found[label])
            assert own is not None
            assert name_of(found[label]) == name_of(expected[label])
            assert len(own.steps) == len(trace.steps)
            assert own == first[label]
        else:
            assert found[label] == Undetermined(Bounded(ours.level))


TOYS = {
    "toys.die_hard": 7,
    "toys.peterson": 8,
    "toys.peterson_wrong_turn": 6,
    "toys.token_ring": 8,
    "toys.two_phase_commit": 10,
}
PUBLISHED = {
    "published.async_isr": 4,
    "published.finite_replicated_log": 4,
    "published.id_sequence": 7,
    "published.kip101": 4,
    "published.kip279": 4,
    "published.kip320": 4,
    "published.kip320_first_try": 4,
    "published.truncate_to_high_watermark": 9,
}


def test_no_toy_and_no_published_spec_is_missing() -> None:
    known = {name for name in catalogue() if name.startswith(("toys.", "published."))}
    assert known == {*TOYS, *PUBLISHED}


@pytest.mark.parametrize(("name", "depth"), [*TOYS.items(), *PUBLISHED.items()])
def test_specs_have_the_same_findings(name: str, depth: int) -> None:
    searched, ours = results(name, depth)
    assert_same_up_to(searched, ours, first_traces(name))
    assert ours.exit != 0 or all(trace_of(verdict) for _, verdict in ours.verdicts)


# The museum: the broken sides, with the verdict and the steps of the label.

FAST = (
    "KIP-101", "KIP-631-commit", "N3", "N11", "R34-shutdown", "R39", "R43", "R45", "R45-fencing",
    "R59", "R60", "R61", "R61-tracked", "R62", "R63", "R65", "R66", "R67", "R68-torn", "R69",
)  # fmt: skip
"""Those that take about a second: many kinds of specs, from 2 steps to 11."""

TOO_LONG = (
    "KIP-320-first-try", "KIP-320-first-try-truncation", "N1", "N1-fence", "N1-loss", "N1-next",
    "N2", "N5", "N10", "R2", "R4", "R5", "R7", "R13", "R13-older", "R14", "R18", "R31", "R32",
    "R49", "R52a", "R52b", "R52d", "R71",
)  # fmt: skip
"""Those whose trace the solver did not find within half a minute or a whole one.

All have 11 steps or more. The encoding takes seconds; what is long is to show of each shorter
length that there is no trace, which takes up to four times as long with each step.
"""


def is_broken_found(entry: Entry, seconds: float) -> None:
    """The label's verdict, after as many steps, at the end of a trace like the kept one."""
    side, steps = entry.broken.side, entry.broken.steps
    assert steps is not None
    options = Options(steps + 1, (entry.property_name,), seconds=seconds)
    result = check_bounded(load(side.spec), side.settings, side.scope, options)
    (judged,) = result.properties
    trace = trace_of(judged.verdict)
    assert trace is not None, (result.stop, result.level)
    assert (name_of(judged.verdict), len(trace.steps)) == ("violated", steps)
    assert (result.level, result.stop, result.undefined_step) == (steps, "finding", None)
    kept = read(entry.trace_file)
    # The kept one is the simplest of the shortest; ours is the first, and need not be the same.
    assert (trace.ending, trace.property, trace.states[0], len(trace.steps)) == (
        kept.ending,
        kept.property,
        kept.states[0],
        len(kept.steps),
    )


BROKEN = {e.id: e for e in entries() if e.broken.verdict is Shown.VIOLATED}


def test_museum_entries_are_known() -> None:
    assert {*FAST, *TOO_LONG} <= set(BROKEN)
    assert len({*FAST, *TOO_LONG}) == len(FAST) + len(TOO_LONG)


@pytest.mark.parametrize("id", FAST)
def test_museum(id: str) -> None:
    is_broken_found(BROKEN[id], 60)


@pytest.mark.nightly
@pytest.mark.parametrize("id", sorted(set(BROKEN) - {*FAST, *TOO_LONG}))
def test_more_of_the_museum(id: str) -> None:
    is_broken_found(BROKEN[id], 300)


# Ends.


def test_where_no_path_is_longer_the_search_ends_and_determines_nothing() -> None:
    result = check_bounded(load("toys.two_phase_commit"), {}, {}, Options(40))
    assert (result.stop, result.level, result.complete) == ("no longer path", 10, False)
    verdicts = {judged.name: judged.verdict for judged in result.properties}
    assert verdicts["consistent"] == Undetermined(Bounded(10))
    assert name_of(verdicts["all_commit"]) == "reached"
    assert result.exit == 3


def test_a_depth_is_kept() -> None:
    assert deepened(model_of("toys.die_hard"), 5).end is End.DEPTH
    assert deepened(model_of("toys.die_hard"), 5).found == {}
    found = deepened(model_of("toys.die_hard"), 6, go_on=False)
    assert (found.end, found.level, len(found.found)) == (End.FINDING, 6, 1)


def processes() -> list[Any]:
    return multiprocessing.active_children()


def test_time_is_kept_and_the_solver_killed() -> None:
    model = model_of("isr")
    relation = relation_of(model)
    started = time.perf_counter()
    found = deepen(relation, Bounds(60, started + 2, MEGABYTES), go_on=True)
    assert found.end is End.TIMEOUT
    assert time.perf_counter() - started < 30
    assert processes() == []


def test_no_time_at_all() -> None:
    result = check_bounded(load("toys.die_hard"), {}, {}, Options(6, seconds=1e-9))
    assert (result.stop, result.level, result.exit) == ("timeout", 0, 3)
    assert result.properties[0].verdict == Undetermined(Partial(0, 0, "timeout"))


def at(steps: int, act: Callable[[], None]) -> Callable[[int], None]:
    def progress(number: int) -> None:
        if number == steps:
            act()

    return progress


def interrupt() -> None:
    raise KeyboardInterrupt


def test_an_interrupt_keeps_what_was_found() -> None:
    model = model_of("toys.die_hard")
    found = deepened(model, 20, progress=at(8, interrupt))
    assert (found.end, found.level) == (End.INTERRUPT, 7)
    assert [len(path.steps) for path in found.found.values()] == [6]
    assert processes() == []


def kill_all() -> None:
    for process in processes():
        process.kill()
        process.join()


def test_a_solver_that_dies_is_no_success() -> None:
    found = deepened(model_of("toys.die_hard"), 6, progress=at(3, kill_all))
    assert (found.end, found.level, found.reason) == (End.SOLVER, 2, deepening.GONE)


def test_a_solver_that_lacks_memory_is_no_success() -> None:
    model = model_of("published.kip320")
    found = deepen(relation_of(model), Bounds(30, time.perf_counter() + 60, 20), go_on=True)
    assert found.end in (End.MEMORY, End.SOLVER)
    assert found.reason is not None
    assert found.level is None or found.level < 30


class Scripted:
    """A connection that says what it was told to, and then nothing more."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def send(self, _: object) -> None:
        pass

    def poll(self, _: float) -> bool:
        return bool(self.answers)

    def recv(self) -> Answer:
        return self.answers.pop(0)


def scripted(*answers: Answer) -> deepening._Solver:
    child = object.__new__(deepening._Solver)
    child._deadline, child._ended = time.perf_counter() + 60, None
    child._connection = Scripted(*answers)  # type: ignore[assignment]
    return child


ASK = Ask("violated x", 0, 0)


def test_the_last_of_two_paths_counts() -> None:
    assert scripted(Possible({"a": 2}), Possible({"a": 1})).ask(ASK) == Possible({"a": 1})


@pytest.mark.parametrize("more", [(), (GaveUp("out of memory"),)])
def test_a_path_is_not_lost_with_the_time_to_improve_it(more: tuple[Answer, ...]) -> None:
    child = scripted(Possible({"a": 2}), *more)
    assert child.ask(ASK) == Possible({"a": 2})
    if not more:
        with pytest.raises(deepening._TimeIsUp):
            child.ask(Longer())


# Everything is confirmed.


def found_in(relation: Relation, matter: Matter, steps: int) -> tuple[Target, Mapping[str, Any]]:
    """A target that is met after so many steps, and the solver's own values for it."""
    (target,) = (t for t in relation.targets if t.matter is matter)
    with deepening._Solver(time.perf_counter() + 60) as child:
        child.tell(relation.problem(MEGABYTES))
        for _ in range(steps):
            child.ask(Longer())
        answer = child.ask(Ask(target.name, steps - target.of_step, steps))
    assert isinstance(answer, Possible)
    return target, answer.values


def test_what_is_not_confirmed_is_an_internal_error() -> None:
    relation = relation_of(model_of("toys.die_hard"))
    target, values = found_in(relation, Matter.VIOLATED, 6)
    relation.found(target, 6, values)
    wrong = 0
    for name, value in values.items():
        changed = {**values, name: (not value) if isinstance(value, bool) else value ^ 1}
        if not name.endswith("@6") or name.startswith("s"):
            with pytest.raises(SolverDisagrees) as raised:
                relation.found(target, 6, changed)
            assert f"z3 {z3.get_version_string()}, seed 0" in str(raised.value)
            assert "toys.die_hard" in str(raised.value) or "DieHard" in str(raised.value)
            wrong += 1
    assert wrong > 12


def test_a_path_to_nothing_is_an_internal_error() -> None:
    relation = relation_of(model_of("toys.die_hard"))
    target, values = found_in(relation, Matter.VIOLATED, 6)
    with pytest.raises(SolverDisagrees, match="it is not, at the end"):
        relation.found(target, 5, values)
    with pytest.raises(SolverDisagrees, match="another initial state"):
        Relation(relation.model, (1, 1), lambda: None).found(target, 6, values)
