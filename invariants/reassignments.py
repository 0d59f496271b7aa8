"""Reassignments: a partition that moves takes its acknowledged records with it."""

from checker import invariant, reachable, step_invariant
from specs.fencing_base import Broker
from specs.reassignment import Reassignment


@invariant
def acked_on_min_insync_replicas(s: Reassignment) -> bool:
    """A record acknowledged with acks=all is in as many logs as min.insync.replicas says.

    Promised by the documentation of acks=all, for its acknowledgement; a reassignment must not undo
    it. Lost disks and unclean elections are supposed to break it, and are not modelled here.
    """
    return all(
        sum(1 for broker in Broker if any(entry.id == record for entry in s.log[broker]))
        >= s.min_insync_replicas
        for record in s.acked
    )


@step_invariant
def reassignment_ends_in_sync(before: Reassignment, after: Reassignment) -> bool:
    """When a reassignment is complete, all replicas are in the ISR (KAFKA-15665)."""
    was_under_way = len(before.adding | before.removing) > 0
    is_complete = len(after.adding | after.removing) == 0
    has_moved = (was_under_way and is_complete) or before.replicas > after.replicas
    return not has_moved or after.state().isr == after.replicas


@invariant
def isr_is_of_replicas(s: Reassignment) -> bool:
    """Only a replica is in the ISR (KAFKA-9672 broke it, with ZooKeeper)."""
    return s.state().isr <= s.replicas


@reachable
def partition_has_moved(s: Reassignment) -> bool:
    """A replica was removed, its log is gone, and a record is acknowledged."""
    return len(s.acked) > 0 and any(
        broker not in s.replicas and len(s.log[broker]) == 0 and s.applied_version[broker] > 0
        for broker in Broker
    )


@reachable
def reassignment_waits(s: Reassignment) -> bool:
    """A reassignment waits for a replica that is to stay."""
    return len(s.removing) > 0 and not s.replicas - s.removing <= s.state().isr
