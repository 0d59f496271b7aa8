"""How a search stops, and that nothing but the model decides what it says."""

import os
import signal
from dataclasses import replace

import pytest

from checker.explicit import engine as engine_module
from checker.explicit import search as search_module
from checker.explicit.layout import layout
from checker.explicit.outcome import FindingKind, Limits, Outcome, Progress, Stop
from checker.explicit.search import explore
from checker.ground.ground import ground
from checker.ground.model import GroundModel
from checker.ir.model import Model
from checker.ir.values import State
from checker.lang.declare import declare
from checker.lang.load import load
from checker.lang.lower import lower
from checker.semantics.step import initial_state, successors
from tests.native import native

SCOPE = {"Replica": 2, "LogSize": 2, "Record": 2, "Epoch": 2}
STATES = 10_131


def model_of(name: str, scope: dict[str, int] | None = None) -> Model:
    loaded = load(name)
    return lower(declare(loaded.spec, scope, None, loaded.modules))


Problem = tuple[GroundModel, list[State]]


@pytest.fixture(scope="module")
def problem() -> Problem:
    model = model_of("published.truncate_to_high_watermark", SCOPE)
    return ground(model, ["weak_isr", "strong_isr"]), [initial_state(model)]


def counts(outcome: Outcome) -> Outcome:
    """All that must be the same in each run."""
    return replace(outcome, compile_seconds=0, search_seconds=0, peak_memory=0, from_cache=False)


def test_a_search_is_complete_if_nothing_stops_it(problem: Problem) -> None:
    outcome = explore(*problem, stop_at_finding=False)
    assert (outcome.complete, outcome.stop, outcome.states) == (True, None, STATES)
    assert sum(outcome.fired) == outcome.generated
    assert sum(outcome.new) == outcome.states - 1


def test_a_finding_stops_it_at_the_end_of_its_level(problem: Problem) -> None:
    outcome = explore(*problem)
    assert (outcome.complete, outcome.stop) == (False, Stop.FINDING)
    (found,) = outcome.findings
    assert (found.kind, found.property, len(found.steps)) == (FindingKind.VIOLATED, "weak_isr", 8)
    assert outcome.level == 8
    assert outcome.states < STATES


@pytest.mark.parametrize("stop_at_finding", [True, False])
@pytest.mark.parametrize(("states", "successors"), [(1, 1), (7, 100), (1000, 64)])
def test_chunks_do_not_change_the_answer(
    problem: Problem,
    states: int,
    successors: int,
    stop_at_finding: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = counts(explore(*problem, stop_at_finding=stop_at_finding))
    monkeypatch.setattr(search_module, "CHUNK_STATES", states)
    monkeypatch.setattr(engine_module, "CHUNK_SUCCESSORS", successors)
    assert counts(explore(*problem, stop_at_finding=stop_at_finding)) == expected


@pytest.mark.parametrize(("states", "successors"), [(7, 100), (8192, 16384)])
@pytest.mark.parametrize("name", ["controller_fencing_kraft", "quorum_election"])
def test_folding_does_not_change_the_answer(
    name: str,
    states: int,
    successors: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = model_of(name)
    grounded, initial = ground(model), [initial_state(model)]
    assert layout(grounded.cells, fold=True).left > 0
    expected = counts(explore(grounded, initial, stop_at_finding=False, fold=False))
    assert expected.states > 1000
    monkeypatch.setattr(search_module, "CHUNK_STATES", states)
    monkeypatch.setattr(engine_module, "CHUNK_SUCCESSORS", successors)
    assert counts(explore(grounded, initial, stop_at_finding=False, fold=True)) == expected


def test_limit_on_states(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "CHUNK_STATES", 10)
    outcome = explore(*problem, limits=Limits(states=500), stop_at_finding=False)
    assert (outcome.complete, outcome.stop) == (False, Stop.STATES)
    assert 500 <= outcome.states < 600


def test_limit_on_memory(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "CHUNK_STATES", 10)
    limit = 100_000
    outcome = explore(*problem, limits=Limits(memory=limit), stop_at_finding=False)
    assert (outcome.complete, outcome.stop) == (False, Stop.MEMORY)
    assert 0 < outcome.states < STATES
    assert outcome.peak_memory <= limit + 10_000


def test_no_memory_at_all(problem: Problem) -> None:
    outcome = explore(*problem, limits=Limits(memory=1000), stop_at_finding=False)
    assert (outcome.complete, outcome.stop, outcome.states) == (False, Stop.MEMORY, 0)


def test_limit_on_time(problem: Problem) -> None:
    outcome = explore(*problem, limits=Limits(seconds=0.0), stop_at_finding=False)
    assert (outcome.complete, outcome.stop, outcome.states) == (False, Stop.TIMEOUT, 1)


def test_interrupt_gives_a_partial_answer(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "CHUNK_STATES", 10)
    monkeypatch.setattr(search_module, "PROGRESS_SECONDS", 0.0)
    before = signal.getsignal(signal.SIGINT)

    def interrupt(progress: Progress) -> None:
        if progress.states > 300:
            os.kill(os.getpid(), signal.SIGINT)

    outcome = explore(*problem, stop_at_finding=False, progress=interrupt)
    assert (outcome.complete, outcome.stop) == (False, Stop.INTERRUPT)
    assert 300 < outcome.states < STATES
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_interrupt_is_the_programs(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "PROGRESS_SECONDS", 0.0)

    def interrupt(_: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        explore(*problem, progress=interrupt)


def test_progress_grows(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "PROGRESS_SECONDS", 0.0)
    seen: list[Progress] = []
    explore(*problem, stop_at_finding=False, progress=seen.append)
    assert [p.level for p in seen] == sorted(p.level for p in seen)
    assert [p.states for p in seen] == sorted(p.states for p in seen)
    assert seen[-1].level == 19


def test_deadlock_only_if_asked() -> None:
    model = model_of("toys.two_phase_commit")
    grounded, start = ground(model, cone=False), [initial_state(model)]
    kinds = [found.kind for found in explore(grounded, start).findings]
    assert FindingKind.DEADLOCK not in kinds
    found = explore(grounded, start, deadlock=True).findings[-1]
    assert found.kind is FindingKind.DEADLOCK
    assert not list(successors(model, found.states[-1]))


def test_where_the_scope_ends_is_no_deadlock() -> None:
    model = model_of("published.id_sequence")
    outcome = explore(ground(model, cone=False), [initial_state(model)], deadlock=True)
    assert (outcome.complete, outcome.findings, outcome.cut) == (True, (), {"Id": 1})


def test_several_initial_states_are_all_expanded() -> None:
    model = model_of("published.id_sequence")
    outcome = explore(ground(model, cone=False), [(2,), (0,), (2,)])
    assert (outcome.states, outcome.level, sum(outcome.new)) == (5, 2, 3)


def test_a_level_of_many_states_is_one_level() -> None:
    model = model_of("toys.two_phase_commit", {"Manager": 5})
    assert native(model).states == 8832
