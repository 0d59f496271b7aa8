"""The benchmark's own arithmetic, and a peer that is built and run where there is a compiler."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.measure import Run, run
from benchmarks.scopes import FULL, HUGE, QUICK, SMALL
from benchmarks.table import Row, Sample, references, render
from benchmarks.tools import (
    RUMUR,
    RUMUR_SYMMETRY,
    SPIN_BREADTH,
    SPIN_DEPTH,
    TLC,
    TLC_JAR,
    TOOLS,
    WARM,
    Answer,
    C,
)


def said(output: str) -> Run:
    return Run(exit=0, output=output, errors="", seconds=2.0, peak_memory=1_000_000)


def row(tool: object, command: float, search: float | None = None) -> Row:
    found = [known for known in TOOLS if known is tool]
    return Row(found[0], [Sample(Answer(10, 20, search), command, 1_000_000)])


def spin(transitions: str) -> Run:
    return said(
        "State-vector 28 byte, depth reached 70, errors: 0\n 64739578 states, stored\n"
        f"{transitions} transitions (= stored+matched)\npan: elapsed time 79.5 seconds\n"
    )


def test_spin_is_read_as_well_as_it_prints() -> None:
    assert SPIN_DEPTH.read(spin("11444788")) == Answer(64_739_578, 11_444_787, 79.5)
    large = SPIN_DEPTH.read(spin("1.8283652e+08")).generated
    assert abs(large - 182_836_518) <= 5


def test_tlc_is_read() -> None:
    told = "{}\n1929154 states generated, 737794 distinct states found, {} states left on queue.\n"
    done = said(told.format("Model checking completed. No error has been found.", 0))
    assert TLC.read(done) == Answer(737_794, 1_929_153, None)
    for stopped in (told.format("Error: Invariant strong_isr is violated.", 7), "No error found"):
        with pytest.raises(RuntimeError):
            TLC.read(said(stopped))


def test_why_tlc_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: program)
    monkeypatch.delenv(TLC_JAR, raising=False)
    assert TLC.obstacle(SMALL) == "not measured: SPLITBRAIN_TLC_JAR is not set"
    monkeypatch.setenv(TLC_JAR, "tla2tools.jar")
    assert TLC.obstacle(SMALL) is None
    assert "hours" in (TLC.obstacle(HUGE) or "")


def test_what_tlc_gets_is_what_the_others_search(tmp_path: Path) -> None:
    TLC.prepare(SMALL, tmp_path)
    assert "with Replica=2 LogSize=2 Record=2 Epoch=2." in (tmp_path / "Kip320.tla").read_text()
    config = (tmp_path / "Kip320.cfg").read_text().split()
    assert config[config.index("INVARIANTS") :] == ["INVARIANTS", "strong_isr"]


def test_a_peer_that_found_an_error_is_no_answer() -> None:
    with pytest.raises(RuntimeError):
        SPIN_BREADTH.read(said("errors: 1"))
    with pytest.raises(RuntimeError):
        RUMUR.read(said("assertion violated"))


def test_tables_are_large_enough() -> None:
    for scope in {*FULL, *QUICK}:
        assert scope.states <= (1 << scope.table_bits) * 3 // 4
        assert scope.table_bits == 10 or scope.states > (1 << scope.table_bits - 1) * 3 // 4


def test_ratios_are_above_one_for_the_faster() -> None:
    rows = [row(WARM, 5.0, 4.0), row(C, 10.0, 12.0), row(SPIN_DEPTH, 30.0, 30.0)]
    ours = render(rows).splitlines()[2].split("|")
    assert [cell.strip() for cell in ours[-5:-1]] == ["2.00", "3.00", "6.00", "7.50"]


def test_spin_is_the_faster_of_its_two_orders() -> None:
    rows = [row(SPIN_DEPTH, 3.0), row(SPIN_BREADTH, 2.0)]
    assert references(rows) == (None, rows[1])


def test_another_job_is_not_compared() -> None:
    cells = render([row(C, 1.0), row(RUMUR_SYMMETRY, 1.0)]).splitlines()[3].split("|")
    assert "another job" in cells[1]
    assert not any(cell.strip() for cell in cells[-5:-1])


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_the_c_peer_finds_the_states(tmp_path: Path) -> None:
    C.prepare(SMALL, tmp_path)
    done = run(C.command(SMALL, tmp_path), tmp_path)
    assert done.exit == 0
    assert C.read(done).states == SMALL.states
    assert done.seconds > 0
    assert done.peak_memory > 1_000_000


def test_the_models_for_three_replicas_are_not_used_for_two() -> None:
    assert SPIN_DEPTH.obstacle(SMALL) is not None
    assert HUGE.replicas == 3
