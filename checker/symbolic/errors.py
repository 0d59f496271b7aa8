"""What cannot be said to the solver."""

from __future__ import annotations

from checker.ir.expr import Span


class CannotEncode(Exception):
    """An expression that has no formula here, as a rule because a bound that it needs was lifted.

    It is never a verdict: with bounds lifted, anything may stand in its place; else whoever asked
    learns that the answer is unknown, and why.
    """

    def __init__(self, message: str, span: Span | None = None) -> None:
        place = "" if span is None else f" ({span})"
        super().__init__(f"{message}{place}")


class SolverDisagrees(Exception):
    """A solver's model that the reference semantics does not confirm: a fault of splitbrain."""
