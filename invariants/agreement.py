"""Agreement: replicas do not contradict each other, and no two leaders can commit.

Partitions are meant. Promised by KIP-101, KIP-279, KIP-320 (logs) and KIP-497 (the ISR).
"""

from checker import invariant, reachable, step_invariant
from specs.isr_base import Broker
from specs.isr_rules import IsrRules
from specs.unclean_election import UncleanElection


@invariant
def logs_match_below_high_watermarks(s: IsrRules) -> bool:
    """Two replicas hold the same records below both their high watermarks (log matching)."""
    return all(
        s.log[one][offset] == s.log[other][offset]
        for one in Broker
        for other in Broker
        for offset in range(min(s.high_watermark[one], s.high_watermark[other]))
    )


@invariant
def offset_and_epoch_name_one_record(s: IsrRules) -> bool:
    """Records with the same offset and leader epoch are the same record.

    Consumers, KIP-320 and tiered storage rely on it. It is supposed to fail only where a leader
    goes on in the epoch in which it lost the end of its log.
    """
    return all(
        s.log[one][offset].id == s.log[other][offset].id
        for one in Broker
        for other in Broker
        for offset in range(min(len(s.log[one]), len(s.log[other])))
        if s.log[one][offset].epoch == s.log[other][offset].epoch
    )


@invariant
def one_leader_per_epoch(s: IsrRules) -> bool:
    """No two brokers lead in the same leader epoch: there is no split brain."""
    return all(
        one == other or s.local_epoch[one] != s.local_epoch[other]
        for one in Broker
        for other in Broker
        if s.leads(one) and s.leads(other)
    )


@invariant
def leader_counts_every_electable(s: IsrRules) -> bool:
    """A leader that may commit waits for all who may be elected (maximal ISR, KIP-497).

    The leader of the current epoch is meant, while its ISR is large enough to commit: its ISR, with
    what it has asked for, covers the controller's, and the ELR.
    """
    return all(
        s.electable() <= s.counted_isr(broker)
        for broker in Broker
        if s.leads(broker) and broker == s.leader and s.local_epoch[broker] == s.leader_epoch
        if len(s.local_isr[broker]) >= s.local_minimum(broker)
    )


@invariant
def known_ends_are_true(s: IsrRules) -> bool:
    """A follower has what its leader believes it has, record for record, within one leader epoch.

    The high watermark rests on it (KIP-101, KIP-320). It is supposed to fail for a follower that
    has restarted and lost the end of its log, until the leader hears of it.
    """
    return all(
        offset < min(len(s.log[leader]), len(s.log[follower]))
        and s.log[leader][offset] == s.log[follower][offset]
        for leader in Broker
        for follower in Broker
        if s.leads(leader) and s.local_leader[follower] == leader and follower != leader
        if s.local_epoch[leader] == s.local_epoch[follower] and follower not in s.outdated[leader]
        for offset in range(s.known_end[leader][follower])
    )


@invariant
def leader_is_active(s: IsrRules) -> bool:
    """Who is leader for the controller is not fenced: it elects no broker that it holds for dead.

    Supposed by every client; it is supposed to fail where a restart leaves the leader in place.
    """
    return s.leader is None or s.leader not in s.fenced


@invariant
def isr_is_active(s: IsrRules) -> bool:
    """No fenced broker is in the ISR, but for the last member without KIP-966 (KIP-841)."""
    return len(s.isr) <= 1 or len(s.isr & s.fenced) == 0


@step_invariant
def epochs_grow(before: IsrRules, after: IsrRules) -> bool:
    """Leader epochs and partition epochs never go back, for the controller and each broker."""
    return (
        before.leader_epoch <= after.leader_epoch
        and before.partition_epoch <= after.partition_epoch
        and all(before.local_epoch[broker] <= after.local_epoch[broker] for broker in Broker)
    )


@reachable
def two_presume_to_lead(s: IsrRules) -> bool:
    """A deposed leader that does not know it yet, and its successor."""
    return any(
        one != other and s.leads(one) and s.leads(other) for one in Broker for other in Broker
    )


@reachable
def logs_diverge(s: IsrRules) -> bool:
    """A follower has a record that its leader has not at that offset: truncation will repair it."""
    return any(
        s.local_epoch[follower] == s.local_epoch[leader]
        and any(
            offset >= len(s.log[leader]) or s.log[follower][offset] != s.log[leader][offset]
            for offset in range(len(s.log[follower]))
        )
        for leader in Broker
        for follower in Broker
        if s.leads(leader) and s.local_leader[follower] == leader
    )


@reachable
def isr_has_grown_again(s: UncleanElection) -> bool:
    """A replica has left the ISR and is back: the ISR changed more often than the leader."""
    return s.partition_epoch > s.leader_epoch and s.isr == frozenset(Broker)


@reachable
def elr_may_lead(s: UncleanElection) -> bool:
    """A broker outside the ISR may be elected: it left with all that was committed (KIP-966)."""
    return len(s.elr) > 0


@reachable
def replica_lacks_what_was_acked(s: UncleanElection) -> bool:
    """A replica lacks an acknowledged record, as it does when its page cache is lost."""
    return any(not s.holds(broker, number) for broker in Broker for number in s.acked)
