"""The active controller's memory: it runs ahead of the quorum, and must go back when it resigns.

An active controller applies a record to its memory when it appends it, before it is committed, so
that the next request sees it. Standby controllers apply what is committed. One that is no longer
active (`renounce`) may hold records that will never be committed: it reverts to the last committed
offset.

What is left out, beside what `quorum_election` leaves out: that the memory of the time before comes
from a snapshot (KAFKA-13114 was that there was none); here it is there.

Sources: `QuorumController.renounce`, `QuorumController.ControllerWriteEvent.run`,
`OffsetControlManager` in `metadata/src/main/java/org/apache/kafka/controller`.
"""

from checker import Scope, Setting, action, invariant, reachable, require
from specs.quorum_base import Log, Voter
from specs.quorum_election import QuorumElection


class QuorumStateMachine(QuorumElection):
    """The quorum with the memory of its controllers."""

    scope = Scope(Voter=3, Epoch=2, LogSize=3, Record=1, LossyRestart=0)

    renounce_reverts_to_committed: Setting[bool] = True
    """R55: who is active no more forgets what was not committed."""

    applied: dict[Voter, Log]
    """The records that a controller's memory is made of, in order."""

    @action
    def write(self, leader: Voter) -> None:
        """The active controller handles a request: it appends, and applies at once."""
        require(self.is_active(leader), self.applied[leader] == self.log[leader])
        self.next_record += 1
        self.append(leader, self.next_record)
        self.applied[leader] = self.log[leader]

    @action
    def apply_committed(self, voter: Voter) -> None:
        """The raft client hands over what is committed, from where the memory ends:
        `KafkaRaftClient.updateListenersProgress`. A new leader first catches up with its log.
        """
        end = self.hw[voter]
        require(len(self.applied[voter]) < end <= len(self.log[voter]))
        self.applied[voter] += self.log[voter][len(self.applied[voter]) : end]

    def step_down(self, voter: Voter) -> None:
        """It acts no more, and renounces."""
        if self.renounce_reverts_to_committed and self.leads[voter]:
            self.applied[voter] = self.applied[voter][: self.hw[voter]]
        self.leads[voter] = False
        self.unflushed[voter] = False
        self.granted[voter] = frozenset()
        self.end[voter] = {other: 0 for other in Voter}

    def forget(self, voter: Voter) -> None:
        """A restart begins with an empty memory."""
        self.hw[voter] = 0
        self.applied[voter] = ()

    @invariant
    def standby_memory_is_committed(self) -> bool:
        """Who is not active has in memory what is committed, and nothing else (KIP-631).

        Supposed to fail while a controller is active: it runs ahead.
        """
        return all(
            self.applied[v] == self.committed[: len(self.applied[v])]
            for v in Voter
            if not self.leads[v]
        )

    @reachable
    def an_active_controller_is_ahead(self) -> bool:
        """A controller's memory holds what is not committed."""
        return any(len(self.applied[v]) > len(self.committed) for v in Voter)
