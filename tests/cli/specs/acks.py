"""When is a record safe? A leader, its followers, and an election in between.

A spec for the tests of the command line: it has a bit of everything.
"""

from enum import Enum
from typing import Annotated

from checker import (
    Scope,
    Setting,
    Sort,
    Spec,
    Upto,
    action,
    invariant,
    reachable,
    require,
    step_invariant,
)


class Acks(Enum):
    """How many replicas must have a record before the producer hears that it is safe."""

    ONE = "1"
    ALL = "all"


class Broker(Sort):
    """A broker that hosts a replica."""


class Acked(Spec):
    """One record, from the producer to the replicas."""

    scope = Scope(Broker=2, Epoch=2)

    leader: Broker | None = None
    epoch: Annotated[int, Upto("Epoch")]
    has_record: frozenset[Broker] = frozenset()
    is_acked: bool = False
    beat: bool = False
    acks: Setting[Acks] = Acks.ALL
    """Kafka's `acks`."""

    @action
    def elect(self, broker: Broker) -> None:
        """Any broker may lead next."""
        require(self.leader != broker)
        self.leader = broker
        self.epoch += 1

    @action
    def append(self, leader: Broker) -> None:
        """The leader takes the record from its producer."""
        require(leader == self.leader, leader not in self.has_record, not self.is_acked)
        self.has_record |= {leader}

    @action
    def fetch(self, follower: Broker, leader: Broker) -> None:
        """A follower copies the record from the leader."""
        require(leader == self.leader, leader in self.has_record)
        require(follower not in self.has_record)
        self.has_record |= {follower}

    @action
    def ack(self, leader: Broker) -> None:
        """The leader tells the producer that the record is safe."""
        require(leader == self.leader, leader in self.has_record)
        require(self.acks == Acks.ONE or len(self.has_record) == len(Broker))
        self.is_acked = True

    @action
    def forget(self, broker: Broker) -> None:
        """A broker without disks; there is none, so this never happens."""
        require(broker in self.has_record, self.epoch < 0)
        self.has_record -= {broker}

    @action
    def tick(self) -> None:
        """A heartbeat, on which nothing depends."""
        self.beat = not self.beat

    @invariant
    def leader_has_acked_record(self) -> bool:
        """What was acked is not lost."""
        return not self.is_acked or self.leader is None or self.leader in self.has_record

    @step_invariant
    def epoch_never_goes_back(before: "Acked", after: "Acked") -> bool:
        """Epochs only grow."""
        return before.epoch <= after.epoch

    @reachable
    def everybody_has_it(self) -> bool:
        """Replication works."""
        return len(self.has_record) == len(Broker)

    @reachable
    def acked_by_nobody(self) -> bool:
        """A goal that no state fulfils."""
        return self.is_acked and len(self.has_record) == 0
