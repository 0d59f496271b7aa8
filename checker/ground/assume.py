"""What is known where a step has not exited yet, and what it makes of the terms that follow.

A later exit, and every update, counts only where no earlier exit was taken. So the guard
`end < len(leader's log)` makes a later check that `end` is no index past the end vanish. A term
simplified under assumptions has its value only where they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checker.ground.build import Terms, bounds
from checker.ground.errors import TooWide
from checker.ground.numbers import split
from checker.ground.pool import is_boolean
from checker.ground.terms import Term, TermOp

COMPARISONS = (TermOp.EQ, TermOp.LE)
MOST_EFFORT = 3_000
"""Visits of nodes after which a term is left as it is: simpler is cheaper, but not needed."""


class Assumptions:
    """Boolean terms known to be true, with the intervals that follow for numbers in them."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._truth: dict[Term, Term] = {}
        self._bounds: dict[Term, tuple[int, int]] = {}
        self._simplified: dict[Term, Term] = {}
        self.visits = 0

    def copy(self) -> Assumptions:
        """The same assumptions, to which others may be added."""
        other = Assumptions(self.terms)
        other._truth, other._bounds = dict(self._truth), dict(self._bounds)
        return other

    def facts(self) -> Iterator[Term]:
        """What was learned to be true."""
        return (term for term, value in self._truth.items() if value is self.terms.true)

    def has(self, fact: Term) -> bool:
        """Whether the fact was learned to be true."""
        return self._truth.get(fact) is self.terms.true

    def excludes(self, fact: Term) -> bool:
        """Whether the fact was learned to be false."""
        return self._truth.get(fact) is self.terms.false

    def is_contradictory(self) -> bool:
        """Whether the bounds of the numbers settle a comparison otherwise than was learned."""
        for fact in self.facts():
            holds = fact.op is not TermOp.NOT
            comparison = fact if holds else fact.args[0]
            if comparison.op in COMPARISONS:
                decided = self._decided(comparison)
                if decided is not None and (decided is self.terms.true) != holds:
                    return True
        return False

    def learn(self, fact: Term) -> None:
        """Assumes a Boolean term to be true."""
        if fact.op is TermOp.CONST:
            return
        self._simplified.clear()
        if fact.op is TermOp.AND:
            for part in fact.args:
                self.learn(part)
            return
        self._truth[fact] = self.terms.true
        self._truth[self.terms.not_(fact)] = self.terms.false
        holds = fact.op is not TermOp.NOT
        comparison = fact if holds else fact.args[0]
        if comparison.op in COMPARISONS:
            for number in (comparison.args[0], split(comparison.args[1])[0]):
                self._narrow(number, *bounds(comparison, holds, number))

    def _narrow(self, x: Term, low: int, high: int) -> None:
        known_low, known_high = self._bounds.get(x, (x.low, x.high))
        low, high = max(low, known_low), min(high, known_high)
        if low <= high and x.op is not TermOp.CONST:
            self._bounds[x] = (low, high)

    def simplify_fact(self, fact: Term) -> Term:
        """A term, which may itself be assumed, by the other assumptions."""
        known = self._truth.pop(fact, None)
        if known is None:
            return self.simplify_condition(fact)
        self._simplified.pop(fact, None)
        simple = self.simplify_condition(fact)
        self._simplified.pop(fact, None)
        self._truth[fact] = known
        return simple

    def simplify_condition(self, condition: Term) -> Term:
        """As `simplify`, but what is left is a Boolean term for every state."""
        simple = self.simplify(condition)
        return simple if is_boolean(simple) else condition

    def simplify(self, root: Term) -> Term:
        """A term with the same value wherever the assumptions hold."""
        if not self._truth:
            return root
        done = self._simplified
        stack = [root]
        effort = 0
        while stack:
            effort += 1
            self.visits += 1
            if effort > MOST_EFFORT:
                return root
            term = stack[-1]
            if term in done:
                stack.pop()
                continue
            known = self._known(term)
            if known is not None:
                done[term] = known
                continue
            waiting = [arg for arg in term.args if arg not in done]
            if waiting:
                stack.extend(waiting)
                continue
            args = tuple(done[arg] for arg in term.args)
            done[term] = term if args == term.args else self._rebuilt(term, args)
        return done[root]

    def _rebuilt(self, term: Term, args: tuple[Term, ...]) -> Term:
        """The term with simpler arguments; as it is where their intervals are too wide for it.

        Intervals hold in every state. An argument that is kept in bounds by a choice may lose that
        choice here, where the assumptions keep it in bounds too, and with it the narrow interval.
        """
        if any(is_boolean(a) and not is_boolean(b) for a, b in zip(term.args, args, strict=True)):
            return term
        try:
            return rebuild(self.terms, term, args)
        except TooWide:
            return term

    def _known(self, term: Term) -> Term | None:
        known = self._truth.get(term)
        if known is not None:
            return known
        if not term.args:
            low, high = self._bounds.get(term, (term.low, term.high))
            if low == high:
                return self.terms.constant(low)
            return term
        if term.op in COMPARISONS:
            return self._decided(term)
        return None

    def _decided(self, comparison: Term) -> Term | None:
        """The truth of a comparison, if what is known of its sides settles it."""
        left, right = comparison.args
        low, high = self._bounds.get(left, (left.low, left.high))
        x, offset = split(right)
        other_low, other_high = self._bounds.get(x, (x.low, x.high))
        other_low, other_high = other_low + offset, other_high + offset
        if comparison.op is TermOp.LE:
            if high <= other_low:
                return self.terms.true
            return self.terms.false if low > other_high else None
        if low == high == other_low == other_high:
            return self.terms.true
        return self.terms.false if high < other_low or other_high < low else None


def rebuild(terms: Terms, term: Term, args: tuple[Term, ...]) -> Term:
    """The term with other arguments, folded again."""
    return REBUILD[term.op](terms, *args)


def _leaf(terms: Terms, *args: Term) -> Term:
    raise AssertionError("a leaf has no arguments to replace")


REBUILD: Mapping[TermOp, Callable[..., Term]] = {
    TermOp.CONST: _leaf,
    TermOp.CELL: _leaf,
    TermOp.NEXT_CELL: _leaf,
    TermOp.NOT: Terms.not_,
    TermOp.AND: Terms.and_,
    TermOp.OR: Terms.or_,
    TermOp.ITE: Terms.ite,
    TermOp.EQ: Terms.equal,
    TermOp.LT: Terms.less,
    TermOp.LE: Terms.less_equal,
    TermOp.ADD: Terms.add,
    TermOp.SUB: Terms.subtract,
    TermOp.MUL: Terms.multiply,
    TermOp.FLOORDIV: Terms.floor_divide,
    TermOp.MOD: Terms.modulo,
    TermOp.BIT_AND: Terms.bit_and,
    TermOp.BIT_OR: Terms.bit_or,
    TermOp.BIT_XOR: Terms.bit_xor,
    TermOp.SHIFT_LEFT: Terms.shift_left,
    TermOp.SHIFT_RIGHT: Terms.shift_right,
    TermOp.POPCOUNT: Terms.popcount,
}
