"""`splitbrain export`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.cli import options
from checker.cli.output import say
from checker.cli.version import VERSION
from checker.export.tla import TlaFiles, to_tla
from checker.ir.model import Model
from checker.lang.declare import declare
from checker.lang.load import load
from checker.lang.lower.names import source_names
from checker.prepare import prepare
from checker.result import ExitCode
from counterexamples.file import write_text


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote, not yet read."""

    spec: str
    to: str
    settings: Sequence[str]
    scopes: Sequence[str]
    properties: Sequence[str]
    out: Path


def run(request: Request) -> ExitCode:
    """Write the spec in TLA+, with these settings and bounds, and say how TLC is run on it."""
    files = exported(request)
    help = "name another folder: --out"
    write_text(files.module, request.out / f"{files.name}.tla", help)
    write_text(files.config, request.out / f"{files.name}.cfg", help)
    say([
        f"{request.out / files.name}.tla",
        f"{request.out / files.name}.cfg",
        "",
        f"  check it with TLC: java -jar tla2tools.jar {files.name}",
    ])  # fmt: skip
    return ExitCode.HOLDS


def exported(request: Request) -> TlaFiles:
    """The files; raises `SpecError` for a mistake in the spec or the choices."""
    settings, scope = options.only_run(request.settings, request.scopes, "one run is exported")
    loaded = load(request.spec)
    prepared = prepare(loaded, settings, scope, tuple(request.properties))
    declaration = declare(loaded.spec, scope, settings, loaded.modules)
    return to_tla(
        prepared.model,
        source_names(declaration),
        declaration.spec.__name__,
        declaration.doc,
        _origin(request.spec, prepared.model),
    )


def _origin(name: str, model: Model) -> str:
    """Where the module is from; not in which folder, which is nothing to who gets it."""
    chosen = [f"{setting}={value}" for setting, value in model.settings.items()]
    chosen += [f"{bound}={size}" for bound, size in model.scope.items()]
    return (
        f"Written by splitbrain {VERSION} from {Path(name).name}, with {' '.join(chosen)}.\n\n"
        "A step that would leave these bounds is disabled. One that is undefined stops TLC, where "
        "it has to evaluate what has no value."
    )
