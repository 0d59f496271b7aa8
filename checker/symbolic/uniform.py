"""Whether a spec is one and the same model in every scope, but for the bounds of its domains.

Only then does lifting those bounds say something of every scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any

from checker.ir.expr import Binders, Expr, postorder
from checker.ir.model import Clause, ClauseKind, Model
from checker.ir.ops import Op
from checker.ir.sanity_check import roots
from checker.ir.types import (
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.symbolic.fits import lifted


def is_uniform(proved: Model, other: Model, lift: Set[str]) -> bool:
    """Whether what is proved of one model, these bounds lifted, is true of the other, too.

    They differ in nothing but these bounds. The other may lack actions that its scope forbids, and
    clauses that can never fail in it; not so the one that is proved.
    """
    shapes: dict[object, int] = {}
    one, two = _Shape(proved, lift, shapes), _Shape(other, lift, shapes)
    return (
        one.declared == two.declared
        and two.actions.keys() <= one.actions.keys()
        and all(_is_thinner(two.actions[name], one.actions[name]) for name in two.actions)
    )


def _is_thinner(action: _Action, other: _Action) -> bool:
    """Whether two actions are the same, but that one lacks clauses that always hold there."""
    mine, theirs = list(action.clauses), list(other.clauses)
    for clause in theirs:
        if mine and mine[0] == clause:
            mine.pop(0)
        elif clause[0] is ClauseKind.REQUIRE:
            return False
    return not mine and (action.parameters, action.updates) == (other.parameters, other.updates)


def liftable(model: Model) -> tuple[str, ...]:
    """The names of the scope that are bounds; the others are sizes of sorts, which stay finite."""
    types: list[Type] = [variable.type for variable in model.variables]
    types += [parameter.type for action in model.actions for parameter in action.parameters]
    nodes = postorder(tuple(root for root, _ in roots(model)))
    sizes = {name for type in (*types, *(node.type for node in nodes)) for name in _sorts(type)}
    return tuple(name for name in model.scope if name not in sizes)


def _sorts(type: Any) -> Iterator[str]:
    if isinstance(type, SortType):
        yield type.name
    for attribute in ("of", "key", "value"):
        if hasattr(type, attribute):
            yield from _sorts(getattr(type, attribute))
    for _, field in getattr(type, "fields", ()):
        yield from _sorts(field)


@dataclass(frozen=True, slots=True)
class _Action:
    """What an action is, once bounds are lifted; expressions are numbers."""

    parameters: tuple[object, ...]
    clauses: tuple[tuple[object, ...], ...]
    updates: tuple[object, ...]


class _Shape:
    """All of a model that matters once bounds are lifted. Expressions of one shape have one number.

    `shapes` are the numbers known; it grows, and two models that share it can be compared.
    """

    def __init__(self, model: Model, lift: Set[str], shapes: dict[object, int]) -> None:
        numbers: dict[Expr, int] = {}
        for node in postorder(tuple(root for root, _ in roots(model))):
            shape = (node.op, tuple(numbers[arg] for arg in node.args), _data(node, lift))
            numbers[node] = shapes.setdefault(shape, len(shapes))

        def clauses(of: Iterable[Clause]) -> tuple[tuple[object, ...], ...]:
            return tuple(
                (
                    clause.kind,
                    numbers[clause.path],
                    numbers[clause.expr],
                    None if clause.domain is None else lifted(clause.domain, lift),
                )
                for clause in of
            )

        init = model.init
        self.declared = (
            [(v.name, lifted(v.type, lift), numbers[v.initial]) for v in model.variables],
            None if init is None else (init.unknown, clauses(init.clauses)),
            [(judged.name, judged.kind, numbers[judged.expr]) for judged in model.properties],
        )
        self.actions = {
            action.name: _Action(
                tuple((p.name, lifted(p.type, lift)) for p in action.parameters),
                clauses(action.clauses),
                tuple((name, numbers[value]) for name, value in action.updates),
            )
            for action in model.actions
        }


def _data(node: Expr, lift: Set[str]) -> object:
    data: Any = node.data
    if isinstance(data, Binders):
        return data.names, data.has_default
    if node.op is Op.DOMAIN:
        return lifted(data, lift)
    if node.op is Op.CONST:
        return data.__class__, _constant(node.type, data, lift)
    return data.__class__, data


def _constant(type: Type, value: Any, lift: Set[str]) -> object:
    """A known value; of a map whose keys have no bound, the value that they all have."""
    match type:
        case MapType(key, of):
            values = tuple(_constant(of, item, lift) for item in value)
            is_same = lifted(key, lift) != key and len(set(values)) == 1
            return ("everywhere", values[0]) if is_same else values
        case RecordType(_, fields):
            pairs = zip(fields, value, strict=True)
            return tuple(_constant(field, part, lift) for (_, field), part in pairs)
        case OptionType(of):
            return None if value is None else (_constant(of, value, lift),)
        case TupleType(of):
            return tuple(_constant(of, item, lift) for item in value)
        case SetType(of):
            return frozenset(_constant(of, item, lift) for item in value)
        case _:
            return value
