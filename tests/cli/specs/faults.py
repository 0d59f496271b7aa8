"""Specs with faults in them, one of each kind, for the tests of the command line."""

from dataclasses import dataclass
from typing import Annotated

from checker import MaxLen, Range, Scope, Spec, Upto, action, invariant, reachable, require

Count = Annotated[int, Upto("Count")]


class PastTheEnd(Spec):
    """A step that reads past the end of a tuple."""

    read: Annotated[int, Range(0, 9)]
    records: Annotated[tuple[Annotated[int, Range(0, 9)], ...], MaxLen(3)] = (4, 5)
    position: Annotated[int, Range(0, 3)]

    @action
    def read_next(self) -> None:
        """Read the record at the position."""
        self.read = self.records[self.position]
        self.position += 1

    @invariant
    def is_small(self) -> bool:
        """Every record read is small."""
        return self.read < 9


class NoValue(Spec):
    """A property that has no value in some state."""

    scope = Scope(Count=3)
    count: Count

    @action
    def increment(self) -> None:
        """Count."""
        self.count += 1

    @invariant
    def divides(self) -> bool:
        """Undefined where the count is 2."""
        return 6 // (2 - self.count) > -7


class Stuck(Spec):
    """A count that stops."""

    scope = Scope(Count=3)
    count: Count
    ticks: bool = False

    @action
    def increment(self) -> None:
        """Count, but not beyond 2."""
        require(self.count < 2)
        self.count += 1

    @action
    def tick(self) -> None:
        """Only in the beginning."""
        require(self.count == 0)
        self.ticks = not self.ticks

    @invariant
    def is_small(self) -> bool:
        """The count is small."""
        return self.count < 3


class Silent(Spec):
    """Nothing is promised here."""

    scope = Scope(Count=3)
    count: Count

    @action
    def increment(self) -> None:
        """Count."""
        self.count += 1


@dataclass(frozen=True)
class Message:
    """A number on its way."""

    number: Count


class Mailbox(Spec):
    """Messages in flight, taken in any order: a parameter is drawn from a set."""

    scope = Scope(Count=3)
    messages: frozenset[Message] = frozenset()
    sent: Count
    sum: Annotated[int, Range(0, 20)]

    @action
    def send(self) -> None:
        """Send the next number."""
        self.messages |= {Message(self.sent)}
        self.sent += 1

    @action
    def receive(self, message: Message) -> None:
        """Take a message."""
        require(message in self.messages)
        self.messages -= {message}
        self.sum += message.number

    @invariant
    def sum_is_not_three(self) -> bool:
        """The claim to refute."""
        return self.sum != 3

    @reachable
    def all_arrive(self) -> bool:
        """Everything sent arrives."""
        return self.sent == 3 and self.sum == 3
