"""The maximal ISR: whoever may lead next is one of those whom the leader waits for.

Until one of them has gone on to a newer leader epoch: then the leader waits for it in vain.
"""

from checker import invariant, some
from specs.controller_fencing import ControllerFencing
from specs.fencing_base import Broker, FencingBase, Outcome

# The partition's states.


@invariant
def leader_epochs_are_in_order(s: FencingBase) -> bool:
    """A later state of the partition has no earlier leader epoch."""
    return all(
        s.history[one].epoch <= s.history[other].epoch
        for other in range(len(s.history))
        for one in range(other)
    )


@invariant
def leaders_are_in_their_isr(s: FencingBase) -> bool:
    """In every state, the leader is in the ISR, if there is one."""
    return all(
        partition.leader is None or some(partition.leader) in partition.isr
        for partition in s.history
    )


# What a leader believes.


@invariant
def local_epochs_were_given(s: FencingBase) -> bool:
    """No broker believes in a leader epoch that no controller has given."""
    return all(s.local_epoch[broker] <= s.state().epoch for broker in Broker)


@invariant
def leaders_know_a_state_of_their_epoch(s: FencingBase) -> bool:
    """Who acts as leader has its ISR from a state of its own epoch, in which it leads."""
    return all(
        s.history[s.local_version[broker]].epoch == s.local_epoch[broker]
        and s.history[s.local_version[broker]].leader == broker
        and s.history[s.local_version[broker]].isr == s.local_isr[broker]
        for broker in Broker
        if s.acts_as_leader[broker]
    )


@invariant
def requests_are_of_known_epochs(s: FencingBase) -> bool:
    """Nobody asks for an epoch in which it is not yet; in its own, for no newer state."""
    return all(
        some(s.alter[broker]).epoch <= s.local_epoch[broker]
        and (
            some(s.alter[broker]).outcome != Outcome.SENT
            or some(s.alter[broker]).epoch < s.local_epoch[broker]
            or some(s.alter[broker]).version <= s.local_version[broker]
        )
        for broker in Broker
        if s.alter[broker] is not None
    )


@invariant
def requests_ask_for_what_is_pending(s: FencingBase) -> bool:
    """A request for which its leader still waits is of its epoch, and asks for what is pending.

    If it was applied, the reply says so, and names a state that is just that.
    """
    return all(
        some(s.alter[broker]).epoch == s.local_epoch[broker]
        and (
            some(s.alter[broker]).outcome != Outcome.SENT
            or (
                some(s.alter[broker]).isr == s.pending_isr[broker]
                and some(s.alter[broker]).version == s.local_version[broker]
            )
        )
        and (
            some(s.alter[broker]).outcome != Outcome.APPLIED
            or (
                some(s.alter[broker]).isr == s.pending_isr[broker]
                and some(s.alter[broker]).version >= s.local_version[broker]
                and s.history[some(s.alter[broker]).version].isr == some(s.alter[broker]).isr
                and s.history[some(s.alter[broker]).version].epoch == some(s.alter[broker]).epoch
                and s.history[some(s.alter[broker]).version].leader == broker
            )
        )
        for broker in Broker
        if s.acts_as_leader[broker]
        if s.alter[broker] is not None and len(s.pending_isr[broker]) > 0
    )


@invariant
def who_asks_is_in_its_isr(s: FencingBase) -> bool:
    """No leader asks for an ISR without itself."""
    return all(
        some(s.alter[broker]).outcome != Outcome.SENT or broker in some(s.alter[broker]).isr
        for broker in Broker
        if s.alter[broker] is not None
    )


@invariant
def requests_without_need_are_outdated(s: FencingBase) -> bool:
    """A request for which its leader does not wait is of an older state than the leader knows."""
    return all(
        some(s.alter[broker]).outcome != Outcome.SENT
        or some(s.alter[broker]).epoch < s.local_epoch[broker]
        or some(s.alter[broker]).version < s.local_version[broker]
        for broker in Broker
        if s.acts_as_leader[broker]
        if s.alter[broker] is not None and len(s.pending_isr[broker]) == 0
    )


@invariant
def refused_requests_are_outdated(s: FencingBase) -> bool:
    """A leader that waits for a reply, and gets a refusal, will be corrected."""
    return all(
        s.will_be_corrected(broker)
        for broker in Broker
        if s.acts_as_leader[broker] and len(s.pending_isr[broker]) > 0
        if s.alter[broker] is not None and some(s.alter[broker]).outcome == Outcome.REFUSED
    )


# Who may lead next.


@invariant
def next_leaders_are_in_the_isr(s: FencingBase) -> bool:
    """Every later ISR is part of that which the leader knows, or one of it is in a newer epoch.

    Of a leader whose change of the ISR was not applied.
    """
    return all(
        s.history[version].isr <= s.local_isr[broker]
        or any(
            s.local_epoch[member] > s.local_epoch[broker]
            for member in s.local_isr[broker]
            if member != broker
        )
        for broker in Broker
        if s.acts_as_leader[broker]
        if len(s.pending_isr[broker]) == 0
        or s.alter[broker] is None
        or some(s.alter[broker]).outcome != Outcome.APPLIED
        for version in range(len(s.history))
        if version >= s.local_version[broker]
    )


@invariant
def next_leaders_are_in_the_applied_isr(s: FencingBase) -> bool:
    """The same of a leader whose change was applied, and which does not know it yet."""
    return all(
        s.history[version].isr <= s.pending_isr[broker]
        or any(
            s.local_epoch[member] > s.local_epoch[broker]
            for member in s.pending_isr[broker]
            if member != broker
        )
        for broker in Broker
        if s.acts_as_leader[broker] and len(s.pending_isr[broker]) > 0
        if s.alter[broker] is not None and some(s.alter[broker]).outcome == Outcome.APPLIED
        for version in range(len(s.history))
        if version >= some(s.alter[broker]).version
    )


@invariant
def next_leaders_are_in_the_unknown_isr(s: FencingBase) -> bool:
    """The same of a leader that does not yet know the state that makes it one, or a newer one."""
    return all(
        s.history[later].isr <= s.history[version].isr
        or any(
            s.local_epoch[member] > s.history[version].epoch
            for member in s.history[version].isr
            if member != broker
        )
        for broker in Broker
        for version in range(len(s.history))
        if s.history[version].leader == broker
        if s.history[version].epoch > s.local_epoch[broker]
        or (
            s.acts_as_leader[broker]
            and s.history[version].epoch == s.local_epoch[broker]
            and version > s.local_version[broker]
        )
        for later in range(len(s.history))
        if later > version
    )


# With ZooKeeper, every decision of a controller has a new leader epoch: only the leader itself
# changes anything within its epoch.


@invariant
def only_leaders_change_their_epoch(s: ControllerFencing) -> bool:
    """An epoch of several states has a leader that knows it."""
    return all(
        s.history[earlier].epoch != s.history[later].epoch
        or (
            s.history[earlier].leader is not None
            and s.local_epoch[some(s.history[earlier].leader)] >= s.history[earlier].epoch
        )
        for later in range(len(s.history))
        for earlier in range(later)
    )


@invariant
def leaders_know_the_end_of_their_epoch(s: ControllerFencing) -> bool:
    """The leader knows the last state of its epoch, or is about to hear of it."""
    return all(
        s.history[version].epoch != s.local_epoch[broker]
        for broker in Broker
        if s.acts_as_leader[broker]
        for version in range(len(s.history))
        if version > s.local_version[broker]
        if len(s.pending_isr[broker]) == 0
        or s.alter[broker] is None
        or some(s.alter[broker]).outcome != Outcome.APPLIED
        or version > some(s.alter[broker]).version
    )
