"""MirrorMaker 2 carries a group's offsets to another cluster, where the group goes on: with faults.

What it models: the mirrored partition of `mm2_base`, and what may go wrong with it. The source task
crashes and begins again where it has stored that it was: at least once. A sync is lost, or late.
The checkpoint task restarts, with or without its old checkpoints, and finds what compaction left of
the syncs topic: any part of it that has the last sync. The source is compacted, or lost for good;
the group is set back. On the target records vanish in an unclean election, and others take their
offsets.

What it leaves out, and why that is sound: several partitions and groups (nothing connects them);
several records per poll and several syncs in flight (the steps one by one are as many prefixes);
records that a transformation drops (like a gap: no copy, no sync); the network (a late message is
one not read yet); retention on the source (a gap at the beginning). Only groups that have
committed, at least offset 0, are meant. Group offset sync is in `mm2_group_sync`, failback in
`mm2_failback`, loops in `mm2_cycles`, a planned failover without faults in `mm2_accuracy`.

Sources (Kafka 4.0, connect/mirror/src/main/java/org/apache/kafka/connect/mirror/): as named at the
actions. `poll` is MirrorMaker 1 before KAFKA-3965.
"""

from checker import Scope, action, require
from specs.mm2_base import Entry, Loading, MirroredPartition
from specs.mm2_store import SourceOffset, TargetOffset


class Mm2Offsets(MirroredPartition):
    """One mirrored partition, the two tasks, one group, its failover, and what may go wrong."""

    scope = Scope(
        Crash=1, SyncLoss=1, MissedSync=1, LoadFailure=0, Rewind=0, Compaction=0, TargetUnclean=0,
        SourceLoss=0,
    )  # fmt: skip

    @action(budget="Compaction")
    def compact(self, offset: SourceOffset) -> None:
        """The cleaner removes a record, never the last one (it is in the active segment)."""
        require(self.is_running(), offset + 1 < len(self.source))
        require(self.source[offset] == Entry.RECORD)
        self.source = tuple(
            Entry.GAP if o == offset else self.source[o] for o in range(len(self.source))
        )

    @action(budget="Rewind")
    def rewind(self, offset: SourceOffset) -> None:
        """Somebody sets the group back, to read again."""
        require(self.is_running(), offset < self.group)
        self.group = offset

    @action(budget="SyncLoss")
    def lose_sync(self) -> None:
        """Sending a sync fails: this is only logged (`OffsetSyncWriter.sendOffsetSync`)."""
        require(self.is_running(), self.loading == Loading.DONE, self.read < len(self.syncs))
        self.syncs = self.syncs[: len(self.syncs) - 1]

    @action(budget="Crash")
    def crash(self) -> None:
        """The source task begins again where its stored offset is (`initializeConsumer`)."""
        require(self.is_running())
        if not self.exactly_once:
            self.position = self.stored
        self.polled = 0 if self.commit_after_ack else self.stored
        self.last = None
        self.last_synced = None
        self.delayed = False

    @action
    def poll(self) -> None:
        """MirrorMaker 1 counted a record as done when it was handed to the producer, not acked."""
        require(self.is_running(), not self.commit_after_ack, self.has_record_from(self.polled))
        self.polled = self.next_record(self.polled) + 1

    @action(budget="TargetUnclean")
    def truncate_target(self, kept: TargetOffset) -> None:
        """An unclean election on the target: the tail is gone, its offsets are free."""
        require(self.is_running(), self.target_unclean, kept < len(self.target))
        self.target = self.target[:kept]

    @action(budget="MissedSync")
    def miss_compacted_sync(self) -> None:
        """A sync that was compacted away is not read again after a restart."""
        require(self.is_running(), self.loading != Loading.DONE, self.read + 1 < len(self.syncs))
        self.read += 1

    @action(budget="LoadFailure")
    def restart_without_checkpoints(self) -> None:
        """The checkpoint task starts, and cannot read its old checkpoints (`loadSuccess`)."""
        require(self.is_running())
        self.start(False)

    @action(budget="SourceLoss")
    def lose_source(self) -> None:
        """The source is gone for good: nothing more is copied, and the group fails over."""
        require(self.is_running(), self.checkpoint is not None)
        self.resumed = self.failover_position()
        self.source_is_lost = True
