"""A leader that looks twice before it asks for a larger ISR, on top of `specs.unclean_election`.

A thread of the leader that has stored a follower's fetch looks whether the follower may join the
ISR; then it takes the leader's lock, looks again, and asks the controller. In `isr` that is one
step. Here, with `atomic_isr_decision` off, the thread may stall between its looks, and another may
store a later fetch. With the setting on, this spec is `unclean_election`.

Left out, and why that is sound for safety: as in `isr`, what the leader's metadata cache says about
fenced brokers; it only refuses earlier what the controller decides.

Sources: `Partition.maybeExpandIsr`, `needsExpandIsr` and `addBrokerEpochToIsr` in Kafka; pull
request #14053 of KAFKA-15221.
"""

from checker import Setting, action, require
from specs.isr_base import Broker
from specs.unclean_election import UncleanElection


class IsrExpansion(UncleanElection):
    """Replication of one partition, with a leader whose threads overtake each other."""

    stalled: dict[Broker, frozenset[Broker]]
    """Whom a thread of the leader is about to have in the ISR (`atomic_isr_decision` off)."""

    atomic_isr_decision: Setting[bool] = True
    """KAFKA-15221 (R24): who has caught up, and its broker epoch, are read under one lock."""

    def maybe_expand(self, leader: Broker, follower: Broker) -> None:
        """As before; or the thread that took the fetch stalls when it has looked once."""
        if self.has_caught_up(leader, follower) and self.may_expand(leader, follower):
            if self.atomic_isr_decision:
                self.propose(leader, self.local_isr[leader] | {follower})
            else:
                self.stalled[leader] |= {follower}

    @action
    def expand_isr(self, leader: Broker, follower: Broker) -> None:
        """`Partition.maybeExpandIsr`: with the lock, the thread looks again, and asks."""
        require(follower in self.stalled[leader])
        self.stalled[leader] -= {follower}
        if self.is_fit(leader, follower):
            self.propose(leader, self.local_isr[leader] | {follower})

    @action
    def expand_isr_overtaken(self, leader: Broker, follower: Broker) -> None:
        """The same, but between two looks another thread stores a fetch of the follower.

        The log end is still that of the fetch before, but the broker epoch in the request
        (`addBrokerEpochToIsr`) is that of this one.
        """
        require(follower in self.stalled[leader], self.is_fit(leader, follower))
        require(self.may_fetch(follower, leader))
        self.answer(follower, leader, self.request(follower))
        self.stalled[leader] -= {follower}
        self.propose(leader, self.local_isr[leader] | {follower})

    def is_fit(self, leader: Broker, follower: Broker) -> bool:
        """Whether the leader, if it still is one, would have the follower in the ISR."""
        return (
            self.leads(leader)
            and self.has_caught_up(leader, follower)
            and self.may_expand(leader, follower)
        )

    def lose_memory(self, broker: Broker) -> None:
        """As before, and the threads with all that they know."""
        self.empty_purgatory(broker)
        self.stalled[broker] = frozenset()
