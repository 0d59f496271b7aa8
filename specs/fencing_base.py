"""What a broker believes of its partition, and how a leader asks for another ISR.

The broker's side is the same under ZooKeeper and KRaft: `specs.controller_fencing` and
`specs.controller_fencing_kraft` add the controllers, and how their decisions reach the brokers.

Logs are left out. A leader can commit if all of the ISR that it counts follow it in its own epoch,
since it takes no other fetches (KIP-320); that two can commit at once is split brain, whatever
they would write. What the logs then hold is the subject of `specs.isr`.

Source: `Partition.scala` and `AlterPartitionManager.scala` at 1eb7644349c, October 2024.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import MaxLen, Setting, Sort, Spec, Upto, action, require, some


class Broker(Sort):
    """A broker, which holds a replica of the partition. Sort order is the replica list's."""


LeaderEpoch = Annotated[int, Upto("LeaderEpoch")]
KnownLeaderEpoch = Annotated[int, Upto("LeaderEpoch", start=-1)]  # -1: the broker knows nothing yet
PartitionEpoch = Annotated[int, Upto("PartitionEpoch", plus=-1)]
BrokerEpoch = Annotated[int, Upto("BrokerEpoch")]


@dataclass(frozen=True)
class Partition:
    """Who leads the partition, and who may: a ZooKeeper node, or KRaft's registration."""

    leader: Broker | None
    epoch: LeaderEpoch
    isr: frozenset[Broker]


class Outcome(Enum):
    """What has become of an AlterPartition request."""

    SENT = "sent"
    APPLIED = "applied"
    INELIGIBLE = "ineligible replica"
    REFUSED = "fenced leader epoch, or invalid update version"


@dataclass(frozen=True)
class AlterPartition:
    """A leader's request for another ISR, or the controller's reply on the way back."""

    broker_epoch: BrokerEpoch
    epoch: LeaderEpoch
    version: PartitionEpoch
    isr: frozenset[Broker]
    outcome: Outcome


class FencingBase(Spec):
    """The brokers of one partition, its newest state, and requests for another ISR."""

    abstract = True

    history: Annotated[tuple[Partition, ...], MaxLen("PartitionEpoch")] = (
        Partition(next((first for first in Broker), None), 0, frozenset(Broker)),
    )
    """The partition as ZooKeeper, or the committed metadata, have had it, by partition epoch."""
    broker_epoch: dict[Broker, BrokerEpoch]
    """The number of the broker's registration: what it was told when it registered."""

    # What each broker believes; a restart forgets it all.
    local_leader: dict[Broker, Broker | None] = {  # noqa: RUF012
        broker: next((first for first in Broker), None) for broker in Broker
    }
    local_epoch: dict[Broker, KnownLeaderEpoch] = {broker: 0 for broker in Broker}  # noqa: RUF012
    acts_as_leader: dict[Broker, bool] = {  # noqa: RUF012
        broker: broker == next((first for first in Broker), None) for broker in Broker
    }
    """Whether the broker takes records and fetches: as a rule, whether it names itself leader."""

    # What it knows as a leader.
    local_isr: dict[Broker, frozenset[Broker]] = {  # noqa: RUF012
        broker: frozenset(Broker)
        if broker == next((first for first in Broker), None)
        else frozenset()
        for broker in Broker
    }
    local_version: dict[Broker, PartitionEpoch]
    pending_isr: dict[Broker, frozenset[Broker]]
    """The ISR that the leader has asked for; empty: nothing is pending."""
    alter: dict[Broker, AlterPartition | None]
    """At most one request of each leader is in flight. It is repeated until there is a reply."""

    clear_leadership_on_follower: Setting[bool] = True
    """KAFKA-1483 (R41): a broker that becomes a follower stops acting as leader."""
    epoch_recorded_last: Setting[bool] = True
    """KAFKA-9307 (R42): a transition that fails half-way leaves the old epoch, and is repeated."""

    def state(self) -> Partition:
        """The partition as it is."""
        return self.history[-1]

    def version(self) -> PartitionEpoch:
        """The partition epoch: with ZooKeeper, the version of the partition's node."""
        return len(self.history) - 1

    def counted_isr(self, leader: Broker) -> frozenset[Broker]:
        """`PartitionState.maximalIsr`: whom the high watermark waits for."""
        return self.local_isr[leader] | self.pending_isr[leader]

    def follows(self, follower: Broker, leader: Broker) -> bool:
        """Whether the leader takes the broker's fetches: both are in one epoch (KIP-320)."""
        return (
            self.local_leader[follower] == leader
            and self.local_epoch[follower] == self.local_epoch[leader]
        )

    def can_commit(self, broker: Broker) -> bool:
        """Whether the broker can acknowledge a record: all of the ISR that it counts follow it."""
        return self.acts_as_leader[broker] and all(
            member == broker or self.follows(member, broker) for member in self.counted_isr(broker)
        )

    def will_be_corrected(self, leader: Broker) -> bool:
        """Whether something is on its way, or can be sent, that ends what the leader believes."""
        return False

    def adopt(self, broker: Broker, version: PartitionEpoch) -> None:
        """`Partition.makeLeader` and `makeFollower`: a newer leader epoch is believed."""
        partition = self.history[version]
        self.local_epoch[broker] = partition.epoch
        self.local_leader[broker] = partition.leader
        self.pending_isr[broker] = frozenset()
        if partition.leader == broker:
            self.acts_as_leader[broker] = True
            self.local_isr[broker] = partition.isr
            self.local_version[broker] = version
        elif self.clear_leadership_on_follower:
            self.forget_leadership(broker)

    def adopt_half(self, broker: Broker, version: PartitionEpoch) -> None:
        """An error in the middle of `ReplicaManager.makeFollowers`: something of it is done."""
        if not self.epoch_recorded_last:
            self.local_epoch[broker] = self.history[version].epoch

    def forget_leadership(self, broker: Broker) -> None:
        """A broker that does not lead has no ISR."""
        self.acts_as_leader[broker] = False
        self.local_isr[broker] = frozenset()
        self.local_version[broker] = 0
        self.pending_isr[broker] = frozenset()

    def forget_everything(self, broker: Broker) -> None:
        """The process of the broker ends; its next one knows nothing until it is told.

        What it had asked for is still on its way.
        """
        self.local_leader[broker] = None
        self.local_epoch[broker] = -1
        self.forget_leadership(broker)

    # The leader asks for another ISR.

    @action
    def expand_isr(self, leader: Broker, follower: Broker) -> None:
        """`Partition.maybeExpandIsr`: a follower has caught up, and is not yet in the ISR."""
        require(leader != follower, follower not in self.local_isr[leader])
        require(self.follows(follower, leader))
        self.ask_for_isr(leader, self.local_isr[leader] | {follower})

    @action(budget="Shrink")
    def shrink_isr(self, leader: Broker, follower: Broker) -> None:
        """`Partition.maybeShrinkIsr`: a member of the ISR has not caught up for too long."""
        require(leader != follower, follower in self.local_isr[leader])
        self.ask_for_isr(leader, self.local_isr[leader] - {follower})

    def ask_for_isr(self, leader: Broker, isr: frozenset[Broker]) -> None:
        """`Partition.submitAlterPartition`: while a change is pending there is no other."""
        require(self.acts_as_leader[leader], self.local_leader[leader] == leader)
        require(len(self.pending_isr[leader]) == 0, self.alter[leader] is None)
        self.pending_isr[leader] = isr
        self.alter[leader] = AlterPartition(
            self.broker_epoch[leader],
            max(0, self.local_epoch[leader]),
            self.local_version[leader],
            isr,
            Outcome.SENT,
        )

    def answer(
        self, leader: Broker, outcome: Outcome, version: PartitionEpoch, isr: frozenset[Broker]
    ) -> None:
        """The controller's reply takes the place of the request."""
        request = some(self.alter[leader])
        self.alter[leader] = AlterPartition(
            request.broker_epoch, request.epoch, version, isr, outcome
        )

    @action
    def receive_answer(self, leader: Broker) -> None:
        """`Partition.handleAlterPartitionUpdate` and `handleAlterPartitionError`.

        After FENCED_LEADER_EPOCH or INVALID_UPDATE_VERSION the change stays pending, and is not
        asked for again: only newer metadata end it. A reply to a request of an older epoch comes
        too late for anything.
        """
        found = self.alter[leader]
        require(found is not None)
        reply = some(found)
        require(reply.outcome != Outcome.SENT)
        self.alter[leader] = None
        if self.acts_as_leader[leader] and reply.epoch == self.local_epoch[leader]:
            if len(self.pending_isr[leader]) > 0:
                self.apply_answer(leader, reply)

    def apply_answer(self, leader: Broker, reply: AlterPartition) -> None:
        """The reply to the change that is pending."""
        if reply.outcome == Outcome.INELIGIBLE:
            self.pending_isr[leader] = frozenset()
        elif reply.outcome == Outcome.APPLIED and reply.version >= self.local_version[leader]:
            self.local_isr[leader] = reply.isr
            self.local_version[leader] = reply.version
            self.pending_isr[leader] = frozenset()

    @action
    def give_up_request(self, leader: Broker) -> None:
        """A request that nobody waits for any more is lost, or refused: its sender is outdated."""
        require(self.alter[leader] is not None, len(self.pending_isr[leader]) == 0)
        self.alter[leader] = None

    @action(budget="Loss")
    def lose_answer(self, leader: Broker) -> None:
        """The connection breaks; the leader sends the same request again."""
        found = self.alter[leader]
        require(found is not None)
        reply = some(found)
        require(reply.outcome != Outcome.SENT)
        require(len(self.pending_isr[leader]) > 0, reply.epoch == self.local_epoch[leader])
        self.alter[leader] = AlterPartition(
            self.broker_epoch[leader],
            reply.epoch,
            self.local_version[leader],
            self.pending_isr[leader],
            Outcome.SENT,
        )
