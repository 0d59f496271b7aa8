from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import itf_py
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.ir.types import (
    BOOL,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import members
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from checker.trace import Ending, Step, Trace
from counterexamples.file import TraceFileError, read
from counterexamples.forms.itf import to_itf, type_to_itf, value_from_itf, value_to_itf
from counterexamples.forms.itf_import import read_itf, trace_of_itf
from counterexamples.museum_cases import MUSEUM

BROKER = SortType("Broker", 2, "b")
SMALL = IntType(-1, 1)
RECORD = RecordType("Record", (("id", SMALL), ("ok", BOOL)))
TYPES: list[Type] = [
    BOOL,
    SMALL,
    EnumType("Role", ("LEADER", "NONE")),
    BROKER,
    OptionType(BROKER),
    OptionType(RECORD),
    RECORD,
    TupleType(RECORD, 1),
    SetType(BROKER),
    SetType(RECORD, 1),
    MapType(BROKER, TupleType(BROKER, 1)),
    MapType(IntType(0, 1), OptionType(SMALL)),
]
UNREADABLE = [OptionType(SMALL), OptionType(SetType(BROKER)), TYPES[-1]]
"""itf-py 0.5 takes what is beside a tag for a record, so it fails at `Some` of anything special."""


@pytest.mark.parametrize("type", [*TYPES, *UNREADABLE], ids=type_to_itf)
def test_every_value_survives(type: Type) -> None:
    for value in members(type):
        assert value_from_itf(type, json.loads(json.dumps(value_to_itf(type, value)))) == value


@pytest.mark.parametrize("type", [t for t in TYPES if t not in UNREADABLE], ids=type_to_itf)
def test_every_value_survives_the_library_of_others(type: Type) -> None:
    for value in members(type):
        theirs = itf_py.value_to_json(itf_py.value_from_json(value_to_itf(type, value)))
        assert value_from_itf(type, theirs) == value


def test_encodings_are_those_of_the_standard() -> None:
    assert value_to_itf(SMALL, -1) == {"#bigint": "-1"}
    assert value_to_itf(TupleType(SMALL, 2), (0, 1)) == [{"#bigint": "0"}, {"#bigint": "1"}]
    assert value_to_itf(SetType(BROKER), frozenset({1, 0})) == {"#set": ["b1", "b2"]}
    assert value_to_itf(RECORD, (1, True)) == {"id": {"#bigint": "1"}, "ok": True}
    assert value_to_itf(MapType(BROKER, BOOL), (True, False)) == {
        "#map": [["b1", True], ["b2", False]]
    }
    assert value_to_itf(OptionType(BROKER), 1) == {"tag": "Some", "value": "b2"}


FOREIGN: list[tuple[Type, Any, Any]] = [
    (SMALL, 1, 1),
    (BROKER, "b2_OF_BROKER", 1),
    (EnumType("Role", ("LEADER", "NONE")), "LEADER", 0),
    (OptionType(BROKER), {"tag": "None", "value": "u_OF_UNIT"}, None),
    (OptionType(BROKER), {"tag": "None", "value": {"#tup": []}}, None),
    (TupleType(SMALL, 2), {"#tup": [1, {"#bigint": "0"}]}, (1, 0)),
    (MapType(BROKER, BOOL), {"b2": True, "b1": False}, (False, True)),
    (MapType(BROKER, BOOL), {"#map": [["b2", True], ["b1", False]]}, (False, True)),
]


@pytest.mark.parametrize(("type", "data", "value"), FOREIGN)
def test_what_other_tools_write_is_read(type: Type, data: Any, value: Any) -> None:
    assert value_from_itf(type, data) == value


WRONG: list[tuple[Type, Any]] = [
    (BOOL, 1),
    (SMALL, True),
    (SMALL, {"#bigint": "1x"}),
    (SMALL, {"#bigint": "2"}),
    (BROKER, "b3"),
    (RECORD, {"id": 1}),
    (TupleType(SMALL, 1), [0, 0]),
    (SetType(BROKER), ["b1"]),
    (MapType(BROKER, BOOL), {"#map": [["b1", True]]}),
    (MapType(BROKER, BOOL), {"#map": [["b1", True], ["b1", True]]}),
    (MapType(BROKER, BOOL), {"#map": {"b1": True}}),
    (OptionType(BROKER), None),
]


@pytest.mark.parametrize(("type", "data"), WRONG)
def test_what_is_no_value_is_refused(type: Type, data: Any) -> None:
    with pytest.raises(ValueError, match=r"is not|is outside|has not"):
        value_from_itf(type, data)


def test_the_document_is_pinned(trace: Trace, golden: Callable[[str, str], None]) -> None:
    document = to_itf(trace)
    document["#meta"]["description"] = "Created by splitbrain X"
    golden("trace.itf.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def test_every_variable_stands_in_every_state(trace: Trace) -> None:
    document = itf_py.trace_from_json(json.loads(json.dumps(to_itf(trace))))
    assert all(set(state.values) == set(document.vars) for state in document.states)
    assert [state.meta["index"] for state in document.states] == [0, 1, 2, 3]
    assert [state.values["mbt::actionTaken"] for state in document.states] == [
        "init", "elect", "write", "tick",
    ]  # fmt: skip


def prepared(trace: Trace) -> Prepared:
    named = () if trace.property is None else (trace.property,)
    return prepare(load(trace.spec), trace.settings, trace.scope, named)


def back(trace: Trace, document: Any, path: Path) -> Trace:
    path.write_text(json.dumps(document), "utf-8")
    spec = prepared(trace)
    return trace_of_itf(trace.spec, spec.model, spec.semantics, read_itf(path))  # type: ignore[arg-type]


SAMPLE = ["KIP-101", "R9", "R40", "R66"]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_trace_survives_the_library_of_others(name: str, tmp_path: Path) -> None:
    trace = read(MUSEUM / name / "trace.json")
    theirs = itf_py.trace_to_json(itf_py.trace_from_json(json.loads(json.dumps(to_itf(trace)))))
    assert back(trace, theirs, tmp_path / "trace.itf.json") == trace


def bare(document: Any) -> Any:
    """As a tool writes it that knows the variables and nothing else of ours."""
    names = [n for n in document["vars"] if not n.startswith(("mbt::", "budget."))]
    states = [{name: state[name] for name in names} for state in document["states"]]
    return {"vars": names, "states": states}


@pytest.mark.parametrize("name", ["R9"])
def test_states_alone_are_enough(name: str, tmp_path: Path) -> None:
    trace = read(MUSEUM / name / "trace.json")
    assert any(n.startswith("budget.") for n, _ in trace.variables)
    assert back(trace, bare(to_itf(trace)), tmp_path / "trace.itf.json") == trace


@pytest.mark.nightly
@pytest.mark.parametrize("name", sorted(p.parent.name for p in MUSEUM.glob("*/trace.json")))
def test_every_entry_of_the_museum_survives(name: str, tmp_path: Path) -> None:
    """With all that we write, and as states alone."""
    trace = read(MUSEUM / name / "trace.json")
    document = to_itf(trace)
    assert back(trace, document, tmp_path / "ours.itf.json") == trace
    found = back(trace, bare(document), tmp_path / "bare.itf.json")
    assert (found.states, found.ending) == (trace.states, trace.ending)


def test_stuttering_is_no_step(tmp_path: Path) -> None:
    trace = read(MUSEUM / "R9" / "trace.json")
    document = bare(to_itf(trace))
    document["states"].insert(2, document["states"][1])
    assert back(trace, document, tmp_path / "trace.itf.json") == trace


def test_a_prefix_is_a_walk(tmp_path: Path) -> None:
    trace = read(MUSEUM / "R9" / "trace.json")
    document = bare(to_itf(trace))
    document["states"] = document["states"][:-1]
    found = back(trace, document, tmp_path / "trace.itf.json")
    assert (found.ending, found.property, found.steps) == (Ending.WALK, None, trace.steps[:-1])


def faults(name: str) -> Prepared:
    return prepare(load(f"tests/cli/specs/faults.py:{name}"), {}, {})


def test_an_undefined_step_and_a_deadlock_survive(tmp_path: Path) -> None:
    spec = faults("PastTheEnd")
    variables = tuple((v.name, v.type) for v in spec.model.variables)
    states = ((0, (4, 5), 0), (4, (4, 5), 1), (5, (4, 5), 2))
    trace = Trace(
        "tests/cli/specs/faults.py:PastTheEnd", {}, {}, variables, None, None,
        Ending.UNDEFINED_STEP, "", states, (Step("read_next", ()),) * 3,
    )  # fmt: skip
    path = tmp_path / "trace.itf.json"
    found = back(trace, to_itf(trace), path)
    assert found.message.startswith("tuple index out of range")
    assert replace(found, message="") == trace


SPOILED: list[tuple[Callable[[Any], object], str]] = [
    (lambda d: d.pop("vars"), 'it has no "vars" and "states"'),
    (lambda d: d.update(states=[]), 'it has no "vars" and "states"'),
    (lambda d: d.update(states=[d["states"][0], 1]), "a state is not an object"),
    (lambda d: d.update(loop=1), "is a lasso"),
    (lambda d: d["vars"].append("leadr"), "the spec has no variable leadr; did you mean leader?"),
    (lambda d: d["vars"].remove("leader"), "the spec's variable leader is not in its vars"),
    (lambda d: d["states"][2].pop("leader"), "state 2 has no leader"),
    (lambda d: d["states"][2].update(leader="b9"), "state 2: leader: 'b9' is not a value of"),
    (lambda d: d["states"].pop(0), "its first state is not initial; "),
    (lambda d: d["states"].pop(2), "no step of isr leads from state 1 to state 2: "),
]


@pytest.mark.parametrize(("spoil", "message"), SPOILED)
def test_a_document_that_does_not_fit_is_refused(
    spoil: Callable[[Any], object], message: str, tmp_path: Path
) -> None:
    trace = read(MUSEUM / "R9" / "trace.json")
    document = bare(to_itf(trace))
    spoil(document)
    with pytest.raises(TraceFileError) as caught:
        back(trace, document, tmp_path / "trace.itf.json")
    assert message in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda of: (
        st.lists(of, max_size=3)
        | st.dictionaries(st.sampled_from(["#bigint", "#set", "#map", "#tup", "tag", "b1"]), of)
    ),
    max_leaves=6,
)


@given(type=st.sampled_from(TYPES), data=json_values)
def test_any_json_is_a_value_or_refused(type: Type, data: Any) -> None:
    try:
        assert value_from_itf(type, data) in set(members(type))
    except ValueError:
        pass
