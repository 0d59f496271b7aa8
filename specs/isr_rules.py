"""The rules that the actions of `specs.isr` share: epochs, truncation, high watermark, metadata."""

from checker import require, some
from specs.isr_base import (
    AlterPartition,
    Broker,
    CachedEpoch,
    EpochAnswer,
    EpochEnd,
    IsrBase,
    Offset,
    Outcome,
    RecordId,
    Reelection,
    Registration,
    Truncation,
    Version,
)


class IsrRules(IsrBase):
    """What leaders, followers and the controller do when something reaches them."""

    abstract = True

    def leads(self, broker: Broker) -> bool:
        """Whether the broker believes that it leads."""
        return self.local_leader[broker] == broker

    def minimum(self) -> int:
        """`ReplicationControlManager.getTopicEffectiveMinIsr`."""
        return min(self.min_insync_replicas, len(Broker))

    def local_minimum(self, broker: Broker) -> int:
        """`Partition.effectiveMinIsr`: the same, as a broker knows it."""
        return min(self.min_insync_replicas, len(Broker))

    def holds(self, broker: Broker, number: RecordId) -> bool:
        """Whether the record is in the broker's log."""
        return any(record.id == number for record in self.log[broker])

    def electable(self) -> frozenset[Broker]:
        """Whom an election may choose from, once they are active: the ISR."""
        return self.isr

    # The leader epoch cache, and truncation.

    def epoch_start(self, broker: Broker) -> Offset:
        """Where a leader's own epoch starts in its log: its log end when it was elected."""
        return min(
            (
                offset
                for offset in range(len(self.log[broker]))
                if self.log[broker][offset].epoch == self.local_epoch[broker]
            ),
            default=len(self.log[broker]),
        )

    def end_of_epoch(self, broker: Broker, epoch: CachedEpoch) -> EpochEnd | None:
        """`LeaderEpochFileCache.endOffsetFor`: where the largest epoch up to this one ends.

        None if the cache ends before the epoch. The log stands for the cache; `cached_epoch` adds
        an entry at its end. If no entry is at or below the epoch, it ends where the log starts.
        """
        log = self.log[broker]
        if self.cached_epoch[broker] == epoch:
            return EpochEnd(epoch, len(log))
        if self.cached_epoch[broker] < epoch:
            return None
        end = min(
            (offset for offset in range(len(log)) if log[offset].epoch > epoch), default=len(log)
        )
        if end == 0 or self.epoch_answer == EpochAnswer.OFFSET_ONLY:
            return EpochEnd(epoch, end)
        return EpochEnd(log[end - 1].epoch, end)

    def divergence(
        self, leader: Broker, last_epoch: CachedEpoch, offset: Offset
    ) -> EpochEnd | None:
        """`Partition.readRecords`: where a log that ends so leaves the leader's, if it does.

        If the leader does not know the epoch, the follower learns only its log end
        (`OFFSET_OUT_OF_RANGE`, `AbstractFetcherThread.fetchOffsetAndTruncate`).
        """
        end = self.end_of_epoch(leader, last_epoch)
        if end is None:
            known = min(offset, len(self.log[leader]))
            return EpochEnd(last_epoch, known) if known < offset else None
        return end if some(end).epoch < last_epoch or some(end).offset < offset else None

    def truncation_offset(self, follower: Broker, end: EpochEnd) -> Offset:
        """`AbstractFetcherThread.getOffsetTruncationState`: how much of the log is common."""
        own = self.end_of_epoch(follower, end.epoch)
        if own is None:
            return min(end.offset, len(self.log[follower]))
        if some(own).epoch == end.epoch:
            return min(some(own).offset, end.offset, len(self.log[follower]))
        return min(some(own).offset, len(self.log[follower]))

    def truncate(self, broker: Broker, offset: Offset) -> None:
        """`UnifiedLog.truncateTo`. An epoch without records goes even if no record does."""
        self.log[broker] = self.log[broker][:offset]
        self.cached_epoch[broker] = -1 if len(self.log[broker]) == 0 else self.log[broker][-1].epoch
        self.high_watermark[broker] = min(self.high_watermark[broker], offset)

    # The high watermark, and what waits for it.

    def counted_isr(self, leader: Broker) -> frozenset[Broker]:
        """Whom the high watermark waits for: `PartitionState.maximalIsr`."""
        isr = self.local_isr[leader]
        pending = self.pending_isr[leader]
        if len(pending) == 0:
            return isr
        if self.shrink_optimistic and pending < isr:
            return pending
        return isr | pending if self.maximal_isr else isr

    def advance_high_watermark(self, leader: Broker) -> None:
        """`Partition.maybeIncrementLeaderHW`, then `tryCompleteDelayedRequests`.

        Kafka waits for replicas outside the ISR too that have caught up a moment ago. That only
        delays, for `replica.lag.time.max.ms`, and there is no time here.
        """
        candidate = min(
            (
                len(self.log[leader]) if member == leader else self.known_end[leader][member]
                for member in Broker
                if member in self.counted_isr(leader)
            ),
            default=-1,
        )
        is_large = len(self.local_isr[leader]) >= self.local_minimum(leader)
        may_move = is_large or not self.strict_min_isr_hw
        if may_move and candidate > self.high_watermark[leader]:
            self.high_watermark[leader] = candidate
            self.complete_waiting(leader)

    def complete_waiting(self, leader: Broker) -> None:
        """`Partition.checkEnoughReplicasReachOffset`: it compares offsets, and no epochs."""
        done = frozenset(
            number
            for number in self.waiting
            if self.waits_at(number, leader)
            and some(self.waiting[number]).offset < self.high_watermark[leader]
        )
        if len(self.counted_isr(leader)) >= self.local_minimum(leader):
            self.acked |= done
        self.waiting = {
            number: None if number in done else self.waiting[number] for number in self.waiting
        }

    def waits_at(self, number: RecordId, broker: Broker) -> bool:
        """Whether the produce request of this record waits in the broker's purgatory."""
        waiting = self.waiting[number]
        return waiting is not None and waiting.broker == broker

    def empty_purgatory(self, broker: Broker) -> None:
        """Whoever waits there learns nothing: an error, or no answer at all."""
        self.waiting = {
            number: None if self.waits_at(number, broker) else self.waiting[number]
            for number in self.waiting
        }

    # Metadata.

    def registration(self) -> Registration:
        """The partition as the controller has it now; the first of its epoch or not."""
        return Registration(self.leader, self.leader_epoch, self.isr, False)

    def change_partition(self, leader: Broker | None, isr: frozenset[Broker], bump: bool) -> None:
        """A PartitionChangeRecord: each is a new version, and one with a leader a new epoch."""
        self.before_change(leader, isr)
        self.partition_epoch += 1
        if bump:
            self.leader_epoch += 1
        self.leader = leader
        self.isr = isr
        self.metadata[self.partition_epoch] = Registration(leader, self.leader_epoch, isr, bump)
        self.forget_old_metadata()
        if self.partition_epoch_check:
            self.alter = {leader: self.unless_sent(leader) for leader in self.alter}

    def before_change(self, leader: Broker | None, isr: frozenset[Broker]) -> None:
        """What else changes with the leader and the ISR: here, nothing."""

    def unless_sent(self, leader: Broker) -> AlterPartition | None:
        """What is left of a request once the version is another: the controller will refuse it."""
        found = self.alter[leader]
        return None if found is None or some(found).outcome == Outcome.SENT else found

    def forget_old_metadata(self) -> None:
        """A version that is news to nobody is the same as none."""
        self.metadata = {
            version: self.metadata[version]
            if any(self.is_news(broker, version) for broker in Broker)
            else None
            for version in self.metadata
        }

    def is_news(self, broker: Broker, version: Version) -> bool:
        """Whether the broker would act on this version, if it came next.

        A follower acts on new leader epochs only, and all versions of an epoch are the same to it
        (`Partition.makeFollower`). A leader acts on every version that is not older than what it
        knows (`Partition.makeLeader`): on the same one too, if it knows it by a reply.
        """
        found = self.metadata[version]
        if found is None:
            return False
        if found.leader_epoch > self.local_epoch[broker]:
            return found.starts_epoch or found.leader == broker
        if not self.leads(broker) or found.leader_epoch < self.local_epoch[broker]:
            return False
        if version == self.local_version[broker]:
            return self.is_metadata_behind[broker]
        return version > self.local_version[broker]

    def become_leader(self, broker: Broker, found: Registration, version: Version) -> None:
        """`Partition.makeLeader`, with `Replica.resetReplicaState`."""
        is_new_leader = not self.leads(broker)
        if found.leader_epoch > self.local_epoch[broker]:
            if is_new_leader or self.forgets_ends(found.leader_epoch - self.local_epoch[broker]):
                self.forget_followers(broker)
            self.local_epoch[broker] = found.leader_epoch
            if self.assign_epoch_on_election:
                self.cached_epoch[broker] = found.leader_epoch
        repeats = version == self.local_version[broker] and not is_new_leader
        if not (self.keep_pending_on_same_version and repeats):
            self.pending_isr[broker] = frozenset()
        self.local_isr[broker] = found.isr
        self.local_version[broker] = version
        self.is_metadata_behind[broker] = False
        self.local_leader[broker] = broker
        self.must_truncate[broker] = False
        self.forget_answers(broker)
        if len(self.pending_isr[broker]) == 0:
            self.forget_reply(broker)
        self.advance_high_watermark(broker)

    def forget_answers(self, broker: Broker) -> None:
        """A follower drops answers to fetches of an older epoch: they may as well be lost."""
        if self.match_response_epoch and not self.late_requests:
            self.fetch[broker] = {leader: None for leader in self.fetch[broker]}

    def forget_reply(self, broker: Broker) -> None:
        """A leader does not listen to a reply once nothing is pending."""
        found = self.alter[broker]
        if found is not None and some(found).outcome != Outcome.SENT:
            self.alter[broker] = None

    def forgets_ends(self, epochs: int) -> bool:
        """Whether a leader that is elected again after so many epochs forgets log ends (N1)."""
        if self.reelection == Reelection.KEEP_IF_NEXT:
            return epochs > 1
        return self.reelection == Reelection.RESET

    def forget_followers(self, broker: Broker) -> None:
        """The log ends and broker epochs of the followers are unknown."""
        self.known_end[broker] = {follower: -1 for follower in Broker}
        self.outdated[broker] = frozenset()

    def become_follower(self, broker: Broker, found: Registration) -> None:
        """`Partition.makeFollower`, `ReplicaManager.applyLocalFollowersDelta`; no leader is one."""
        if self.fail_pending_on_step_down:
            self.empty_purgatory(broker)
        is_same_leader = found.leader == self.local_leader[broker]
        self.local_leader[broker] = found.leader
        self.local_epoch[broker] = found.leader_epoch
        self.local_isr[broker] = frozenset()
        self.pending_isr[broker] = frozenset()
        self.local_version[broker] = 0
        self.is_metadata_behind[broker] = False
        self.forget_followers(broker)
        self.late_note[broker] = {follower: -1 for follower in Broker}
        self.forget_answers(broker)
        self.forget_reply(broker)
        if self.refetch_on_epoch_change or not is_same_leader:
            if self.truncation == Truncation.HIGH_WATERMARK:
                self.truncate(broker, self.high_watermark[broker])
            self.must_truncate[broker] = self.truncation == Truncation.LEADER_EPOCH

    def learn(self, broker: Broker, found: Registration, version: Version) -> None:
        """A broker acts on a version of the metadata."""
        if found.leader == broker:
            self.become_leader(broker, found, version)
        else:
            self.become_follower(broker, found)

    # Elections.

    def is_electable(self, broker: Broker) -> bool:
        """`PartitionChangeBuilder.isValidNewLeader`: in the ISR, and active."""
        return broker in self.isr and broker not in self.fenced

    def remove_broker(self, broker: Broker, successor: Broker | None) -> None:
        """The broker leaves the ISR, but for its last member; where it led, another is elected.

        `ReplicationControlManager.generateLeaderAndIsrUpdates`. Kafka takes the first candidate in
        the order of the replicas; here any may be the first.
        """
        isr = self.isr if self.isr == {broker} else self.isr - {broker}
        if self.leader != broker:
            require(successor == self.leader)
            if isr != self.isr:
                self.change_partition(self.leader, isr, False)
        else:
            others = frozenset(other for other in isr if other != broker and self.may_lead(other))
            require(successor is None if len(others) == 0 else successor in others)
            self.change_partition(successor, isr, True)

    def may_lead(self, broker: Broker) -> bool:
        """Whether the broker is active."""
        return broker not in self.fenced
