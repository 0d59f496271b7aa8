"""A ground model: cells, and steps over them with nothing left to unroll."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checker.ground.terms import Term
from checker.ir.expr import Value
from checker.ir.model import PropertyKind


@dataclass(frozen=True, slots=True)
class Cell:
    """A scalar of the state: `size` values `0..size-1`, stored in `width` bits (at most 63).

    A stored number is the value minus the domain's lowest; terms speak of the stored number only.
    `name` is for people (`log[b1][0].epoch`).
    """

    name: str
    size: int

    @property
    def width(self) -> int:
        """The bits needed; a cell with one value needs none and takes no room."""
        return (self.size - 1).bit_length()


class ExitKind(Enum):
    """Why a step does not happen."""

    DISABLED = "disabled"
    CUT = "cut"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Exit:
    """The step ends here, without effect, if `when` is 1 and no earlier exit was taken."""

    kind: ExitKind
    when: Term
    scope: str | None = None
    """The scope name that is counted, for a cut."""


@dataclass(frozen=True, slots=True)
class GroundStep:
    """One action with its arguments. `exits` in order; `updates` are (cell number, new value).

    A drawn parameter has no value before the state is known: its argument is `None` here, and the
    step is found again by replay when a trace is made.
    """

    action: str
    arguments: tuple[Value, ...]
    exits: tuple[Exit, ...]
    updates: tuple[tuple[int, Term], ...]


@dataclass(frozen=True, slots=True)
class GroundProperty:
    """A property: `undefined` is 1 where it has no value, `holds` is its value elsewhere."""

    name: str
    kind: PropertyKind
    undefined: Term
    holds: Term


@dataclass(frozen=True, slots=True)
class GroundModel:
    """Cells, steps in source order, properties; and how a state goes to cells and back.

    `dropped_cells` and `dropped_actions` are outside the cone of influence of the properties.
    """

    cells: tuple[Cell, ...]
    steps: tuple[GroundStep, ...]
    properties: tuple[GroundProperty, ...]
    scopes: tuple[str, ...]
    """The scope names that may cut a step, in order of first use."""
    dropped_variables: tuple[str, ...]
    dropped_actions: tuple[str, ...]
    codec: Codec


class Codec:
    """States to cells and back: implemented by `checker.ground.encode`."""

    def to_cells(self, state: tuple[Value, ...]) -> tuple[int, ...]:
        """The stored numbers of the kept cells, in cell order."""
        raise NotImplementedError

    def to_state(self, cells: tuple[int, ...]) -> tuple[Value, ...]:
        """The state; variables outside the cone read as their initial value."""
        raise NotImplementedError
