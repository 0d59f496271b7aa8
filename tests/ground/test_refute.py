"""What is called impossible is false where the assumptions hold, and most such things are seen."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from checker.explicit.search import explore
from checker.ground import refute
from checker.ground.assume import Assumptions
from checker.ground.build import Terms
from checker.ground.evaluate import evaluate_term
from checker.ground.ground import ground
from checker.ground.refute import is_impossible
from checker.ground.terms import Term
from checker.lang.declare import declare
from checker.lang.lower import lower
from checker.semantics import reference
from checker.semantics.step import initial_state
from tests.ground.moving import Dividing
from tests.ground.random_terms import Maker, states

STATES = list(states())


def assume(terms: Terms, *facts: Term) -> Assumptions:
    known = Assumptions(terms)
    for fact in facts:
        known.learn(fact)
    return known


def happens(facts: list[Term], condition: Term) -> bool:
    """The slow twin: look at every state."""
    return any(
        all(evaluate_term(fact, state) for fact in facts) and evaluate_term(condition, state)
        for state in STATES
    )


def test_nothing_that_happens_is_impossible() -> None:
    random = Random(7)
    refuted = impossible = 0
    for _ in range(600):
        maker = Maker(random, Terms())
        facts = [maker.truth(2).folded for _ in range(random.choice((0, 1, 2)))]
        condition = maker.truth(random.choice((2, 3))).folded
        if maker.terms.false in facts:
            continue
        is_so = not happens(facts, condition)
        found = is_impossible(assume(maker.terms, *facts), condition)
        assert is_so or not found, (facts, condition)
        impossible += is_so
        refuted += found
    # It need not see all that is impossible, but it is there to see most of it.
    assert impossible > 100
    assert refuted > 0.6 * impossible, (refuted, impossible)


def test_an_optional_that_was_asked_about_is_there() -> None:
    terms = Terms()
    present, other = terms.cell(0, 2), terms.cell(1, 2)
    absent = terms.not_(present)
    is_read = terms.ite(other, absent, terms.and_(terms.cell(2, 2), absent))
    assert is_impossible(assume(terms), terms.and_(present, is_read))
    assert not is_impossible(assume(terms), terms.and_(other, is_read))


def test_facts_count_together() -> None:
    terms = Terms()
    a, b, number = terms.cell(0, 2), terms.cell(1, 2), terms.cell(2, 7)
    is_six = terms.equal(number, terms.constant(6))
    known = assume(terms, terms.or_(a, b, terms.not_(is_six)), terms.not_(a))
    assert is_impossible(known, terms.and_(terms.not_(b), is_six))
    assert not is_impossible(known, is_six)


def test_bounds_that_exclude_each_other_are_a_contradiction() -> None:
    terms = Terms()
    x, y = terms.cell(0, 5), terms.cell(1, 5)
    choice = terms.ite(terms.cell(2, 2), x, terms.constant(-1))
    above = terms.less(y, choice)
    assert is_impossible(assume(terms, above), terms.equal(choice, terms.constant(-1)))


def test_too_much_effort_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = Terms()
    cells = [terms.cell(i, 2) for i in range(8)]
    condition = terms.and_(*(terms.or_(a, b) for a, b in pairwise(cells)))
    known = assume(terms, *map(terms.not_, cells[:3]))
    assert is_impossible(known, condition)
    monkeypatch.setattr(refute, "MOST_VISITS", 1)
    assert not is_impossible(known, condition)


def test_the_assumptions_are_left_as_they_were() -> None:
    terms = Terms()
    a, b = terms.cell(0, 2), terms.cell(1, 2)
    known = assume(terms, terms.or_(a, b))
    before = set(known.facts())
    is_impossible(known, terms.not_(a))
    assert set(known.facts()) == before


def test_a_choice_of_numbers_that_is_a_truth_value_is_not_split() -> None:
    model = lower(declare(Dividing))
    found = explore(ground(model), [initial_state(model)], stop_at_finding=False)
    expected = reference.explore(model, stop_at_finding=False)
    assert (found.states, found.generated) == (len(expected.states), expected.generated)
    assert [f.kind.value for f in found.findings] == [f.kind for f in expected.findings]
