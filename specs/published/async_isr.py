"""ISR changes by request to the controller (as in KIP-497), answered at any later time.

The leader asks for a change and does not wait. Until it hears from the controller it counts every
ISR that it has asked for as possible, and holds the high watermark back for all of their members;
so the high watermark is right for whichever of them the controller has chosen.

Source: module `AsyncIsr` of hachikuji/kafka-specification. The published model singles out one
replica as the leader. It is in every ISR from the first, and no action takes it out; so here the
sort is the other replicas, and an ISR is named by its followers. The published model is infinite;
here `Offset` bounds the leader's log and `Version` the changes of the ISR.
"""

from dataclasses import dataclass
from typing import Annotated

from checker import Scope, Sort, Spec, Upto, action, require


class Follower(Sort):
    """A replica that does not lead."""


Offset = Annotated[int, Upto("Offset")]
Version = Annotated[int, Upto("Version")]
Isr = frozenset[Follower]  # the leader is a member too, always


@dataclass(frozen=True)
class VersionedIsr:
    """An ISR with a version: in a request the one it would replace, in an update its own."""

    isr: Isr
    version: Version


class AsyncIsr(Spec):
    """A leader for life, its followers, and the controller that keeps the ISR."""

    scope = Scope(Follower=2, Offset=1, Version=2)

    controller_isr: Isr = frozenset(Follower)
    controller_version: Version

    leader_isr: Isr = frozenset(Follower)
    leader_version: Version
    pending_isr: Isr
    """All members of the ISRs that the leader has asked for and has heard nothing of."""
    pending_version: Annotated[int, Upto("Version", start=-1)]
    """The version for which it asked; -1 if nothing is pending, and then `pending_isr` is empty."""
    leader_end: Offset
    end: dict[Follower, Offset]

    # Messages are never lost from these sets: they may be delayed, reordered and repeated.
    requests: frozenset[VersionedIsr]
    updates: frozenset[VersionedIsr]

    @action
    def controller_shrink_isr(self, follower: Follower) -> None:
        """The controller drops a follower on its own, as if its broker had failed."""
        require(follower in self.controller_isr)
        self.update_isr(self.controller_isr - {follower})

    @action
    def controller_handle_request(self, request: VersionedIsr) -> None:
        """The controller does as asked, if the request was made for the current version."""
        require(request in self.requests, request.version == self.controller_version)
        self.update_isr(request.isr)

    @action
    def leader_request_shrink_isr(self, follower: Follower) -> None:
        """The leader asks to drop a follower; the choice is its own."""
        require(follower in self.leader_isr)
        self.request_isr(self.leader_isr - {follower})

    @action
    def leader_request_expand_isr(self, follower: Follower) -> None:
        """The leader asks to admit a follower that has reached the high watermark."""
        require(follower not in self.leader_isr, self.end[follower] >= self.high_watermark())
        self.request_isr(self.leader_isr | {follower})

    @action
    def leader_write(self) -> None:
        """The leader appends a record."""
        self.leader_end += 1

    @action
    def leader_handle_update(self, update: VersionedIsr) -> None:
        """The leader hears of a newer ISR; whatever was pending is settled by it."""
        require(update in self.updates, update.version > self.leader_version)
        self.leader_isr = update.isr
        self.leader_version = update.version
        self.pending_isr = frozenset()
        self.pending_version = -1

    @action
    def follower_replicate(self, follower: Follower) -> None:
        """A follower copies the leader's next record."""
        require(self.end[follower] < self.leader_end)
        self.end[follower] += 1

    def high_watermark(self) -> Offset:
        """What every member of every ISR that may be in force has; the leader is one of them."""
        return min(
            self.leader_end,
            min(
                (self.end[follower] for follower in self.leader_isr | self.pending_isr),
                default=self.leader_end,
            ),
        )

    def update_isr(self, isr: Isr) -> None:
        """The controller installs an ISR under a new version, and tells the leader."""
        self.controller_isr = isr
        self.controller_version += 1
        self.updates |= {VersionedIsr(isr, self.controller_version)}

    def request_isr(self, isr: Isr) -> None:
        """The leader asks for an ISR in place of the one that it knows."""
        self.requests |= {VersionedIsr(isr, self.leader_version)}
        self.pending_isr |= isr
        self.pending_version = self.leader_version
