"""Whether a spec is one and the same model in every scope, but for the bounds of its domains.

Only then does lifting those bounds say something of every scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from checker.ir.expr import Binders, Expr, postorder
from checker.ir.model import Model
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


def is_uniform(a: Model, b: Model, lift: Set[str]) -> bool:
    """Whether two models differ in nothing but these bounds, which are lifted."""
    return list(_skeleton(a, lift)) == list(_skeleton(b, lift))


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


def _skeleton(model: Model, lift: Set[str]) -> Iterator[object]:
    """All of a model that matters once the bounds are lifted, in an order."""
    numbers: dict[Expr, int] = {}
    for node in postorder(tuple(root for root, _ in roots(model))):
        numbers[node] = len(numbers)
        yield node.op, tuple(numbers[arg] for arg in node.args), _data(node, lift)
    for variable in model.variables:
        yield variable.name, lifted(variable.type, lift), numbers[variable.initial]
    if model.init is not None:
        yield (
            model.init.unknown,
            tuple(
                (clause.kind, numbers[clause.path], numbers[clause.expr])
                for clause in model.init.clauses
            ),
        )
    for action in model.actions:
        yield action.name, tuple((p.name, lifted(p.type, lift)) for p in action.parameters)
        for clause in action.clauses:
            domain = None if clause.domain is None else lifted(clause.domain, lift)
            yield clause.kind, numbers[clause.path], numbers[clause.expr], domain
        yield tuple((name, numbers[value]) for name, value in action.updates)
    for judged in model.properties:
        yield judged.name, judged.kind, numbers[judged.expr]


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
