"""Which controller's word counts, with ZooKeeper: controller epochs, sessions and broker epochs.

Modelled: brokers with ZooKeeper sessions, which may expire while the broker goes on; the ephemeral
node /controller, which an operator may delete; /controller_epoch, and writes that are conditional
on its version; a controller that does not know yet that it was replaced, with its queue of old
events and its old view of partition and brokers; brokers that restart and register anew;
LeaderAndIsr requests, which carry controller epoch, leader epoch and broker epoch, and may arrive
late, twice or never; ISR changes through AlterPartition at whichever controller the leader finds.

Left out, and why that is sound for safety:
- Logs and fetches: see `specs.fencing_base`. Unclean elections, which may lose anything anyway.
- UpdateMetadata and StopReplica requests: the first decides nothing here, the second only stops.
- Watches: whatever a watch would trigger may happen at any time, or never.
- Other partitions: nothing of one decides anything of another.
- Before a new session, a broker has handled all events of the old one (`KafkaController.startup`,
  `beforeInitializingSession`): so it resigns before it registers.

Sources: Kafka at 1eb7644349c, October 2024: `KafkaController.scala`, `KafkaZkClient.scala`,
`PartitionStateMachine.scala`, `ReplicaStateMachine.scala`, `ReplicaManager.scala`,
`KafkaApis.scala`. Each action names its method. ZooKeeper mode ends with Kafka 3.9.
"""

from dataclasses import dataclass
from typing import Annotated

from checker import MaxLen, Scope, Setting, Upto, action, require, some
from specs.fencing_base import (
    Broker,
    FencingBase,
    Outcome,
    Partition,
    PartitionEpoch,
)

ControllerEpoch = Annotated[int, Upto("ControllerEpoch")]
Term = Annotated[int, Upto("ControllerEpoch", start=-1)]  # -1: not the controller
KnownBrokerEpoch = Annotated[int, Upto("BrokerEpoch", start=-1)]  # -1: not registered


@dataclass(frozen=True)
class LeaderAndIsr:
    """What a controller tells a broker of the partition."""

    receiver: Broker
    controller_epoch: Term
    broker_epoch: KnownBrokerEpoch
    version: PartitionEpoch
    """Which state of the partition: versions are handed out once."""


class ControllerFencing(FencingBase):
    """Brokers, one of which is the controller, or several that believe it."""

    scope = Scope(
        Broker=2,
        ControllerEpoch=2,
        LeaderEpoch=2,
        PartitionEpoch=4,
        BrokerEpoch=1,
        Message=2,
        Election=1,
        Expire=1,
        Restart=0,
        Delete=1,
        Shrink=0,
        Loss=0,
        Failure=0,
    )

    # ZooKeeper.
    controller: Broker | None
    """The ephemeral node /controller."""
    controller_epoch: ControllerEpoch
    """The node /controller_epoch. Its version counts the same changes."""
    decided_in: ControllerEpoch
    """The controller epoch in the partition's node: whose decision its state is."""
    online: frozenset[Broker] = frozenset(Broker)
    """The ephemeral nodes below /brokers/ids: who has a session."""

    # What each broker believes as a controller; nothing if `term` is -1.
    term: dict[Broker, Term] = {broker: -1 for broker in Broker}  # noqa: RUF012
    """The epoch in which the broker believes itself the controller."""
    is_elected: dict[Broker, bool]
    """Whether the broker has created /controller, and not yet an epoch: see `atomic_election`."""
    cached_version: dict[Broker, PartitionEpoch]
    """Which state of the partition the controller last read or wrote."""
    known: dict[Broker, dict[Broker, KnownBrokerEpoch]] = {  # noqa: RUF012
        broker: {other: -1 for other in Broker} for broker in Broker
    }
    """The brokers that the controller holds for alive, by their epoch."""

    # What is in flight, and what brokers remember of it.
    messages: Annotated[frozenset[LeaderAndIsr], MaxLen("Message")]
    """None ever disappears: that is a network that may delay and repeat them."""
    seen_controller_epoch: dict[Broker, ControllerEpoch]
    """`ReplicaManager.controllerEpoch`: not stored, so a restart forgets it."""
    asked_controller_epoch: dict[Broker, ControllerEpoch]
    """The newest controller whom the broker, as a leader, has asked for another ISR."""

    controller_epoch_zkversion_check: Setting[bool] = True
    """KAFKA-6082 (R38): a controller writes only if its epoch is still the newest."""
    atomic_election: Setting[bool] = True
    """KAFKA-6082 (R39): /controller and a new epoch are written in one ZooKeeper multi."""
    lisr_epoch_check: Setting[bool] = True
    """KAFKA-1188, KAFKA-2721 (R40): requests of an old controller, or leader epoch, are ignored."""
    broker_epoch_check: Setting[bool] = True
    """KAFKA-7235: so are requests that were meant for the broker before its restart."""
    future_epoch_is_not_controller: Setting[bool] = True
    """KAFKA-14154 (R43): a controller that is behind the leader says so, and refuses nothing."""
    idempotent_alter_partition: Setting[bool] = True
    """KAFKA-14144 (R43): who asks again for what is there already is told that it is there."""
    read_controller_epoch_at_start: Setting[bool] = False
    """N4: a broker that starts reads /controller_epoch. Kafka does not: this is a proposed fix."""

    def will_be_corrected(self, leader: Broker) -> bool:
        """A LeaderAndIsr request is heard only if it has a newer leader epoch."""
        return self.local_epoch[leader] < self.state().epoch

    def is_active(self, broker: Broker) -> bool:
        """`KafkaController.isActive`: whether the broker believes itself the controller."""
        return self.term[broker] >= 0

    def can_decide(self, broker: Broker) -> bool:
        """Whether ZooKeeper takes what the broker writes as a controller."""
        return (
            self.is_active(broker)
            and broker in self.online
            and (
                not self.controller_epoch_zkversion_check
                or self.term[broker] == self.controller_epoch
            )
        )

    # Sessions and registrations.

    @action(budget="Expire")
    def expire_session(self, broker: Broker) -> None:
        """ZooKeeper has not heard of a broker, and removes its nodes; the broker goes on."""
        require(broker in self.online)
        self.leave_zookeeper(broker)

    @action
    def reconnect(self, broker: Broker) -> None:
        """`KafkaController.processExpire`, then `processRegisterBrokerAndReelect`."""
        require(broker not in self.online)
        self.resign(broker)
        self.register(broker)

    @action(budget="Restart")
    def restart(self, broker: Broker) -> None:
        """The broker's process ends, and another one starts (`KafkaServer.startup`)."""
        self.leave_zookeeper(broker)
        self.resign(broker)
        self.forget_everything(broker)
        self.seen_controller_epoch[broker] = (
            self.controller_epoch if self.read_controller_epoch_at_start else 0
        )
        self.asked_controller_epoch[broker] = 0
        self.register(broker)

    def leave_zookeeper(self, broker: Broker) -> None:
        """A session ends, and its ephemeral nodes with it."""
        self.online -= {broker}
        if self.controller == broker:
            self.controller = None

    def register(self, broker: Broker) -> None:
        """`KafkaZkClient.registerBroker`: the broker epoch is the node's czxid."""
        self.online |= {broker}
        self.broker_epoch[broker] += 1

    # The controller's election.

    @action(budget="Delete")
    def delete_controller(self) -> None:
        """An operator deletes /controller, so that there is an election; all sessions live on."""
        require(self.controller is not None)
        self.controller = None

    @action
    def elect_controller(self, broker: Broker) -> None:
        """`KafkaZkClient.registerControllerAndIncrementControllerEpoch`."""
        require(self.controller is None, broker in self.online)
        self.resign(broker)
        self.controller = broker
        if self.atomic_election:
            self.start_term(broker)
        else:
            self.is_elected[broker] = True

    @action
    def increment_controller_epoch(self, broker: Broker) -> None:
        """`KafkaController.incrementControllerEpoch`, until 2.0: the second half of an election."""
        require(self.is_elected[broker], broker in self.online)
        self.is_elected[broker] = False
        self.start_term(broker)

    def start_term(self, broker: Broker) -> None:
        """`KafkaController.onControllerFailover`: everything is read anew."""
        self.controller_epoch += 1
        self.term[broker] = self.controller_epoch
        self.cached_version[broker] = self.version()
        self.read_brokers(broker)

    def read_brokers(self, controller: Broker) -> None:
        """`KafkaZkClient.getAllBrokerAndEpochsInCluster`."""
        self.known[controller] = {
            broker: self.broker_epoch[broker] if broker in self.online else -1 for broker in Broker
        }

    @action
    def resign_replaced(self, broker: Broker) -> None:
        """`KafkaController.maybeResign`: the broker sees that /controller is not its own."""
        require(self.is_active(broker), broker in self.online, self.controller != broker)
        self.resign(broker)

    def resign(self, broker: Broker) -> None:
        """`KafkaController.onControllerResignation`."""
        self.term[broker] = -1
        self.is_elected[broker] = False
        self.cached_version[broker] = 0
        self.known[broker] = {other: -1 for other in Broker}

    # The controller's decisions.

    @action
    def process_broker_change(self, controller: Broker) -> None:
        """`KafkaController.processBrokerChange`: brokers have come, gone, or registered anew.

        Who is gone, or was while nobody looked, leaves the ISR and leads no more
        (`onBrokerFailure`); whoever is there then may be elected (`onBrokerStartup`).
        """
        require(self.is_active(controller), controller in self.online)
        failed = frozenset(
            broker
            for broker in Broker
            if self.known[controller][broker] >= 0
            and (
                broker not in self.online
                or self.known[controller][broker] != self.broker_epoch[broker]
            )
        )
        self.read_brokers(controller)
        leader = self.state().leader
        isr = self.state().isr
        has_no_leader = leader is None or leader in failed
        if has_no_leader or len(isr & failed) > 0:
            isr = isr - failed if len(isr - failed) > 0 else isr
            if not has_no_leader:
                self.decide(controller, leader, isr)
            else:
                self.decide(controller, self.first_in(isr & self.online), isr)

    @action(budget="Election")
    def elect_leader(self, controller: Broker, leader: Broker) -> None:
        """`KafkaController.onReplicaElection`, or a controlled shutdown: a member of the ISR."""
        require(self.is_active(controller), controller in self.online)
        require(leader in self.state().isr, self.known[controller][leader] >= 0)
        require(self.state().leader != leader)
        self.decide(controller, leader, self.state().isr)

    def first_in(self, candidates: frozenset[Broker]) -> Broker | None:
        """`Election.leaderForOffline`: the first in the order of the replica list."""
        return next((broker for broker in Broker if broker in candidates), None)

    def decide(self, controller: Broker, leader: Broker | None, isr: frozenset[Broker]) -> None:
        """`PartitionStateMachine.doElectLeaderForPartitions`.

        It reads the state, refuses to touch that of a newer controller, and writes on condition
        that it has not changed. A controller of an old epoch is told so when it writes, and resigns
        (`ControllerMovedException`).
        """
        if self.decided_in <= self.term[controller]:
            if self.can_decide(controller):
                self.write(controller, Partition(leader, self.state().epoch + 1, isr))
            else:
                self.resign(controller)

    def write(self, controller: Broker, partition: Partition) -> None:
        """`KafkaZkClient.updateLeaderAndIsr`."""
        self.history += (partition,)
        self.decided_in = self.term[controller]
        self.cached_version[controller] = self.version()

    # The controller tells the brokers.

    @action
    def send_leader_and_isr(self, controller: Broker, receiver: Broker) -> None:
        """`ControllerBrokerRequestBatch.sendRequestsToBrokers`: what the controller's cache says.

        After a decision, to all that are alive; at the start of a term, and to brokers that start.
        """
        require(self.is_active(controller), self.known[controller][receiver] >= 0)
        self.messages |= {
            LeaderAndIsr(
                receiver,
                self.term[controller],
                self.known[controller][receiver],
                self.cached_version[controller],
            )
        }

    @action
    def receive_leader_and_isr(self, message: LeaderAndIsr) -> None:
        """`KafkaApis.handleLeaderAndIsrRequest`, `ReplicaManager.becomeLeaderOrFollower`."""
        require(message in self.messages, self.is_accepted(message))
        self.seen_controller_epoch[message.receiver] = max(0, message.controller_epoch)
        self.adopt(message.receiver, message.version)

    @action(budget="Failure")
    def fail_to_become_follower(self, message: LeaderAndIsr) -> None:
        """The same, with an error on the way: the ZooKeeper session was just lost, say."""
        require(message in self.messages, self.is_accepted(message))
        require(self.history[message.version].leader != message.receiver)
        self.seen_controller_epoch[message.receiver] = max(0, message.controller_epoch)
        self.adopt_half(message.receiver, message.version)

    def is_accepted(self, message: LeaderAndIsr) -> bool:
        """Whether the broker acts on the request: none of its three epochs is old."""
        broker = message.receiver
        is_meant = message.broker_epoch == self.broker_epoch[broker] or not self.broker_epoch_check
        is_new = (
            message.controller_epoch >= self.seen_controller_epoch[broker]
            and self.history[message.version].epoch > self.local_epoch[broker]
        )
        return is_meant and (is_new or not self.lisr_epoch_check)

    @action
    def handle_alter_partition(self, controller: Broker, leader: Broker) -> None:
        """`KafkaController.tryProcessAlterPartition`; a leader that hears of no result asks again.

        The leader knows the controller from UpdateMetadata requests. They are fenced by controller
        epoch, so it never turns back to an older one; but it may find the newer one late. What is
        answered with NOT_CONTROLLER or STALE_BROKER_EPOCH is as if it had never arrived.
        """
        found = self.alter[leader]
        require(found is not None, self.is_active(controller))
        require(self.term[controller] >= self.asked_controller_epoch[leader])
        self.asked_controller_epoch[leader] = max(0, self.term[controller])
        request = some(found)
        version = self.cached_version[controller]
        cached = self.history[version]
        require(request.outcome == Outcome.SENT)
        require(self.known[controller][leader] == request.broker_epoch)
        is_behind = version < request.version or cached.epoch < request.epoch
        require(not is_behind or not self.future_epoch_is_not_controller)
        is_there = (
            cached.leader == leader
            and cached.isr == request.isr
            and request.version <= version
            and self.idempotent_alter_partition
        )
        if request.epoch != cached.epoch:
            self.answer(leader, Outcome.REFUSED, 0, frozenset())
        elif is_there:
            self.answer(leader, Outcome.APPLIED, version, cached.isr)
        elif request.version != version:
            self.answer(leader, Outcome.REFUSED, 0, frozenset())
        elif any(self.known[controller][member] < 0 for member in request.isr):
            self.answer(leader, Outcome.INELIGIBLE, 0, frozenset())
        else:
            self.alter_partition(controller, leader, request.isr)

    def alter_partition(self, controller: Broker, leader: Broker, isr: frozenset[Broker]) -> None:
        """The write, on condition of the controller epoch and of the partition's version."""
        require(controller in self.online)
        if not self.can_decide(controller):
            self.resign(controller)
        elif self.version() != self.cached_version[controller]:
            self.answer(leader, Outcome.REFUSED, 0, frozenset())
        else:
            self.write(controller, Partition(leader, self.state().epoch, isr))
            self.answer(leader, Outcome.APPLIED, self.version(), isr)
