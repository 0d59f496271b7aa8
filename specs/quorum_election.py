"""KRaft's quorum: how the controllers elect a leader, replicate the metadata log and commit to it.

What is modelled: votes, the start of an epoch with its LeaderChange record, fetch with validation
and truncation, the high watermark, resignation, restarts that lose nothing, that lose what was
not flushed, and that lose the disk. The voters are fixed here; `quorum_reconfiguration` lets them
change, and `quorum_state_machine` adds the controller's memory.

What is left out, and why that is sound for safety:

- *Time.* Every timeout may fire at any moment: fetch and election timeout (`stand`), check-quorum
  and shutdown (`resign`). Backoff and EndQuorumEpoch only change when, not what.
- *Pre-vote* (KIP-996) only forbids some elections, so every behaviour with it is one of these.
- *Vote and its response in flight.* A candidate's log and epoch do not change while it is a
  candidate, so a request can be answered from them at any moment of that time. A response that
  comes late is a vote already in `granted` and a `become_leader` that waits; one that is lost is a
  `become_leader` that never comes. A request that outlives its candidature can only move the voter
  to that epoch, which it may also reach as a candidate.
- *Fetch and its response in flight.* The request is counted (`count_fetch`) apart from the
  response's arrival (`apply_fetch`), and either may be lost. Both deal with the same epoch. In it
  a leader's log only grows and a follower's changes by its own responses, one at a time, so a
  message says the same when it is sent and when it arrives, or is refused for its epoch.
- *BeginQuorumEpoch.* Any replica may hear of a leader until that leader is in a later epoch;
  afterwards a replica that is in the epoch without a leader can do all that its follower can.
- *A broken connection* is messages that are never handled, a *dead process* one that never acts.
- *Snapshots* and log cleaning: logs here begin at 0. *Batches*: a fetch brings one record.

Sources, all in `raft/src/main/java/org/apache/kafka/raft` of apache/kafka 1eb7644349c (4.0
development): KafkaRaftClient, QuorumState, LeaderState, UnattachedState, ReplicatedLog. The
method stands at each action.
"""

from checker import action, reachable, require
from specs.quorum_base import Offset, QuorumBase, Voter


class QuorumElection(QuorumBase):
    """Elections, replication, and the faults that the quorum must survive."""

    # Elections.

    @action
    def stand(self, voter: Voter) -> None:
        """A timeout: `KafkaRaftClient.pollUnattached`, `pollFollower`, `pollCandidate`,
        `pollResigned`, then `QuorumState.transitionToCandidate`.
        """
        require(self.may_stand(voter), not self.leads[voter])
        self.enter(voter, self.epoch[voter] + 1)
        self.vote[voter] = voter
        self.granted[voter] |= {voter}

    @action
    def grant_vote(self, voter: Voter, candidate: Voter) -> None:
        """`KafkaRaftClient.handleVoteRequest`, `UnattachedState.canGrantVote`.

        One vote an epoch, and none once the leader is known; a candidate that asks again, after a
        restart, is granted again, whatever its log.
        """
        require(
            voter != candidate,
            self.is_candidate(candidate),
            voter in self.voter_set(candidate),
            not self.replaced[voter],
            voter not in self.granted[candidate],
            self.epoch[voter] <= self.epoch[candidate],
        )
        if self.epoch[voter] < self.epoch[candidate]:
            self.enter(voter, self.epoch[candidate])
        require(self.leader[voter] is None)
        if self.vote[voter] is None:
            require(self.is_up_to_date(candidate, voter))
            self.vote[voter] = candidate
        require(self.vote[voter] == candidate)
        self.granted[candidate] |= {voter}

    @action
    def become_leader(self, candidate: Voter) -> None:
        """`KafkaRaftClient.onBecomeLeader`, `LeaderState.appendStartOfEpochControlRecords`.

        It forgets its high watermark, and writes LeaderChange.
        """
        require(
            self.is_candidate(candidate),
            2 * len(self.granted[candidate] & self.voter_set(candidate))
            > len(self.voter_set(candidate)),
        )
        self.leader[candidate] = candidate
        self.vote[candidate] = None
        self.granted[candidate] = frozenset()
        self.leads[candidate] = True
        self.hw[candidate] = 0
        self.append(candidate, 0)

    @action
    def hear_epoch(self, voter: Voter, other: Voter) -> None:
        """Any message of a later epoch: `KafkaRaftClient.maybeTransition`,
        `QuorumState.transitionToUnattached`.
        """
        require(self.epoch[voter] < self.epoch[other])
        self.enter(voter, self.epoch[other])

    @action
    def follow(self, voter: Voter, leader: Voter) -> None:
        """BeginQuorumEpoch, or any message that names the leader:
        `KafkaRaftClient.maybeTransition`, `QuorumState.transitionToFollower`.
        """
        require(
            voter != leader,
            self.leader[leader] == leader,
            self.epoch[voter] < self.epoch[leader]
            or (self.epoch[voter] == self.epoch[leader] and self.leader[voter] is None),
        )
        self.enter(voter, self.epoch[leader])
        self.leader[voter] = leader

    @action
    def resign(self, leader: Voter) -> None:
        """Check-quorum or shutdown: `LeaderState.timeUntilCheckQuorumExpires`,
        `KafkaRaftClient.transitionToResigned`. On disk it still leads.
        """
        require(self.leads[leader])
        self.step_down(leader)

    # Replication.

    @action
    def write(self, leader: Voter) -> None:
        """The active controller writes. `KafkaRaftClient.maybeAppendBatches`: append, count, then
        flush.
        """
        require(self.is_active(leader))
        self.next_record += 1
        self.append(leader, self.next_record)

    @action
    def flush(self, leader: Voter) -> None:
        """The end of `KafkaRaftClient.flushLeaderLog`; nothing else is handled before."""
        require(self.unflushed[leader])
        self.unflushed[leader] = False
        self.update_high_watermark(leader)

    @action
    def count_fetch(self, leader: Voter, follower: Voter) -> None:
        """A fetch request reaches the leader: `KafkaRaftClient.tryCompleteFetchRequest`,
        `LeaderState.updateReplicaState`. A diverging one is not counted.
        """
        require(
            self.is_following(follower, leader),
            self.is_valid(follower, leader),
            not self.replaced[follower],
        )
        self.unflushed[leader] = False
        self.end[leader][follower] = len(self.log[follower])
        self.update_high_watermark(leader)

    @action
    def apply_fetch(self, follower: Voter, leader: Voter) -> None:
        """A fetch response reaches the follower: `KafkaRaftClient.handleFetchResponse`.

        It brings a record or the place where to truncate, and the leader's high watermark. The
        leader may not have flushed that record yet: a waiting fetch is answered before.
        """
        require(self.is_following(follower, leader))
        end = len(self.log[follower])
        if not self.is_valid(follower, leader):
            offset = self.truncation_offset(follower, leader)
            require(offset >= self.hw[follower] or not self.refuse_truncate_below_hw)
            self.truncate(follower, offset)
        elif end < len(self.log[leader]):
            self.log[follower] += (self.log[leader][end],)
            self.hw[follower] = max(self.hw[follower], min(end + 1, self.hw[leader]))
        else:
            self.hw[follower] = max(self.hw[follower], min(end, self.hw[leader]))

    # Faults.

    @action(budget="Restart")
    def restart(self, voter: Voter) -> None:
        """The process dies and comes back with its disk: `QuorumState.initialize`."""
        self.initialize(voter)

    @action(budget="LossyRestart")
    def lossy_restart(self, voter: Voter, kept: Offset) -> None:
        """The machine dies, and comes back without what was not flushed."""
        require(self.flushed(voter) <= kept < len(self.log[voter]))
        self.log[voter] = self.log[voter][:kept]
        self.initialize(voter)

    @action(budget="LostDisk")
    def replace_disk(self, voter: Voter) -> None:
        """It comes back with an empty disk: no log, no epoch, no vote."""
        self.log[voter] = ()
        self.enter(voter, 0)
        self.forget(voter)
        self.replaced[voter] = self.voter_directory_id

    @action(budget="LyingDisk")
    def disk_lies(self, voter: Voter, kept: Offset) -> None:
        """The machine dies, and comes back without records that its disk had called flushed."""
        require(kept < len(self.log[voter]))
        self.log[voter] = self.log[voter][:kept]
        self.initialize(voter)

    # What must be possible, lest an invariant holds for want of behaviours.

    @reachable
    def a_second_leader_commits(self) -> bool:
        """A leader was replaced, and its successor committed."""
        return self.commit_epoch == 2

    @reachable
    def a_follower_diverges(self) -> bool:
        """A follower has to truncate."""
        return any(
            self.is_following(f, leader) and not self.is_valid(f, leader)
            for f in Voter
            for leader in Voter
        )

    @reachable
    def all_have_committed(self) -> bool:
        """All voters know the same records to be committed, and there are some."""
        return all(self.hw[v] == len(self.committed) for v in Voter) and len(self.committed) > 0

    @reachable
    def two_lead(self) -> bool:
        """Two lead at a time, in different epochs."""
        return sum(1 for v in Voter if self.leads[v]) > 1
