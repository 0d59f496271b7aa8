"""MirrorMaker 2's offset sync store, begun anywhere: whatever its slots hold, it stays sane.

`mm2_offsets` and `mm2_accuracy` begin with an empty store and see what a few syncs make of it.
Here every store is an initial state that satisfies the invariants of `OffsetSyncStore`, also one
that only a long history leads to; then any sync may come next.

What is left out, and the sources: as in `mm2_store`.
"""

from checker import Scope, action, assume, init, invariant, reachable, require
from specs.mm2_store import OffsetSyncStore, SourceOffset, Sync, TargetOffset


class Mm2AnyStore(OffsetSyncStore):
    """The slots, and the syncs that are read into them."""

    scope = Scope(Source=3, Target=3, Sync=2)

    @init("slots")
    def any_sane_store(self) -> None:
        """Whatever obeys the invariants: no sync yet, or five slots."""
        assume(len(self.slots) == 0 or len(self.slots) == 5)
        assume(self.is_in_order(), self.is_recent_and_spread())

    @action(budget="Sync")
    def read_sync(self, up: SourceOffset, down: TargetOffset) -> None:
        """The next sync: further on, on the target; on the source it may repeat, or go back."""
        sync = Sync(up, down)
        require(len(self.slots) == 0 or self.slots[0].down < down)
        self.slots = self.updated(sync, False)

    def is_in_order(self) -> bool:
        """Later slots are older: behind on both sides, or the same sync."""
        return all(
            self.slots[i] == self.slots[j]
            or (self.slots[j].up <= self.slots[i].up and self.slots[j].down < self.slots[i].down)
            for j in range(len(self.slots))
            for i in range(j)
        )

    def is_recent_and_spread(self) -> bool:
        """Invariants B and C, as far as they hold: see `store_is_recent_and_spread`."""
        return all(
            self.is_recent(self.slots[i], self.slots[j], i, j)
            and (
                self.slots[i].up == self.slots[j].up
                or self.is_apart(self.slots[i], self.slots[j], i)
            )
            for j in range(len(self.slots))
            for i in range(j)
        )

    @invariant
    def store_stays_sane(self) -> bool:
        """The invariants are inductive: no sync breaks them, whatever the store holds."""
        return self.is_in_order() and self.is_recent_and_spread()

    @invariant
    def translation_is_monotone(self) -> bool:
        """A later offset is never translated to an earlier one (javadoc of `OffsetSyncStore`)."""
        return all(
            self.translated(self.slots[i].up - 1) <= self.slots[i].down
            for i in range(len(self.slots))
            if self.slots[i].up > 0 and self.is_translatable(self.slots[i].up - 1)
        )

    @reachable
    def store_holds_three_syncs(self) -> bool:
        """The store translates by more than the newest and the oldest sync."""
        return any(
            self.slots[i].down < self.slots[0].down and self.slots[4].down < self.slots[i].down
            for i in range(len(self.slots))
        )
