"""A house with two doors: to lock one is no use."""

from checker import Scope, Setting, Spec, action, invariant, reachable, require, step_invariant


class House(Spec):
    """Who comes in by the front door or the back door is inside."""

    scope = Scope(Visit=2)

    is_inside: bool
    has_rung: bool
    front: Setting[bool] = False
    back: Setting[bool] = False
    sign: Setting[bool] = False
    """Only visitors read it."""
    moved_away: Setting[bool] = False
    """Then nothing ever happens."""

    @action(budget="Visit")
    def enter_front(self) -> None:
        require(not self.moved_away, not self.front)
        self.is_inside = True

    @action(budget="Visit")
    def enter_back(self) -> None:
        require(not self.moved_away, not self.back)
        self.is_inside = True

    @action
    def ring(self) -> None:
        require(not self.moved_away or self.sign)
        self.has_rung = True

    @invariant
    def nobody_is_inside(self) -> bool:
        return not self.is_inside

    @step_invariant
    def nobody_comes_in(before: "House", after: "House") -> bool:
        return before.is_inside or not after.is_inside

    @reachable
    def somebody_rings(self) -> bool:
        return self.has_rung
