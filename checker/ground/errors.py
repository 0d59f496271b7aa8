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
