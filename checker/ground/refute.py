"""Whether a condition can hold at all where a step has not exited yet, decided by cases.

A spec is full of ways to be undefined that cannot happen: an index that an earlier `require`
bounds, an optional that was asked about before. One fact often settles one of them, and
`Assumptions.simplify` sees that. Where facts must be taken together, the condition is split here
into cases until each contradicts what is known. What is found impossible costs a search nothing;
what is not found so stays, and costs time only.
"""

from __future__ import annotations

from dataclasses import dataclass

from checker.ground.assume import Assumptions
from checker.ground.pool import is_boolean
from checker.ground.terms import Term, TermOp

MOST_VISITS = 20_000
"""Visits of nodes after which a condition is left as it is."""
COMPOUND = (TermOp.AND, TermOp.OR, TermOp.ITE)


class _TooMuch(Exception):
    """Deciding takes more effort than it would save."""


@dataclass(slots=True)
class _Case:
    """What is known, what else must be true, and facts that may say more as more is known."""

    known: Assumptions
    goals: list[Term]
    facts: list[Term]

    def with_goals(self, *more: Term) -> _Case:
        return _Case(self.known.copy(), [*more, *self.goals], list(self.facts))


def is_impossible(known: Assumptions, condition: Term) -> bool:
    """Whether the condition is false wherever the assumptions hold; `False` may mean "too hard"."""
    refutation = _Refutation()
    facts = [fact for fact in known.facts() if refutation.may_say_more(fact)]
    try:
        return refutation.contradicts(_Case(known.copy(), [condition], facts))
    except _TooMuch:
        return False


class _Refutation:
    """One attempt, with the effort that it may still take."""

    def __init__(self) -> None:
        self.left = MOST_VISITS
        self._has_choice: dict[Term, bool] = {}

    def may_say_more(self, fact: Term) -> bool:
        """Whether a fact may become simpler as more is known: there is a choice in it."""
        found = self._has_choice.get(fact)
        if found is None:
            found = fact.op in COMPOUND or any(self.may_say_more(arg) for arg in fact.args)
            self._has_choice[fact] = found
        return found

    def contradicts(self, case: _Case) -> bool:
        """Whether the case cannot be; its lists are used up."""
        if not self.propagate(case):
            return True
        if not case.goals:
            return case.known.is_contradictory()
        case.goals.sort(key=lambda goal: len(goal.args))
        first = case.goals.pop(0)
        not_ = case.known.terms.not_
        if first.op is TermOp.ITE:
            condition, a, b = first.args
            if not (is_boolean(a) and is_boolean(b)):
                return False  # only where it is chosen is such a branch a truth value
            return self.contradicts(case.with_goals(condition, a)) and self.contradicts(
                case.with_goals(not_(condition), b)
            )
        # A later case begins where the earlier ones are false.
        for part in first.args:
            if not self.contradicts(case.with_goals(part)):
                return False
            case.known.learn(not_(part))
        return True

    def propagate(self, case: _Case) -> bool:
        """Learn what follows from one goal or fact alone; `False` if there is a contradiction."""
        learned = True
        while learned:
            learned = False
            for terms in (case.goals, case.facts):
                pending = list(terms)
                terms.clear()
                for term in pending:
                    simple = self.simplified(case.known, term)
                    if simple.op is TermOp.CONST:
                        if not simple.value:
                            return False
                        continue
                    for part in simple.args if simple.op is TermOp.AND else (simple,):
                        if case.known.excludes(part):
                            return False
                        if part.op in COMPOUND:
                            terms.append(part)
                            continue
                        if self.may_say_more(part):
                            case.facts.append(part)
                        if not case.known.has(part):
                            case.known.learn(part)
                            learned = True
        return True

    def simplified(self, known: Assumptions, term: Term) -> Term:
        before = known.visits
        simple = known.simplify_fact(term)
        self.left -= known.visits - before
        if self.left < 0:
            raise _TooMuch
        return simple
