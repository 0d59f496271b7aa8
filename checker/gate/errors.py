"""What is wrong with what a repository declares."""

from __future__ import annotations


class DeclarationError(Exception):
    """A mistake in a declaration or a lock file; `help` says what to write instead."""

    def __init__(self, place: str, message: str, help: str = "") -> None:
        super().__init__(f"{place}: {message}")
        self.help = help
