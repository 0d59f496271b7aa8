"""A partition moves to other brokers: when the move is complete, and what is deleted then.

On top of `specs.leader_election`: an administrator names the brokers that shall hold the partition.
Those that do not yet are added; when enough of them are in the ISR, the others are removed, in the
same change of the controller that brought it about, and delete their logs when they hear of it.

Left out, and why that is sound for safety: the version of a change of the replicas alone, so that
an AlterPartition request sent just before it is accepted here and refused by Kafka (more may happen
here). A broker that is added again after it was removed begins with an empty log, or with the one
that it has not deleted yet.

Not covered: cancelling a reassignment, several at once, and a broker that deletes its log only
after it was added again. All brokers begin as replicas, so additions need `Reassignment=2`.

Sources: Kafka at 1eb7644349c, October 2024: `ReplicationControlManager.java`,
`PartitionReassignmentReplicas.java`, `PartitionChangeBuilder.java`.
"""

from checker import Scope, Setting, action, require, some
from specs.fencing_base import Broker, LeaderEpoch, Partition
from specs.leader_election import LeaderElection


class Reassignment(LeaderElection):
    """One partition, and the brokers that it moves between."""

    scope = Scope(
        Broker=3,
        LeaderEpoch=1,
        PartitionEpoch=4,
        Fence=3,
        Crash=0,
        Split=1,
        Election=0,
        Reassignment=1,
    )

    min_insync_replicas = 2

    replicas: frozenset[Broker] = frozenset(Broker)
    """The brokers that hold the partition, with those that shall, or shall no longer."""
    adding: frozenset[Broker]
    removing: frozenset[Broker]
    removed_in: LeaderEpoch
    """The leader epoch that began with the last removal."""

    complete_requires_all_targets: Setting[bool] = True
    """KAFKA-15665 (R36): a move is complete when *all* replicas that stay are in the ISR."""

    def is_eligible(self, broker: Broker) -> bool:
        """Whether it may join the ISR: it is active, and one of the partition's replicas."""
        return self.is_active(broker) and broker in self.replicas

    def follows(self, follower: Broker, leader: Broker) -> bool:
        """As before; and a leader that has heard of a removal takes no fetches of the removed.

        A removal begins a leader epoch (`triggerLeaderEpochBumpForReplicaReassignmentIfNeeded`),
        and `Partition.fetchRecords` must know the replica.
        """
        return (
            self.local_leader[follower] == leader
            and self.local_epoch[follower] == self.local_epoch[leader]
            and (follower in self.replicas or self.local_epoch[leader] < self.removed_in)
        )

    @action(budget="Reassignment")
    def start_reassignment(self, target: frozenset[Broker]) -> None:
        """`ReplicationControlManager.changePartitionReassignment`."""
        require(len(self.adding | self.removing) == 0, target != self.replicas)
        require(len(target) >= self.min_insync_replicas)
        self.adding = target - self.replicas
        self.removing = self.replicas - target
        self.replicas |= target
        self.change(self.state().leader, self.state().isr)

    @action
    def delete_log(self, broker: Broker) -> None:
        """`ReplicaManager.applyDelta`: a broker hears that it is no replica any more."""
        require(broker not in self.replicas, self.is_running(broker))
        require(self.reaches_controller(broker), self.applied_version[broker] == self.version())
        self.log[broker] = ()
        self.forget_leadership(broker)

    def change(self, leader: Broker | None, isr: frozenset[Broker]) -> None:
        """A partition change record, which may complete a reassignment."""
        before = self.state()
        completes = self.is_complete(isr)
        dropped = self.removing if completes else frozenset()
        if completes:
            self.replicas -= dropped
            self.adding = frozenset()
            self.removing = frozenset()
        kept = isr - dropped
        other = next((broker for broker in Broker if self.is_candidate(broker, kept)), None)
        elected = leader if leader is not None and some(leader) in kept else other
        epoch = before.epoch + (1 if elected != before.leader or len(dropped) > 0 else 0)
        if len(dropped) > 0:
            self.removed_in = epoch
        if before != Partition(elected, epoch, kept):
            self.history += (Partition(elected, epoch, kept),)

    def is_complete(self, isr: frozenset[Broker]) -> bool:
        """`PartitionReassignmentReplicas.maybeCompleteReassignment`."""
        kept = isr - self.removing
        needed = (
            self.replicas - self.removing if self.complete_requires_all_targets else self.adding
        )
        return len(self.adding | self.removing) > 0 and len(kept) > 0 and needed <= kept
