"""KIP-853: the voters of KRaft's quorum change, one at a time, by records in the log itself.

A VotersRecord carries the whole new set. A replica uses the last one in its log from the moment
that it is appended, committed or not, and goes back to the one before if it truncates. Here every
record but LeaderChange is such a record.

What is left out, beside what `quorum_election` leaves out: changed endpoints (UpdateVoter), the
versions of the feature, and the rule that a new voter has fetched within the last hour; it and the
timeout of a change that does not commit only forbid or end what may happen anyway.

Sources: AddVoterHandler, RemoveVoterHandler, KRaftControlRecordStateMachine and VoterSetHistory in
`raft/src/main/java/org/apache/kafka/raft/internals`, and LeaderState.
"""

from checker import Scope, Setting, action, reachable, require
from specs.quorum_base import Offset, RecordId, Voter
from specs.quorum_election import QuorumElection


class QuorumReconfiguration(QuorumElection):
    """The quorum, whose leader may add and remove voters."""

    scope = Scope(Voter=3, Epoch=2, LogSize=3, Record=2, Write=0, LossyRestart=0)

    change_needs_hw: Setting[bool] = True
    """Only a leader that has committed in its epoch changes the voters."""
    one_change_at_a_time: Setting[bool] = True
    """No change while the last one is uncommitted."""
    use_appended_voters: Setting[bool] = True
    """A voter set is in force once appended; off: once known to be committed."""
    hw_counts_only_voters: Setting[bool] = True
    """KAFKA-16530: a leader that is no voter does not count itself."""
    rewind_after_truncation: Setting[bool] = False
    """Not in Kafka: who truncated reads voters again from there, not only from its old end."""

    without: dict[RecordId, frozenset[Voter]]
    """Who is no voter by the VotersRecord of this id. It stands here once, as it never changes."""
    missed: dict[Voter, frozenset[Offset]]
    """Offsets that a replica will not read for voters again, although it truncated them."""

    @action(budget="Write")
    def write(self, leader: Voter) -> None:
        """The active controller's record about something else; here it looks like LeaderChange."""
        require(self.is_active(leader), not self.is_out(leader))
        self.append(leader, 0)

    @action
    def change_voters(self, leader: Voter, voter: Voter) -> None:
        """An administrator adds a voter or removes one:
        `AddVoterHandler.handleAddVoterRequest`, `RemoveVoterHandler.handleRemoveVoterRequest`.
        """
        voters = self.voter_set(leader) ^ {voter}
        require(
            self.leads[leader],
            not self.is_out(leader),
            len(voters) > 0,
            self.hw[leader] > 0 or not self.change_needs_hw,
            self.voters_end(leader) <= self.hw[leader] or not self.one_change_at_a_time,
        )
        self.next_record += 1
        self.without[self.next_record] = frozenset(Voter) - voters
        self.append(leader, self.next_record)

    def voters_end(self, voter: Voter) -> Offset:
        """The end of the last VotersRecord that it knows: 0 if there is none."""
        return max(
            (
                offset + 1
                for offset in range(len(self.log[voter]))
                if self.log[voter][offset].id > 0
                if offset not in self.missed[voter]
                if self.use_appended_voters or offset < self.hw[voter]
            ),
            default=0,
        )

    def voter_set(self, voter: Voter) -> frozenset[Voter]:
        """`KRaftControlRecordStateMachine.lastVoterSet`."""
        end = self.voters_end(voter)
        if end == 0:
            return self.founders()
        return frozenset(Voter) - self.without[self.log[voter][end - 1].id]

    def founders(self) -> frozenset[Voter]:
        """The voters that every replica starts with, from its bootstrap snapshot."""
        return frozenset(Voter)

    def is_out(self, leader: Voter) -> bool:
        """Whether its removal is committed. Then it resigns, before it handles anything else:
        `RemoveVoterHandler.highWatermarkUpdated`.
        """
        return leader not in self.voter_set(leader) and self.voters_end(leader) <= self.hw[leader]

    def reached(self, leader: Voter, offset: Offset) -> bool:
        """Whether a majority has its log up to the offset; before KAFKA-16530 the leader was
        taken for one of the voters.
        """
        voters = self.voter_set(leader)
        counted = voters if self.hw_counts_only_voters else voters | {leader}
        return 2 * sum(1 for v in counted if self.known_end(leader, v) >= offset) > len(voters)

    def truncate(self, voter: Voter, offset: Offset) -> None:
        """`ReplicatedLog.truncateTo`, `KRaftControlRecordStateMachine.truncateNewEntries`: the
        latter forgets what it read there, and does not set back where it reads on.
        """
        if not self.rewind_after_truncation:
            self.missed[voter] |= frozenset(range(offset, len(self.log[voter])))
        self.log[voter] = self.log[voter][:offset]

    def forget(self, voter: Voter) -> None:
        """A restart reads the whole log again."""
        self.hw[voter] = 0
        self.missed[voter] = frozenset()

    @reachable
    def a_change_is_committed(self) -> bool:
        """A voter set was committed."""
        return any(record.id > 0 for record in self.committed)

    @reachable
    def a_removed_leader_leads(self) -> bool:
        """A leader goes on to lead voters of whom it is none."""
        return any(self.leads[v] and v not in self.voter_set(v) for v in Voter)
