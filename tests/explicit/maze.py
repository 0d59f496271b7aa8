"""Two ways to the pit: 0 → 1 → 2 → 3 → pit, and 0 → 5 → 6 → pit; from 2 there is a way home."""

from typing import Annotated

from checker import Range, Scope, Setting, Spec, Upto, action, invariant, require

PIT = 4
Place = Annotated[int, Range(0, 7)]


class Maze(Spec):
    """Who is in the pit stays there."""

    scope = Scope(Rope=0)

    place: Place
    rope: Annotated[int, Upto("Rope")]
    has_exit: Setting[bool] = False

    @action
    def go(self, to: Place) -> None:
        require((self.place, to) in ((0, 1), (1, 2), (2, 3), (3, PIT), (0, 5), (5, 6), (6, PIT)))
        self.place = to

    @action
    def leave(self) -> None:
        require(self.has_exit, self.place == 2)
        self.place = 7

    @action
    def climb(self) -> None:
        """Beyond the scope there is a way out, too."""
        require(self.place == 3)
        self.rope += 1

    @invariant
    def never_in_the_pit(self) -> bool:
        return self.place != PIT
