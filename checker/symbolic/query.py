"""What a solver is asked, and what it answers: plain data, that can be sent to another process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import z3

from checker.symbolic.terms import Bool


@dataclass(frozen=True, slots=True)
class Query:
    """Whether something is possible, as SMT-LIB text. `preferences` are conditions by name.

    Of several models one is wanted in which as many preferences hold as possible, first ones first.
    """

    text: str
    preferences: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Possible:
    """It is: the values of the constants in a model, where they matter."""

    values: Mapping[str, bool | int]


@dataclass(frozen=True, slots=True)
class Impossible:
    """It is not."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The solver does not know, or took too long."""

    reason: str


Answer: TypeAlias = Possible | Impossible | GaveUp


def query_of(
    assertions: Iterable[Bool], preferences: Sequence[Bool], seconds: float
) -> Query | Answer:
    """A query that all these hold; or the answer, where it can be seen without a solver."""
    solver = z3.Solver()
    for assertion in assertions:
        if assertion is False:
            return Impossible()
        if assertion is not True:
            solver.add(assertion)
    names = []
    for number, preference in enumerate(preferences):
        if not isinstance(preference, bool):
            names.append(f"prefer!{number}")
            solver.add(z3.Implies(z3.Bool(names[-1]), preference))
    return Query(solver.sexpr(), tuple(names), seconds)
