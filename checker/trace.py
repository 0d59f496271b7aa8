"""A trace: a finite path from an initial state, with all that is needed to show it.

A trace carries the types of its variables and arguments, so that it can be rendered and kept
without its spec. Those that a check reports are made by replay in plain Python
(`counterexamples.replay`), never from an engine's word alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from checker.ir.expr import Value
from checker.ir.model import Model, PropertyKind
from checker.ir.types import SortType, Type
from checker.ir.values import State, show


class Ending(Enum):
    """What is the matter at the end of a trace."""

    VIOLATED = "violated"
    REACHED = "reached"
    UNDEFINED_PROPERTY = "undefined property"
    UNDEFINED_STEP = "undefined step"
    DEADLOCK = "deadlock"
    WALK = "walk"
    """Nothing: somebody walked there."""


@dataclass(frozen=True, slots=True)
class Argument:
    """The value of a parameter in a step."""

    name: str
    type: Type
    value: Value

    def __str__(self) -> str:
        return show(self.type, self.value)


@dataclass(frozen=True, slots=True)
class Step:
    """One action with its arguments, as it was fired."""

    action: str
    arguments: tuple[Argument, ...]

    def __str__(self) -> str:
        return f"{self.action}({', '.join(map(str, self.arguments))})"

    @property
    def acting(self) -> str:
        """Who acts: the first argument that is a member of a sort, else nobody."""
        acting = (str(given) for given in self.arguments if isinstance(given.type, SortType))
        return next(acting, "")


@dataclass(frozen=True, slots=True)
class Start:
    """Who says which states are initial, where initial values do not: any of these.

    The spec's method with `@init`, a user's file, and invariants that the user assumes.
    """

    init: str | None
    file: str | None
    assumed: tuple[str, ...]

    def __str__(self) -> str:
        assumed = f"assuming {', '.join(self.assumed)}" if self.assumed else None
        said = (f"@init {self.init}" if self.init else None, self.file, assumed)
        return ", ".join(part for part in said if part is not None)


def start_of(model: Model) -> Start | None:
    """Who says which states of a model are initial; `None` if initial values do."""
    if (init := model.init) is None:
        return None
    return Start(init.name or None, init.file, tuple(judged.name for judged in init.assumed))


@dataclass(frozen=True, slots=True)
class Trace:
    """States and the steps between them, the initial state first.

    One more state than steps, except that an undefined step at the end has no state after it.
    `settings` and `scope` are as a user writes them; `message` says what is undefined, and where.
    """

    spec: str
    settings: Mapping[str, str]
    scope: Mapping[str, int]
    variables: tuple[tuple[str, Type], ...]
    property: str | None
    kind: PropertyKind | None
    ending: Ending
    message: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    start: Start | None = None

    def __post_init__(self) -> None:
        surplus = 0 if self.ending is Ending.UNDEFINED_STEP else 1
        expected = len(self.steps) + surplus
        assert self.states, "a trace has an initial state"
        assert len(self.states) == expected, f"{len(self.states)} states, {len(self.steps)} steps"
        assert (self.property is None) == (self.kind is None), (self.property, self.kind)
        for state in self.states:
            assert len(state) == len(self.variables), "a state has a value for each variable"
