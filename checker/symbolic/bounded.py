"""Bounded search: is there a path of so many steps at whose end something is the matter?

All is asked within the bounds of the scope, for 0 steps, 1 step, 2 steps and so on: what is found
first is found on a shortest path. Every path is taken again by the reference semantics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import z3

from checker.ir.expr import Value
from checker.ir.model import Action, Model, Property, PropertyKind
from checker.ir.types import (
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import State, cardinality
from checker.semantics.initial import is_initial
from checker.semantics.step import Fired, UndefinedStep, arguments, fire, judge
from checker.semantics.undefined import Undefined
from checker.symbolic.bits import Leaf, Range, in_bits, leaf
from checker.symbolic.errors import SolverDisagrees
from checker.symbolic.meaning import Trees
from checker.symbolic.shape import value_of
from checker.symbolic.starts import begins
from checker.symbolic.steps import (
    Step,
    are_arguments,
    is_state,
    same_state,
    step,
    truth,
    unknown_arguments,
    unknown_state,
)
from checker.symbolic.terms import Bool, Term, both, count, either, equals, is_literal, negate
from checker.symbolic.trees import Flags, Listed, Map, Option, Record, Tree
from checker.symbolic.unknown import leaves
from checker.symbolic.unrolling import START, STEP, Problem, named

SEED: Final = 0
SELECTOR: Final = "a:action"


class Matter(Enum):
    """What may be the matter at the end of a path."""

    VIOLATED = "violated"
    REACHED = "reached"
    UNDEFINED_PROPERTY = "undefined property"
    UNDEFINED_STEP = "undefined step"


@dataclass(frozen=True, slots=True)
class Target:
    """What is looked for: of a property, or (`None`) that a step is undefined."""

    judged: str | None
    matter: Matter
    of_step: bool
    """Whether it speaks of the last step; else of the last state."""

    @property
    def name(self) -> str:
        """What tells it from others: no property has a space in its name."""
        return f"{self.matter.value} {self.judged or ''}"


@dataclass(frozen=True, slots=True)
class Found:
    """A path, confirmed by the reference semantics. An undefined step has no state after it."""

    states: tuple[State, ...]
    steps: tuple[tuple[str, tuple[Value, ...]], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An unknown of an argument. `one_first`: of two sets, that with the first member comes first.

    Before that comes the smaller one: their size is an unknown of its own, with the set's flags.
    """

    term: Any
    one_first: bool = False
    size_of: tuple[Bool, ...] = ()


class Relation:
    """What a model does in a step, in bits. `targets` may be met; those left out never are.

    `initial` are the initial values of the variables; what a model with `init` leaves unknown does
    not have them. Raises `CannotEncode` if there is no such form. `check` is called between its
    parts, and may raise what it likes.
    """

    def __init__(self, model: Model, initial: State, check: Callable[[], None]) -> None:
        self.model = model
        self.initial = initial
        self.check = check
        self.before, after = unknown_state(model, "s:"), unknown_state(model, "t:")
        self.chosen = {a.name: unknown_arguments(a, f"a:{a.name}/") for a in model.actions}
        self.choices = {a.name: tuple(_choices(a, self.chosen[a.name])) for a in model.actions}
        formulas = dict(_formulas(self, after))
        self.targets = tuple(name for name in formulas if isinstance(name, Target))
        ranges = dict(self._ranges(after))
        self._leaves = _leaves(ranges)
        check()
        found = in_bits(list(formulas.values()), ranges, self._leaves)
        names = (t.name if isinstance(t, Target) else t for t in formulas)
        pairs = zip(names, found, strict=True)
        self._formulas = [z3.Implies(z3.Bool(name), formula) for name, formula in pairs]

    def _ranges(self, after: Trees) -> Iterator[tuple[str, Range | None]]:
        """Between which values each unknown lies; `None`: it is true or false."""
        for variable in self.model.variables:
            yield from ranges_of(variable.type, self.before[variable.name])
            yield from ranges_of(variable.type, after[variable.name])
        for action in self.model.actions:
            for parameter in action.parameters:
                yield from ranges_of(parameter.type, self.chosen[action.name][parameter.local])
            for choice in self.choices[action.name]:
                if choice.size_of:
                    yield name_of(choice.term), (0, len(choice.size_of))
        yield SELECTOR, (0, max(0, len(self.model.actions) - 1))

    def problem(self, megabytes: int) -> Problem:
        """What the solver is to know, and where it must stop for lack of memory."""
        solver = z3.Solver()
        solver.add(*self._formulas)
        chosen = {
            action: [(self._leaves[name_of(choice.term)], choice.one_first) for choice in choices]
            for action, choices in self.choices.items()
        }
        return Problem(
            text=solver.sexpr(),
            selector=self._leaves[SELECTOR].name,
            choices=tuple(tuple(found.name for found, _ in each) for each in chosen.values()),
            ones_first=frozenset(
                found.name
                for each in chosen.values()
                for found, one_first in each
                if one_first or found.signed
            ),
            seed=SEED,
            megabytes=megabytes,
        )

    def found(self, target: Target, steps: int, values: Mapping[str, bool | int]) -> Found:
        """A solver's model as a path; raises `SolverDisagrees` if it is not what was asked for."""
        states: list[State] = []
        taken: list[tuple[str, tuple[Value, ...]]] = []
        for number in range(steps):
            states.append(self._state(number, values))
            taken.append(self._taken(number, values))
        if target.matter is not Matter.UNDEFINED_STEP:
            states.append(self._state(steps, values))
        found = Found(tuple(states), tuple(taken))
        problem = self._problem_with(target, found)
        if problem is not None:
            model = self.model
            solver = f"z3 {z3.get_version_string()}, seed {SEED}"
            chosen = f"{model.name}, {dict(model.settings)}, {dict(model.scope)}"
            raise SolverDisagrees(f"{target.name}: {problem}; {chosen}, {solver}, {found}")
        return found

    def _known(self, steps: int, values: Mapping[str, bool | int]) -> Callable[[Term], bool | int]:
        def known(term: Term) -> bool | int:
            if is_literal(term):
                return term
            found = self._leaves[name_of(term)]
            return found.value(values.get(named(found.name, steps), 0 if found.bits else False))

        return known

    def _state(self, steps: int, values: Mapping[str, bool | int]) -> State:
        known = self._known(steps, values)
        return tuple(value_of(v.type, self.before[v.name], known) for v in self.model.variables)

    def _taken(self, steps: int, values: Mapping[str, bool | int]) -> tuple[str, tuple[Value, ...]]:
        known = self._known(steps, values)
        action = self.model.actions[known(z3.Int(SELECTOR))]
        trees = self.chosen[action.name]
        given = (value_of(p.type, trees[p.local], known) for p in action.parameters)
        return action.name, tuple(given)

    def _may_start(self, state: State) -> bool:
        return state == self.initial if self.model.init is None else is_initial(self.model, state)

    def _problem_with(self, target: Target, found: Found) -> str | None:
        """Take the steps again; what is not as the solver said, if anything is not."""
        if not self._may_start(found.states[0]):
            return "another initial state"
        for number, (name, given) in enumerate(found.steps):
            action, before = self.model.action(name), found.states[number]
            if given not in arguments(self.model, action, before):
                return f"{name} is not tried with {given}"
            outcome = fire(self.model, action, given, before)
            if number + 1 == len(found.states):
                return None if isinstance(outcome, UndefinedStep) else f"{name} is not undefined"
            after = found.states[number + 1]
            if not isinstance(outcome, Fired) or outcome.state != after or after == before:
                return f"step {number + 1} is {outcome}"
        judged = next(p for p in self.model.properties if p.name == target.judged)
        matter = _matter(self.model, judged, found.states)
        return None if matter is target.matter else f"it is not, at the end, but {matter}"


def _choices(action: Action, trees: Trees) -> Iterator[Choice]:
    """The unknowns of an action's arguments, in the order in which values are compared."""
    for parameter in action.parameters:
        match trees[parameter.local]:
            case Flags(_, flags, ()):
                yield Choice(z3.Int(f"a:{action.name}/{parameter.name}#"), size_of=flags)
                yield from (Choice(flag, one_first=True) for flag in flags)
            case tree:
                yield from (Choice(term) for term in leaves(tree) if not is_literal(term))


def _leaves(ranges: Mapping[str, Range | None]) -> dict[str, Leaf]:
    """Short names for the unknowns, the same before a step and after it but for the letter."""
    numbers: dict[str, int] = {}
    for name in ranges:
        numbers.setdefault(name[1:], len(numbers))
    return {name: leaf(f"{name[0]}{numbers[name[1:]]}", range) for name, range in ranges.items()}


def name_of(term: Any) -> str:
    """The name of an unknown."""
    return str(term.decl().name())


def _matter(model: Model, judged: Property, states: tuple[State, ...]) -> Matter | None:
    """What a property makes of the end of a path; `None`: nothing is the matter."""
    is_step = judged.kind is PropertyKind.STEP_INVARIANT
    try:
        value = judge(model, judged, *states[-2 if is_step else -1 :])
    except Undefined:
        return Matter.UNDEFINED_PROPERTY
    if judged.kind is PropertyKind.REACHABLE:
        return Matter.REACHED if value else None
    return None if value else Matter.VIOLATED


def _formulas(relation: Relation, after: Trees) -> Iterator[tuple[str | Target, z3.BoolRef]]:
    """The start, a step, and all that may be the matter."""
    model, before = relation.model, relation.before
    selector = z3.Int(SELECTOR)
    ways, undefined = [], []
    for number, action in enumerate(model.actions):
        relation.check()
        given = relation.chosen[action.name]
        tried: Step = step(model, action, before, given)
        sizes = (
            equals(c.term, count(c.size_of)) for c in relation.choices[action.name] if c.size_of
        )
        allowed = both(selector == number, are_arguments(action, before, given), *sizes)
        ways.append(both(allowed, tried.fires, same_state(tried.after, after)))
        undefined.append(both(allowed, tried.undefined))
    changes = negate(same_state(before, after))
    yield START, formula_of(begins(model, before, relation.initial))
    yield STEP, formula_of(both(either(*ways), is_state(model, after), changes))
    for target, condition in _conditions(model, before, after):
        relation.check()
        if condition is not False:
            yield target, formula_of(condition)
    if (some := either(*undefined)) is not False:
        yield Target(None, Matter.UNDEFINED_STEP, True), formula_of(some)


def _conditions(model: Model, before: Trees, after: Trees) -> Iterator[tuple[Target, Bool]]:
    for judged in model.properties:
        of_step = judged.kind is PropertyKind.STEP_INVARIANT
        found = truth(judged, before, after)
        if judged.kind is PropertyKind.REACHABLE:
            yield Target(judged.name, Matter.REACHED, of_step), found.value
        else:
            is_false = both(found.defined, negate(found.value))
            yield Target(judged.name, Matter.VIOLATED, of_step), is_false
        yield Target(judged.name, Matter.UNDEFINED_PROPERTY, of_step), negate(found.defined)


def formula_of(condition: Bool) -> z3.BoolRef:
    """A condition as a formula, also where it is known."""
    return z3.BoolVal(condition) if isinstance(condition, bool) else condition


def ranges_of(type: Type, tree: Tree) -> Iterator[tuple[str, Range | None]]:
    """Between which values each unknown in a tree lies; `None`: it is true or false."""
    match type, tree:
        case IntType(low, high), _:
            assert low is not None and high is not None, f"{type} has no bounds"
            yield from _range(tree, (low, high))
        case BoolType(), _:
            yield from _range(tree, None)
        case EnumType() | SortType(), _:
            yield from _range(tree, (0, cardinality(type) - 1))
        case OptionType(of), Option(present, value):
            yield from _range(present, None)
            yield from ranges_of(of, value)
        case RecordType(_, fields), Record(parts):
            for (_, field_type), part in zip(fields, parts, strict=True):
                yield from ranges_of(field_type, part)
        case MapType(_, of), Map(values):
            for value in values:
                yield from ranges_of(of, value)
        case TupleType(of, int(most)), Listed(length, items):
            yield from _range(length, (0, most))
            for item in items:
                yield from ranges_of(of, item)
        case SetType(of), Flags(_, flags, extras):
            for flag in flags:
                yield from _range(flag, None)
            for guard, element in extras:
                yield from _range(guard, None)
                yield from ranges_of(of, element)
        case _:
            # A set without bound of so many values that it is a function: there are no bits for it.
            return


def _range(term: Any, range: Range | None) -> Iterator[tuple[str, Range | None]]:
    if not is_literal(term):
        yield name_of(term), range
