"""A spec of corners: each action has one outcome, in the initial state, that its name says."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import (
    MaxLen,
    Range,
    Scope,
    Setting,
    Sort,
    Spec,
    Upto,
    action,
    invariant,
    reachable,
    require,
    some,
    step_invariant,
)


class Broker(Sort):
    """A broker."""


class Colour(Enum):
    """Three colours, whose order is that of the source."""

    RED = "z"
    GREEN = "a"
    BLUE = "m"


@dataclass(frozen=True)
class Point:
    """A record."""

    x: Annotated[int, Range(0, 1)]
    colour: Colour


class Corners(Spec):
    """What can happen to a step."""

    scope = Scope(Broker=2, Epoch=1, Sent=1, Crash=1)
    epoch: Annotated[int, Upto("Epoch")]
    flag: bool
    level: Annotated[int, Range(0, 3)]
    fixed: Annotated[tuple[bool, ...], MaxLen(1)]
    log: Annotated[tuple[bool, ...], MaxLen("Sent")]
    sent: Annotated[frozenset[Point], MaxLen("Sent")]
    colours: frozenset[Colour] = frozenset(Colour)
    leader: Broker | None
    ends: dict[Broker, Annotated[int, Range(0, 2)]]
    grid: dict[Broker, dict[Colour, bool]]
    last: Point | None = None
    strict: Setting[bool] = False

    @action
    def fires(self) -> None:
        """Everything is assigned once."""
        self.epoch += 1
        self.log += (True,)
        self.sent |= {Point(1, Colour.BLUE)}
        self.colours -= {Colour.GREEN}
        self.leader = next(broker for broker in Broker)
        self.ends[self.leader] = 2
        self.grid[self.leader][Colour.GREEN] = True
        self.last = Point(0, Colour.RED)

    @action
    def stutters(self) -> None:
        """The state after is the state before."""
        self.level = self.level

    @action
    def disabled(self) -> None:
        """An assignment before a `require` changes nothing."""
        self.level = 1
        require(self.level == 2)

    @action
    def disabled_first(self) -> None:
        """What follows a false `require` is not run."""
        require(self.level == 1)
        require(self.log[7])
        self.level = 9

    @action
    def undefined_argument(self) -> None:
        """Python evaluates all arguments before `require` looks at the first."""
        require(self.level == 1, self.log[7])

    @action
    def disabled_in_short_circuit(self) -> None:
        """What `and` does not reach is no finding."""
        require(self.level > 0 and self.log[0])

    @action
    def disabled_by_setting(self) -> None:
        """A setting is a constant."""
        require(self.strict)

    @action
    def cut_by_epoch(self) -> None:
        """A bound from the scope."""
        self.epoch = 2

    @action
    def cut_by_sent(self) -> None:
        """A length from the scope."""
        self.log = (True, False)

    @action
    def cut_by_sent_in_a_set(self) -> None:
        """A size from the scope."""
        self.sent = frozenset(Point(x, Colour.RED) for x in range(2))

    @action
    def cut_by_epoch_before_undefined(self) -> None:
        """The first departure in program order counts."""
        self.epoch += 2
        self.level = 9

    @action
    def undefined_above(self) -> None:
        """A fixed bound."""
        self.level = 4

    @action
    def undefined_below(self) -> None:
        """Below the start, even of a domain from the scope."""
        self.epoch -= 1

    @action
    def undefined_length(self) -> None:
        """A fixed length."""
        self.fixed = (True, True)

    @action
    def undefined_field(self) -> None:
        """A part of a record."""
        self.last = Point(2, Colour.RED)

    @action
    def undefined_map_value(self) -> None:
        """A value of a map."""
        for_all = self.level + 3
        self.ends = {broker: for_all for broker in Broker}

    @action
    def undefined_value_at_key(self) -> None:
        """A value assigned to a key."""
        self.ends[next(broker for broker in Broker)] = 3

    @action
    def undefined_index(self) -> None:
        """An index past the end."""
        require(self.log[0])

    @action
    def undefined_negative_index(self) -> None:
        """An index before the begin."""
        require(self.log[-1])

    @action
    def undefined_key(self) -> None:
        """A key that is not in the domain."""
        self.ends[self.leader] = 1  # type: ignore[index]

    @action
    def undefined_key_read(self) -> None:
        """A key that is not in the domain."""
        require(self.ends[self.leader] == 0)  # type: ignore[index]

    @action
    def undefined_none_as_number(self) -> None:
        """None in arithmetic."""
        require(self.last.x + 1 > 0)  # type: ignore[union-attr]

    @action
    def undefined_some(self) -> None:
        """The value of None."""
        require(some(self.leader) in Broker)

    @action
    def undefined_division(self) -> None:
        """A division by zero."""
        self.level = 1 // self.level

    @action
    def undefined_minimum(self) -> None:
        """The least of nothing."""
        self.level = min(point.x for point in self.sent)

    @action
    def undefined_next(self) -> None:
        """The first of nothing."""
        self.flag = next(flag for flag in self.log if flag)

    @action
    def undefined_next_in_a_generator(self) -> None:
        """The first of nothing, for each."""
        require(all(next(not f for f in self.log) and b != self.leader for b in Broker))

    @action(budget="Crash")
    def fires_in_budget(self) -> None:
        """One crash is in scope."""
        self.level = 3

    @invariant
    def strictly(self) -> bool:
        """A property that a setting decides."""
        return self.strict or self.level < 3

    @step_invariant
    def epochs_grow(before, after: "Corners") -> bool:
        """A property of a step."""
        return before.epoch <= after.epoch

    @reachable
    def nobody(self) -> bool:
        """A property without value while nobody leads."""
        return self.ends[some(self.leader)] == 2


class RefusedCorners(Corners):
    """What lowering refuses, though CPython can run it."""

    @action
    def undefined_partial_map(self) -> None:
        """Maps are total."""
        self.ends = {broker: 0 for broker in self.ends if broker != Broker[0]}

    @action
    def undefined_none_assigned(self) -> None:
        """None where a value is needed."""
        self.level = None  # type: ignore[assignment]
