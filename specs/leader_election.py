"""Who leads a partition: elections by the controller, while brokers crash and networks split.

Modelled, as in Kafka with KRaft: brokers that crash and return, each in its own time, all of them
at once too; sessions that time out, of dead brokers and of living ones; registration, fencing and
unfencing; the election of the first active member of the ISR in the replica list; preferred
elections; controlled shutdown; a network that splits the brokers in two, so that one side reaches
neither the controller nor the other side, while clients reach both: a leader that is cut off goes
on serving. Metadata reach each broker late, and several versions at once. Producers write to
whoever acts as leader, with acks=all; with acks=1 if the setting says so.

Left out, and why that is sound for safety:
- What a follower and a leader say to each other to find where their logs part (`specs.isr`): here a
  fetch truncates to the common prefix and copies one record, at once.
- Lost page caches and eligible leader replicas: see `specs.unclean_election`. Unclean elections
  happen here too, with `unclean_leader_election`.
- Replaced controllers: see `specs.controller_fencing_kraft`. A change is committed at once.
- What a leader knows of its followers is forgotten at every election, which is what Kafka does not
  do if it is elected twice in a row (N1, see `specs.isr`).
- A crash of the machine of a leader and its clients at once is a crash.

Sources: Kafka at 1eb7644349c, October 2024: `ReplicationControlManager.java`,
`PartitionChangeBuilder.java`, `BrokerHeartbeatManager.java`, `ClusterControlManager.java`,
`BrokerLifecycleManager.scala`, `Partition.scala`. Each action names its method.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import MaxLen, Range, Scope, Setting, Upto, action, require, some
from specs.fencing_base import (
    Broker,
    FencingBase,
    LeaderEpoch,
    Outcome,
    Partition,
    PartitionEpoch,
)

RecordId = Annotated[int, Upto("Record", plus=-1)]
Offset = Annotated[int, Upto("Record")]


@dataclass(frozen=True)
class Record:
    """What a producer wrote, and the epoch of the leader that appended it."""

    id: RecordId
    epoch: LeaderEpoch


class Acks(Enum):
    """The producers' `acks`: whom they wait for."""

    ONE = "1: for the leader"
    ALL = "all: for the whole ISR"
    BOTH = "some do this, some that"


class LeaderElection(FencingBase):
    """One partition, brokers on two sides of a network that may split, and one controller."""

    scope = Scope(
        Broker=2,
        Record=1,
        LeaderEpoch=3,
        PartitionEpoch=5,
        BrokerEpoch=0,
        Fence=2,
        Crash=1,
        Split=1,
        Election=1,
        Shutdown=0,
        Shrink=0,
        Loss=0,
    )

    # The controller's view of the brokers.
    fenced: frozenset[Broker]
    shutting_down: frozenset[Broker]

    # The brokers, and the network.
    down: frozenset[Broker]
    """Brokers without a process. Their logs stay."""
    unregistered: frozenset[Broker]
    """Brokers whose process is new, and has not registered yet."""
    cut: frozenset[Broker]
    """Brokers that reach each other and their clients, but no other broker, and no controller."""
    applied_version: dict[Broker, PartitionEpoch]
    """The newest partition epoch in the metadata that the broker has applied."""

    # Records.
    log: dict[Broker, Annotated[tuple[Record, ...], MaxLen("Record")]]
    known_end: dict[Broker, dict[Broker, Offset]]
    """The log ends of the followers, as each leader last heard in its epoch."""
    produced: Offset
    acked: frozenset[RecordId]
    """Records that producers with acks=all were told are safe."""
    acked_by_one: frozenset[RecordId]
    """Records that producers with acks=1 were told their leader has."""

    acks: Setting[Acks] = Acks.ALL
    min_insync_replicas: Setting[Annotated[int, Range(1, 3)]] = 1
    """Kafka's `min.insync.replicas`."""
    unclean_leader_election: Setting[bool] = False
    """Kafka's `unclean.leader.election.enable` (R35): who is not in the ISR may lead at last."""

    def is_active(self, broker: Broker) -> bool:
        """`ClusterControlManager.isActive`: unfenced, and not shutting down."""
        return broker not in self.fenced and broker not in self.shutting_down

    def is_eligible(self, broker: Broker) -> bool:
        """`ReplicationControlManager.ineligibleReplicasForIsr`: whether it may join the ISR."""
        return self.is_active(broker)

    def is_running(self, broker: Broker) -> bool:
        """Whether the broker's process runs, and serves clients: it has registered."""
        return broker not in self.down and broker not in self.unregistered

    def reaches_controller(self, broker: Broker) -> bool:
        """Whether the broker runs, on the controller's side of the network."""
        return broker not in self.down and broker not in self.cut

    def reach_each_other(self, one: Broker, other: Broker) -> bool:
        """Whether both run on one side of the network."""
        return (
            self.is_running(one)
            and self.is_running(other)
            and (one in self.cut) == (other in self.cut)
        )

    def will_be_corrected(self, leader: Broker) -> bool:
        """Every change of the partition is in the metadata."""
        return self.local_version[leader] < self.version()

    # Records.

    @action
    def produce(self, leader: Broker) -> None:
        """`Partition.appendRecordsToLeader`, acks=all."""
        require(self.acks != Acks.ONE)
        require(len(self.local_isr[leader]) >= self.min_insync_replicas)
        self.append(leader)

    @action
    def produce_with_acks_one(self, leader: Broker) -> None:
        """`Partition.appendRecordsToLeader`, acks=1: the producer hears of it at once."""
        require(self.acks != Acks.ALL)
        self.acked_by_one |= {self.produced}
        self.append(leader)

    def append(self, leader: Broker) -> None:
        """A leader takes a record from a client on its side, whatever it has missed."""
        require(self.is_running(leader), self.acts_as_leader[leader])
        self.log[leader] += (Record(self.produced, max(0, self.local_epoch[leader])),)
        self.produced += 1

    @action
    def acknowledge(self, leader: Broker, record: RecordId) -> None:
        """`DelayedProduce.tryComplete`: all of the ISR that the leader counts have the record."""
        require(self.is_running(leader), self.acts_as_leader[leader])
        require(record not in self.acked_by_one)
        require(len(self.counted_isr(leader)) >= self.min_insync_replicas)
        require(
            any(
                self.log[leader][offset].id == record
                for offset in range(self.committed_end(leader))
            )
        )
        self.acked |= {record}

    @action
    def fetch(self, follower: Broker, leader: Broker) -> None:
        """`AbstractFetcherThread.processFetchRequest`: truncate, or copy a record.

        The leader learns the log end that the follower asked from (`updateFollowerFetchState`).
        """
        require(leader != follower, self.acts_as_leader[leader])
        require(self.follows(follower, leader), self.reach_each_other(follower, leader))
        common = self.common_end(follower, leader)
        if common < len(self.log[follower]):
            self.log[follower] = self.log[follower][:common]
        else:
            self.known_end[leader][follower] = common
            if common < len(self.log[leader]):
                self.log[follower] += (self.log[leader][common],)

    def common_end(self, one: Broker, other: Broker) -> Offset:
        """Where two logs part."""
        shorter = min(len(self.log[one]), len(self.log[other]))
        return min(
            (
                offset
                for offset in range(shorter)
                if self.log[one][offset] != self.log[other][offset]
            ),
            default=shorter,
        )

    def committed_end(self, leader: Broker) -> Offset:
        """`Partition.maybeIncrementLeaderHW`: below it, all of the ISR that counts has the log."""
        return min(
            len(self.log[leader]) if member == leader else self.known_end[leader][member]
            for member in self.counted_isr(leader) | {leader}
        )

    def epoch_start(self, leader: Broker) -> Offset:
        """Where the leader's own epoch starts in its log."""
        return min(
            (
                offset
                for offset in range(len(self.log[leader]))
                if self.log[leader][offset].epoch == self.local_epoch[leader]
            ),
            default=len(self.log[leader]),
        )

    # The ISR.

    @action
    def expand_isr(self, leader: Broker, follower: Broker) -> None:
        """`Partition.maybeExpandIsr`: the follower has what is committed, and the epoch's start."""
        require(leader != follower, follower not in self.local_isr[leader])
        require(self.follows(follower, leader), self.reach_each_other(follower, leader))
        end = self.known_end[leader][follower]
        require(end >= self.committed_end(leader), end >= self.epoch_start(leader))
        self.ask_for_isr(leader, self.local_isr[leader] | {follower})

    @action(budget="Shrink")
    def shrink_isr(self, leader: Broker, follower: Broker) -> None:
        """`Partition.maybeShrinkIsr`: the follower has not caught up for too long."""
        require(self.is_running(leader))
        require(leader != follower, follower in self.local_isr[leader])
        self.ask_for_isr(leader, self.local_isr[leader] - {follower})

    @action
    def alter_partition(self, leader: Broker) -> None:
        """`ReplicationControlManager.alterPartition`, `validateAlterPartitionData`."""
        found = self.alter[leader]
        require(found is not None, leader not in self.cut)
        request = some(found)
        require(request.outcome == Outcome.SENT)
        partition = self.state()
        if request.epoch != partition.epoch or request.version != self.version():
            self.answer(leader, Outcome.REFUSED, 0, frozenset())
        elif any(not self.is_eligible(member) for member in request.isr):
            self.answer(leader, Outcome.INELIGIBLE, 0, frozenset())
        else:
            self.change(leader, request.isr)
            is_told = self.state().epoch == request.epoch  # else: NEW_LEADER_ELECTED
            outcome = Outcome.APPLIED if is_told else Outcome.REFUSED
            self.answer(leader, outcome, self.version(), request.isr)

    # Metadata.

    @action
    def apply_metadata(self, broker: Broker, version: PartitionEpoch) -> None:
        """`MetadataLoader.handleCommit`, then `ReplicaManager.applyDelta`: any later state."""
        require(self.is_running(broker), self.reaches_controller(broker))
        require(version < len(self.history), version >= self.applied_version[broker])
        self.applied_version[broker] = version
        is_newer = self.history[version].epoch > self.local_epoch[broker]
        is_changed = self.acts_as_leader[broker] and version > self.local_version[broker]
        if is_newer:
            self.known_end[broker] = {follower: 0 for follower in Broker}
        if is_newer or is_changed:
            self.adopt(broker, version)

    # Elections.

    @action(budget="Fence")
    def fence(self, broker: Broker) -> None:
        """`ReplicationControlManager.maybeFenceOneStaleBroker`: no heartbeat for too long.

        The broker may be down, or cut off, or just slow. It does not fence itself
        (`BrokerLifecycleManager.BrokerHeartbeatResponseEvent`).
        """
        require(broker not in self.fenced)
        self.fenced |= {broker}
        self.shutting_down -= {broker}
        self.remove_from_isr(broker)

    @action
    def unfence(self, broker: Broker) -> None:
        """`BrokerHeartbeatManager.calculateNextBrokerState`, `handleBrokerUnfenced`."""
        require(broker in self.fenced, self.is_running(broker), self.reaches_controller(broker))
        require(self.applied_version[broker] <= self.version())
        self.fenced -= {broker}
        if self.state().leader is None:
            self.elect(self.state().isr)

    @action(budget="Election")
    def elect_preferred(self) -> None:
        """`ReplicationControlManager.maybeBalancePartitionLeaders`: back to the first replica."""
        preferred = next((broker for broker in Broker), None)
        require(preferred is not None, self.state().leader != preferred)
        require(self.is_candidate(some(preferred), self.state().isr))
        self.change(preferred, self.state().isr)

    @action(budget="Shutdown")
    def begin_controlled_shutdown(self, broker: Broker) -> None:
        """`ReplicationControlManager.handleBrokerInControlledShutdown`."""
        require(self.is_running(broker), self.reaches_controller(broker), self.is_active(broker))
        self.shutting_down |= {broker}
        self.remove_from_isr(broker)

    @action
    def end_controlled_shutdown(self, broker: Broker) -> None:
        """It leads nothing, so that it may stop (`BrokerHeartbeatManager`, SHUTDOWN_NOW)."""
        require(broker in self.shutting_down, self.reaches_controller(broker))
        require(self.state().leader != broker)
        self.shutting_down -= {broker}
        self.fenced |= {broker}
        self.remove_from_isr(broker)
        self.stop(broker)

    def remove_from_isr(self, broker: Broker) -> None:
        """`generateLeaderAndIsrUpdates`: the last member stays, and then nobody leads."""
        isr = self.state().isr
        if broker in isr:
            self.elect(isr - {broker} if isr != frozenset({broker}) else isr)

    def elect(self, isr: frozenset[Broker]) -> None:
        """`PartitionChangeBuilder.electAnyLeader`: the leader if it may stay, or the first."""
        leader = self.state().leader
        if leader is None or not self.is_candidate(some(leader), isr):
            leader = next((other for other in Broker if self.is_candidate(other, isr)), None)
        if leader is None and self.unclean_leader_election:
            leader = next((other for other in Broker if self.is_active(other)), None)
        if leader is not None and some(leader) not in isr:
            self.change(leader, frozenset({some(leader)}))
        else:
            self.change(leader, isr)

    def is_candidate(self, broker: Broker, isr: frozenset[Broker]) -> bool:
        """`PartitionChangeBuilder.isValidNewLeader`."""
        return broker in isr and self.is_active(broker)

    def change(self, leader: Broker | None, isr: frozenset[Broker]) -> None:
        """A partition change record, if there is anything to change."""
        before = self.state()
        epoch = before.epoch + (1 if leader != before.leader else 0)
        if before != Partition(leader, epoch, isr):
            self.history += (Partition(leader, epoch, isr),)

    # Brokers and the network.

    @action(budget="Crash")
    def crash(self, broker: Broker) -> None:
        """The broker's process is killed. What it had written is in its log when it returns."""
        require(broker not in self.down)
        self.stop(broker)

    def stop(self, broker: Broker) -> None:
        """A process ends, and what it knew with it."""
        self.down |= {broker}
        self.unregistered -= {broker}
        self.forget_everything(broker)
        self.known_end[broker] = {follower: 0 for follower in Broker}
        self.applied_version[broker] = 0

    @action
    def start(self, broker: Broker) -> None:
        """`BrokerServer.startup`."""
        require(broker in self.down)
        self.down -= {broker}
        self.unregistered |= {broker}

    @action
    def register(self, broker: Broker) -> None:
        """`ClusterControlManager.registerBroker`: a new incarnation is fenced at first.

        It leaves the ISR if it was not fenced before (KAFKA-18106), and what its last process asked
        for is refused (`checkBrokerEpoch`). It opens its ports when it has caught up with its
        registration (`BrokerServer.startup`).
        """
        require(broker in self.unregistered, self.reaches_controller(broker))
        self.unregistered -= {broker}
        self.shutting_down -= {broker}
        self.alter[broker] = None
        if broker not in self.fenced:
            self.fenced |= {broker}
            self.remove_from_isr(broker)
        self.applied_version[broker] = self.version()

    @action(budget="Split")
    def split_network(self, side: frozenset[Broker]) -> None:
        """Some brokers, with clients of their own, lose the controller and the other brokers."""
        require(len(self.cut) == 0, len(side) > 0)
        self.cut = side

    @action
    def heal_network(self) -> None:
        """Everybody reaches everybody again."""
        require(len(self.cut) > 0)
        self.cut = frozenset()
