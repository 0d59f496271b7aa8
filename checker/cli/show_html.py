"""Pages: a trace as HTML with what its spec says of the actions, and the museum as a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from checker.cli.reasons import why_of
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import load
from checker.prepare import prepare
from checker.trace import Trace
from counterexamples.drawing.explanation import explanation_sections
from counterexamples.drawing.museum_pages import file_of, index, sections_of, title_of
from counterexamples.drawing.page import About, Section, page
from counterexamples.explanation import Explanation
from counterexamples.file import read, write_text
from counterexamples.guards import place
from counterexamples.museum_cases import Entry
from counterexamples.recheck import recheck

HELP = "name another place"


def write_page(
    trace: Trace, entry: Entry | None, path: Path, told: Explanation | None = None
) -> None:
    """Write the page of a trace, with its explanation; raises `ToolError` if that fails."""
    known = about(trace, entry)
    if told is not None:
        known = replace(known, sections=(*known.sections, *explanation_sections(trace, told)))
    write_text(page(trace, known), path, HELP)


def write_museum(
    entries: Sequence[Entry],
    folder: Path,
    told: Callable[[Trace], Explanation | None] = lambda _: None,
) -> Path:
    """Write the page of each entry that has a trace, and the index of all; where that is.

    `told` explains a trace.
    """
    traces = [
        (entry, read(entry.trace_file) if entry.trace_file.exists() else None) for entry in entries
    ]
    for entry, trace in traces:
        if trace is not None:
            write_page(trace, entry, folder / file_of(entry), told(trace))
    write_text(index(traces), folder / "index.html", HELP)
    return folder / "index.html"


def about(trace: Trace, entry: Entry | None) -> About:
    """What spec and museum know of a trace; of a spec that is gone, nothing."""
    title = "" if entry is None else title_of(entry)
    story = () if entry is None else sections_of(entry)
    try:
        prepared = prepare(load(trace.spec), trace.settings, trace.scope)
        drift = recheck(prepared.model, prepared.semantics, trace)
        why = why_of(trace) if drift is None else None
    except (SpecError, ToolError) as error:
        return About(title, story=(*story, Section("Not replayed, shown as kept", (str(error),))))
    if drift is not None:
        said = f"This is the trace as it was kept: {drift}."
        story = (*story, Section("The spec has changed since", (said,)))
    model = prepared.model
    judged = [known.doc for known in model.properties if known.name == trace.property]
    return About(
        title=title,
        property_doc=judged[0] if judged else "",
        story=story,
        actions={action.name: action.doc for action in model.actions},
        places={action.name: place(action.span) for action in model.actions},
        why=why,
    )
