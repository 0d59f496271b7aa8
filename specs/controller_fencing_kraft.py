"""Which controller's word counts, with KRaft: the quorum's epochs, and brokers that register.

Modelled: controllers, one of which the quorum has elected, and others that do not know yet that
they were replaced; the committed metadata, which reach each broker late, and several changes at
once; brokers that are fenced by a session timeout, restart, register, and are unfenced; elections;
ISR changes through AlterPartition at whichever controller the leader finds.

Left out, and why that is sound for safety:
- Logs and fetches: see `specs.fencing_base`. The quorum itself: see `specs.quorum_election`. A
  change of the controller that the quorum has elected is committed at once: until it is, nobody
  hears of it, neither as metadata nor in a reply (`QuorumController.ControllerWriteEvent`).
- A replaced controller that has appended something can never answer again, for the same reason; so
  all that it knows is what was committed when it was replaced.
- Heartbeats: what a heartbeat or its absence brings about may happen at any time.
- Eligible leader replicas and unclean elections: see `specs.unclean_election`.
- The broker epochs of ISR members in a request (KIP-903): see `specs.isr`.

Sources: Kafka at 1eb7644349c, October 2024: `QuorumController.java`, `ClusterControlManager.java`,
`BrokerHeartbeatManager.java`, `ReplicationControlManager.java`, `PartitionChangeBuilder.java`,
`BrokerServer.scala`. Each action names its method.
"""

from typing import Annotated

from checker import Scope, Setting, Sort, Upto, action, require, some
from specs.fencing_base import Broker, BrokerEpoch, FencingBase, Outcome, Partition, PartitionEpoch


class Controller(Sort):
    """A voter of the quorum, which may become the active controller."""


QuorumEpoch = Annotated[int, Upto("QuorumEpoch")]
Term = Annotated[int, Upto("QuorumEpoch", start=-1)]  # -1: not active


class ControllerFencingKraft(FencingBase):
    """Brokers, and a quorum of controllers, one or several of which believe to be active."""

    scope = Scope(
        Broker=2,
        Controller=2,
        QuorumEpoch=2,
        LeaderEpoch=3,
        PartitionEpoch=4,
        BrokerEpoch=1,
        Fence=1,
        Restart=0,
        Election=1,
        Shrink=1,
        Loss=0,
        Failure=0,
        Registration=0,
    )

    # The quorum, and the committed registrations of brokers.
    quorum_epoch: QuorumEpoch
    quorum_leader: Controller | None
    fenced: frozenset[Broker]

    # What each controller knows: the newest, or what was newest when it was replaced.
    term: dict[Controller, Term] = {controller: -1 for controller in Controller}  # noqa: RUF012
    """`QuorumController.curClaimEpoch`."""
    seen_version: dict[Controller, PartitionEpoch]
    seen_fenced: dict[Controller, frozenset[Broker]]
    seen_broker_epoch: dict[Controller, dict[Broker, BrokerEpoch]]

    # What each broker knows.
    is_starting: dict[Broker, bool]
    """Whether the broker's process is new, and has not registered yet."""
    applied_version: dict[Broker, PartitionEpoch]
    """The newest partition epoch in the metadata that the broker has applied."""
    asked_epoch: dict[Broker, QuorumEpoch]
    """The newest controller whom the broker, as a leader, has asked for another ISR."""

    fence_one_at_a_time: Setting[bool] = True
    """KAFKA-13173 (R37): two brokers whose sessions have expired are fenced one after the other."""
    registration_cleans_isr: Setting[bool] = True
    """KAFKA-18106 (R25): a broker that registers anew leaves the ISR, and leads no more."""
    epoch_per_incarnation: Setting[bool] = True
    """KAFKA-16952 (R45): a process that registers once more keeps its broker epoch."""
    keep_fencing_on_registration: Setting[bool] = True
    """KAFKA-16757 (R45): and it stays unfenced, if it was."""
    future_epoch_is_not_controller: Setting[bool] = True
    """KAFKA-14154 (R43): a controller that is behind the leader says so, and refuses nothing."""
    reply_waits_for_commit: Setting[bool] = True
    """KIP-631: a controller replies when the quorum has committed what it says."""
    wait_for_registration: Setting[bool] = True
    """KIP-631: a broker that starts opens its ports when it has caught up with its registration."""

    def will_be_corrected(self, leader: Broker) -> bool:
        """Every change of the partition is in the metadata: a newer one will reach the leader."""
        return self.local_version[leader] < self.version()

    def is_leader_of_quorum(self, controller: Controller) -> bool:
        """Whether what the controller appends is committed."""
        return self.quorum_leader == controller

    # Controllers.

    @action
    def elect_controller(self, controller: Controller) -> None:
        """`QuorumController.claim`: the quorum has a new leader, who has all that is committed."""
        require(self.quorum_leader != controller)
        self.remember(self.quorum_leader)
        self.quorum_epoch += 1
        self.quorum_leader = controller
        self.term[controller] = self.quorum_epoch
        self.forget(controller)

    def remember(self, replaced: Controller | None) -> None:
        """A controller that is replaced keeps the metadata of that moment."""
        if replaced is not None:
            self.seen_version[some(replaced)] = self.version()
            self.seen_fenced[some(replaced)] = self.fenced
            self.seen_broker_epoch[some(replaced)] = {
                broker: self.broker_epoch[broker] for broker in Broker
            }

    def forget(self, controller: Controller) -> None:
        """The active controller, and one that is not active, have no old metadata."""
        self.seen_version[controller] = 0
        self.seen_fenced[controller] = frozenset()
        self.seen_broker_epoch[controller] = {broker: 0 for broker in Broker}

    @action
    def renounce(self, controller: Controller) -> None:
        """`QuorumController.renounce`: a replaced controller hears of it."""
        require(self.term[controller] >= 0, not self.is_leader_of_quorum(controller))
        self.term[controller] = -1
        self.forget(controller)

    # The active controller's decisions.

    @action(budget="Fence")
    def fence(self, broker: Broker) -> None:
        """`ReplicationControlManager.maybeFenceOneStaleBroker`: no heartbeat for too long."""
        require(self.quorum_leader is not None, broker not in self.fenced)
        self.fenced |= {broker}
        self.remove_from_isr(broker)

    @action(budget="Fence")
    def fence_both(self, one: Broker, other: Broker) -> None:
        """`maybeFenceStaleBrokers`, until 3.0: for each a record, and none knows of the other."""
        require(not self.fence_one_at_a_time, self.quorum_leader is not None, one != other)
        require(one not in self.fenced, other not in self.fenced)
        before = self.state()
        first = self.elected(before.isr - {one}, self.fenced | {one}, before.leader)
        second = self.elected(before.isr - {other}, self.fenced | {other}, before.leader)
        leader = second if second != before.leader else first
        isr = before.isr - {other} if other in before.isr else before.isr - {one}
        self.fenced |= {one, other}
        self.change(leader, isr if len(isr) > 0 else before.isr)

    @action
    def unfence(self, broker: Broker) -> None:
        """`BrokerHeartbeatManager.calculateNextBrokerState`, `handleBrokerUnfenced`.

        The broker has caught up with its registration; a partition without leader may get one.
        """
        require(self.quorum_leader is not None, broker in self.fenced)
        require(not self.is_starting[broker])
        self.fenced -= {broker}
        if self.state().leader is None and broker in self.state().isr:
            self.change(broker, self.state().isr)

    @action(budget="Election")
    def elect_leader(self, leader: Broker) -> None:
        """`ReplicationControlManager.electLeaders`, or a controlled shutdown of the leader."""
        require(self.quorum_leader is not None, self.state().leader != leader)
        require(leader in self.state().isr, leader not in self.fenced)
        self.change(leader, self.state().isr)

    def remove_from_isr(self, broker: Broker) -> None:
        """`generateLeaderAndIsrUpdates`: the last member stays, and then nobody leads."""
        before = self.state()
        if broker in before.isr:
            isr = before.isr - {broker} if before.isr != frozenset({broker}) else before.isr
            self.change(self.elected(isr, self.fenced | {broker}, before.leader), isr)

    def elected(
        self, isr: frozenset[Broker], fenced: frozenset[Broker], leader: Broker | None
    ) -> Broker | None:
        """`PartitionChangeBuilder.electAnyLeader`: the leader, or the first in the replica list."""
        if leader is not None and leader in isr and leader not in fenced:
            return leader
        return next((broker for broker in Broker if broker in isr and broker not in fenced), None)

    def change(self, leader: Broker | None, isr: frozenset[Broker]) -> None:
        """A partition change record. The leader epoch grows with another leader only."""
        before = self.state()
        epoch = before.epoch + (1 if leader != before.leader else 0)
        self.history += (Partition(leader, epoch, isr),)

    # Brokers.

    @action(budget="Restart")
    def restart(self, broker: Broker) -> None:
        """The broker's process ends, and another one starts (`BrokerServer.startup`)."""
        self.is_starting[broker] = True
        self.forget_everything(broker)
        self.applied_version[broker] = 0

    @action
    def register(self, broker: Broker) -> None:
        """`ClusterControlManager.registerBroker`, for a new incarnation.

        It is fenced at first. If the old one has not been yet, nothing has removed it from the ISR.
        """
        require(self.quorum_leader is not None, self.is_starting[broker])
        self.is_starting[broker] = False
        self.broker_epoch[broker] += 1
        if self.registration_cleans_isr:
            self.remove_from_isr(broker)
        self.fenced |= {broker}
        if self.wait_for_registration:
            self.applied_version[broker] = self.version()

    @action(budget="Registration")
    def register_again(self, broker: Broker) -> None:
        """The same, for the same incarnation: it has more to say of itself (KIP-858)."""
        require(self.quorum_leader is not None, not self.is_starting[broker])
        if not self.epoch_per_incarnation:
            self.broker_epoch[broker] += 1
        if not self.keep_fencing_on_registration:
            self.fenced |= {broker}

    @action
    def apply_metadata(self, broker: Broker, version: PartitionEpoch) -> None:
        """`MetadataLoader.handleCommit`, then `ReplicaManager.applyDelta`.

        Any later state may be the next that the broker sees; one that it has it ignores.
        """
        require(not self.is_starting[broker], version < len(self.history))
        require(version >= self.applied_version[broker])
        self.applied_version[broker] = version
        is_newer = self.history[version].epoch > self.local_epoch[broker]
        is_changed = self.acts_as_leader[broker] and version > self.local_version[broker]
        if is_newer or is_changed:
            self.adopt(broker, version)

    @action(budget="Failure")
    def fail_to_apply_metadata(self, broker: Broker, version: PartitionEpoch) -> None:
        """The same, with an error on the way; the metadata are applied once more."""
        require(not self.is_starting[broker], version < len(self.history))
        require(version >= self.applied_version[broker])
        require(self.history[version].epoch > self.local_epoch[broker])
        require(self.history[version].leader != broker)
        self.adopt_half(broker, version)

    # AlterPartition.

    @action
    def handle_alter_partition(self, controller: Controller, leader: Broker) -> None:
        """`ReplicationControlManager.alterPartition`, `validateAlterPartitionData`.

        The leader knows the controller from the quorum, whose epochs never go back. What is
        answered with NOT_CONTROLLER or STALE_BROKER_EPOCH is as if it had never arrived.
        """
        found = self.alter[leader]
        require(found is not None, self.term[controller] >= self.asked_epoch[leader])
        request = some(found)
        is_current = self.is_leader_of_quorum(controller)
        version = self.version() if is_current else self.seen_version[controller]
        fenced = self.fenced if is_current else self.seen_fenced[controller]
        known = (
            self.broker_epoch[leader] if is_current else self.seen_broker_epoch[controller][leader]
        )
        partition = self.history[version]
        require(request.outcome == Outcome.SENT, request.broker_epoch == known)
        is_behind = partition.epoch < request.epoch or version < request.version
        require(not is_behind or not self.future_epoch_is_not_controller)
        self.asked_epoch[leader] = max(0, self.term[controller])
        if request.epoch != partition.epoch or partition.leader != leader:
            self.answer(leader, Outcome.REFUSED, 0, frozenset())
        elif request.version != version:
            self.answer(leader, Outcome.REFUSED, 0, frozenset())
        elif len(request.isr & fenced) > 0:
            self.answer(leader, Outcome.INELIGIBLE, 0, frozenset())
        else:
            require(is_current or not self.reply_waits_for_commit)
            if is_current:
                self.change(leader, request.isr)
            self.answer(leader, Outcome.APPLIED, version + 1, request.isr)
