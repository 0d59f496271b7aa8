"""MirrorMaker 2: what a sync says was so when it was sent, and what came later is behind it."""

from checker import invariant, some
from specs.mm2_base import Entry, Loading, MirroredPartition


@invariant
def slots_are_all_filled_or_none(s: MirroredPartition) -> bool:
    """A store without syncs is empty; one sync is enough to fill it."""
    return len(s.slots) == 0 or len(s.slots) == 5


@invariant
def slots_are_in_order(s: MirroredPartition) -> bool:
    """A sync in a later slot is older, or the same: behind the others on both sides."""
    return all(
        s.slots[i] == s.slots[j]
        or (s.slots[i].up >= s.slots[j].up and s.slots[i].down > s.slots[j].down)
        for j in range(len(s.slots))
        for i in range(j)
    )


@invariant
def syncs_are_in_order(s: MirroredPartition) -> bool:
    """Later syncs are further on, on the target."""
    return all(s.syncs[i].down < s.syncs[j].down for j in range(len(s.syncs)) for i in range(j))


@invariant
def unread_syncs_are_newer(s: MirroredPartition) -> bool:
    """What is not read yet lies behind all that the store holds."""
    return all(
        slot.down < s.syncs[i].down for slot in s.slots for i in range(len(s.syncs)) if i >= s.read
    )


@invariant
def delayed_syncs_are_newer(s: MirroredPartition) -> bool:
    """A pair that waits for its flush lies behind all that was sent."""
    return not s.delayed or (
        s.last is not None
        and all(sync.down < some(s.last).down for sync in s.syncs)
        and all(slot.down < some(s.last).down for slot in s.slots)
    )


@invariant
def slots_were_copied(s: MirroredPartition) -> bool:
    """The target has the record of each slot where the slot says."""
    return all(slot.down < len(s.target) and s.target[slot.down] == slot.up for slot in s.slots)


@invariant
def syncs_were_copied(s: MirroredPartition) -> bool:
    """So it has that of each sync."""
    return all(sync.down < len(s.target) and s.target[sync.down] == sync.up for sync in s.syncs)


@invariant
def the_last_pair_was_copied(s: MirroredPartition) -> bool:
    """And that of the pair copied last."""
    return s.last is None or (
        some(s.last).down < len(s.target) and s.target[some(s.last).down] == some(s.last).up
    )


@invariant
def read_syncs_exist(s: MirroredPartition) -> bool:
    """No more syncs are read than there are."""
    return s.read <= len(s.syncs)


@invariant
def newest_sync_is_read_at_last(s: MirroredPartition) -> bool:
    """Slot 0 holds the sync read last, but for syncs passed over while others are to come."""
    return (
        s.read == 0
        or (s.loading != Loading.DONE and s.read < len(s.syncs))
        or (len(s.slots) > 0 and s.slots[0] == s.syncs[s.read - 1])
    )


@invariant
def records_after_a_slot_are_copied_behind_it(s: MirroredPartition) -> bool:
    """Every record after that of a slot has a copy behind that of the slot, once it has any."""
    return all(
        any(s.target[place] == offset for place in range(len(s.target)) if place > slot.down)
        for slot in s.slots
        for offset in range(len(s.source))
        if slot.up < offset < s.position and s.source[offset] == Entry.RECORD
    )


@invariant
def records_after_a_sync_are_copied_behind_it(s: MirroredPartition) -> bool:
    """So has every record after that of a sync."""
    return all(
        any(s.target[place] == offset for place in range(len(s.target)) if place > sync.down)
        for sync in s.syncs
        for offset in range(len(s.source))
        if sync.up < offset < s.position and s.source[offset] == Entry.RECORD
    )


@invariant
def records_after_the_last_pair_are_copied_behind_it(s: MirroredPartition) -> bool:
    """And every record after the pair copied last."""
    return s.last is None or all(
        any(
            s.target[place] == offset for place in range(len(s.target)) if place > some(s.last).down
        )
        for offset in range(len(s.source))
        if some(s.last).up < offset < s.position and s.source[offset] == Entry.RECORD
    )


@invariant
def records_from_a_checkpoint_are_copied_from_there(s: MirroredPartition) -> bool:
    """Every record that a checkpoint leaves to be read has a copy that it leaves to be read."""
    return s.checkpoint is None or all(
        any(
            s.target[place] == offset
            for place in range(len(s.target))
            if place >= some(s.checkpoint).down
        )
        for offset in range(len(s.source))
        if some(s.checkpoint).up <= offset < s.position and s.source[offset] == Entry.RECORD
    )


@invariant
def checkpoints_are_on_the_target(s: MirroredPartition) -> bool:
    """No checkpoint is past the end of the target."""
    return s.checkpoint is None or some(s.checkpoint).down <= len(s.target)


@invariant
def checkpoints_are_of_commits(s: MirroredPartition) -> bool:
    """No checkpoint, nor the group, is further than the group ever was."""
    return s.group <= s.furthest and (s.checkpoint is None or some(s.checkpoint).up <= s.furthest)


@invariant
def checkpoints_are_known(s: MirroredPartition) -> bool:
    """The task has never forgotten the last checkpoint: its old ones were always there to read."""
    return s.is_known


@invariant
def the_source_is_there(s: MirroredPartition) -> bool:
    """The source was not lost for good."""
    return not s.source_is_lost


@invariant
def records_before_the_position_are_copied(s: MirroredPartition) -> bool:
    """All that the source task has passed is on the target, and it is not past the source's end."""
    return s.stored <= s.position <= len(s.source) and all(
        s.source[offset] == Entry.GAP
        or any(s.target[place] == offset for place in range(len(s.target)))
        for offset in range(len(s.source))
        if offset < s.position
    )


@invariant
def the_group_resumes_at_its_checkpoint(s: MirroredPartition) -> bool:
    """A group that has failed over went on at the checkpoint, or at the start without one."""
    return s.resumed is None or s.resumed == (
        0 if s.checkpoint is None else some(s.checkpoint).down
    )
