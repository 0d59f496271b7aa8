"""What step invariants say of a step that changes nothing, and where.

`before.epoch <= after.epoch` allows such a step in every state, `before.epoch < after.epoch` in
none. A cone may leave out a step only where it is allowed to change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from checker.ground.assume import COMPARISONS, Assumptions, rebuild
from checker.ground.build import Terms
from checker.ground.errors import TooWide
from checker.ground.model import GroundProperty, GroundStep
from checker.ground.pool import is_boolean
from checker.ground.refute import is_impossible
from checker.ground.terms import Term, TermOp, postorder

_Made: TypeAlias = dict[tuple[Term, tuple[Term, ...]], Term]


def refusals(
    terms: Terms,
    still: Iterable[GroundProperty],
    steps: Sequence[GroundStep],
    initial: Sequence[int] | None,
) -> list[Term]:
    """Where step invariants do not allow a step that changes nothing; `still` are they, of such.

    What is seen to be false in every reachable state is left out. `initial` are the cells of the
    initial state, if there is no other.
    """
    found = [terms.or_(one.undefined, terms.not_(one.holds)) for one in still]
    return [one for one in found if not _is_never_met(terms, one, steps, initial)]


def may_happen_where(terms: Terms, step: GroundStep, conditions: Iterable[Term]) -> bool:
    """Whether the step may happen in a state in which one of the conditions is true."""
    known = _fired(terms, step)
    return any(not is_impossible(known, condition) for condition in conditions)


def always_ends(step: GroundStep) -> bool:
    """Whether some exit is always taken: out of scope, say, because its budget is 0."""
    return bool(step.exits) and step.exits[-1].when.low == 1


def _is_never_met(
    terms: Terms, refusal: Term, steps: Sequence[GroundStep], initial: Sequence[int] | None
) -> bool:
    """Whether a refusal is false at the start, and no step makes it true: an induction."""
    if refusal is terms.false or initial is None:
        return refusal is terms.false
    start = {cell: terms.constant(number) for cell, number in enumerate(initial)}
    try:
        if _replaced(terms, refusal, start) is not terms.false:
            return False
        return all(always_ends(step) or _keeps_away(terms, step, refusal) for step in steps)
    except TooWide:
        return False


def _keeps_away(terms: Terms, step: GroundStep, refusal: Term) -> bool:
    """Whether the step leads from no state without the refusal to one with it."""
    after = _replaced(terms, refusal, dict(step.updates))
    known = _fired(terms, step)
    known.learn(terms.not_(refusal))
    return after is refusal or is_impossible(known, after)


def _fired(terms: Terms, step: GroundStep) -> Assumptions:
    """What is known where a step happens: no exit is taken."""
    known = Assumptions(terms)
    for exit in step.exits:
        known.learn(terms.not_(exit.when))
    return known


def _replaced(terms: Terms, root: Term, values: Mapping[int, Term]) -> Term:
    """The term with other terms for some cells; raises `TooWide` where a truth value is lost."""
    made: _Made = {}
    done: dict[Term, Term] = {}
    for term in postorder((root,), done):
        if term.op is TermOp.CELL:
            done[term] = _as_narrow(term, values.get(term.value, term))
        else:
            args = tuple(done[arg] for arg in term.args)
            found = term if args == term.args else _rebuilt(terms, term, args, made)
            done[term] = _as_narrow(term, found)
    return done[root]


def _as_narrow(term: Term, other: Term) -> Term:
    """What stands for the term, if it can: for a truth value, only one that always is.

    A new value is in its cell's bounds where the step happens; its interval may be wider.
    """
    if is_boolean(term) and not is_boolean(other):
        raise TooWide(other.low, other.high)
    return other


def _rebuilt(terms: Terms, term: Term, args: tuple[Term, ...], made: _Made) -> Term:
    """The term with other arguments. What compares a choice becomes a choice of comparisons."""
    key = (term, args)
    if key not in made:
        place = next((n for n, arg in enumerate(args) if arg.op is TermOp.ITE), None)
        if place is None or term.op not in COMPARISONS:
            made[key] = rebuild(terms, term, args)
        else:
            condition, *sides = args[place].args
            cases = ((*args[:place], side, *args[place + 1 :]) for side in sides)
            a, b = (_rebuilt(terms, term, case, made) for case in cases)
            made[key] = terms.ite(condition, a, b)
    return made[key]
