"""Values to cells and back: an inverse, one number for each value, in the order of the values."""

from __future__ import annotations

from random import Random

import pytest

from checker.ground.cells import Masks, Slots, bounded_cells, decode, encode, set_shape
from checker.ground.encode import StateCodec
from checker.ground.errors import GroundError
from checker.ground.widen import contains_set
from checker.ir.types import (
    BOOL,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import cardinality, members, order
from tests.random_expressions import COLOUR, NODE, Choices, draw_value

SMALL = IntType(-1, 1)
PAIR = RecordType("Pair", (("node", NODE), ("number", SMALL)))
MESSAGE = RecordType("Message", (("sent", IntType(0, 30)), ("isr", SetType(NODE))))

ENUMERATED: list[Type] = [
    BOOL,
    IntType(-2, 5),
    IntType(3, 3),
    COLOUR,
    NODE,
    OptionType(SMALL),
    OptionType(BOOL),
    OptionType(PAIR),
    OptionType(TupleType(SMALL, 1)),
    PAIR,
    TupleType(SMALL, 3),
    TupleType(OptionType(PAIR), 2),
    TupleType(NODE, 0),
    SetType(NODE),
    SetType(SMALL, 2),
    SetType(TupleType(SMALL, 1)),
    SetType(OptionType(PAIR), 1),
    MapType(COLOUR, OptionType(NODE)),
    MapType(BOOL, MapType(NODE, SMALL)),
    MapType(SortType("Nobody", 0, "n"), SMALL),
]

LARGE: list[Type] = [
    SetType(IntType(0, 62)),
    SetType(IntType(-10, 120)),
    SetType(IntType(0, 511)),
    SetType(IntType(0, 99), 3),
    SetType(MESSAGE, 4),
    SetType(RecordType("Long", (("log", TupleType(PAIR, 4)),)), 2),
    TupleType(SetType(MESSAGE, 2), 2),
    IntType(0, (1 << 63) - 1),
]


def codec(type: Type) -> StateCodec:
    count = len(bounded_cells(type, "x"))
    return StateCodec((type,), tuple(range(count)), (0,) * count)


@pytest.mark.parametrize("type", ENUMERATED, ids=str)
def test_every_value_has_its_own_numbers(type: Type) -> None:
    cells = bounded_cells(type, "x")
    values = list(members(type))
    numbers = [tuple(encode(type, value)) for value in values]
    assert [decode(type, iter(row)) for row in numbers] == values
    assert len(set(numbers)) == len(values) == cardinality(type)
    for row in numbers:
        assert all(0 <= n < cell.size for n, cell in zip(row, cells, strict=True))
    if not contains_set(type):
        assert numbers == sorted(numbers), "numbers compare as values do"


@pytest.mark.parametrize("type", LARGE, ids=str)
def test_values_of_large_types_survive(type: Type) -> None:
    choices = Choices(Random(str(type)).randrange)
    for _ in range(20):
        value = draw_value(choices, type) if not isinstance(type, IntType) else (1 << 63) - 1
        stored = codec(type).to_cells((value,))
        sizes = [cell.size for cell in bounded_cells(type, "x")]
        assert all(0 <= n < size for n, size in zip(stored, sizes, strict=True))
        assert codec(type).to_state(stored) == (value,)


def test_values_are_in_the_order_of_their_type() -> None:
    """So the order of slots is that in which a set's members are visited."""
    for type in ENUMERATED:
        values = list(members(type))
        assert values == sorted(values, key=lambda value: order(type, value))


def test_equal_sets_are_equal_numbers() -> None:
    type = SetType(IntType(0, 99), 3)
    assert list(encode(type, frozenset((7, 3)))) == [4, 8, 0]
    assert list(encode(type, frozenset((3, 7)))) == [4, 8, 0]
    assert isinstance(set_shape(type), Slots)
    assert set_shape(SetType(IntType(0, 99))) == Masks((63, 37))
    assert set_shape(SetType(IntType(0, 62), 2)) == Masks((63,))


def test_cells_are_named_for_people() -> None:
    type = MapType(NODE, TupleType(OptionType(PAIR), 1))
    names = [cell.name for cell in bounded_cells(type, "log")]
    assert names[:4] == ["len(log[n1])", "log[n1][0]?", "log[n1][0].node", "log[n1][0].number"]
    slots = bounded_cells(SetType(IntType(0, 99), 2), "messages")
    assert [cell.name for cell in slots] == ["messages{0}", "messages{1}"]


WIDE = IntType(0, 999)
TOO_LARGE: list[tuple[Type, str, str]] = [
    (SetType(WIDE), "variable x: a set whose members may be any of 1,000 values", "MaxLen"),
    (
        SetType(MapType(IntType(0, 9), WIDE), 2),
        "variable x: the members of a set of [0..9 → 0..999] need more than 62 bits each",
        "smaller",
    ),
    (MapType(WIDE, MapType(WIDE, BOOL)), "variable x: it needs more than 20,000 cells", "keys"),
    (TupleType(BOOL, None), "variable x: a tuple has no bound", "MaxLen"),
    (IntType(0, None), "variable x: an integer has no bound", "Range"),
    (IntType(0, 1 << 63), "variable x: an integer needs more than 63 bits", "smaller"),
]


@pytest.mark.parametrize(("type", "message", "help"), TOO_LARGE, ids=[r[1] for r in TOO_LARGE])
def test_what_is_too_large_is_refused(type: Type, message: str, help: str) -> None:
    with pytest.raises(GroundError) as refused:
        bounded_cells(type, "x")
    assert refused.value.message.startswith(message)
    assert help in refused.value.help
