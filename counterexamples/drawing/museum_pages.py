"""The museum as pages: what a page says of an entry, and the index with all their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from checker.trace import Trace
from counterexamples.drawing.markup import Markup, element, text
from counterexamples.drawing.page import Section, filled
from counterexamples.drawing.scenes import picture
from counterexamples.drawing.thumbnail import thumbnail
from counterexamples.museum_cases import Entry, Kind
from counterexamples.render_museum import held, shown, standing

KINDS: Mapping[Kind, str] = {
    Kind.BUG: "It is a bug that Kafka had",
    Kind.LIMIT: "It is a limit by design",
    Kind.RULE: "No release of Kafka is known to have this bug",
    Kind.SUSPECTED: "It is suspected in today's Kafka",
}

OTHERWISE: Mapping[Kind, str] = {
    Kind.BUG: "With the fix",
    Kind.LIMIT: "Otherwise",
    Kind.RULE: "With the rule that prevents it",
    Kind.SUSPECTED: "With a fix that we suggest",
}
"""How the other side begins, where there is one."""


def title_of(entry: Entry) -> str:
    """The heading of an entry's page."""
    return f"{entry.id}: {entry.title}"


def sections_of(entry: Entry) -> tuple[Section, ...]:
    """What the label says, in two paragraphs."""
    return (Section("What goes wrong", (entry.story,)), Section("What it is", tuple(_facts(entry))))


def _facts(entry: Entry) -> Iterator[str]:
    done = "prevented" if entry.kind is Kind.RULE else "fixed"
    since = "" if entry.fixed_in is None else f"; {done} in Kafka {entry.fixed_in}"
    tickets = f" ({', '.join(entry.tickets)})" if entry.tickets else ""
    yield f"{KINDS[entry.kind]}{tickets}{since}."
    off = [choice for choice in entry.toggle if not choice.startswith("not ")]
    on = [choice.removeprefix("not ") for choice in entry.toggle if choice not in off]
    if off:
        yield f"Shown with `{' '.join(off)}`."
    if on:
        yield f"Shown without `{' '.join(on)}`."
    if entry.fixed is not None:
        spec = entry.fixed.side.spec
        other = "" if spec == entry.broken.side.spec else f" (`{spec}`)"
        yield f"{OTHERWISE[entry.kind]}{other}, the same property holds: {held(entry.fixed)}."


def file_of(entry: Entry) -> str:
    """The name of an entry's page beside the index."""
    return f"{entry.id}.html"


def index(entries: Sequence[tuple[Entry, Trace | None]]) -> str:
    """All entries with their pictures; those without a trace have no page."""
    return filled(
        "museum.html",
        ("page.css", "museum.css"),
        None,
        count=text(len(entries)),
        cards=element("ul", *(_card(entry, trace) for entry, trace in entries), class_="cards"),
    )


def _card(entry: Entry, trace: Trace | None) -> Markup:
    verdict = element("p", text(f"✗ {shown(entry)}"), class_="verdict bad")
    said = (entry.property_name, *entry.tickets, *standing(entry))
    facts = element("p", text(" · ".join(said)), class_="what")
    if trace is None:
        heading = element("h2", text(title_of(entry)))
        return element("li", heading, verdict, facts, id=entry.id)
    words = f"{entry.id} in small: {shown(entry)}"
    drawn = thumbnail(picture(trace), words)
    link = element("a", drawn, text(title_of(entry)), href=quote(file_of(entry)))
    return element("li", element("h2", link), verdict, facts, id=entry.id)
