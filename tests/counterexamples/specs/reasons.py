"""Properties of every form that an explanation takes apart; all of them fail at the end."""

from dataclasses import dataclass
from typing import Annotated

from checker import (
    MaxLen,
    Range,
    Scope,
    Sort,
    Spec,
    action,
    invariant,
    require,
    some,
    step_invariant,
)

Small = Annotated[int, Range(0, 9)]


class Broker(Sort):
    """A broker."""


@dataclass(frozen=True)
class Record:
    """A record."""

    id: Small
    epoch: Small


Log = Annotated[tuple[Record, ...], MaxLen(3)]


class Reasons(Spec):
    """Two logs, one of which is truncated."""

    scope = Scope(Broker=2)

    log: dict[Broker, Log]
    hw: dict[Broker, Small]
    leader: Broker | None = None
    acked: frozenset[Small] = frozenset()
    isr: frozenset[Broker] = frozenset(Broker)

    @action
    def append(self, broker: Broker) -> None:
        """Append."""
        require(self.leader is None, len(self.log[broker]) == 0)
        self.log[broker] += (Record(len(self.log[broker]), 1),)

    @action
    def acknowledge(self, broker: Broker) -> None:
        """Acknowledge."""
        require(len(self.log[broker]) > 0, len(self.acked) == 0)
        self.acked |= {self.log[broker][0].id}
        self.hw[broker] = 1

    @action
    def truncate(self, broker: Broker) -> None:
        """Truncate."""
        require(len(self.acked) > 0, len(self.log[broker]) > 0)
        self.log[broker] = ()

    @action
    def elect(self, broker: Broker) -> None:
        """Elect."""
        require(len(self.acked) > 0, len(self.log[broker]) == 0, self.leader is None)
        self.leader = broker

    def holds(self, broker: Broker, number: Small) -> bool:
        """Whether a record is there."""
        return any(record.id == number for record in self.log[broker])

    @invariant
    def leader_holds(self) -> bool:
        """A helper within a quantifier."""
        return all(
            self.leader is None or self.holds(some(self.leader), number) for number in self.acked
        )

    @invariant
    def marks_are_in_the_logs(self) -> bool:
        """Two sides that both change."""
        return all(self.hw[broker] <= len(self.log[broker]) for broker in Broker)

    @invariant
    def isr_is_the_leader(self) -> bool:
        """A subset, after an early return."""
        if self.leader is None:
            return True
        return self.isr <= {some(self.leader)}

    @invariant
    def somebody_holds_it(self) -> bool:
        """Nobody does, one by one."""
        return self.leader is None or any(self.holds(broker, 0) for broker in Broker)

    @invariant
    def few_are_empty(self) -> bool:
        """A count, in an expression that takes two lines."""
        return self.leader is None or sum(1 for broker in Broker if len(self.log[broker]) == 0) < 2

    @invariant
    def leader_has_a_mark(self) -> bool:
        """A condition, which the first element does not meet."""
        return all(self.hw[broker] > 1 for broker in Broker if broker == self.leader)

    @step_invariant
    def leader_stays(before: "Reasons", after: "Reasons") -> bool:
        """Two states."""
        return before.leader == after.leader
