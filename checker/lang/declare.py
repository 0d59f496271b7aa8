"""`declare`: everything that a spec class says, read from the class and its source."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from types import FunctionType, ModuleType
from typing import Any

from checker.ir.expr import Span
from checker.ir.types import BoolType, EnumType, IntType
from checker.ir.values import bare_sort
from checker.lang import signatures
from checker.lang.annotations import Place, Resolver
from checker.lang.choices import admits, chosen_scope, chosen_setting
from checker.lang.declaration import (
    Declaration,
    InitDeclaration,
    MethodDeclaration,
    PropertyDeclaration,
    SettingDeclaration,
    VariableDeclaration,
)
from checker.lang.domains import Sort
from checker.lang.errors import SpecError
from checker.lang.members import Attribute, Member, Method, members_of, name_span
from checker.lang.sources import Sources
from checker.lang.spec import ActionMark, InitMark, PropertyMark, Spec, marks_of
from checker.lang.suggest import did_you_mean


def declare(
    spec: type[Spec],
    scope: Mapping[str, int] | None = None,
    settings: Mapping[str, Any] | None = None,
    modules: Sequence[ModuleType] = (),
) -> Declaration:
    """What a spec declares, its scope and settings fixed; `modules` may hold its properties.

    Scope entries and settings that are not given have their defaults. A setting may be given as
    its value or as text. Raises `SpecError` at the first mistake, in source order.
    """
    sources = Sources()
    chosen = chosen_scope(spec, scope, sources)
    members = members_of(spec, sources)
    resolver = Resolver(chosen, spec.__name__, sources)
    attributes = {n: m for n, m in members.items() if isinstance(m, Attribute)}
    methods = [member for member in members.values() if isinstance(member, Method)]
    found_settings = _settings(spec, attributes, resolver, settings or {})
    init = _init(attributes, methods)
    unknown = frozenset[str]() if init is None else frozenset(init.unknown)
    variables = tuple(
        _variable(name, attribute, resolver, name in unknown)
        for name, attribute in attributes.items()
        if not attribute.is_setting
    )
    actions = tuple(
        signatures.action(method, resolver)
        for method in methods
        if isinstance(method.mark, ActionMark)
    )
    helpers = {m.node.name: signatures.helper(m, resolver) for m in methods if m.mark is None}
    properties = _properties(spec, methods, modules, sources)
    _check_complete(spec, sources, members, actions)
    _add_types_in_reach(resolver, members, properties)
    return Declaration(
        spec=spec,
        name=spec_name(spec),
        doc=inspect.cleandoc(spec.__doc__ or ""),
        scope=chosen,
        settings=found_settings,
        variables=variables,
        actions=actions,
        helpers=helpers,
        properties=properties,
        types=resolver.types,
        init=init,
    )


def is_abstract(spec: type[Spec]) -> bool:
    """Whether a spec is only a base for others: it says so, or it has no action."""
    if vars(spec).get("abstract", False):
        return True
    return not any(
        isinstance(mark, ActionMark)
        for name in dir(spec)
        for mark in marks_of(inspect.getattr_static(spec, name))
    )


def spec_name(spec: type[Spec]) -> str:
    """The name to show: the module below `specs` for a spec of ours, else the class's."""
    package, _, module = spec.__module__.partition(".")
    return module if package == "specs" and module else spec.__name__


def _settings(
    spec: type[Spec],
    attributes: Mapping[str, Attribute],
    resolver: Resolver,
    given: Mapping[str, Any],
) -> tuple[SettingDeclaration, ...]:
    declared = {n: a for n, a in attributes.items() if a.is_setting}
    for name in given:
        if name not in declared:
            help = did_you_mean(name, declared, f"settings of {spec.__name__}")
            raise SpecError("S014", f"{spec.__name__} has no setting {name}", help=help)
    found = []
    for name, attribute in declared.items():
        setting = _setting(spec, name, attribute, resolver)
        if name in given:
            value = chosen_setting(setting, given[name])
            setting = dataclasses.replace(setting, value=value)
        found.append(setting)
    return tuple(found)


def _setting(
    spec: type[Spec], name: str, attribute: Attribute, resolver: Resolver
) -> SettingDeclaration:
    source = attribute.owner.source
    place = Place(attribute.owner.code(attribute.node.annotation))
    type = resolver.resolve(attribute.annotation, place)
    if not isinstance(type, BoolType | EnumType | IntType):
        help = "a setting is an Enum, a bool or a bounded int"
        raise SpecError("S013", f"the setting {name} cannot be {type}", place.span, help)
    if attribute.initial is None:
        help = f"write `{name}: {ast.unparse(attribute.node.annotation)} = …`"
        raise SpecError("S013", f"the setting {name} has no default", attribute.span, help)
    default = getattr(spec, name)
    classes = tuple(cls for cls, known in resolver.types.items() if known == type)
    if not (isinstance(default, classes) if classes else admits(type, default, default)):
        at = source.span(attribute.initial)
        help = f"choose a value of {type}"
        raise SpecError("S015", f"the default of {name} is not in its domain {type}", at, help)
    return SettingDeclaration(name, type, default, default, attribute.doc, attribute.span)


def _init(attributes: Mapping[str, Attribute], methods: Sequence[Method]) -> InitDeclaration | None:
    """What `@init` says, if there is one; there may be no two."""
    found = [method for method in methods if isinstance(method.mark, InitMark)]
    if len(found) > 1:
        first, second = found[0], found[1]
        help = f"write one method, or name it `{first.node.name}` to replace the inherited one"
        message = f"`{second.node.name}` is a second `@init`"
        raise SpecError("S027", message, second.span, help)
    variables = [name for name, attribute in attributes.items() if not attribute.is_setting]
    return signatures.init(found[0], variables) if found else None


def _variable(
    name: str, attribute: Attribute, resolver: Resolver, is_unknown: bool
) -> VariableDeclaration:
    source = attribute.owner.source
    place = Place(attribute.owner.code(attribute.node.annotation))
    type = resolver.resolve(attribute.annotation, place)
    initial = attribute.initial
    if initial is None:
        sort = bare_sort(type)
        if sort is not None and not is_unknown:
            raise _no_first_member(name, sort, attribute.span)
        return VariableDeclaration(name, type, None, attribute.doc, attribute.span)
    _check_immutable(initial, source.span(initial), type)
    code = attribute.owner.code(initial)
    return VariableDeclaration(name, type, code, attribute.doc, attribute.span)


def _no_first_member(name: str, sort: str, span: Span) -> SpecError:
    help = f"use `{sort} | None`, which begins as None: members of a sort are interchangeable"
    return SpecError("S021", f"`{name}` needs an initial value: no {sort} comes first", span, help)


def _check_immutable(initial: ast.expr, span: Span, type: object) -> None:
    match initial:
        case ast.Dict(keys=[]) | ast.Call(ast.Name("dict"), [], []):
            instead = "leave it out: a map begins with the first value for each key"
        case ast.List() | ast.ListComp() | ast.Call(ast.Name("list")):
            instead = "write a tuple: `()`, `(x,)`"
        case ast.Set() | ast.SetComp() | ast.Call(ast.Name("set")):
            instead = "write `frozenset()`, `frozenset({x})`, `frozenset(Replica)`"
        case _:
            return
    raise SpecError("S010", "a mutable initial value", span, instead)


def _properties(
    spec: type[Spec],
    methods: Sequence[Method],
    modules: Sequence[ModuleType],
    sources: Sources,
) -> tuple[PropertyDeclaration, ...]:
    own = [signatures.property_method(m) for m in methods if isinstance(m.mark, PropertyMark)]
    functions = list(dict.fromkeys(_marked_functions(modules)))
    found = [*own, *signatures.property_functions(functions, spec, sources)]
    names: set[str] = set()
    for declared in found:
        name = declared.method.name
        if name in names:
            help = "rename one of them: a property is known by its name"
            message = f"two properties of {spec.__name__} are named {name}"
            raise SpecError("S017", message, name_span(declared.method.code), help)
        names.add(name)
    return tuple(found)


def _marked_functions(modules: Sequence[ModuleType]) -> Iterator[FunctionType]:
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, FunctionType):
                if any(isinstance(mark, PropertyMark) for mark in marks_of(value)):
                    yield value


def _check_complete(
    spec: type[Spec],
    sources: Sources,
    members: Mapping[str, Member],
    actions: Sequence[MethodDeclaration],
) -> None:
    own = sources.of_class(spec)
    span = own.source.span(own.node)
    span = Span(span.file, span.line, span.column, span.line, span.column + len("class "))
    if vars(spec).get("abstract", False):
        help = "check a subclass of it, or remove `abstract = True`"
        raise SpecError("S016", f"{spec.__name__} is abstract", span, help)
    if not any(isinstance(m, Attribute) and not m.is_setting for m in members.values()):
        help = "a variable is an annotated attribute: `term: Annotated[int, Range(0, 5)]`"
        raise SpecError("S016", f"{spec.__name__} has no variables", span, help)
    missing = [
        m.node.name
        for m in members.values()
        if isinstance(m, Method) and getattr(m.function, "__isabstractmethod__", False)
    ]
    if missing:
        help = f"define `{missing[0]}` in {spec.__name__}"
        raise SpecError("S016", f"{spec.__name__} leaves {missing[0]} abstract", span, help)
    if not actions:
        help = "decorate what may happen with `@action`"
        raise SpecError("S016", f"{spec.__name__} has no actions", span, help)


def _add_types_in_reach(
    resolver: Resolver, members: Mapping[str, Member], properties: Sequence[PropertyDeclaration]
) -> None:
    """Classes that only method bodies name have types too; one that is no domain has none."""
    codes = {id(m.owner.names): m.owner.code(m.node) for m in members.values()}
    codes |= {id(p.method.code.names): p.method.code for p in properties}
    for code in codes.values():
        for value in list(code.names.values()):
            if isinstance(value, type) and _is_domain(value):
                with suppress(SpecError):
                    resolver.resolve(value, Place(code, is_exact=False))


def _is_domain(cls: type) -> bool:
    return issubclass(cls, Sort | Enum) or dataclasses.is_dataclass(cls)
