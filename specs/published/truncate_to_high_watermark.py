"""Kafka before 0.11: a new follower truncates its log to its own high watermark.

A follower learns the high watermark one fetch late. Right after an election it may so throw away
a record that was committed, and then be elected itself: acknowledged data is lost (KAFKA-1211).

Source: module `KafkaTruncateToHighWatermark` of hachikuji/kafka-specification.
"""

from specs.published.kafka_replication import KafkaReplication, Offset, Replica


class TruncateToHighWatermark(KafkaReplication):
    """Replication as it was before leader epochs were stored in the log."""

    def truncation_offset(self, follower: Replica, leader: Replica) -> Offset:
        """The follower's high watermark, whatever the leader has."""
        return self.hw[follower]
