"""Which states are initial: what CPython says of each state of the domains, the model says too."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import product
from typing import Annotated

import pytest

from checker import (
    MaxLen,
    NotInitial,
    Range,
    Scope,
    Sort,
    Spec,
    Undefined,
    Upto,
    action,
    assume,
    init,
    invariant,
    require,
    running,
    some,
)
from checker.ir.model import Model
from checker.ir.values import State, members
from checker.lang.compile import compile_spec
from checker.lang.declare import declare
from checker.lang.lower import lower
from checker.semantics.initial import initial_states, is_initial
from checker.semantics.python import PythonSpec
from checker.semantics.reference import explore


class Node(Sort):
    """One of several."""


Number = Annotated[int, Range(0, 1)]


@dataclass(frozen=True)
class Pair:
    """Two numbers."""

    one: Number
    other: Annotated[int, Range(-1, 1)]


class Anywhere(Spec):
    """Something of each kind of value, and assumptions of each form."""

    scope = Scope(Node=2, Level=2, Change=1)

    chosen: Node
    maybe: Node | None = None
    group: frozenset[Node] = frozenset(Node)
    level: Annotated[int, Upto("Level")] = 1
    pair: Pair
    path: Annotated[tuple[Number, ...], MaxLen(2)]
    at: dict[Node, bool]

    def is_member(self, node: Node) -> bool:
        return node in self.group

    @init
    def anywhere(self) -> None:
        """Locals, branches, helpers, properties, and what is defined only after something else."""
        last = self.path[-1] if len(self.path) > 0 else 0
        assume(self.pair.one == last, is_small(self))
        if self.maybe is None:
            assume(not any(self.at[n] for n in Node))
            return
        assume(self.is_member(some(self.maybe)), self.chosen == self.maybe)
        assume(self.pair.other == (1 if self.at[self.chosen] else -1))

    @action(budget="Change")
    def change(self, node: Node) -> None:
        require(node != self.chosen)
        self.chosen = node

    @invariant
    def chosen_is_member(self) -> bool:
        return self.chosen in self.group


@invariant
def is_small(s: Anywhere) -> bool:
    """A property outside the class."""
    return s.level + len(s.path) <= 2


class Named(Anywhere):
    """Only two variables are unknown; the others start with their values."""

    chosen: Node | None

    @init("level", "at")
    def anywhere(self) -> None:
        assume(self.level > 0 or all(self.at[n] for n in Node))

    @action(budget="Change")
    def change(self, node: Node) -> None:
        require(node != self.chosen)
        self.chosen = node

    @invariant
    def chosen_is_member(self) -> bool:
        return self.chosen is None or self.chosen in self.group


def by_python(model: Model, python: PythonSpec) -> list[State]:
    """All states of the domains that CPython admits, where what is fixed has its initial value."""
    assert model.init is not None
    usual = python.initial()
    domains = [
        list(members(v.type)) if v.name in model.init.unknown else [value]
        for v, value in zip(model.variables, usual, strict=True)
    ]
    return [state for state in product(*domains) if python.admits(state)]


@pytest.mark.parametrize("spec", [Anywhere, Named])
def test_the_model_admits_what_python_admits(spec: type[Spec]) -> None:
    declaration = declare(spec, modules=[sys.modules[__name__]])
    model, python = lower(declaration), PythonSpec(declaration)
    found = list(initial_states(model))
    assert len(found) == len(set(found)) > 5
    assert set(found) == set(by_python(model, python))


def test_states_come_in_the_order_of_their_values() -> None:
    model = compile_spec(Named, modules=[sys.modules[__name__]])
    levels = [state[3] for state in initial_states(model)]
    assert levels == sorted(levels)


def test_unknown_are_those_that_are_named() -> None:
    declaration = declare(Named, modules=[sys.modules[__name__]])
    model = lower(declaration)
    assert model.init is not None
    assert model.init.unknown == ("level", "at")
    usual = PythonSpec(declaration).initial()
    for state in initial_states(model):
        fixed = [n for n, v in enumerate(model.variables) if v.name not in ("level", "at")]
        assert [state[n] for n in fixed] == [usual[n] for n in fixed]


def test_a_state_outside_its_domain_is_not_initial() -> None:
    model = compile_spec(Named, modules=[sys.modules[__name__]])
    state = next(initial_states(model))
    assert is_initial(model, state)
    assert not is_initial(model, (*state[:3], 7, *state[4:]))
    assert not is_initial(model, (*state[:-1], 1)), "a budget is used up"


def test_the_search_starts_from_each() -> None:
    model = compile_spec(Anywhere, modules=[sys.modules[__name__]])
    found = explore(model, stop_at_finding=False)
    assert set(initial_states(model)) < set(found.states)
    violated = found.finding("violated", "chosen_is_member")
    assert violated is not None
    assert is_initial(model, violated.states[0])


class Partial(Spec):
    """An assumption that has no value where there is no leader."""

    scope = Scope(Node=2)
    leader: Node | None
    group: frozenset[Node]

    @init
    def sane(self) -> None:
        assume(len(self.group) > 0)
        assume(some(self.leader) in self.group)

    @action
    def resign(self) -> None:
        self.leader = None


def test_what_has_no_value_is_said() -> None:
    declaration = declare(Partial)
    model, python = lower(declaration), PythonSpec(declaration)
    empty, without = (None, frozenset[int]()), (None, frozenset({0}))
    assert not is_initial(model, empty)
    assert not python.admits(empty)
    lines = []
    for admits in (lambda state: is_initial(model, state), python.admits):
        with pytest.raises(Undefined) as raised:
            admits(without)
        assert raised.value.span is not None
        lines.append(raised.value.span.line)
    assert lines[0] == lines[1] > declaration.variables[0].span.line


def test_by_hand_a_spec_has_its_initial_values() -> None:
    with running(Named) as spec:
        assert spec.level == 1
        spec.level = 0
        with pytest.raises(NotInitial):
            spec.anywhere()
