"""A trace as one page: a file of its own that needs no network, and runs no code but ours.

The page has the picture, the table of all steps in words (for those who cannot see, and for
paper), and the states as data for the script that steps through them. The same trace gives the
same bytes. Names come from specs and files of anybody: they are escaped, and a content security
policy lets only the script and the style sheet run whose digests it names.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any, Final

from checker.ir.types import MapType, Type
from checker.ir.values import members, show
from checker.trace import Ending, Trace
from counterexamples.diff import changes
from counterexamples.drawing.draw import described, diagram, heads
from counterexamples.drawing.geometry import geometry
from counterexamples.drawing.legend import legend
from counterexamples.drawing.markup import NOTHING, Markup, data, element, join, prose, text
from counterexamples.drawing.scenes import Picture, picture
from counterexamples.drawing.why import why_remarks, why_section
from counterexamples.render_terminal import headline
from counterexamples.why.answer import Why

ASSETS: Final = Path(__file__).with_name("html")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs and perhaps a small figure, all above the picture."""

    heading: str
    paragraphs: tuple[str, ...]
    figure: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class About:
    """What a trace does not say of itself: `remarks` are by step (from 1; 0: the initial state).

    `actions` and `places` are by the name of an action: its docstring, and where it is written.
    `why` explains the end. `story` stands before that explanation, `sections` behind it.
    """

    title: str = ""
    property_doc: str = ""
    sections: tuple[Section, ...] = ()
    remarks: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    why: Why | None = None
    story: tuple[Section, ...] = ()

    def said_of(self, step: int) -> tuple[str, ...]:
        """The remarks on a step, those of the explanation first."""
        of_why = () if self.why is None else why_remarks(self.why).get(step, ())
        return (*of_why, *self.remarks.get(step, ()))


def page(trace: Trace, about: About | None = None) -> str:
    """The page of a trace."""
    known = about or About()
    drawn = picture(trace)
    places = geometry(drawn)
    title = known.title or f"{trace.spec}: {trace.property or headline(trace)}"
    return filled(
        "page.html",
        ("page.css",),
        "page.js",
        title=text(title),
        spec=text(trace.spec),
        choices=_choices(trace),
        verdict=_verdict(trace, known),
        sections=join(
            *map(_section, known.story),
            NOTHING if known.why is None else why_section(known.why),
            *map(_section, known.sections),
        ),
        last=text(len(trace.steps)),
        heads=heads(drawn, places),
        diagram=diagram(drawn, places, f"{_mark(trace)} {_subject(trace)}", _is_bad(trace)),
        legend=legend(drawn),
        table=_table(trace, known),
        data=data(_data(drawn, known, [row.event for row in places.rows])),
    )


def filled(name: str, styles: tuple[str, ...], script: str | None, **parts: Markup) -> str:
    """A template with its parts, its style and its script, and the policy that admits these two."""
    style = "\n".join(map(_asset, styles))
    code = "" if script is None else _asset(script)
    runs = f"'sha256-{_digest(code)}'" if code else "'none'"
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src 'sha256-{_digest(style)}'; script-src {runs}"
    )
    return Template(_asset(name)).substitute(policy=policy, style=style, script=code, **parts)


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return b64encode(sha256(content.encode()).digest()).decode()


def _choices(trace: Trace) -> Markup:
    """Settings and scope, as on the command line."""
    scope = " ".join(f"{name}={bound}" for name, bound in trace.scope.items())
    settings = " ".join(f"{name}={value}" for name, value in trace.settings.items())
    return element(
        "dl",
        element("dt", text("scope")),
        element("dd", text(scope or "none")),
        element("dt", text("settings")),
        element("dd", text(settings or "none")),
    )


def _is_bad(trace: Trace) -> bool:
    return trace.ending not in (Ending.REACHED, Ending.WALK)


def _mark(trace: Trace) -> str:
    return "✗" if _is_bad(trace) else "✓"


def _subject(trace: Trace) -> str:
    return " ".join(filter(None, (trace.property, headline(trace))))


def _verdict(trace: Trace, about: About) -> Markup:
    words = [text(f"{_mark(trace)} ")]
    if trace.property is not None:
        words += [element("strong", text(trace.property)), text(" ")]
    look = "verdict bad" if _is_bad(trace) else "verdict good"
    said = element("p", *words, text(headline(trace)), class_=look)
    first = about.property_doc.split("\n\n")[0]
    promise = element("p", prose(first), class_="promise") if first else NOTHING
    reason = element("p", text(trace.message), class_="reason") if trace.message else NOTHING
    return join(said, promise, reason)


def _section(section: Section) -> Markup:
    return element(
        "section",
        element("h2", text(section.heading)),
        *(element("p", prose(paragraph)) for paragraph in section.paragraphs),
        section.figure,
    )


def _described(trace: Trace, number: int) -> list[tuple[str, str]]:
    """What step `number` (from 1) changed: the place, and how."""
    if number >= len(trace.states):
        return [("undefined", trace.message)]
    before, after = trace.states[number - 1], trace.states[number]
    return [(c.place, c.description) for c in changes(trace.variables, before, after)]


def _table(trace: Trace, about: About) -> Markup:
    """Every step in words."""
    rows = []
    for number, step in enumerate(trace.steps, start=1):
        link = element("a", text(number), href=f"#step={number}")
        name = element("td", element("code", text(step)), class_="step")
        changed = [
            element("li", element("code", text(place)), text(f": {how}"))
            for place, how in _described(trace, number)
        ]
        remarks = [element("p", text(said)) for said in about.said_of(number)]
        told = element("td", element("ul", *changed), *remarks)
        rows.append(element("tr", element("th", link, scope="row"), name, told))
    titles = (element("th", text(title), scope="col") for title in ("", "step", "what changed"))
    return element(
        "table",
        element("caption", text(f"All {len(trace.steps)} steps")),
        element("thead", element("tr", *titles)),
        element("tbody", *rows),
        class_="steps",
    )


def _data(drawn: Picture, about: About, rows: list[float]) -> dict[str, Any]:
    """What the script shows: texts by number, since most of a state stays as it was."""
    trace, numbers = drawn.stage.trace, dict[str, int]()
    places = [place for name, type in trace.variables for place in _places(name, type)]
    states = [
        [
            numbers.setdefault(value, len(numbers))
            for (_, type), whole in zip(trace.variables, state, strict=True)
            for value in _values(type, whole)
        ]
        for state in trace.states
    ]
    return {
        "steps": [_step(trace, about, number) for number in range(len(trace.steps) + 1)],
        "places": places,
        "values": list(numbers),
        "cited": [] if about.why is None else sorted(about.why.steps),
        "needless": [] if about.why is None else sorted(about.why.needless),
        "states": states,
        "rows": rows,
        "messages": [
            {"text": described(drawn, one), "sent": one.sent, "ended": one.ended,
             "fate": one.fate.name.lower()}
            for one in drawn.messages
        ],
    }  # fmt: skip


def _step(trace: Trace, about: About, number: int) -> dict[str, Any]:
    remarks = list(about.said_of(number))
    if number == 0:
        return {"title": "initial state", "doc": "", "place": "", "arguments": [], "changes": [],
                "remarks": remarks}  # fmt: skip
    step = trace.steps[number - 1]
    return {
        "title": str(step),
        "doc": " ".join(about.actions.get(step.action, "").split("\n\n")[0].split()),
        "place": about.places.get(step.action, ""),
        "arguments": [[given.name, str(given)] for given in step.arguments],
        "changes": [[place, how] for place, how in _described(trace, number)],
        "remarks": remarks,
    }


def _places(name: str, type: Type) -> Iterator[str]:
    """The names under which a variable's parts are shown: `log[b1]`."""
    if isinstance(type, MapType):
        for key in members(type.key):
            yield from _places(f"{name}[{show(type.key, key)}]", type.value)
    else:
        yield name


def _values(type: Type, value: Any) -> Iterator[str]:
    """The values of a variable's parts, in the order of `_places`."""
    if isinstance(type, MapType):
        for part in value:
            yield from _values(type.value, part)
    else:
        yield show(type, value)
