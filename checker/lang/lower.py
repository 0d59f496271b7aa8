"""A declaration to a model: every body executed once, with expressions for values.

CPython is the definition of what a body means: the order in which things are evaluated, and
what is never reached, is Python's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from checker.ir.expr import Expr, node, postorder
from checker.ir.model import Action, Clause, ClauseKind, Model, Parameter, Property, Variable
from checker.ir.ops import Op
from checker.ir.types import BOOL, IntType, MapType, SetType
from checker.ir.values import outside, show, zero
from checker.lang.declaration import (
    Declaration,
    MethodDeclaration,
    ParameterDeclaration,
    PropertyDeclaration,
    VariableDeclaration,
)
from checker.lang.errors import SpecError
from checker.lang.lower_access import python_constant
from checker.lang.lower_build import TRUE, arithmetic, constant, integer
from checker.lang.lower_check import expect, refuse_mutable
from checker.lang.lower_defined import is_defined
from checker.lang.lower_expressions import read
from checker.lang.lower_flow import Flow, Run
from checker.lang.lower_helpers import function_value
from checker.lang.lower_place import Body, BodyKind, Context, Local, Place, View
from checker.lang.lower_statements import (
    assigned_names,
    execute_function,
    execute_procedure,
    state_name,
)


def lower(declaration: Declaration) -> Model:
    """The model that a declaration stands for; raises `SpecError` for the first mistake in it."""
    context = Context(declaration, read)
    variables = [_variable(context, variable) for variable in declaration.variables]
    budgets = _budgets(declaration)
    actions = tuple(_action(context, action) for action in declaration.actions)
    properties = tuple(_property(context, property) for property in declaration.properties)
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
        parameters=_with_sources(parameters, clauses),
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


def _with_sources(parameters: list[Parameter], clauses: list[Clause]) -> tuple[Parameter, ...]:
    """The parameters, each with the set that the first requirements draw it from."""
    found = {parameter.local: parameter for parameter in parameters}
    order = list(found)
    for clause in clauses:
        items, member = _membership(clause)
        if items is None or member is None or found[member].drawn_from is not None:
            break
        names = {part.data for part in postorder((items,)) if part.op is Op.LOCAL}
        if names & set(order[order.index(member) :]) or not is_defined(items):
            break
        old = found[member]
        found[member] = Parameter(old.local, old.name, old.type, items)
    return tuple(found.values())


def _membership(clause: Clause) -> tuple[Expr, str] | tuple[None, None]:
    """The set and the parameter, if the clause requires that a parameter is a member of a set."""
    expr = clause.expr
    if clause.kind is ClauseKind.REQUIRE and clause.path is TRUE and expr.op is Op.CONTAINS:
        items, member = expr.args
        if member.op is Op.LOCAL and isinstance(items.type, SetType):
            return items, str(member.data)
    return None, None


def _property(context: Context, property: PropertyDeclaration) -> Property:
    method = property.method
    before, after = View(_variables(context, Op.VARIABLE)), View(_variables(context, Op.NEXT))
    states = [parameter.name for parameter in method.parameters] or [state_name(method)]
    assigned = assigned_names(method.code.node)
    body = Body(BodyKind.PROPERTY, method.code, method.name, BOOL, assigned)
    expr = execute_function(context, body, dict(zip(states, (before, after), strict=False)), {})
    return Property(method.name, property.kind, expr, method.doc, method.code.span)


def _check_unused_helper(context: Context, helper: MethodDeclaration) -> None:
    """Lower a helper that nothing calls, for its mistakes only."""
    parameters = [_parameter(helper.name, parameter) for parameter in helper.parameters]
    if helper.result is None:
        _executed(context, helper, BodyKind.PROCEDURE, parameters, frozenset())
    else:
        view = View(_variables(context, Op.VARIABLE))
        function_value(context, helper, view, _locals(parameters, helper.parameters))
