from __future__ import annotations

from contextlib import suppress

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.cli.options import (
    MOST_RUNS,
    Seconds,
    parse_over,
    parse_scopes,
    parse_settings,
    parse_size,
    runs,
    swept,
)


def test_settings() -> None:
    assert parse_settings([]) == {}
    assert parse_settings(["a=x", "b = y , z,y"]) == {"a": ("x",), "b": ("y", "z")}


def test_scopes() -> None:
    assert parse_scopes([]) == {}
    assert parse_scopes(["A=3,B=1..3", "C=0"]) == {"A": (3,), "B": (1, 2, 3), "C": (0,)}


def test_over() -> None:
    assert parse_over([]) == {}
    assert parse_over(["a, b", "c=x,y", "d"]) == {"a": (), "b": (), "c": ("x", "y"), "d": ()}


MISTAKES = [
    (parse_settings, ["a"], "--set a: write NAME=VALUE or NAME=VALUE,VALUE"),
    (parse_settings, ["=x"], "--set =x: write NAME=VALUE or NAME=VALUE,VALUE"),
    (parse_settings, ["a="], "--set a=: write NAME=VALUE or NAME=VALUE,VALUE"),
    (parse_settings, ["a=x,,y"], "--set a=x,,y: a value is missing"),
    (parse_settings, ["a=x", "a=y"], "--set: a is given twice"),
    (parse_scopes, ["A"], "--scope A: write NAME=N or NAME=LOW..HIGH"),
    (parse_scopes, [""], "--scope : write NAME=N or NAME=LOW..HIGH"),
    (parse_scopes, ["A=1,A=2"], "--scope: A is given twice"),
    (
        parse_scopes,
        ["A=x"],
        "--scope A=x: x is not a whole number; write NAME=N or NAME=LOW..HIGH",
    ),
    (
        parse_scopes,
        ["A=-1"],
        "--scope A=-1: -1 is not a whole number; write NAME=N or NAME=LOW..HIGH",
    ),
    (
        parse_scopes,
        ["A=1234567890"],
        "--scope A=1234567890: 1234567890 is more than any search can visit",
    ),
    (parse_scopes, ["A=3..1"], "--scope A=3..1: 3 is above 1"),
    (parse_scopes, ["A=0..1000"], "--scope A=0..1000: more than 1,000 runs"),
    (parse_over, ["a=x,b=y"], "--over a=x,b=y: write --over for each NAME=VALUE alone"),
    (parse_over, ["a,b=y"], "--over a,b=y: write --over for each NAME=VALUE alone"),
    (parse_over, ["a="], "--over a=: write NAME=VALUE or NAME=VALUE,VALUE"),
    (parse_over, ["a,,b"], "--over a,,b: a name is missing"),
    (parse_over, ["a", "b,a"], "--over: a is given twice"),
    (parse_size, "2 apples", "2 apples is not a size; write 2GB or 512MiB"),
    (parse_size, "-1", "-1 is not a size; write 2GB or 512MiB"),
    (parse_size, "0", "a size must be above 0"),
]


@pytest.mark.parametrize(("parse", "text", "message"), MISTAKES)
def test_mistakes(parse: object, text: object, message: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        parse(text)  # type: ignore[operator]
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("12B", 12),
        ("2GB", 2_000_000_000),
        ("512MiB", 536_870_912),
        ("1.5 kb", 1_500),
        ("1TiB", 1 << 40),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


def test_runs_are_the_product_and_the_last_varies_fastest() -> None:
    settings, scopes = {"a": ("x", "y")}, {"N": (1, 2), "M": (3,)}
    assert list(runs(settings, scopes)) == [
        ({"a": "x"}, {"N": 1, "M": 3}),
        ({"a": "x"}, {"N": 2, "M": 3}),
        ({"a": "y"}, {"N": 1, "M": 3}),
        ({"a": "y"}, {"N": 2, "M": 3}),
    ]
    assert swept(settings, scopes) == ("a", "N")
    assert runs({}, {}) == (({}, {}),)


def test_too_many_runs_are_refused() -> None:
    scopes = {"A": tuple(range(100)), "B": tuple(range(100))}
    with pytest.raises(click.UsageError, match=f"10,000 runs are more than {MOST_RUNS:,}"):
        runs({}, scopes)


@given(st.lists(st.text(max_size=12), max_size=3))
def test_any_text_is_read_or_refused(texts: list[str]) -> None:
    for parse in (parse_settings, parse_scopes):
        with suppress(click.UsageError):
            assert all(parse(texts).values())


@pytest.mark.parametrize("text", ["nan", "NaN", "0", "-1", "inf", "x"])
def test_a_time_limit_is_a_number_above_0(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Seconds()(text)


def test_a_time_limit() -> None:
    assert Seconds()("0.5") == 0.5
