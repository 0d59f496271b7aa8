"""What MirrorMaker 2 promises of a group's offsets: nothing is skipped, nothing goes back."""

from checker import invariant, reachable, some, step_invariant
from specs.mm2_accuracy import Mm2Accuracy
from specs.mm2_base import Entry, Loading, MirroredPartition
from specs.mm2_offsets import Mm2Offsets


@invariant
def failover_skips_nothing(s: MirroredPartition) -> bool:
    """A group that has failed over will read every record that it never read on the source.

    Who says so: the comment in `OffsetSyncStore.translateDownstream` ("if we overestimate, then we
    may skip the correct offset and have data loss"), KAFKA-12468. Supposed to fail where the target
    itself loses records and uses their offsets again, and with `latest` where translation is lost.
    """
    return s.resumed is None or not s.skips(s.furthest, some(s.resumed))


@invariant
def checkpoint_skips_nothing(s: MirroredPartition) -> bool:
    """Whoever goes on at a checkpoint, whenever, skips nothing: the same promise, to any reader."""
    return s.checkpoint is None or not s.skips(some(s.checkpoint).up, some(s.checkpoint).down)


@invariant
def store_is_recent_and_spread(s: MirroredPartition) -> bool:
    """The slots obey invariants B and C of `OffsetSyncStore`, for every two of them.

    Except that C, as its javadoc states it, is false where the source task crashes and copies its
    last record again: a sync of an equal offset does not count as going back (`updateSyncArray`),
    and two syncs of one offset are then side by side. No harm: the newer one is used.
    """
    return all(
        s.is_recent(s.slots[i], s.slots[j], i, j)
        and (s.slots[i].up == s.slots[j].up or s.is_apart(s.slots[i], s.slots[j], i))
        for j in range(len(s.slots))
        for i in range(j)
    )


@invariant
def newest_sync_is_in_slot_0(s: MirroredPartition) -> bool:
    """Once loaded, slot 0 holds the sync that was read last: invariant A of `OffsetSyncStore`."""
    if len(s.slots) == 0 or s.read == 0 or s.loading != Loading.DONE:
        return True
    return s.slots[0] == s.syncs[s.read - 1]


@invariant
def translation_is_monotone(s: MirroredPartition) -> bool:
    """For a fixed store, a later offset is never translated to an earlier one (its javadoc)."""
    return all(
        s.translated(offset) <= s.translated(offset + 1)
        for offset in range(len(s.source))
        if s.is_translatable(offset)
    )


@step_invariant
def checkpoints_never_go_back(before: MirroredPartition, after: MirroredPartition) -> bool:
    """A checkpoint is never followed by an earlier one, unless the group itself went back.

    Who says so: `MirrorCheckpointTask.checkpointIsMoreRecent` (KAFKA-14666), KAFKA-13659.
    """
    return (
        before.checkpoint is None
        or after.checkpoint is None
        or some(after.checkpoint).up < some(before.checkpoint).up
        or some(after.checkpoint).down >= some(before.checkpoint).down
    )


@invariant
def stored_offsets_are_mirrored(s: MirroredPartition) -> bool:
    """Every record before the stored offset is on the target: copied at least once.

    Who says so: Connect (`SubmittedRecords`: offsets of acknowledged records only), and MirrorMaker
    1 since KAFKA-3965. Supposed to fail where the target itself loses records.
    """
    return all(s.source[offset] == Entry.GAP or offset in s.target for offset in range(s.stored))


@reachable
def group_resumes_where_it_stopped(s: MirroredPartition) -> bool:
    """Failover works: offsets differ on both sides, and the group goes on exactly where it was."""
    return (
        s.resumed is not None
        and 0 < some(s.resumed) < len(s.target)
        and s.target[some(s.resumed)] == s.group
        and s.group > some(s.resumed)
    )


@reachable
def records_are_copied_twice(s: Mm2Offsets) -> bool:
    """At least once: after a crash of the source task a record is on the target again."""
    return any(s.target[i] == s.target[j] for j in range(len(s.target)) for i in range(j))


@reachable
def store_holds_two_syncs(s: MirroredPartition) -> bool:
    """The store translates by an older sync than the newest."""
    return len(s.slots) > 0 and s.slots[0] != s.slots[4]


@invariant
def caught_up_group_rereads_nothing(s: Mm2Accuracy) -> bool:
    """A group that has read all goes on at the end of the target: a quiet topic has no lag.

    Who says so: KAFKA-15906. Supposed to fail where a sync is lost: none is sent again.
    """
    return s.resumed is None or s.group < len(s.source) or some(s.resumed) == len(s.target)


@invariant
def lagging_group_keeps_its_place(s: Mm2Accuracy) -> bool:
    """A group that has read something does not begin anew, however far behind the copy it is.

    Who says so: KAFKA-14666 and KAFKA-15905. Supposed to fail where the source task crashes or
    syncs are compacted away: what is older than the first sync in the store has no translation.
    """
    return (
        s.resumed is None
        or s.checkpoint is not None
        or all(entry == Entry.GAP for entry in s.source[: s.group])
    )
