"""MirrorMaker 2 after a failover: the group reads on, on the target, and then goes back.

What it models: the mirrored partition of `mm2_base`, from which a group fails over; on the target
it reads the copied topic, and at last it fails back to the source. Nothing translates its new
offset: the flow in the other direction does not mirror the copied topic, because that would be a
cycle, so it makes no syncs for it, and without syncs there are no checkpoints. The group goes on
where it stood before the failover.

`reverse_checkpoints` is the idea of KIP-1098: the syncs of the first flow are read backwards. It is
not in Kafka; how it would choose among syncs is our reading (all of them are used).

What it leaves out, besides `mm2_base`: new records on the target's own topic (they are another
topic); copying while the group is away (what comes later is behind its position on both sides).

Sources (Kafka 4.0): `MirrorSourceConnector.isCycle`, `MirrorCheckpointTask.renameTopicPartition`,
`checkpoint`; KAFKA-17828 and its PR #17593.
"""

from checker import Scope, Setting, action, invariant, reachable, require, some
from specs.mm2_base import Entry, MirroredPartition
from specs.mm2_store import SourceOffset, TargetOffset


class Mm2Failback(MirroredPartition):
    """Failover, reading on, and failback."""

    scope = Scope(Source=3, Gap=1, Target=3, Sync=3, TaskRestart=0)

    reverse_checkpoints: Setting[bool] = False

    reached: TargetOffset  # where the group is on the target, once it has read something there
    has_returned: bool

    @action
    def read_on_target(self) -> None:
        """The group reads a record of the copied topic, and commits."""
        require(self.resumed is not None, not self.has_returned)
        require(self.position_on_target() < len(self.target))
        self.reached = self.position_on_target() + 1

    @action
    def fail_back(self) -> None:
        """The group goes back to the source."""
        require(self.resumed is not None, not self.has_returned)
        self.has_returned = True
        if self.reverse_checkpoints:
            self.group = max(self.group, self.translated_back())

    def position_on_target(self) -> TargetOffset:
        """The offset that the group has committed on the target, once failed over."""
        return max(some(self.resumed), self.reached)

    def translated_back(self) -> SourceOffset:
        """The offset on the source by the last sync up to the group's offset on the target."""
        return max(
            (
                sync.up if sync.down == self.position_on_target() else sync.up + 1
                for sync in self.syncs
                if sync.down <= self.position_on_target()
            ),
            default=0,
        )

    @invariant
    def failback_repeats_nothing(self) -> bool:
        """What the group has read on the target it does not read again on the source.

        Who says so: nobody yet (KIP-1098 would); many expect it. With `reverse_checkpoints` it is
        true where each record has a sync: `offset.lag.max=0`, none lost.
        """
        return not self.has_returned or all(
            offset < self.group for offset in self.target[: self.position_on_target()]
        )

    @invariant
    def failback_skips_nothing(self) -> bool:
        """What the group has read on neither side it will still read on the source."""
        return not self.has_returned or all(
            self.source[offset] == Entry.GAP
            or offset < self.furthest
            or offset in self.target[: self.position_on_target()]
            for offset in range(self.group)
        )

    @reachable
    def group_returns_with_progress(self) -> bool:
        """The group has read something on the target, and is back."""
        return self.has_returned and any(
            offset >= self.furthest for offset in self.target[: self.position_on_target()]
        )
