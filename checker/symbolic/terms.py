"""Scalar terms: plain Python values where they are known, Z3 terms where they are not.

All formulas are built by these functions, which compute what is known already: an encoding of a
concrete state never meets the solver. Members of enumerations and sorts are integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import z3

Bool: TypeAlias = "bool | z3.BoolRef"
Int: TypeAlias = "int | z3.ArithRef"
Term: TypeAlias = "Bool | Int"


def is_literal(term: Term) -> bool:
    """Whether the value of a term is known."""
    return isinstance(term, int)


def same(a: Term, b: Term) -> bool:
    """Whether two terms are one and the same; if not, they may still be equal."""
    if is_literal(a) or is_literal(b):
        return a.__class__ is b.__class__ and bool(a == b)
    return a is b or bool(z3.eq(a, b))


def negate(a: Bool) -> Bool:
    """Not a."""
    if isinstance(a, bool):
        return not a
    return a.arg(0) if z3.is_not(a) else z3.Not(a)


def both(*terms: Bool) -> Bool:
    """All of them."""
    return _joined(z3.And, True, terms)


def either(*terms: Bool) -> Bool:
    """At least one of them."""
    return _joined(z3.Or, False, terms)


def _joined(join: z3.And | z3.Or, neutral: bool, terms: tuple[Bool, ...]) -> Bool:
    kept: dict[int, Bool] = {}
    for term in terms:
        if isinstance(term, bool):
            if term is not neutral:
                return term
        else:
            kept.setdefault(term.get_id(), term)
    if len(kept) < 2:
        return next(iter(kept.values()), neutral)
    return join(*kept.values())


def implies(a: Bool, b: Bool) -> Bool:
    """If a, then b."""
    return either(negate(a), b)


def pick(condition: Bool, a: Term, b: Term) -> Term:
    """One of two scalars of one kind."""
    if isinstance(condition, bool):
        return a if condition else b
    if same(a, b):
        return a
    if isinstance(a, bool):
        return either(condition, b) if a else both(negate(condition), b)
    if isinstance(b, bool):
        return implies(condition, a) if b else both(condition, a)
    return z3.If(condition, a, b)


def equals(a: Term, b: Term) -> Bool:
    """Whether two scalars of one kind are equal."""
    if is_literal(a) and is_literal(b):
        return bool(a == b)
    if same(a, b):
        return True
    for known, other in ((a, b), (b, a)):
        if isinstance(known, bool):
            return other if known else negate(other)
        if isinstance(known, int) and z3.is_app_of(other, z3.Z3_OP_ITE):
            return _equals_choice(known, other)
    return a == b


def _equals_choice(known: int, choice: z3.ArithRef) -> Bool:
    """A number and a choice: the branches are compared, down to where numbers stand."""
    condition, then, otherwise = choice.children()
    return pick(condition, equals(known, _plain(then)), equals(known, _plain(otherwise)))


def _plain(term: z3.ArithRef) -> Int:
    return term.as_long() if z3.is_int_value(term) else term


def less(a: Int, b: Int) -> Bool:
    """Whether a < b."""
    if is_literal(a) and is_literal(b):
        return bool(a < b)
    return False if same(a, b) else a < b


def at_most(a: Int, b: Int) -> Bool:
    """Whether a <= b."""
    return negate(less(b, a)) if is_literal(a) and is_literal(b) else same(a, b) or a <= b


def plus(a: Int, b: Int) -> Int:
    """The sum of a and b."""
    if is_literal(a) and a == 0:
        return b
    return a if is_literal(b) and b == 0 else a + b


def minus(a: Int, b: Int) -> Int:
    """The difference of a and b."""
    if same(a, b):
        return 0
    return a if is_literal(b) and b == 0 else a - b


def quotient(a: Int, b: Int) -> Int:
    """The quotient `a // b` rounded down; any number if b is 0."""
    if is_literal(b):
        if b == 0:
            return 0
        if is_literal(a):
            return a // b
        # The solver's quotient is rounded down for a positive divisor only.
        return a / b if b > 0 else (-a) / (-b)
    a = z3.IntVal(a) if is_literal(a) else a
    return z3.If(b > 0, a / b, (-a) / (-b))


def remainder(a: Int, b: Int) -> Int:
    """The remainder `a % b`, with the sign of b; any number if b is 0."""
    if is_literal(a) and is_literal(b):
        return a % b if b else 0
    return minus(a, quotient(a, b) * b)


def lesser(a: Int, b: Int) -> Int:
    """The lesser of a and b."""
    return pick(at_most(a, b), a, b)


def greater(a: Int, b: Int) -> Int:
    """The greater of a and b."""
    return pick(at_most(b, a), a, b)


def count(terms: Sequence[Bool]) -> Int:
    """How many of them are true."""
    total: Int = sum(1 for term in terms if term is True)
    unknown = [z3.If(term, 1, 0) for term in terms if not isinstance(term, bool)]
    return plus(z3.Sum(unknown), total) if unknown else total
