"""Replication of one partition: its leader, its in-sync replicas (ISR), and when a record is safe.

Modelled, as in Kafka with KRaft: producers with acks=all (or 1) at whoever presumes to lead;
fetches in three steps, so that a request or an answer may be late (sent, answered, applied), with
truncation where the logs diverge; the high watermark of leader and follower; ISR changes through
AlterPartition, with the request and the reply in flight; elections, fenced brokers, and their
metadata, which reach each broker late, and several versions at once. A consumer reads below the
high watermark of whoever presumes to lead.

Left out, and why that is sound for safety:
- Time. Whatever may happen after some time may happen at once; only the reverse would hide a bug.
- Lost messages: a message may just never arrive. A follower that gets no answer fetches again;
  that is modelled where it can make a difference (`lose_fetch`).
- Requests that take time (`late_requests`): in an epoch, a fetch that arrives late does what it did
  had it arrived before the follower moved on, since nothing of the new epoch reaches a leader that
  still takes fetches of the old one. The tests compare both grains.
- A broker that is down is one that does nothing. Retention, log directories, tiers, transactions:
  they do not touch these rules.
- What the leader's metadata cache tells it about fenced brokers: the controller decides, and the
  leader's own check only refuses earlier.
- Controllers: here is one, and it never fails (see `controller_fencing`).

Not covered: answers of several records that come late as a whole. Here each fetch brings one
record; the states between two records are more than Kafka has, but its leader knows the first one.

Sources: Kafka's code at 1eb7644349c, October 2024; each action names its method. Settings are the
fixes of bugs that Kafka had, with Kafka's newest behaviour as default.
"""

from dataclasses import replace

from checker import Scope, action, require, some
from specs.isr_base import (
    Acks,
    AlterPartition,
    Answer,
    Broker,
    CachedEpoch,
    EpochEnd,
    Fetch,
    Offset,
    Outcome,
    Record,
    RecordId,
    Truncation,
    Version,
    Waiting,
)
from specs.isr_rules import IsrRules


class Isr(IsrRules):
    """Replication of one partition, with a controller that elects and fences."""

    scope = Scope(Broker=3, Record=1, Epoch=2, PartitionEpoch=2, Election=2, Fence=0, Shrink=0)

    # Producers and consumers.

    @action
    def produce(self, leader: Broker) -> None:
        """`Partition.appendRecordsToLeader`; a produce request names no leader epoch."""
        require(self.leads(leader))
        is_large = len(self.local_isr[leader]) >= self.local_minimum(leader)
        require(is_large or self.acks == Acks.ONE)
        number = self.produced
        self.produced += 1
        if self.acks == Acks.ALL:
            self.await_replicas(leader, number)
        else:
            self.acked |= {number}
        self.log[leader] += (Record(number, self.local_epoch[leader]),)
        self.cached_epoch[leader] = self.local_epoch[leader]
        self.advance_high_watermark(leader)

    def await_replicas(self, leader: Broker, number: RecordId) -> None:
        """The request of a record at the log's end waits in the purgatory (`DelayedProduce`)."""
        self.waiting[number] = Waiting(leader, len(self.log[leader]))

    @action
    def consume(self, broker: Broker) -> None:
        """The consumer reads its next record, where it lies below the high watermark."""
        require(self.leads(broker) or self.read_from_followers)
        require(len(self.read) < self.high_watermark[broker])
        self.read += (self.log[broker][len(self.read)],)

    # Fetches.

    @action
    def fetch_records(self, follower: Broker, leader: Broker) -> None:
        """A follower fetches, and the leader answers; the answer is under way."""
        require(not self.late_requests, self.may_fetch(follower, leader))
        self.answer(follower, leader, self.request(follower))

    @action
    def send_fetch(self, follower: Broker, leader: Broker) -> None:
        """The same in two steps: the request is under way."""
        require(self.late_requests, self.may_fetch(follower, leader))
        self.fetch[follower][leader] = self.request(follower)

    @action
    def answer_fetch(self, follower: Broker, leader: Broker) -> None:
        """The request arrives; one that the leader refuses is lost."""
        require(self.late_requests, leader != follower, self.fetch[follower][leader] is not None)
        request = some(self.fetch[follower][leader])
        require(request.answer is None)
        self.answer(follower, leader, request)

    def may_fetch(self, follower: Broker, leader: Broker) -> bool:
        """Whether the follower's fetcher is idle; there is one for each leader."""
        return (
            leader == self.local_leader[follower]
            and leader != follower
            and not self.must_truncate[follower]
            and self.fetch[follower][leader] is None
        )

    def request(self, follower: Broker) -> Fetch:
        """`AbstractFetcherThread.buildFetch`: since 2.7, with the last epoch of the log."""
        says_epoch = self.truncation == Truncation.ON_FETCH
        return Fetch(
            self.local_epoch[follower],
            len(self.log[follower]),
            self.last_fetched_epoch(follower) if says_epoch else -1,
            False,
            None,
        )

    def last_fetched_epoch(self, follower: Broker) -> CachedEpoch:
        """`PartitionFetchState.lastFetchedEpoch`."""
        return self.cached_epoch[follower]

    def answer(self, follower: Broker, leader: Broker, request: Fetch) -> None:
        """`Partition.fetchRecords`, then `updateFollowerFetchState`."""
        require(self.leads(leader))
        is_checked = self.epoch_in_fetch_session or follower not in self.sessions[leader]
        is_fenced = self.fetch_epoch_check and is_checked
        require(not is_fenced or request.epoch == self.local_epoch[leader])
        if not self.epoch_in_fetch_session:
            self.sessions[leader] |= {follower}
        diverging: EpochEnd | None = None
        if request.last_epoch >= 0:
            diverging = self.divergence(leader, request.last_epoch, request.offset)
        require(diverging is not None or request.offset <= len(self.log[leader]))
        has_record = diverging is None and request.offset < len(self.log[leader])
        answer = Answer(
            self.log[leader][request.offset] if has_record else None,
            self.high_watermark[leader] if diverging is None or not self.truncate_before_hw else 0,
            diverging,
        )
        if self.late_requests or self.changes(follower, answer):
            self.fetch[follower][leader] = Fetch(request.epoch, request.offset, -1, False, answer)
        if diverging is None or not self.skip_update_on_divergence:
            if self.fetch_update_atomic:
                self.note_fetch(leader, follower, request.offset, request.is_outdated)
            else:
                self.late_note[leader][follower] = request.offset

    @action
    def note_late(self, leader: Broker, follower: Broker) -> None:
        """N2: the thread that took the fetch goes on; the epoch may be another one by now."""
        require(not self.fetch_update_atomic, self.late_note[leader][follower] >= 0)
        offset = self.late_note[leader][follower]
        self.late_note[leader][follower] = -1
        if self.leads(leader):
            self.note_fetch(leader, follower, offset, False)

    def changes(self, follower: Broker, answer: Answer) -> bool:
        """Whether an answer will change the follower; if not, it may as well have been applied."""
        return (
            answer.record is not None
            or answer.diverging is not None
            or answer.high_watermark != self.high_watermark[follower]
        )

    def note_fetch(
        self, leader: Broker, follower: Broker, offset: Offset, is_outdated: bool
    ) -> None:
        """`Partition.updateFollowerFetchState`: the log end, maybe the ISR, the high watermark."""
        self.known_end[leader][follower] = offset
        if is_outdated:
            self.outdated[leader] |= {follower}
        else:
            self.outdated[leader] -= {follower}
        self.maybe_expand(leader, follower)
        self.advance_high_watermark(leader)

    def maybe_expand(self, leader: Broker, follower: Broker) -> None:
        """`Partition.maybeExpandIsr`: a follower that has caught up is proposed for the ISR."""
        if self.has_caught_up(leader, follower) and self.may_expand(leader, follower):
            self.propose(leader, self.local_isr[leader] | {follower})

    def has_caught_up(self, leader: Broker, follower: Broker) -> bool:
        """`Partition.isFollowerInSync`."""
        end = self.known_end[leader][follower]
        return end >= self.high_watermark[leader] and (
            not self.leso_check or end >= self.epoch_start(leader)
        )

    def may_expand(self, leader: Broker, follower: Broker) -> bool:
        """Whether the follower is outside the ISR, and no other change of it is under way."""
        return (
            follower not in self.local_isr[leader]
            and len(self.pending_isr[leader]) == 0
            and self.alter[leader] is None
        )

    def propose(self, leader: Broker, isr: frozenset[Broker]) -> None:
        """`Partition.submitAlterPartition`."""
        self.pending_isr[leader] = isr
        self.alter[leader] = AlterPartition(
            self.local_epoch[leader],
            self.local_version[leader],
            isr,
            self.outdated[leader] & isr,
            Outcome.SENT,
            0,
        )

    @action
    def apply_fetch(self, follower: Broker, leader: Broker) -> None:
        """`AbstractFetcherThread.processFetchRequest`: the follower truncates, or appends."""
        require(leader == self.local_leader[follower], leader != follower)
        found = self.fetch[follower][leader]
        require(found is not None)
        answered = some(found)
        require(answered.answer is not None, answered.offset == len(self.log[follower]))
        require(not self.match_response_epoch or answered.epoch == self.local_epoch[follower])
        require(not self.must_truncate[follower])
        answer = some(answered.answer)
        high_watermark = min(answer.high_watermark, len(self.log[follower]))
        if answer.diverging is None:
            self.fetch[follower][leader] = None
            self.append(follower, answer)
        elif self.high_watermark[follower] < high_watermark:
            # Before KAFKA-14704: first the high watermark, and only then the log's end.
            self.high_watermark[follower] = high_watermark
        else:
            self.fetch[follower][leader] = None
            end = some(answer.diverging)
            self.truncate(follower, self.truncation_offset(follower, end))

    def append(self, follower: Broker, answer: Answer) -> None:
        """`ReplicaFetcherThread.processPartitionData`; the high watermark may go back."""
        if answer.record is not None:
            self.log[follower] += (some(answer.record),)
            self.cached_epoch[follower] = some(answer.record).epoch
        self.high_watermark[follower] = min(answer.high_watermark, len(self.log[follower]))

    @action
    def lose_fetch(self, follower: Broker, leader: Broker) -> None:
        """A connection breaks, or the leader refuses, or the answer is not wanted any more.

        Where requests take no time and old answers are dropped, nothing is lost by not losing any.
        """
        require(self.late_requests or not self.match_response_epoch, leader != follower)
        self.fetch[follower][leader] = None

    @action
    def truncate_to_epoch_end(self, follower: Broker, leader: Broker) -> None:
        """Before 2.7: the follower asks where its last epoch ends, and cuts its log there.

        `AbstractFetcherThread.truncateToEpochEndOffsets`. A leader that does not know the epoch
        leaves only the follower's own high watermark.
        """
        require(self.truncation == Truncation.LEADER_EPOCH, self.must_truncate[follower])
        require(leader != follower, leader == self.local_leader[follower])
        require(self.leads(leader))
        require(
            not self.truncation_epoch_check
            or self.local_epoch[leader] == self.local_epoch[follower]
        )
        end = self.end_of_epoch(leader, self.cached_epoch[follower])
        if end is None:
            self.must_truncate[follower] = False
            self.truncate(follower, self.high_watermark[follower])
        else:
            own = self.end_of_epoch(follower, some(end).epoch)
            self.must_truncate[follower] = own is not None and some(own).epoch != some(end).epoch
            self.truncate(follower, self.truncation_offset(follower, some(end)))

    # Changes of the ISR.

    @action(budget="Shrink")
    def shrink_isr(self, leader: Broker, follower: Broker) -> None:
        """`Partition.maybeShrinkIsr`: the leader gives up on a follower that lags."""
        require(self.leads(leader), follower in self.local_isr[leader], follower != leader)
        require(self.known_end[leader][follower] != len(self.log[leader]))
        require(len(self.pending_isr[leader]) == 0, self.alter[leader] is None)
        self.propose(leader, self.local_isr[leader] - {follower})

    @action
    def handle_alter_partition(self, leader: Broker) -> None:
        """`ReplicationControlManager.validateAlterPartitionData`.

        A refusal leaves the change pending until metadata come, so nothing is replied to it here.
        """
        found = self.alter[leader]
        require(found is not None)
        request = some(found)
        require(request.outcome == Outcome.SENT)
        is_old = self.partition_epoch_check and request.version != self.partition_epoch
        if request.leader_epoch != self.leader_epoch or self.leader != leader or is_old:
            self.alter[leader] = None
        elif (self.isr_eligibility and len(request.isr & self.fenced) > 0) or (
            self.broker_epoch_check and len(request.outdated) > 0
        ):
            self.alter[leader] = replace(request, outcome=Outcome.INELIGIBLE)
        else:
            self.change_partition(leader, request.isr, False)
            self.alter[leader] = replace(
                request, outcome=Outcome.APPLIED, new_version=self.partition_epoch
            )

    @action
    def hear_alter_partition(self, leader: Broker) -> None:
        """`Partition.handleAlterPartitionUpdate` and `handleAlterPartitionError`.

        The reply says nothing to a leader whose pending change is another one by now.
        """
        found = self.alter[leader]
        require(found is not None)
        reply = some(found)
        require(reply.outcome != Outcome.SENT)
        self.alter[leader] = None
        is_awaited = (
            self.leads(leader)
            and self.pending_isr[leader] == reply.isr
            and self.local_version[leader] == reply.version
            and self.local_epoch[leader] == reply.leader_epoch
        )
        if is_awaited and reply.outcome == Outcome.INELIGIBLE:
            self.pending_isr[leader] = frozenset()
        if is_awaited and reply.outcome == Outcome.APPLIED:
            self.pending_isr[leader] = frozenset()
            self.local_isr[leader] = reply.isr
            self.local_version[leader] = reply.new_version
            self.is_metadata_behind[leader] = True
            self.advance_high_watermark(leader)

    # The controller, and its metadata.

    @action
    def deliver_metadata(self, broker: Broker, version: Version) -> None:
        """`ReplicaManager.applyDelta`: any newer version may be the next that a broker sees.

        `MetadataLoader` publishes what it has read as one delta, so versions in between are merged
        (`TopicDelta.replay`).
        """
        require(self.is_news(broker, version))
        self.learn(broker, some(self.metadata[version]), version)
        self.forget_old_metadata()

    @action(budget="Election")
    def elect(self, broker: Broker) -> None:
        """An election of an ISR member: preferred, or for a controlled shutdown or reassignment.

        Each is a new leader epoch, even if the leader stays (`PartitionRegistration.merge`).
        """
        require(self.is_electable(broker))
        require(self.leader != broker or self.bump_without_change)
        self.change_partition(broker, self.isr, True)

    @action(budget="Fence")
    def fence(self, broker: Broker, successor: Broker | None) -> None:
        """`ReplicationControlManager.handleBrokerFenced`: the broker is held for dead, or is."""
        require(broker not in self.fenced)
        self.fenced |= {broker}
        self.remove_broker(broker, successor)

    @action(budget="Fence")
    def fence_together(self, one: Broker, other: Broker) -> None:
        """Before KAFKA-13173: the second change is computed from the ISR before the first."""
        require(not self.fence_one_at_a_time, one != other)
        require(one in self.isr - self.fenced, other in self.isr - self.fenced)
        require(self.leader != one, self.leader != other)
        self.fenced |= {one, other}
        isr = self.isr
        self.change_partition(self.leader, isr - {one}, False)
        self.change_partition(self.leader, isr - {other}, False)

    @action
    def unfence(self, broker: Broker) -> None:
        """`ReplicationControlManager.handleBrokerUnfenced`: it may lead what nobody leads."""
        require(broker in self.fenced)
        self.fenced -= {broker}
        if self.leader is None:
            self.elect_returned(broker)

    def elect_returned(self, broker: Broker) -> None:
        """The broker that came back leads, if it may."""
        if broker in self.isr:
            self.change_partition(broker, self.isr, True)
