"""A spec run by CPython: the definition that the other semantics are compared with."""

from __future__ import annotations

from itertools import product
from typing import Annotated, Any

import pytest

from checker import LeftScope, Range
from checker.ir.types import BOOL, IntType, MapType, OptionType, SetType, TupleType, Type
from checker.ir.values import State, in_order, members, order
from checker.lang.compile import compile_spec
from checker.lang.declare import declare
from checker.semantics.objects import Codecs, OrderedSet, TotalMap, order_key
from checker.semantics.python import PythonSpec
from checker.semantics.step import Cut, Disabled, Fired, UndefinedStep, fire, initial_state
from checker.semantics.undefined import Undefined
from tests.semantics.corners import Colour, Corners, Point, RefusedCorners
from tests.semantics.kafka_isr import KafkaIsr

CORNERS = PythonSpec(declare(RefusedCorners))
ACTIONS = [action.name for action in CORNERS.declaration.actions]


def levels(spec: PythonSpec) -> list[list[State]]:
    """All reachable states, by their distance from the initial one."""
    found = [[spec.initial()]]
    seen = set(found[0])
    while found[-1]:
        outcomes = (outcome for state in found[-1] for _, _, outcome in spec.steps(state))
        after = dict.fromkeys(o.state for o in outcomes if isinstance(o, Fired))
        found.append([state for state in after if state not in seen])
        seen.update(found[-1])
    return found[:-1]


# The same protocol once more, by hand: a state is (logs, high watermarks, epochs, leaders, term).
Hand = tuple[tuple[tuple[int, ...], ...], tuple[int, ...], tuple[int, ...], tuple[Any, ...], int]


def put(values: tuple[Any, ...], at: int, value: Any) -> tuple[Any, ...]:
    return (*values[:at], value, *values[at + 1 :])


def by_hand(state: Hand) -> set[Hand]:
    """The successors of a state of `KafkaIsr` with replicas 0 and 1, both always in the ISR."""
    logs, marks, epochs, leaders, term = state
    found: set[Hand] = set()
    leads = [epochs[r] > 0 and leaders[epochs[r]] == r for r in (0, 1)]
    for r in (0, 1):
        other = 1 - r
        if term < 2:
            found.add((logs, marks, epochs, put(leaders, term + 1, r), term + 1))
        if epochs[r] < term:
            log = logs[r] if leaders[term] == r else logs[r][: marks[r]]
            found.add((put(logs, r, log), marks, put(epochs, r, term), leaders, term))
        if leads[r] and len(logs[r]) < 2:
            log = (*logs[r], epochs[r])
            found.add((put(logs, r, log), marks, epochs, leaders, term))
        end = len(logs[r])
        if leads[other] and epochs[0] == epochs[1] and end < len(logs[other]):
            log, mark = (*logs[r], logs[other][end]), min(marks[other], end + 1)
            found.add((put(logs, r, log), put(marks, r, mark), epochs, leaders, term))
        if leads[r] and epochs[0] == epochs[1] and min(map(len, logs)) > marks[r]:
            found.add((logs, put(marks, r, marks[r] + 1), epochs, leaders, term))
    return found


def test_a_search_by_python_finds_what_a_search_by_hand_finds() -> None:
    spec = PythonSpec(declare(KafkaIsr))
    assert spec.variables == ("log", "hw", "epoch", "leader", "term", "isr")
    found = levels(spec)
    initial: Hand = (((), ()), (0, 0), (0, 0), (None, None, None), 0)
    frontier, seen = [initial], {initial}
    for level in found:
        assert {state[:5] for state in level} == set(frontier)
        after = {state for before in frontier for state in by_hand(before)}
        frontier = list(after - seen)
        seen |= after
    assert not frontier
    assert (len(seen), len(found) - 1) == (395, 14)


def test_the_shortest_violation() -> None:
    spec = PythonSpec(declare(KafkaIsr))
    broken = [
        level
        for level, states in enumerate(levels(spec))
        if not all(spec.judge("committed_is_durable", state) for state in states)
    ]
    assert broken[0] == 8


@pytest.mark.parametrize("action", ACTIONS)
def test_outcome(action: str) -> None:
    initial = CORNERS.initial()
    outcome = CORNERS.fire(action, (), initial)
    match action.split("_")[0]:
        case "disabled":
            assert outcome == Disabled()
        case "cut":
            assert outcome == Cut(action.split("_")[2].capitalize())
        case "undefined":
            assert isinstance(outcome, UndefinedStep)
        case "stutters":
            assert outcome == Fired(initial)
        case "fires":
            assert isinstance(outcome, Fired)
            assert outcome.state != initial
        case other:
            pytest.fail(other)
    assert CORNERS.initial() == initial
    assert CORNERS.fire(action, (), initial) == outcome


def test_the_state_after() -> None:
    outcome = CORNERS.fire("fires", (), CORNERS.initial())
    assert isinstance(outcome, Fired)
    assert dict(zip(CORNERS.variables, outcome.state, strict=True)) == {
        "epoch": 1,
        "flag": False,
        "level": 0,
        "fixed": (),
        "log": (True,),
        "sent": frozenset({(1, 2)}),
        "colours": frozenset({0, 2}),
        "leader": 0,
        "ends": (2, 0),
        "grid": ((False, True, False), (False, False, False)),
        "last": (0, 0),
        "budget.Crash": 0,
    }


def said(action: str) -> tuple[str, str]:
    """Why an action is undefined, and the text that its place underlines."""
    outcome = CORNERS.fire(action, (), CORNERS.initial())
    assert isinstance(outcome, UndefinedStep)
    assert outcome.span is not None
    source = next(a.code.source for a in CORNERS.declaration.actions if a.name == action)
    assert outcome.span.file == source.path
    line = source.line(outcome.span.line)
    return outcome.message, line[outcome.span.column : outcome.span.end_column]


def test_why_and_where_a_step_is_undefined() -> None:
    assert {a: said(a) for a in ACTIONS if a.startswith("undefined")} == {
        "undefined_above": ("4 is outside 0..3", "self.level"),
        "undefined_below": ("-1 is outside 0..1@Epoch", "self.epoch"),
        "undefined_length": ("⟨true, true⟩ is outside ⟨bool⟩≤1", "self.fixed"),
        "undefined_field": ("2 is outside 0..1", "self.last"),
        "undefined_map_value": ("3 is outside 0..2", "self.ends"),
        "undefined_value_at_key": (
            "3 is outside 0..2",
            "self.ends[next(broker for broker in Broker)]",
        ),
        "undefined_partial_map": (
            "a map has a value for every key of its domain, and no other",
            "self.ends",
        ),
        "undefined_index": ("tuple index out of range", "self.log[0]"),
        "undefined_argument": ("tuple index out of range", "self.log[7]"),
        "undefined_negative_index": ("tuple index out of range", "self.log[-1]"),
        "undefined_key": ("None is not a key of the map", "self.ends[self.leader]"),
        "undefined_key_read": ("None is not a key of the map", "self.ends[self.leader]"),
        "undefined_none_as_number": (
            "None is used as a value ('NoneType' object has no attribute 'x')",
            "self.last.x",
        ),
        "undefined_some": ("some(None) has no value", "some(self.leader)"),
        "undefined_none_assigned": ("None is used as a value of 0..3", "self.level"),
        "undefined_division": (
            "integer division or modulo by zero",
            "1 // self.level",
        ),
        "undefined_minimum": (
            said("undefined_minimum")[0],  # Python's own words changed in 3.12
            "min(point.x for point in self.sent)",
        ),
        "undefined_next": (
            "next() of nothing",
            "next(flag for flag in self.log if flag)",
        ),
        "undefined_next_in_a_generator": ("next() of nothing", "next(not f for f in self.log)"),
    }


def test_the_corners_mean_the_same_in_the_middle_language() -> None:
    model = compile_spec(Corners)
    spec = PythonSpec(declare(Corners))
    initial = initial_state(model)
    assert spec.initial() == initial
    assert spec.variables == tuple(variable.name for variable in model.variables)
    expected = {action.name: fire(model, action, (), initial) for action in model.actions}
    assert {name: outcome for name, _, outcome in spec.steps(initial)} == expected


def test_a_budget_is_used_up() -> None:
    first = CORNERS.fire("fires_in_budget", (), CORNERS.initial())
    assert isinstance(first, Fired)
    assert first.state[-1] == 1
    assert CORNERS.fire("fires_in_budget", (), first.state) == Cut("Crash")


def test_steps_come_in_source_order() -> None:
    spec = PythonSpec(declare(KafkaIsr))
    steps = [(action, arguments) for action, arguments, _ in spec.steps(spec.initial())]
    both = [(0,), (1,)]
    assert steps == [
        *(("elect", arguments) for arguments in both),
        *(("learn", arguments) for arguments in both),
        *(("write", arguments) for arguments in both),
        *(("fetch", arguments) for arguments in product((0, 1), repeat=2)),
        *(("commit", arguments) for arguments in both),
    ]


def test_what_must_be_in_a_set_is_drawn_from_it() -> None:
    spec = PythonSpec(declare(KafkaIsr))
    alone = (*spec.initial()[:-1], frozenset({1}))
    tried = [arguments for action, arguments, _ in spec.steps(alone) if action == "elect"]
    assert tried == [(1,)]


def test_properties() -> None:
    initial = CORNERS.initial()
    later = CORNERS.fire("fires", (), initial)
    crashed = CORNERS.fire("fires_in_budget", (), initial)
    assert isinstance(later, Fired)
    assert isinstance(crashed, Fired)
    assert CORNERS.judge("strictly", initial)
    assert not CORNERS.judge("strictly", crashed.state)
    assert PythonSpec(declare(Corners, settings={"strict": True})).judge("strictly", crashed.state)
    assert CORNERS.judge("epochs_grow", initial, later.state)
    assert not CORNERS.judge("epochs_grow", later.state, initial)
    assert CORNERS.judge("nobody", later.state)
    with pytest.raises(Undefined) as raised:
        CORNERS.judge("nobody", initial)
    assert raised.value.span is not None


TYPES: list[Type] = [
    BOOL,
    IntType(-1, 2),
    OptionType(IntType(0, 2)),
    TupleType(BOOL, 2),
    SetType(IntType(-1, 2)),
    SetType(OptionType(BOOL)),
    SetType(TupleType(BOOL, 1)),
    SetType(SetType(BOOL)),
    MapType(BOOL, IntType(0, 2)),
    MapType(BOOL, MapType(BOOL, BOOL)),
    *CORNERS.declaration.types.values(),
    *(SetType(type) for type in CORNERS.declaration.types.values()),
    MapType(CORNERS.declaration.types[Point], BOOL),
]


@pytest.mark.parametrize("type", TYPES, ids=str)
def test_objects_and_values_are_two_forms_of_one_thing(type: Type) -> None:
    codec = Codecs(CORNERS.declaration.types).of(type)
    values = list(members(type))
    objects = [codec.decode(value) for value in values]
    assert [codec.encode(found) for found in objects] == values
    assert sorted(objects, key=order_key) == sorted(
        objects, key=lambda found: order(type, codec.encode(found))
    )


def test_sets_iterate_in_canonical_order() -> None:
    type = SetType(CORNERS.declaration.types[Point])
    codec = Codecs(CORNERS.declaration.types).of(type)
    inner = Codecs(CORNERS.declaration.types).of(type.of)
    everything = frozenset(members(type.of))
    points = codec.decode(everything)
    assert [inner.encode(point) for point in points] == in_order(type, everything)
    red = frozenset(Point(x, Colour.RED) for x in range(2))
    made = [points | red, red | points, points & red, red & points, points - red, points ^ red]
    made += [points.union(red), points.intersection(red), points.difference(red), red - points]
    assert all(isinstance(found, OrderedSet) for found in made)
    assert points - red == frozenset(points) - red
    assert red - points == frozenset()
    assert red ^ points == points - red
    assert repr(red & points) == f"{{{Point(0, Colour.RED)}, {Point(1, Colour.RED)}}}"
    with pytest.raises(TypeError, match="NoneType"):
        points | None


def test_a_map_is_total() -> None:
    codec = Codecs(CORNERS.declaration.types).of(MapType(BOOL, IntType(0, 1, "Epoch")))
    map = codec.decode((0, 1))
    assert isinstance(map, TotalMap)
    map[False] = 1
    assert map == {False: 1, True: 1}
    with pytest.raises(KeyError):
        map["no"] = 1
    with pytest.raises(LeftScope, match="leaves the scope Epoch"):
        map[True] = 2
    for change in (map.clear, map.popitem, lambda: map.pop(True), lambda: map.update({True: 0})):
        with pytest.raises(TypeError, match="a map is total"):
            change()
    with pytest.raises(TypeError, match="a map is total"):
        del map[True]
    assert codec.decode((0, 1)) == {False: 0, True: 1}


def test_an_undefined_initial_value() -> None:
    with pytest.raises(Undefined, match="the initial value 3 of level is outside"):
        PythonSpec(declare(_WrongStart)).initial()


class _WrongStart(KafkaIsr):
    level: Annotated[int, Range(0, 1)] = 3
