"""The members of a spec class, along its bases: attributes and methods, each with its source.

A class further down replaces a member in place, never adds it twice; its new members come after.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any, TypeAlias

from checker.ir.expr import Span
from checker.lang.annotations import evaluated, is_setting
from checker.lang.declaration import Code
from checker.lang.errors import SpecError
from checker.lang.sources import ClassSource, Sources, trailing_comment
from checker.lang.spec import (
    ActionMark,
    InitMark,
    Mark,
    Spec,
    action,
    classes_of,
    init,
    invariant,
    marks_of,
    reachable,
    step_invariant,
)

_DECORATORS = (action, init, invariant, step_invariant, reachable)
_RESERVED = ("scope", "abstract")
_HARMLESS = ("override", "abstractmethod")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An annotated attribute; `annotation` is evaluated, `initial` is the syntax after `=`."""

    owner: ClassSource
    node: ast.AnnAssign
    annotation: Any
    initial: ast.expr | None
    doc: str

    @property
    def is_setting(self) -> bool:
        """Whether it is a setting rather than a variable."""
        return is_setting(self.annotation)

    @property
    def span(self) -> Span:
        """Where its name stands."""
        return self.owner.source.span(self.node.target)


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its mark, if a decorator of ours put one on it."""

    owner: ClassSource
    node: ast.FunctionDef
    function: FunctionType
    mark: Mark | None

    @property
    def span(self) -> Span:
        """Where its name stands."""
        return name_span(self.owner.code(self.node))


Member: TypeAlias = Attribute | Method


def name_span(code: Code) -> Span:
    """The place of the name in `def name(...)`."""
    assert isinstance(code.node, ast.FunctionDef | ast.AsyncFunctionDef)
    keyword = "async def " if isinstance(code.node, ast.AsyncFunctionDef) else "def "
    start = code.span.column + len(keyword)
    return Span(
        code.source.path, code.span.line, start, code.span.line, start + len(code.node.name)
    )


def members_of(spec: type[Spec], sources: Sources) -> dict[str, Member]:
    """All members by name, in order: base first, then source order."""
    found: dict[str, Member] = {}
    for cls in classes_of(spec):
        for name, member in _own(sources.of_class(cls), found).items():
            _may_replace(name, found.get(name), member)
            found[name] = member
    return found


def _own(owner: ClassSource, inherited: dict[str, Member]) -> dict[str, Member]:
    """The members in a class's own body."""
    own: dict[str, Member] = {}
    for name, member in _read(owner, inherited):
        if name in own:
            help = f"rename one of them; {owner.owner.__name__} would keep only the last"
            raise SpecError("S017", f"`{name}` is declared twice", member.span, help)
        own[name] = member
    return own


def _read(owner: ClassSource, inherited: dict[str, Member]) -> Iterator[tuple[str, Member]]:
    body = owner.node.body
    for position, statement in enumerate(body):
        following = body[position + 1] if position + 1 < len(body) else None
        match statement:
            case ast.Pass() | ast.Expr(ast.Constant(str())):
                continue
            case ast.Expr(ast.Constant(value)) if value is ...:
                continue
            case ast.AnnAssign(ast.Name(name), value=value):
                if name.startswith("__"):
                    help = (
                        "choose another name: Python has a meaning of its own for two underscores"
                    )
                    span = owner.source.span(statement.target)
                    raise SpecError("S022", f"`{name}` may not be declared in a spec", span, help)
                if name not in _RESERVED:
                    yield name, _attribute(owner, statement, following)
                elif value is None:
                    help = "choose another name for a variable"
                    span = owner.source.span(statement.target)
                    raise SpecError("S017", f"`{name}` has a meaning of its own", span, help)
            case ast.Assign([ast.Name(name)], value):
                if name not in _RESERVED:
                    yield name, _override(owner, statement, name, value, inherited.get(name))
            case ast.FunctionDef(name):
                yield name, _method(owner, statement)
            case ast.AsyncFunctionDef():
                help = "write `def`: an action is one atomic step"
                span = name_span(owner.code(statement))
                raise SpecError("S019", f"`{statement.name}` is asynchronous", span, help)
            case _:
                raise _misplaced(owner, statement)


def _attribute(owner: ClassSource, node: ast.AnnAssign, following: ast.stmt | None) -> Attribute:
    assert isinstance(node.target, ast.Name)
    span = owner.source.span(node.annotation)
    raw = vars(owner.owner).get("__annotations__", {}).get(node.target.id)
    if raw is None:
        raw = ast.unparse(node.annotation)
    names = {**owner.names, **vars(owner.owner)}
    annotation = evaluated(raw, names if isinstance(raw, str) else owner.names, span)
    match following:
        case ast.Expr(ast.Constant(str() as text)):
            doc = " ".join(text.split())
        case _:
            doc = trailing_comment(owner.source, node)
    return Attribute(owner, node, annotation, node.value, doc)


def _override(
    owner: ClassSource, node: ast.Assign, name: str, value: ast.expr, inherited: Member | None
) -> Member:
    if isinstance(inherited, Attribute) and inherited.is_setting:
        return replace(inherited, initial=value)
    span = owner.source.span(node.targets[0])
    if isinstance(inherited, Attribute):
        written = ast.unparse(inherited.node.annotation)
        help = f"repeat its annotation: `{name}: {written} = …`"
    elif isinstance(inherited, Method):
        help = f"replace {name} by a method, with `def {name}`"
    else:
        help = f"a variable is `{name}: Domain = …`, a setting `{name}: Setting[Domain] = …`; "
        help += "a constant stands above the class"
    raise SpecError("S005", f"`{name}` has no annotation", span, help)


def _method(owner: ClassSource, node: ast.FunctionDef) -> Method:
    span = name_span(owner.code(node))
    if node.name.startswith("__"):
        help = "write helpers, actions and properties; initial values stand after the annotations"
        raise SpecError("S022", f"`{node.name}` may not be defined in a spec", span, help)
    function = vars(owner.owner).get(node.name)
    marks = marks_of(function)
    check_decorators(node, marks, owner)
    if not isinstance(function, FunctionType):
        help = "undecorated methods are helpers; @action, @init, @invariant, …"
        raise SpecError("S019", f"`{node.name}` is not a plain function", span, help)
    return Method(owner, node, function, marks[0] if marks else None)


def check_decorators(node: ast.FunctionDef, marks: tuple[Mark, ...], owner: ClassSource) -> None:
    """Only our decorators (and `override`, `abstractmethod`), and at most one of ours."""
    ours = 0
    for decorator in node.decorator_list:
        span = owner.source.span(decorator)
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        written = ast.unparse(called)
        if written.split(".")[-1] in _HARMLESS:
            continue
        if _value(called, owner) not in _DECORATORS:
            help = "decorators are @action, @init, @invariant, @step_invariant and @reachable"
            raise SpecError("S018", f"`@{written}` is not part of the language", span, help)
        ours += 1
        if ours > 1:
            help = "make two methods of it: an action changes the state, a property only reads it"
            raise SpecError("S018", f"`{node.name}` has two decorators", span, help)
    assert ours == len(marks), f"{node.name}: {marks}"


def _value(expression: ast.expr, owner: ClassSource) -> object:
    match expression:
        case ast.Name(name):
            return owner.names.get(name)
        case ast.Attribute(ast.Name(module), name):
            return getattr(owner.names.get(module), name, None)
        case _:
            return None


def _may_replace(name: str, inherited: Member | None, member: Member) -> None:
    """An override is of the same kind as what it replaces."""
    if inherited is None or _kind(inherited) == _kind(member):
        return
    was, now = _kind(inherited), _kind(member)
    if isinstance(inherited, Attribute) != isinstance(member, Attribute):
        help = f"`{name}` is a {was} of {inherited.owner.owner.__name__}: choose another name"
        raise SpecError("S017", f"`{name}` is a {was} already", member.span, help)
    help = f"add `@{was}`" if isinstance(member, Method) and was in _WRITTEN else f"make it a {was}"
    where = inherited.owner.owner.__name__
    message = f"`{name}` is {_article(was)} in {where}, and {_article(now)} here"
    raise SpecError("S023", message, member.span, help)


def _kind(member: Member) -> str:
    if isinstance(member, Attribute):
        return "setting" if member.is_setting else "variable"
    if member.mark is None:
        return "helper method"
    match member.mark:
        case ActionMark():
            return "action"
        case InitMark():
            return "init"
        case mark:
            return mark.kind.value


_WRITTEN = ("action", "init", "invariant", "step_invariant", "reachable")


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _misplaced(owner: ClassSource, statement: ast.stmt) -> SpecError:
    span = owner.source.span(statement)
    span = Span(span.file, span.line, span.column, span.line, span.end_column)
    if isinstance(statement, ast.ClassDef):
        help = f"move `class {statement.name}` above `class {owner.owner.__name__}`"
        return SpecError("S022", "a class inside a spec", span, help)
    help = "a spec's body has variables, settings, `scope`, and methods"
    return SpecError("S022", "this may not stand in a spec's body", span, help)
