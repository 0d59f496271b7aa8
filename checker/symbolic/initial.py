"""All initial states: every solution of what is assumed of them, found by a solver.

Asked is within the bounds of the scope. Each solution is a state of the domains, and the reference
semantics confirms each before anybody sees it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import z3

from checker.ir.model import Model
from checker.ir.values import State, order
from checker.semantics.initial import is_initial
from checker.semantics.undefined import Undefined
from checker.symbolic.bits import Leaf, Range, in_bits, leaf
from checker.symbolic.bounded import formula_of, name_of, ranges_of
from checker.symbolic.enumeration import (
    UNDEFINED,
    Contradiction,
    Finished,
    Problem,
    Solved,
    WithoutValue,
    as_text,
    serve,
)
from checker.symbolic.errors import CannotEncode, SolverDisagrees
from checker.symbolic.found import (
    Bounds,
    Found,
    NoSolution,
    NoValue,
    Progress,
    Solutions,
    TooMany,
    Unfinished,
)
from checker.symbolic.meaning import Axioms
from checker.symbolic.processes import Child
from checker.symbolic.query import GaveUp
from checker.symbolic.shape import value_of
from checker.symbolic.starts import are_values, assumptions, starting_state
from checker.symbolic.terms import both, is_literal

SEED: Final = 0
VALUES: Final = "values"
GONE: Final = "the solver's process ended"


def find_initial_states(model: Model, bounds: Bounds, progress: Progress | None = None) -> Found:
    """Every initial state of a model that has an `init`.

    Raises `CannotEncode` if there is no formula for what is assumed, and `SolverDisagrees`.
    """
    question = Question(model)
    return _Answering(question, bounds, progress).found()


class Question:
    """What is assumed of the unknown parts of a state, in bits; and what an answer means.

    Raises `CannotEncode` if there is no such form.
    """

    def __init__(self, model: Model) -> None:
        assert model.init is not None, f"{model.name} has one initial state"
        self.model = model
        self.init = model.init
        self.state = starting_state(model, "s:")
        axioms: Axioms = []
        assumed = assumptions(model, self.state, axioms=axioms)
        if axioms:
            raise CannotEncode("what is assumed depends on a set that cannot be listed")
        self.conditions = tuple(str(number) for number in range(len(assumed.conditions)))
        named = {
            VALUES: are_values(model, self.state),
            **dict(zip(self.conditions, assumed.conditions, strict=True)),
        }
        if assumed.undefined is not False:
            named[UNDEFINED] = both(named[VALUES], assumed.undefined)
        ranges = dict(self._ranges())
        self.leaves = {name: leaf(f"v{n}", ranges[name]) for n, name in enumerate(ranges)}
        self._numbers = {n: (number, own) for number, (n, own) in enumerate(self.leaves.items())}
        self._places: dict[int, tuple[int, Leaf]] = {}
        formulas = in_bits([formula_of(f) for f in named.values()], ranges, self.leaves)
        self.formulas = dict(zip(named, formulas, strict=True))

    def _ranges(self) -> Iterator[tuple[str, Range | None]]:
        for variable in self.model.variables:
            if variable.name in self.init.unknown:
                yield from ranges_of(variable.type, self.state[variable.name])

    def problem(self, bounds: Bounds) -> Problem:
        """What the solver's process is told."""
        return Problem(
            text=as_text(self.formulas),
            conditions=(VALUES, *self.conditions),
            leaves=tuple(self.leaves.values()),
            most=bounds.most,
            seed=SEED,
            megabytes=bounds.megabytes,
        )

    def state_of(self, values: tuple[bool | int, ...]) -> State:
        """The state that a solution stands for."""

        def known(term: Any) -> bool | int:
            if is_literal(term):
                found: bool | int = term
                return found
            # There are many states, and to ask the solver for a name takes long. The state holds
            # its terms, so that their identity stays theirs.
            if id(term) not in self._places:
                self._places[id(term)] = self._numbers[name_of(term)]
            number, own = self._places[id(term)]
            return own.value(values[number])

        trees = self.state
        return tuple(value_of(v.type, trees[v.name], known) for v in self.model.variables)

    def confirmed(self, state: State) -> State:
        """The state, if the reference semantics says that it is initial."""
        try:
            agrees = is_initial(self.model, state)
        except Undefined as undefined:
            raise self.disagreement(state, undefined.message) from None
        if not agrees:
            raise self.disagreement(state, "not initial")
        return state

    def without_value(self, state: State) -> NoValue:
        """What has no value in a state, according to the reference semantics."""
        try:
            agrees = is_initial(self.model, state)
        except Undefined as undefined:
            return NoValue(state, undefined.message, undefined.span)
        raise self.disagreement(state, f"it has a value: {agrees}")

    def disagreement(self, state: State, message: str) -> SolverDisagrees:
        """What is needed to report a solution that is none."""
        model = self.model
        chosen = f"{model.name}, {dict(model.settings)}, {dict(model.scope)}, {self.init}"
        solver = f"z3 {z3.get_version_string()}, seed {SEED}"
        return SolverDisagrees(f"initial state: {message}; {chosen}, {solver}, {state}")

    def contradiction(self, names: tuple[str, ...]) -> NoSolution:
        """The clauses and invariants of these names, `VALUES` left out."""
        numbers = [int(name) for name in names if name != VALUES]
        count = len(self.init.clauses)
        return NoSolution(
            tuple(number for number in numbers if number < count),
            tuple(self.init.assumed[n - count].name for n in numbers if n >= count),
        )


class _Answering:
    """The solver's process and what it has found so far: the one mutable thing."""

    def __init__(self, question: Question, bounds: Bounds, progress: Progress | None) -> None:
        self.question = question
        self.bounds = bounds
        self.progress = progress
        self.states: list[State] = []

    def found(self) -> Found:
        """Ask, and listen until all is said or the time is up."""
        child = Child(serve)
        try:
            connection = child.connection
            told = False
            while connection.poll(max(0.0, self.bounds.deadline - time.perf_counter())):
                reply = connection.recv()
                if not told:
                    # It is told once it listens: sending has no deadline.
                    connection.send(self.question.problem(self.bounds))
                    told = True
                elif (end := self._heard(reply)) is not None:
                    return end
            return Unfinished(len(self.states), "timeout")
        except (EOFError, OSError):
            return Unfinished(len(self.states), GONE)
        finally:
            child.kill()

    def _heard(self, reply: object) -> Found | None:
        """Keep what was said; how it ended, if it did."""
        question = self.question
        match reply:
            case Solved(values):
                self.states += (question.confirmed(question.state_of(v)) for v in values)
                if self.progress is not None:
                    self.progress(len(self.states))
                return None
            case WithoutValue(values):
                return question.without_value(question.state_of(values))
            case Contradiction(names):
                return question.contradiction(names)
            case GaveUp(reason):
                return Unfinished(len(self.states), reason)
            case Finished(more):
                return TooMany(self.bounds.most) if more else self._solutions()
            case other:
                raise AssertionError(f"no reply: {other}")

    def _solutions(self) -> Solutions:
        types = [variable.type for variable in self.question.model.variables]

        def key(state: State) -> list[Any]:
            return [order(type, value) for type, value in zip(types, state, strict=True)]

        assert len(set(self.states)) == len(self.states), "a solution that was found before"
        return Solutions(tuple(sorted(self.states, key=key)))
