"""One question as several smaller ones: by what an action's arguments are, and by what is broken.

Together they ask the same: arguments are of one of the forms that stand for all values, and of a
goal with several parts one is broken. A solver that tells none of them apart may find no end to the
whole, and answer each part at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import islice, product
from typing import Final

import z3

from checker.ir.model import Action
from checker.symbolic.fits import lifted
from checker.symbolic.meaning import Trees
from checker.symbolic.terms import Bool, negate
from checker.symbolic.trees import Tree
from checker.symbolic.unknown import forms, unknown

MOST_FORMS: Final = 16
"""An argument of which there are more forms is left unknown."""
MOST_CASES: Final = 64
"""So many cases of an action are told apart, or none."""


def argument_cases(action: Action, name: str, lift: Set[str]) -> list[Trees]:
    """Arguments of each form: members of sorts and enumerations are known, numbers are not.

    Whatever the action may be tried with is what one of them stands for.
    """
    parts: list[list[Tree]] = []
    for parameter in action.parameters:
        type = lifted(parameter.type, lift)
        found = list(islice(forms(type, f"{name}{parameter.name}"), MOST_FORMS + 1))
        parts.append(
            found if len(found) <= MOST_FORMS else [unknown(type, f"{name}{parameter.name}")]
        )
    cases = list(islice(product(*parts), MOST_CASES + 1))
    if len(cases) > MOST_CASES:
        cases = [tuple(unknown(lifted(p.type, lift), f"{name}{p.name}") for p in action.parameters)]
    locals = [parameter.local for parameter in action.parameters]
    return [dict(zip(locals, case, strict=True)) for case in cases]


def alternatives(term: Bool) -> Iterator[Bool]:
    """Terms of which one is true exactly if the term is: the parts of a disjunction."""
    if isinstance(term, bool) or not (z3.is_or(term) or z3.is_not(term)):
        yield term
    elif z3.is_or(term):
        for part in term.children():
            yield from alternatives(part)
    elif z3.is_and(term.arg(0)):
        for part in term.arg(0).children():
            yield from alternatives(negate(part))
    else:
        yield term
