"""What the controllers' quorum promises: one leader an epoch, and nothing committed is lost."""

from checker import invariant
from specs.quorum_base import Voter
from specs.quorum_election import QuorumElection


@invariant
def one_leader_per_epoch(s: QuorumElection) -> bool:
    """Replicas of one epoch agree on who leads it (KIP-595; Raft's election safety).

    Fails if a voter votes twice, and where two majorities need not overlap.
    """
    return all(
        s.leader[one] is None or s.leader[other] is None or s.leader[one] == s.leader[other]
        for one in Voter
        for other in Voter
        if s.epoch[one] == s.epoch[other]
    )


@invariant
def one_leader_can_commit(s: QuorumElection) -> bool:
    """Of all that believe to lead, at most one has a majority of its voters in its epoch.

    KIP-595 promises it: an election takes a majority out of every earlier epoch. It is what keeps
    a leader that was replaced, and does not know, from doing harm.
    """
    return (
        sum(
            1
            for leader in Voter
            if s.leads[leader]
            and 2 * sum(1 for v in s.voter_set(leader) if s.supports(v, leader))
            > len(s.voter_set(leader))
        )
        <= 1
    )


@invariant
def leaders_have_all_committed(s: QuorumElection) -> bool:
    """Who was elected after a commit has everything that was committed (KIP-595; Raft's leader
    completeness).

    Fails, as it is supposed to, when a majority loses what its disks had called flushed.
    """
    return all(
        s.log[leader][: len(s.committed)] == s.committed
        for leader in Voter
        if s.leads[leader] and s.epoch[leader] > s.commit_epoch
    )


@invariant
def committed_is_somewhere(s: QuorumElection) -> bool:
    """Some replica still has everything that was committed (KIP-595)."""
    return any(s.log[v][: len(s.committed)] == s.committed for v in Voter)


@invariant
def offset_and_epoch_name_one_record(s: QuorumElection) -> bool:
    """Two records at one offset and of one epoch are the same (KIP-595, and the comment in
    `QuorumState.initialize`). Fetch validation rests on it.
    """
    return all(
        s.log[one][o].epoch != s.log[other][o].epoch or s.log[one][o] == s.log[other][o]
        for one in Voter
        for other in Voter
        for o in range(min(len(s.log[one]), len(s.log[other])))
    )


@invariant
def logs_match_below_high_watermark(s: QuorumElection) -> bool:
    """What a replica gives its state machine is what was committed (KIP-595; Raft's state machine
    safety).
    """
    return all(s.log[v][: s.hw[v]] == s.committed[: s.hw[v]] for v in Voter)


@invariant
def high_watermark_is_in_the_log(s: QuorumElection) -> bool:
    """A running replica keeps what it knows to be committed (KAFKA-12460)."""
    return all(s.hw[v] <= len(s.log[v]) for v in Voter)
