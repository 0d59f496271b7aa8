"""A ward with two beds, in which every kind of step occurs: a spec for the tests of `explore`."""

from typing import Annotated

from checker import (
    MaxLen,
    Scope,
    Setting,
    Sort,
    Spec,
    Upto,
    action,
    assume,
    init,
    invariant,
    reachable,
    require,
    step_invariant,
)


class Nurse(Sort):
    """Who looks after the beds."""


class Ward(Spec):
    """What may happen in a night."""

    scope = Scope(Nurse=2, Hour=1, Luck=0)

    hour: Annotated[int, Upto("Hour")]
    called: frozenset[Nurse] = frozenset()
    asleep: dict[Nurse, bool]
    beds: Annotated[tuple[Nurse, ...], MaxLen(2)] = ()
    strict: Setting[bool] = True

    @action
    def call(self, nurse: Nurse) -> None:
        """Somebody rings, and `nurse` hears it."""
        require(nurse not in self.called and not self.asleep[nurse])
        self.called |= {nurse}

    @action
    def come(self, nurse: Nurse) -> None:
        """Who was called comes."""
        require(nurse in self.called)
        self.called -= {nurse}
        self.beds += (nurse,)

    @action
    def strike(self) -> None:
        """The clock."""
        self.hour += 1

    @action
    def doze(self, nurse: Nurse) -> None:
        """Not where rules are kept."""
        require(not self.strict)
        self.asleep[nurse] = True

    @action
    def look(self) -> None:
        """At the second bed, which may not be there."""
        require(len(self.beds) > 0)
        self.called |= {self.beds[1]}

    @action
    def leave(self) -> None:
        """Only in a quiet ward."""
        require(all(not self.asleep[n] and n not in self.called for n in Nurse))
        self.called = frozenset()

    @action(budget="Luck")
    def win(self) -> None:
        """In the lottery."""
        self.hour = 0

    @invariant
    def never_two(self) -> bool:
        """Two calls at once are too many."""
        return len(self.called) < 2

    @step_invariant
    def time_goes_on(before: "Ward", after: "Ward") -> bool:
        """No hour comes again."""
        return before.hour <= after.hour

    @reachable
    def somebody_came(self) -> bool:
        """Calls are answered."""
        return len(self.beds) > 0


class Stuck(Spec):
    """One step, and nothing after it."""

    scope = Scope()

    done: bool = False

    @action
    def finish(self) -> None:
        """The only step."""
        require(not self.done)
        self.done = True


class Anywhere(Spec):
    """A night that may begin with anybody in the ward, but not with nobody."""

    scope = Scope(Nurse=2)

    there: frozenset[Nurse] = frozenset()

    @init
    def somebody(self) -> None:
        """Wards are never empty."""
        assume(len(self.there) > 0)

    @action
    def go(self, nurse: Nurse) -> None:
        """Home."""
        require(nurse in self.there)
        self.there -= {nurse}
