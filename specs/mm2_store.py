"""MirrorMaker 2's offset sync store: what it keeps of the syncs that it reads, and how it translates.

A *sync* says: the source's record at this offset was acknowledged at that offset of the target. The
checkpoint task keeps a few of them, dense near the end of the topic and sparse further back, and
translates a group's offset on the source into one on the target by the last sync before it.

Kafka keeps 64 slots, here there are four. As long as no offset on the source exceeds 4 that is the
same thing: 64 slots then hold in each slot from the fourth on what the fourth holds here, since
nothing ever makes an old sync leave slot 3 (invariant B cannot be violated there). A test compares
both. Two syncs of equal value count as the same object; Kafka compares references. The test feeds
repeated syncs too.

Sources (Kafka 4.0, connect/mirror/src/main/java/org/apache/kafka/connect/mirror/):
`OffsetSyncStore.updateSyncArray`, `invariantB`, `invariantC`, `lookupLatestSync`,
`translateDownstream`. The rules that the settings bring back were there before KAFKA-12468 (commit
a54a34a11c1), KAFKA-12635 (cdd19a5326a) and KAFKA-14666 (baf127a6633).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import MaxLen, Range, Scope, Setting, Spec, Upto


class Translation(Enum):
    """How far past a sync an offset is translated."""

    DIFFERENCE = "difference"  # before KAFKA-12468: as far as on the source
    AT_MOST_PLUS_ONE = "at_most_plus_one"


class SyncIndex(Enum):
    """What the store keeps."""

    LATEST = "latest"  # before KAFKA-14666: the newest sync only
    ARRAY = "array"


SourceOffset = Annotated[int, Upto("Source")]
TargetOffset = Annotated[int, Upto("Target", plus=1)]
SlotNumber = Annotated[int, Range(0, 3)]


@dataclass(frozen=True)
class Sync:
    """The record at `up` on the source was acknowledged at `down` on the target."""

    up: SourceOffset
    down: TargetOffset


# All four slots hold a sync, or none does: no sync was read yet.
Slots = Annotated[tuple[Sync, ...], MaxLen(4)]


class OffsetSyncStore(Spec):
    """The slots, how a sync is put into them, and what they say of an offset."""

    abstract = True
    scope = Scope(Source=3, Target=4)

    translation: Setting[Translation] = Translation.AT_MOST_PLUS_ONE
    sync_index: Setting[SyncIndex] = SyncIndex.ARRAY
    checkpoint_without_sync: Setting[bool] = False

    slots: Slots

    # Translation.

    def is_translatable(self, offset: SourceOffset) -> bool:
        """Whether there is a translation: not without a sync, nor before the oldest one."""
        if len(self.slots) == 0:
            return self.checkpoint_without_sync
        return any(sync.up <= offset for sync in self.slots)

    def translated(self, offset: SourceOffset) -> TargetOffset:
        """The offset on the target, if it `is_translatable`; up to one past the sync before it."""
        if len(self.slots) == 0:
            return offset  # literally: what Kafka did for a partition without syncs
        sync = next((sync for sync in self.slots if sync.up <= offset), self.slots[3])
        if self.translation == Translation.DIFFERENCE:
            return sync.down + offset - sync.up
        return sync.down if offset == sync.up else sync.down + 1

    # What a sync does to the slots. Slot 0 is the newest, slot 3 the oldest that may be used.

    def updated(self, sync: Sync, only_last: bool) -> Slots:
        """The slots after one more sync; `only_last`: it replaces all others, whatever they are."""
        if (
            len(self.slots) == 0
            or only_last
            or self.sync_index == SyncIndex.LATEST
            or sync.up < self.slots[0].up  # the source went back: nothing older may be used
        ):
            return (sync, sync, sync, sync)
        if self.is_recent(sync, self.slots[1], 0, 1):
            return (sync, self.slots[1], self.slots[2], self.slots[3])
        second = self.replacement_of_slot_1(sync)
        if self.is_recent(second, self.slots[2], 1, 2):
            return (sync, second, self.slots[2], self.slots[3])
        return (sync, second, self.replacement_of_slot_2(sync, second), self.slots[3])

    def replacement_of_slot_1(self, sync: Sync) -> Sync:
        """The sync that was newest, if it stands well between its neighbours, else the new one."""
        return self.slots[0] if self.fits(self.slots[0], sync, 1) else sync

    def replacement_of_slot_2(self, sync: Sync, second: Sync) -> Sync:
        """The best of the two that were newest; the scan goes past what slot 1 took or ruled out."""
        first_is_passed = self.fits(self.slots[0], sync, 1) or not self.is_apart(
            sync, self.slots[0], 0
        )
        if not first_is_passed and self.fits(self.slots[0], second, 2):
            return self.slots[0]
        scan_goes_on = first_is_passed or not self.is_apart(second, self.slots[0], 1)
        if scan_goes_on and self.fits(self.slots[1], second, 2):
            return self.slots[1]
        return second

    def fits(self, old: Sync, previous: Sync, slot: SlotNumber) -> bool:
        """Whether a sync may move to slot 1 or 2, after this one in the slot before."""
        return (
            self.is_recent(previous, old, slot - 1, slot)
            and self.is_apart(previous, old, slot - 1)
            and self.is_apart(old, self.slots[slot + 1], slot)
        )

    def is_recent(self, newer: Sync, older: Sync, i: SlotNumber, j: SlotNumber) -> bool:
        """Invariant B: slot j is at most 2^j - 2^i behind slot i."""
        return newer == older or newer.up <= older.up + self.power(j) - self.power(i)

    def is_apart(self, newer: Sync, older: Sync, i: SlotNumber) -> bool:
        """Invariant C: slot i is at least 2^(i-2), and at least 1, ahead of any later slot."""
        return newer == older or newer.up >= older.up + (2 if i == 3 else 1)

    def power(self, slot: SlotNumber) -> Annotated[int, Range(1, 8)]:
        """Two to the power of the slot's number."""
        return 1 if slot == 0 else 2 if slot == 1 else 4 if slot == 2 else 8
