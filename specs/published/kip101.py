"""KIP-101 (Kafka 0.11): a new follower asks the leader where the follower's last epoch ended.

Records carry the epoch of the leader that appended them, and OffsetsForLeaderEpoch finds a better
place to truncate than the high watermark. Two fast elections still make logs diverge: the leader
may know nothing of the epoch that it is asked about (KAFKA-6361, KIP-279).

Source: module `Kip101` of hachikuji/kafka-specification.
"""

from specs.published.kafka_replication import Epoch, KafkaReplication, Offset, Replica


class Kip101(KafkaReplication):
    """Replication that truncates by leader epoch."""

    def truncation_offset(self, follower: Replica, leader: Replica) -> Offset:
        """Where, for the leader, the epoch of the follower's last record ends."""
        return (
            self.end_of_epoch(leader, self.log[follower][-1].epoch, self.hw[follower])
            if len(self.log[follower]) > 0
            else 0
        )

    def end_of_epoch(self, leader: Replica, epoch: Epoch, unknown: Offset) -> Offset:
        """The leader's answer: the end of its log, or where the first later epoch begins."""
        return (
            len(self.log[leader])
            if len(self.log[leader]) > 0 and self.log[leader][-1].epoch == epoch
            else min(
                (
                    offset
                    for offset in range(len(self.log[leader]))
                    if self.log[leader][offset].epoch > epoch
                ),
                default=unknown,
            )
        )
