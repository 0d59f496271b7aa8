"""Two jugs, of three and five gallons, and a fountain: measure four gallons.

The puzzle of the film *Die Hard with a Vengeance*, the usual first example of model checking
(after Lamport). The claim to refute is that it cannot be done; the counterexample does it.
"""

from typing import Annotated

from checker import Range, Spec, action, invariant


class DieHard(Spec):
    """The jugs, in gallons."""

    small: Annotated[int, Range(0, 3)]
    big: Annotated[int, Range(0, 5)]

    @action
    def fill_small(self) -> None:
        """Fill the small jug."""
        self.small = 3

    @action
    def fill_big(self) -> None:
        """Fill the big jug."""
        self.big = 5

    @action
    def empty_small(self) -> None:
        """Pour the small jug away."""
        self.small = 0

    @action
    def empty_big(self) -> None:
        """Pour the big jug away."""
        self.big = 0

    @action
    def small_to_big(self) -> None:
        """Pour from the small jug until it is empty or the big one full."""
        poured = min(self.small, 5 - self.big)
        self.small -= poured
        self.big += poured

    @action
    def big_to_small(self) -> None:
        """Pour from the big jug until it is empty or the small one full."""
        poured = min(self.big, 3 - self.small)
        self.big -= poured
        self.small += poured

    @invariant
    def big_is_never_four(self) -> bool:
        """The claim to refute."""
        return self.big != 4
