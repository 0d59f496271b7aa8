"""Controllers and leaders: what is handed out is used once, and what is named exists."""

from checker import invariant, some
from specs.controller_fencing import ControllerFencing
from specs.controller_fencing_kraft import Controller, ControllerFencingKraft
from specs.fencing_base import Broker, FencingBase

# The partition's states, and what brokers believe of them: with ZooKeeper and with KRaft.


@invariant
def partition_has_a_state(s: FencingBase) -> bool:
    """There is a newest state to speak of."""
    return len(s.history) > 0


@invariant
def newest_epoch_is_greatest(s: FencingBase) -> bool:
    """No state has a newer leader epoch than the newest state."""
    return all(partition.epoch <= s.state().epoch for partition in s.history)


@invariant
def one_leader_per_epoch(s: FencingBase) -> bool:
    """All states of one leader epoch have the same leader."""
    return all(
        one.epoch != other.epoch or one.leader == other.leader
        for one in s.history
        for other in s.history
    )


@invariant
def requests_name_states(s: FencingBase) -> bool:
    """A request, or its answer, speaks of a state that there is."""
    return all(
        s.alter[broker] is None or some(s.alter[broker]).version < len(s.history)
        for broker in Broker
    )


@invariant
def local_versions_name_states(s: FencingBase) -> bool:
    """So does a broker's memory."""
    return all(s.local_version[broker] < len(s.history) for broker in Broker)


@invariant
def who_acts_was_elected(s: FencingBase) -> bool:
    """Who acts as leader was elected in the epoch in which it acts."""
    return all(
        any(one.epoch == s.local_epoch[broker] and one.leader == broker for one in s.history)
        for broker in Broker
        if s.acts_as_leader[broker]
    )


@invariant
def who_asks_was_elected(s: FencingBase) -> bool:
    """Who asks for another ISR was elected in the epoch for which it asks."""
    return all(
        any(one.epoch == some(s.alter[broker]).epoch and one.leader == broker for one in s.history)
        for broker in Broker
        if s.alter[broker] is not None
    )


@invariant
def who_does_not_act_counts_nobody(s: FencingBase) -> bool:
    """A broker that does not lead has no ISR, and asks for none."""
    return all(
        s.acts_as_leader[broker]
        or (len(s.pending_isr[broker]) == 0 and len(s.local_isr[broker]) == 0)
        for broker in Broker
    )


# The controllers, with ZooKeeper.


@invariant
def terms_are_given(s: ControllerFencing) -> bool:
    """Nobody believes in a controller epoch that ZooKeeper has not handed out."""
    return all(s.term[broker] <= s.controller_epoch for broker in Broker)


@invariant
def one_holds_each_term(s: ControllerFencing) -> bool:
    """No two brokers believe themselves the controller in the same epoch."""
    return all(
        one == other or s.term[one] < 0 or s.term[one] != s.term[other]
        for one in Broker
        for other in Broker
    )


@invariant
def elections_are_atomic(s: ControllerFencing) -> bool:
    """Nobody has created /controller without an epoch (`atomic_election`)."""
    return not any(s.is_elected[broker] for broker in Broker)


@invariant
def decisions_are_of_given_terms(s: ControllerFencing) -> bool:
    """The controller epoch in the partition's node was handed out, too."""
    return s.decided_in <= s.controller_epoch


@invariant
def cached_versions_name_states(s: ControllerFencing) -> bool:
    """What a controller has read of the partition was there."""
    return all(s.cached_version[broker] < len(s.history) for broker in Broker)


@invariant
def messages_name_states(s: ControllerFencing) -> bool:
    """What brokers are told of the partition was there."""
    return all(message.version < len(s.history) for message in s.messages)


# With KRaft.


@invariant
def seen_versions_name_states(s: ControllerFencingKraft) -> bool:
    """What a replaced controller has seen of the partition was there."""
    return all(s.seen_version[controller] < len(s.history) for controller in Controller)
