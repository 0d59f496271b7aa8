"""KIP-320, first try: a fetch carries the epoch of the follower's last record.

A new follower does not truncate; it fetches at once, and truncates when the leader answers that
their logs diverge. The leader also trusts a follower only up to a record whose epoch it has seen
to match. It was not enough: the leader cannot tell in which epoch a follower *is*, so that a late
one may help to commit a record and then truncate it.

Source: module `Kip320FirstTry` of hachikuji/kafka-specification.
"""

from checker import action, require
from specs.published.kafka_replication import Epoch, Offset, Replica
from specs.published.kip279 import Kip279


class Kip320FirstTry(Kip279):
    """Replication that compares the epochs of records, and truncates when a fetch fails."""

    def is_caught_up(self, follower: Replica, leader: Replica, offset: Offset) -> bool:
        """Whether the follower has the leader's log up to the offset, by the epoch just before."""
        return self.is_following(follower, leader) and (
            offset == 0
            or (
                offset <= len(self.log[leader])
                and offset <= len(self.log[follower])
                and self.log[leader][offset - 1].epoch == self.log[follower][offset - 1].epoch
            )
        )

    @action
    def leader_expand_isr(self, leader: Replica, follower: Replica) -> None:
        """As before, but only once the records of earlier epochs are committed."""
        require(
            self.is_true_leader(leader),
            follower not in self.isr[leader],
            self.is_caught_up(follower, leader, self.hw[leader]),
            self.has_reached_own_epoch(leader),
        )
        self.update_isr(leader, self.isr[leader] | {follower})

    @action
    def become_follower(self, follower: Replica, leader: Replica, epoch: Epoch) -> None:
        """A replica learns whom to follow, and keeps its log until a fetch shows it wrong."""
        require(follower != leader, self.is_newer_request(epoch, leader, follower))
        self.adopt(epoch, follower)

    @action
    def follower_truncate(self, follower: Replica, leader: Replica) -> None:
        """A fetch was answered with an error: the follower truncates to what both logs share."""
        require(
            self.presumes_to_lead(leader),
            self.is_following(follower, leader),
            self.has_diverged(follower, leader),
        )
        self.truncate(follower, self.truncation_offset(follower, leader))

    def has_diverged(self, follower: Replica, leader: Replica) -> bool:
        """Whether the follower's log is longer, or its last record of another epoch there."""
        end = len(self.log[follower])
        return end > len(self.log[leader]) or (
            end > 0 and self.log[leader][end - 1].epoch != self.log[follower][end - 1].epoch
        )
