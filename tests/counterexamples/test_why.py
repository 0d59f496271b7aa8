"""Explanations: of every form of property, as lines; and that what they say is so."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from checker.check import Options, check
from checker.lang.declaration import Declaration
from checker.lang.declare import declare
from checker.lang.load import load
from checker.semantics.python import PythonSpec
from checker.trace import Ending, Trace
from checker.verdict import trace_of
from counterexamples.file import read
from counterexamples.museum_cases import entries
from counterexamples.paint import Paint
from counterexamples.why.answer import Why
from counterexamples.why.explain import explain
from counterexamples.why.lines import why_lines

REASONS = "tests/counterexamples/specs/reasons.py"
FAULTS = "tests/cli/specs/faults.py"
PLAIN = Paint()


def declaration_of(trace: Trace) -> Declaration:
    loaded = load(trace.spec)
    return declare(loaded.spec, trace.scope, trace.settings, loaded.modules)


def explained(trace: Trace) -> Why:
    why = explain(declaration_of(trace), trace)
    assert why is not None
    return why


@cache
def traces(name: str, deadlock: bool = False) -> dict[str, Trace]:
    result = check(load(name), {}, {}, Options(go_on=True, deadlock=deadlock))
    found = ((label, trace_of(verdict)) for label, verdict in result.verdicts)
    return {label: trace for label, trace in found if trace is not None}


@pytest.mark.parametrize("width", [80, 100])
def test_every_form_of_property(golden: Callable[[str, str], None], width: int) -> None:
    text = ""
    for label, trace in traces(REASONS).items():
        lines = why_lines(explained(trace), width, PLAIN)
        assert max(map(len, lines)) <= width
        text += "\n".join([label, *lines, "", ""])
    golden(f"why_{width}.txt", text)


@pytest.mark.parametrize(
    ("spec", "label", "facts"),
    [
        ("PastTheEnd", "undefined step", ["records is ⟨4, 5⟩", "position is 2"]),
        ("NoValue", "divides", ["2 - count is 0"]),
        (
            "Stuck",
            "no deadlock",
            ["increment() blocked: count is 2", "tick() blocked: count is 2, not 0"],
        ),
    ],
)
def test_undefined_and_deadlock(spec: str, label: str, facts: list[str]) -> None:
    why = explained(traces(f"{FAULTS}:{spec}", True)[label])
    assert [fact.text for fact in why.facts] == facts


def test_a_step_that_is_cited_changed_a_place_that_is_cited() -> None:
    for trace in traces(REASONS).values():
        why = explained(trace)
        names = [name for name, _ in trace.variables]
        read_by_it = {names.index(place.split("[")[0]) for place in why.places}
        for number in why.steps:
            before, after = trace.states[number - 1], trace.states[number]
            assert any(before[k] != after[k] for k in read_by_it), (trace.property, number)


def test_goals_need_no_explanation() -> None:
    trace = traces(f"{FAULTS}:Mailbox")["all_arrive"]
    assert trace.ending is Ending.REACHED
    assert explain(declaration_of(trace), trace) is None


@pytest.mark.nightly
def test_every_museum_entry_is_explained() -> None:
    for entry in entries():
        if not entry.trace_file.exists():
            continue
        trace = read(entry.trace_file)
        why = explained(trace)
        semantics = PythonSpec(declaration_of(trace))
        assert why.facts, entry.id
        assert why.mark is not None, entry.id
        assert max(why.steps, default=0) <= len(trace.steps)
        assert set(semantics.variables) == {name for name, _ in trace.variables}
