"""What leader epochs promise: time goes one way, and leaders do change."""

from checker import reachable, step_invariant
from specs.published.kafka_replication import KafkaReplication, Replica


@step_invariant
def epochs_never_go_back(before: KafkaReplication, after: KafkaReplication) -> bool:
    """Neither the quorum nor any replica returns to an earlier epoch."""
    return before.quorum_epoch <= after.quorum_epoch and all(
        before.epoch[replica] <= after.epoch[replica] for replica in Replica
    )


@reachable
def every_replica_commits(s: KafkaReplication) -> bool:
    """Replication works: every replica comes to hold a record for committed."""
    return all(s.hw[replica] > 0 for replica in Replica)


@reachable
def new_leader_has_an_old_record(s: KafkaReplication) -> bool:
    """Failover works: a replica leads in the current epoch with a record of an earlier one."""
    return any(
        record.epoch < s.epoch[leader]
        for leader in Replica
        if s.is_true_leader(leader)
        for record in s.log[leader]
    )
