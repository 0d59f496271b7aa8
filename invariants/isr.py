"""What the in-sync replicas promise: a committed record is on every broker that may lead next."""

from checker import invariant
from specs.published.async_isr import AsyncIsr
from specs.published.kafka_replication import KafkaReplication, Replica


@invariant
def weak_isr(s: KafkaReplication) -> bool:
    """Below a leader's high watermark, all of the ISR that it knows holds the leader's records.

    Whoever presumes to lead is meant, stale or not. The promise is weak, because the next leader
    comes from the quorum's ISR, which may be another one.
    """
    return all(
        s.agree(leader, replica, offset)
        for leader in Replica
        if s.presumes_to_lead(leader)
        for replica in s.isr[leader]
        for offset in range(s.hw[leader])
    )


@invariant
def strong_isr(s: KafkaReplication) -> bool:
    """Below a leader's high watermark, all of the quorum's ISR holds the leader's records.

    So whatever consumers may have seen is on every broker that can be elected.
    """
    return all(
        s.agree(leader, replica, offset)
        for leader in Replica
        if s.presumes_to_lead(leader)
        for replica in s.quorum_isr
        for offset in range(s.hw[leader])
    )


@invariant
def leader_in_isr(s: KafkaReplication) -> bool:
    """The leader is in the ISR: as published, and so false while there is no leader."""
    return s.quorum_leader in s.quorum_isr


@invariant
def leader_in_isr_if_any(s: KafkaReplication) -> bool:
    """The leader, if there is one, is in the ISR: what `leader_in_isr` means."""
    return s.quorum_leader is None or s.quorum_leader in s.quorum_isr


@invariant
def valid_high_watermark(s: AsyncIsr) -> bool:
    """All of the ISR that is in force at the controller has reached the leader's high watermark."""
    return all(s.end[follower] >= s.high_watermark() for follower in s.controller_isr)
