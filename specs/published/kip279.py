"""KIP-279 (Kafka 2.0): a new follower goes back through its log until it agrees with the leader.

That repairs the divergence after fast elections that KIP-101 left (KAFKA-6361). What remains is
fencing: a follower may truncate against, or fetch from, a leader that is itself out of date.

Source: module `Kip279` of hachikuji/kafka-specification.
"""

from specs.published.kafka_replication import KafkaReplication, Offset, Replica


class Kip279(KafkaReplication):
    """Replication that truncates to the last record that both logs share."""

    def truncation_offset(self, follower: Replica, leader: Replica) -> Offset:
        """One more than the last offset at which the two logs agree."""
        return max(
            (
                offset + 1
                for offset in range(len(self.log[follower]))
                if self.agree(follower, leader, offset)
            ),
            default=0,
        )
