"""Calls: helper methods, records, and the functions of Python that are part of the language."""

from __future__ import annotations

import ast
import dataclasses
from typing import Any

from checker.ir.expr import Expr
from checker.ir.types import MapType, RecordType, SetType, TupleType, Type
from checker.ir.values import outside
from checker.lang.declaration import MethodDeclaration
from checker.lang.errors import SpecError
from checker.lang.lower.access import (
    CALL_OF_ACTION,
    MISSING,
    python_constant,
    static_value,
    unknown_attribute,
    unknown_name,
)
from checker.lang.lower.build import constant, field, record
from checker.lang.lower.check import expect_kept, lifted, value
from checker.lang.lower.functions import FUNCTIONS
from checker.lang.lower.helpers import call_function, call_property
from checker.lang.lower.place import Place
from checker.lang.lower.refused import refused_function
from checker.lang.lower.types import describe
from checker.lang.suggest import did_you_mean


def call(place: Place, node: ast.Call, expected: Type | None) -> Expr:
    """`self.helper(…)`, `Record(…)`, `len(…)`."""
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        if isinstance(argument, ast.Starred):
            help = "write the arguments one by one"
            raise place.error("S070", "a starred argument", argument, help)
    if any(keyword.arg is None for keyword in node.keywords):
        raise place.error("S070", "a starred argument", node, "write the arguments one by one")
    match node.func:
        case ast.Attribute(ast.Name(state), method) if state in place.views:
            return _method(place, node, node.func, state, method)
        case ast.Call(ast.Name("super")):
            help = "put what both versions share in a helper method"
            raise place.error("S080", "`super()` is not part of the language", node.func, help)
    found = static_value(place, node.func)
    if found is MISSING:
        raise _not_a_function(place, node)
    known = place.context.type_of_class(found)
    if isinstance(known, RecordType):
        return _record(place, node, found, known)
    if found is dataclasses.replace:
        return _replace(place, node)
    if callable(found) and found in place.context.property_functions:
        return _property(place, node, place.context.property_functions[found])
    if callable(found) and found in FUNCTIONS:
        return FUNCTIONS[found](place, node, expected)
    raise refused_function(place, node, found)


def _method(place: Place, node: ast.Call, func: ast.Attribute, state: str, name: str) -> Expr:
    context = place.context
    if name in context.actions:
        raise place.error_at_name("S081", f"`{name}` is an action", func, CALL_OF_ACTION)
    method = context.declaration.helpers.get(name) or context.properties.get(name)
    if method is None:
        if name in context.variables or name in context.settings:
            message = f"`{state}.{name}` is not a method"
            raise place.error("S076", message, func, f"a map is read with `{state}.{name}[key]`")
        raise unknown_attribute(place, func)
    if method.result is None and name not in context.properties:
        help = "call it as a statement, in an action or in a helper that changes the state"
        raise place.error("S063", f"`{name}` returns no value", node, help)
    return call_function(place, node, method, place.views[state])


def _property(place: Place, node: ast.Call, method: MethodDeclaration) -> Expr:
    """A property that stands outside of the class, called with a state."""
    match node.args:
        case [ast.Name(state)] if state in place.views and not node.keywords:
            return call_property(place, node, method, place.views[state])
    known = next(iter(place.views), "self")
    help = f"write `{method.name}({known})`"
    raise place.error("S083", f"`{method.name}` is a property of a state", node, help)


def _not_a_function(place: Place, node: ast.Call) -> Exception:
    if isinstance(node.func, ast.Name) and node.func.id not in place.locals:
        return unknown_name(place, node.func)
    if isinstance(node.func, ast.Attribute):
        owner = place.read(node.func.value)
        return _method_of_value(place, node, node.func, owner)
    help = "functions are helper methods, records, and the functions of the language"
    return place.error("S076", f"`{place.text(node.func)}` is not a function", node.func, help)


def _method_of_value(place: Place, node: ast.Call, func: ast.Attribute, owner: Expr) -> SpecError:
    text = place.text(func.value)
    empty = "()" if isinstance(owner.type, TupleType) else "frozenset()"
    given = ", ".join(map(place.text, node.args)) or "x"
    instead = {
        "add": f"`{text} |= {{{given}}}`",
        "remove": f"`{text} -= {{{given}}}`",
        "discard": f"`{text} -= {{{given}}}`",
        "update": f"`{text} |= {given}`",
        "union": f"`{text} | {given}`",
        "intersection": f"`{text} & {given}`",
        "difference": f"`{text} - {given}`",
        "symmetric_difference": f"`{text} ^ {given}`",
        "issubset": f"`{text} <= {given}`",
        "issuperset": f"`{text} >= {given}`",
        "append": f"`{text} += ({given},)`",
        "extend": f"`{text} += {given}`",
        "pop": f"`{text} = {text}[:-1]`",
        "clear": f"`{text} = {empty}`",
        "get": f"`{text}[{given.partition(',')[0]}]`: a map has every key",
        "count": f"`sum(1 for item in {text} if item == {given})`",
        "index": f"`next(i for i in range(len({text})) if {text}[i] == {given})`",
    }
    if isinstance(owner.type, SetType):
        del instead["pop"]
    if isinstance(owner.type, MapType):
        instead["update"] = f"`{text}[key] = …`"
    kind = describe(owner.type)
    if func.attr in instead and isinstance(owner.type, TupleType | SetType | MapType):
        help = f"values do not change in place: write {instead[func.attr]}"
    else:
        help = "write an operator, or a helper method of the spec"
    return place.error_at_name("S080", f"a method of {kind}: `.{func.attr}(…)`", func, help)


def _record(place: Place, node: ast.Call, cls: Any, type: RecordType) -> Expr:
    names = [field.name for field in dataclasses.fields(cls) if not field.kw_only]
    if len(node.args) > len(names):
        help = f"{type} has {', '.join(name for name, _ in type.fields)}"
        raise place.error("S083", "too many values", node.args[len(names)], help)
    given: dict[str, ast.expr] = dict(zip(names, node.args, strict=False))
    for keyword in node.keywords:
        _add_field(place, given, type, keyword)
    fields = []
    for name, of in type.fields:
        if name in given:
            fields.append(expect_kept(place, given[name], of, "S093"))
        else:
            fields.append(_default(place, node, cls, name, of))
    return record(type, tuple(fields), place.span(node))


def _add_field(
    place: Place, given: dict[str, ast.expr], type: RecordType, keyword: ast.keyword
) -> None:
    names = [name for name, _ in type.fields]
    assert keyword.arg is not None
    if keyword.arg not in names:
        help = did_you_mean(keyword.arg, names, f"{type} has")
        raise place.error("S042", f"{type} has no field `{keyword.arg}`", keyword, help)
    if keyword.arg in given:
        message = f"`{keyword.arg}` is given twice"
        raise place.error("S083", message, keyword, "leave one of them out")
    given[keyword.arg] = keyword.value


def _default(place: Place, node: ast.Call, cls: Any, name: str, of: Type) -> Expr:
    default = cls.__dataclass_fields__[name].default
    if default is dataclasses.MISSING:
        help = f"add `{name}=…`, of type {describe(of)}"
        raise place.error("S083", f"`{name}` is missing", node, help)
    typed = python_constant(place, default, of)
    if typed is None:
        help = f"give `{name}` here, or a constant as its default"
        raise place.error("S045", f"the default of `{name}` is not a constant", node, help)
    found, type = typed
    # A default may be outside its domain: that is noticed where the record is assigned.
    kept = of if outside(of, found) is None else type
    return lifted(constant(found, kept, place.span(node)), of)


def _replace(place: Place, node: ast.Call) -> Expr:
    if len(node.args) != 1:
        help = "write `replace(record, field=…)`"
        raise place.error("S083", "`replace` takes one record", node, help)
    old = value(place, node.args[0])
    if not isinstance(old.type, RecordType):
        message = f"expected a record, got {describe(old.type)}"
        raise place.error("S093", message, node.args[0], "only frozen dataclasses have fields")
    given: dict[str, ast.expr] = {}
    for keyword in node.keywords:
        _add_field(place, given, old.type, keyword)
    declared = _declared(place, old.type)
    fields = tuple(
        expect_kept(place, given[name], of, "S093") if name in given else field(old, name)
        for name, of in declared.fields
    )
    return record(declared, fields, place.span(node))


def _declared(place: Place, type: RecordType) -> RecordType:
    """A record's type as declared: that of a value may know more about its fields."""
    for known in place.context.declaration.types.values():
        if isinstance(known, RecordType) and known.name == type.name:
            return known
    return type
