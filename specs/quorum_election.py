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

from dataclasses import dataclass
from typing import Annotated

from checker import MaxLen, Scope, Setting, Sort, Spec, Upto, action, reachable, require


class Voter(Sort):
    """A controller, with its disk."""


Epoch = Annotated[int, Upto("Epoch")]
Offset = Annotated[int, Upto("LogSize")]
RecordId = Annotated[int, Upto("Record")]


@dataclass(frozen=True)
class Record:
    """A record with its epoch. Id 0 is LeaderChange, the first record of each epoch."""

    epoch: Epoch
    id: RecordId


Log = Annotated[tuple[Record, ...], MaxLen("LogSize")]


class QuorumElection(Spec):
    """The voters of the metadata partition, and the faults that they must survive."""

    scope = Scope(
        Voter=3, Epoch=2, LogSize=2, Record=1, Restart=0, LossyRestart=1, LostDisk=0, LyingDisk=0
    )

    restart_resigned: Setting[bool] = True
    """KAFKA-10527: who led before a restart does not lead on in the same epoch."""
    flush_before_count: Setting[bool] = True
    """KAFKA-10533: a record is on disk before it is counted."""
    flush_before_own_count: Setting[bool] = False
    """Not in Kafka: the leader, too, counts its own record only when it is on disk."""
    hw_gt_epoch_start: Setting[bool] = True
    """KAFKA-12619: nothing is committed before a record of the leader's own epoch is."""
    refuse_truncate_below_hw: Setting[bool] = True
    """KAFKA-12460: a follower dies rather than truncate what it knows to be committed."""
    voter_directory_id: Setting[bool] = True
    """KIP-853: a voter is its id and its disk, so that a new disk is no voter."""

    # On disk: the log, and the quorum-state file.
    log: dict[Voter, Log]
    epoch: dict[Voter, Epoch]
    vote: dict[Voter, Voter | None]
    """Whom it voted for in its epoch; forgotten once it knows the leader."""
    leader: dict[Voter, Voter | None]
    """Who leads its epoch, as far as it knows."""
    replaced: dict[Voter, bool]
    """Whether its disk is a new one, with another directory id than the voters know."""

    # In memory.
    leads: dict[Voter, bool]
    """Whether it acts as leader. One that is its own leader and does not act has resigned."""
    unflushed: dict[Voter, bool]
    """Whether it appended its last record as leader, and may not have flushed it yet."""
    granted: dict[Voter, frozenset[Voter]]
    """A candidate's votes, its own included."""
    end: dict[Voter, dict[Voter, Offset]]
    """What a leader knows of each follower's log: the offset of its last valid fetch."""
    hw: dict[Voter, Offset]
    """The high watermark; 0 stands for unknown as well."""

    next_record: RecordId

    # For the invariants alone: what was ever committed, and in which epoch last.
    committed: Log
    commit_epoch: Epoch

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
        """`KafkaRaftClient.maybeAppendBatches`: append, count, then flush."""
        require(self.leads[leader])
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

    # What a variant may replace.

    def voter_set(self, voter: Voter) -> frozenset[Voter]:
        """The voters, as this one knows them."""
        return frozenset(Voter)

    def may_stand(self, voter: Voter) -> bool:
        """Whether it is a voter by its own knowledge: `QuorumState.isVoter`."""
        return voter in self.voter_set(voter) and not self.replaced[voter]

    def reached(self, leader: Voter, offset: Offset) -> bool:
        """Whether a majority has its log up to the offset, for all that the leader knows."""
        voters = self.voter_set(leader)
        return 2 * sum(1 for v in voters if self.known_end(leader, v) >= offset) > len(voters)

    def truncate(self, voter: Voter, offset: Offset) -> None:
        """`ReplicatedLog.truncateTo`."""
        self.log[voter] = self.log[voter][:offset]

    def forget(self, voter: Voter) -> None:
        """What a replica knows of its log, beyond the log, is lost with the process."""
        self.hw[voter] = 0

    # What they share.

    def is_candidate(self, voter: Voter) -> bool:
        """Whether it stands in its epoch."""
        return self.vote[voter] == voter

    def is_following(self, follower: Voter, leader: Voter) -> bool:
        """Whether the leader takes its fetches: `KafkaRaftClient.validateLeaderOnlyRequest`."""
        return (
            follower != leader
            and self.leads[leader]
            and self.leader[follower] == leader
            and self.epoch[follower] == self.epoch[leader]
        )

    def supports(self, voter: Voter, leader: Voter) -> bool:
        """Whether the voter is in the leader's epoch, and so may still help it to commit."""
        return self.epoch[voter] == self.epoch[leader] and not self.replaced[voter]

    def last_epoch(self, voter: Voter) -> Epoch:
        """The epoch of its last record."""
        return self.log[voter][-1].epoch if len(self.log[voter]) > 0 else 0

    def is_up_to_date(self, candidate: Voter, voter: Voter) -> bool:
        """Whether the candidate's log is not behind the voter's: `OffsetAndEpoch.compareTo`."""
        return self.last_epoch(candidate) > self.last_epoch(voter) or (
            self.last_epoch(candidate) == self.last_epoch(voter)
            and len(self.log[candidate]) >= len(self.log[voter])
        )

    def end_of_epoch(self, voter: Voter, epoch: Epoch) -> Offset:
        """Where the records up to an epoch end: `ReplicatedLog.endOffsetForEpoch`."""
        return sum(1 for record in self.log[voter] if record.epoch <= epoch)

    def is_valid(self, follower: Voter, leader: Voter) -> bool:
        """Whether the follower's last record is the leader's, by offset and epoch:
        `ReplicatedLog.validateOffsetAndEpoch`.
        """
        end = len(self.log[follower])
        return end == 0 or (
            end <= len(self.log[leader])
            and self.log[leader][end - 1].epoch == self.last_epoch(follower)
        )

    def truncation_offset(self, follower: Voter, leader: Voter) -> Offset:
        """Where a diverging follower truncates: `ReplicatedLog.truncateToEndOffset`.

        The leader names its largest epoch that is not above the follower's last one, and its end.
        """
        end = self.end_of_epoch(leader, self.last_epoch(follower))
        epoch = self.log[leader][end - 1].epoch if end > 0 else 0
        return min(end, self.end_of_epoch(follower, epoch))

    def known_end(self, leader: Voter, voter: Voter) -> Offset:
        """What the leader knows of a log; of its own, even what is not flushed."""
        if voter != leader:
            return self.end[leader][voter]
        return self.flushed(leader) if self.flush_before_own_count else len(self.log[leader])

    def flushed(self, voter: Voter) -> Offset:
        """Below which offset a power failure loses nothing."""
        if not self.flush_before_count:
            return 0
        return len(self.log[voter]) - 1 if self.unflushed[voter] else len(self.log[voter])

    def append(self, leader: Voter, record: RecordId) -> None:
        """The leader appends. What it appended before was flushed before."""
        self.log[leader] += (Record(self.epoch[leader], record),)
        self.unflushed[leader] = self.flush_before_count
        self.update_high_watermark(leader)

    def update_high_watermark(self, leader: Voter) -> None:
        """`LeaderState.maybeUpdateHighWatermark`: it never goes back."""
        start = self.end_of_epoch(leader, self.epoch[leader] - 1)
        offset = max(
            (o for o in range(1, len(self.log[leader]) + 1) if self.reached(leader, o)), default=0
        )
        if offset > self.hw[leader] and (
            offset > start or (offset == start and not self.hw_gt_epoch_start)
        ):
            self.hw[leader] = offset
            self.commit(leader, offset)

    def commit(self, leader: Voter, offset: Offset) -> None:
        """Remember what was committed, for the invariants."""
        if offset > len(self.committed):
            self.committed += self.log[leader][len(self.committed) : offset]
            self.commit_epoch = max(self.commit_epoch, self.epoch[leader])

    def step_down(self, voter: Voter) -> None:
        """It acts no more as leader or candidate. What it appended, it flushed."""
        self.leads[voter] = False
        self.unflushed[voter] = False
        self.granted[voter] = frozenset()
        self.end[voter] = {other: 0 for other in Voter}

    def enter(self, voter: Voter, epoch: Epoch) -> None:
        """It goes on in another epoch, without vote and leader."""
        self.step_down(voter)
        self.epoch[voter] = epoch
        self.vote[voter] = None
        self.leader[voter] = None

    def initialize(self, voter: Voter) -> None:
        """Start from the disk. A leader has resigned, a candidate has its own vote only."""
        self.step_down(voter)
        self.forget(voter)
        if self.is_candidate(voter):
            self.granted[voter] |= {voter}
        if self.leader[voter] == voter and not self.restart_resigned:
            self.leads[voter] = True
            self.append(voter, 0)

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
