"""The cone of influence: the cells and steps that can make a difference to the properties.

A cell is relevant if a property reads it; if a step that changes a relevant cell reads it, in an
exit or in what it makes of a relevant cell; or if it decides whether a step is undefined, since
that is a finding whatever the step would change. All other cells, and the steps that change none
of the relevant ones, can be left out: what is left runs as before. A step that is always cut is
kept if it would change a relevant cell, so that what the scope hides is counted.

A step invariant judges the steps that change only other cells, too: `before.epoch < after.epoch`
is false of them. Such a step, and the cells that it changes, are left out only where it is certain
that every step invariant allows a step that changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checker.ground.build import Terms
from checker.ground.model import Exit, ExitKind, GroundProperty, GroundStep
from checker.ground.numbers import split
from checker.ground.pool import Pool
from checker.ground.rest import always_ends, may_happen_where
from checker.ground.terms import Term, TermOp, postorder

CELLS = (TermOp.CELL, TermOp.NEXT_CELL)


@dataclass(frozen=True, slots=True)
class Cone:
    """What is kept: cell numbers, ascending, and steps, whose updates are of these cells only."""

    cells: tuple[int, ...]
    steps: tuple[GroundStep, ...]


class Reads:
    """Which cells a term reads, as a set of bits. What terms share is looked at once."""

    def __init__(self) -> None:
        self._known: dict[Term, int] = {}

    def of(self, root: Term) -> int:
        """The cells that the term reads."""
        for term in postorder((root,), self._known):
            found = 1 << term.value if term.op in CELLS else 0
            for arg in term.args:
                found |= self._known[arg]
            self._known[term] = found
        return self._known[root]

    def of_all(self, roots: Iterable[Term]) -> int:
        """The cells that any of the terms reads."""
        found = 0
        for root in roots:
            found |= self.of(root)
        return found


def influence(
    terms: Terms,
    steps: Sequence[GroundStep],
    properties: Sequence[GroundProperty],
    refusals: Sequence[Term],
) -> Cone:
    """The least cone that the properties (and undefined steps) need.

    `refusals` are true where a step invariant does not allow a step that changes nothing.
    """
    reads = Reads()
    relevant = reads.of_all(term for p in properties for term in (p.undefined, p.holds))
    for step in steps:
        relevant |= reads.of_all(exit.when for exit in _up_to_undefined(step))
    relevant = _closed(relevant, steps, reads)
    for step in steps:
        changed = 0 if always_ends(step) else _cells(step)
        if changed & ~relevant and may_happen_where(terms, step, refusals):
            relevant = _closed(relevant | changed, steps, reads)
    kept = (_restricted(step, relevant) for step in steps)
    return Cone(
        tuple(cell for cell in range(relevant.bit_length()) if relevant >> cell & 1),
        tuple(step for step in kept if step is not None),
    )


def _closed(relevant: int, steps: Sequence[GroundStep], reads: Reads) -> int:
    """The relevant cells, and all that decides what becomes of them."""
    exits = [reads.of_all(exit.when for exit in step.exits) for step in steps]
    updates = [_changes(step, reads) for step in steps]
    before = None
    while relevant != before:
        before = relevant
        for read, changes in zip(exits, updates, strict=True):
            for cell, needed in changes:
                if relevant >> cell & 1:
                    relevant |= needed | read
    return relevant


def _cells(step: GroundStep) -> int:
    """The cells that a step would change, as a set of bits."""
    return sum(1 << cell for cell, _ in step.updates)


def without_idle_updates(step: GroundStep) -> GroundStep:
    """The step; without its updates if it always ends before them."""
    return replace(step, updates=()) if always_ends(step) else step


def _changes(step: GroundStep, reads: Reads) -> list[tuple[int, int]]:
    """The cells that a step would change, and what it reads for that."""
    if always_ends(step):
        return [(cell, 0) for cell, _ in step.updates]
    return [(cell, reads.of(new)) for cell, new in step.updates]


def _up_to_undefined(step: GroundStep) -> tuple[Exit, ...]:
    """The exits that decide whether the step is undefined; none if it never is."""
    last = [n for n, exit in enumerate(step.exits, 1) if exit.kind is ExitKind.UNDEFINED]
    return step.exits[: last[-1]] if last else ()


def _restricted(step: GroundStep, relevant: int) -> GroundStep | None:
    """What is left of a step that changes only relevant cells, if it then can matter."""
    updates = tuple(update for update in step.updates if relevant >> update[0] & 1)
    exits = step.exits if updates else _up_to_undefined(step)
    return replace(step, exits=exits, updates=updates) if exits or updates else None


class Renumbering:
    """Terms over the kept cells, numbered anew from 0; everything else stays as it is."""

    def __init__(self, cells: Sequence[int]) -> None:
        self._numbers = {old: new for new, old in enumerate(cells)}
        self._pool = Pool()
        self._known: dict[Term, Term] = {}

    def step(self, step: GroundStep) -> GroundStep:
        """The step over the new numbers."""
        exits = tuple(replace(exit, when=self.term(exit.when)) for exit in step.exits)
        updates = tuple((self._numbers[cell], self.term(new)) for cell, new in step.updates)
        return replace(step, exits=exits, updates=updates)

    def property(self, found: GroundProperty) -> GroundProperty:
        """The property over the new numbers."""
        return replace(found, undefined=self.term(found.undefined), holds=self.term(found.holds))

    def term(self, root: Term) -> Term:
        """The term over the new numbers."""
        for term in postorder((root,), self._known):
            self._known[term] = self._renumbered(term)
        return self._known[root]

    def _renumbered(self, term: Term) -> Term:
        value = self._numbers[term.value] if term.op in CELLS else term.value
        args = tuple(self._known[arg] for arg in term.args)
        if term.op is TermOp.LE and split(term.args[1])[1] == -1:
            # x ≤ y - 1 was the form to find equal comparisons by; x < y is one operation less.
            less_than = (args[0], args[1].args[0])
            return self._pool.make(TermOp.LT, less_than, 0, 1)
        return self._pool.make(term.op, args, term.low, term.high, value)
