"""Claims without what stands deep inside of them: if even these are impossible, the claims are.

A condition on the whole of a log, in the middle of what happens to something else, is as a rule of
no importance, and more than a solver can see through. An unknown takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import z3

from checker.symbolic.terms import Bool


def generalised(facts: Sequence[Bool], happens: Sequence[Bool], broken: Bool) -> list[Bool]:
    """The claims, where quantified formulas are unknowns that need no free variable.

    In what happens, all of them; in what is broken, those inside of others; in the facts, none.
    Equal formulas become one unknown: the value that they have in a state is a value for it.
    """
    inside = [part for claim in happens for part in quantified_parts(claim)]
    if not isinstance(broken, bool):
        outermost = quantified_parts(broken)
        inside += [part for one in outermost for part in quantified_parts(one.body())]
    pairs = [(part, z3.FreshBool("some")) for part in inside]
    return [*facts, *(_replaced(claim, pairs) for claim in (*happens, broken))]


def _replaced(claim: Bool, pairs: Sequence[tuple[z3.ExprRef, z3.BoolRef]]) -> Bool:
    return claim if isinstance(claim, bool) else z3.substitute(claim, *pairs)


def quantified_parts(term: Any) -> list[z3.QuantifierRef]:
    """The outermost quantified formulas that have no free variable, each once."""
    found: dict[int, z3.QuantifierRef] = {}
    seen: set[int] = set()
    stack: list[Any] = [] if isinstance(term, bool) else [term]
    while stack:
        part = stack.pop()
        if part.get_id() in seen:
            continue
        seen.add(part.get_id())
        if not z3.is_quantifier(part):
            stack.extend(part.children())
        elif _is_closed([part], 0):
            found[part.get_id()] = part
        else:
            stack.append(part.body())
    return list(found.values())


def _is_closed(terms: Iterable[Any], depth: int) -> bool:
    """Whether no variable of a quantifier around is free in terms that stand so deep."""
    seen: set[tuple[int, int]] = set()
    stack = [(term, depth) for term in terms]
    while stack:
        part, around = stack.pop()
        if (part.get_id(), around) in seen:
            continue
        seen.add((part.get_id(), around))
        if z3.is_var(part):
            if z3.get_var_index(part) >= around:
                return False
        elif z3.is_quantifier(part):
            stack.append((part.body(), around + part.num_vars()))
        else:
            stack.extend((child, around) for child in part.children())
    return True
