"""Traces in files: one JSON object with a version, the same bytes for the same trace."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from checker.ir.model import PropertyKind
from checker.ir.types import Type
from checker.ir.values import State, from_json, to_json
from checker.lang.errors import ToolError
from checker.trace import Argument, Ending, Start, Step, Trace
from checker.version import VERSION
from counterexamples.types_json import type_from_json, type_to_json

FORMAT = "splitbrain trace"
LATEST = 2
KNOWN = (1, LATEST)
"""The versions that are read. Since 2 a trace says which splitbrain kept it, and who acts."""

T = TypeVar("T")


class TraceFileError(Exception):
    """The file is not a trace that this version can read; the message says why."""


def path_to(trace: Trace) -> dict[str, Any]:
    """The states and steps alone, as JSON: what a result carries inline."""
    return {
        "states": [_state_to_json(trace, state) for state in trace.states],
        "steps": [{"actor": step.acting or None} | _step_to_json(step) for step in trace.steps],
    }


def to_document(trace: Trace) -> dict[str, Any]:
    """The whole trace as JSON, types included; `docs/trace.schema.json` describes it."""
    return {
        "format": FORMAT,
        "version": LATEST,
        "tool": {"name": "splitbrain", "version": VERSION},
        "spec": trace.spec,
        "settings": dict(trace.settings),
        "scope": dict(trace.scope),
        "property": trace.property,
        "kind": None if trace.kind is None else trace.kind.value,
        "ending": trace.ending.value,
        "message": trace.message,
        "variables": {name: type_to_json(type) for name, type in trace.variables},
        "actions": {
            step.action: {given.name: type_to_json(given.type) for given in step.arguments}
            for step in trace.steps
        },
        **path_to(trace),
        **start_to_json(trace.start),
    }


def _state_to_json(trace: Trace, state: State) -> dict[str, Any]:
    cells = zip(trace.variables, state, strict=True)
    return {name: to_json(type, value) for (name, type), value in cells}


def _step_to_json(step: Step) -> dict[str, Any]:
    arguments = {given.name: to_json(given.type, given.value) for given in step.arguments}
    return {"action": step.action, "arguments": arguments}


def write(trace: Trace, path: Path) -> None:
    """Keep the trace in a file, made whole or not at all; raises `ToolError` if that fails."""
    write_text(in_json(trace), path, "name another folder: --out")


def in_json(trace: Trace) -> str:
    """What a file holds that keeps the trace."""
    return json.dumps(to_document(trace), ensure_ascii=False, indent=1) + "\n"


def write_text(text: str, path: Path, help: str) -> None:
    """Write a file whole or not at all; raises `ToolError`, with what to do, if that fails.

    A pipe or a device, such as `/dev/stdout`, is written to; a link leads to what is replaced.
    """
    is_plain = os.path.isfile(path) or not os.path.exists(path)
    place = path.resolve() if is_plain else path
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        if not is_plain:
            place.write_text(text, encoding="utf-8", newline="\n")
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(place)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        reason = error.strerror or str(error)
        raise ToolError(f"cannot write {path}: {reason}; {help}") from error


def read(path: Path) -> Trace:
    """The trace in a file; `TraceFileError` if it holds none, `ToolError` if it is unreadable."""
    text = read_text(path)
    try:
        return from_document(json.loads(text))
    except json.JSONDecodeError as error:
        raise TraceFileError(f"{path} is not a trace: it is not JSON ({error.msg})") from error
    except RecursionError as error:
        raise TraceFileError(f"{path} is not a trace: it is nested too deeply") from error
    except ValueError as error:
        raise TraceFileError(f"{path} is not a trace: {error}") from error


def read_text(path: Path) -> str:
    """What is written in a file; `TraceFileError` if it is no text, `ToolError` if unreadable."""
    try:
        return path.read_bytes().decode("utf-8")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise TraceFileError(f"there is no file {path}") from error
    except UnicodeDecodeError as error:
        raise TraceFileError(f"{path} is not a trace: it is not text") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ToolError(f"cannot read {path}: {reason}") from error


def from_document(data: Any) -> Trace:
    """The inverse of `to_document`; raises `ValueError` for anything else."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f'it does not begin with "format": "{FORMAT}"')
    version = data.get("version")
    if type(version) is not int or version not in KNOWN:
        known = " and ".join(map(str, KNOWN))
        raise ValueError(f"it has version {version!r:.20}, and only {known} are known")
    if version > 1:
        _text(_object(data, "tool"), "version")
        _numbered("steps", _list(data, "steps"), _check_actor)
    _check_consistent(data)
    variables = tuple(_types(_object(data, "variables")).items())
    shapes = _object(data, "actions")
    actions = {name: _types(_object(shapes, name)) for name in shapes}
    settings, scope = _object(data, "settings"), _object(data, "scope")
    return Trace(
        spec=_text(data, "spec"),
        settings={name: _text(settings, name) for name in settings},
        scope={name: _number(scope, name) for name in scope},
        variables=variables,
        property=None if data.get("property") is None else _text(data, "property"),
        kind=None if data.get("kind") is None else _read(data, "kind", PropertyKind),
        ending=_read(data, "ending", Ending),
        message=_text(data, "message"),
        states=_numbered("states", _list(data, "states"), lambda item: _state(variables, item)),
        steps=_numbered("steps", _list(data, "steps"), lambda item: _step(actions, item)),
        start=start_from_json(data),
    )


def start_to_json(start: Start | None) -> dict[str, Any]:
    """Nothing for a trace that starts where initial values say."""
    if start is None:
        return {}
    return {"start": {"init": start.init, "from": start.file, "assume": list(start.assumed)}}


def start_from_json(data: Mapping[str, Any]) -> Start | None:
    """The inverse of `start_to_json`; raises `ValueError` for anything else."""
    if "start" not in data:
        return None
    start = _object(data, "start")
    init, file = (None if start.get(n) is None else _text(start, n) for n in ("init", "from"))
    assumed = _list(start, "assume")
    if not all(isinstance(name, str) for name in assumed):
        raise ValueError('"assume" is not a list of names')
    return Start(init, file, tuple(assumed))


def _check_consistent(data: Mapping[str, Any]) -> None:
    """The promises of `Trace`, which are asserted there because our own traces keep them."""
    surplus = 0 if data.get("ending") == Ending.UNDEFINED_STEP.value else 1
    states, steps = len(_list(data, "states")), len(_list(data, "steps"))
    both_or_none = (data.get("property") is None) == (data.get("kind") is None)
    if states == 0 or states != steps + surplus or not both_or_none:
        raise ValueError("its states, steps and property do not fit each other")


def _types(data: Mapping[str, Any]) -> dict[str, Type]:
    return {name: type_from_json(item) for name, item in data.items()}


def _state(variables: tuple[tuple[str, Type], ...], data: Any) -> State:
    if not isinstance(data, dict) or list(data) != [name for name, _ in variables]:
        raise ValueError("it does not have the variables of the trace")
    return tuple(from_json(type, data[name]) for name, type in variables)


def _check_actor(step: Any) -> None:
    """Who acts is written for other readers; here it is found again."""
    if not isinstance(step, dict) or not isinstance(step.get("actor", 0), str | None):
        raise ValueError("it does not say who acts")


def _step(actions: Mapping[str, Mapping[str, Type]], data: Any) -> Step:
    name = data.get("action") if isinstance(data, dict) else None
    if not isinstance(name, str) or name not in actions:
        raise ValueError("it has no action of the trace")
    parameters = actions[name]
    arguments = _object(data, "arguments")
    if list(arguments) != list(parameters):
        raise ValueError("its arguments are not those of its action")
    return Step(
        name,
        tuple(
            Argument(name, type, from_json(type, arguments[name]))
            for name, type in parameters.items()
        ),
    )


def _numbered(what: str, items: list[Any], make: Callable[[Any], T]) -> tuple[T, ...]:
    made = []
    for number, item in enumerate(items):
        try:
            made.append(make(item))
        except ValueError as error:
            raise ValueError(f"{what}[{number}]: {error}") from error
    return tuple(made)


def _read(data: Mapping[str, Any], name: str, make: Callable[[Any], T]) -> T:
    try:
        return make(data.get(name))
    except ValueError:
        raise ValueError(f'"{name}" is not known: {data.get(name)!r:.40}') from None


def _text(data: Mapping[str, Any], name: str) -> str:
    if isinstance(value := data.get(name), str):
        return value
    raise ValueError(f'"{name}" is not a text')


def _number(data: Mapping[str, Any], name: str) -> int:
    if type(value := data.get(name)) is int:
        return value
    raise ValueError(f'"{name}" is not a number')


def _object(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    if isinstance(value := data.get(name), dict):
        return value
    raise ValueError(f'"{name}" is not an object')


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    if isinstance(value := data.get(name), list):
        return value
    raise ValueError(f'"{name}" is not a list')
