"""Random small models, for Hypothesis, and how two engines are compared on them.

    @given(models())
    def test_engines_agree(model: Model) -> None:
        compare(model, reference, native)

Every kind of variable, clause, parameter and property occurs; steps may be cut or undefined. As
`ir.model` asks, a path has a value where it is reached, and so have updates, which stay within
their domains: earlier clauses see to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from random import Random

from hypothesis import assume
from hypothesis import strategies as st

from checker.ir import build as b
from checker.ir.expr import NOWHERE, Expr
from checker.ir.model import (
    Action,
    Clause,
    ClauseKind,
    Model,
    Parameter,
    Property,
    PropertyKind,
    Variable,
)
from checker.ir.ops import Op
from checker.ir.printer import print_model
from checker.ir.types import (
    BOOL,
    BoolType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    TupleType,
    Type,
)
from checker.ir.values import State, cardinality
from checker.semantics.reference import Exploration, explore
from checker.semantics.step import initial_state, successors
from tests.random_expressions import COLOUR, KEYS, NODE, SMALL, Choices, Expressions, draw_value

SCOPE = {"Node": 2, "Epoch": 2, "Length": 2, "Message": 2, "Fault": 1}
SIMPLE: tuple[Type, ...] = (
    BOOL,
    SMALL,
    IntType(0, 2, "Epoch"),
    IntType(-1, 1),
    IntType(-1, 2, "Epoch"),
    COLOUR,
    NODE,
)
LARGEST_VARIABLE = 5_000
"""The most values that a variable may have."""


def a_type(choices: Choices, nested: bool = True) -> Type:
    """The type of a variable."""
    simple = choices.pick(SIMPLE)
    match choices.pick(("simple", "option", "record", "tuple", "set", "slots", "map")):
        case "option":
            return OptionType(a_record(choices) if choices.coin() else simple)
        case "record":
            return a_record(choices)
        case "tuple":
            of = a_record(choices) if choices.coin() else simple
            return TupleType(of, choices.between(1, 2), choices.pick((None, "Length")))
        case "set":
            return SetType(simple)
        case "slots":
            scope = choices.pick((None, "Message"))
            return SetType(a_record(choices), choices.between(1, 2), scope)
        case "map":
            value = a_type(choices, nested=False) if nested else simple
            return MapType(choices.pick(KEYS), value)
        case _:
            return simple


def a_record(choices: Choices) -> RecordType:
    """A record type; its name says its fields, so that equal names mean equal types."""
    fields = [choices.below(len(SIMPLE)) for _ in range(choices.between(1, 3))]
    name = "Record" + "".join(map(str, fields))
    return RecordType(name, tuple((f"f{i}", SIMPLE[field]) for i, field in enumerate(fields)))


def random_model(choices: Choices) -> Model:
    """A small well-formed model, as these choices have it."""
    variables = [_variable(choices, f"v{i}") for i in range(choices.between(1, 4))]
    has_budget = choices.coin()
    if has_budget:
        type = IntType(0, SCOPE["Fault"], "Fault")
        variables.append(b.declare("budget.Fault", b.const(0, type), type))
    expressions = Expressions(choices, [(v.name, v.type) for v in variables])
    actions = [
        _Maker(choices, expressions, variables).action(f"action{i}", has_budget and i == 0)
        for i in range(choices.between(1, 4))
    ]
    kinds = [choices.pick(tuple(PropertyKind)) for _ in range(choices.between(1, 4))]
    properties = [_property(expressions, f"property{i}", kind) for i, kind in enumerate(kinds)]
    return Model("random", {}, SCOPE, tuple(variables), tuple(actions), tuple(properties))


def lively_model(seed: int, most_states: int = 300) -> Model:
    """The first model from a seed that has enough reachable states, and not too many."""
    choices = Choices(Random(seed).randrange)
    least_states = min(most_states, choices.pick((2, 4, 8, 12)))
    return next(
        model
        for model in (random_model(choices) for _ in count())
        if has_at_most(model, most_states) and not has_at_most(model, least_states - 1)
    )


@st.composite
def models(draw: Callable[[st.SearchStrategy[int]], int], most_states: int = 300) -> Model:
    """Small well-formed models with at most so many reachable states.

    Half are drawn choice by choice, and shrink well; half from a seed alone, and lead further.
    """
    if draw(st.integers(0, 1)):
        return lively_model(draw(st.integers(0, 2**32)), most_states=most_states)
    model = random_model(Choices(lambda n: draw(st.integers(0, n - 1))))
    assume(has_at_most(model, most_states))
    return model


def has_at_most(model: Model, most: int) -> bool:
    """Whether so many states, or fewer, are reachable."""
    frontier = [initial_state(model)]
    seen = set(frontier)
    while frontier and len(seen) <= most:
        state = frontier.pop()
        for _, _, after in successors(model, state):
            if after not in seen:
                seen.add(after)
                frontier.append(after)
    return len(seen) <= most


def _variable(choices: Choices, name: str) -> Variable:
    type = a_type(choices)
    if cardinality(type) > LARGEST_VARIABLE:
        type = SMALL
    return b.declare(name, b.const(draw_value(choices, type), type), type)


def _property(expressions: Expressions, name: str, kind: PropertyKind) -> Property:
    scope: tuple[Expr, ...] = ()
    if kind is PropertyKind.STEP_INVARIANT:
        scope = tuple(b.next_(str(leaf.data), leaf.type) for leaf in expressions.variables)
    return Property(name, kind, expressions.make(BOOL, 3, scope), "", NOWHERE)


class _Maker:
    """Makes one action: its parameters, its clauses so far, and its updates so far."""

    def __init__(
        self, choices: Choices, expressions: Expressions, variables: list[Variable]
    ) -> None:
        self.choices = choices
        self.expressions = expressions
        self.variables = [v for v in variables if not v.name.startswith("budget.")]
        self.clauses: list[Clause] = []
        self.updates: list[tuple[str, Expr]] = []
        self.scope: tuple[Expr, ...] = ()
        self.path = b.TRUE

    def action(self, name: str, spends_budget: bool) -> Action:
        parameters = [self.parameter() for _ in range(self.choices.pick((1, 0, 1, 2)))]
        for _ in range(self.choices.pick((0, 0, 0, 1, 2))):
            self.clause(ClauseKind.REQUIRE, self.expressions.make(BOOL, 2, self.scope))
        number = min(len(self.variables), self.choices.pick((1, 1, 2, 3)))
        for variable in self.some_variables(number):
            if self.choices.below(5) == 4:
                self.branch()
            self.update(variable)
            if self.choices.below(6) == 5:
                self.clause(ClauseKind.REQUIRE, self.expressions.make(BOOL, 1, self.scope))
        if spends_budget:
            self.spend()
        return Action(
            name,
            tuple(parameters),
            tuple(self.clauses),
            tuple(self.updates),
            "",
            NOWHERE,
            "Fault" if spends_budget else None,
        )

    def some_variables(self, number: int) -> list[Variable]:
        """So many different variables, in any order."""
        left = list(self.variables)
        return [left.pop(self.choices.below(len(left))) for _ in range(number)]

    def clause(self, kind: ClauseKind, expr: Expr, domain: Type | None = None) -> None:
        self.clauses.append(Clause(kind, self.path, expr, NOWHERE, domain))

    def parameter(self) -> Parameter:
        name = self.expressions.fresh("p")
        sets = [leaf for leaf in self.expressions.leaves if isinstance(leaf.type, SetType)]
        if sets and self.choices.below(3) == 2:
            drawn = self.choices.pick(sets)
            if self.choices.coin():
                drawn = b.union(drawn, self.expressions.make(drawn.type, 1, self.scope))
            assert isinstance(drawn.type, SetType)
            parameter = Parameter(name, name, drawn.type.of, drawn)
            # Drawn parameters come first in the clauses, in their own order.
            self.clause(ClauseKind.REQUIRE, b.contains(drawn, b.local(name, parameter.type)))
        else:
            parameter = Parameter(name, name, self.choices.pick(SIMPLE))
        self.scope = (b.local(name, parameter.type), *self.scope)
        return parameter

    def branch(self) -> None:
        """Go on under a condition, which has a value wherever it is reached."""
        condition = self.expressions.make(BOOL, 2, self.scope)
        self.clause(ClauseKind.DEFINED, condition)
        chosen = condition if self.choices.coin() else b.not_(condition)
        # A path reads left to right: what is to the right is reached only where the left is true.
        self.path = chosen if self.path is b.TRUE else b.and_(self.path, chosen)

    def update(self, variable: Variable) -> None:
        old = b.variable(variable.name, variable.type)
        new = self.change(old)
        if new.op is Op.STORE and new.args[0] is old:
            assert isinstance(variable.type, MapType)
            self.clause(ClauseKind.WITHIN, new.args[2], variable.type.value)
            self.clause(ClauseKind.DEFINED, new)
        else:
            self.clause(ClauseKind.WITHIN, new, variable.type)
        self.updates.append((variable.name, self.settled(new, old)))

    def change(self, old: Expr) -> Expr:
        """A new value for a variable: anything, or what protocols do, which leads further."""
        make = self.expressions.make
        if self.choices.below(4) == 3:
            return make(old.type, 3, self.scope)
        match old.type:
            case IntType(low, high) if low is not None and high is not None:
                more = b.add(old, b.const(self.choices.pick((1, 2, -1))))
                again = b.ite(b.lt(old, b.const(high)), more, b.const(low))
                return again if self.choices.coin() else more
            case BoolType():
                return b.not_(old)
            case OptionType(of):
                return b.some(make(of, 1, self.scope))
            case TupleType(of):
                return b.concat(old, b.tuple_(make(of, 1, self.scope)))
            case SetType(of):
                combine = self.choices.pick((b.union, b.union, b.difference))
                return combine(old, b.set_(make(of, 1, self.scope)))
            case MapType(key, _):
                place = make(key, 1, self.scope)
                inner = b.select(old, place)
                return b.store(old, place, self.change(inner))
            case RecordType(name, fields):
                parts = {field: b.field(old, field) for field, _ in fields}
                changed = self.choices.pick([field for field, _ in fields])
                return b.record(name, **{**parts, changed: self.change(parts[changed])})
            case type:
                return make(type, 2, self.scope)

    def settled(self, new: Expr, old: Expr) -> Expr:
        return new if self.path is b.TRUE else b.ite(self.path, new, old)

    def spend(self) -> None:
        self.path = b.TRUE
        type = IntType(0, SCOPE["Fault"], "Fault")
        spent = b.add(b.variable("budget.Fault", type), b.const(1))
        self.clause(ClauseKind.WITHIN, spent, type)
        self.updates.append(("budget.Fault", spent))


@dataclass(frozen=True, slots=True)
class Summary:
    """What every engine must agree on. A path is its states and the names of its actions."""

    complete: bool
    states: int
    generated: int
    diameter: int
    fired: Mapping[str, int]
    new: Mapping[str, int]
    cut: Mapping[str, int]
    findings: Mapping[tuple[str, str | None], tuple[tuple[State, ...], tuple[str, ...]]]


Explore = Callable[[Model], Summary]


def summary(exploration: Exploration) -> Summary:
    """The summary of what the reference search says; what is zero is left out."""
    return Summary(
        exploration.complete,
        len(exploration.states),
        exploration.generated,
        exploration.diameter,
        +Counter(exploration.fired),
        +Counter(exploration.new),
        exploration.cut,
        {
            (found.kind, found.property): (found.states, tuple(name for name, _ in found.steps))
            for found in exploration.findings
        },
    )


def reference(model: Model) -> Summary:
    """The reference search, to the end."""
    return summary(explore(model, stop_at_finding=False))


def compare(model: Model, one: Explore, other: Explore) -> None:
    """Fail, with the model printed, unless two engines say the same of it."""
    expected, found = one(model), other(model)
    for name in Summary.__slots__:
        a, c = getattr(expected, name), getattr(found, name)
        assert a == c, f"{name}: {a}\n   not {c}\n\n{print_model(model)}"
