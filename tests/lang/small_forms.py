"""A spec whose lowered model a reader can check by eye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from checker import MaxLen, Scope, Setting, Sort, Spec, Upto, action, invariant, require, some


class Replica(Sort):
    """A broker."""


Epoch = Annotated[int, Upto("Epoch")]


@dataclass(frozen=True)
class Vote:
    """A message."""

    sender: Replica
    epoch: Epoch


class SmallForms(Spec):
    """Clauses in order, branches that meet, helpers expanded."""

    scope = Scope(Replica=2, Epoch=2, Length=1, Election=2)

    epoch: dict[Replica, Epoch]
    log: dict[Replica, Annotated[tuple[Epoch, ...], MaxLen("Length")]]
    leader: Replica | None
    sent: frozenset[Vote]
    is_open: bool
    fenced: Setting[bool] = True

    def is_fenced(self, vote: Vote, replica: Replica) -> bool:
        return self.fenced and vote.epoch < self.epoch[replica]

    @action(budget="Election")
    def elect(self, replica: Replica) -> None:
        if self.leader is None:
            self.leader = replica
        elif self.fenced:
            return
        self.epoch[replica] += 1
        require(self.epoch[replica] > 1 or not self.is_open)

    @action
    def receive(self, vote: Vote, replica: Replica) -> None:
        require(vote in self.sent, not self.is_fenced(vote, replica))
        self.log[replica] += (self.log[some(self.leader)][0],)

    @action
    def open(self) -> None:
        require(len(self.sent) == 0)
        self.is_open = not self.is_open

    @invariant
    def in_order(self) -> bool:
        return all(self.log[r][0] <= self.epoch[r] for r in Replica if len(self.log[r]) > 0)
