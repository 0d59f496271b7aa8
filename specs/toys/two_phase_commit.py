"""Two-phase commit: a transaction manager makes resource managers commit together or not at all.

After the TLA+ module `TwoPhase` of Gray and Lamport, *Consensus on Transaction Commit* (2006).
Messages are a set that only grows: whatever was sent may arrive at any time, and again.
"""

from dataclasses import dataclass
from enum import Enum

from checker import Scope, Sort, Spec, action, invariant, reachable, require


class Manager(Sort):
    """A resource manager, which holds a part of the transaction."""


class Decision(Enum):
    """Where the transaction manager stands."""

    OPEN = "open"
    COMMITTED = "committed"
    ABORTED = "aborted"


class Stage(Enum):
    """Where a resource manager stands."""

    WORKING = "working"
    PREPARED = "prepared"
    COMMITTED = "committed"
    ABORTED = "aborted"


class Kind(Enum):
    """What a message says."""

    PREPARED = "prepared"
    COMMIT = "commit"
    ABORT = "abort"


@dataclass(frozen=True)
class Message:
    """`PREPARED` names its sender; what the transaction manager decides goes to all."""

    kind: Kind
    sender: Manager | None


class TwoPhaseCommit(Spec):
    """One transaction."""

    scope = Scope(Manager=3)

    stage: dict[Manager, Stage]
    decision: Decision
    prepared: frozenset[Manager]
    messages: frozenset[Message]

    @action
    def receive_prepared(self, manager: Manager) -> None:
        """The transaction manager hears that a resource manager is prepared."""
        require(
            self.decision == Decision.OPEN,
            Message(Kind.PREPARED, manager) in self.messages,
        )
        self.prepared |= {manager}

    @action
    def commit(self) -> None:
        """All are prepared: the transaction manager commits."""
        require(self.decision == Decision.OPEN, self.prepared == frozenset(Manager))
        self.decision = Decision.COMMITTED
        self.messages |= {Message(Kind.COMMIT, None)}

    @action
    def abort(self) -> None:
        """The transaction manager gives up, for whatever reason."""
        require(self.decision == Decision.OPEN)
        self.decision = Decision.ABORTED
        self.messages |= {Message(Kind.ABORT, None)}

    @action
    def prepare(self, manager: Manager) -> None:
        """A resource manager is ready to commit, and says so."""
        require(self.stage[manager] == Stage.WORKING)
        self.stage[manager] = Stage.PREPARED
        self.messages |= {Message(Kind.PREPARED, manager)}

    @action
    def choose_to_abort(self, manager: Manager) -> None:
        """A resource manager aborts on its own, which it may until it is prepared."""
        require(self.stage[manager] == Stage.WORKING)
        self.stage[manager] = Stage.ABORTED

    @action
    def receive_commit(self, manager: Manager) -> None:
        """A resource manager hears that the transaction commits."""
        require(Message(Kind.COMMIT, None) in self.messages)
        self.stage[manager] = Stage.COMMITTED

    @action
    def receive_abort(self, manager: Manager) -> None:
        """A resource manager hears that the transaction aborts."""
        require(Message(Kind.ABORT, None) in self.messages)
        self.stage[manager] = Stage.ABORTED

    @invariant
    def consistent(self) -> bool:
        """No resource manager commits while another one aborts."""
        return not (
            any(self.stage[manager] == Stage.COMMITTED for manager in Manager)
            and any(self.stage[manager] == Stage.ABORTED for manager in Manager)
        )

    @reachable
    def all_commit(self) -> bool:
        """The transaction can succeed."""
        return all(self.stage[manager] == Stage.COMMITTED for manager in Manager)
