from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from checker.trace import Trace
from counterexamples.drawing.messages import Fate
from counterexamples.drawing.scenes import picture
from counterexamples.file import read
from counterexamples.forms.shiviz import shiviz
from counterexamples.museum_cases import MUSEUM

Event = tuple[str, str, dict[str, int]]


def events(log: str) -> list[Event]:
    """The log read by the expression on its first line, as ShiViz does."""
    expression, separator, rest = log.split("\n", 2)
    assert separator == ""
    found = re.findall(expression.replace("(?<", "(?P<"), rest)
    assert 2 * len(found) == len(rest.splitlines())
    return [(event, host, json.loads(clock)) for event, host, clock in found]


def test_the_log_is_pinned(trace: Trace, golden: Callable[[str, str], None]) -> None:
    golden("trace.shiviz.log", shiviz(trace))


NAMES = sorted(path.parent.name for path in MUSEUM.glob("*/trace.json"))[::4]


@pytest.mark.parametrize("name", NAMES)
def test_clocks_are_vector_clocks(name: str) -> None:
    """A host counts its own events one by one, forgets nothing, and knows nothing of the future."""
    last: dict[str, dict[str, int]] = {}
    for _, host, clock in events(shiviz(read(MUSEUM / name / "trace.json"))):
        before = last.get(host, {})
        assert clock[host] == before.get(host, 0) + 1
        assert all(clock[other] >= count for other, count in before.items())
        others = {other: count for other, count in clock.items() if other != host}
        assert all(count <= last[other][other] for other, count in others.items())
        last[host] = clock


@pytest.mark.parametrize("name", NAMES)
def test_who_receives_knows_what_the_sender_knew(name: str) -> None:
    trace = read(MUSEUM / name / "trace.json")
    clocks = {
        (int(event.partition(".")[0]), host): clock for event, host, clock in events(shiviz(trace))
    }
    drawn = picture(trace)
    hosts = ["_".join(lane.name.split()) for lane in drawn.stage.lanes]
    assert set(range(1, len(trace.steps) + 1)) == {step for step, _ in clocks}
    for message in drawn.messages:
        if message.fate is Fate.DELIVERED and message.sent and message.receiver is not None:
            sent = clocks[message.sent, hosts[message.sender]]
            arrived = clocks[message.ended, hosts[message.receiver]]
            assert all(arrived[host] >= count for host, count in sent.items()), message
