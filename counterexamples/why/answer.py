"""Why a trace is what it is, as data: what fails, for whom, and the steps that made it so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Witness:
    """The element for which a quantifier fails, by the name that the source gives it."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


@dataclass(frozen=True, slots=True)
class Since:
    """From which step on something is so; 0: from the beginning."""

    step: int
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so at the end, since when, and the places in the state that it reads."""

    text: str
    since: Since
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """The part of the property that fails: where, its lines, what of each line to underline."""

    place: str
    lines: tuple[tuple[str, int, int], ...]
    """The text without common indentation, the first column to underline, and how many."""


@dataclass(frozen=True, slots=True)
class Why:
    """What makes a trace what it is; any part may be empty. It does without `needless` steps."""

    mark: Mark | None = None
    witnesses: tuple[Witness, ...] = ()
    facts: tuple[Fact, ...] = ()
    needless: frozenset[int] = frozenset()

    @property
    def steps(self) -> frozenset[int]:
        """The steps that made it so."""
        return frozenset(fact.since.step for fact in self.facts) - {0}

    @property
    def places(self) -> frozenset[str]:
        """The places in the state that matter, such as `log[b1]`."""
        return frozenset(place for fact in self.facts for place in fact.places)
