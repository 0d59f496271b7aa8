"""Brokers with ZooKeeper: their sessions, and who of them is the controller, or believes it.

`specs.controller_fencing` adds what controllers decide and tell, and names the sources.
"""

from dataclasses import dataclass
from typing import Annotated

from checker import MaxLen, Setting, Upto, action, require, some
from specs.fencing_base import Broker, FencingBase, PartitionEpoch

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


class ControllerFencingBase(FencingBase):
    """ZooKeeper, and what each broker believes as a controller."""

    abstract = True

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
    queued: dict[Broker, bool]
    """Whether a broker change is in its queue, before what tells it that it was replaced. Until it
    is replaced that shows in `known`, but for brokers without a replica here."""
    written: dict[Broker, frozenset[Broker]]
    """With that change in its queue: whose failure, which it will see, its successor has handled.
    All partitions of these brokers then bear the successor's epoch."""

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
    """N5: a broker that starts reads /controller_epoch. Kafka does not: this is a proposed fix."""

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

    def registration(self, broker: Broker) -> KnownBrokerEpoch:
        """What ZooKeeper knows of a broker."""
        return self.broker_epoch[broker] if broker in self.online else -1

    @action(budget="Other")
    def other_broker_changes(self) -> None:
        """A broker without a replica comes or goes: `BrokerChangeHandler.handleChildChange`."""
        require(self.controller is not None)
        require(self.is_active(some(self.controller)))
        self.queued[some(self.controller)] = True

    # The controller's election.

    @action(budget="Delete")
    def delete_controller(self) -> None:
        """An operator deletes /controller, so that there is an election; all sessions live on."""
        require(self.controller is not None)
        replaced = some(self.controller)
        if self.is_active(replaced) and any(
            self.known[replaced][broker] != self.registration(broker) for broker in Broker
        ):
            self.queued[replaced] = True
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
        self.known[controller] = {broker: self.registration(broker) for broker in Broker}

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
        self.queued[broker] = False
        self.written[broker] = frozenset()
