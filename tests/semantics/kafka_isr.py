"""Kafka's in-sync replicas before KIP-101: a follower truncates its log to its high watermark."""

from typing import Annotated

from checker import MaxLen, Range, Scope, Sort, Spec, action, invariant, require


class Replica(Sort):
    """A broker that hosts the partition."""


Num = Annotated[int, Range(0, 2)]  # epochs (0: before any election) and offsets
Log = Annotated[tuple[Num, ...], MaxLen(2)]  # a record is known by its offset and its epoch


class KafkaIsr(Spec):
    """One partition and its controller."""

    scope = Scope(Replica=2)
    log: dict[Replica, Log]
    hw: dict[Replica, Num]  # high watermark: the prefix known committed
    epoch: dict[Replica, Num]  # the last election a replica has heard of
    leader: dict[Num, Replica | None]  # whom the controller elected, by epoch
    term: Num  # the controller's latest epoch
    isr: frozenset[Replica] = frozenset(Replica)

    def leads(self, replica: Replica) -> bool:
        """Whether the replica has heard that it leads."""
        return self.epoch[replica] > 0 and self.leader[self.epoch[replica]] == replica

    @action
    def elect(self, new: Replica) -> None:
        """The controller elects a leader."""
        require(new in self.isr, self.term < 2)
        self.term += 1
        self.leader[self.term] = new

    @action
    def learn(self, replica: Replica) -> None:
        """A replica hears of the latest election; if it does not lead, it truncates its log."""
        require(self.epoch[replica] < self.term)
        self.epoch[replica] = self.term
        if not self.leads(replica):
            self.log[replica] = self.log[replica][: self.hw[replica]]  # what KIP-101 repairs

    @action
    def write(self, leader: Replica) -> None:
        """A leader appends a record of its epoch."""
        require(self.leads(leader), len(self.log[leader]) < 2)
        self.log[leader] += (self.epoch[leader],)

    @action
    def fetch(self, follower: Replica, leader: Replica) -> None:
        """A follower copies the next record."""
        end = len(self.log[follower])
        require(self.leads(leader), follower != leader)
        require(self.epoch[follower] == self.epoch[leader], end < len(self.log[leader]))
        self.log[follower] += (self.log[leader][end],)
        self.hw[follower] = min(self.hw[leader], end + 1)

    @action
    def commit(self, leader: Replica) -> None:
        """A leader commits a record that all of the ISR has."""
        require(
            self.leads(leader),
            all(
                self.epoch[follower] == self.epoch[leader]
                and len(self.log[follower]) > self.hw[leader]
                for follower in self.isr
            ),
        )
        self.hw[leader] += 1

    @invariant
    def committed_is_durable(self) -> bool:
        """What a leader holds committed, all of the ISR has."""
        return all(
            offset < len(self.log[follower])
            and self.log[follower][offset] == self.log[leader][offset]
            for leader in Replica
            if self.leads(leader)
            for follower in self.isr
            for offset in range(self.hw[leader])
        )
