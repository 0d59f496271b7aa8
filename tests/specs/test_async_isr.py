"""AsyncIsr against a twin that keeps the published shape: the leader is a member like any other.

The twin follows the TLA+ module line by line: sets of replicas that contain the leader, one
record for the leader's state, and what the wrapper for TLC adds, a constraint that states beyond
the bounds are not explored. It stands here to show that leaving the leader out of every ISR loses
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from tests.specs.runs import run

LEADER = 0
Isr = frozenset[int]
Message = tuple[Isr, int]


@dataclass(frozen=True, slots=True)
class State:
    """The published module's variables."""

    controller: Message
    isr: Isr
    version: int
    pending_isr: Isr
    pending_version: int
    offsets: tuple[int, ...]
    requests: frozenset[Message]
    updates: frozenset[Message]

    @property
    def high_watermark(self) -> int:
        return min(self.offsets[replica] for replica in self.isr | self.pending_isr)

    def raised(self, replica: int) -> State:
        offsets = list(self.offsets)
        offsets[replica] += 1
        return replace(self, offsets=tuple(offsets))

    def controlled(self, isr: Isr) -> State:
        message = (isr, self.controller[1] + 1)
        return replace(self, controller=message, updates=self.updates | {message})

    def requested(self, isr: Isr) -> State:
        return replace(
            self,
            requests=self.requests | {(isr, self.version)},
            pending_isr=self.pending_isr | isr,
            pending_version=self.version,
        )


def successors(s: State) -> Iterator[State]:
    replicas = range(len(s.offsets))
    isr, version = s.controller
    yield from (s.controlled(isr - {r}) for r in replicas if r != LEADER and r in isr)
    yield from (s.controlled(wanted) for wanted, of in s.requests if of == version)
    yield from (s.requested(s.isr - {r}) for r in s.isr if r != LEADER)
    for r in replicas:
        if r not in s.isr and s.offsets[r] >= s.high_watermark:
            yield s.requested(s.isr | {r})
    yield s.raised(LEADER)
    for new_isr, new_version in s.updates:
        if new_version > s.version:
            settled = replace(s, isr=new_isr, version=new_version)
            yield replace(settled, pending_isr=frozenset(), pending_version=-1)
    for r in replicas:
        if r != LEADER and s.offsets[r] < s.offsets[LEADER]:
            yield s.raised(r)


def explore(replicas: int, offset: int, version: int) -> tuple[int, int, int]:
    """Distinct states, diameter, and successors within the bounds that change something."""
    everyone = frozenset(range(replicas))
    nothing: frozenset[Message] = frozenset()
    first = State((everyone, 0), everyone, 0, frozenset(), -1, (0,) * replicas, nothing, nothing)
    seen, frontier, level, generated = {first}, [first], 0, 0
    while frontier:
        found = [
            after
            for before in frontier
            for after in successors(before)
            if after != before and after.offsets[LEADER] <= offset
            if after.controller[1] <= version
        ]
        generated += len(found)
        frontier = [s for s in dict.fromkeys(found) if s not in seen]
        seen.update(frontier)
        level += bool(frontier)
        assert all(s.offsets[r] >= s.high_watermark for s in frontier for r in s.controller[0])
    return len(seen), level, generated


@pytest.mark.parametrize(("followers", "offset", "version"), [(1, 2, 3), (2, 1, 2), (2, 2, 1)])
def test_counts_are_those_of_the_published_shape(followers: int, offset: int, version: int) -> None:
    found = run("published.async_isr", Follower=followers, Offset=offset, Version=version)
    expected = explore(followers + 1, offset, version)
    assert (found.states, found.diameter, found.generated) == expected
    assert found.verdicts == {"valid_high_watermark": "holds"}
