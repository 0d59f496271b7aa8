"""What a producer is told, and does then, on top of `specs.isr`.

Modelled besides: a produce request in two steps (the thread that has appended the record has yet to
put the request into the purgatory), and a producer that sends its record again because it heard of
an error, or of nothing. Both are off unless asked for; this spec is `isr` then.

Left out, and why that is sound for safety: sequence numbers. Each record is the only one of its
producer, so a broker knows a record again exactly if it has it (`ProducerStateManager` is made anew
from the log after every truncation and restart). Transactions.

Sources: `ReplicaManager.appendRecords` and `maybeAddDelayedProduce`, `DelayedProduce.tryComplete`,
`Partition.checkEnoughReplicasReachOffset`, `UnifiedLog.analyzeAndValidateProducerState` in Kafka at
1eb7644349c; pull request #633 of KAFKA-1148.
"""

from dataclasses import dataclass

from checker import Setting, action, invariant, reachable, require, some
from specs.isr import Isr
from specs.isr_base import Acks, Broker, LeaderEpoch, Offset, Record, RecordId, Waiting


@dataclass(frozen=True)
class Appended:
    """A produce request whose record is in the log, while its thread has yet to go on."""

    broker: Broker
    offset: Offset
    epoch: LeaderEpoch
    """The leader epoch in which the record was appended."""


class IsrProducers(Isr):
    """Replication of one partition, with producers that try again."""

    handling: dict[RecordId, Appended | None]
    """The requests between append and purgatory (`split_produce` only)."""

    split_produce: Setting[bool] = False
    """Whether a thread may stall between append and purgatory; a race of threads, and off here
    unless asked for."""
    produce_epoch_check: Setting[bool] = False
    """KAFKA-1148 (R32): a request is only answered in the leader epoch of its append. Kafka does
    not look at the epoch; the pull request was not merged."""
    retries: Setting[bool] = False
    """Whether producers send a record again (Kafka's `retries`)."""
    idempotence: Setting[bool] = True
    """Kafka's `enable.idempotence` (R33): a leader that has a record does not append it again."""

    def await_replicas(self, leader: Broker, number: RecordId) -> None:
        """As before; or the thread stalls first."""
        if self.split_produce:
            epoch = self.local_epoch[leader]
            self.handling[number] = Appended(leader, len(self.log[leader]), epoch)
        else:
            self.waiting[number] = Waiting(leader, len(self.log[leader]))

    @action
    def enter_purgatory(self, number: RecordId) -> None:
        """`DelayedOperationPurgatory.tryCompleteElseWatch`: the thread goes on.

        It asks whether its broker leads and how far the high watermark is, now.
        """
        found = self.handling[number]
        require(found is not None)
        request = some(found)
        self.handling[number] = None
        is_same_epoch = self.local_epoch[request.broker] == request.epoch
        if self.leads(request.broker) and (is_same_epoch or not self.produce_epoch_check):
            self.waiting[number] = Waiting(request.broker, request.offset)
            self.complete_waiting(request.broker)

    @action
    def retry(self, leader: Broker, number: RecordId) -> None:
        """A producer sends its record again: it heard of an error, or waited in vain.

        With idempotence, a leader that has the record answers as for the first request.
        """
        require(self.retries, self.leads(leader), number < self.produced, number not in self.acked)
        require(self.handling[number] is None, self.acks == Acks.ALL)
        require(len(self.local_isr[leader]) >= self.local_minimum(leader))
        if self.idempotence and self.holds(leader, number):
            self.waiting[number] = Waiting(leader, self.offset_of(leader, number))
            self.complete_waiting(leader)
        else:
            self.await_replicas(leader, number)
            self.log[leader] += (Record(number, self.local_epoch[leader]),)
            self.cached_epoch[leader] = self.local_epoch[leader]
            self.advance_high_watermark(leader)

    def offset_of(self, broker: Broker, number: RecordId) -> Offset:
        """Where the record is in the broker's log, if it is."""
        log = self.log[broker]
        return min((at for at in range(len(log)) if log[at].id == number), default=0)

    def is_refused(self, number: RecordId) -> bool:
        """Whether the producer has heard of an error, or will not hear of anything."""
        return (
            number < self.produced
            and number not in self.acked
            and self.waiting[number] is None
            and self.handling[number] is None
        )

    @invariant
    def nothing_is_read_twice(self) -> bool:
        """A consumer reads each record once.

        Promised by `enable.idempotence`; it is supposed to fail without, once producers try again.
        """
        return all(
            one == other or self.read[one].id != self.read[other].id
            for one in range(len(self.read))
            for other in range(len(self.read))
        )

    @reachable
    def refused_is_read(self) -> bool:
        """What was not acknowledged is read: an error says nothing about the record (R33)."""
        return any(self.is_refused(record.id) for record in self.read)
