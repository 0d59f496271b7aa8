"""Several ways of two steps: with a fault, by one actor, or with one kind of action."""

from typing import Annotated

from checker import Range, Scope, Sort, Spec, action, invariant, require


class Actor(Sort):
    """Somebody who takes steps."""


class Ways(Spec):
    """Two steps to the end."""

    scope = Scope(Actor=2, Fault=1)

    position: Annotated[int, Range(0, 2)]
    last: Actor | None = None

    @action(budget="Fault")
    def fall(self, actor: Actor) -> None:
        """A fault, which anybody may have."""
        require(self.position < 2)
        self.position += 1
        self.last = actor

    @action
    def run(self, actor: Actor) -> None:
        """Go on, for who went before."""
        require(self.position < 2, self.last == actor)
        self.position += 1

    @action
    def walk(self, actor: Actor) -> None:
        """Go, for anybody else."""
        require(self.position < 2, self.last != actor)
        self.position += 1
        self.last = actor

    @invariant
    def end_is_not_reached(self) -> bool:
        """Where all ways lead."""
        return self.position < 2
