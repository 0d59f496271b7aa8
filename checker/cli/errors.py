"""What went wrong, as one message and one exit code: never a traceback."""

from __future__ import annotations

import linecache
import os
import traceback

import click

from checker.cli.output import complain
from checker.lang.errors import SpecError, ToolError
from checker.result import ExitCode

REPORT = "This is a fault of splitbrain, not of your spec: please report it with the command."


def message_of(error: SpecError) -> str:
    """The whole message of a mistake in a spec, with its line and a caret."""
    line = "" if error.span is None else linecache.getline(error.span.file, error.span.line)
    return error.render(line)


def explain(error: BaseException) -> tuple[str, ExitCode]:
    """What to tell the user about anything that may end a command, and the exit code."""
    match error:
        case SpecError():
            return message_of(error), ExitCode.USAGE
        case click.UsageError(ctx=click.Context(command_path=command)):
            help = f"  help: {command} --help"
            return f"error: {error.format_message()}\n{help}", ExitCode.USAGE
        case click.ClickException():
            return f"error: {error.format_message()}", ExitCode.USAGE
        case KeyboardInterrupt() | click.Abort():
            return "interrupted before there was a result", ExitCode.UNDETERMINED
        case ToolError():
            return f"error: {error}", ExitCode.FAILED
        case MemoryError():
            return "error: out of memory; a smaller --scope needs less", ExitCode.FAILED
        case OSError():
            return f"error: {error}", ExitCode.FAILED
        case _:
            return _other(error)


def _other(error: BaseException) -> tuple[str, ExitCode]:
    """Errors of packages that a command may not have loaded are known by their class's name."""
    match type(error).__name__:
        case "TraceFileError" | "MuseumError" | "GivenStateError":
            return f"error: {error}", ExitCode.USAGE
        case "GroundError" | "DeclarationError":
            help = getattr(error, "help", "")
            return f"error: {error}" + (f"\n  help: {help}" if help else ""), ExitCode.USAGE
        case "ReplayDisagrees":
            return f"internal error: replay disagrees: {error}\n{REPORT}", ExitCode.FAILED
        case "SolverDisagrees":
            return f"internal error: the solver disagrees: {error}\n{REPORT}", ExitCode.FAILED
        case name:
            detail = " ".join(str(error).split())[:300]
            return f"internal error: {name}: {detail}\n{REPORT}", ExitCode.FAILED


def debug_traceback(error: BaseException) -> None:
    """For those who work on splitbrain: the whole traceback, if SPLITBRAIN_DEBUG=1."""
    if os.environ.get("SPLITBRAIN_DEBUG") == "1":
        complain("".join(traceback.format_exception(error)))
