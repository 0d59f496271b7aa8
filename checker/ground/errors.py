"""What grounding refuses."""

from __future__ import annotations


class GroundError(Exception):
    """A model too large to unroll, or a number too large for the machine: the user's to change.

    `message` says what is too large; `help` says what to write instead.
    """

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class TooWide(GroundError):
    """A number that may need more than 64 bits, by all that its interval says."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__(
            f"a number may be anything in {low}..{high}, which needs more than 64 bits",
            "bound the numbers in this arithmetic more tightly",
        )
