from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker.lang.errors import ToolError
from checker.trace import Trace
from checker.version import VERSION
from counterexamples.file import TraceFileError, from_document, read, to_document, write, write_text

SCHEMA = Path(__file__).parents[2] / "docs" / "trace.schema.json"


def test_a_trace_survives_the_round_trip(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "trace.json"
    write(trace, path)
    assert read(path) == trace
    assert [found.name for found in path.parent.iterdir()] == ["trace.json"]


def test_the_same_trace_is_the_same_bytes(trace: Trace, tmp_path: Path) -> None:
    write(trace, tmp_path / "a.json")
    write(trace, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_the_document_is_as_its_schema_says(trace: Trace) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(to_document(trace))


def test_who_acts_and_who_wrote_it_is_said(trace: Trace) -> None:
    document = to_document(trace)
    assert document["tool"] == {"name": "splitbrain", "version": VERSION}
    assert [step["actor"] for step in document["steps"]] == ["b1", "b1", None]


def as_version_1(document: dict[str, Any]) -> dict[str, Any]:
    steps = [{"action": s["action"], "arguments": s["arguments"]} for s in document["steps"]]
    older = {name: value for name, value in document.items() if name != "tool"}
    return older | {"version": 1, "steps": steps}


def test_version_1_is_still_read(trace: Trace) -> None:
    older = as_version_1(to_document(trace))
    assert from_document(older) == trace
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(older)


def test_the_format_is_pinned(trace: Trace, golden: Callable[[str, str], None]) -> None:
    document = to_document(trace) | {"tool": {"name": "splitbrain", "version": "X"}}
    golden("trace.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.pop(name)


def put(name: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.__setitem__(name, value)


MISTAKES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (without("format"), 'it does not begin with "format": "splitbrain trace"'),
    (put("format", "itf"), 'it does not begin with "format": "splitbrain trace"'),
    (put("version", 0), "it has version 0, and only 1 and 2 are known"),
    (put("version", True), "it has version True, and only 1 and 2 are known"),
    (without("version"), "it has version None, and only 1 and 2 are known"),
    (put("ending", "bad"), "\"ending\" is not known: 'bad'"),
    (put("kind", "liveness"), "\"kind\" is not known: 'liveness'"),
    (put("property", None), "its states, steps and property do not fit each other"),
    (put("property", 3), '"property" is not a text'),
    (put("spec", None), '"spec" is not a text'),
    (put("settings", []), '"settings" is not an object'),
    (put("scope", {"Broker": "2"}), '"Broker" is not a number'),
    (put("scope", {"Broker": True}), '"Broker" is not a number'),
    (put("variables", {"x": "int"}), "'int' is not a type"),
    (without("states"), '"states" is not a list'),
    (put("states", []), "its states, steps and property do not fit each other"),
    (put("ending", "undefined step"), "its states, steps and property do not fit each other"),
    (lambda d: d["states"].pop(), "its states, steps and property do not fit each other"),
    (lambda d: d["states"][1].pop("isr"), "states[1]: it does not have the variables of the trace"),
    (lambda d: d["states"][1].update(leader="b9"), "states[1]: 'b9' is not a value of Broker"),
    (without("tool"), '"tool" is not an object'),
    (put("tool", {"name": "splitbrain"}), '"version" is not a text'),
    (lambda d: d["steps"][1].pop("actor"), "steps[1]: it does not say who acts"),
    (lambda d: d["steps"][1].update(actor=1), "steps[1]: it does not say who acts"),
    (lambda d: d["steps"][1].update(action="x"), "steps[1]: it has no action of the trace"),
    (lambda d: d["steps"][1].update(action=[]), "steps[1]: it has no action of the trace"),
    (
        lambda d: d["steps"][0]["arguments"].clear(),
        "steps[0]: its arguments are not those of its action",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), MISTAKES)
def test_a_spoiled_document_is_refused(
    trace: Trace, spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    document = to_document(trace)
    spoil(document)
    with pytest.raises(ValueError, match=r"^") as caught:
        from_document(document)
    assert str(caught.value) == message


@pytest.mark.parametrize("spoil", [without("tool"), lambda d: d["steps"][0].pop("actor")])
def test_the_schema_asks_for_all_of_version_2(trace: Trace, spoil: Callable[..., object]) -> None:
    document = to_document(trace)
    spoil(document)
    assert not Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).is_valid(document)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_damaged_bytes_are_a_trace_or_refused(
    trace: Trace, tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "trace.json"
    write(trace, path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    path.write_bytes(content)
    try:
        found: Trace | TraceFileError = read(path)
    except TraceFileError as error:
        found = error
    assert isinstance(found, Trace) or str(path) in str(found)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda of: st.lists(of, max_size=4) | st.dictionaries(st.text(max_size=5), of, max_size=4),
    max_leaves=8,
)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_json_in_any_place_is_a_trace_or_refused(trace: Trace, data: st.DataObject) -> None:
    document: Any = json.loads(json.dumps(to_document(trace)))
    place = document
    while True:
        names = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not names:
            return
        name = data.draw(st.sampled_from(names))
        if not isinstance(place[name], dict | list) or data.draw(st.booleans()):
            place[name] = data.draw(json_values)
            break
        place = place[name]
    try:
        assert isinstance(from_document(document), Trace)
    except ValueError:
        pass


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is not JSON"),
        (b"\xff\xfe", "it is not text"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"version": ' + b"9" * 5_000 + b"}", "is not a trace"),
        (b"null", 'it does not begin with "format"'),
    ],
)
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "foreign.json"
    path.write_bytes(content)
    with pytest.raises(TraceFileError, match="is not a trace") as caught:
        read(path)
    assert message in str(caught.value)


def test_a_missing_file_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(TraceFileError, match="there is no file"):
        read(tmp_path / "none.json")
    with pytest.raises(TraceFileError, match="there is no file"):
        read(tmp_path)


def test_a_pipe_is_written_to_and_a_link_is_kept(tmp_path: Path) -> None:
    """Not so, `--html /dev/stdout` would put a page where the device was."""
    pipe, file, link = tmp_path / "pipe", tmp_path / "file", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(file)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text("a page", pipe, "")
        assert os.read(reader, 100) == b"a page"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    for text in ("one", "other"):
        write_text(text, link, "")
        assert (link.is_symlink(), file.read_text()) == (True, text)


def test_a_folder_that_cannot_be_written_is_the_worlds(trace: Trace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match=r"cannot write .*trace.json: .*; .* --out"):
        write(trace, tmp_path / "file" / "trace.json")
