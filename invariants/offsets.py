"""What MirrorMaker 2 promises of a group's offsets: nothing is skipped, nothing goes back."""

from checker import invariant, reachable, some, step_invariant
from specs.mm2_offsets import Entry, Loading, Mm2Offsets


@invariant
def failover_skips_nothing(s: Mm2Offsets) -> bool:
    """A group that has failed over will read every record that it never read on the source.

    Who says so: the comment in `OffsetSyncStore.translateDownstream` ("if we overestimate, then we
    may skip the correct offset and have data loss"), KAFKA-12468. Supposed to fail where the target
    itself loses records and uses their offsets again, and with `latest` where translation is lost.
    """
    return s.resumed is None or not s.skips(s.furthest, some(s.resumed))


@invariant
def checkpoint_skips_nothing(s: Mm2Offsets) -> bool:
    """Whoever goes on at a checkpoint, whenever, skips nothing: the same promise, to any reader."""
    return s.checkpoint is None or not s.skips(some(s.checkpoint).up, some(s.checkpoint).down)


@invariant
def store_is_recent_and_spread(s: Mm2Offsets) -> bool:
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
def newest_sync_is_in_slot_0(s: Mm2Offsets) -> bool:
    """Once loaded, slot 0 holds the sync that was read last: invariant A of `OffsetSyncStore`."""
    if len(s.slots) == 0 or s.read == 0 or s.loading != Loading.DONE:
        return True
    return s.slots[0] == s.syncs[s.read - 1]


@invariant
def translation_is_monotone(s: Mm2Offsets) -> bool:
    """For a fixed store, a later offset is never translated to an earlier one (its javadoc)."""
    return all(
        s.translated(offset) <= s.translated(offset + 1)
        for offset in range(len(s.source))
        if s.is_translatable(offset)
    )


@step_invariant
def checkpoints_never_go_back(before: Mm2Offsets, after: Mm2Offsets) -> bool:
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
def stored_offsets_are_mirrored(s: Mm2Offsets) -> bool:
    """Every record before the stored offset is on the target: copied at least once.

    Who says so: Connect (`SubmittedRecords`: offsets of acknowledged records only), and MirrorMaker 1
    since KAFKA-3965. Supposed to fail where the target itself loses records.
    """
    return all(s.source[offset] == Entry.GAP or offset in s.target for offset in range(s.stored))


@reachable
def group_resumes_where_it_stopped(s: Mm2Offsets) -> bool:
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
def store_holds_two_syncs(s: Mm2Offsets) -> bool:
    """The store translates by an older sync than the newest."""
    return len(s.slots) > 0 and s.slots[0] != s.slots[4]
