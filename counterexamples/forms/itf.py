"""Traces in the format of Apalache and Quint: the Informal Trace Format (ITF, ADR-015).

An optional is a variant with the tags `Nothing` and `Some`, a member of a sort or an enumeration
is a text. What the format has no place for (scope, settings, which step led to a state) stands in
its `#meta` objects, so that our own traces come back as they were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, assert_never

from checker.ir.expr import Value
from checker.ir.types import (
    BoolType,
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
from checker.ir.values import in_order, members, outside, show
from checker.trace import Ending, Step, Trace
from checker.version import VERSION
from counterexamples.file import start_to_json

FORMAT: Final = "https://apalache-mc.org/docs/adr/015adr-trace.html"
UNIT: Final = "u_OF_UNIT"
NONE: Final = {"tag": "Nothing", "value": UNIT}
"""Not `None`, which is what others write: the Python library for ITF cannot read that name."""

ACTION: Final = "mbt::actionTaken"
"""The variable in which viewers look for the name of the action."""

START: Final = "init"
SUFFIX: Final = ".itf.json"


def to_itf(trace: Trace) -> dict[str, Any]:
    """The trace as an ITF document: a state for each state, with the step that led to it."""
    names = [name for name, _ in trace.variables]
    return {
        "#meta": {
            "format": "ITF",
            "format-description": FORMAT,
            "description": f"Created by splitbrain {VERSION}",
            "source": trace.spec,
            "status": "ok" if trace.ending in (Ending.REACHED, Ending.WALK) else "violation",
            "varTypes": {name: type_to_itf(type) for name, type in trace.variables},
            "splitbrain": _about(trace),
        },
        "vars": [*names, ACTION],
        "states": [_state(trace, number) for number in range(len(trace.states))],
    }


def _about(trace: Trace) -> dict[str, Any]:
    """What is needed to make the trace again; an undefined step has no state to stand beside."""
    about: dict[str, Any] = {
        "settings": dict(trace.settings),
        "scope": dict(trace.scope),
        "property": trace.property,
        "ending": trace.ending.value,
        **start_to_json(trace.start),
    }
    if trace.ending is Ending.UNDEFINED_STEP:
        about["step"] = _step(trace.steps[-1])
    return about


def _state(trace: Trace, number: int) -> dict[str, Any]:
    step = trace.steps[number - 1] if number else None
    cells = zip(trace.variables, trace.states[number], strict=True)
    return {
        "#meta": {"index": number, **({} if step is None else _step(step))},
        **{name: value_to_itf(type, value) for (name, type), value in cells},
        ACTION: START if step is None else step.action,
    }


def _step(step: Step) -> dict[str, Any]:
    arguments = {given.name: value_to_itf(given.type, given.value) for given in step.arguments}
    return {"action": step.action, "arguments": arguments}


def value_to_itf(type: Type, value: Any) -> Any:
    """A value in ITF's encoding: every integer a `#bigint`, every optional a variant."""
    match type:
        case BoolType():
            return value
        case IntType():
            return {"#bigint": str(value)}
        case EnumType() | SortType():
            return show(type, value)
        case OptionType(of):
            return NONE if value is None else {"tag": "Some", "value": value_to_itf(of, value)}
        case RecordType(_, fields):
            parts = zip(fields, value, strict=True)
            return {name: value_to_itf(field, part) for (name, field), part in parts}
        case TupleType(of):
            return [value_to_itf(of, part) for part in value]
        case SetType(of):
            return {"#set": [value_to_itf(of, part) for part in in_order(type, value)]}
        case MapType(key, of):
            pairs = zip(members(key), value, strict=True)
            return {"#map": [[value_to_itf(key, k), value_to_itf(of, v)] for k, v in pairs]}
        case _:
            assert_never(type)


def type_to_itf(type: Type) -> str:
    """A type in Apalache's notation, which it needs to read a trace."""
    match type:
        case BoolType():
            return "Bool"
        case IntType():
            return "Int"
        case EnumType() | SortType():
            return "Str"
        case OptionType(of):
            return f"Nothing(UNIT) | Some({type_to_itf(of)})"
        case RecordType(_, fields):
            return "{" + ", ".join(f"{name}: {type_to_itf(of)}" for name, of in fields) + "}"
        case TupleType(of):
            return f"Seq({type_to_itf(of)})"
        case SetType(of):
            return f"Set({type_to_itf(of)})"
        case MapType(key, of):
            return f"({type_to_itf(key)} -> {type_to_itf(of)})"
        case _:
            assert_never(type)


def value_from_itf(type: Type, data: Any) -> Value:
    """The inverse of `value_to_itf`; raises `ValueError` for what is no value of the type.

    What other tools write is read, too: plain numbers, tuples for sequences, records for maps,
    names of uninterpreted types (`b1_OF_BROKER`), the tag `None`.
    """
    value = _value(type, data)
    if outside(type, value) is not None:
        raise ValueError(f"{data!r:.60} is outside {type}")
    return value


def _value(type: Type, data: Any) -> Value:
    match type, data:
        case BoolType(), bool():
            return data
        case IntType(), {"#bigint": str(digits)} if re.fullmatch(r"-?[0-9]{1,30}", digits):
            return int(digits)
        case IntType(), int() if not isinstance(data, bool):
            return data
        case EnumType() | SortType(), str():
            return _member(type, data)
        case OptionType(), {"tag": "None" | "Nothing"}:
            return None
        case OptionType(of), {"tag": "Some", "value": some}:
            return _value(of, some)
        case RecordType(_, fields), dict() if {name for name, _ in fields} == set(data):
            return tuple(_value(field, data[name]) for name, field in fields)
        case TupleType(of), list() | {"#tup": [*_]}:
            parts = data if isinstance(data, list) else data["#tup"]
            return tuple(_value(of, part) for part in parts)
        case SetType(of), {"#set": [*parts]}:
            return frozenset(_value(of, part) for part in parts)
        case MapType(key, of), dict():
            return _map(key, of, data)
        case _:
            raise ValueError(f"{data!r:.60} is not a value of {type}")


def _member(type: EnumType | SortType, data: str) -> Value:
    name = data.partition("_OF_")[0]
    for member in members(type):
        if show(type, member) in (data, name, data.lower()):
            return member
    raise ValueError(f"{data!r:.60} is not a value of {type}")


def _map(key: Type, of: Type, data: Mapping[str, Any]) -> Value:
    """A map as pairs, or as a record with a field for each key."""
    pairs = data.get("#map", [[name, part] for name, part in data.items()])
    if not isinstance(pairs, list) or any(
        not isinstance(pair, list) or len(pair) != 2 for pair in pairs
    ):
        raise ValueError(f"{data!r:.60} is not a map")
    found = {_value(key, k): _value(of, v) for k, v in pairs}
    keys = list(members(key))
    if set(found) != set(keys) or len(pairs) != len(keys):
        raise ValueError(f"{data!r:.60} has not every key of {key} once")
    return tuple(found[k] for k in keys)
