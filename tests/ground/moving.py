"""A clock and a lamp; what a step must change, and what it may leave as it is."""

from __future__ import annotations

from typing import Annotated

from checker import MaxLen, Range, Scope, Spec, Upto, action, require, step_invariant

Hour = Annotated[int, Range(0, 2)]


class Moving(Spec):
    """The lamp is read by no property, and yet some of them judge its steps."""

    scope = Scope(Length=3)

    hour: Hour
    is_lit: bool
    seen: Annotated[tuple[Hour, ...], MaxLen("Length")] = (0,)
    length: Annotated[int, Upto("Length")]

    @action
    def tick(self) -> None:
        require(self.hour < 2)
        self.hour += 1
        self.seen += (self.hour,)

    @action
    def switch(self) -> None:
        self.is_lit = not self.is_lit

    @step_invariant
    def never_back(before: Moving, after: Moving) -> bool:
        return before.hour <= after.hour

    @step_invariant
    def always_on(before: Moving, after: Moving) -> bool:
        """False of a step that switches the lamp."""
        return before.hour < after.hour

    @step_invariant
    def from_the_last(before: Moving, after: Moving) -> bool:
        """Undefined of an empty tuple, which there never is."""
        return before.seen[-1] <= after.seen[-1]

    @step_invariant
    def length_is_read(before: Moving, after: Moving) -> bool:
        """Undefined in the initial state."""
        return 1 // before.length <= after.length + 1


class Copying(Spec):
    """A number of few values is given one of many: that it fits says only what is required."""

    many: Annotated[int, Range(0, 3)]
    few: Annotated[int, Range(0, 1)]
    is_lit: bool

    @action
    def grow(self) -> None:
        require(self.many < 3)
        self.many += 1

    @action
    def copy(self) -> None:
        require(self.many <= 1)
        self.few = self.many

    @action
    def switch(self) -> None:
        self.is_lit = not self.is_lit

    @step_invariant
    def never_one_for_long(before: Copying, after: Copying) -> bool:
        return before.few == 0 or after.few == 0


class Sharing(Spec):
    """A quotient has no bound where the divisor may be 0, and a set of it no cells."""

    heirs: Annotated[int, Range(0, 2)]

    @action
    def share(self) -> None:
        require(3 in frozenset({6 // self.heirs, 1}))
        self.heirs += 1


class Dividing(Spec):
    """A number by itself: 1 or undefined, which no interval says."""

    level: Annotated[int, Range(-1, 1)]
    at: Annotated[int, Range(0, 1)]

    @action
    def divide(self) -> None:
        self.level = self.level // self.level
        self.at = (0,)[self.level]

    @action
    def sink(self) -> None:
        self.level -= 1
