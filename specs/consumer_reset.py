"""A consumer's position after an unclean election, a rebalance, or the loss of its offsets.

What it models: one partition, by its leader's log; a record is known by its offset and its epoch.
An unclean election leaves a prefix of the log, and others take the free offsets. One consumer
reads, commits, loses its position in a rebalance, and takes it from where offsets are kept: its
group, or Kafka Connect's offset topic, which has no room for an epoch (so does MirrorMaker's
replication consumer). When it learns of a new leader, it asks whether its position is still on that
leader's log (KIP-320), if it knows an epoch for it; without usable position `auto.offset.reset`
decides.

What it leaves out: replication (an election may leave any prefix); a consumer that has not yet
heard of the new leader (it fetches nothing: FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH); retention
and compaction; several members (the partition has one owner at a time). The group committed offset
0 before it began.

Sources (Kafka 4.0): `SubscriptionState.maybeValidatePosition`, `maybeCompleteValidation` (clients);
`LeaderEpochFileCache.endOffsetFor` (storage); `GroupMetadata.removeExpiredOffsets` (core);
`MirrorUtils.wrapOffset`, `MirrorSourceTask.initializeConsumer` (connect/mirror).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import (
    MaxLen,
    Scope,
    Setting,
    Spec,
    Upto,
    action,
    invariant,
    reachable,
    require,
    some,
)


class Reset(Enum):
    """`auto.offset.reset`: where a consumer begins that has no usable offset."""

    EARLIEST = "earliest"
    LATEST = "latest"


class Retention(Enum):
    """Whose committed offsets the coordinator may delete."""

    UNSTABLE_TOO = "unstable_too"  # before KAFKA-13636: of a group that rebalances, too
    STABLE = "stable"


class Keeper(Enum):
    """Where the consumer's offsets are kept."""

    GROUP = "group"
    CONNECT = "connect"  # without an epoch


Epoch = Annotated[int, Upto("Epoch")]
MaybeEpoch = Annotated[int, Upto("Epoch", start=-1)]  # -1: not known
Offset = Annotated[int, Upto("Record")]


@dataclass(frozen=True)
class Record:
    """A record, known by its offset and the epoch of the leader that appended it."""

    offset: Annotated[int, Upto("Record", plus=-1)]
    epoch: Epoch


@dataclass(frozen=True)
class Position:
    """The next offset to read, and the epoch of the record before it, if known."""

    offset: Offset
    epoch: MaybeEpoch


class ConsumerReset(Spec):
    """The leader's log, and one consumer."""

    scope = Scope(Record=3, Epoch=2, Rebalance=2, Expiry=1)

    commit_with_epoch: Setting[bool] = True
    auto_offset_reset: Setting[Reset] = Reset.EARLIEST
    offset_retention: Setting[Retention] = Retention.STABLE
    position_keeper: Setting[Keeper] = Keeper.GROUP

    # The leader's log: the epochs of its records.
    log: Annotated[tuple[Epoch, ...], MaxLen("Record")]
    epoch: Epoch

    # The consumer. `known_epoch` is that of the leader that it has validated its position with.
    position: Position = Position(0, -1)
    known_epoch: MaybeEpoch
    is_rebalancing: bool
    committed: Position | None = Position(0, -1)
    seen: frozenset[Record]

    @action
    def append(self) -> None:
        """The leader appends a record, committed at once."""
        self.log += (self.epoch,)

    @action
    def elect(self, kept: Offset) -> None:
        """A replica with less of the log leads (unclean), or one with all of it."""
        require(kept <= len(self.log))
        self.epoch += 1
        self.log = self.log[:kept]

    @action
    def learn_leader(self) -> None:
        """The consumer learns of the leader's epoch, and validates its position if it can."""
        require(not self.is_rebalancing, self.known_epoch < self.epoch)
        self.known_epoch = self.epoch
        if self.position.epoch >= 0:
            end = self.end_of(self.position.epoch)
            if end < self.position.offset:
                self.position = Position(end, self.epoch_before(end))

    @action
    def fetch(self) -> None:
        """The consumer reads the next record."""
        require(self.is_fetching(), self.position.offset < len(self.log))
        offset = self.position.offset
        self.seen |= {Record(offset, self.log[offset])}
        self.position = Position(offset + 1, self.log[offset])

    @action
    def reset_out_of_range(self) -> None:
        """The position is past the end of the log: OFFSET_OUT_OF_RANGE, and the policy decides."""
        require(self.is_fetching(), self.position.offset > len(self.log))
        self.position = self.reset_position()

    @action
    def commit(self) -> None:
        """The consumer commits its position, with the epoch if there is room for it."""
        require(not self.is_rebalancing)
        has_room = self.commit_with_epoch and self.position_keeper == Keeper.GROUP
        self.committed = Position(self.position.offset, self.position.epoch if has_room else -1)

    @action(budget="Rebalance")
    def rebalance(self) -> None:
        """The group rebalances, or the task restarts: the position is forgotten."""
        require(not self.is_rebalancing)
        self.is_rebalancing = True
        self.position = Position(0, -1)
        self.known_epoch = -1

    @action
    def resume(self) -> None:
        """The partition's new owner begins where the offsets are kept, or by its policy."""
        require(self.is_rebalancing)
        self.is_rebalancing = False
        self.position = self.reset_position() if self.committed is None else some(self.committed)

    @action(budget="Expiry")
    def expire_offsets(self) -> None:
        """The coordinator deletes the offsets of a group that it takes for one without members."""
        require(self.offset_retention == Retention.UNSTABLE_TOO, self.is_rebalancing)
        self.committed = None

    # What they share.

    def is_fetching(self) -> bool:
        """Whether the leader takes the consumer's fetches."""
        return not self.is_rebalancing and self.known_epoch == self.epoch

    def end_of(self, epoch: Epoch) -> Offset:
        """Where the records of this epoch and earlier ones end (`endOffsetFor`)."""
        return next((o for o in range(len(self.log)) if self.log[o] > epoch), len(self.log))

    def epoch_before(self, end: Offset) -> MaybeEpoch:
        """The epoch of the record before an offset."""
        return self.log[end - 1] if end > 0 else -1

    def reset_position(self) -> Position:
        """The beginning or the end of the log."""
        is_latest = self.auto_offset_reset == Reset.LATEST
        return Position(len(self.log) if is_latest else 0, -1)

    # What is promised.

    @invariant
    def consumer_skips_nothing(self) -> bool:
        """A consumer that fetches has read every record before its position, as it is in the log.

        Who says so: KIP-320 ("log truncation detection"), and the documentation of committed
        offsets. Supposed to fail where no epoch is kept with an offset, and with `latest` where the
        offset itself is lost.
        """
        return not self.is_fetching() or all(
            Record(offset, self.log[offset]) in self.seen
            for offset in range(min(self.position.offset, len(self.log)))
        )

    @reachable
    def truncation_is_detected(self) -> bool:
        """A consumer reads two records at one offset: the first was lost in an election."""
        return any(
            one.offset == two.offset and one != two for one in self.seen for two in self.seen
        )

    @reachable
    def consumer_resumes_from_its_commit(self) -> bool:
        """After a rebalance the consumer goes on where it committed."""
        return (
            self.is_fetching()
            and self.position.offset > 0
            and self.committed == self.position
            and self.position.epoch < self.epoch
        )
