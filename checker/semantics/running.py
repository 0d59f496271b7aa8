"""A spec in a person's hands: `with running(MySpec) as spec`, then call its actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, TypeVar

from checker.lang.declaration import MethodDeclaration
from checker.lang.declare import declare
from checker.lang.runtime import scope_of_run
from checker.lang.spec import Spec
from checker.semantics.objects import LeftScope
from checker.semantics.python import PythonSpec

S = TypeVar("S", bound=Spec)

MEANING: Final = "__splitbrain_meaning__"
"""Where the class of a running instance keeps the `PythonSpec` that it is an instance of."""


@contextmanager
def running(
    spec: type[S], scope: Mapping[str, int] | None = None, **settings: object
) -> Iterator[S]:
    """An instance of the spec in its initial state, inside a run with this scope and settings.

    Inside the `with` block sorts have members (`Replica[0]`, `for r in Replica`), and actions are
    called as methods: `spec.fetch(Replica[0], Replica[1])`. An action happens entirely or not at
    all. One whose `require` is false raises `NotEnabled`, one that would leave the scope
    `LeftScope`; what is undefined raises as Python does (`IndexError`, …), or `Undefined` where a
    value leaves its domain. Everything is ordinary Python: print it, assign to it, stand in it
    with `pdb`. Of a spec with `@init` the variables have the initial values of the class all the
    same: assign what it is to start from.
    """
    declaration = declare(spec, scope, settings)
    python = PythonSpec(declaration)
    actions = {action.name: _atomic(python, action) for action in declaration.actions}
    live = type(spec.__name__, (python.running_class,), {**actions, MEANING: python})
    instance: Any = object.__new__(live)
    vars(instance).update(vars(python.at(python.initial())))
    vars(instance).update({name: 0 for name in python.budgets})
    with scope_of_run(declaration.scope):
        yield instance


def _atomic(python: PythonSpec, action: MethodDeclaration) -> Callable[..., None]:
    """The action as a method that counts its budget, and that undoes what it did if it fails."""
    method: Callable[..., None] = getattr(python.running_class, action.name)

    @wraps(method)
    def fire(self: Any, *arguments: object, **named: object) -> None:
        before = python.at(python.state_of(self))
        try:
            method(self, *arguments, **named)
            _spend(python, action, self)
        except BaseException:
            vars(self).update(vars(before))
            raise

    return fire


def _spend(python: PythonSpec, action: MethodDeclaration, instance: Any) -> None:
    if action.budget is not None:
        used = vars(instance)[f"budget.{action.budget}"] + 1
        if used > python.declaration.scope[action.budget]:
            raise LeftScope(action.budget)
        vars(instance)[f"budget.{action.budget}"] = used
