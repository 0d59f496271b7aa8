from __future__ import annotations

from dataclasses import replace

from checker.ir.types import IntType, MapType
from checker.trace import Trace
from counterexamples.log_lines import log_lines
from counterexamples.paint import Paint

PLAIN = Paint()


def with_marks(trace: Trace, *marks: int) -> Trace:
    broker = next(type.key for _, type in trace.variables if isinstance(type, MapType))
    return replace(
        trace,
        variables=(*trace.variables, ("hw", MapType(broker, IntType(0, 3)))),
        states=tuple((*state, marks) for state in trace.states),
    )


def test_logs_with_high_watermarks(trace: Trace) -> None:
    marked = with_marks(trace, 1, 0)
    assert log_lines(marked, marked.states[2], 80, PLAIN) == [
        "log    0    ┃ high watermark",
        "  b1   r1·e1┃",
        "  b2  ┃·",
    ]


def test_without_high_watermarks(trace: Trace) -> None:
    assert log_lines(trace, trace.states[3], 80, PLAIN) == [
        "log    0",
        "  b1   r1·e1",
        "  b2   r1·e1",
    ]


def test_a_long_log_loses_its_beginning(trace: Trace) -> None:
    longer = (((1, 1),) * 5, ((1, 1), (2, 2)))
    state = (longer, *trace.states[0][1:])
    lines = log_lines(trace, state, 20, PLAIN)
    assert lines == ["log    3     4", "  b1   r1·e1 r1·e1", "  b2   ·     ·"]
    assert max(map(len, lines)) <= 20


def test_no_log_no_lines(trace: Trace) -> None:
    fewer = replace(
        trace, variables=trace.variables[1:], states=tuple(state[1:] for state in trace.states)
    )
    assert log_lines(fewer, fewer.states[0], 80, PLAIN) == []
