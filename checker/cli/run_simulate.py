"""`splitbrain simulate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from shlex import join

from checker.cli import options
from checker.cli.as_json import result_to_json
from checker.cli.keep import keep
from checker.cli.output import complain, paint, say, say_json, width
from checker.cli.reasons import reasons
from checker.cli.terminal import result_lines, verdict_lines
from checker.lang.load import load
from checker.result import ExitCode, Result
from checker.simulate import Options, simulate


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote, not yet read."""

    spec: str
    settings: Sequence[str]
    scopes: Sequence[str]
    properties: Sequence[str]
    seed: int | None
    walks: int
    steps: int
    go_on: bool
    seconds: float | None
    json: bool
    out: Path
    quiet: bool
    no_colour: bool


def run(request: Request) -> ExitCode:
    """Simulate, keep the traces, print what was met and the command that does it again."""
    settings, scope = options.only_run(request.settings, request.scopes, "simulate runs one model")
    seed = SystemRandom().randrange(1 << 32) if request.seed is None else request.seed
    walk = Options(
        seed=seed,
        walks=request.walks,
        steps=request.steps,
        properties=tuple(request.properties),
        go_on=request.go_on,
        seconds=request.seconds,
    )
    result = simulate(load(request.spec), settings, scope, walk)
    files, error = keep(result, request.out, f"seed={seed}")
    if request.json:
        say_json(result_to_json(result, files, error))
    elif request.quiet:
        say(verdict_lines(result, paint(request.no_colour)))
    else:
        style = paint(request.no_colour)
        again = f"  {style.faint('again')}  {reproduction(request, result)}"
        lines = result_lines(result, files, width(), style, reasons(result))
        say([*lines, "", again])
    if error is not None:
        complain(f"error: {error}")
        return ExitCode.FAILED
    return result.exit


def reproduction(request: Request, result: Result) -> str:
    """The command that takes the same walks."""
    assert result.walks is not None
    words = ["splitbrain", "simulate", request.spec]
    for option, texts in (("--set", request.settings), ("--scope", request.scopes)):
        words += [word for text in texts for word in (option, text)]
    words += [word for name in request.properties for word in ("--property", name)]
    words += ["--continue"] if request.go_on else []
    words += ["--seed", str(result.walks.seed)]
    words += ["--walks", str(request.walks), "--steps", str(request.steps)]
    return join(words)
