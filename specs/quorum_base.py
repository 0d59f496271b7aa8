"""The state of KRaft's quorum, and the questions that its specs ask of it.

Each voter has a log and a quorum-state file on its disk, and a role in memory. Several roles of
Kafka are not stored here, since they follow: a *candidate* voted for itself, a *follower* knows
another leader, one that has *resigned* is its own leader and does not act; all others are
*unattached*. `quorum_election` says what happens, and names the sources.
"""

from dataclasses import dataclass
from typing import Annotated

from checker import MaxLen, Scope, Setting, Sort, Spec, Upto


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


class QuorumBase(Spec):
    """The voters of the metadata partition: what they store, and what follows from it."""

    abstract = True
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
    """Whether it acts as leader."""
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

    def is_active(self, leader: Voter) -> bool:
        """Whether its controller knows that it leads, and so may write: the controller has been
        given a record of the leader's epoch, and it is given committed ones only, as far as the
        leader can tell (`KafkaRaftClient.ListenerContext.maybeFireLeaderChange`).
        """
        return self.leads[leader] and self.hw[leader] > self.epoch_start(leader)

    def epoch_start(self, leader: Voter) -> Offset:
        """Where the leader's epoch begins in its log: `LeaderState.epochStartOffset`."""
        return self.end_of_epoch(leader, self.epoch[leader] - 1)

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
        start = self.epoch_start(leader)
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
