"""`docs/RUNS.md` says what was measured, and the measured searches still come out the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import measured_runs, planned_runs
from benchmarks.measured_runs import Cost, Measured, Outcome, measure, outcome
from benchmarks.planned_runs import Planned, Section, When
from benchmarks.runs_document import DOCUMENT, document
from checker.lang.load import catalogue

ROOT = Path(__file__).parent.parent
SECTIONS = planned_runs.read()
RUNS = [run for section in SECTIONS for run in section.runs]
KEPT = measured_runs.read()

REPEATED = [
    pytest.param(run, id=run.name, marks=[pytest.mark.nightly] if run.when is When.NIGHT else [])
    for run in RUNS
    if run.when is not When.HAND
]

HELD = Outcome(
    complete=True,
    stopped=None,
    states=10,
    generated=20,
    level=3,
    scope={"Broker": 3, "Restart": 0},
    cut=["Record"],
    holds=2,
    reached=1,
    violated={},
    undetermined=[],
    unreached=[],
)
PLANNED = Planned("isr", When.CHANGE, settings={"acks": "one"}, scope={"Broker": 3})


def result(**changed: Any) -> Mapping[str, Any]:
    """What `splitbrain check --json` prints of a search in which all is well, but for `changed`."""
    properties = [
        {"name": "agree", "kind": "invariant", "verdict": "holds", "steps": None},
        {"name": "led", "kind": "reachable", "verdict": "reached", "steps": 4},
    ]
    counts = {"states": 10, "generated": 20, "level": 3}
    rest = {"complete": True, "stopped": None, "undefined_step": None, "scope": {}, "cut": {}}
    return {"properties": properties, **counts, **rest, **changed}


def page(one: Outcome) -> str:
    sections = [Section("A title", "A text.", [PLANNED])]
    return document(sections, {PLANNED.name: Measured(one, Cost(1.234, 5.6, 1_234))})


# What is kept.


def test_the_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == document(SECTIONS, KEPT), "run python -m benchmarks.runs"


def test_exactly_the_planned_runs_are_kept() -> None:
    assert list(KEPT) == [run.name for run in RUNS]


@pytest.mark.parametrize("run", REPEATED)
def test_a_run_comes_out_as_it_is_kept(run: Planned, tmp_path: Path) -> None:
    assert measure(run, tmp_path).outcome == KEPT[run.name].outcome


def test_every_spec_has_a_row_in_its_default_scope() -> None:
    elsewhere = ("toys.", "published.")
    specs = [name for name in catalogue() if not name.startswith(elsewhere)]
    assert [run.name for run in SECTIONS[0].runs] == specs


def test_default_scopes_took_less_than_ten_seconds_each() -> None:
    slow = [run.name for run in SECTIONS[0].runs if KEPT[run.name].cost.search_seconds >= 10]
    assert not slow


def test_the_readme_says_what_came_out() -> None:
    text = (ROOT / "README.md").read_text("utf-8").replace("\\\n", "")
    found = re.search(r"^```text\nsplitbrain check (.*?)\n(.*?)```", text, re.M | re.S)
    assert found, "the README shows no long run"
    one = KEPT[" ".join(found[1].split())].outcome
    assert one.complete
    counts = f"{one.states:,} states  {one.generated:,} generated  diameter {one.level}  "
    assert found[2].strip().startswith(counts)
    assert found[2].strip().endswith(one.verdict)
    assert "(docs/RUNS.md)" in text


# How it is kept.


def test_a_result_is_read() -> None:
    read = outcome(result(cut={"Record": 7, "Epoch": 0}, scope={"Broker": 3, "Restart": 0}))
    assert read == replace(HELD, holds=1)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    kept = {"isr": Measured(replace(HELD, violated={"agree": 5}), Cost(1.5, 2.5, 30))}
    measured_runs.write(kept, path)
    assert measured_runs.read(path) == kept


def test_a_run_is_measured(tmp_path: Path) -> None:
    one = Planned("toys.two_phase_commit", When.CHANGE, scope={"Manager": 2})
    found = measure(one, tmp_path)
    assert found.outcome.verdict == "holds: 1; goals reached: 1 of 1"
    assert found.outcome.scope == {"Manager": 2}
    assert found.cost.command_seconds > found.cost.search_seconds
    assert found.cost.megabytes > 10


def test_a_run_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no_such_spec: "):
        measure(Planned("no_such_spec", When.CHANGE), tmp_path)


def test_options_are_those_of_the_command() -> None:
    one = Planned(
        "isr",
        When.HAND,
        settings={"acks": "one", "reelection": "reset"},
        scope={"Broker": 3, "Record": 2},
        properties=("acked", "read"),
    )
    assert one.name == (
        "isr --set acks=one --set reelection=reset --scope Broker=3,Record=2"
        " --property acked --property read"
    )


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ('spec = "isr"\nwhen = "change"\nscopes = { Broker = 3 }', r"a run has no \['scopes'\]"),
        ('spec = "isr"\nwhen = "sometimes"', "'sometimes' is not a valid When"),
        ('spec = "isr"\nwhen = "hand"\n[[section.run]]\nspec = "isr"\nwhen = "hand"', "twice"),
    ],
)
def test_mistakes_in_the_plan(tmp_path: Path, run: str, message: str) -> None:
    path = tmp_path / "runs.toml"
    path.write_text(f'[[section]]\ntitle = "A"\ntext = "B"\n[[section.run]]\n{run}\n', "utf-8")
    with pytest.raises(ValueError, match=message):
        planned_runs.read(path)


# What may be said.


def test_a_row() -> None:
    assert page(HELD).endswith(
        "| `isr` | `acks=one` | `Broker=3` | Record | 10 | 20 | 3 | 1.23 | 1,234 "
        "| holds: 2; goals reached: 1 of 1 | change |\n"
    )


def test_a_goal_that_is_not_reached_is_named() -> None:
    one = replace(HELD, unreached=["led"])
    assert one.verdict == "holds: 2; goals reached: 1 of 2 (not led)"


@pytest.mark.parametrize("stopped", ["memory", "timeout", "states", "interrupt", "finding"])
def test_a_run_that_is_incomplete_never_holds(stopped: str) -> None:
    """Whatever else is said of it: not even if it claims that each property holds."""
    text = page(replace(HELD, complete=False, stopped=stopped)).split("## A title")[1]
    assert "holds" not in text
    assert f"undetermined: stopped by {stopped}" in text
    assert "| > 3 |" in text


def test_a_property_without_verdict_never_holds() -> None:
    assert "holds" not in replace(HELD, undetermined=["agree"]).verdict


def test_a_violation_is_named_with_its_steps() -> None:
    one = replace(HELD, complete=False, stopped="finding", violated={"agree": 17})
    assert one.verdict == "violated: agree, 17 steps"


def test_an_undefined_step_is_a_violation() -> None:
    step = {"action": "fetch", "steps": 4}
    assert outcome(result(undefined_step=step)).verdict == (
        "violated: undefined step of fetch, 4 steps"
    )


def test_an_undefined_property_is_a_violation() -> None:
    properties = [{"name": "agree", "verdict": "undefined", "steps": 2}]
    assert outcome(result(properties=properties)).verdict == "violated: agree, 2 steps"


def test_a_search_without_invariants_does_not_say_holds() -> None:
    assert replace(HELD, holds=0).verdict == "goals reached: 1 of 1"


def test_the_file_is_as_the_command_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    measured_runs.write(KEPT, path)
    assert path.read_text("utf-8") == measured_runs.KEPT.read_text("utf-8")
