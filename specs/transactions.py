"""Transactions of one producer in one partition, and requests that are late: KIP-890.

Modelled: the producer, which writes and then commits or aborts; the transaction coordinator; the
partition with its records and markers; EndTxn requests that time out and are sent again, while the
first may still arrive, at any time. A reply to a request that has timed out is not heard, since the
client closes that connection (`NetworkClient.handleTimedOutRequests`).

Left out, and why that is sound for safety: the time between the coordinator's decision and its
markers, in which it takes nothing from the producer (CONCURRENT_TRANSACTIONS); late writes and late
AddPartitionsToTxn, which have bugs of their own; time-outs of transactions, other producers, and
failures of the coordinator. So this shows what a late EndTxn may do, and no more.

Sources: `TransactionCoordinator.endTransaction` and `handleAddPartitionsToTransaction` in Kafka at
1eb7644349c; `TransactionManager.EndTxnHandler` in its clients; KIP-890.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import (
    MaxLen,
    Scope,
    Setting,
    Spec,
    Upto,
    action,
    invariant,
    reachable,
    require,
)

Transaction = Annotated[int, Upto("Transaction")]  # 0: none yet
Epoch = Annotated[int, Upto("Transaction")]
Attempt = Annotated[int, Upto("TimeOut")]


class Phase(Enum):
    """What the producer is doing."""

    IDLE = "between transactions"
    OPEN = "in a transaction"
    ENDING = "waiting for the coordinator"
    FAILED = "it has heard of an error"


class Status(Enum):
    """The coordinator's view of the last transaction."""

    EMPTY = "none yet"
    ONGOING = "ongoing"
    COMMITTED = "committed"
    ABORTED = "aborted"


class Kind(Enum):
    """What an entry of the log is."""

    DATA = "record"
    COMMIT = "commit marker"
    ABORT = "abort marker"


@dataclass(frozen=True)
class Entry:
    """A record, or a marker, and the transaction that the producer was in."""

    kind: Kind
    transaction: Transaction


@dataclass(frozen=True)
class EndTxn:
    """A request to commit or abort. The coordinator sees the epoch and the outcome only."""

    epoch: Epoch
    commits: bool
    transaction: Transaction
    attempt: Attempt


class Transactions(Spec):
    """One producer, its coordinator, and one partition."""

    scope = Scope(Transaction=2, Entry=5, TimeOut=1)

    phase: Phase = Phase.IDLE
    transaction: Transaction
    """The producer's last transaction."""
    attempt: Attempt
    """How often the producer has sent its last request before."""
    epoch: Epoch
    """The producer's epoch, as it knows it."""
    is_added: bool
    """Whether the coordinator was told of the partition in this transaction."""

    status: Status = Status.EMPTY
    current_epoch: Epoch
    """The producer's epoch, as the coordinator knows it."""
    requests: frozenset[EndTxn]
    """What is on its way to the coordinator."""

    log: Annotated[tuple[Entry, ...], MaxLen("Entry")]
    asked: frozenset[Transaction]
    """The transactions that the producer has asked to commit."""
    told: frozenset[Transaction]
    """Those that it was told are committed."""

    bump_epoch_per_txn: Setting[bool] = True
    """KIP-890 (R68), `transaction.version` 2: each transaction has an epoch of its own."""
    verify_transaction: Setting[bool] = True
    """KIP-890, first part (KAFKA-14402): a partition without an open transaction takes a record
    only if the coordinator knows of it."""

    @action
    def begin(self) -> None:
        """`KafkaProducer.beginTransaction`."""
        require(self.phase == Phase.IDLE)
        self.transaction += 1
        self.phase = Phase.OPEN
        self.is_added = False
        self.attempt = 0

    @action
    def write(self) -> None:
        """AddPartitionsToTxn, once for each transaction, and the record itself."""
        require(self.phase == Phase.OPEN)
        if not self.is_added:
            require(self.epoch == self.current_epoch)
            self.status = Status.ONGOING
            self.is_added = True
        is_open = len(self.log) > 0 and self.log[-1].kind == Kind.DATA
        require(is_open or self.status == Status.ONGOING or not self.verify_transaction)
        self.log += (Entry(Kind.DATA, self.transaction),)

    @action
    def end(self, commits: bool) -> None:
        """`KafkaProducer.commitTransaction` and `abortTransaction`, if anything was written."""
        require(self.phase == Phase.OPEN, self.is_added)
        self.phase = Phase.ENDING
        if commits:
            self.asked |= {self.transaction}
        self.requests |= {EndTxn(self.epoch, commits, self.transaction, 0)}

    @action(budget="TimeOut")
    def time_out(self) -> None:
        """The client waits no longer, and sends the request again (`EndTxnHandler`)."""
        require(self.phase == Phase.ENDING)
        self.attempt += 1
        commits = self.transaction in self.asked
        self.requests |= {EndTxn(self.epoch, commits, self.transaction, self.attempt)}

    def is_awaited(self, request: EndTxn) -> bool:
        """Whether the producer will hear the reply."""
        return (
            self.phase == Phase.ENDING
            and request.transaction == self.transaction
            and request.attempt == self.attempt
        )

    @action
    def handle_end(self, request: EndTxn, is_lost: bool) -> None:
        """`TransactionCoordinator.endTransaction`; nobody hears a reply that is lost."""
        require(request in self.requests)
        is_heard = self.is_awaited(request) and not is_lost
        self.requests -= {request}
        outcome = Status.COMMITTED if request.commits else Status.ABORTED
        is_done = self.is_repeated(request) and self.status == outcome
        if self.status == Status.ONGOING and request.epoch == self.current_epoch:
            kind = Kind.COMMIT if request.commits else Kind.ABORT
            self.log += (Entry(kind, self.transaction),)
            self.status = outcome
            self.current_epoch += 1 if self.bump_epoch_per_txn else 0
            is_done = True
        if is_heard:
            self.phase = Phase.IDLE if is_done else Phase.FAILED
            self.epoch = self.current_epoch
            if is_done and request.commits:
                self.told |= {request.transaction}

    def is_repeated(self, request: EndTxn) -> bool:
        """Whether the request may be about the transaction that has just ended."""
        bumped = 1 if self.bump_epoch_per_txn else 0
        return request.epoch + bumped == self.current_epoch

    def is_read(self, position: int) -> bool:
        """Whether a consumer with `read_committed` reads the record: a commit comes next."""
        return next(
            (entry.kind == Kind.COMMIT for entry in self.log[position:] if entry.kind != Kind.DATA),
            False,
        )

    @invariant
    def read_was_to_be_committed(self) -> bool:
        """A record is read only if its producer has asked to commit its transaction (KIP-98)."""
        return all(
            self.log[position].transaction in self.asked
            for position in range(len(self.log))
            if self.log[position].kind == Kind.DATA and self.is_read(position)
        )

    @invariant
    def committed_is_read(self) -> bool:
        """What the producer was told is committed is read, all of it (KIP-98)."""
        return all(
            self.is_read(position)
            for position in range(len(self.log))
            if self.log[position].kind == Kind.DATA and self.log[position].transaction in self.told
        )

    @reachable
    def two_are_committed(self) -> bool:
        """The producer commits a transaction, and another."""
        return len(self.told) > 1

    @reachable
    def late_request_meets_next_transaction(self) -> bool:
        """A request of a transaction is still on its way while the next is ongoing."""
        return self.status == Status.ONGOING and any(
            request.transaction != self.transaction for request in self.requests
        )
