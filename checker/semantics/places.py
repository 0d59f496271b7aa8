"""From a Python exception to a finding: why a spec's method has no value, and where."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from types import TracebackType

from checker.ir.expr import Span
from checker.lang.declaration import Code, SourceFile
from checker.lang.errors import SpecError
from checker.lang.runtime import NoneUsed, NotEnabled, NotInitial
from checker.semantics.objects import LeftScope
from checker.semantics.undefined import Undefined


class Places:
    """The files of one spec, to find the innermost place in them where an exception passed."""

    def __init__(self, codes: Iterable[Code]) -> None:
        self._files = {str(code.names.get("__file__")): code.source for code in codes}

    @contextmanager
    def found(self, within: Code) -> Iterator[None]:
        """Exceptions that mean "no value" become `Undefined`, with their place.

        An exception that means something else is a `SpecError`, if it was raised by the spec.
        `within` is where it happened, as far as is known without a traceback.
        """
        try:
            yield
        except (NotEnabled, NotInitial, LeftScope):
            raise
        except Undefined as undefined:
            span = undefined.span or self._span(undefined.__traceback__) or within.span
            raise Undefined(undefined.message, span) from None
        except SpecError as error:
            span = error.span or self._span(error.__traceback__) or within.span
            raise SpecError(error.code, error.message, span, error.help) from None
        except Exception as error:
            # A generator wraps what ended it too early: the place is that of the first exception.
            first = error.__cause__ if isinstance(error.__cause__, StopIteration) else error
            place = self._span(first.__traceback__)
            message = no_value(error)
            if message is not None:
                raise Undefined(message, place or within.span) from error
            if place is None:
                raise
            help = "this is not part of the language"
            raise SpecError("S035", f"{type(error).__name__}: {error}", place, help) from error

    def _span(self, traceback: TracebackType | None) -> Span | None:
        """The innermost place in the spec's files."""
        found = None
        while traceback is not None:
            source = self._files.get(traceback.tb_frame.f_code.co_filename)
            if source is not None:
                found = _position(traceback, source)
            traceback = traceback.tb_next
        return found


def no_value(error: Exception) -> str | None:
    """What an exception says that means "no value"; `None` if it means something else."""
    match error:
        case NoneUsed():
            return str(error)
        case KeyError():
            return f"{error.args[0]!r} is not a key of the map"
        case IndexError() | ZeroDivisionError() | ValueError():
            return str(error)
        case StopIteration() | RuntimeError(__cause__=StopIteration()):
            return "next() of nothing"
        case TypeError() | AttributeError() if "NoneType" in str(error):
            return f"None is used as a value ({error})"
        case _:
            return None


def _position(traceback: TracebackType, source: SourceFile) -> Span:
    positions = traceback.tb_frame.f_code.co_positions()
    line, end_line, column, end_column = next(islice(positions, traceback.tb_lasti // 2, None))
    at = line or traceback.tb_lineno
    start, end = column or 0, end_column or 0
    return source.span(
        ast.Pass(lineno=at, end_lineno=end_line or at, col_offset=start, end_col_offset=end)
    )
