"""A spec in which every operator is used where it has a value: for tests of what is exported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from checker import (
    MaxLen,
    Range,
    Scope,
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


class Node(Sort):
    """Whoever takes part."""


class Mode(Enum):
    """What a node does."""

    IDLE = 1
    BUSY = 2


Number = Annotated[int, Upto("Number")]
Small = Annotated[int, Range(-3, 9)]


@dataclass(frozen=True)
class Item:
    """Something numbered."""

    number: Number
    mode: Mode


class Corners(Spec):
    """Sequences, functions and sets, from all sides (* even this one *)."""

    items: Annotated[tuple[Item, ...], MaxLen("Number")]
    picked: Annotated[tuple[Number, ...], MaxLen("Number")]
    owner: Node | None
    mode: dict[Node, Mode] = {node: Mode.IDLE for node in Node}  # noqa: RUF012
    seen: dict[Node, dict[bool, Small]]
    known: frozenset[Node]
    pairs: Annotated[frozenset[Item], MaxLen("Number")]
    total: Small
    scope = Scope(Node=2, Number=2)

    def last(self, back: Number) -> Item:
        """The item so far from the end."""
        return self.items[-1 - back]

    def weight(self) -> int:
        """All numbers, as often as they stand there."""
        return sum(
            item.number + 1 for item in self.items if item.mode != Mode.IDLE or len(self.items) > 1
        )

    @action
    def add(self, number: Number, mode: Mode, owner: Node) -> None:
        """Append an item."""
        item = Item(number=number, mode=mode)
        require(self.owner is None or some(self.owner) != owner, item not in self.items[:1])
        self.items += (item,)
        self.owner = owner
        self.mode[owner] = mode
        self.seen[owner][mode == Mode.BUSY] = len(self.items) - 1
        self.total = -self.weight() % 4 + len(self.items) // 2

    @action
    def drop(self, items: Number) -> None:
        """Take items off the front, and pick what is left over at the end."""
        require(0 < items, items <= len(self.items))
        gone = self.items[:items]
        self.items = self.items[items:]
        self.picked = tuple(item.number for item in gone if item.mode == Mode.BUSY)[-2:]
        self.owner = next((node for node in Node if node in self.known), None)
        self.known = frozenset(node for node in Node if self.mode[node] == Mode.BUSY)

    @action
    def mark(self, node: Node) -> None:
        """Change one field of the last item."""
        require(len(self.items) > 0)
        require(node not in self.known or self.last(0).mode == Mode.IDLE)
        changed = replace(self.last(0), mode=Mode.BUSY)
        self.items = self.items[:-1] + (changed,)  # noqa: RUF005
        self.known = (self.known | {node}) - (self.known & {node})
        self.pairs |= {changed}

    @action
    def gather(self) -> None:
        """Extremes, sums over pairs, ranges in order."""
        require(len(self.pairs) > 0, self.known <= frozenset(Node))
        numbers = frozenset(item.number for item in self.pairs)
        low = min(item.number for item in self.pairs)
        high = max((item.number for item in self.items if item.number > low), default=low * 2)
        self.total = max(
            low, high, sum(1 for n in numbers for item in self.items if item.number == n)
        )
        self.picked = tuple(n for n in range(low, high + 1) if n in numbers)
        self.pairs = frozenset(item for item in self.pairs if item.number != low)
        self.mode = {node: Mode.BUSY if node in self.known else self.mode[node] for node in Node}

    @action
    def spread(self) -> None:
        """Two generators in a row, and the first of something."""
        require(any(n > 0 for n in self.picked) or len(self.picked) > 0)
        both = tuple(n - m for n in self.picked for m in range(n))
        found = next(n for n in both + (1,) if n > 0)  # noqa: RUF005
        self.total = (
            min(found, min((n for n in both), default=3))
            if len(self.known) > 0
            else abs(self.total)
        )
        self.picked = ()

    @invariant
    def numbers_fit(self) -> bool:
        """Whatever is seen is the index of an item that was there."""
        return all(self.seen[node][flag] <= 2 for node in Node for flag in (True, False))

    @invariant
    def never_three(self) -> bool:
        """Breaks."""
        return self.total != 3

    @step_invariant
    def total_changes_with_others(before: Corners, after: Corners) -> bool:
        """Only a step that changes the total changes it."""
        return before.total == after.total or not (
            before.items == after.items and before.picked == after.picked
        )

    @reachable
    def all_known(self) -> bool:
        """Everybody is known at some time."""
        return self.known == frozenset(Node)
