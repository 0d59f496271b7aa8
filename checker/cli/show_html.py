"""Pages: a trace as HTML with what its spec says of the actions, and the museum as a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from checker.ir.model import Model
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import load
from checker.prepare import prepare
from checker.trace import Trace
from counterexamples.file import read
from counterexamples.museum_cases import Entry
from counterexamples.museum_html import file_of, index, sections_of, title_of
from counterexamples.render_html import About, page


def write_page(trace: Trace, entry: Entry | None, path: Path) -> None:
    """Write the page of a trace; raises `ToolError` if that fails."""
    _write(page(trace, about(trace, entry)), path)


def write_museum(entries: Sequence[Entry], folder: Path) -> Path:
    """Write the page of each entry that has a trace, and the index of all; where that is."""
    traces = [
        (entry, read(entry.trace_file) if entry.trace_file.exists() else None) for entry in entries
    ]
    for entry, trace in traces:
        if trace is not None:
            write_page(trace, entry, folder / file_of(entry))
    _write(index(traces), folder / "index.html")
    return folder / "index.html"


def about(trace: Trace, entry: Entry | None) -> About:
    """What spec and museum know of a trace; of a spec that is gone, nothing."""
    model = _model(trace)
    title = "" if entry is None else title_of(entry)
    sections = () if entry is None else sections_of(entry)
    if model is None:
        return About(title, sections=sections)
    judged = [known.doc for known in model.properties if known.name == trace.property]
    return About(
        title=title,
        property_doc=judged[0] if judged else "",
        sections=sections,
        actions={action.name: action.doc for action in model.actions},
        places={action.name: f"{action.span.file}:{action.span.line}" for action in model.actions},
    )


def _model(trace: Trace) -> Model | None:
    try:
        return prepare(load(trace.spec), trace.settings, trace.scope).model
    except (SpecError, ToolError):
        return None


def _write(content: str, path: Path) -> None:
    """Made whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(content, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ToolError(f"cannot write {path}: {error.strerror or error}") from error
