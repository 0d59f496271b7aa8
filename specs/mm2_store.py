"""MirrorMaker 2's offset sync store: which syncs it keeps, and how it translates by them.

A *sync* says: the source's record at this offset was acknowledged at that offset of the target. The
checkpoint task keeps a few of them, dense near the end of the topic and sparse further back, and
translates a group's offset on the source into one on the target by the last sync before it.

Kafka keeps 64 slots, here there are five. As long as no offset on the source exceeds 8 that is the
same thing: 64 slots then hold in each slot from number 4 on what slot 4 holds here, because a sync
there is never too old (invariant B). A test compares both. Kafka compares syncs by reference, we by
value; the test feeds repeated syncs too.

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
SlotNumber = Annotated[int, Range(0, 4)]


@dataclass(frozen=True)
class Sync:
    """The record at `up` on the source was acknowledged at `down` on the target."""

    up: SourceOffset
    down: TargetOffset


# All five slots hold a sync, or none does: no sync was read yet.
Slots = Annotated[tuple[Sync, ...], MaxLen(5)]


@dataclass(frozen=True)
class Scan:
    """The search for a sync that moves to a slot: the best so far, and where it stands."""

    replacement: Sync
    index: SlotNumber
    goes_on: bool


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
        sync = next((sync for sync in self.slots if sync.up <= offset), self.slots[4])
        if self.translation == Translation.DIFFERENCE:
            return sync.down + offset - sync.up
        return sync.down if offset == sync.up else sync.down + 1

    # What a sync does to the slots. Slot 0 is the newest, slot 4 the oldest that may be used.

    def updated(self, sync: Sync, only_last: bool) -> Slots:
        """The slots after one more sync; `only_last`: it replaces all others, whatever they are."""
        if (
            len(self.slots) == 0
            or only_last
            or self.sync_index == SyncIndex.LATEST
            or sync.up < self.slots[0].up  # the source went back: nothing older may be used
        ):
            return (sync, sync, sync, sync, sync)
        newest: Slots = (sync,)
        if self.is_recent(sync, self.slots[1], 0, 1):
            return newest + self.slots[1:]
        one = self.considered(Scan(sync, 0, True), sync, 1)
        second = one.replacement
        newest += (second,)
        if self.is_recent(second, self.slots[2], 1, 2):
            return newest + self.slots[2:]
        two = self.considered(Scan(second, one.index, True), second, 2)
        two = self.considered(two, second, 2)
        third = two.replacement
        newest += (third,)
        if self.is_recent(third, self.slots[3], 2, 3):
            return newest + self.slots[3:]
        three = self.considered(Scan(third, two.index, True), third, 3)
        three = self.considered(three, third, 3)
        three = self.considered(three, third, 3)
        newest += (three.replacement,)
        return newest + self.slots[4:]

    def considered(self, scan: Scan, previous: Sync, slot: SlotNumber) -> Scan:
        """One round of the search for a slot's new sync, given the one in the slot before."""
        if not scan.goes_on:
            return scan
        old = self.slots[scan.index]
        is_apart = self.is_apart(previous, old, slot - 1)
        is_taken = (
            is_apart
            and self.is_recent(previous, old, slot - 1, slot)
            and self.is_apart(old, self.slots[slot + 1], slot)
        )
        is_passed = not is_apart or old == self.slots[scan.index + 1]
        index = scan.index + 1 if is_taken or is_passed else scan.index
        replacement = old if is_taken else scan.replacement
        return Scan(replacement, index, is_passed and index < slot)

    def is_recent(self, newer: Sync, older: Sync, i: SlotNumber, j: SlotNumber) -> bool:
        """Invariant B: slot j is at most 2^j - 2^i behind slot i."""
        return newer == older or newer.up <= older.up + self.power(j) - self.power(i)

    def is_apart(self, newer: Sync, older: Sync, i: SlotNumber) -> bool:
        """Invariant C: slot i is at least 2^(i-2), and at least 1, ahead of any later slot."""
        return newer == older or newer.up >= older.up + self.power(max(i - 2, 0))

    def power(self, exponent: SlotNumber) -> Annotated[int, Range(1, 16)]:
        """Two to the power of a slot's number."""
        if exponent < 2:
            return exponent + 1
        return 4 if exponent == 2 else 8 if exponent == 3 else 16
