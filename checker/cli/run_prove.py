"""`splitbrain prove`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.cli import options
from checker.cli.keep import file_name
from checker.cli.output import complain, paint, say, say_json, width
from checker.cli.proof_as_json import proof_to_json
from checker.cli.proof_lines import proof_lines, verdict_lines
from checker.explicit.outcome import Limits
from checker.lang.errors import ToolError
from checker.lang.load import load
from checker.proof import Options, Proof, run_proof
from checker.result import ExitCode
from counterexamples.file import write


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote, not yet read."""

    spec: str
    settings: Sequence[str]
    scopes: Sequence[str]
    properties: Sequence[str]
    lemmas: Sequence[str]
    lift: str
    k: int
    seconds: float
    states: int
    workers: int
    json: bool
    out: Path
    quiet: bool
    no_colour: bool


def run(request: Request) -> ExitCode:
    """Prove, keep the traces of what is violated, print the table."""
    settings, scope = options.only_run(request.settings, request.scopes, "prove is about one model")
    wanted = Options(
        properties=tuple(request.properties),
        lemmas=tuple(request.lemmas),
        steps=request.k,
        lift=tuple(part.strip() for part in request.lift.split(",")),
        seconds=request.seconds,
        workers=request.workers,
        search=Limits(states=request.states),
    )
    proof = run_proof(load(request.spec), settings, scope, wanted)
    files, error = _keep(proof, request.out)
    if request.json:
        say_json(proof_to_json(proof, files, error))
    elif request.quiet:
        say(verdict_lines(proof, paint(request.no_colour)))
    else:
        say(proof_lines(proof, files, width(), paint(request.no_colour)))
    if error is not None:
        complain(f"error: {error}")
        return ExitCode.FAILED
    return proof.exit


def _keep(proof: Proof, folder: Path) -> tuple[Mapping[str, Path], str | None]:
    """Write the trace of every property that is violated: where each is, or what went wrong."""
    files: dict[str, Path] = {}
    for row in proof.rows:
        if row.trace is not None:
            path = folder / file_name(proof.spec, row.name, "proof")
            try:
                write(row.trace, path)
            except ToolError as error:
                return files, str(error)
            files[row.name] = path
    return files, None
