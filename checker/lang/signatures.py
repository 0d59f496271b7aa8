"""Methods and property functions: their parameters and results, checked and with types."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from types import FunctionType

from checker.ir.expr import Span
from checker.ir.model import PropertyKind
from checker.ir.types import Type
from checker.lang.annotations import Place, Resolver, evaluated
from checker.lang.declaration import (
    Code,
    InitDeclaration,
    MethodDeclaration,
    ParameterDeclaration,
    PropertyDeclaration,
)
from checker.lang.errors import SpecError
from checker.lang.members import Method, name_span
from checker.lang.sources import Sources, names_of
from checker.lang.spec import ActionMark, InitMark, PropertyMark, Spec
from checker.lang.suggest import did_you_mean


@dataclass(frozen=True, slots=True)
class _Signature:
    """A function with its syntax; `own` are its parameters without `self`."""

    code: Code
    node: ast.FunctionDef
    function: FunctionType
    own: tuple[ast.arg, ...]

    def span(self, node: ast.AST) -> Span:
        return self.code.source.span(node)

    def annotation(self, name: str) -> object:
        return self.function.__annotations__.get(name)

    def place(self, node: ast.expr) -> Place:
        return Place(Code(node, self.code.source, self.code.names))

    def head(self) -> Span:
        """Its name in `def name(...)`."""
        return name_span(self.code)

    @property
    def doc(self) -> str:
        return inspect.cleandoc(ast.get_docstring(self.node) or "")


def of_method(member: Method, self_is_first: bool = True) -> _Signature:
    """The signature of a method; its first parameter is the spec itself."""
    code = Code(member.node, member.owner.source, names_of(member.function))
    arguments = _plain_parameters(member.node, code)
    if not arguments:
        help = f"write `def {member.node.name}(self, …)`"
        raise SpecError("S020", f"`{member.node.name}` lacks `self`", member.span, help)
    own = arguments[1:] if self_is_first else arguments
    return _Signature(code, member.node, member.function, tuple(own))


def action(member: Method, resolver: Resolver) -> MethodDeclaration:
    """An action: its parameters have finite domains, it returns nothing."""
    assert isinstance(member.mark, ActionMark)
    signature = of_method(member)
    if _result(signature) is not None:
        help = "write `-> None`: an action changes the state and returns nothing"
        raise _wrong_result(signature, f"the action `{member.node.name}` returns a value", help)
    budget = member.mark.budget
    if budget is not None:
        decorator = member.node.decorator_list[-1]
        resolver.bound(budget, signature.place(decorator))
    parameters = _parameters(signature, resolver, bounded=True)
    return _declaration(signature, parameters, None, budget)


def init(member: Method, variables: Sequence[str]) -> InitDeclaration:
    """An `@init`: it takes nothing and returns nothing. Names must be those of variables."""
    assert isinstance(member.mark, InitMark)
    signature = of_method(member)
    if signature.own:
        help = f"write `def {member.node.name}(self) -> None`: what it speaks of is the state"
        span = signature.span(signature.own[0])
        raise SpecError("S027", f"the `@init` `{member.node.name}` has a parameter", span, help)
    if _result(signature) is not None:
        help = "write `-> None`, and `assume(…)` what must be true"
        raise _wrong_result(signature, f"the `@init` `{member.node.name}` returns a value", help)
    for name in member.mark.unknown:
        if name not in variables:
            span = signature.span(member.node.decorator_list[-1])
            help = did_you_mean(name, variables, "variables")
            raise SpecError("S028", f"`{name}` is not a variable", span, help)
    unknown = tuple(n for n in variables if n in member.mark.unknown or not member.mark.unknown)
    return InitDeclaration(_declaration(signature, (), None), unknown)


def helper(member: Method, resolver: Resolver) -> MethodDeclaration:
    """A helper method: `int` and `tuple` need no bound here."""
    signature = of_method(member)
    annotation = _result(signature)
    parameters = _parameters(signature, resolver, bounded=False)
    result: Type | None = None
    if annotation is not None:
        assert signature.node.returns is not None
        place = signature.place(signature.node.returns)
        result = resolver.resolve(annotation, place, bounded=False)
    return _declaration(signature, parameters, result)


def property_method(member: Method) -> PropertyDeclaration:
    """A property among the methods: on `self`, or on the states before and after a step."""
    assert isinstance(member.mark, PropertyMark)
    kind, spec = member.mark.kind, member.owner.owner.__name__
    on_step = kind is PropertyKind.STEP_INVARIANT
    signature = of_method(member, self_is_first=not on_step)
    count, wanted = (2, f"before, after: {spec}") if on_step else (0, "self")
    return _property(kind, signature, count, wanted, is_method=True)


def property_functions(
    functions: Sequence[FunctionType], spec: type[Spec], sources: Sources
) -> list[PropertyDeclaration]:
    """The functions among these that are properties of the spec, in order."""
    found = []
    for function in functions:
        mark = function.__dict__["__splitbrain_marks__"][0]
        signature = _of_function(function, sources)
        if mark.kind is PropertyKind.STEP_INVARIANT:
            count, wanted = 2, "before: SomeSpec, after: SomeSpec"
        else:
            count, wanted = 1, "state: SomeSpec"
        if _applies(signature, spec):
            found.append(_property(mark.kind, signature, count, wanted, is_method=False))
    return found


def _of_function(function: FunctionType, sources: Sources) -> _Signature:
    code = sources.of_function(function)
    if not isinstance(code.node, ast.FunctionDef):
        raise SpecError("S019", f"`{function.__name__}` is asynchronous", code.span, "write `def`")
    return _Signature(code, code.node, function, tuple(_plain_parameters(code.node, code)))


def _applies(signature: _Signature, spec: type[Spec]) -> bool:
    """Whether the spec is a subclass of what the first parameter is annotated with."""
    help = f"write `def {signature.node.name}(state: SomeSpec) -> bool`"
    if not signature.own:
        message = f"the property `{signature.node.name}` takes no state"
        raise SpecError("S024", message, signature.head(), help)
    first = signature.own[0]
    if first.annotation is None:
        raise SpecError("S006", f"`{first.arg}` has no annotation", signature.span(first), help)
    place = signature.place(first.annotation)
    of = evaluated(signature.annotation(first.arg), place.names, place.span)
    if not isinstance(of, type) or not issubclass(of, Spec):
        raise SpecError("S024", "the state of a property is a spec", place.span, help)
    return issubclass(spec, of)


def _property(
    kind: PropertyKind, signature: _Signature, count: int, wanted: str, is_method: bool
) -> PropertyDeclaration:
    name, shown = signature.node.name, kind.value.replace("_", " ")
    if len(signature.own) != count:
        help = f"write `def {name}({wanted}) -> bool`"
        message = f"the {shown} `{name}` has the wrong parameters"
        raise SpecError("S024", message, signature.head(), help)
    for parameter in signature.own[1:]:
        if parameter.annotation is None:
            span, help = signature.span(parameter), "annotate it with the spec"
            raise SpecError("S006", f"`{parameter.arg}` has no annotation", span, help)
    if _result(signature) is not bool:
        help = "write `-> bool`: a property is true or false of a state"
        raise _wrong_result(signature, f"the {shown} `{name}` does not return bool", help)
    parameters = tuple(
        ParameterDeclaration(state.arg, None, signature.span(state)) for state in signature.own
    )
    return PropertyDeclaration(kind, _declaration(signature, parameters, None), is_method)


def _plain_parameters(node: ast.FunctionDef, code: Code) -> list[ast.arg]:
    """The parameters of a function, none of which may be optional, starred or keyword-only."""
    arguments = node.args
    span = code.source.span
    for starred in (arguments.vararg, arguments.kwarg):
        if starred is not None:
            help = "name each parameter, or take a `frozenset` or a bounded tuple"
            message = f"`{node.name}` takes any number of arguments"
            raise SpecError("S020", message, span(starred), help)
    for default in (*arguments.defaults, *arguments.kw_defaults):
        if default is not None:
            help = "leave it out: an action is tried with every value of its parameters"
            raise SpecError("S020", "a default value of a parameter", span(default), help)
    if arguments.posonlyargs:
        help = "write it without the `/`"
        where = span(arguments.posonlyargs[0])
        raise SpecError("S020", "a positional-only parameter", where, help)
    if arguments.kwonlyargs:
        help = "write it without the `*`"
        raise SpecError("S020", "a keyword-only parameter", span(arguments.kwonlyargs[0]), help)
    return arguments.args


def _parameters(
    signature: _Signature, resolver: Resolver, bounded: bool
) -> tuple[ParameterDeclaration, ...]:
    found = []
    for parameter in signature.own:
        span = signature.span(parameter)
        if parameter.annotation is None:
            help = f"write `{parameter.arg}: Domain`: say over which values it ranges"
            raise SpecError("S006", f"`{parameter.arg}` has no annotation", span, help)
        place = signature.place(parameter.annotation)
        type = resolver.resolve(signature.annotation(parameter.arg), place, bounded)
        found.append(ParameterDeclaration(parameter.arg, type, span))
    return tuple(found)


def _result(signature: _Signature) -> object:
    """The result's annotation, evaluated; `None` for `-> None`."""
    returns = signature.node.returns
    if returns is None:
        help = "write `-> None` for an action or a procedure, else the type that it returns"
        message = f"`{signature.node.name}` has no result annotation"
        raise SpecError("S006", message, signature.head(), help)
    place = signature.place(returns)
    return evaluated(signature.annotation("return"), place.names, place.span)


def _wrong_result(signature: _Signature, message: str, help: str) -> SpecError:
    assert signature.node.returns is not None
    return SpecError("S024", message, signature.span(signature.node.returns), help)


def _declaration(
    signature: _Signature,
    parameters: tuple[ParameterDeclaration, ...],
    result: Type | None,
    budget: str | None = None,
) -> MethodDeclaration:
    name, doc = signature.node.name, signature.doc
    return MethodDeclaration(name, signature.code, parameters, result, doc, budget)
