"""Models and expressions as text, for goldens and for people: S-expressions, at most 100 columns.

A variable is `log`, after a step `log'`; a parameter or bound name is `?follower`; a constant that
is neither a number nor a Boolean is quoted: `'r1`. The text depends on nothing but the structure.
"""

from __future__ import annotations

from typing import TypeAlias

from checker.ir.expr import Binders, Expr, body, default, generators
from checker.ir.model import Action, Clause, Init, Model, Property, Variable
from checker.ir.ops import BINDERS, Op
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
from checker.ir.values import show

WIDTH = 100

Form: TypeAlias = "str | list[Form]"
"""An atom, or a list of forms."""


def print_expr(expr: Expr) -> str:
    """An expression as text; what it shares is printed wherever it stands."""
    return "\n".join(_lines(expr_form(expr), 0))


def print_clause(clause: Clause) -> str:
    """A clause as text."""
    return "\n".join(_lines(clause_form(clause), 0))


def print_model(model: Model) -> str:
    """A model as text, with every named type that it uses, ending in a newline."""
    forms = [_heading(model), *_type_forms(model)]
    forms += map(_variable_form, model.variables)
    forms += [] if model.init is None else [_init_form(model.init)]
    forms += map(_action_form, model.actions)
    forms += map(_property_form, model.properties)
    return "".join("\n".join(_lines(form, 0)) + "\n" for form in forms)


def expr_form(expr: Expr) -> Form:
    """An expression as a form."""
    name = expr.op.name.lower()
    match expr.op:
        case Op.CONST:
            text = show(expr.type, expr.data)
            return text if isinstance(expr.type, BoolType | IntType) else f"'{text}"
        case Op.VARIABLE:
            return str(expr.data)
        case Op.NEXT:
            return f"{expr.data}'"
        case Op.LOCAL:
            return f"?{expr.data}"
        case Op.DOMAIN:
            return [name, str(expr.data)]
        case Op.FIELD:
            return [name, str(expr.data), *map(expr_form, expr.args)]
        case Op.RECORD:
            return [name, str(expr.type), *map(expr_form, expr.args)]
        case op if op in BINDERS and _has_its_parts(expr):
            return [name, *_binder_forms(expr)]
        case _:
            return [name, *map(expr_form, expr.args)]


def _has_its_parts(expr: Expr) -> bool:
    """Whether a binder can be read as one: the verifier prints what is malformed, too."""
    if not isinstance(expr.data, Binders):
        return False
    count = len(expr.data.names)
    parts = 1 if expr.op is Op.MAP_OF else 2 * count + 1 + expr.data.has_default
    return count > 0 and len(expr.args) == parts


def _binder_forms(expr: Expr) -> list[Form]:
    assert isinstance(expr.data, Binders)
    if expr.op is Op.MAP_OF:
        return [[f"?{expr.data.names[0]}", str(expr.data.types[0])], expr_form(body(expr))]
    forms: list[Form] = []
    for generator in generators(expr):
        form: list[Form] = [f"?{generator.name}", expr_form(generator.source)]
        if not (generator.condition.op is Op.CONST and generator.condition.data):
            form += [":if", expr_form(generator.condition)]
        forms.append(form)
    forms.append(expr_form(body(expr)))
    otherwise = default(expr)
    return forms if otherwise is None else [*forms, ":default", expr_form(otherwise)]


def clause_form(clause: Clause) -> Form:
    """A clause as a form: its kind, its expression, then its domain and its path if it has them."""
    form: list[Form] = [clause.kind.value, expr_form(clause.expr)]
    if clause.domain is not None:
        form += [":in", str(clause.domain)]
    if not (clause.path.op is Op.CONST and clause.path.data):
        form += [":when", expr_form(clause.path)]
    return form


def _heading(model: Model) -> Form:
    settings: list[Form] = [[name, value] for name, value in model.settings.items()]
    scope: list[Form] = [[name, str(size)] for name, size in model.scope.items()]
    return ["model", model.name, ["settings", *settings], ["scope", *scope]]


def _variable_form(variable: Variable) -> Form:
    return ["variable", variable.name, str(variable.type), expr_form(variable.initial)]


def _init_form(init: Init) -> Form:
    form: list[Form] = ["init", init.name, ["unknown", *init.unknown]]
    form += map(clause_form, init.clauses)
    form += [["assumed", judged.name, expr_form(judged.expr)] for judged in init.assumed]
    return form


def _action_form(action: Action) -> Form:
    form: list[Form] = ["action", action.name]
    if action.budget is not None:
        form += [":budget", action.budget]
    for parameter in action.parameters:
        drawn = parameter.drawn_from
        source: list[Form] = [] if drawn is None else [":from", expr_form(drawn)]
        form.append(["parameter", f"?{parameter.local}", str(parameter.type), *source])
    form += map(clause_form, action.clauses)
    form += [["update", name, expr_form(value)] for name, value in action.updates]
    return form


def _property_form(property: Property) -> Form:
    return [property.kind.value, property.name, expr_form(property.expr)]


def _type_forms(model: Model) -> list[Form]:
    """The definitions of the types that print as a name, in the order in which they are met."""
    named: dict[Type, Form] = {}
    for variable in model.variables:
        _collect(variable.type, named)
    for action in model.actions:
        for parameter in action.parameters:
            _collect(parameter.type, named)
    return list(named.values())


def _collect(type: Type, named: dict[Type, Form]) -> None:
    match type:
        case SortType(name, size, prefix):
            named[type] = ["sort", name, str(size), prefix]
        case EnumType(name, labels):
            named[type] = ["enum", name, *labels]
        case OptionType(of) | TupleType(of) | SetType(of):
            _collect(of, named)
        case MapType(key, value):
            _collect(key, named)
            _collect(value, named)
        case RecordType(name, fields):
            for _, field in fields:
                _collect(field, named)
            parts: list[Form] = [[field, str(of)] for field, of in fields]
            named[type] = ["record", name, *parts]
        case BoolType() | IntType():
            pass


def _lines(form: Form, indent: int, closing: int = 0) -> list[str]:
    """A form on one line if it fits before `closing` brackets; else its parts below its head."""
    flat = _flat(form, WIDTH - indent - closing)
    if flat is not None:
        return [" " * indent + flat]
    if isinstance(form, str):
        return [" " * indent + form]
    leading = _leading(form)
    head = "(" + " ".join(leading)
    if indent + len(head) > WIDTH:
        leading, head = leading[:1], f"({leading[0]}"
    lines = [" " * indent + head]
    keyword = ""
    for i, part in enumerate(form[len(leading) :], start=len(leading) + 1):
        if isinstance(part, str) and part.startswith(":"):
            keyword = f"{part} "
            continue
        below = _lines(part, indent + 2 + len(keyword), (closing + 1) * (i == len(form)))
        lines += [" " * (indent + 2) + keyword + below[0].lstrip(), *below[1:]]
        keyword = ""
    lines[-1] += ")"
    return lines


def _leading(form: list[Form]) -> list[str]:
    """The atoms that a form begins with, up to a keyword, which belongs to the part after it."""
    leading: list[str] = []
    for part in form:
        if not isinstance(part, str) or part.startswith(":"):
            break
        leading.append(part)
    return leading


def _flat(form: Form, room: int) -> str | None:
    """A form on one line, or `None` if it needs more room than there is."""
    if isinstance(form, str):
        return form if len(form) <= room else None
    parts: list[str] = []
    left = room - 2
    for part in form:
        text = _flat(part, left)
        if text is None:
            return None
        parts.append(text)
        left -= len(text) + 1
    return "(" + " ".join(parts) + ")" if left >= -1 else None
