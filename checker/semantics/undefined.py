"""The finding that an expression has no value."""

from __future__ import annotations

from checker.ir.expr import Span


class Undefined(Exception):
    """An expression has no value (an index past the end, `None` used as a value, …).

    `span` is the place in the spec, or `None` where it is not known.
    """

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
