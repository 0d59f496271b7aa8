from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.ir.types import (
    BOOL,
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
from counterexamples.types_json import DEEPEST, MOST_MEMBERS, type_from_json, type_to_json

names = st.text("abcXYZ", min_size=1, max_size=4)
scopes = st.none() | names
bounds = st.none() | st.integers(-5, 5)
keys: st.SearchStrategy[Type] = st.one_of(
    st.just(BOOL),
    st.builds(IntType, st.integers(-3, 0), st.integers(0, 3), scopes),
    st.builds(EnumType, names, st.lists(names, unique=True).map(tuple)),
    st.builds(SortType, names, st.integers(0, 4), names),
)


def composed(of: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    fields = st.lists(st.tuples(names, of), unique_by=lambda field: field[0]).map(tuple)
    return st.one_of(
        st.builds(OptionType, of),
        st.builds(RecordType, names, fields),
        st.builds(TupleType, of, bounds, scopes),
        st.builds(SetType, of, bounds, scopes),
        st.builds(MapType, keys, of),
    )


types = st.recursive(keys, composed, max_leaves=6)


@given(types)
def test_a_type_survives_the_round_trip(type: Type) -> None:
    assert type_from_json(json.loads(json.dumps(type_to_json(type)))) == type


deep: Any = "bool"
for _ in range(DEEPEST + 1):
    deep = {"option": deep}

REFUSED: list[Any] = [
    None,
    "int",
    [],
    {},
    {"int": [0, 1]},
    {"int": [0, True], "scope": None},
    {"int": [0, 1 << 63], "scope": None},
    {"int": [0, 1], "scope": 3},
    {"sort": "Broker", "size": MOST_MEMBERS + 1, "prefix": "b"},
    {"sort": "Broker", "size": -1, "prefix": "b"},
    {"enum": "Role", "members": [1]},
    {"map": "bool", "key": {"int": [0, MOST_MEMBERS], "scope": None}},
    {"map": "bool", "key": {"int": [None, 3], "scope": None}},
    {"map": "bool", "key": {"set": "bool", "max_size": None, "scope": None}},
    {"map": "bool", "key": {"record": "R", "fields": dict.fromkeys(map(str, range(20)), "bool")}},
    deep,
]


@pytest.mark.parametrize("data", REFUSED)
def test_what_is_not_a_type_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match=r"is not|are not|too"):
        type_from_json(data)
