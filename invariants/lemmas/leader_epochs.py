"""Leader epochs of a replicated partition: each has one leader, wherever it is known.

With these, a leader that was replaced may believe for ever that it leads, and nobody else will
believe it of the same epoch. What logs hold plays no part.
"""

from checker import invariant, some
from specs.isr_base import Broker
from specs.isr_rules import IsrRules


@invariant
def known_epochs_were_given(s: IsrRules) -> bool:
    """No broker believes in a leader epoch that the controller has not given."""
    return all(s.local_epoch[broker] <= s.leader_epoch for broker in Broker)


@invariant
def metadata_are_of_given_epochs(s: IsrRules) -> bool:
    """Nor has any version of the metadata such an epoch."""
    return all(
        some(s.metadata[version]).leader_epoch <= s.leader_epoch
        for version in s.metadata
        if s.metadata[version] is not None
    )


@invariant
def metadata_name_one_leader_per_epoch(s: IsrRules) -> bool:
    """Two versions of one leader epoch name the same leader, or none."""
    return all(
        some(s.metadata[one]).leader_epoch != some(s.metadata[other]).leader_epoch
        or some(s.metadata[one]).leader == some(s.metadata[other]).leader
        for one in s.metadata
        if s.metadata[one] is not None
        for other in s.metadata
        if s.metadata[other] is not None
    )


@invariant
def metadata_of_the_newest_epoch_name_the_leader(s: IsrRules) -> bool:
    """So do all versions of the newest epoch, and the controller."""
    return all(
        some(s.metadata[version]).leader == s.leader
        for version in s.metadata
        if s.metadata[version] is not None
        if some(s.metadata[version]).leader_epoch == s.leader_epoch
    )


@invariant
def metadata_name_the_leader_of_their_epoch(s: IsrRules) -> bool:
    """Whoever believes that it leads is the leader that the metadata name for its epoch."""
    return all(
        some(s.metadata[version]).leader == broker
        for broker in Broker
        if s.leads(broker)
        for version in s.metadata
        if s.metadata[version] is not None
        if some(s.metadata[version]).leader_epoch == s.local_epoch[broker]
    )


@invariant
def the_newest_epoch_is_led_by_the_leader(s: IsrRules) -> bool:
    """In the newest epoch nobody else believes that it leads."""
    return all(
        s.leader == broker
        for broker in Broker
        if s.leads(broker) and s.local_epoch[broker] == s.leader_epoch
    )
