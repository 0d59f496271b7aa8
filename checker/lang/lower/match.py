"""`match` on the members of an enumeration."""

from __future__ import annotations

import ast
from typing import TypeAlias

from checker.ir.expr import Expr
from checker.ir.types import EnumType, OptionType
from checker.lang.errors import SpecError
from checker.lang.lower.build import constant, disjunction, equal
from checker.lang.lower.place import Place
from checker.lang.lower.types import describe

Arm: TypeAlias = tuple[Expr | None, list[ast.stmt]]
"""The test of a `case` with its statements; no test for the case that takes the rest."""


def arms(place: Place, node: ast.Match, subject: Expr) -> list[Arm]:
    """The arms in order; each test supposes that the earlier ones failed."""
    if not isinstance(subject.type, EnumType):
        help = "write `if … elif … else`"
        if isinstance(subject.type, OptionType) and isinstance(subject.type.of, EnumType):
            help = f"it may be None: write `match some({place.text(node.subject)})`"
        message = f"`match` on {describe(subject.type)}: it is for the members of an enumeration"
        raise place.error("S068", message, node.subject, help)
    remaining = dict.fromkeys(subject.type.members)
    found: list[Arm] = []
    for case in node.cases:
        if case.guard is not None:
            help = "write an `if` inside the case"
            raise place.error("S068", "a `case` with a condition", case.guard, help)
        if not remaining:
            raise place.error("S067", "this case is never reached", case.pattern, "leave it out")
        names = _names(place, case.pattern, subject.type, list(remaining))
        for name in names:
            del remaining[name]
        test = None if not remaining else disjunction(_tests(subject, names))
        found.append((test, case.body))
    return found


def _tests(subject: Expr, names: list[str]) -> list[Expr]:
    assert isinstance(subject.type, EnumType)
    members = subject.type.members
    return [equal(subject, constant(members.index(name), subject.type)) for name in names]


def _names(place: Place, pattern: ast.pattern, type: EnumType, remaining: list[str]) -> list[str]:
    """The members that a pattern takes, of those that no earlier case took."""
    match pattern:
        case ast.MatchAs(None, None):
            return remaining
        case ast.MatchOr(patterns):
            names: list[str] = []
            for part in patterns:
                left = [name for name in remaining if name not in names]
                names += _names(place, part, type, left)
            return names
        case ast.MatchValue(value):
            found = place.read(value)
            if found.type != type or not isinstance(found.data, int):
                message = f"expected a member of {type}, got {describe(found.type)}"
                raise place.error("S068", message, value, _example(type))
            name = type.members[found.data]
            if name not in remaining:
                message = f"{name} was taken by an earlier case"
                raise place.error("S067", message, pattern, "leave it out")
            return [name]
    raise _not_a_member(place, pattern, type)


def _not_a_member(place: Place, pattern: ast.pattern, type: EnumType) -> SpecError:
    help = _example(type)
    if isinstance(pattern, ast.MatchAs) and pattern.name in type.members:
        help = f"write `case {type.name}.{pattern.name}:`: a bare name would match anything"
    message = f"a pattern that is not a member of {type}"
    return place.error("S068", message, pattern, help)


def _example(type: EnumType) -> str:
    name = type.members[0]
    return f"write `case {type.name}.{name}:`, with `|` for several, and `case _:` for the rest"
