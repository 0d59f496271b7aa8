"""And, or: flat, without repetition, and with what follows from the bounds of one number."""

from __future__ import annotations

from collections.abc import Iterable

from checker.ground.pool import Pool
from checker.ground.terms import Term, TermOp

COMPARED = 12
"""So many disjunctions are held against each other. Where there are more it costs too much."""
RESOLVED = 4
"""Of these, the ones with so many parts are paired; longer ones hardly ever match."""


class Logic(Pool):
    """The pool, and the connectives."""

    def __init__(self) -> None:
        super().__init__()
        self._conjunctions: dict[tuple[Term, ...], Term] = {}

    def and_(self, *args: Term) -> Term:
        """1 if all are 1."""
        found = self._conjunctions.get(args)
        if found is None:
            found = self._join(TermOp.AND, self._conjuncts(args))
            self._conjunctions[args] = found
        return found

    def or_(self, *args: Term) -> Term:
        """1 if any is 1."""
        return self.not_(self.and_(*map(self.not_, args)))

    def implies(self, a: Term, b: Term) -> Term:
        """1 if a is 0 or b is 1."""
        return self.or_(self.not_(a), b)

    def xor(self, a: Term, b: Term) -> Term:
        """1 if exactly one is 1."""
        return self.or_(self.and_(a, self.not_(b)), self.and_(self.not_(a), b))

    def _join(self, op: TermOp, conjuncts: list[Term] | None) -> Term:
        if conjuncts is None:
            return self.false
        if len(conjuncts) <= 1:
            return conjuncts[0] if conjuncts else self.true
        return self.make(op, self.in_order(conjuncts), 0, 1)

    def _conjuncts(self, args: Iterable[Term]) -> list[Term] | None:
        """What has to be true, each thing once; `None` if it cannot be."""
        kept: dict[Term, None] = {}
        pending = list(args)
        while pending:
            while pending:
                a = pending.pop()
                if a.op is TermOp.AND:
                    pending.extend(a.args)
                elif a is self.false or self.not_(a) in kept:
                    return None
                elif a is not self.true:
                    kept[a] = None
            disjunctions = [a for a in kept if a.op is TermOp.OR]
            if disjunctions and len(disjunctions) <= COMPARED:
                pending = self._absorb(kept, disjunctions) or self._resolve(kept, disjunctions)
        return self._bounded(kept)

    def _resolve(self, kept: dict[Term, None], disjunctions: list[Term]) -> list[Term]:
        """Takes a pair `(a or b) and (a or not b)` out; returns what takes its place: `a`."""
        known = {a for a in disjunctions if len(a.args) <= RESOLVED and a in kept}
        for a in disjunctions:
            for part in a.args if a in known and len(known) > 1 else ():
                others = [b for b in a.args if b is not part]
                key = (TermOp.OR, 0, *self.in_order([*others, self.not_(part)]))
                other = self._terms.get(key)
                if other in known:
                    del kept[a], kept[other]
                    return [self.or_(*others)]
        return []

    def _absorb(self, kept: dict[Term, None], disjunctions: list[Term]) -> list[Term]:
        """Shortens each disjunction by what is kept beside it; returns what takes its place."""
        shorter: list[Term] = []
        for a in disjunctions:
            if any(b in kept for b in a.args):
                del kept[a]
                continue
            possible = [b for b in a.args if not self._excluded(b, kept)]
            if len(possible) < len(a.args):
                del kept[a]
                shorter.append(self.or_(*possible))
        return shorter

    def _excluded(self, a: Term, kept: dict[Term, None]) -> bool:
        parts = a.args if a.op is TermOp.AND else (a,)
        return any(self.not_(part) in kept for part in parts)

    def _bounded(self, kept: dict[Term, None]) -> list[Term] | None:
        """Without the comparisons of a number that follow from others; `None` if they exclude it.

        Only comparisons with constants count: x = 3 makes x ≤ 5 redundant and x ≤ 2 impossible.
        """
        limits = [limit for limit in map(_limit, kept) if limit is not None]
        if len(limits) == len({number for _, number, _, _ in limits}):
            return list(kept)
        low, high, exact = self._intersect(limits)
        if any(low[x] > high[x] for x in low):
            return None
        for term, x, least, most in limits:
            if least is None and most is None:
                value = term.args[0].args[1].value
                needed = low[x] <= value <= high[x] and x not in exact
                if x in exact and exact[x] == value:
                    return None
            else:
                is_exact = least == most
                needed = is_exact or (x not in exact and (least == low[x] or most == high[x]))
            if not needed:
                del kept[term]
        return list(kept)

    def _intersect(
        self, limits: list[tuple[Term, Term, int | None, int | None]]
    ) -> tuple[dict[Term, int], dict[Term, int], dict[Term, int]]:
        low: dict[Term, int] = {}
        high: dict[Term, int] = {}
        exact: dict[Term, int] = {}
        for _, x, least, most in limits:
            low[x] = max(low.get(x, x.low), x.low if least is None else least)
            high[x] = min(high.get(x, x.high), x.high if most is None else most)
            if least is not None and least == most:
                exact[x] = least
        return low, high, exact


def _limit(term: Term) -> tuple[Term, Term, int | None, int | None] | None:
    """The term, the number that it bounds by a constant, and its bounds; none for ≠."""
    positive = term.op is not TermOp.NOT
    comparison = term if positive else term.args[0]
    if comparison.op not in (TermOp.EQ, TermOp.LE) or comparison.args[1].op is not TermOp.CONST:
        return None
    x, value = comparison.args[0], comparison.args[1].value
    if comparison.op is TermOp.EQ:
        return (term, x, value, value) if positive else (term, x, None, None)
    return (term, x, None, value) if positive else (term, x, value + 1, None)
