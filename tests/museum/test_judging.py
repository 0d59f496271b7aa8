"""That an entry which is not as recorded is found out, whatever is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from checker.museum import compare, described, judge, run
from checker.result import Result
from counterexamples.label import MuseumError
from counterexamples.museum_cases import MUSEUM, Entry, Fixed, Kind, Side, read_entry

ENTRY = read_entry(MUSEUM / "KIP-101")


@cache
def searched(side_of: str) -> Result:
    assert ENTRY.fixed is not None
    sides = {"broken": ENTRY.broken.side, "fixed": ENTRY.fixed.side}
    return run(sides[side_of], ENTRY.property_name)


def differences(
    entry: Entry = ENTRY, broken: Result | None = None, fixed: Result | None = None
) -> tuple[str, ...]:
    return compare(entry, broken or searched("broken"), fixed or searched("fixed"))


def with_fixed(**changes: object) -> Entry:
    assert ENTRY.fixed is not None
    return replace(ENTRY, fixed=replace(ENTRY.fixed, **changes))  # type: ignore[arg-type]


def with_setting(result: Result, value: str, default: str) -> Result:
    return replace(result, settings={"fix": value}, defaults={"fix": default})


def test_as_recorded() -> None:
    assert differences() == ()
    assert described(searched("broken")) == "violated after 9 steps"
    assert described(searched("fixed")) == "holds in 1,177 states"


def test_another_number_of_steps() -> None:
    entry = replace(ENTRY, broken=replace(ENTRY.broken, steps=8))
    (found,) = differences(entry)
    assert found == "broken: violated after 9 steps, and the label says violated after 8 steps"


def test_the_bug_does_not_show() -> None:
    found = differences(broken=searched("fixed"))
    assert "broken: holds in 1,177 states, and the label says violated after 9 steps" in found


def test_another_number_of_states() -> None:
    (found,) = differences(with_fixed(states=1_178))
    assert found == "fixed: holds in 1,177 states, and the label says holds in 1,178 states"


def test_the_fix_does_not_hold() -> None:
    found = differences(fixed=searched("broken"))
    assert "fixed: violated after 9 steps, and the label says holds in 1,177 states" in found


def test_a_smaller_scope_proves_nothing() -> None:
    fixed = replace(searched("fixed"), scope={"Replica": 2, "LogSize": 2, "Record": 2, "Epoch": 0})
    expected = "fixed: the scope is smaller than the broken one: Epoch=0 < 1"
    assert differences(fixed=fixed) == (expected,)


def test_what_never_happens_proves_nothing() -> None:
    actions = dict(searched("fixed").actions)
    del actions["follower_fetch"]
    fixed = replace(searched("fixed"), actions=actions)
    expected = "fixed: follower_fetch never fires, and [fixed.idle] gives no reason"
    assert differences(fixed=fixed) == (expected,)
    assert differences(with_fixed(idle={"follower_fetch": "no fetch"}), fixed=fixed) == ()


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("follower_fetch", "fixed: follower_fetch is said to be idle, and fires"),
        ("fetch", "fixed: fetch is said to be idle, and is not in the trace"),
    ],
)
def test_an_excuse_that_is_none(action: str, expected: str) -> None:
    assert differences(with_fixed(idle={action: "why"})) == (expected,)


def test_a_setting_that_nobody_named() -> None:
    broken = with_setting(searched("broken"), "false", "true")
    fixed = with_setting(searched("fixed"), "true", "true")
    expected = "broken: fix=false is not named, and is not the default"
    assert differences(broken=broken, fixed=fixed) == (expected,)


def test_a_setting_that_changes_nothing() -> None:
    broken = with_setting(searched("broken"), "true", "true")
    fixed = with_setting(searched("fixed"), "true", "true")
    side = replace(ENTRY.broken.side, settings={"fix": "true"})
    entry = replace(ENTRY, broken=replace(ENTRY.broken, side=side))
    expected = "broken: fix=true is named, and is the default"
    assert differences(entry, broken, fixed) == (expected,)


def test_two_settings_at_once() -> None:
    off, on = {"one": "false", "two": "false"}, {"one": "true", "two": "true"}
    side = replace(ENTRY.broken.side, settings=off)
    entry = replace(ENTRY, broken=replace(ENTRY.broken, side=side))
    broken = replace(searched("broken"), settings=off, defaults=on)
    fixed = replace(searched("fixed"), spec=broken.spec, settings=on, defaults=on)
    expected = "the two sides differ in more than one setting: one, two"
    assert differences(entry, broken, fixed) == (expected,)


def test_two_sides_that_are_the_same() -> None:
    fixed = replace(searched("fixed"), spec=searched("broken").spec)
    assert differences(fixed=fixed) == ("the two sides have the same spec and settings",)


def test_a_limit_has_a_smaller_scope_on_its_other_side() -> None:
    limit = replace(ENTRY, kind=Kind.LIMIT)
    same = replace(searched("fixed"), spec=searched("broken").spec)
    assert differences(limit, fixed=same) == (
        "fixed: a limit that holds in the same scope is none",
    )
    assert differences(limit, fixed=replace(same, scope={**same.scope, "Epoch": 0})) == ()
    assert differences(replace(limit, fixed=None)) == ()


def test_a_limit_alone_is_searched() -> None:
    judged = judge(replace(ENTRY, kind=Kind.LIMIT, fixed=None))
    assert (judged.differences, judged.fixed) == ((), None)
    assert judged.trace is not None


@pytest.mark.parametrize(
    ("side", "message"),
    [
        (Side("published.kip102", {}, {}), "there is no spec published.kip102; did you mean"),
        (Side("published.kip101", {"fix": "true"}, {}), "fix"),
        (Side("published.kip101", {}, {"Epochs": 1}), "Epochs"),
        (Side("toys.die_hard", {}, {}), "no property strong_isr"),
    ],
)
def test_a_label_that_names_what_is_not_there(side: Side, message: str) -> None:
    entry = replace(ENTRY, fixed=Fixed(side, 1, {}))
    with pytest.raises(MuseumError, match="KIP-101.case.toml: .*" + message):
        judge(entry)
