"""A declaration to a model: every body executed once, with expressions for values.

CPython is the definition of what a body means: the order in which things are evaluated, and
what is never reached, is Python's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace

from checker.ir.expr import Expr, Span, node, postorder
from checker.ir.model import Action, Clause, ClauseKind, Init, Model, Parameter, Property, Variable
from checker.ir.ops import Op
from checker.ir.types import BOOL, IntType, MapType, SetType
from checker.ir.values import outside, show, zero
from checker.lang.declaration import (
    Declaration,
    InitDeclaration,
    MethodDeclaration,
    ParameterDeclaration,
    PropertyDeclaration,
    VariableDeclaration,
)
from checker.lang.errors import SpecError
from checker.lang.lower.access import python_constant, static_value
from checker.lang.lower.build import TRUE, arithmetic, constant, integer
from checker.lang.lower.check import expect, refuse_mutable
from checker.lang.lower.defined import is_defined
from checker.lang.lower.expressions import read
from checker.lang.lower.flow import Flow, Run
from checker.lang.lower.helpers import function_value
from checker.lang.lower.place import Body, BodyKind, Context, Local, Place, View
from checker.lang.lower.statements import (
    assigned_names,
    execute_function,
    execute_procedure,
    state_name,
)
from checker.lang.runtime import require


def lower(declaration: Declaration) -> Model:
    """The model that a declaration stands for; raises `SpecError` for the first mistake in it."""
    return lower_in(Context(declaration, read))


def lower_in(context: Context) -> Model:
    """As `lower`; the context then knows what helpers and locals stand for."""
    declaration = context.declaration
    variables = [_variable(context, variable) for variable in declaration.variables]
    budgets = _budgets(declaration)
    actions = tuple(_action(context, action) for action in declaration.actions)
    properties = tuple(_property(context, property) for property in declaration.properties)
    init = None if declaration.init is None else _init(context, declaration.init)
    for helper in declaration.helpers.values():
        if helper.name not in context.lowered:
            _check_unused_helper(context, helper)
    return Model(
        name=declaration.name,
        settings=_settings(context),
        scope=dict(declaration.scope),
        variables=(*variables, *budgets),
        actions=actions,
        properties=properties,
        init=init,
    )


def _settings(context: Context) -> Mapping[str, str]:
    place = Place(context, _initial_body(context), {}, {})
    shown = {}
    for setting in context.settings.values():
        typed = python_constant(place, setting.value, setting.type)
        assert typed is not None, f"{setting.name} has the value {setting.value!r}"
        shown[setting.name] = show(setting.type, typed[0])
    return shown


def _initial_body(context: Context) -> Body:
    actions = context.declaration.actions
    assert actions, "a spec without actions"
    return Body(BodyKind.INITIAL, actions[0].code, "initial")


def _variable(context: Context, variable: VariableDeclaration) -> Variable:
    initial = _initial(context, variable)
    data = initial.data
    if initial.op is Op.CONST and outside(variable.type, data) is not None:
        assert variable.initial is not None, f"{variable.name} begins outside its domain"
        message = f"{show(initial.type, data)} is outside the domain of `{variable.name}`"
        help = f"its domain is {variable.type}"
        raise SpecError("S099", message, variable.initial.span, help)
    return Variable(variable.name, variable.type, initial, variable.doc, variable.span)


def _initial(context: Context, variable: VariableDeclaration) -> Expr:
    if variable.initial is None:
        return constant(zero(variable.type), variable.type, variable.span)
    body = Body(BodyKind.INITIAL, variable.initial, variable.name)
    place = Place(context, body, {}, {})
    syntax = variable.initial.node
    assert isinstance(syntax, ast.expr)
    found = expect(place, syntax, variable.type, "S088")
    if not isinstance(found.type, MapType):
        refuse_mutable(place, syntax, found)
    return found


def _init(context: Context, declared: InitDeclaration) -> Init:
    method = declared.method
    body = Body(BodyKind.INIT, method.code, method.name, assigned=assigned_names(method.code.node))
    run = Run(context, body, None, {state_name(method): View(_variables(context, Op.VARIABLE))})
    execute_procedure(run, Flow({}, {}))
    return Init(method.name, declared.unknown, tuple(run.clauses))


def _budget_variable(budget: str) -> str:
    return f"budget.{budget}"


def _budgets(declaration: Declaration) -> list[Variable]:
    """A hidden counter for each budget, in the order of first use."""
    found: dict[str, Variable] = {}
    for action in declaration.actions:
        if action.budget is not None and action.budget not in found:
            most = declaration.scope[action.budget]
            type = IntType(0, most, action.budget)
            name, doc = _budget_variable(action.budget), f"how much of {action.budget} is used up"
            initial = constant(0, type, action.code.span)
            found[action.budget] = Variable(name, type, initial, doc, action.code.span)
    return list(found.values())


def _variables(context: Context, op: Op) -> dict[str, Expr]:
    return {
        variable.name: node(op, (), variable.type, variable.name, variable.span)
        for variable in context.variables.values()
    }


def _parameter(owner: str, parameter: ParameterDeclaration) -> Parameter:
    assert parameter.type is not None, f"{owner} takes a state"
    return Parameter(f"{owner}.{parameter.name}", parameter.name, parameter.type)


def _locals(
    parameters: Iterable[Parameter], declared: Iterable[ParameterDeclaration]
) -> dict[str, Local]:
    return {
        parameter.name: Local(
            node(Op.LOCAL, (), parameter.type, parameter.local, declaration.span),
            declaration.span,
            fixed=True,
        )
        for parameter, declaration in zip(parameters, declared, strict=True)
    }


def _action(context: Context, action: MethodDeclaration) -> Action:
    parameters = [_parameter(action.name, parameter) for parameter in action.parameters]
    before = _variables(context, Op.VARIABLE)
    used = frozenset(parameter.name for parameter in parameters)
    clauses, after = _executed(context, action, BodyKind.ACTION, parameters, used)
    updates = [(name, after[name]) for name in before if after[name] is not before[name]]
    if action.budget is not None:
        clause, update = _charge(context, action, action.budget)
        clauses.append(clause)
        updates.append(update)
    return Action(
        name=action.name,
        parameters=_with_sources(context, action, parameters, clauses),
        clauses=tuple(clauses),
        updates=tuple(updates),
        doc=action.doc,
        span=action.code.span,
        budget=action.budget,
    )


def _executed(
    context: Context,
    method: MethodDeclaration,
    kind: BodyKind,
    parameters: list[Parameter],
    used: frozenset[str],
) -> tuple[list[Clause], Mapping[str, Expr]]:
    """The clauses of a body that changes the state, and the variables after it."""
    body = Body(kind, method.code, method.name, assigned=assigned_names(method.code.node))
    run = Run(context, body, state_name(method), {})
    locals = _locals(parameters, method.parameters)
    after = execute_procedure(run, Flow(_variables(context, Op.VARIABLE), locals), used)
    return run.clauses, after.values


def _charge(
    context: Context, action: MethodDeclaration, budget: str
) -> tuple[Clause, tuple[str, Expr]]:
    """The last clause of an action with a budget, and the update that counts it."""
    name = _budget_variable(budget)
    type = IntType(0, context.declaration.scope[budget], budget)
    used = node(Op.VARIABLE, (), type, name, action.code.span)
    more = arithmetic(Op.ADD, (used, integer(1)), action.code.span)
    return Clause(ClauseKind.WITHIN, TRUE, more, action.code.span, type), (name, more)


def _with_sources(
    context: Context,
    action: MethodDeclaration,
    parameters: list[Parameter],
    clauses: list[Clause],
) -> tuple[Parameter, ...]:
    """The parameters, each with the set that the first requirement draws it from."""
    found = {parameter.local: parameter for parameter in parameters}
    order = list(found)
    required = {c.span: c for c in clauses if c.kind is ClauseKind.REQUIRE and c.path is TRUE}
    # A variable is read before anything else can fail; another set must be asked first of all.
    first = bool(clauses) and clauses[0].kind is ClauseKind.REQUIRE
    for condition in _first_conditions(context, action):
        expr = required[condition].expr if condition in required else TRUE
        if expr.op is not Op.CONTAINS or expr.args[1].op is not Op.LOCAL:
            break
        items, member = expr.args[0], str(expr.args[1].data)
        names = {part.data for part in postorder((items,)) if part.op is Op.LOCAL}
        later = order[order.index(member) :]
        if not isinstance(items.type, SetType) or names & set(later) or not is_defined(items):
            break
        if found[member].drawn_from is None and (first or items.op is Op.VARIABLE):
            found[member] = replace(found[member], drawn_from=items)
    return tuple(found.values())


def _first_conditions(context: Context, action: MethodDeclaration) -> list[Span]:
    """Where the conditions of the `require` stand that an action begins with, if it does."""
    place = Place(context, Body(BodyKind.ACTION, action.code, action.name), {}, {})
    assert isinstance(action.code.node, ast.FunctionDef)
    for statement in action.code.node.body:
        match statement:
            case ast.Expr(ast.Constant()):
                continue
            case ast.Expr(ast.Call(func, conditions)) if static_value(place, func) is require:
                return [place.span(condition) for condition in conditions]
        break
    return []


def _property(context: Context, property: PropertyDeclaration) -> Property:
    method = property.method
    before, after = View(_variables(context, Op.VARIABLE)), View(_variables(context, Op.NEXT))
    states = [parameter.name for parameter in method.parameters] or [state_name(method)]
    assigned = assigned_names(method.code.node)
    body = Body(BodyKind.PROPERTY, method.code, method.name, BOOL, assigned)
    expr = execute_function(context, body, dict(zip(states, (before, after), strict=False)), {})
    return Property(method.name, property.kind, expr, method.doc, method.code.span)


def parameters_of(method: MethodDeclaration) -> tuple[tuple[Parameter, ...], dict[str, Local]]:
    """The parameters of a method, and the locals that stand for them in its body."""
    parameters = tuple(_parameter(method.name, parameter) for parameter in method.parameters)
    return parameters, _locals(parameters, method.parameters)


def state_view(context: Context) -> View:
    """The state before a step."""
    return View(_variables(context, Op.VARIABLE))


def _check_unused_helper(context: Context, helper: MethodDeclaration) -> None:
    """Lower a helper that nothing calls, for its mistakes only."""
    parameters, locals = parameters_of(helper)
    if helper.result is None:
        _executed(context, helper, BodyKind.PROCEDURE, list(parameters), frozenset())
    else:
        function_value(context, helper, state_view(context), locals)
