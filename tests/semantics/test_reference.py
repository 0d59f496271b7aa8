"""The reference search, on models built by hand whose counts are known another way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
from checker.ir.sanity_check import sanity_check
from checker.ir.types import INT, IntType, MapType, OptionType, SetType, SortType, TupleType, Type
from checker.ir.values import State
from checker.semantics.reference import explore
from checker.semantics.step import (
    Cut,
    Disabled,
    Fired,
    UndefinedStep,
    arguments,
    fire,
    initial_state,
    judge,
    steps,
    successors,
)
from checker.semantics.undefined import Undefined


def require(expr: Expr, path: Expr = b.TRUE) -> Clause:
    return Clause(ClauseKind.REQUIRE, path, expr, NOWHERE)


def within(expr: Expr, domain: Type, path: Expr = b.TRUE) -> Clause:
    return Clause(ClauseKind.WITHIN, path, expr, NOWHERE, domain)


def defined(expr: Expr, path: Expr = b.TRUE) -> Clause:
    return Clause(ClauseKind.DEFINED, path, expr, NOWHERE)


def action(
    name: str, *clauses: Clause, parameters: tuple[Parameter, ...] = (), **updates: Expr
) -> Action:
    return Action(name, parameters, clauses, tuple(updates.items()), "", NOWHERE)


def prop(kind: PropertyKind, expr: Expr, name: str = "property") -> Property:
    return Property(name, kind, expr, "", NOWHERE)


def invariant(expr: Expr, name: str = "invariant") -> Property:
    return prop(PropertyKind.INVARIANT, expr, name)


def model(*parts: Variable | Action | Property, **scope: int) -> Model:
    built = Model(
        "built",
        {},
        scope,
        tuple(part for part in parts if isinstance(part, Variable)),
        tuple(part for part in parts if isinstance(part, Action)),
        tuple(part for part in parts if isinstance(part, Property)),
    )
    sanity_check(built)
    return built


BIG, SMALL = IntType(0, 5), IntType(0, 3)
big, small = b.variable("big", BIG), b.variable("small", SMALL)
to_small = b.min_(big, b.sub(b.const(3), small))
to_big = b.min_(small, b.sub(b.const(5), big))


def die_hard() -> Model:
    return model(
        b.declare("big", b.const(0), BIG),
        b.declare("small", b.const(0), SMALL),
        action("fill_big", big=b.const(5)),
        action("fill_small", small=b.const(3)),
        action("empty_big", big=b.const(0)),
        action("empty_small", small=b.const(0)),
        action("pour_big", big=b.sub(big, to_small), small=b.add(small, to_small)),
        action("pour_small", big=b.add(big, to_big), small=b.sub(small, to_big)),
        invariant(b.not_(b.eq(big, b.const(4))), "not_four"),
    )


def die_hard_steps(big: int, small: int) -> Iterator[tuple[int, int]]:
    """The same puzzle as plain Python, an independent count."""
    to_small, to_big = min(big, 3 - small), min(small, 5 - big)
    everything = [
        (5, small),
        (big, 3),
        (0, small),
        (big, 0),
        (big - to_small, small + to_small),
        (big + to_big, small - to_big),
    ]
    return (after for after in everything if after != (big, small))


def test_die_hard_has_16_states_and_a_solution_of_6_steps() -> None:
    depth, frontier, generated = {(0, 0): 0}, [(0, 0)], 0
    for state in frontier:
        for after in die_hard_steps(*state):
            generated += 1
            if after not in depth:
                depth[after] = depth[state] + 1
                frontier.append(after)
    found = explore(die_hard(), stop_at_finding=False)
    assert found.complete
    assert found.states == tuple(frontier)
    assert len(found.states) == 16
    assert found.diameter == max(depth.values()) == 7
    assert found.generated == sum(found.fired.values()) == generated
    assert sum(found.new.values()) == 15
    assert found.cut == {}
    (violation,) = found.findings
    assert (violation.kind, violation.property) == ("violated", "not_four")
    assert len(violation.steps) == min(depth[state] for state in depth if state[0] == 4) == 6
    assert [name for name, _ in violation.steps] == [
        "fill_big",
        "pour_big",
        "empty_small",
        "pour_big",
        "fill_big",
        "pour_big",
    ]
    assert violation.states[0] == (0, 0)
    assert violation.states[-1] == (4, 3)


def test_a_search_finishes_the_level_of_the_violation_and_stops() -> None:
    found = explore(die_hard())
    assert not found.complete
    assert found.diameter == 6
    assert len(found.states) == 14, (
        "all states within 6 steps, whether before or after the violation"
    )


def test_a_trace_is_a_path() -> None:
    puzzle = die_hard()
    (violation,) = explore(puzzle).findings
    for before, (name, chosen), after in zip(
        violation.states, violation.steps, violation.states[1:], strict=False
    ):
        assert fire(puzzle, puzzle.action(name), chosen, before) == Fired(after)


NODE = SortType("Node", 3, "n")
EPOCH = IntType(0, 2, "Epoch")
epochs = b.variable("epochs", MapType(NODE, EPOCH))
node = b.local("node", NODE)
raised = b.add(b.select(epochs, node), b.const(1))


def counters() -> Model:
    return model(
        b.declare("epochs", b.const((0, 0, 0), epochs.type)),
        action(
            "raise_epoch",
            within(raised, EPOCH),
            parameters=(Parameter("node", "node", NODE),),
            epochs=b.store(epochs, node, raised),
        ),
        Epoch=2,
        Node=3,
    )


def test_cut_steps_are_counted_by_scope() -> None:
    found = explore(counters())
    assert len(found.states) == 27
    # Each of three nodes goes up from two of three epochs and is cut in the third: 3 · 9 each.
    assert found.generated == 54
    assert found.cut == {"Epoch": 27}
    assert found.diameter == 6
    assert found.new == {"raise_epoch": 26}
    assert found.complete
    assert found.findings == ()


def test_where_the_scope_ends_is_no_deadlock() -> None:
    assert explore(counters(), deadlock=True).findings == ()


number = b.variable("number", SMALL)
SUCCESSOR = b.add(number, b.const(1))
start = b.declare("number", b.const(0), SMALL)


def test_leaving_a_fixed_range_is_undefined_and_ends_the_trace_without_a_state() -> None:
    counter = model(start, action("count", within(SUCCESSOR, SMALL), number=SUCCESSOR))
    (found,) = explore(counter).findings
    assert (found.kind, found.property) == ("undefined step", None)
    assert found.states == ((0,), (1,), (2,), (3,))
    assert [name for name, _ in found.steps] == ["count"] * 4
    outcome = fire(counter, counter.action("count"), (), (3,))
    assert isinstance(outcome, UndefinedStep)
    assert outcome.message == "4 is outside 0..3"


def modulo(divisor: int) -> Action:
    return action("count", number=b.mod(SUCCESSOR, b.const(divisor)))


def test_goals_are_reached_without_stopping_the_search() -> None:
    goals = [
        prop(PropertyKind.REACHABLE, b.eq(number, b.const(2)), "two"),
        prop(PropertyKind.REACHABLE, b.eq(number, b.const(3)), "three"),
    ]
    found = explore(model(start, modulo(3), *goals))
    assert found.complete
    reached = found.finding("reached", "two")
    assert reached is not None
    assert len(reached.steps) == 2
    assert found.finding("reached", "three") is None


def test_a_step_invariant_is_judged_on_every_step_even_to_a_state_seen_before() -> None:
    grows = prop(PropertyKind.STEP_INVARIANT, b.le(number, b.next_("number", SMALL)), "grows")
    found = explore(model(start, modulo(3), grows)).finding("violated", "grows")
    assert found is not None
    assert found.states == ((0,), (1,), (2,), (0,))
    assert len(found.steps) == 3


def test_a_stuttering_step_is_no_step() -> None:
    changes = prop(
        PropertyKind.STEP_INVARIANT, b.not_(b.eq(number, b.next_("number", SMALL))), "changes"
    )
    still = model(start, action("stay", number=number), changes)
    assert explore(still).findings == ()
    found = explore(still, deadlock=True)
    assert found.generated == 0
    assert found.fired == {"stay": 0}
    assert [finding.kind for finding in found.findings] == ["deadlock"]
    assert fire(still, still.action("stay"), (), (0,)) == Fired((0,))
    assert list(successors(still, (0,))) == []


def test_an_undefined_property_is_a_finding() -> None:
    wrong = invariant(b.eq(b.floordiv(b.const(1), b.sub(number, b.const(1))), b.const(-1)), "wrong")
    found = explore(model(start, modulo(3), wrong), stop_at_finding=False)
    undefined = found.finding("undefined property", "wrong")
    assert undefined is not None
    assert undefined.states == ((0,), (1,))
    violated = found.finding("violated", "wrong")
    assert violated is not None
    assert violated.states == ((0,), (1,), (2,))


def test_a_violation_in_the_initial_state_stops_before_the_first_step() -> None:
    found = explore(model(start, modulo(3), invariant(b.FALSE)))
    assert (len(found.states), found.generated, found.diameter) == (1, 0, 0)
    assert not found.complete
    assert found.findings[0].steps == ()


UNDEFINED = b.eq(b.floordiv(b.const(1), b.const(0)), b.const(0))
CUT = within(b.const(3), EPOCH)


@pytest.mark.parametrize(
    ("clauses", "outcome"),
    [
        ([], Fired((1,))),
        ([require(b.FALSE), defined(UNDEFINED)], Disabled()),
        ([defined(UNDEFINED), require(b.FALSE)], UndefinedStep("", None)),
        ([require(UNDEFINED)], UndefinedStep("", None)),
        ([within(b.floordiv(b.const(1), b.const(0)), EPOCH)], UndefinedStep("", None)),
        ([CUT, require(b.FALSE)], Cut("Epoch")),
        ([require(b.FALSE), CUT], Disabled()),
        ([CUT, defined(UNDEFINED)], Cut("Epoch")),
        ([within(b.const(-1), EPOCH)], UndefinedStep("", None)),
        ([within(b.const(2), EPOCH)], Fired((1,))),
        ([require(b.FALSE, path=b.FALSE), defined(UNDEFINED, path=b.FALSE)], Fired((1,))),
        ([within(b.const(9), EPOCH, path=b.FALSE)], Fired((1,))),
    ],
)
def test_the_first_clause_that_fails_settles_the_outcome(
    clauses: list[Clause], outcome: object
) -> None:
    built = model(start, action("step", *clauses, number=b.const(1)))
    assert fire(built, built.actions[0], (), (0,)) == outcome


@pytest.mark.parametrize(
    ("domain", "value", "scope"),
    [
        (b.record("R", a=b.const(0), b=b.variable("x", EPOCH)).type, (0, 3), "Epoch"),
        (b.record("R", a=b.const(0), b=b.variable("x", EPOCH)).type, (1, 3), None),
        (TupleType(INT, 1, "Length"), (1, 2), "Length"),
        (TupleType(EPOCH, 1, "Length"), (7,), "Epoch"),
        (TupleType(INT, 1), (1, 2), None),
        (SetType(INT, 1, "Message"), frozenset({1, 2}), "Message"),
        (SetType(EPOCH), frozenset({-1, 5}), None),
        (SetType(EPOCH), frozenset({1, 5}), "Epoch"),
        (MapType(IntType(0, 1), EPOCH), (0, 9), "Epoch"),
        (OptionType(EPOCH), 3, "Epoch"),
    ],
)
def test_leaving_a_domain_in_a_part_of_a_value(
    domain: Type, value: State, scope: str | None
) -> None:
    built = model(start, action("step", within(b.const(value, domain), domain)))
    outcome = fire(built, built.actions[0], (), (0,))
    assert outcome == (UndefinedStep("", None) if scope is None else Cut(scope))


def test_updates_read_the_state_before_and_happen_at_once() -> None:
    x, y = b.variable("x", SMALL), b.variable("y", SMALL)
    swap = model(
        b.declare("x", b.const(1), SMALL),
        b.declare("y", b.const(2), SMALL),
        action("swap", x=y, y=x),
    )
    assert list(successors(swap, (1, 2))) == [(swap.actions[0], (), (2, 1))]


MESSAGES = SetType(IntType(0, 9))
messages = b.variable("messages", MESSAGES)


def drawn(source: Expr, type: Type = MESSAGES.of) -> Model:
    parameters = (
        Parameter("p", "p", IntType(0, 1)),
        Parameter("m", "m", type, source),
    )
    member = require(b.contains(source, b.local("m", type)))
    return model(
        b.declare("messages", b.const(frozenset({7, 2}), MESSAGES)),
        action("receive", member, parameters=parameters),
    )


def test_arguments_are_in_lexicographic_order_and_drawn_ones_are_members() -> None:
    built = drawn(messages)
    state = initial_state(built)
    assert list(arguments(built, built.actions[0], state)) == [(0, 2), (0, 7), (1, 2), (1, 7)]


def test_a_drawn_argument_stays_in_the_domain_of_its_parameter() -> None:
    built = drawn(messages, IntType(0, 5))
    assert list(arguments(built, built.actions[0], initial_state(built))) == [(0, 2), (1, 2)]


def test_drawing_from_an_undefined_set_is_an_undefined_step() -> None:
    nothing = b.unwrap(b.none(MESSAGES))
    built = drawn(nothing)
    outcomes = {outcome for _, _, outcome in steps(built, initial_state(built))}
    assert outcomes == {UndefinedStep("", None)}


def test_an_update_without_a_value_is_a_fault_of_ours() -> None:
    one = b.floordiv(b.const(1), b.const(0))
    built = model(start, action("step", number=one))
    with pytest.raises(
        AssertionError, match="number after the step has no value: 1 divided by zero"
    ):
        fire(built, built.actions[0], (), (0,))


def test_an_update_that_leaves_its_domain_is_a_fault_of_ours() -> None:
    built = model(start, action("step", number=b.const(4)))
    with pytest.raises(AssertionError, match=r"number leaves 0\.\.3"):
        fire(built, built.actions[0], (), (0,))


def test_an_initial_value_outside_its_domain_is_undefined() -> None:
    with pytest.raises(Undefined, match=r"the initial value 4 of number is outside 0\.\.3"):
        initial_state(model(b.declare("number", b.const(4), SMALL)))


def test_judging_a_step_needs_a_step() -> None:
    built = model(start, modulo(3), invariant(b.TRUE))
    assert judge(built, built.properties[0], (0,))
    with pytest.raises(AssertionError, match="invariant is a invariant"):
        judge(built, built.properties[0], (0,), (1,))
