"""A solver's model read back as states and steps, and confirmed by the reference semantics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import z3

from checker.ir.expr import Value
from checker.ir.model import Action, Model, PropertyKind
from checker.ir.values import State, outside
from checker.semantics.initial import is_initial
from checker.semantics.step import Fired, UndefinedStep, arguments, fire, judge
from checker.semantics.undefined import Undefined
from checker.symbolic.errors import SolverDisagrees
from checker.symbolic.formulas import Formulas, property_of
from checker.symbolic.shape import value_of
from checker.symbolic.terms import Term
from checker.symbolic.verdicts import Counterexample, Obligation


def counterexample(
    formulas: Formulas,
    obligation: Obligation,
    assumed: Sequence[str],
    steps: int,
    values: Mapping[str, bool | int],
) -> Counterexample:
    """What a solver's model says; raises `SolverDisagrees` if it is not what was asked for."""
    model = formulas.model
    reader = _Reader(formulas, values)
    taken = [reader.step(number) for number in range(steps - (obligation.action is not None))]
    if obligation.action is not None:
        taken.append(reader.arguments(steps - 1, model.action(obligation.action)))
    states = [reader.first_state()]
    problem = _walk(model, obligation, assumed, taken, states)
    found = Counterexample(dict(model.scope), tuple(states), tuple(taken))
    if problem is not None:
        versions = f"z3 {z3.get_version_string()}"
        raise SolverDisagrees(f"{obligation}: {problem}; {model.name}, {versions}, {found}")
    return found


class _Reader:
    """Reads values from a solver's model; what it leaves out may be anything."""

    def __init__(self, formulas: Formulas, values: Mapping[str, bool | int]) -> None:
        self.formulas = formulas
        self.values = values

    def known(self, term: Term) -> bool | int:
        if isinstance(term, bool | int):
            return term
        return self.values.get(str(term.decl().name()), False if z3.is_bool(term) else 0)

    def first_state(self) -> State:
        trees = self.formulas.state(0)
        variables = self.formulas.model.variables
        return tuple(value_of(v.type, trees[v.name], self.known) for v in variables)

    def step(self, number: int) -> tuple[str, tuple[Value, ...]]:
        position = self.values[f"via{number}"]
        return self.arguments(number, self.formulas.model.actions[position])

    def arguments(self, number: int, action: Action) -> tuple[str, tuple[Value, ...]]:
        trees: Any = self.formulas.tried(number, action.name).arguments
        values = (value_of(p.type, trees[p.local], self.known) for p in action.parameters)
        return action.name, tuple(values)


def _walk(
    model: Model,
    obligation: Obligation,
    assumed: Sequence[str],
    taken: Sequence[tuple[str, tuple[Value, ...]]],
    states: list[State],
) -> str | None:
    """Take the steps, add the states; what is not as the solver said, if anything is not."""
    for variable, value in zip(model.variables, states[0], strict=True):
        if outside(variable.type, value) is not None:
            return f"{variable.name} is outside its domain"
    judged = property_of(model, obligation.property)
    if obligation.action is None and not is_initial(model, states[0]):
        return "the first state is not initial"
    if obligation.action is not None:
        known = {*assumed, obligation.property}
    else:
        known = set()
    for number, (name, given) in enumerate(taken):
        for lemma in model.properties:
            wrong = lemma.kind is PropertyKind.INVARIANT and lemma.name in known
            if wrong and not _is_true(model, lemma.name, states[-1]):
                return f"{lemma.name} was assumed, and is false"
        action = model.action(name)
        if given not in arguments(model, action, states[-1]):
            return f"{name} is not tried with {given}"
        outcome = fire(model, action, given, states[-1])
        if judged is None and number == len(taken) - 1:
            return None if isinstance(outcome, UndefinedStep) else f"{name} is not undefined"
        if not isinstance(outcome, Fired):
            return f"{name} does not fire: {outcome}"
        states.append(outcome.state)
    is_step = judged is not None and judged.kind is PropertyKind.STEP_INVARIANT
    if _is_true(model, obligation.property, *states[-2 if is_step else -1 :]):
        return f"{obligation.property} is true"
    return None


def _is_true(model: Model, name: str, state: State, after: State | None = None) -> bool:
    judged = property_of(model, name)
    assert judged is not None
    try:
        return judge(model, judged, state, after)
    except Undefined:
        return False
