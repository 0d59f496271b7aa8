"""What is to be proved, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from checker.ir.expr import Value
from checker.ir.values import State

UNDEFINED_STEP: Final = "undefined step"
"""The name of what is proved beside the properties: that every step has a value."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """That a property is true at the start, or still true after an action (`None`: at the start).

    Of several steps, as in k-induction, the action is the last.
    """

    property: str
    action: str | None


@dataclass(frozen=True, slots=True)
class Proved:
    """No state and no step contradicts the obligation."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Steps between states, at the end of which the property is false, or has no value.

    Confirmed by the reference semantics. The first state need not be reachable, unless it is the
    initial one; all states but the last satisfy what was assumed. An undefined step at the end has
    no state after it. `scope` is that in which these are states.
    """

    scope: Mapping[str, int]
    states: tuple[State, ...]
    steps: tuple[tuple[str, tuple[Value, ...]], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither proved nor refuted."""

    reason: str


Outcome: TypeAlias = Proved | Counterexample | Unknown
