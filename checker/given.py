"""What a user knows of the state to start from: a JSON file, as conditions of the middle language.

A file has values by the names of variables, as trace files do. `"?"` stands for what is not known;
what a map or a record leaves out is not known either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, assert_never

from checker.ir.expr import Expr, Span, node
from checker.ir.model import Clause, ClauseKind, Variable
from checker.ir.ops import Op
from checker.ir.types import (
    BOOL,
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
from checker.ir.values import cut_by, from_json, members, misfit, show
from checker.lang.errors import ToolError
from checker.lang.suggest import did_you_mean

UNKNOWN: Final = "?"
MOST_NAMED: Final = 12


class GivenStateError(Exception):
    """What a file says of a state cannot be so; the message says where, and what to write."""


@dataclass(frozen=True, slots=True)
class Given:
    """Where to start, if not where the spec says: what is known by a file, and what is assumed.

    `values` are those of the file's variables, as JSON; `assumed` are names of invariants.
    """

    file: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()


NOTHING: Final = Given()


def read_given(path: Path, assumed: tuple[str, ...] = ()) -> Given:
    """What a file says. Raises `GivenStateError` if that is no JSON object, `ToolError`."""
    try:
        text = path.read_bytes().decode("utf-8")
        values = json.loads(text, object_pairs_hook=_object)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise GivenStateError(f"there is no file {path}") from error
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise GivenStateError(f"{place}: not JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise GivenStateError(f"{path} is not JSON: it is not text") from error
    except RecursionError as error:
        raise GivenStateError(f"{path}: nested too deeply") from error
    except ValueError as error:
        raise GivenStateError(f"{path}: {error}") from error
    except OSError as error:
        raise ToolError(f"cannot read {path}: {error.strerror or error}") from error
    if not isinstance(values, dict):
        help = 'write an object, {"leader": "b1", …}: values by the names of variables'
        raise GivenStateError(f"{path} is no object\n  help: {help}")
    return Given(str(path), values, assumed)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{json.dumps(name)} is there twice")
        found[name] = value
    return found


def conditions(variables: Mapping[str, Variable], given: Given) -> tuple[Clause, ...]:
    """What a file says, as clauses; raises `GivenStateError` for what no state can be."""
    assert given.file is not None or not given.values, given
    place = Span(given.file or "", 0, 0, 0, 0)
    found: list[Clause] = []
    for name, data in given.values.items():
        if name not in variables:
            help = did_you_mean(name, variables, "the spec's variables")
            raise GivenStateError(f"{given.file}: there is no variable {name}\n  help: {help}")
        variable = variables[name]
        read = node(Op.VARIABLE, (), variable.type, name, variable.span)
        try:
            known = list(_known(variable.type, read, data, name))
        except ValueError as error:
            raise GivenStateError(f"{given.file}: {error}") from error
        found += (Clause(ClauseKind.REQUIRE, TRUE, expr, place) for expr in known)
    return tuple(found)


TRUE: Final = node(Op.CONST, (), BOOL, True)


def _known(type: Type, expr: Expr, data: Any, place: str) -> Iterator[Expr]:
    """What is said of a value; each condition has a value where those before it are true."""
    if data == UNKNOWN:
        return
    match type:
        case BoolType() | IntType() | EnumType() | SortType():
            yield _equals(type, expr, data, place)
        case SetType():
            yield _equals(type, expr, data, place)
        case OptionType(of):
            is_some = node(Op.IS_SOME, (expr,), BOOL)
            if data is None:
                yield node(Op.NOT, (is_some,), BOOL)
            else:
                yield is_some
                yield from _known(of, node(Op.UNWRAP, (expr,), of), data, place)
        case RecordType(_, fields):
            for name, part in _entries(dict(fields), data, place, "fields"):
                inner = node(Op.FIELD, (expr,), type.field(name), name)
                yield from _known(type.field(name), inner, part, f"{place}.{name}")
        case MapType(key, value):
            keys = {show(key, k): k for k in members(key)}
            for name, part in _entries(keys, data, place, "keys"):
                at = node(Op.CONST, (), key, keys[name])
                inner = node(Op.SELECT, (expr, at), value)
                yield from _known(value, inner, part, f"{place}[{name}]")
        case TupleType(of):
            yield from _known_items(type, of, expr, data, place)
        case _:
            assert_never(type)


def _known_items(type: TupleType, of: Type, expr: Expr, data: Any, place: str) -> Iterator[Expr]:
    if not isinstance(data, list):
        raise _not_a_value(type, data, place)
    if type.max_length is not None and len(data) > type.max_length:
        raise _outside(type, f"{len(data)} elements are", place)
    length = node(Op.LENGTH, (expr,), IntType(0, type.max_length))
    yield node(Op.EQ, (length, _number(len(data))), BOOL)
    for position, part in enumerate(data):
        inner = node(Op.INDEX, (expr, _number(position)), of)
        yield from _known(of, inner, part, f"{place}[{position}]")


def _number(value: int) -> Expr:
    return node(Op.CONST, (), IntType(value, value), value)


def _equals(type: Type, expr: Expr, data: Any, place: str) -> Expr:
    """That an expression is a value that is known as a whole."""
    if isinstance(type, SetType) and isinstance(data, list) and UNKNOWN in data:
        raise ValueError(f'{place}: of a set all is known, or nothing: write "{UNKNOWN}" for it')
    if isinstance(type, IntType) and isinstance(data, int) and not isinstance(data, bool):
        _check_bounds(type, data, place)
    try:
        value = from_json(type, data)
    except ValueError:
        raise _not_a_value(type, data, place) from None
    return node(Op.EQ, (expr, node(Op.CONST, (), type, value)), BOOL)


def _check_bounds(type: IntType, data: int, place: str) -> None:
    if misfit(type, data) is not None:
        raise _outside(type, f"{data} is", place, cut_by(type, data))


def _outside(
    type: IntType | TupleType, what: str, place: str, cut: str | None = None
) -> ValueError:
    scope = type.scope if isinstance(type, TupleType) else cut
    help = "" if scope is None else f"\n  help: give the run a larger scope: --scope {scope}=…"
    return ValueError(f"{place}: {what} outside {type}{help}")


def _entries(known: Mapping[str, object], data: Any, place: str, what: str) -> Any:
    """The parts that are given of a record or a map."""
    if not isinstance(data, dict):
        raise ValueError(f"{place}: {_text(data)} is no object of its {what}: {_names(known)}")
    for name in data:
        if name not in known:
            raise ValueError(f"{place}: {name} is none of its {what}: {_names(known)}")
    return data.items()


def _not_a_value(type: Type, data: Any, place: str) -> ValueError:
    match type:
        case EnumType() | SortType():
            expected = _names({json.dumps(show(type, value)): value for value in members(type)})
        case BoolType():
            expected = "true, false"
        case IntType():
            expected = f"a whole number in {type}"
        case SetType() | TupleType():
            expected = f"a list of {type.of}"
        case _:
            expected = str(type)
    return ValueError(f"{place}: {_text(data)} is not a value: expected {expected}")


def _names(known: Mapping[str, object]) -> str:
    some = list(known)[:MOST_NAMED]
    return ", ".join(some) + (", …" if len(known) > MOST_NAMED else "")


def _text(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
