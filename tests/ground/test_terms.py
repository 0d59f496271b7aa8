"""The factory of terms: folding changes no value, and intervals hold what they promise."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from checker.ground.assume import Assumptions
from checker.ground.build import Terms
from checker.ground.errors import GroundError
from checker.ground.evaluate import evaluate_term, evaluate_terms
from checker.ground.pool import HIGHEST
from checker.ground.terms import Term, TermOp
from tests.ground.random_terms import Maker, states

STATES = list(states())


def subterms(term: Term) -> set[Term]:
    found: set[Term] = set()
    stack = [term]
    while stack:
        one = stack.pop()
        if one not in found:
            found.add(one)
            stack.extend(one.args)
    return found


@pytest.mark.parametrize("kind", ["truth", "number", "word"])
def test_folding_changes_no_value(kind: str) -> None:
    """And every term on the way is inside its interval, in every state."""
    random = Random(kind)
    folded_away = 0
    for _ in range(400):
        maker = Maker(random, Terms())
        pair = getattr(maker, kind)(random.choice((1, 2, 3)))
        parts = sorted(subterms(pair.folded), key=maker.terms.rank.__getitem__)
        folded_away += len(parts) < len(subterms(pair.raw))
        for state in random.sample(STATES, 40):
            assert evaluate_term(pair.folded, state) == evaluate_term(pair.raw, state), pair.raw
            for part, value in zip(parts, evaluate_terms(parts, state), strict=True):
                assert part.low <= value <= part.high, f"{part} is {value}"
    assert folded_away > 100


def test_assumptions_change_no_value_where_they_hold() -> None:
    random = Random(1)
    simpler = 0
    for _ in range(400):
        maker = Maker(random, Terms())
        fact, term = maker.truth(2).folded, maker.truth(3).folded
        known = Assumptions(maker.terms)
        known.learn(fact)
        found = known.simplify(term)
        simpler += len(subterms(found)) < len(subterms(term))
        for state in STATES:
            if evaluate_term(fact, state):
                assert evaluate_term(found, state) == evaluate_term(term, state), (fact, term)
    assert simpler > 30


def test_what_assumptions_widen_too_much_stays_as_it_is() -> None:
    terms = Terms()
    number = terms.cell(0, 100)
    is_small = terms.less_equal(number, terms.constant(5))
    shift = terms.ite(is_small, number, terms.constant(5))
    bit = terms.shift_left(terms.true, shift)
    truth = terms.and_(
        terms.ite(terms.less_equal(number, terms.true), number, terms.true), is_small
    )
    known = Assumptions(terms)
    known.learn(terms.less_equal(number, terms.true))
    assert known.simplify(shift) is number
    assert known.simplify(bit) is bit
    assert evaluate_term(known.simplify(truth), (1,)) == 1


def test_bits_are_those_of_the_word() -> None:
    random = Random(2)
    for _ in range(300):
        maker = Maker(random, Terms())
        word = maker.word(3).folded
        number = random.randrange(8)
        bit = maker.terms.bit(word, number)
        for state in random.sample(STATES, 30):
            assert evaluate_term(bit, state) == evaluate_term(word, state) >> number & 1


x, y, a, b = 0, 1, 2, 3
"""Cells of the table below: two numbers of 0..6 and two Booleans."""

Make = Callable[[Terms, list[Term]], Term]
EQUAL: list[tuple[str, Make, Make]] = [
    ("a sum of constants", lambda t, c: t.offset(t.offset(c[x], 2), -2), lambda t, c: c[x]),
    (
        "a difference undone",
        lambda t, c: t.add(t.subtract(c[x], c[y]), c[y]),
        lambda t, c: c[x],
    ),
    (
        "strict and not weak",
        lambda t, c: t.less(c[x], c[y]),
        lambda t, c: t.not_(t.less_equal(c[y], c[x])),
    ),
    (
        "strict and weak of the next",
        lambda t, c: t.less(c[x], c[y]),
        lambda t, c: t.less_equal(t.offset(c[x], 1), c[y]),
    ),
    (
        "at the end of an interval",
        lambda t, c: t.less(t.constant(5), c[x]),
        lambda t, c: t.equal(c[x], t.constant(6)),
    ),
    (
        "equality says more",
        lambda t, c: t.and_(t.equal(c[x], t.constant(3)), t.less(c[x], t.constant(5))),
        lambda t, c: t.equal(c[x], t.constant(3)),
    ),
    (
        "impossible bounds",
        lambda t, c: t.and_(t.less(c[x], t.constant(2)), t.less(t.constant(4), c[x])),
        lambda t, c: t.false,
    ),
    ("a contradiction", lambda t, c: t.and_(c[a], c[b], t.not_(c[a])), lambda t, c: t.false),
    ("absorption", lambda t, c: t.and_(c[a], t.or_(c[a], c[b])), lambda t, c: c[a]),
    (
        "absorption of the complement",
        lambda t, c: t.or_(c[a], t.and_(t.not_(c[a]), c[b])),
        lambda t, c: t.or_(c[b], c[a]),
    ),
    (
        "resolution",
        lambda t, c: t.or_(t.and_(c[a], c[b]), t.and_(c[a], t.not_(c[b]))),
        lambda t, c: c[a],
    ),
    (
        "de Morgan",
        lambda t, c: t.not_(t.and_(c[a], t.not_(c[b]))),
        lambda t, c: t.or_(c[b], t.not_(c[a])),
    ),
    ("a choice of nothing", lambda t, c: t.ite(c[a], c[x], c[x]), lambda t, c: c[x]),
    (
        "a choice inside",
        lambda t, c: t.ite(c[a], t.ite(c[a], c[x], c[y]), c[y]),
        lambda t, c: t.ite(c[a], c[x], c[y]),
    ),
    (
        "a settled choice inside",
        lambda t, c: t.ite(
            t.equal(c[x], t.constant(1)), t.ite(t.equal(c[x], t.false), c[y], c[x]), c[y]
        ),
        lambda t, c: t.ite(t.equal(c[x], t.constant(1)), c[x], c[y]),
    ),
    (
        "what an optional is read and written as",
        lambda t, c: t.ite(t.equal(c[x], t.false), t.false, c[x]),
        lambda t, c: c[x],
    ),
    (
        "a constant choice compared",
        lambda t, c: t.equal(t.ite(c[a], t.constant(2), t.constant(4)), t.constant(4)),
        lambda t, c: t.not_(c[a]),
    ),
    (
        "the least of two, one always less",
        lambda t, c: t.minimum(c[x], t.constant(9)),
        lambda t, c: c[x],
    ),
    ("all bits", lambda t, c: t.bit_and(c[x], t.constant(7)), lambda t, c: c[x]),
    (
        "a bit of a shifted Boolean",
        lambda t, c: t.bit(t.bit_or(t.shift_left(c[a], t.constant(3)), c[x]), 3),
        lambda t, c: c[a],
    ),
    ("the remainder of less", lambda t, c: t.modulo(c[x], t.constant(7)), lambda t, c: c[x]),
    ("one or none", lambda t, c: t.popcount(c[a]), lambda t, c: c[a]),
]


ROWS = [pytest.param(made, expected, id=name) for name, made, expected in EQUAL]


@pytest.mark.parametrize(("made", "expected"), ROWS)
def test_equal_terms_are_one_object(made: Make, expected: Make) -> None:
    terms = Terms()
    cells = [terms.cell(0, 7), terms.cell(1, 7), terms.cell(2, 2), terms.cell(3, 2)]
    assert made(terms, cells) is expected(terms, cells)


def test_a_number_that_needs_more_than_64_bits_is_refused() -> None:
    terms = Terms()
    wide = terms.cell(0, HIGHEST)
    with pytest.raises(GroundError, match="more than 64 bits"):
        terms.multiply(wide, wide)


def test_a_cell_with_one_value_is_a_constant() -> None:
    terms = Terms()
    assert terms.cell(5, 1) is terms.false
    assert terms.next_cell(5, 1) is terms.false


def test_intervals_know_the_condition_of_a_choice() -> None:
    terms = Terms()
    least = terms.minimum(terms.cell(0, 10), terms.cell(1, 4))
    assert (least.low, least.high) == (0, 3)
    guarded = terms.ite(
        terms.less(terms.false, terms.cell(0, 10)), terms.offset(terms.cell(0, 10), -1), terms.false
    )
    assert (guarded.low, guarded.high) == (0, 8)
    assert guarded.op is TermOp.ITE
