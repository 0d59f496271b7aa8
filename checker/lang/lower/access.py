"""Names, attributes and subscripts."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from enum import Enum
from types import ModuleType
from typing import Any, Final

from checker.ir.expr import Expr, Value
from checker.ir.expr import node as make
from checker.ir.ops import Op
from checker.ir.types import (
    BOOL,
    INT,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
    compatible,
    join,
)
from checker.lang.lower.build import constant, field, select
from checker.lang.lower.check import expect_value, value
from checker.lang.lower.place import BodyKind, Place
from checker.lang.lower.types import describe
from checker.lang.suggest import did_you_mean

MISSING: Final = object()


def name(place: Place, node: ast.Name, expected: Type | None) -> Expr:
    """A local, a parameter, a bound name, or a constant of the module."""
    if node.id in place.unsure:
        help = f"give `{node.id}` a value on every path that leads here"
        raise place.error("S046", f"`{node.id}` may have no value here", node, help)
    if node.id in place.locals:
        place.body.reads.add(node.id)
        return place.locals[node.id].expr
    if node.id in place.views:
        help = f"read one variable of it: {_some_attributes(place, node.id)}"
        raise place.error("S044", f"the state `{node.id}` used as a value", node, help)
    if node.id in place.body.assigned:
        help = f"assign to `{node.id}` before it is read"
        raise place.error("S046", f"`{node.id}` has no value yet", node, help)
    if place.body.kind is BodyKind.INITIAL:
        if node.id in place.context.settings:
            return _setting(place, node, node.id)
        if node.id in place.context.variables:
            raise unknown_name(place, node)
    found = static_value(place, node)
    if found is MISSING:
        raise unknown_name(place, node)
    return from_python(place, node, found, expected)


def _some_attributes(place: Place, state: str) -> str:
    names = list(place.context.variables)[:3]
    return ", ".join(f"`{state}.{name}`" for name in names)


def unknown_name(place: Place, node: ast.Name) -> Exception:
    """The mistake of a name that nothing has."""
    context = place.context
    if node.id in place.body.assigned:
        help = f"give the local another name: it hides `{node.id}` in the whole body"
        return place.error("S046", f"`{node.id}` has no value yet", node, help)
    members = [*context.variables, *context.settings, *context.declaration.helpers]
    if place.body.kind is BodyKind.INITIAL and node.id in context.variables:
        help = "write its initial value here too"
        message = f"an initial value that depends on the variable `{node.id}`"
        return place.error("S040", message, node, help)
    if node.id in members and place.views:
        call = "(…)" if node.id in context.declaration.helpers else ""
        help = f"did you mean {next(iter(place.views))}.{node.id}{call}?"
    else:
        own = [*place.locals, *place.views]
        close = did_you_mean(node.id, place.known_names(), "")
        help = close if close.startswith("did you mean") else f"known here: {', '.join(own)}"
    return place.error("S040", f"unknown name `{node.id}`", node, help)


def static_value(place: Place, node: ast.expr) -> Any:
    """The Python object that a dotted name of the module stands for, or `MISSING`."""
    match node:
        case ast.Name(id) if id in place.body.assigned:
            # To Python it is a local in the whole body, and has no value yet.
            return MISSING
        case ast.Name(id) if id not in place.locals and id not in place.views:
            found = place.body.code.names.get(id, MISSING)
            return getattr(builtins, id, MISSING) if found is MISSING else found
        case ast.Attribute(owner, attribute):
            module = static_value(place, owner)
            if isinstance(module, ModuleType):
                return getattr(module, attribute, MISSING)
    return MISSING


def from_python(place: Place, node: ast.expr, found: Any, expected: Type | None) -> Expr:
    """A constant of the module as an expression; a mistake if it is no value of the language."""
    typed = python_constant(place, found, expected)
    if typed is not None:
        return constant(*typed, place.span(node))
    text = place.text(node)
    if isinstance(found, type):
        known = place.context.type_of_class(found)
        if isinstance(known, SortType | EnumType):
            help = f"all its members are `frozenset({text})`; or go through them with `for`"
        elif isinstance(known, RecordType):
            help = f"make one with `{text}({', '.join(f'{n}=…' for n, _ in known.fields)})`"
        else:
            help = "classes of the language are sorts, enumerations and frozen dataclasses"
        raise place.error("S044", f"the class `{text}` used as a value", node, help)
    if callable(found):
        raise place.error("S044", f"the function `{text}` used as a value", node, "call it")
    if isinstance(found, ModuleType):
        raise place.error("S044", f"the module `{text}` used as a value", node)
    help = "constants are bool, int, members of an Enum, frozen dataclasses, tuples, frozensets"
    message = f"`{text}` is a {type(found).__name__}, not a value of the language"
    raise place.error("S045", message, node, help)


def python_constant(place: Place, found: Any, expected: Type | None) -> tuple[Value, Type] | None:
    """The value of a Python object in canonical form, with its type; `None` if it has none."""
    if isinstance(found, bool):
        return found, BOOL
    if isinstance(found, int) and not isinstance(found, Enum):
        return found, IntType(found, found)
    cls = place.context.type_of_class(type(found))
    match cls:
        case EnumType():
            return cls.members.index(found.name), cls
        case RecordType(cls_name, fields):
            given = [python_constant(place, getattr(found, n), t) for n, t in fields]
            items = [item for item in given if item is not None]
            if len(items) < len(fields):
                return None
            known = tuple((n, t) for (n, _), (_, t) in zip(fields, items, strict=True))
            return tuple(item for item, _ in items), RecordType(cls_name, known)
    if found is None and expected is not None:
        return None, expected if isinstance(expected, OptionType) else OptionType(expected)
    if isinstance(found, tuple | frozenset) and not hasattr(found, "_fields"):
        return _python_collection(place, found, expected)
    return None


def _python_collection(
    place: Place, found: Any, expected: Type | None
) -> tuple[Value, Type] | None:
    of = expected.of if isinstance(expected, TupleType | SetType) else None
    items = [python_constant(place, item, of) for item in found]
    types = [item[1] for item in items if item is not None]
    if len(types) < len(items) or (of is None and not items):
        return None
    first = types[0] if types else of
    assert first is not None
    for other in types[1:]:
        if not compatible(first, other):
            return None
        first = join(first, other)
    values = [item[0] for item in items if item is not None]
    if isinstance(found, tuple):
        return tuple(values), TupleType(first, len(values))
    return frozenset(values), SetType(first)


def attribute(place: Place, node: ast.Attribute, expected: Type | None) -> Expr:
    """`self.x`, a field of a record, a member of an enumeration, a constant of another module."""
    if isinstance(node.value, ast.Name) and node.value.id in place.views:
        return _of_state(place, node, node.value.id)
    owner = static_value(place, node.value)
    if isinstance(owner, type) and issubclass(owner, Enum):
        return _member(place, node, owner)
    if owner is not MISSING and isinstance(owner, ModuleType):
        found = getattr(owner, node.attr, MISSING)
        if found is MISSING:
            known = [name for name in vars(owner) if not name.startswith("_")]
            help = did_you_mean(node.attr, known, "it has")
            message = f"module `{place.text(node.value)}` has no `{node.attr}`"
            raise place.error("S040", message, node, help)
        return from_python(place, node, found, expected)
    record = value(place, node.value)
    if isinstance(record.type, RecordType):
        names = [name for name, _ in record.type.fields]
        if node.attr in names:
            return field(record, node.attr, place.span(node))
        help = did_you_mean(node.attr, names, f"{record.type} has")
        raise place.error_at_name("S042", f"{record.type} has no field `{node.attr}`", node, help)
    message = f"{describe(record.type)} has no fields"
    raise place.error_at_name("S095", message, node, _instead_of_attribute(node, record.type))


def _instead_of_attribute(node: ast.Attribute, type: Type) -> str:
    if isinstance(type, EnumType):
        return f"compare it with a member: `== {type.name}.{type.members[0]}`"
    if isinstance(type, MapType):
        return "read one value of it first, with `[key]`"
    return "only records, that is frozen dataclasses, have fields"


def _member(place: Place, node: ast.Attribute, owner: type[Enum]) -> Expr:
    members = list(owner.__members__)
    if node.attr not in members:
        help = did_you_mean(node.attr, members, f"{owner.__name__} has")
        message = f"{owner.__name__} has no member `{node.attr}`"
        raise place.error_at_name("S043", message, node, help)
    return from_python(place, node, owner[node.attr], None)


def _of_state(place: Place, node: ast.Attribute, state: str) -> Expr:
    context = place.context
    if node.attr in place.views[state].values:
        return place.views[state].values[node.attr]
    if node.attr in context.settings:
        return _setting(place, node, node.attr)
    text = place.text(node)
    if node.attr in context.declaration.helpers or node.attr in context.properties:
        help = f"call it: `{text}(…)`"
        raise place.error("S049", f"`{text}` is a method, and is not called", node, help)
    if node.attr in context.actions:
        raise place.error_at_name("S081", f"`{node.attr}` is an action", node, CALL_OF_ACTION)
    raise unknown_attribute(place, node)


def _setting(place: Place, node: ast.expr, name: str) -> Expr:
    """The value that a setting has in this run."""
    setting = place.context.settings[name]
    typed = python_constant(place, setting.value, setting.type)
    assert typed is not None, f"setting {name} has the value {setting.value!r}"
    type = typed[1] if isinstance(typed[1], IntType) else setting.type
    return constant(typed[0], type, place.span(node))


CALL_OF_ACTION: Final = "a step is one action: put what they share in a helper method"


def unknown_attribute(place: Place, node: ast.Attribute) -> Exception:
    """The mistake of an attribute that the state does not have."""
    help = did_you_mean(node.attr, _attributes(place), "the state has")
    help = help.replace("did you mean ", f"did you mean {place.text(node.value)}.")
    if node.attr == "scope":
        help = "the scope's bounds are not values: `len(Replica)` is the size of a sort"
    spec = place.context.declaration.spec.__name__
    return place.error_at_name("S041", f"{spec} has no attribute `{node.attr}`", node, help)


def _attributes(place: Place) -> Iterator[str]:
    context = place.context
    yield from context.variables
    yield from context.settings
    yield from context.declaration.helpers


def subscript(place: Place, node: ast.Subscript, expected: Type | None) -> Expr:
    """`map[key]`, `tuple[index]`, `tuple[from:to]`."""
    cls = static_value(place, node.value)
    if cls is not MISSING and place.context.type_of_class(cls) is not None:
        return _member_by_position(place, node, cls)
    if isinstance(node.slice, ast.Slice):
        return _slice(place, node, node.slice, expected)
    # The key's type says nothing about the element's: no hint goes down.
    found = value(place, node.value)
    span = place.span(node)
    match found.type:
        case MapType(key_type):
            key = expect_value(place, node.slice, key_type, "S087")
            return select(found, key, span)
        case TupleType(of):
            index = expect_value(place, node.slice, INT, "S087")
            return make(Op.INDEX, (found, index), of, span=span)
        case _:
            message = f"{describe(found.type)} has no elements to index"
            help = "a set has no order: use `in`, or a comprehension"
            raise place.error("S095", message, node.value, _if_set(found.type, help))


def _if_set(type: Type, help: str) -> str:
    return help if isinstance(type, SetType) else "maps and tuples have"


def _member_by_position(place: Place, node: ast.Subscript, cls: Any) -> Expr:
    type = place.context.type_of_class(cls)
    index = node.slice
    if (
        place.body.kind is BodyKind.INITIAL
        and isinstance(type, SortType)
        and isinstance(index, ast.Constant)
        and isinstance(index.value, int)
    ):
        if 0 <= index.value < type.size:
            return constant(index.value, type, place.span(node))
        message = f"{type} has {type.size} members in this scope"
        raise place.error("S099", message, node, "begin with one that every scope has: [0]")
    help = f"its members are interchangeable: take a parameter, or `for member in {cls.__name__}`"
    if isinstance(type, EnumType):
        help = f"write its name: `{type.name}.{type.members[0]}`"
    raise place.error("S095", f"`{cls.__name__}` is not indexed", node, help)


def _slice(place: Place, node: ast.Subscript, part: ast.Slice, expected: Type | None) -> Expr:
    found = value(place, node.value, expected)
    if not isinstance(found.type, TupleType):
        message = f"{describe(found.type)} has no slices"
        raise place.error("S095", message, node.value, "only tuples have")
    if part.step is not None:
        help = "write the elements in order: `tuple(items[i] for i in range(…))`"
        raise place.error("S070", "a slice with a step", part.step, help)
    low, high = (_slice_bound(place, bound) for bound in (part.lower, part.upper))
    longest = found.type.max_length
    end = high.type
    is_prefix = isinstance(end, IntType) and end.low is not None and end.low >= 0
    if isinstance(end, IntType) and is_prefix and end.high is not None:
        longest = end.high if longest is None else min(longest, end.high)
    if found.type == TupleType(found.type.of, longest):
        type = found.type
    else:
        type = TupleType(found.type.of, longest)
    return make(Op.SLICE, (found, low, high), type, span=place.span(node))


def _slice_bound(place: Place, node: ast.expr | None) -> Expr:
    if node is None:
        return constant(None, OptionType(INT))
    # `items[:None]` is all of the items in Python: an optional would have two meanings.
    found = place.read(node, INT)
    if isinstance(found.type, IntType):
        return found
    help = f"write `some({place.text(node)})`" if isinstance(found.type, OptionType) else ""
    raise place.error("S087", f"expected int, got {describe(found.type)}", node, help)
