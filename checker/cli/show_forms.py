"""`splitbrain show` in other forms: replayed, in the formats of other tools, as a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from checker.cli.debug_step import stand_in
from checker.cli.form_options import Forms
from checker.cli.options import only_run
from checker.cli.output import paint, say, width
from checker.ir.expr import Span
from checker.ir.model import Model
from checker.lang.choices import setting_text
from checker.lang.declare import declare
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import load
from checker.lang.lower import lower
from checker.result import ExitCode
from checker.semantics.python import PythonSpec
from checker.trace import Trace
from counterexamples.file import TraceFileError, in_json, read, write_text
from counterexamples.forms.as_test import Scenario, Story, as_test
from counterexamples.forms.impossible import impossible
from counterexamples.forms.itf import SUFFIX, to_itf
from counterexamples.forms.itf_import import read_itf, trace_of_itf
from counterexamples.forms.mermaid import mermaid
from counterexamples.forms.shiviz import shiviz
from counterexamples.forms.tlc_text import tlc_text
from counterexamples.label import MuseumError
from counterexamples.layout import fold
from counterexamples.museum_cases import Entry, entries, named, suggestion
from counterexamples.recheck import recheck, unchanged
from counterexamples.render_terminal import header_lines

CHOOSES: Final = "--spec, --set and --scope need --replay, --pdb, --as-test, or a FILE.itf.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A spec ready to run a trace: its model, and its meaning in Python."""

    name: str
    model: Model
    python: PythonSpec


def run(what: str, forms: Forms, no_colour: bool) -> ExitCode:
    """Print what the user asked for."""
    trace, entry = found(what, forms)
    if forms.pdb is not None:
        return _stand_in(trace, forms, forms.pdb)
    if forms.form == "replay":
        return _replay(trace, _run_of(trace, forms), forms, no_colour)
    text = _text(what, trace, entry, forms)
    if forms.output is None:
        say(text.splitlines())
    else:
        write_text(text, forms.output, "name another file: --output")
        say([str(forms.output)])
    return ExitCode.HOLDS


def found(what: str, forms: Forms) -> tuple[Trace, Entry | None]:
    """The trace in a file of ours, in an ITF file, or of a museum entry."""
    path = Path(what)
    if what.endswith(SUFFIX):
        return imported(path, forms), None
    if forms.chooses and forms.form not in ("replay", "as_test") and forms.pdb is None:
        raise click.UsageError(CHOOSES)
    if path.exists() or not what.replace("-", "").replace("_", "").isalnum():
        return read(path), None
    known = entries()
    matching = named(what, known)
    if not matching:
        raise MuseumError(
            f"there is no file {path}, and no such entry in the museum; {suggestion(what, known)}"
        )
    if len(matching) > 1:
        ids = ", ".join(entry.id for entry in matching)
        raise MuseumError(f"{what} is the ticket of several entries; name one: {ids}")
    entry = matching[0]
    if not entry.trace_file.exists():
        raise MuseumError(f"{entry.id} has no trace: it is about what is never reached")
    return read(entry.trace_file), entry


def imported_or_none(what: str, forms: Forms) -> Trace | None:
    """The trace of an ITF file; `None` for anything else, whose spec nobody may choose here."""
    if what.endswith(SUFFIX):
        return imported(Path(what), forms)
    if forms.chooses:
        raise click.UsageError(CHOOSES)
    return None


def imported(path: Path, forms: Forms) -> Trace:
    """The trace of an ITF file; one of ours says itself what spec, settings and scope it is of."""
    document = read_itf(path)
    name = forms.spec or document.source
    if name is None:
        raise click.UsageError(f"{path} does not say of which spec it is a trace: --spec SPEC")
    kept = document.about if forms.spec is None else {}
    ready = _ready(name, _texts(kept.get("settings")), _numbers(kept.get("scope")), forms)
    return trace_of_itf(ready.name, ready.model, ready.python, document)


def _texts(data: object) -> dict[str, str]:
    items = data.items() if isinstance(data, dict) else ()
    return {str(name): str(value) for name, value in items}


def _numbers(data: object) -> dict[str, int]:
    items = data.items() if isinstance(data, dict) else ()
    return {str(name): value for name, value in items if isinstance(value, int)}


def _ready(name: str, settings: Mapping[str, str], scope: Mapping[str, int], forms: Forms) -> Run:
    """The spec with the settings and scope that are kept, and those that the user names instead."""
    why = "a trace is run in one way"
    chosen, bounds = only_run(forms.settings, forms.scopes, why)
    loaded = load(name)
    declaration = declare(loaded.spec, {**scope, **bounds}, {**settings, **chosen}, loaded.modules)
    return Run(name, lower(declaration), PythonSpec(declaration))


def _run_of(trace: Trace, forms: Forms) -> Run:
    kept = (trace.settings, trace.scope) if forms.spec is None else ({}, {})
    return _ready(forms.spec or trace.spec, *kept, forms)


def _replay(trace: Trace, ready: Run, forms: Forms, no_colour: bool) -> ExitCode:
    """Each step with a mark, and the first thing that is not as it was."""
    style, columns = paint(no_colour), width()
    drift = recheck(ready.model, ready.python, trace)
    defaults = {s.name: setting_text(s.default) for s in ready.python.declaration.settings}
    lines = [*header_lines(trace, columns, style, defaults), ""]
    if forms.chooses:
        chosen = [*([forms.spec] if forms.spec else []), *forms.settings, *forms.scopes]
        lines += [*fold([f"replayed with {'  '.join(chosen)}"], columns), ""]
    if drift is not None and drift.step == 0:
        lines += fold([f"{style.bad('✗')} the initial state: {drift.message}"], columns)
    for number, step in enumerate(trace.steps, start=1):
        if drift is not None and number > drift.step:
            break
        is_same = drift is None or number < drift.step
        mark = style.good("✓") if is_same else style.bad("✗")
        lines.append(f"{mark} {number:>3}  {step}")
        if drift is not None and not is_same:
            lines += [f"       {line}" for line in fold([drift.message], columns - 7)]
    if drift is None:
        lines += ["", unchanged(trace)]
    say(lines)
    return ExitCode.HOLDS if drift is None else ExitCode.UNDETERMINED


def _stand_in(trace: Trace, forms: Forms, number: int) -> ExitCode:
    if number > len(trace.steps):
        raise click.UsageError(f"--pdb {number}: the trace has steps 1..{len(trace.steps)}")
    ready = _run_of(trace, forms)
    drift = recheck(ready.model, ready.python, trace)
    if drift is not None and drift.step < number:
        where = f"step {drift.step}" if drift.step else "the initial state"
        raise TraceFileError(
            f"the trace does not come to step {number}: at {where}, {drift.message}"
        )
    stand_in(ready.python, trace, number)
    return ExitCode.HOLDS


def _text(what: str, trace: Trace, entry: Entry | None, forms: Forms) -> str:
    match forms.form:
        case "itf":
            return json.dumps(to_itf(trace), ensure_ascii=False, indent=1) + "\n"
        case "tlc":
            return tlc_text(trace, _places(trace))
        case "mermaid":
            return mermaid(trace)
        case "shiviz":
            return shiviz(trace)
        case "kept":
            return in_json(trace)
        case _:
            return _test(what, trace, entry, forms)


def _test(what: str, trace: Trace, entry: Entry | None, forms: Forms) -> str:
    """A test that the scenario stays possible; or, where it is mended, that it stays impossible."""
    source = " ".join(["splitbrain show", *_asked(what, entry, forms)])
    story = Story(source, "" if entry is None else f"{entry.id}: {entry.title}")
    if not forms.impossible:
        ready = _run_of(trace, forms)
        drift = recheck(ready.model, ready.python, trace)
        if drift is not None:
            where = f"step {drift.step}" if drift.step else "the initial state"
            raise TraceFileError(f"the trace does not replay: at {where}, {drift.message}")
        return as_test(Scenario(trace), ready.python, story)
    mended = None if entry is None or entry.fixed is None or forms.chooses else entry.fixed.side
    if mended is None:
        ready = _run_of(trace, forms)
    else:
        ready = _ready(mended.spec, mended.settings, mended.scope, forms)
    return as_test(impossible(ready.name, trace, ready.model, ready.python), ready.python, story)


def _asked(what: str, entry: Entry | None, forms: Forms) -> list[str]:
    """How the test was asked for, without the folder that the trace was in."""
    return [
        Path(what).name if entry is None else entry.id,
        "--as-test",
        *(["--impossible"] if forms.impossible else []),
        *([f"--spec {forms.spec}"] if forms.spec else []),
        *(f"--set {text}" for text in forms.settings),
        *(f"--scope {text}" for text in forms.scopes),
    ]


def _places(trace: Trace) -> Mapping[str, Span]:
    """Where the actions stand; nothing of a spec that is gone."""
    try:
        loaded = load(trace.spec)
        model = lower(declare(loaded.spec, trace.scope, trace.settings, loaded.modules))
    except (SpecError, ToolError):
        return {}
    return {action.name: action.span for action in model.actions}
