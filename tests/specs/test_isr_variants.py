"""The specs on top of `isr` and `unclean_election`: without their settings they are the same graph.

The bugs that they show are in the museum. Here: that they add nothing unasked, that their goals are
reached, and what their READMEs claim besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from checker.check import Options, check
from checker.lang.load import load
from checker.result import Result
from checker.verdict import name_of

FIXED = {"reelection": "reset", "keep_pending_on_same_version": "true"}
SMALL = {"Broker": 2, "Record": 1, "Epoch": 1, "PartitionEpoch": 3, "Election": 1, "Fence": 1}


def searched(
    spec: str,
    scope: Mapping[str, int],
    properties: tuple[str, ...] = (),
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Result:
    """A complete search, every variable kept unless properties are named."""
    options = Options(go_on=True, cone=len(properties) > 0, properties=properties)
    found = check(load(spec), {**FIXED, **settings}, scope, options)
    assert found.complete
    return found


def verdicts(found: Result) -> dict[str, str]:
    """The verdict of each property."""
    return {name: name_of(verdict) for name, verdict in found.verdicts}


@pytest.mark.parametrize(
    ("base", "variant"),
    [
        ("isr", "isr_fetchers"),
        ("isr", "isr_producers"),
        ("unclean_election", "isr_expansion"),
    ],
)
def test_a_variant_is_its_base_unless_asked(base: str, variant: str) -> None:
    """The same number of states, steps and levels; the variables that it adds never change."""
    one, other = searched(base, SMALL), searched(variant, SMALL)
    assert (one.states, one.generated, one.level) == (other.states, other.generated, other.level)


@pytest.mark.parametrize(
    ("spec", "setting"),
    [
        ("isr_producers", {"split_produce": "true", "produce_epoch_check": "true"}),
        ("isr_producers", {"retries": "true"}),
        ("isr_fetchers", {"send_from_file": "true"}),
        ("isr_fetchers", {"keep_last_epoch_on_empty": "false"}),
    ],
)
def test_every_promise_holds_and_every_goal_is_reached(
    spec: str, setting: Mapping[str, str]
) -> None:
    """Two records and an election; a forgotten epoch does no harm as long as answers are new."""
    scope = SMALL | {"Record": 2, "Fence": 0}
    assert set(verdicts(searched(spec, scope, settings=setting)).values()) == {"holds", "reached"}


def test_what_was_refused_is_read() -> None:
    """R33: nobody promises otherwise, and an election is enough."""
    scope = SMALL | {"Fence": 0}
    assert verdicts(searched("isr_producers", scope, ("refused_is_read",))) == {
        "refused_is_read": "reached"
    }
    scope |= {"Election": 0}
    assert verdicts(searched("isr_producers", scope, ("refused_is_read",))) == {
        "refused_is_read": "unreached"
    }
