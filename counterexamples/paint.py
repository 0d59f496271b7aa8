"""Colour for a terminal, or none: the only place that knows escape sequences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paint:
    """Marks text for a reader; without colour, the text stays as it is."""

    colour: bool = False

    def good(self, text: str) -> str:
        """What holds."""
        return self._mark("32", text)

    def bad(self, text: str) -> str:
        """What does not."""
        return self._mark("1;31", text)

    def doubtful(self, text: str) -> str:
        """What is not known, and what deserves a look."""
        return self._mark("33", text)

    def strong(self, text: str) -> str:
        """What the reader looks for first."""
        return self._mark("1", text)

    def faint(self, text: str) -> str:
        """What the reader may skip."""
        return self._mark("2", text)

    def _mark(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text
