"""Logs of bounded length, one a replica, that grow, shrink and copy each other without any rule.

This is storage without a protocol: every combination of logs is reachable. Source: module
`FiniteReplicatedLog` of hachikuji/kafka-specification.
"""

from typing import Annotated

from checker import MaxLen, Scope, Sort, Spec, Upto, action, require


class Replica(Sort):
    """The owner of a log."""


class Record(Sort):
    """What a log holds."""

    prefix = "x"


Offset = Annotated[int, Upto("LogSize")]
Log = Annotated[tuple[Record, ...], MaxLen("LogSize")]


class FiniteReplicatedLog(Spec):
    """The logs, and what can happen to them."""

    scope = Scope(Replica=2, Record=2, LogSize=3)

    log: dict[Replica, Log]

    @action
    def append(self, replica: Replica, record: Record) -> None:
        """A replica appends any record."""
        self.log[replica] += (record,)

    @action
    def truncate_to(self, replica: Replica, offset: Offset) -> None:
        """A replica keeps its log below an offset."""
        require(offset <= len(self.log[replica]))
        self.log[replica] = self.log[replica][:offset]

    @action
    def replicate(self, source: Replica, target: Replica) -> None:
        """A replica appends the record that another one has where its own log ends."""
        end = len(self.log[target])
        require(source != target, end < len(self.log[source]))
        self.log[target] += (self.log[source][end],)
