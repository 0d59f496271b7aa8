"""Controllers: at most one decides, and what a replaced one still says does no harm."""

from checker import invariant, reachable, some, step_invariant
from specs.controller_fencing import ControllerFencing
from specs.controller_fencing_kraft import ControllerFencingKraft
from specs.fencing_base import Broker, FencingBase, Outcome


@invariant
def one_leader_can_commit(s: FencingBase) -> bool:
    """At most one broker can acknowledge a record at a time: there is no split brain.

    Promised by the controller epoch (KAFKA-1188), leader epochs (KIP-101, KIP-320), and since
    KIP-497 by the ISR that waits for the controller. Unclean elections may break it; no other.
    """
    return all(
        one == other or not (s.can_commit(one) and s.can_commit(other))
        for one in Broker
        for other in Broker
    )


@invariant
def one_acts_per_epoch(s: FencingBase) -> bool:
    """No two brokers act as leader in the same leader epoch.

    KIP-101 rests on it: offset and epoch then name one record.
    """
    return all(
        one == other or s.local_epoch[one] != s.local_epoch[other]
        for one in Broker
        for other in Broker
        if s.acts_as_leader[one] and s.acts_as_leader[other]
    )


@invariant
def leader_counts_all_electable(s: FencingBase) -> bool:
    """The leader of the newest epoch waits for all of the ISR from which its successor comes.

    Promised by KIP-497 (maximal ISR).
    """
    return all(
        s.state().isr <= s.counted_isr(leader)
        for leader in Broker
        if s.acts_as_leader[leader] and s.state().leader == leader
        if s.local_epoch[leader] == s.state().epoch
    )


@invariant
def refused_leader_is_outdated(s: FencingBase) -> bool:
    """A leader whose request was refused for good is one that newer metadata will correct.

    It will not ask again: nothing else would ever end its pending change, and its ISR could never
    change again. Promised by KAFKA-14144 and KAFKA-14154.
    """
    return all(
        s.will_be_corrected(leader)
        for leader in Broker
        if s.acts_as_leader[leader]
        if len(s.pending_isr[leader]) > 0 and s.alter[leader] is None
    )


@step_invariant
def partition_epochs_grow(before: FencingBase, after: FencingBase) -> bool:
    """Leader epoch and partition epoch never go back, and no two states share a version."""
    return before.version() == after.version() or (
        before.state().epoch <= after.state().epoch and before.version() + 1 == after.version()
    )


@step_invariant
def leader_changes_in_a_new_epoch(before: FencingBase, after: FencingBase) -> bool:
    """Another leader, another leader epoch."""
    return (
        before.state().leader == after.state().leader or before.state().epoch < after.state().epoch
    )


@step_invariant
def local_epochs_grow(before: FencingBase, after: FencingBase) -> bool:
    """A broker never goes back to an older leader epoch; it may only forget all in a restart."""
    return all(
        before.local_epoch[broker] <= after.local_epoch[broker] or after.local_epoch[broker] == -1
        for broker in Broker
    )


@reachable
def stale_leader_and_its_successor(s: FencingBase) -> bool:
    """A deposed leader goes on, and its successor can commit."""
    return any(
        one != other
        and s.acts_as_leader[one]
        and s.can_commit(other)
        and s.local_epoch[one] < s.local_epoch[other]
        for one in Broker
        for other in Broker
    )


@reachable
def isr_has_grown_again(s: FencingBase) -> bool:
    """A replica has left the ISR of all, and is back."""
    return s.state().isr == frozenset(Broker) and s.version() > 1


# With ZooKeeper.


@invariant
def one_controller_can_decide(s: ControllerFencing) -> bool:
    """ZooKeeper takes the decisions of at most one controller.

    Promised by KAFKA-6082: every write checks the version of /controller_epoch.
    """
    return all(
        one == other or not (s.can_decide(one) and s.can_decide(other))
        for one in Broker
        for other in Broker
    )


@invariant
def elected_controller_has_the_newest_epoch(s: ControllerFencing) -> bool:
    """Who holds /controller is not itself fenced by a newer epoch.

    Promised by KAFKA-6082: both nodes are written in one step.
    """
    return all(
        s.term[broker] == s.controller_epoch
        for broker in Broker
        if s.controller == broker and s.is_active(broker)
    )


@step_invariant
def newest_controller_decides(before: ControllerFencing, after: ControllerFencing) -> bool:
    """Whoever changes the partition's state has the newest controller epoch."""
    return before.version() == after.version() or after.decided_in == before.controller_epoch


@step_invariant
def controller_epochs_grow(before: ControllerFencing, after: ControllerFencing) -> bool:
    """Neither ZooKeeper's controller epoch, nor the one in the partition's node, goes back."""
    return (
        before.controller_epoch <= after.controller_epoch and before.decided_in <= after.decided_in
    )


@reachable
def two_believe_to_be_controller(s: ControllerFencing) -> bool:
    """A controller that was replaced and does not know it, and its successor."""
    return any(
        one != other and s.is_active(one) and s.is_active(other)
        for one in Broker
        for other in Broker
    )


@reachable
def newer_controller_has_decided(s: ControllerFencing) -> bool:
    """A second controller has elected a leader, and the leader knows it."""
    return s.decided_in > 0 and any(
        s.acts_as_leader[broker] and s.local_epoch[broker] == s.state().epoch for broker in Broker
    )


# With KRaft.


@invariant
def fenced_brokers_are_out_of_the_isr(s: ControllerFencingKraft) -> bool:
    """A fenced broker leads nothing, and is in no ISR, except as its last member.

    Promised by KIP-631 and KIP-841; nothing removes a broker that is fenced already.
    """
    return all(
        s.state().leader != broker
        and (broker not in s.state().isr or s.state().isr == frozenset({broker}))
        for broker in s.fenced
    )


@step_invariant
def broker_epoch_names_an_incarnation(
    before: ControllerFencingKraft, after: ControllerFencingKraft
) -> bool:
    """A broker epoch changes only if the broker's process is a new one.

    Promised by KIP-631 and KIP-903; KAFKA-16952 broke it.
    """
    return all(
        before.broker_epoch[broker] == after.broker_epoch[broker] or before.is_starting[broker]
        for broker in Broker
    )


@reachable
def replaced_controller_is_asked(s: ControllerFencingKraft) -> bool:
    """A leader's request has reached a controller that was replaced, and was answered."""
    return any(
        s.acts_as_leader[broker]
        and s.alter[broker] is not None
        and some(s.alter[broker]).outcome != Outcome.SENT
        and s.asked_epoch[broker] < s.quorum_epoch
        for broker in Broker
    )


@reachable
def fenced_leader_has_a_successor(s: ControllerFencingKraft) -> bool:
    """A broker is fenced, goes on as leader, and another one leads in its place."""
    return any(
        s.acts_as_leader[broker] and s.state().leader is not None and s.state().leader != broker
        for broker in s.fenced
    )
