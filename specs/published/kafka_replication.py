"""Kafka's replication of one partition: the state and the actions that its published models share.

Each broker holds a replica. The controller elects one of them leader and tells all of them so in
LeaderAndIsr requests, which may arrive late, twice or never. Producers write to whoever believes
itself the leader; followers copy its log; a record below the leader's high watermark counts as
committed, because every member of the in-sync replicas (the ISR) is believed to have it. Whether
they do is the question that KIP-101, KIP-279 and KIP-320 answered better and better.

Source: module `KafkaReplication` of hachikuji/kafka-specification (TLA+, Apache License 2.0).
Its three oldest versions differ only in `truncation_offset`; see `docs/PUBLISHED.md`.
"""

from dataclasses import dataclass
from typing import Annotated

from checker import MaxLen, Scope, Sort, Spec, Upto, action, require


class Replica(Sort):
    """A broker's copy of the partition, and the broker itself."""


Epoch = Annotated[int, Upto("Epoch")]
LatestEpoch = Annotated[int, Upto("Epoch", start=-1)]  # -1: none yet
Offset = Annotated[int, Upto("LogSize")]
RecordId = Annotated[int, Upto("Record", plus=-1)]


@dataclass(frozen=True)
class Record:
    """What a producer wrote, unique by its id, with the epoch of the leader that appended it."""

    id: RecordId
    epoch: Epoch


@dataclass(frozen=True)
class LeaderAndIsr:
    """What the controller tells the replicas when it starts an epoch."""

    leader: Replica | None
    isr: frozenset[Replica]


Log = Annotated[tuple[Record, ...], MaxLen("LogSize")]


class KafkaReplication(Spec):
    """One partition, its replicas, and a controller whose decisions are atomic."""

    abstract = True
    scope = Scope(Replica=3, LogSize=2, Record=2, Epoch=1)

    # What each replica stores and believes. A replica that names itself leader presumes to lead.
    log: dict[Replica, Log]
    hw: dict[Replica, Offset]
    """The high watermark: the offset below which the replica takes records as committed."""
    epoch: dict[Replica, LatestEpoch]
    leader: dict[Replica, Replica | None]
    isr: dict[Replica, frozenset[Replica]]

    next_record: Annotated[int, Upto("Record")]

    # Every epoch has exactly one request. It never disappears: that is a network that may delay
    # and repeat it. Before it is sent it names no leader, so that nobody can take it.
    requests: dict[Epoch, LeaderAndIsr]

    # The quorum: what the controller and ZooKeeper hold to be true, always current.
    quorum_epoch: LatestEpoch
    quorum_leader: Replica | None
    quorum_isr: frozenset[Replica] = frozenset(Replica)

    @action
    def controller_elect_leader(self, replica: Replica) -> None:
        """The controller makes a member of the ISR the leader, for whatever reason."""
        require(replica in self.quorum_isr, self.quorum_leader != replica)
        self.start_epoch(replica, self.quorum_isr)

    @action
    def controller_shrink_isr(self, replica: Replica) -> None:
        """The controller holds a broker for dead: it leaves the ISR, and leads no more.

        The broker itself may be alive and go on. A leader that is the last member stays in the ISR.
        """
        if self.quorum_leader != replica:
            require(replica in self.quorum_isr)
            self.start_epoch(self.quorum_leader, self.quorum_isr - {replica})
        elif self.quorum_isr == {replica}:
            self.start_epoch(None, self.quorum_isr)
        else:
            self.start_epoch(None, self.quorum_isr - {replica})

    @action
    def become_leader(self, leader: Replica, epoch: Epoch) -> None:
        """A replica learns that it leads. Its high watermark may lie below its predecessor's."""
        require(self.is_newer_request(epoch, leader, leader))
        self.adopt(epoch, leader)

    @action
    def leader_expand_isr(self, leader: Replica, follower: Replica) -> None:
        """The true leader takes a follower into the ISR that has reached its high watermark."""
        require(
            self.is_true_leader(leader),
            follower not in self.isr[leader],
            self.is_caught_up(follower, leader, self.hw[leader]),
        )
        self.update_isr(leader, self.isr[leader] | {follower})

    @action
    def leader_shrink_isr(self, leader: Replica, follower: Replica) -> None:
        """The true leader drops a follower from the ISR that lags behind the end of its log."""
        require(
            self.is_true_leader(leader),
            follower in self.isr[leader],
            follower != leader,
            not self.is_caught_up(follower, leader, len(self.log[leader])),
        )
        self.update_isr(leader, self.isr[leader] - {follower})

    @action
    def leader_write(self, leader: Replica) -> None:
        """Whoever presumes to lead appends a producer's record: a stale leader too."""
        require(self.presumes_to_lead(leader))
        record = Record(self.next_record, self.epoch[leader])
        self.next_record += 1
        self.log[leader] += (record,)

    @action
    def leader_increment_high_watermark(self, leader: Replica) -> None:
        """A presumed leader commits its next record: all of the ISR that it knows has it."""
        offset = self.hw[leader] + 1
        require(
            self.presumes_to_lead(leader),
            all(self.is_caught_up(replica, leader, offset) for replica in self.isr[leader]),
        )
        self.hw[leader] = offset

    @action
    def become_follower(self, follower: Replica, leader: Replica, epoch: Epoch) -> None:
        """A replica learns whom to follow, and truncates its log against the leader's of now."""
        require(follower != leader, self.is_newer_request(epoch, leader, follower))
        self.truncate(follower, self.truncation_offset(follower, leader))
        self.adopt(epoch, follower)

    @action
    def follower_fetch(self, follower: Replica, leader: Replica) -> None:
        """A follower copies the leader's next record, and the high watermark that comes with it."""
        end = len(self.log[follower])
        require(
            self.presumes_to_lead(leader),
            end < len(self.log[leader]),
            self.is_caught_up(follower, leader, end),
        )
        self.log[follower] += (self.log[leader][end],)
        self.hw[follower] = min(self.hw[leader], end + 1)

    # What the versions of the protocol replace.

    def truncation_offset(self, follower: Replica, leader: Replica) -> Offset:
        """Where a replica that begins to follow this leader cuts its log: here, at its end."""
        return len(self.log[follower])

    def is_following(self, follower: Replica, leader: Replica) -> bool:
        """Whether the leader takes the replica's fetches. Epochs are not compared."""
        return self.leader[follower] == leader

    def is_caught_up(self, follower: Replica, leader: Replica, offset: Offset) -> bool:
        """Whether, for all that the leader checks, the follower has its log up to the offset."""
        return (
            self.is_following(follower, leader)
            and offset <= len(self.log[leader])
            and offset <= len(self.log[follower])
        )

    # What they share.

    def presumes_to_lead(self, replica: Replica) -> bool:
        """Whether the replica believes that it leads."""
        return self.leader[replica] == replica

    def is_true_leader(self, replica: Replica) -> bool:
        """Whether it believes so in the current epoch, and the quorum agrees."""
        return (
            self.quorum_leader == replica
            and self.presumes_to_lead(replica)
            and self.epoch[replica] == self.quorum_epoch
        )

    def is_newer_request(self, epoch: Epoch, leader: Replica, replica: Replica) -> bool:
        """Whether the epoch's request names this leader and is news to the replica."""
        return self.requests[epoch].leader == leader and epoch > self.epoch[replica]

    def agree(self, one: Replica, other: Replica, offset: Offset) -> bool:
        """Whether both logs hold the same record at the offset."""
        return (
            offset < len(self.log[one])
            and offset < len(self.log[other])
            and self.log[one][offset] == self.log[other][offset]
        )

    def has_reached_own_epoch(self, leader: Replica) -> bool:
        """Whether everything that earlier leaders left in this log is committed."""
        return (
            self.hw[leader] == len(self.log[leader])
            or self.log[leader][self.hw[leader]].epoch == self.epoch[leader]
        )

    def start_epoch(self, leader: Replica | None, isr: frozenset[Replica]) -> None:
        """The controller decides, and sends the request of a new epoch."""
        self.quorum_epoch += 1
        self.quorum_leader = leader
        self.quorum_isr = isr
        self.requests[self.quorum_epoch] = LeaderAndIsr(leader, isr)

    def adopt(self, epoch: Epoch, replica: Replica) -> None:
        """A replica believes the request of this epoch."""
        self.epoch[replica] = epoch
        self.leader[replica] = self.requests[epoch].leader
        self.isr[replica] = self.requests[epoch].isr

    def update_isr(self, leader: Replica, isr: frozenset[Replica]) -> None:
        """The true leader changes the ISR in the quorum: no new epoch, and no request."""
        self.isr[leader] = isr
        self.quorum_isr = isr

    def truncate(self, replica: Replica, offset: Offset) -> None:
        """The replica keeps its log below the offset, which must not lie past the end."""
        require(offset <= len(self.log[replica]))
        self.log[replica] = self.log[replica][:offset]
        self.hw[replica] = min(offset, self.hw[replica])
