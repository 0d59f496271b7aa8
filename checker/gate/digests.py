"""Digests of a model: of what it means, not of how it is written.

Comments, docstrings, line numbers and the names of bound variables do not count. There is one
digest for each variable, action and property, so that a difference can be told by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.ir.expr import Binders, Expr, node, postorder
from checker.ir.model import Action, Clause, Model
from checker.ir.ops import Op
from checker.ir.types import Type
from checker.ir.values import from_json, to_json
from counterexamples.types_json import type_from_json, type_to_json


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a property says, by its digest and as text that `expression_in` reads again."""

    kind: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class ModelDigests:
    """The digests of a model. `start` is that of its initial states."""

    start: str
    variables: Mapping[str, str]
    actions: Mapping[str, str]
    properties: Mapping[str, Meaning]

    @property
    def whole(self) -> str:
        """One digest of all that steps and states mean; properties have their own."""
        return _digest([self.start, dict(self.variables), dict(self.actions)])


def digests_of(model: Model) -> ModelDigests:
    """The digests of a model."""
    texts = {judged.name: text_of(judged.expr) for judged in model.properties}
    return ModelDigests(
        start=_digest([[v.name, text_of(v.initial)] for v in model.variables] + _init(model)),
        variables={v.name: _digest(type_to_json(v.type)) for v in model.variables},
        actions={action.name: _digest(_action(action)) for action in model.actions},
        properties={
            p.name: Meaning(p.kind.value, _digest([p.kind.value, texts[p.name]]), texts[p.name])
            for p in model.properties
        },
    )


def _digest(document: Any) -> str:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _init(model: Model) -> list[Any]:
    """What an `@init` says, for a model whose initial values do not say all."""
    if model.init is None:
        return []
    clauses = [_clause(clause, {}) for clause in model.init.clauses]
    assumed = [text_of(judged.expr) for judged in model.init.assumed]
    return [[list(model.init.unknown), clauses, assumed]]


def _action(action: Action) -> Any:
    names: dict[str, str] = {}
    parameters = [
        [p.name, _name(p.local, names), type_to_json(p.type),
         None if p.drawn_from is None else _nodes(p.drawn_from, names)]
        for p in action.parameters
    ]  # fmt: skip
    clauses = [_clause(clause, names) for clause in action.clauses]
    updates = [[name, _nodes(value, names)] for name, value in action.updates]
    return [action.budget, parameters, clauses, updates]


def _clause(clause: Clause, names: dict[str, str]) -> Any:
    domain = None if clause.domain is None else type_to_json(clause.domain)
    return [clause.kind.value, _nodes(clause.path, names), _nodes(clause.expr, names), domain]


def text_of(expr: Expr) -> str:
    """An expression as text, with every type in it; what it shares is written once."""
    return json.dumps(_nodes(expr, {}), ensure_ascii=False, separators=(",", ":"))


def _name(name: str, names: dict[str, str]) -> str:
    """A bound name as its number: the first one met is 1."""
    return names.setdefault(name, str(len(names) + 1))


def _nodes(expr: Expr, names: dict[str, str]) -> Any:
    """The types, then the nodes: operator, number of its type, data, numbers of its arguments."""
    types: dict[Type, int] = {}
    numbers: dict[int, int] = {}
    rows: list[Any] = []
    for part in postorder((expr,)):
        numbers[id(part)] = len(rows)
        type = types.setdefault(part.type, len(types))
        arguments = [numbers[id(argument)] for argument in part.args]
        rows.append([part.op.name.lower(), type, _data(part, types, names), *arguments])
    return [[type_to_json(type) for type in types], rows]


def _data(expr: Expr, types: dict[Type, int], names: dict[str, str]) -> Any:
    match expr.data:
        case value if expr.op is Op.CONST:
            return to_json(expr.type, value)
        case Binders(bound, of, has_default):
            numbered = [types.setdefault(type, len(types)) for type in of]
            return [[_name(name, names) for name in bound], numbered, has_default]
        case str(name):
            return _name(name, names) if expr.op is Op.LOCAL else name
        case None:
            return None
        case _ if expr.op is Op.DOMAIN:
            return types.setdefault(expr.data, len(types))  # type: ignore[arg-type]
        case other:
            raise AssertionError(f"{expr.op.name} has data {other!r}")


def expression_in(text: str) -> Expr:
    """The inverse of `text_of`, bound names apart; raises `ValueError` for anything else."""
    try:
        types, rows = json.loads(text)
        known = [type_from_json(type) for type in types]
        built: list[Expr] = []
        for row in rows:
            built.append(_built(row, known, built))
        return built[-1]
    except (TypeError, KeyError, IndexError, AssertionError, RecursionError) as error:
        raise ValueError(f"not an expression: {error}") from None


def _built(row: Any, types: list[Type], built: list[Expr]) -> Expr:
    name, type, data, *arguments = row
    op = Op[name.upper()]
    return node(op, tuple(built[n] for n in arguments), types[type], _read(op, types, type, data))


def _read(op: Op, types: list[Type], type: int, data: Any) -> Any:
    if op is Op.CONST:
        return from_json(types[type], data)
    if op is Op.DOMAIN:
        return types[data]
    if op is Op.LOCAL:
        return f"was.{data}"
    if isinstance(data, list):
        names, numbers, has_default = data
        return Binders(
            tuple(f"was.{name}" for name in names), tuple(types[n] for n in numbers), has_default
        )
    return data


def names_in(expr: Expr) -> Iterator[tuple[str, Type]]:
    """The variables that an expression reads, with the types that it takes them to have."""
    for part in postorder((expr,)):
        if part.op in (Op.VARIABLE, Op.NEXT):
            yield str(part.data), part.type
