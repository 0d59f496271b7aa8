"""Lost page caches, restarts and unclean elections, on top of `specs.isr`.

Modelled besides: a broker's process that restarts with its whole log, or with any prefix of it,
because the operating system lost what was not flushed; its registration as a new incarnation; the
unclean election of a replica outside the ISR; KIP-704's mark of a leader that has to recover;
KIP-966's eligible leader replicas (ELR) and last known leader; lowering `min.insync.replicas`.

Left out, and why that is sound for safety: what was flushed (any prefix may be left, so also the
flushed one); what a restarted broker does before it is unfenced, which is to serve nobody
(`BrokerServer.startup`).

Not covered: a restart that the clean-shutdown file proves clean, after which newer Kafka leaves the
broker in the ELR (every restart here is unclean); what a recovering leader may not do; a broker
that loses its page cache together with its newest high watermark checkpoint.

Sources: `ClusterControlManager.registerBroker`, `PartitionChangeBuilder`,
`ReplicationControlManager.handleBrokerUncleanShutdown` in Kafka's metadata/controller at
1eb7644349c; the pull request of KAFKA-18106 (#18045) for a registration that cleans the ISR.
"""

from dataclasses import replace

from checker import Scope, Setting, action, require, some
from specs.isr import Isr
from specs.isr_base import AlterPartition, Broker, Fetch, Offset, Outcome, Version


class UncleanElection(Isr):
    """Replication of one partition, with lossy restarts and elections from outside the ISR."""

    scope = Scope(
        Broker=2,
        Record=1,
        Epoch=4,
        PartitionEpoch=6,
        Election=0,
        Fence=1,
        Restart=0,
        LossyRestart=1,
        UncleanElection=0,
        LowerMinimum=0,
    )

    elr: frozenset[Broker]
    """Former ISR members that still have all that is committed, while the ISR is too small."""
    last_known_leader: Broker | None = None
    """Who led last, while the ISR is empty (`PartitionRegistration.lastKnownElr`)."""
    is_recovering: bool = False
    """KIP-704: the leader was elected uncleanly, and the ISR is itself alone."""
    has_lowered_minimum: bool = False
    lowered_after: Version
    """The last version before an administrator lowered `min.insync.replicas`."""

    eligible_leader_replicas: Setting[bool] = True
    """KIP-966 (R26); the feature `eligible.leader.replicas.version`."""
    unclean_leader_election: Setting[bool] = False
    """Kafka's `unclean.leader.election.enable` (R35)."""
    registration_cleans_isr: Setting[bool] = True
    """KAFKA-18106 (R25): a broker that registers anew leaves the ISR, and leads no more."""
    registration_waits_for_fence: Setting[bool] = False
    """What was meant before: a broker registers anew only once it was fenced."""
    trust_previous_epoch_blindly: Setting[bool] = False
    """R28: a broker that says it shut down cleanly stays in the ELR, though it did not."""
    last_known_leader_must_be_alive: Setting[bool] = True
    """KAFKA-19522 (R29)."""
    clear_elr_on_min_isr_change: Setting[bool] = True
    """KIP-966 (R30): lowering the minimum to the size of the ISR empties the ELR."""

    # Restarts.

    @action(budget="Restart")
    def restart(self, broker: Broker, successor: Broker | None, checkpoint: Offset) -> None:
        """A broker's process starts anew with its whole log, and registers.

        The high watermark is what was last written to the checkpoint file.
        """
        require(checkpoint <= self.high_watermark[broker])
        self.high_watermark[broker] = checkpoint
        self.come_back(broker, successor)

    @action(budget="LossyRestart")
    def restart_losing_page_cache(
        self, broker: Broker, successor: Broker | None, kept: Offset
    ) -> None:
        """The machine fails too: of the log only a prefix is left."""
        require(kept < len(self.log[broker]))
        self.truncate(broker, kept)
        self.come_back(broker, successor)

    def come_back(self, broker: Broker, successor: Broker | None) -> None:
        """`ClusterControlManager.registerBroker`, then `BrokerServer.startup`.

        A broker that registers is fenced. It serves nobody before it has loaded the metadata up to
        its registration, so what it learns first is that new.
        """
        require(not self.registration_waits_for_fence or broker in self.fenced)
        self.outdate(broker)
        self.lose_memory(broker)
        self.fenced |= {broker}
        if self.registration_cleans_isr:
            self.remove_broker(broker, successor)
            if not self.trust_previous_epoch_blindly:
                self.elr -= {broker}
        else:
            require(successor == self.leader)
        self.local_leader[broker] = None
        self.local_epoch[broker] = 0
        self.learn(broker, self.registration(), self.partition_epoch)
        self.forget_old_metadata()

    def lose_memory(self, broker: Broker) -> None:
        """What a process knows and its successor does not: the purgatory."""
        self.empty_purgatory(broker)

    def outdate(self, broker: Broker) -> None:
        """What is in flight of a broker that restarts: its requests carry an old broker epoch.

        The answers to them are lost, and so are requests to it, and its own AlterPartition, which
        the controller would refuse (`ClusterControlManager.checkBrokerEpoch`).
        """
        self.fetch = {
            follower: {
                leader: self.after_restart(broker, follower, leader)
                for leader in self.fetch[follower]
            }
            for follower in self.fetch
        }
        self.outdated = {
            leader: self.outdated[leader] | {broker}
            if self.broker_epoch_check and self.known_end[leader][broker] >= 0
            else self.outdated[leader]
            for leader in self.outdated
        }
        self.alter = {
            leader: None if leader == broker else self.outdated_request(leader, broker)
            for leader in self.alter
        }

    def after_restart(self, broker: Broker, follower: Broker, leader: Broker) -> Fetch | None:
        """What is left of a fetch if the broker restarts."""
        found = self.fetch[follower][leader]
        if found is None:
            return None
        fetch = some(found)
        if follower == broker and fetch.answer is not None:
            return None
        if leader == broker and fetch.answer is None:
            return None
        if follower == broker and self.broker_epoch_check:
            return replace(fetch, is_outdated=True)
        return fetch

    def outdated_request(self, leader: Broker, broker: Broker) -> AlterPartition | None:
        """A request of another leader, once a broker that it names has restarted."""
        found = self.alter[leader]
        if found is None:
            return None
        request = some(found)
        if not self.broker_epoch_check or broker not in request.isr:
            return request
        if request.outcome != Outcome.SENT:
            return request
        return replace(request, outdated=request.outdated | {broker})

    # Elections.

    @action(budget="UncleanElection")
    def elect_uncleanly(self, broker: Broker) -> None:
        """`ReplicationControlManager.maybeElectUncleanLeaders`: any active replica, in no ISR."""
        require(self.unclean_leader_election, self.leader is None)
        require(broker not in self.fenced)
        self.crown(broker)

    def crown(self, broker: Broker) -> None:
        """An unclean election: the leader is the ISR, and has to recover (KIP-704)."""
        self.change_partition(broker, frozenset({broker}), True)
        self.elr = frozenset()
        self.is_recovering = True

    def remove_broker(self, broker: Broker, successor: Broker | None) -> None:
        """As before; with KIP-966 the ISR may become empty, and the ELR may lead then."""
        keeps_last = not self.eligible_leader_replicas and self.isr == {broker}
        isr = self.isr if keeps_last else self.isr - {broker}
        if self.leader != broker:
            require(successor == self.leader)
            if isr != self.isr:
                self.change_partition(self.leader, isr, False)
        else:
            others = (self.elr if len(isr) == 0 else isr) - {broker} - self.fenced
            require(successor is None if len(others) == 0 else successor in others)
            chosen = frozenset(other for other in others if other == successor)
            self.change_partition(successor, isr if len(isr) > 0 else chosen, True)

    def elect_returned(self, broker: Broker) -> None:
        """The broker that came back leads, if it is in the ISR; if that is empty, in the ELR.

        `PartitionChangeBuilder.electAnyLeader`. If both are empty, the last known leader leads,
        whether or not the topic allows unclean elections.
        """
        if broker in self.isr:
            self.change_partition(broker, self.isr, True)
        elif len(self.isr) == 0 and broker in self.elr:
            self.change_partition(broker, frozenset({broker}), True)
        elif len(self.isr) == 0 and len(self.elr) == 0 and self.last_known_leader is not None:
            if not self.last_known_leader_must_be_alive or self.last_known_leader == broker:
                self.crown(some(self.last_known_leader))

    def before_change(self, leader: Broker | None, isr: frozenset[Broker]) -> None:
        """`PartitionChangeBuilder.maybePopulateTargetElr` and `maybeUpdateLastKnownLeader`."""
        if self.eligible_leader_replicas:
            if len(isr) >= self.minimum():
                self.elr = frozenset()
            else:
                self.elr = (self.elr | self.isr) - isr
            if leader is not None:
                self.last_known_leader = None
            elif len(isr) == 0 and self.leader is not None:
                self.last_known_leader = self.leader
        if len(isr) > 1:
            self.is_recovering = False

    def electable(self) -> frozenset[Broker]:
        """Whom a clean election may choose from, once they are active: the ISR and the ELR."""
        return self.isr | self.elr

    # Configuration.

    @action(budget="LowerMinimum")
    def lower_minimum(self) -> None:
        """An administrator sets the topic's `min.insync.replicas` to 1."""
        require(not self.has_lowered_minimum)
        self.has_lowered_minimum = True
        self.lowered_after = self.partition_epoch
        if self.clear_elr_on_min_isr_change and len(self.isr) >= 1:
            self.elr = frozenset()

    def minimum(self) -> int:
        """What the controller takes for the minimum."""
        if self.has_lowered_minimum:
            return 1
        return min(self.min_insync_replicas, len(Broker))

    def local_minimum(self, broker: Broker) -> int:
        """A broker knows of the lower minimum once it knows what came before it in the metadata."""
        if self.has_lowered_minimum and all(
            version > self.lowered_after or not self.is_news(broker, version)
            for version in self.metadata
        ):
            return 1
        return min(self.min_insync_replicas, len(Broker))
