"""A trace as TLC prints one: numbered states, each a conjunction, with values as TLA+ has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from checker.ir.expr import Span
from checker.ir.model import PropertyKind
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
from checker.ir.values import in_order, members, show
from checker.trace import Ending, Step, Trace


def tlc_text(trace: Trace, places: Mapping[str, Span]) -> str:
    """The trace as text; `places` says where an action stands, as far as that is known."""
    lines = [f"Error: {_error(trace)}", "Error: The behavior up to this point is:"]
    for number, state in enumerate(trace.states):
        step = trace.steps[number - 1] if number else None
        lines.append(f"State {number + 1}: <{_label(step, places)}>")
        cells = zip(trace.variables, state, strict=True)
        lines += [f"/\\ {tla_name(name)} = {tla_value(type, v)}" for (name, type), v in cells]
        lines.append("")
    if trace.ending is Ending.UNDEFINED_STEP:
        lines += [f"The error occurred in {_label(trace.steps[-1], places)}.", ""]
    return "\n".join(lines)


def _error(trace: Trace) -> str:
    match trace.ending:
        case Ending.VIOLATED if trace.kind is PropertyKind.STEP_INVARIANT:
            return f"Action property {trace.property} is violated."
        case Ending.VIOLATED:
            return f"Invariant {trace.property} is violated."
        case Ending.REACHED:
            # To reach a goal is to violate its negation: so TLC finds one.
            return f"Invariant ~{trace.property} is violated."
        case Ending.UNDEFINED_PROPERTY:
            return f"Evaluating invariant {trace.property} failed. {trace.message}"
        case Ending.UNDEFINED_STEP:
            return f"Evaluating the next-state relation failed. {trace.message}"
        case Ending.DEADLOCK:
            return "Deadlock reached."
        case Ending.WALK:
            return "Nothing: this is a walk."
        case _:
            assert_never(trace.ending)


def _label(step: Step | None, places: Mapping[str, Span]) -> str:
    if step is None:
        return "Initial predicate"
    given = ",".join(tla_value(argument.type, argument.value) for argument in step.arguments)
    name = f"{step.action}({given})" if given else step.action
    if (span := places.get(step.action)) is None:
        return name
    start = f"line {span.line}, col {span.column + 1}"
    return f"{name} {start} to line {span.end_line}, col {span.end_column} of {span.file}"


def tla_name(name: str) -> str:
    """A variable's name without what no identifier of TLA+ may hold."""
    return "".join(c if c.isalnum() or c == "_" else "_" for c in name)


def tla_value(type: Type, value: Any) -> str:
    """A value in the syntax of TLA+: members of sorts are model values, those of enums texts."""
    match type:
        case BoolType():
            return "TRUE" if value else "FALSE"
        case IntType():
            return str(value)
        case EnumType():
            return f'"{show(type, value)}"'
        case SortType():
            return show(type, value)
        case OptionType(of):
            return "none" if value is None else tla_value(of, value)
        case RecordType(_, fields):
            parts = zip(fields, value, strict=True)
            return "[" + ", ".join(f"{n} |-> {tla_value(t, v)}" for (n, t), v in parts) + "]"
        case TupleType(of):
            return "<<" + ", ".join(tla_value(of, v) for v in value) + ">>"
        case SetType(of):
            return "{" + ", ".join(tla_value(of, v) for v in in_order(type, value)) + "}"
        case MapType(key, of):
            pairs = zip(members(key), value, strict=True)
            return "(" + " @@ ".join(f"{tla_value(key, k)} :> {tla_value(of, v)}"
                                     for k, v in pairs) + ")"  # fmt: skip
        case _:
            assert_never(type)
