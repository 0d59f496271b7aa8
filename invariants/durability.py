"""Durability: what a producer was told is safe is not lost.

Kafka's documentation promises it for acks=all: "messages will not be lost as long as at least one
in-sync replica remains alive". With acks=1 it is supposed to fail at any election, with unclean
leader election whenever the elected replica lags, and after min.insync.replicas lossy restarts.
"""

from checker import invariant, reachable, some
from specs.isr_base import Broker
from specs.isr_rules import IsrRules


@invariant
def leader_has_acked(s: IsrRules) -> bool:
    """The leader's log holds every acknowledged record (leader completeness).

    Promised by KIP-101 and KIP-966 for acks=all.
    """
    return all(s.leader is None or s.holds(some(s.leader), number) for number in s.acked)


@invariant
def electable_have_acked(s: IsrRules) -> bool:
    """Whoever may be elected holds every acknowledged record: each member of the ISR, and the ELR.

    The ISR is defined so; a replica that fails this is lost data as soon as it leads.
    """
    return all(s.holds(broker, number) for broker in s.electable() for number in s.acked)


@invariant
def acked_on_some_replica(s: IsrRules) -> bool:
    """Every acknowledged record is on some replica, even if nobody leads.

    KIP-966 promises it for fewer than min.insync.replicas lossy restarts.
    """
    return all(any(s.holds(broker, number) for broker in Broker) for number in s.acked)


@reachable
def acked_by_all(s: IsrRules) -> bool:
    """A record is acknowledged."""
    return len(s.acked) > 0


@reachable
def acked_before_election(s: IsrRules) -> bool:
    """A record is acknowledged, and another broker leads and knows it."""
    return (
        len(s.acked) > 0
        and s.leader is not None
        and s.leader_epoch > 0
        and s.leads(some(s.leader))
        and s.local_epoch[some(s.leader)] == s.leader_epoch
    )
