"""MirrorMaker 2 writes a group's translated offsets to the target cluster (`sync.group.offsets`).

What it models: one group and one partition. The checkpoint task knows the group's translated
offset, which grows while the group reads on the source. Two jobs run by turns on one thread:
*refresh* asks the target for the group's state, and keeps its committed offsets if the group is
EMPTY (no members); *sync* compares them with the checkpoint, and writes it. On the target the
coordinator refuses the write while the group has members. Members of the group on the target, which
somebody has started there early, join, read, commit and leave at any time.

The proposals: `state_tracked` also keeps the state that refresh has seen, and syncs only a group
seen without members (what PR #22610 for KAFKA-19794 is about); `cas`, which Kafka has no request
for, compares and writes in one step on the broker.

What it leaves out: several groups and partitions (nothing connects them); how the checkpoint comes
about, and that it may go back when the source group does (`mm2_offsets`); a lost request or answer
(a job that never gets as far); records (offsets say enough). So it is sound for what is asked here.

Sources: `MirrorCheckpointTask.refreshIdleConsumerGroupOffset`, `syncGroupOffset` (connect/mirror);
`OffsetMetadataManager.validateOffsetCommit` (UNKNOWN_MEMBER_ID), Kafka 4.0.
"""

from enum import Enum
from typing import Annotated

from checker import Scope, Setting, Spec, Upto, action, reachable, require, step_invariant


class SyncRule(Enum):
    """How the sync job decides whether to write."""

    SNAPSHOT = "snapshot"  # today's Kafka
    STATE_TRACKED = "state_tracked"
    CAS = "cas"


class Seen(Enum):
    """What the last refresh has seen of the group on the target, until the next sync."""

    NOTHING = "nothing"  # refresh has failed; or, to today's Kafka, any state but EMPTY
    EMPTY = "empty"  # no members, and offsets
    DEAD = "dead"  # no such group
    STABLE = "stable"  # members


Offset = Annotated[int, Upto("Offset", start=-1)]
"""An offset of the target; -1: none is committed, or known."""


class Mm2GroupSync(Spec):
    """The checkpoint, the group on the target, and the two jobs."""

    scope = Scope(Offset=2, Join=1, RefreshFailure=0)

    sync_rule: Setting[SyncRule] = SyncRule.SNAPSHOT

    checkpoint: Offset = -1

    # The group on the target.
    committed: Offset = -1
    has_members: bool

    # The jobs: what refresh has seen and kept, and what sync is about to write.
    seen: Seen
    snapshot: Offset = -1
    writing: Offset = -1
    refreshes_next: bool = True

    @action
    def advance_checkpoint(self, offset: Offset) -> None:
        """The group has read on, on the source: `emit_checkpoint` of `mm2_offsets`."""
        require(offset > self.checkpoint)
        self.checkpoint = offset

    @action(budget="Join")
    def join(self) -> None:
        """A consumer of the group starts on the target."""
        require(not self.has_members)
        self.has_members = True

    @action
    def read_on(self, offset: Offset) -> None:
        """The consumer on the target commits: it never goes back of itself."""
        require(self.has_members, offset > self.committed)
        self.committed = offset

    @action
    def leave(self) -> None:
        """The consumer on the target stops."""
        require(self.has_members)
        self.has_members = False

    @action
    def refresh(self) -> None:
        """Keep the committed offsets of a group that is EMPTY; of others, nothing or the state."""
        require(self.refreshes_next)
        self.refreshes_next = False
        if not self.has_members and self.committed >= 0:
            self.seen = Seen.EMPTY
            self.snapshot = self.committed
        elif self.sync_rule == SyncRule.STATE_TRACKED:
            self.seen = Seen.STABLE if self.has_members else Seen.DEAD

    @action(budget="RefreshFailure")
    def fail_refresh(self) -> None:
        """The target does not answer: this is only logged."""
        require(self.refreshes_next)
        self.refreshes_next = False

    @action
    def decide(self) -> None:
        """The sync job compares the checkpoint with what it believes to be committed."""
        require(not self.refreshes_next, self.writing < 0)
        if self.would_write():
            self.writing = self.checkpoint
        self.finish()

    @action
    def write(self) -> None:
        """The target's coordinator handles `alterConsumerGroupOffsets`; with members it refuses."""
        require(self.writing >= 0)
        if not self.has_members and self.is_ahead():
            self.committed = self.writing
        self.writing = -1

    def would_write(self) -> bool:
        """Whether the job writes: in today's Kafka, a group not seen to be EMPTY is new to it."""
        if self.sync_rule == SyncRule.STATE_TRACKED:
            if self.seen == Seen.NOTHING or self.seen == Seen.STABLE:
                return False
        return self.snapshot < self.checkpoint

    def is_ahead(self) -> bool:
        """Whether the broker takes the write. Only with `cas` does it look at what is there."""
        return self.sync_rule != SyncRule.CAS or self.writing > self.committed

    def finish(self) -> None:
        """The sync job forgets what refresh has kept (`idleConsumerGroupsOffset.clear`)."""
        self.refreshes_next = True
        self.seen = Seen.NOTHING
        self.snapshot = -1

    @step_invariant
    def target_group_never_goes_back(before: "Mm2GroupSync", after: "Mm2GroupSync") -> bool:
        """What the group has committed on the target is never set back.

        Who says so: the comments in `syncGroupOffset` ("if translated offset from upstream is
        smaller than the current consumer offset in the target, skip updating"), KIP-545,
        KAFKA-19794.
        """
        return before.committed <= after.committed

    @reachable
    def sync_carries_the_group_over(self) -> bool:
        """Sync works: the group, never started on the target, has the offset of the checkpoint."""
        return not self.has_members and self.committed == self.checkpoint and self.committed > 0
