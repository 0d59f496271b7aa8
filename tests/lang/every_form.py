"""A spec that uses every form of the language, the dangerous ones too: for tests of lowering."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

import checker
from checker import (
    MaxLen,
    Range,
    Scope,
    Setting,
    Sort,
    Spec,
    Upto,
    action,
    invariant,
    reachable,
    require,
    some,
    step_invariant,
)


class Replica(Sort):
    """A broker."""


class Role(Enum):
    """What a replica is."""

    LEADER = 1
    FOLLOWER = 2
    OFFLINE = 3


Epoch = Annotated[int, Upto("Epoch")]
Small = Annotated[int, Range(0, 2)]


@dataclass(frozen=True)
class Record:
    """A record of the log."""

    id: Small
    epoch: Epoch = 0


@dataclass(frozen=True)
class Fetch:
    """A message."""

    sender: Replica
    offset: Small | None


Log = Annotated[tuple[Record, ...], MaxLen("Length")]
FIRST = Record(0)
AWAKE = (Role.LEADER, Role.FOLLOWER)
LIMIT = 2


class EveryForm(Spec):
    """Nothing that makes sense."""

    scope = Scope(Replica=2, Epoch=1, Length=2, Election=2)

    log: dict[Replica, Log]
    role: dict[Replica, Role] = {r: Role.FOLLOWER for r in Replica}  # noqa: RUF012
    acked: dict[Replica, dict[Replica, bool]]
    by_number: dict[Small, bool]
    sent: frozenset[Fetch]
    leader: Replica | None
    isr: frozenset[Replica] = frozenset(Replica)
    epoch: Epoch
    count: Small = LIMIT - 1
    is_open: bool = True
    bound: Setting[Small] = 2
    strict: Setting[bool] = True
    mode: Setting[Role] = Role.LEADER

    # Helpers.

    def end(self, replica: Replica) -> Small:
        return len(self.log[replica])

    def last_epoch(self, replica: Replica) -> Epoch:
        """Has an early return, and a local that has no value for an empty log."""
        if self.end(replica) == 0:
            return 0
        last = self.log[replica][-1]
        return last.epoch

    def rash(self, replica: Replica, offset: Small) -> bool:
        """Evaluates what it does not always need."""
        at = self.log[replica][offset]
        if self.count == 0:
            return True
        elif self.count == 1:
            return at.id == 0
        return at == FIRST or at.epoch > 0

    def rank(self, role: Role) -> int:
        match role:
            case Role.LEADER:
                return 2
            case Role.FOLLOWER:
                return 1
            case Role.OFFLINE:
                return 0

    def demote(self, replica: Replica) -> None:
        if self.role[replica] == Role.OFFLINE:
            return
        self.role[replica] = Role.FOLLOWER
        if self.leader == replica:
            self.leader = None
            return
        self.count = max(self.count - 1, 0)

    # Actions.

    @action(budget="Election")
    def elect(self, replica: Replica) -> None:
        """Procedures, early return, reads after writes, a budget."""
        require(replica in self.isr, self.leader is None or some(self.leader) != replica)
        self.demote(replica)
        if self.role[replica] == Role.OFFLINE and not self.is_open:
            return
        self.leader = replica
        self.role[replica] = Role.LEADER
        self.epoch += 1
        self.count = self.rank(self.role[replica])

    @action
    def append(self, replica: Replica, id: Small) -> None:
        """Cut, chained comparison, record by position and keyword."""
        require(self.leader == replica, 0 <= id < 2)
        new = Record(id, epoch=self.epoch)
        assigned = self.log[replica] + (new,)
        self.log[replica] = assigned
        self.acked[replica][replica] = new in self.log[replica]

    @action
    def fetch(self, follower: Replica, leader: Replica) -> None:
        """An index that may be past the end: undefined."""
        require(follower != leader, self.is_open)
        self.log[follower] += (self.log[leader][self.end(follower)],)
        self.acked[leader][follower] = True

    @action
    def truncate(self, replica: Replica, offset: Small) -> None:
        """Slices, negative bounds, sums and extremes, conditional expressions."""
        require(self.end(replica) > 0, self.count > 0)
        self.log[replica] = self.log[replica][:offset] if offset % 2 == 0 else ()
        self.count = min(
            (record.id for record in self.log[replica] if record.epoch <= self.epoch), default=0
        )
        lost = sum(1 for other in Replica for record in self.log[other] if record.id == offset)
        self.is_open = lost * 2 - 1 > abs(-self.count) // self.bound

    @action
    def send(self, sender: Replica) -> None:
        """Sets of records, an optional field, a conditional update."""
        message = Fetch(sender, None if self.end(sender) == 0 else self.end(sender) - 1)
        require(message not in self.sent)
        self.sent |= {message}
        if not self.strict:
            self.count = 99

    @action
    def receive(self, message: Fetch, by: Replica) -> None:
        """A parameter drawn from a set; `None` used as a value is undefined."""
        require(message in self.sent, message.sender != by)
        self.sent -= {message}
        at = self.log[by][some(message.offset)]
        self.log[message.sender] = tuple(
            dataclasses.replace(record, epoch=at.epoch) if record.id == at.id else record
            for record in self.log[message.sender]
        )

    @action
    def shrink(self, replica: Replica) -> None:
        """Set operators and comparisons, `match`, `in` a tuple and a range."""
        require(replica in self.isr)
        smaller = self.isr - {replica}
        require(smaller < self.isr, smaller <= frozenset(Replica), not smaller >= self.isr)
        match self.role[replica]:
            case Role.OFFLINE:
                self.isr = smaller ^ {replica}
            case Role.LEADER | Role.FOLLOWER:
                self.isr = smaller if len(smaller) > 0 else self.isr & smaller
        require(self.role[replica] in AWAKE, self.count in range(self.bound), replica in Replica)

    @action
    def widen(self, replica: Replica) -> None:
        """Whole maps, comprehensions, `next`, an annotated local."""
        none: frozenset[Replica] = frozenset()
        require(self.isr == none or len(self.isr) == 1, self.strict)
        self.isr |= {other for other in Replica if other != replica} | {replica}
        self.acked = {a: {b: self.acked[b][a] or a == b for b in self.acked} for a in Replica}
        self.role[next((r for r in Replica if self.role[r] == Role.FOLLOWER), replica)] = self.mode
        self.count = len(Role) - 1

    @action
    def divide(self, by: Small, replica: Replica) -> None:
        """Division by zero; evaluation that stops in time, and evaluation that does not."""
        require(self.count != by)
        if (by > 0 and 6 // by == 3) or self.rash(replica, by):
            self.count = 5 // by - 2
        else:
            self.is_open = not self.is_open

    @action
    def peek(self, replica: Replica, other: Replica) -> None:
        """What one branch has evaluated is not known after it."""
        if self.is_open:
            require(self.log[replica][0].id < 2)
        else:
            require(self.log[other][0].id < 2)
        mine = self.log[replica][0].id
        theirs = self.log[other][0].id
        self.is_open = mine == theirs

    @action
    def settle(self, replica: Replica, at: Small) -> None:
        """A key outside the domain; answers known before Python has finished looking."""
        self.by_number[at + self.count] = self.is_open
        if self.log[replica][0].id == at and not self.strict:
            self.is_open = False

    @action
    def look_at(self, replica: Replica, at: Small) -> None:
        """What is evaluated for nothing."""
        if at == 0:
            self.is_open = self.log[replica][0] == self.log[replica][0]
        elif at == 1:
            self.count = 1 if self.log[replica][0].id == 0 else LIMIT - 1
        else:
            self.close(self.log[replica][0].id)

    def close(self, unread: Small) -> None:
        self.is_open = False

    @action
    def forget(self, role: Role, at: Small) -> None:
        """A local that has no value everywhere, `None` in comparisons and membership."""
        require(self.leader in self.isr or self.leader is None, role != self.mode)
        if at == 0:
            chosen = self.leader
        else:
            chosen = None if self.leader is None else some(self.leader)
        if chosen is not None and self.role[some(chosen)] == role:
            self.leader = None
        self.count = -self.count + self.rank(role)
        checker.require(self.count <= 2)

    # Properties.

    @invariant
    def lengths(self) -> bool:
        longest = max(len(self.log[r]) for r in Replica)
        return all(len(self.log[r]) <= longest for r in Replica) and self.count < 3

    @invariant
    def last_epochs(self) -> bool:
        return all(
            self.last_epoch(r) <= self.epoch
            for r in Replica
            if any(self.log[r][i].epoch == self.epoch for i in range(self.end(r)))
        )

    @invariant
    def rashly(self) -> bool:
        return self.leader is None or self.rash(some(self.leader), 0)

    @reachable
    def all_acked(self) -> bool:
        return all(self.acked[a][b] for a in Replica for b in Replica)

    @step_invariant
    def grows(before: EveryForm, after: EveryForm) -> bool:
        if after.hidden(some(before.leader)):
            return True
        return before.epoch <= after.epoch and before.lengths()

    def hidden(self, replica: Replica) -> bool:
        return replace(FIRST, id=self.count).id == 1 and replica in frozenset((replica,))


@invariant
def from_outside(s: EveryForm) -> bool:
    """A property of the module."""
    return s.count >= 0 and frozenset(r for r in Replica if s.role[r] != Role.OFFLINE) >= s.isr
