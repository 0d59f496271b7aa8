"""What tests of a spec are written with, beside `running`: ordinary Python, with any test runner.

    with running(Replication, scope={"Broker": 2}) as spec:
        b1, b2 = Broker
        spec.elect(b1)
        assert spec.leader == b1
        with refused():
            spec.elect(b1)

`splitbrain show TRACE --as-test` writes such tests. To compare a state with a later one, keep it:
`before = deepcopy(spec)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checker.ir.types import Type
from checker.ir.values import State, show
from checker.lang.runtime import NotEnabled
from checker.lang.spec import Spec
from checker.semantics.objects import LeftScope
from checker.semantics.places import no_value
from checker.semantics.python import PythonSpec
from checker.semantics.running import MEANING
from checker.semantics.step import Cut, Fired, UndefinedStep
from checker.semantics.undefined import Undefined


@contextmanager
def refused() -> Iterator[None]:
    """The step in the `with` block must be disabled: a condition of a `require` is false.

    Raises `AssertionError` if it happens. A step that leaves the scope is not refused, for the
    scope may be too small to tell: `LeftScope` goes through, as does anything else.
    """
    try:
        yield
    except NotEnabled:
        return
    raise AssertionError("the step happened, and should have been refused")


@contextmanager
def undefined() -> Iterator[None]:
    """The step or property in the `with` block must have no value: an index past the end, say.

    Raises `AssertionError` if it has one; what means something else goes through.
    """
    try:
        yield
    except (NotEnabled, LeftScope):
        raise
    except Exception as error:
        if isinstance(error, Undefined) or no_value(error) is not None:
            return
        raise
    raise AssertionError("this has a value, and should have been undefined")


def enabled(spec: Spec) -> list[str]:
    """The steps that a running spec can take next, as `elect(b1)`; of a deadlock, none.

    What changes nothing is left out. What only the scope forbids, or what is undefined, counts.
    """
    python: PythonSpec = getattr(type(spec), MEANING)
    state = _state(python, spec)
    types = {
        action.name: [parameter.type for parameter in action.parameters]
        for action in python.declaration.actions
    }
    return [
        f"{action}({', '.join(map(_shown, types[action], arguments))})"
        for action, arguments, outcome in python.steps(state)
        if isinstance(outcome, Cut | UndefinedStep)
        or (isinstance(outcome, Fired) and outcome.state != state)
    ]


def _state(python: PythonSpec, spec: Spec) -> State:
    used: list[Any] = [vars(spec)[name] for name in python.budgets]
    return (*python.state_of(spec), *used)


def _shown(type: Type | None, value: Any) -> str:
    assert type is not None, "an action's parameters have types"
    return show(type, value)
