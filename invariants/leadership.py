"""Leadership: elections lose nothing that was acknowledged, and no two leaders can commit."""

from checker import invariant, reachable, some
from specs.fencing_base import Broker
from specs.leader_election import LeaderElection


@invariant
def leader_has_acked_by_all(s: LeaderElection) -> bool:
    """The leader has every record that was acknowledged with acks=all (leader completeness).

    Kafka's documentation promises it as long as an in-sync replica is alive. It is supposed to fail
    with unclean elections, and with lost page caches, which are not modelled here.
    """
    leader = s.state().leader
    return leader is None or all(
        any(entry.id == record for entry in s.log[some(leader)]) for record in s.acked
    )


@invariant
def isr_has_acked_by_all(s: LeaderElection) -> bool:
    """So has every member of the ISR: whoever may lead next."""
    return all(
        any(entry.id == record for entry in s.log[broker])
        for broker in s.state().isr
        for record in s.acked
    )


@invariant
def leader_has_all_that_was_acked(s: LeaderElection) -> bool:
    """The leader has every record of which a producer was told, whatever its acks.

    Nobody promises it for acks=1: there it is supposed to fail at any election, planned ones
    included (KAFKA-20554). With acks=all it is `leader_has_acked_by_all`.
    """
    leader = s.state().leader
    return leader is None or all(
        any(entry.id == record for entry in s.log[some(leader)])
        for record in s.acked | s.acked_by_one
    )


@invariant
def offset_and_leader_epoch_name_one_record(s: LeaderElection) -> bool:
    """Records at one offset with one leader epoch are the same record (KIP-101)."""
    return all(
        s.log[one][offset].id == s.log[other][offset].id
        for one in Broker
        for other in Broker
        for offset in range(min(len(s.log[one]), len(s.log[other])))
        if s.log[one][offset].epoch == s.log[other][offset].epoch
    )


@invariant
def elected_leader_is_active(s: LeaderElection) -> bool:
    """The controller's leader is neither fenced nor shutting down, and is in the ISR.

    Promised by `LeaderAcceptor`; KAFKA-19522 broke it for the last known leader. A broker without
    an alternative may stay leader while it shuts down: nobody else is in the ISR then.
    """
    leader = s.state().leader
    return leader is None or (
        some(leader) in s.state().isr and some(leader) not in s.fenced | s.shutting_down
    )


@reachable
def leader_after_crash(s: LeaderElection) -> bool:
    """A leader is elected after a failure, knows it, and a record is acknowledged by all."""
    return (
        s.state().leader is not None
        and s.state().epoch > 0
        and s.acts_as_leader[some(s.state().leader)]
        and len(s.acked) > 0
    )


@reachable
def cut_leader_and_its_successor(s: LeaderElection) -> bool:
    """A leader that is cut off serves its clients, while its successor does so on the other side.

    This is what an observer may call split brain; only one of the two can commit.
    """
    return any(
        broker in s.cut
        and s.acts_as_leader[broker]
        and s.state().leader is not None
        and s.state().leader != broker
        and s.acts_as_leader[some(s.state().leader)]
        and s.can_commit(some(s.state().leader))
        and any(entry.epoch == s.local_epoch[broker] for entry in s.log[broker])
        for broker in Broker
    )


@reachable
def nobody_leads(s: LeaderElection) -> bool:
    """All of the ISR is gone: the partition has no leader until one of them returns."""
    return s.state().leader is None
