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

What a controller does that was replaced, and does not know, is narrowed by two rules:
- Its queue is in order (`ControllerEventManager.queue`). Broker changes that come after its
  replacement stand behind the event that makes it resign; at most one stands before.
- It fails at the other partitions of a broker, unless its successor wrote them: `finds_out`. So
  each broker is taken to have others, which in a tiny cluster it may not.
Not covered: a broker change that stays in the queue from one term to the next (that takes three
controller epochs); brokers that an old controller tells before it fails at others, since it goes
through new, restarted and lost ones in this order; and what a controller decides when it starts,
for brokers that are gone by then.

Sources: Kafka at 1eb7644349c, October 2024: `KafkaController.scala`, `KafkaZkClient.scala`,
`PartitionStateMachine.scala`, `ReplicaStateMachine.scala`, `ReplicaManager.scala`,
`KafkaApis.scala`. Each action names its method. ZooKeeper mode ends with Kafka 3.9.
"""

from checker import Scope, action, require, some
from specs.controller_fencing_base import ControllerFencingBase, LeaderAndIsr
from specs.fencing_base import Broker, Outcome, Partition


class ControllerFencing(ControllerFencingBase):
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
        Other=0,
    )

    def will_be_corrected(self, leader: Broker) -> bool:
        """A LeaderAndIsr request is heard only if it has a newer leader epoch."""
        return self.local_epoch[leader] < self.state().epoch

    # The controller's decisions.

    @action
    def process_broker_change(self, controller: Broker) -> None:
        """`KafkaController.processBrokerChange`: brokers have come, gone, or registered anew.

        Who is gone, or was while nobody looked, leaves the ISR and leads no more
        (`onBrokerFailure`); whoever is there then may be elected (`onBrokerStartup`).
        """
        require(self.is_active(controller), controller in self.online)
        require(self.controller == controller or self.queued[controller])
        failed = frozenset(
            broker
            for broker in Broker
            if 0 <= self.known[controller][broker] != self.registration(broker)
        )
        if self.finds_out(controller, failed):
            self.resign(controller)
        else:
            self.write_other_partitions(controller, failed)
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

    def finds_out(self, controller: Broker, failed: frozenset[Broker]) -> bool:
        """Whether a write for one of the failed brokers tells an old controller that it is one.

        Of partitions that its successor has written it keeps off; the write of any other fails with
        ControllerMovedException, before it has sent anything.
        """
        return not self.can_decide(controller) and not failed <= self.written[controller]

    def write_other_partitions(self, controller: Broker, failed: frozenset[Broker]) -> None:
        """`KafkaController.onBrokerFailure`, for the partitions that are not modelled."""
        self.queued[controller] = False
        self.written[controller] = frozenset()
        if self.can_decide(controller):
            self.written = {
                old: self.written[old]
                | frozenset(
                    broker
                    for broker in failed
                    if self.queued[old]
                    and self.controller != old
                    and 0 <= self.known[old][broker] <= self.known[controller][broker]
                )
                for old in Broker
            }

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

        After a decision, to all that are alive; at the start of a term, to brokers that start, and
        at any time, for a failed log directory (`KafkaController.onBrokerLogDirFailure`).
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
