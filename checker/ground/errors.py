"""What grounding refuses."""

from __future__ import annotations

from checker.ir.expr import Span


class GroundError(Exception):
    """A model too large to unroll, or a number too large for the machine: the user's to change.

    `message` says what is too large; `help` says what to write instead; `span` is where, if it is
    an expression.
    """

    def __init__(self, message: str, help: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.span = span


class TooWide(GroundError):
    """A number that may need more than 64 bits, by all that its interval says."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__(
            f"a number may be anything in {low}..{high}, which needs more than 64 bits",
            "bound the numbers in this arithmetic more tightly",
        )
