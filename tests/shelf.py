"""A cat climbs a shelf; a setting says where it starts, and no step reads it."""

from typing import Annotated

from checker import Range, Scope, Setting, Spec, action, assume, init, invariant, reachable, require

TOP = 3


class Shelf(Spec):
    """From the floor the cat does not climb."""

    scope = Scope()

    board: Annotated[int, Range(0, TOP)]
    is_asleep: bool
    on_the_floor: Setting[bool] = False
    sign: Setting[bool] = False
    sleeps: Setting[bool] = False

    @init
    def somewhere(self) -> None:
        assume(self.board == (0 if self.on_the_floor else 2))

    @action
    def climb(self) -> None:
        require(0 < self.board < TOP)
        self.board += 1

    @action
    def turn_in_or_out(self) -> None:
        require(self.sleeps)
        self.is_asleep = not self.is_asleep

    @invariant
    def never_on_top(self) -> bool:
        return self.board < TOP

    @reachable
    def second_half(self) -> bool:
        """Undefined on the floor."""
        return TOP // self.board == 1
