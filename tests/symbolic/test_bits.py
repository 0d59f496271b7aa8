"""Formulas over bits mean what those over integers mean, for all values within the ranges."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
import z3

from checker.symbolic.bits import constant, in_bits, leaf
from checker.symbolic.errors import CannotEncode

RANGES = {"a": (-3, 4), "b": (0, 5), "c": (2, 2), "p": None}


def _formulas() -> Iterator[z3.BoolRef]:
    a, b, c, p = z3.Int("a"), z3.Int("b"), z3.Int("c"), z3.Bool("p")
    for one, other in product((a, c, -a * b, z3.If(p, a, b - c)), repeat=2):
        yield z3.And(one < other, p)
        yield one + other * 3 <= 2 * one - 7
        yield z3.Or(one == other, one >= other + 1, z3.Not(p))
        yield z3.Implies(z3.Distinct(one, other), one > -other)
    for divisor in (1, 2, 3, 7):
        for divided in (a, b, a - b, a * a):
            yield divided / divisor == b - 2
            yield divided - (divided / divisor) * divisor >= b


def test_bits_mean_what_integers_mean() -> None:
    formulas = list(_formulas())
    leaves = {name: leaf(name, range) for name, range in RANGES.items()}
    found = in_bits(formulas, RANGES, leaves)
    values = {
        name: (False, True) if bounds is None else range(bounds[0], bounds[1] + 1)
        for name, bounds in RANGES.items()
    }
    seen = set()
    for chosen in product(*values.values()):
        known = dict(zip(values, chosen, strict=True))
        integers = [
            (z3.Bool(n), z3.BoolVal(v)) if RANGES[n] is None else (z3.Int(n), z3.IntVal(v))
            for n, v in known.items()
        ]
        bits = [
            (constant(leaves[n]), z3.BitVecVal(v, leaves[n].bits) if leaves[n].bits else value)
            for (n, v), (_, value) in zip(known.items(), integers, strict=True)
        ]
        for formula, translated in zip(formulas, found, strict=True):
            expected = z3.simplify(z3.substitute(formula, *integers))
            assert z3.eq(z3.simplify(z3.substitute(translated, *bits)), expected), formula
            seen.add(z3.is_true(expected))
    assert seen == {True, False}


@pytest.mark.parametrize("bounds", [(0, 1), (0, 7), (0, 8), (3, 4), (-1, 0), (-4, 3), (-5, 1)])
def test_leaves_hold_their_range(bounds: tuple[int, int]) -> None:
    found = leaf("x", bounds)
    values = {found.value(raw) for raw in range(1 << found.bits)}
    assert set(range(bounds[0], bounds[1] + 1)) <= values


def test_what_cannot_be_listed_has_no_bits() -> None:
    x = z3.Int("x")
    leaves = {"x": leaf("x", (0, 1))}
    for formula in (z3.ForAll([x], x < 3), z3.Function("f", z3.IntSort(), z3.BoolSort())(x)):
        with pytest.raises(CannotEncode):
            in_bits([formula], {"x": (0, 1)}, leaves)
