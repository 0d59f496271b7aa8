"""The two failures that are not ours: the user's mistake in a spec, and the world's.

`SpecError` is printed with a code, the place, the source line, a caret and what to write instead;
`ToolError` with what to do. Neither ever shows a Python traceback.
"""

from __future__ import annotations

from checker.ir.expr import Span


class SpecError(Exception):
    """A mistake in a spec, or in how it is run (a wrong setting, scope or property name).

    `code` is stable (`S001`…, listed in `docs/LANGUAGE.md`); `span` is `None` where the mistake
    has no place in a file; `help` says what to write instead.
    """

    def __init__(self, code: str, message: str, span: Span | None = None, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
        self.help = help

    def render(self, source_line: str = "") -> str:
        """The whole message; `source_line` is the text of the line that the span begins on."""
        lines = [f"error[{self.code}]: {self.message}"]
        if self.span is not None:
            lines.append(f"  {self.span}")
            if source_line.strip():
                lines += self._caret(source_line.rstrip("\n"))
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines)

    def _caret(self, source_line: str) -> list[str]:
        assert self.span is not None
        indent = len(source_line) - len(source_line.lstrip())
        start = self.span.column
        one_line = self.span.end_line == self.span.line
        end = self.span.end_column if one_line else len(source_line)
        return [
            "     " + source_line[indent:],
            "     " + " " * (start - indent) + "^" * max(1, end - start),
        ]


class ToolError(Exception):
    """The world failed (disk full, no permission, a corrupt file): the message says what to do."""
