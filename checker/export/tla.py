"""A model as a module of TLA+ and a configuration of TLC.

The module has the names of the source: variables, actions, helper methods as operators, locals by
`LET`, properties, and what their docstrings say. Settings and scope are fixed, as in the model.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.export import binders, operators
from checker.export.actions import action_body, clause_texts, taken
from checker.export.layout import comment, definition, step_definition
from checker.export.library import definitions
from checker.export.names import Names
from checker.export.sets import constant
from checker.export.sharing import let
from checker.export.text import WIDTH, Bracketed, Infix, Level, Text, Word, indented
from checker.export.writer import Row, Writer
from checker.ir.expr import Expr
from checker.ir.model import Model, Parameter, PropertyKind, Variable
from checker.ir.ops import Op
from checker.ir.types import (
    EnumType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import members, show
from checker.lang.lower.names import Helper, SourceNames

ROWS: Mapping[Op, Row] = {**operators.ROWS, **binders.ROWS}


@dataclass(frozen=True, slots=True)
class TlaFiles:
    """The two files, and the name of the module, which theirs must be."""

    name: str
    module: str
    config: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the module is made of."""

    model: Model
    source: SourceNames
    writer: Writer
    sorts: Sequence[SortType]
    enums: Sequence[EnumType]


def to_tla(model: Model, source: SourceNames, name: str, doc: str, origin: str) -> TlaFiles:
    """The files for a model.

    `source` are the names in the spec's source, `doc` what its docstring says, `origin` a sentence
    on what was exported.
    """
    found = _parts(model, source)
    names = found.writer.names
    body = [
        *_variables(found),
        *_helpers(found),
        *_initial(found),
        *_actions(found),
        *_next(found),
        *_properties(found),
    ]
    head = [
        f" MODULE {name} ".center(WIDTH, "-"),
        *comment(doc, origin),
        "EXTENDS Integers, Sequences, FiniteSets, TLC",
        "",
        *_library(found),
        *_constants(found),
    ]
    module = "\n".join([*head, *body, "=" * WIDTH]) + "\n"
    return TlaFiles(name, module, _config(model, names, found.sorts))


def _parts(model: Model, source: SourceNames) -> _Parts:
    types = list(_types(model))
    sorts = [type for type in types if isinstance(type, SortType)]
    enums = [type for type in types if isinstance(type, EnumType)]
    taken = Names()
    wanted = [variable.name for variable in model.variables]
    wanted += [sort.name for sort in sorts] + [enum.name for enum in enums]
    wanted += [show(sort, member) for sort in sorts for member in members(sort)]
    wanted += [helper.name for helper in source.helpers]
    wanted += [action.name for action in model.actions]
    wanted += [judged.name for judged in model.properties]
    names = {name: taken.give(name) for name in wanted}
    return _Parts(
        model, source, Writer(ROWS, names, taken, source.calls, source.locals), sorts, enums
    )


def _types(model: Model) -> Iterator[Type]:
    """Every type that variables and parameters are made of, once, in the order of the source."""
    seen: set[Type] = set()
    stack = [p.type for action in reversed(model.actions) for p in reversed(action.parameters)]
    stack += [variable.type for variable in reversed(model.variables)]
    while stack:
        type = stack.pop()
        if type in seen:
            continue
        seen.add(type)
        yield type
        match type:
            case OptionType(of) | TupleType(of) | SetType(of):
                stack.append(of)
            case MapType(key, value):
                stack += [value, key]
            case RecordType(_, fields):
                stack += [of for _, of in reversed(fields)]


def _library(found: _Parts) -> list[str]:
    used = sorted(found.writer.used)
    return ["CONSTANT None  \\* what an optional holds if it holds nothing", ""] + [
        line for definition in definitions(used) for line in (*definition.splitlines(), "")
    ]


def _constants(found: _Parts) -> list[str]:
    names, made = found.writer.names, []
    for sort in found.sorts:
        own = [names[show(sort, member)] for member in members(sort)]
        made += [f"CONSTANTS {', '.join(own)}", f"{names[sort.name]} == {{{', '.join(own)}}}", ""]
    for enum in found.enums:
        labels = ", ".join(constant(enum, member, names).flat for member in members(enum))
        made += [*definition(names[enum.name], Word(f"{{{labels}}}")), ""]
    return made


def _variables(found: _Parts) -> list[str]:
    names, made = found.writer.names, ["VARIABLES"]
    last = len(found.model.variables) - 1
    for number, variable in enumerate(found.model.variables):
        made += [f"  \\* {line}" for line in textwrap.wrap(variable.doc, WIDTH - 5)]
        made.append(f"  {names[variable.name]}{'' if number == last else ','}")
    every = tuple(Word(names[variable.name]) for variable in found.model.variables)
    domains = tuple(_typed(found, variable) for variable in found.model.variables)
    return [
        *made, "",
        *definition("vars", Bracketed("<<", every, ">>")), "",
        *definition("TypeOK", Infix("/\\", domains, Level.AND)), "",
    ]  # fmt: skip


def _typed(found: _Parts, variable: Variable) -> Text:
    name = Word(found.writer.names[variable.name])
    return Infix("\\in", (name, found.writer.set_of(variable.type)), Level.COMPARE)


def _anything(found: _Parts, variable: Variable) -> Text:
    name = Word(found.writer.names[variable.name])
    return Infix("\\in", (name, found.writer.set_of(variable.type, listed=True)), Level.COMPARE)


def _helpers(found: _Parts) -> list[str]:
    """The helpers that are called, each after those that it calls."""
    by_name = {helper.name: helper for helper in found.source.helpers}
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for other in _called(found, [by_name[name].body], by_name[name].name):
                visit(other)
            order.append(name)

    for name in _called(found, _roots(found.model), None):
        visit(name)
    return [line for name in order for line in _helper(found, by_name[name])]


def _roots(model: Model) -> list[Expr]:
    clauses = [clause for action in model.actions for clause in action.clauses]
    clauses += [] if model.init is None else model.init.clauses
    roots = [expr for clause in clauses for expr in (clause.path, clause.expr)]
    roots += [value for action in model.actions for _, value in action.updates]
    drawn = [parameter.drawn_from for action in model.actions for parameter in action.parameters]
    roots += [source for source in drawn if source is not None]
    return roots + [judged.expr for judged in model.properties]


def _called(found: _Parts, roots: Sequence[Expr], own: str | None) -> list[str]:
    """The helpers whose names are written in these expressions, `own` body excepted."""
    calls, seen, names = found.source.calls, set[Expr](), dict[str, None]()
    stack = list(roots)
    while stack:
        expr = stack.pop()
        if expr in seen:
            continue
        seen.add(expr)
        if expr in calls and calls[expr][0] != own:
            names[calls[expr][0]] = None
            stack += calls[expr][1]
        else:
            stack += expr.args
    return list(names)


def _helper(found: _Parts, helper: Helper) -> list[str]:
    writer, arguments = _with_parameters(found.writer, helper.parameters)
    name = found.writer.names[helper.name]
    head = f"{name}({', '.join(arguments)})" if arguments else name
    # What it says itself is no call of it.
    calls = {expr: call for expr, call in writer.calls.items() if call[0] != helper.name}
    # An action may call it.
    body = _written(replace(writer, calls=calls, in_action=True), helper.body)
    return [*comment(helper.doc), *definition(head, body), ""]


def _written(writer: Writer, expr: Expr) -> Text:
    return let(writer, (expr,), lambda inside: inside.write(expr), writer.source)


def _with_parameters(writer: Writer, parameters: Sequence[Parameter]) -> tuple[Writer, list[str]]:
    """The writer that knows the parameters of a definition, and what they are called there."""
    arguments = []
    for parameter in parameters:
        name, writer = writer.bind(parameter.local)
        arguments.append(name)
    return writer, arguments


def _initial(found: _Parts) -> list[str]:
    model, writer = found.model, found.writer
    unknown = () if model.init is None else model.init.unknown
    parts_of = [
        _anything(found, variable) if variable.name in unknown else _begins(writer, variable)
        for variable in model.variables
    ]
    if model.init is not None:
        for clause in model.init.clauses:
            parts_of += clause_texts(writer, clause)
        parts_of += [writer.write(assumed.expr) for assumed in model.init.assumed]
    return [*definition("Init", Infix("/\\", tuple(parts_of), Level.AND)), ""]


def _begins(writer: Writer, variable: Variable) -> Text:
    name = Word(writer.names[variable.name])
    return Infix("=", (name, writer.write(variable.initial)), Level.COMPARE)


def _actions(found: _Parts) -> list[str]:
    variables = [variable.name for variable in found.model.variables]
    made = []
    for action in found.model.actions:
        writer, arguments = _with_parameters(found.writer, action.parameters)
        name = found.writer.names[action.name]
        head = f"{name}({', '.join(arguments)})" if arguments else name
        body = action_body(writer, action, variables)
        made += [*comment(action.doc), *definition(head, body), ""]
    return made


def _next(found: _Parts) -> list[str]:
    writer = found.writer
    steps = []
    for action in found.model.actions:
        _, arguments = _with_parameters(writer, action.parameters)
        steps.append(taken(writer, action, writer.names[action.name], arguments))
    return [
        *definition("Next", Infix("\\/", tuple(steps), Level.OR)), "",
        "Spec == Init /\\ [][Next]_vars", "",
    ]  # fmt: skip


def _properties(found: _Parts) -> list[str]:
    made = []
    for judged in found.model.properties:
        text = _written(found.writer, judged.expr)
        name = found.writer.names[judged.name]
        if judged.kind is PropertyKind.STEP_INVARIANT:
            made += [*comment(judged.doc), *step_definition(name, text), ""]
        else:
            made += [*comment(judged.doc), *definition(name, text), ""]
        if judged.kind is PropertyKind.REACHABLE:
            made += [f"\\* Violated as soon as {name} is reached.", f"never_{name} == ~{name}", ""]
    return made


def _config(model: Model, names: Mapping[str, str], sorts: Sequence[SortType]) -> str:
    constants = ["None"]
    constants += [names[show(sort, member)] for sort in sorts for member in members(sort)]
    kinds = {
        kind: [names[p.name] for p in model.properties if p.kind is kind] for kind in PropertyKind
    }
    made = ["SPECIFICATION Spec", "CHECK_DEADLOCK FALSE", "CONSTANTS"]
    made += [f"  {name} = {name}" for name in constants]
    made += ["INVARIANTS", "  TypeOK", *indented(kinds[PropertyKind.INVARIANT], 2)]
    if kinds[PropertyKind.STEP_INVARIANT]:
        made += ["PROPERTIES", *indented(kinds[PropertyKind.STEP_INVARIANT], 2)]
    if kinds[PropertyKind.REACHABLE]:
        made.append("\\* Goals: each is reached if TLC finds this invariant violated.")
        made += [f"\\* INVARIANT never_{name}" for name in kinds[PropertyKind.REACHABLE]]
    return "\n".join(made) + "\n"
