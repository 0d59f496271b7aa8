"""KIP-320 (Kafka 2.1): fetches are fenced by the leader's epoch.

Leader and follower deal with each other only in the same epoch. That one comparison guards the
fetch, the high watermark and the ISR; two more rules finish the repair: a follower truncates only
against a leader that is already in the new epoch, and a leader admits nobody to the ISR before it
has committed what earlier epochs left in its log. All of the ISR then has every committed record,
and a zombie can do no harm (KAFKA-6880).

Source: module `Kip320` of hachikuji/kafka-specification.
"""

from checker import action, require
from specs.published.kafka_replication import Epoch, Replica
from specs.published.kip279 import Kip279


class Kip320(Kip279):
    """Replication as Kafka does it: the version in which nothing committed is lost."""

    def is_following(self, follower: Replica, leader: Replica) -> bool:
        """The fence: the leader takes fetches of its own epoch only."""
        return self.leader[follower] == leader and self.epoch[follower] == self.epoch[leader]

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
        """A replica truncates against the leader of the new epoch, never against a stale one."""
        require(
            follower != leader,
            self.is_newer_request(epoch, leader, follower),
            self.presumes_to_lead(leader),
            self.epoch[leader] == epoch,
        )
        self.truncate(follower, self.truncation_offset(follower, leader))
        self.adopt(epoch, follower)
