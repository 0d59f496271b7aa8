"""What an audit finds: conditions that decide nothing, properties that say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from checker.audit.places import Place


class Kind(Enum):
    """What is said in vain."""

    DEAD_GUARD = "guard never true"
    VACUOUS_PREMISE = "premise never true"
    NEEDLESS_REST = "alternative always true"
    EMPTY_SOURCE = "nothing to go through"
    TAUTOLOGY = "true of every state"
    FOLLOWS = "follows from others"
    IDLE_GUARD = "guard never false"
    DEAD_BRANCH = "test never true"
    ONLY_BRANCH = "test never false"


REMARKS: Final = frozenset({Kind.IDLE_GUARD, Kind.DEAD_BRANCH, Kind.ONLY_BRANCH})
"""What is often meant so: a guard for a larger scope, a branch for another setting."""


class Reach(Enum):
    """Of which states it is said."""

    REACHABLE = "reachable"
    """Of every reachable state of the scope."""
    BOUNDS = "bounds"
    """Of every state within the bounds of the scope, reachable or not."""
    ANY_BOUNDS = "any bounds"
    """Of every state, whatever the bounds of numbers and lengths."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something said in vain: by a condition of an action or property, or by a whole property.

    `owner` is the action or property. `others` are what a property follows from. `ends_action`: if
    a guard is never true, the action never happens.
    """

    kind: Kind
    owner: str
    place: Place
    reach: Reach = Reach.REACHABLE
    others: tuple[str, ...] = ()
    ends_action: bool = False

    @property
    def is_remark(self) -> bool:
        """Whether it deserves a look and no more."""
        return self.kind in REMARKS


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found, in source order, and what could not be found out.

    `conditions` were asked of `states` states: of all that are reachable, unless `stop` says why
    not; then nothing is said of any. Of the `undefined` ones, which have no value somewhere,
    nothing is said either. `open` are the properties of which the solver did not say in time
    whether they say anything.
    """

    stop: str | None
    states: int
    conditions: int
    undefined: int
    findings: tuple[Finding, ...]
    open: tuple[str, ...]
    solver: str
    seconds: float
