from __future__ import annotations

from dataclasses import replace

import pytest

from checker.ir.expr import Value
from checker.ir.values import State
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from checker.trace import Ending
from counterexamples.recheck import Drift, recheck
from counterexamples.replay import Path, ReplayDisagrees, replay

FAULTS = "tests/cli/specs/faults.py"


def prepared(name: str) -> Prepared:
    return prepare(load(f"{FAULTS}:{name}"), {}, {})


def everything(state: State) -> State:
    """What an engine sees that leaves nothing out."""
    return state


def mailbox_path() -> Path:
    """Two messages are sent, and the later one is received; the sum is not looked at."""
    states: tuple[State, ...] = (
        (frozenset(), 0, 0),
        (frozenset({(0,)}), 1, 0),
        (frozenset({(0,), (1,)}), 2, 0),
        (frozenset({(0,)}), 2, 0),
    )
    steps: tuple[tuple[str, tuple[Value, ...]], ...] = (
        ("send", ()), ("send", ()), ("receive", (None,)),
    )  # fmt: skip
    return Path(Ending.DEADLOCK, None, states, steps, lambda state: (*state[:2], 0))


def run(name: str, path: Path) -> object:
    spec = prepared(name)
    return replay(name, spec.model, spec.semantics, path)


def test_arguments_and_blank_variables_are_found_again() -> None:
    spec = prepared("Mailbox")
    goal = next(p for p in spec.model.properties if p.name == "sum_is_not_three")
    model = replace(spec.model, properties=(goal,))
    path = mailbox_path()
    path = replace(
        path,
        ending=Ending.VIOLATED,
        property="sum_is_not_three",
        states=(
            *path.states[:3],
            (frozenset({(0,), (1,), (2,)}), 3, 0),
            (frozenset({(0,), (2,)}), 3, 0),
            (frozenset({(0,)}), 3, 0),
        ),
        steps=(*path.steps[:2], ("send", ()), ("receive", (None,)), ("receive", (None,))),
    )
    trace = replay("mail", model, spec.semantics, path)
    assert [str(step) for step in trace.steps[3:]] == ["receive((number=1))", "receive((number=2))"]
    assert [state[2] for state in trace.states] == [0, 0, 0, 0, 1, 3]
    assert trace.spec == "mail"
    assert recheck(model, spec.semantics, trace) is None


LIES: list[tuple[Path, str]] = [
    (replace(mailbox_path(), states=((frozenset(), 1, 0), *mailbox_path().states[1:])), "initial"),
    (mailbox_path(), "successor"),
    (
        replace(mailbox_path(), ending=Ending.VIOLATED, property="sum_is_not_three"),
        "sum_is_not_three is not violated at the end",
    ),
    (
        replace(mailbox_path(), ending=Ending.UNDEFINED_PROPERTY, property="all_arrive"),
        "all_arrive is not undefined property at the end",
    ),
    (
        replace(mailbox_path(), steps=(*mailbox_path().steps[:2], ("send", ()))),
        "send does not lead from one state to the next",
    ),
    (
        replace(mailbox_path(), ending=Ending.UNDEFINED_STEP, states=mailbox_path().states[:3]),
        "receive does not lead from one state to the next",
    ),
]


@pytest.mark.parametrize(("path", "message"), LIES)
def test_a_lie_is_found_out(path: Path, message: str) -> None:
    with pytest.raises(ReplayDisagrees, match=message):
        run("Mailbox", path)


def test_an_end_of_the_scope_is_no_deadlock() -> None:
    states: tuple[State, ...] = ((0,), (1,), (2,), (3,))
    path = Path(Ending.DEADLOCK, None, states, (("increment", ()),) * 3, everything)
    with pytest.raises(ReplayDisagrees, match="has a successor"):
        run("Silent", path)


def test_an_undefined_step_says_where() -> None:
    states: tuple[State, ...] = ((0, (4, 5), 0), (4, (4, 5), 1), (5, (4, 5), 2))
    path = Path(Ending.UNDEFINED_STEP, None, states, (("read_next", ()),) * 3, everything)
    spec = prepared("PastTheEnd")
    trace = replay("past", spec.model, spec.semantics, path)
    assert trace.message.startswith("tuple index out of range (")
    assert "faults.py:21:" in trace.message
    assert recheck(spec.model, spec.semantics, trace) is None
    drifted = replace(trace, states=(*trace.states[:2], (4, (4, 5), 2)))
    assert recheck(spec.model, spec.semantics, drifted) == Drift(2, "kept → now: read: 4 → 5")
