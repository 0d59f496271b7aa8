"""The meaning of a spec by definition: its own methods, run by CPython on plain objects.

Nothing here knows the middle language's expressions, so a mistake in lowering or in an engine
cannot hide: this is the twin that they are compared with. Slow, and meant to be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from checker.ir.expr import Value
from checker.ir.types import SetType
from checker.ir.values import State, in_order, members, outside, show, zero
from checker.lang.declaration import (
    Code,
    Declaration,
    MethodDeclaration,
    PropertyDeclaration,
    VariableDeclaration,
)
from checker.lang.errors import SpecError
from checker.lang.runtime import NotEnabled, NotInitial, scope_of_run
from checker.lang.suggest import did_you_mean
from checker.semantics.objects import Codec, Codecs, LeftScope
from checker.semantics.places import Places
from checker.semantics.step import Cut, Disabled, Fired, Outcome, UndefinedStep
from checker.semantics.undefined import Undefined


class PythonSpec:
    """A declared spec that CPython runs. States, arguments and outcomes are in canonical form."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        self._codecs = Codecs(declaration.types)
        self._variables = {v.name: self._codecs.of(v.type) for v in declaration.variables}
        names = (action.budget for action in declaration.actions)
        self._budgets = list(dict.fromkeys(name for name in names if name is not None))
        self._actions = {action.name: action for action in declaration.actions}
        self._drawn = {action.name: drawn_from(action) for action in declaration.actions}
        self._properties = {p.method.name: p for p in declaration.properties}
        self.running_class = running_class(declaration, self._variables)
        self._places = Places(_codes(declaration))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of a state's parts, in order: the declared ones, then the budgets."""
        return (*self._variables, *self.budgets)

    @property
    def budgets(self) -> tuple[str, ...]:
        """The names of the hidden parts that count how much of each budget is used."""
        return tuple(f"budget.{name}" for name in self._budgets)

    def initial(self) -> State:
        """The state of the initial values; raises `Undefined` if a part has no value.

        Every behaviour starts in it, unless `@init` says otherwise.
        """
        with scope_of_run(self.declaration.scope):
            declared = [self._initial(variable) for variable in self.declaration.variables]
        return (*declared, *(0 for _ in self._budgets))

    def admits(self, state: State) -> bool:
        """Whether all is true of a state that `@init` assumes, if there is an `@init`.

        Raises `Undefined` if one of the assumptions has no value.
        """
        declared = self.declaration.init
        if declared is None:
            return True
        code = declared.method.code
        try:
            with scope_of_run(self.declaration.scope), self._places.found(code):
                getattr(self.at(state), declared.method.name)()
        except NotInitial:
            return False
        return True

    def at(self, state: State) -> Any:
        """A fresh instance of the spec's class in this state. It is nobody else's: change it."""
        instance: Any = object.__new__(self.running_class)
        for (name, codec), value in zip(self._variables.items(), state, strict=False):
            vars(instance)[name] = codec.decode(value)
        return instance

    def state_of(self, instance: Any) -> State:
        """The state that an instance is in, without the budgets."""
        values = vars(instance)
        return tuple([codec.encode(values[name]) for name, codec in self._variables.items()])

    def fire(self, action: str, arguments: tuple[Value, ...], state: State) -> Outcome:
        """What happens when an action is tried with these arguments in this state."""
        method = self._actions[action]
        instance = self.at(state)
        given = self.given(action, arguments)
        try:
            with scope_of_run(self.declaration.scope), self._places.found(method.code):
                getattr(instance, action)(*given)
        except NotEnabled:
            return Disabled()
        except LeftScope as left:
            return Cut(left.scope)
        except Undefined as undefined:
            return UndefinedStep(undefined.message, undefined.span)
        return self._fired(method, instance, state)

    def given(self, action: str, arguments: tuple[Value, ...]) -> list[Any]:
        """The arguments of an action as Python objects of the spec."""
        parameters = self._actions[action].parameters
        pairs = zip(parameters, arguments, strict=True)
        return [self._parameter(parameter.type).decode(value) for parameter, value in pairs]

    def _fired(self, method: MethodDeclaration, instance: Any, state: State) -> Outcome:
        """The state after, if the action's budget is not used up: that is asked last."""
        after = self.state_of(instance)
        used: list[Any] = list(state[len(after) :])
        if method.budget is not None:
            position = self._budgets.index(method.budget)
            used[position] += 1
            if used[position] > self.declaration.scope[method.budget]:
                return Cut(method.budget)
        return Fired((*after, *used))

    def steps(self, state: State) -> Iterator[tuple[str, tuple[Value, ...], Outcome]]:
        """Every action with every arguments to try in a state, in source order, with the outcome.

        What is left out is disabled: a parameter that must be in a set need only be a member.
        """
        for action in self.declaration.actions:
            for arguments in product(*self._choices(action, state)):
                yield action.name, arguments, self.fire(action.name, arguments, state)

    def judge(self, property: str, state: State, after: State | None = None) -> bool:
        """Whether a property is true of a state, or of a step to `after`; may raise `Undefined`."""
        declared = self._properties[property]
        states = [self.at(state)] if after is None else [self.at(state), self.at(after)]
        code = declared.method.code
        with scope_of_run(self.declaration.scope), self._places.found(code):
            result = self._function(declared)(*states)
        if not isinstance(result, bool):
            raise SpecError("S035", f"{property} is {result!r}, which is no bool", code.span)
        return result

    def _function(self, declared: PropertyDeclaration) -> Any:
        name = declared.method.name
        return (
            getattr(self.running_class, name)
            if declared.is_method
            else declared.method.code.names[name]
        )

    def _parameter(self, type: Any) -> Codec:
        assert type is not None, "an action's parameters have types"
        return self._codecs.of(type)

    def _initial(self, variable: VariableDeclaration) -> Value:
        if variable.initial is None:
            return zero(variable.type)
        with self._places.found(variable.initial):
            value: Value = self._variables[variable.name].encode(self._evaluate(variable.initial))
        if outside(variable.type, value) is not None:
            shown = f"the initial value {show(variable.type, value)} of {variable.name}"
            raise Undefined(f"{shown} is outside {variable.type}", variable.span)
        return value

    def _evaluate(self, code: Code) -> Any:
        assert isinstance(code.node, ast.expr)
        settings = {setting.name: setting.value for setting in self.declaration.settings}
        compiled = compile(ast.Expression(code.node), str(code.names.get("__file__")), "eval")
        return eval(compiled, {**code.names, **settings})

    def _choices(self, action: MethodDeclaration, state: State) -> Iterator[list[Value]]:
        """The values to try for each parameter of an action."""
        values = dict(zip(self._variables, state, strict=False))
        drawn = self._drawn[action.name]
        for parameter in action.parameters:
            type = self._parameter(parameter.type).type
            codec = self._variables.get(drawn.get(parameter.name, ""))
            if codec is not None and isinstance(codec.type, SetType):
                among = in_order(codec.type, values[drawn[parameter.name]])
                yield [value for value in among if outside(type, value) is None]
            else:
                yield list(members(type))


def running_class(declaration: Declaration, variables: Mapping[str, Codec]) -> type:
    """A subclass of the spec: its settings are fixed, and what is assigned to it is checked."""

    def assign(self: Any, name: str, value: object) -> None:
        if name not in variables:
            help = did_you_mean(name, variables, "variables")
            raise SpecError("S036", f"`{name}` is not a variable of {declaration.name}", help=help)
        vars(self)[name] = variables[name].assigned(value)

    settings = {setting.name: setting.value for setting in declaration.settings}
    spec = declaration.spec
    return type(
        spec.__name__, (spec,), {**settings, "__setattr__": assign, "__doc__": spec.__doc__}
    )


def drawn_from(action: MethodDeclaration) -> dict[str, str]:
    """Parameters that the action first of all requires to be in a variable, with that variable."""
    assert isinstance(action.code.node, ast.FunctionDef)
    body = [statement for statement in action.code.node.body if not _is_doc(statement)]
    found: dict[str, str] = {}
    match body[:1]:
        case [ast.Expr(ast.Call(ast.Name("require"), conditions))]:
            for condition in conditions:
                match condition:
                    case ast.Compare(
                        ast.Name(parameter), [ast.In()], [ast.Attribute(ast.Name(), variable)]
                    ):
                        found.setdefault(parameter, variable)
                    case _:
                        break
    return found


def _is_doc(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Constant(str())):
            return True
        case _:
            return False


def _codes(declaration: Declaration) -> Iterator[Code]:
    for method in (*declaration.actions, *declaration.helpers.values()):
        yield method.code
    yield from (declared.method.code for declared in declaration.properties)
    if declaration.init is not None:
        yield declaration.init.method.code
    yield from (v.initial for v in declaration.variables if v.initial is not None)
