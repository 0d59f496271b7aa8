"""MirrorMaker 2, one partition without faults: copying, syncs, checkpoints, and a group's failover.

The source's log has gaps (transaction markers, compacted records), so offsets differ on the target.
The source task copies records and stores how far it came. It tells pairs of offsets in *syncs*, by
a rule that skips most of them. The checkpoint task reads the syncs into its store (`mm2_store`),
translates what the group committed on the source, and emits *checkpoints*, from which a group that
fails over takes its position on the target. What may go wrong is in `mm2_offsets`; what the model
leaves out is said there.

Sources (Kafka 4.0, connect/mirror/src/main/java/org/apache/kafka/connect/mirror/): as named at the
actions and helpers.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import MaxLen, Range, Scope, Setting, Upto, action, require, some
from specs.mm2_store import OffsetSyncStore, SourceOffset, Sync, TargetOffset


class Entry(Enum):
    """What is at an offset of the source."""

    RECORD = "record"
    GAP = "gap"  # nothing that a consumer gets: a transaction marker, or compacted


class Loading(Enum):
    """Whether the checkpoint task still reads the syncs that were there when it started."""

    DONE = "done"
    WITH_CHECKPOINTS = "with checkpoints"  # its own earlier checkpoints are known to it again
    WITHOUT_CHECKPOINTS = "without checkpoints"


class Reset(Enum):
    """`auto.offset.reset`: where a consumer begins that has no usable offset."""

    EARLIEST = "earliest"
    LATEST = "latest"


@dataclass(frozen=True)
class Checkpoint:
    """Who has committed `up` on the source may go on at `down` on the target."""

    up: SourceOffset
    down: TargetOffset


class MirroredPartition(OffsetSyncStore):
    """One mirrored partition, the two tasks, one group, and its failover."""

    abstract = True
    scope = Scope(Source=3, Gap=3, Target=3, Sync=3, TaskRestart=1)

    read_syncs_to_end: Setting[bool] = True
    checkpoint_zero: Setting[bool] = True
    checkpoint_store: Setting[bool] = True
    monotone_checkpoints: Setting[bool] = True
    promote_delayed_syncs: Setting[bool] = True
    commit_after_ack: Setting[bool] = True
    exactly_once: Setting[bool] = False
    """`exactly.once.source.support`: what is copied and how far is stored in one transaction."""
    target_unclean: Setting[bool] = False
    auto_offset_reset: Setting[Reset] = Reset.EARLIEST
    offset_lag_max: Setting[Annotated[int, Range(0, 3)]] = 2
    """`offset.lag.max`, 100 in Kafka: how far translation may lag before a sync is urgent."""

    # The two logs. An entry of the target is the offset that the record has on the source.
    source: Annotated[tuple[Entry, ...], MaxLen("Source")]
    target: Annotated[tuple[SourceOffset, ...], MaxLen("Target")]

    # The source task: what it has acknowledged and stored, and its memory of syncs.
    position: SourceOffset
    stored: SourceOffset
    polled: SourceOffset  # used without `commit_after_ack` only
    last: Sync | None  # the last pair of this lifetime
    last_synced: TargetOffset | None
    delayed: bool  # the last pair waits for the next flush

    # The syncs topic, how far the checkpoint task has read it, and what it remembers.
    syncs: Annotated[tuple[Sync, ...], MaxLen("Sync")]
    read: Annotated[int, Upto("Sync")]
    loading: Loading
    checkpoint: Checkpoint | None  # the last in the checkpoints topic
    is_known: bool = True  # the task knows that checkpoint

    # The group: what it committed on the source (last, and ever), and where it goes on, once failed
    # over.
    group: SourceOffset
    furthest: SourceOffset
    resumed: TargetOffset | None
    source_is_lost: bool

    # The source cluster.

    @action
    def produce(self) -> None:
        """A record is appended to the source's log."""
        require(self.is_running())
        self.source += (Entry.RECORD,)

    @action(budget="Gap")
    def end_transaction(self) -> None:
        """A transaction ends: its marker takes an offset that no consumer gets to see."""
        require(self.is_running())
        self.source += (Entry.GAP,)

    @action
    def commit(self, offset: SourceOffset) -> None:
        """The group has read on, and commits: the offset after any entry, gaps included."""
        require(self.is_running(), self.group < offset <= len(self.source))
        self.group = offset
        self.furthest = max(self.furthest, offset)

    # The source task.

    @action
    def mirror(self) -> None:
        """The next record is acknowledged by the target (`MirrorSourceTask.commitRecord`)."""
        require(self.is_running(), self.has_record_from(self.position))
        up = self.next_record(self.position)
        require(self.commit_after_ack or up < self.polled)
        pair = Sync(up, len(self.target))
        urgent = self.is_urgent(pair)
        self.target += (up,)
        self.position = up + 1
        self.last = pair
        self.delayed = not urgent
        if urgent:
            self.last_synced = pair.down
            self.syncs += (pair,)

    @action
    def store_offset(self) -> None:
        """Connect stores the last acknowledged offset (`WorkerSourceTask.commitOffsets`)."""
        require(self.is_running(), not self.exactly_once)
        self.stored = self.position if self.commit_after_ack else self.polled

    @action
    def flush_syncs(self) -> None:
        """With the same interval the delayed pair is sent (`promoteDelayedOffsetSyncs`)."""
        require(self.is_running(), self.promote_delayed_syncs, self.delayed)
        self.delayed = False
        self.syncs += (some(self.last),)

    # The checkpoint task.

    @action
    def read_sync(self) -> None:
        """The store takes in the next sync (`OffsetSyncStore.handleRecord`)."""
        require(self.is_running(), self.read < len(self.syncs))
        only_last = self.loading == Loading.WITHOUT_CHECKPOINTS
        self.slots = self.updated(self.syncs[self.read], only_last)
        self.read += 1

    @action
    def finish_loading(self) -> None:
        """The syncs are read to their end (`OffsetSyncStore.start`): `readToEnd`."""
        require(self.is_running(), self.loading != Loading.DONE, self.read == len(self.syncs))
        self.loading = Loading.DONE

    @action
    def emit_checkpoint(self) -> None:
        """What the group committed is translated (`MirrorCheckpointTask.checkpointsForGroup`)."""
        require(self.is_running(), self.would_emit())
        self.checkpoint = Checkpoint(self.group, self.translated(self.group))
        self.is_known = True

    @action(budget="TaskRestart")
    def restart(self) -> None:
        """The checkpoint task starts, and reads its old checkpoints (`CheckpointStore.start`)."""
        require(self.is_running())
        self.start(self.checkpoint_store)

    # Failover.

    @action
    def fail_over(self) -> None:
        """The group goes on at the checkpoint (`MirrorClient.remoteConsumerOffsets`).

        Without one, or past the end, its reset policy decides; to rely on `latest`, an operator
        waits until all is copied, synced and checkpointed.
        """
        require(self.is_running())
        if self.auto_offset_reset == Reset.LATEST:
            require(self.checkpoint is not None or self.is_drained())
        self.resumed = self.failover_position()

    # What they share.

    def failover_position(self) -> TargetOffset:
        """Where a group begins on the target: at its checkpoint, if it has one, within the log."""
        reset = 0 if self.auto_offset_reset == Reset.EARLIEST else len(self.target)
        down = reset if self.checkpoint is None else some(self.checkpoint).down
        return down if down <= len(self.target) else reset

    def is_running(self) -> bool:
        """Whether the group is still on the source. Its failover ends the behaviour."""
        return self.resumed is None

    def has_record_from(self, offset: SourceOffset) -> bool:
        """Whether the source has a record at the offset or later."""
        return any(entry == Entry.RECORD for entry in self.source[offset:])

    def next_record(self, offset: SourceOffset) -> SourceOffset:
        """The offset of the first record there, if any."""
        return next(
            (o for o in range(offset, len(self.source)) if self.source[o] == Entry.RECORD), 0
        )

    def is_urgent(self, pair: Sync) -> bool:
        """Whether a sync is sent at once (`OffsetSyncWriter.PartitionState.update`)."""
        return (
            self.last is None
            or self.last_synced is None
            or pair.down - (some(self.last_synced) + 1) >= self.offset_lag_max
            or pair.up - some(self.last).up != 1
            or pair.down < some(self.last).down
        )

    def start(self, loaded: bool) -> None:
        """The checkpoint task begins with an empty store, with or without its old checkpoints."""
        self.slots = ()
        self.read = 0
        self.loading = Loading.WITH_CHECKPOINTS if loaded else Loading.WITHOUT_CHECKPOINTS
        self.is_known = loaded

    def would_emit(self) -> bool:
        """Whether the task, as it is now, would emit a checkpoint for the group."""
        return (
            (self.loading == Loading.DONE or not self.read_syncs_to_end)
            and self.is_translatable(self.group)
            and (self.translated(self.group) > 0 or self.checkpoint_zero)
            and self.is_news(self.translated(self.group))
        )

    def is_news(self, down: TargetOffset) -> bool:
        """Whether a checkpoint may follow the last one (`checkpointIsMoreRecent`)."""
        if not self.monotone_checkpoints or not self.is_known or self.checkpoint is None:
            return True
        return self.group < some(self.checkpoint).up or down > some(self.checkpoint).down

    def is_drained(self) -> bool:
        """Whether nothing is left to do: all copied, all syncs sent and read, all checkpointed."""
        return (
            not self.has_record_from(self.position)
            and not (self.delayed and self.promote_delayed_syncs)
            and self.read == len(self.syncs)
            and self.loading == Loading.DONE
            and not self.would_emit()
        )

    def skips(self, group: SourceOffset, position: TargetOffset) -> bool:
        """Whether a record that a group has not read was copied, but only before this position.

        What the source task will copy again, and so further on, is not skipped while it can.
        """
        return any(
            self.source[offset] == Entry.RECORD
            and offset in self.target
            and (offset < self.position or self.source_is_lost)
            and offset not in self.target[position:]
            for offset in range(group, len(self.source))
        )
