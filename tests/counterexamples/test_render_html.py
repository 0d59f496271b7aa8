"""The page of a trace: what is on it, that it is safe, and that it is the same each time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from checker.ir.model import PropertyKind
from checker.ir.types import (
    BOOL,
    EnumType,
    IntType,
    MapType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.trace import Argument, Ending, Step, Trace
from counterexamples.drawing.museum_pages import index
from counterexamples.drawing.page import ASSETS, About, Section, page
from counterexamples.drawing.scenes import Contact, Picture, picture
from counterexamples.file import read
from counterexamples.museum_cases import MUSEUM, entries
from tests.counterexamples.made import NOTE, made, node, sets

ROOT = Path(__file__).parents[2]
TRACES = sorted(MUSEUM.glob("*/trace.json"))
KEPT = Path(__file__).with_name("traces")


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of each script."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self._in = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in = tag

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.scripts.append(data)
        elif self._in != "style":
            self.words.append(data)

    @property
    def data(self) -> Any:
        return json.loads(self.scripts[0])


def kept(name: str) -> Trace:
    """A trace that stays what it is, whatever is shown of the museum's entry."""
    return read(KEPT / f"{name}.json")


def museum(name: str) -> Trace:
    return read(MUSEUM / name / "trace.json")


def lanes(drawn: Picture) -> list[str]:
    return [lane.name for lane in drawn.stage.lanes]


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.parent.name)
def test_every_trace_of_the_museum_has_a_page(path: Path) -> None:
    trace = read(path)
    content = page(trace)
    found = Page(content)
    looks = [str(given.get("class")).split() for tag, given in found.elements if tag == "g"]
    rows = [look for look in looks if "row" in look]
    assert len(rows) == len(trace.steps) + 1
    assert len(found.data["steps"]) == len(trace.steps) + 1
    assert len(found.data["states"]) == len(trace.states)
    for step in trace.steps:
        assert step.action in " ".join(found.words)
    assert not re.search(r'="[^"]*(nan|inf)\b', content)
    assert_drawings_are_well_formed(content)


def assert_drawings_are_well_formed(content: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", content, re.S)
    assert drawings
    for drawing in drawings:
        ElementTree.fromstring(drawing)


def test_states_are_told_in_full() -> None:
    trace = museum("R26")
    data = Page(page(trace)).data
    last = dict(zip(data["places"], (data["values"][n] for n in data["states"][-1]), strict=True))
    assert (last["log[b1]"], last["log[b2]"]) == ("⟨(id=0 epoch=0)⟩", "⟨⟩")
    assert last["leader"] == "b2"
    assert ["log[b2]", "⟨r0·e0⟩ → ⟨⟩"] in data["steps"][6]["changes"]
    assert data["steps"][6]["arguments"][0] == ["broker", "b2"]


def test_a_fetch_and_metadata_are_messages() -> None:
    drawn = picture(kept("N1-fence"))
    names = lanes(drawn)
    assert names == ["controller", "b1", "b2", "b3", "clients"]
    sent = [
        (m.name, names[m.sender], "" if m.receiver is None else names[m.receiver], m.sent, m.ended)
        for m in drawn.messages
    ]
    assert sent == [
        ("fetch[b2][b1]", "b1", "b2", 2, 3),
        ("metadata[1]", "controller", "b2", 5, 6),
        ("metadata[1]", "controller", "b3", 5, 7),
        ("fetch[b2][b3]", "b3", "b2", 8, 9),
        ("metadata[2]", "controller", "b1", 10, 11),
    ]
    acting = [names[s.acting] for s in drawn.scenes if s.acting is not None]
    assert acting[:5] == ["b1", "b2", "b2", "b2", "controller"]
    produce = drawn.scenes[1].touches[0]
    assert (names[produce.start], names[produce.end]) == ("clients", "b1")
    ask = drawn.scenes[8].touches[0]
    assert (names[ask.start], names[ask.end], ask.contact) == ("b2", "b3", Contact.TELLS)


def test_what_is_lost_is_seen() -> None:
    drawn = picture(kept("N1-fence"))
    b2 = lanes(drawn).index("b2")
    (strip,) = drawn.scenes[9].strips[b2]
    assert (strip.cells, [cell.text for cell in strip.lost]) == ((), ["0 e0"])
    content = page(kept("N1-fence"))
    assert "offset 0: (id=0 epoch=0), lost in this step" in content
    assert "high watermark 1, log end 1" in content


def test_bands_of_leadership_and_isr() -> None:
    drawn = picture(kept("N1-fence"))
    names = lanes(drawn)
    leads = [(names[b.lane], b.first, b.last, b.epoch) for b in drawn.leadership]
    assert leads == [("b1", 0, 10, 0), ("b1", 11, 11, 2), ("b3", 7, 11, 1)]
    isr = [(names[b.lane], b.first, b.last) for b in drawn.bands if b.kind.look == "isr"]
    assert isr == [("b1", 0, 11), ("b2", 0, 11), ("b3", 0, 9)]


def test_those_who_are_no_members_have_lanes_too() -> None:
    roles = ["source cluster", "source task", "checkpoint task", "target cluster"]
    assert lanes(picture(museum("R56"))) == roles
    assert lanes(picture(museum("R38")))[0] == "ZooKeeper"


def test_who_takes_a_request_acts() -> None:
    drawn = picture(museum("R68"))
    names = lanes(drawn)
    ways = [(names[m.sender], names[m.receiver or 0], m.sent, m.ended) for m in drawn.messages]
    assert ways == [("producer", "coordinator", 3, 8), ("producer", "coordinator", 4, 5)]
    assert names[drawn.scenes[5].acting or 0] == "coordinator"


def test_an_undefined_step_has_no_state_after_it() -> None:
    trace = made(sets(set()), [node("send", 0)], SetType(NOTE), Ending.UNDEFINED_STEP)
    found = Page(page(trace)).data
    assert found["steps"][1]["changes"] == [["undefined", "why"]]
    assert len(found["states"]) == 1


def test_a_trace_of_nothing() -> None:
    trace = replace(made(sets(set()), [], SetType(NOTE)), variables=(), states=((),))
    assert Page(page(trace)).data["steps"][0]["title"] == "initial state"
    assert_drawings_are_well_formed(page(trace))


def test_sixty_steps_on_six_lanes() -> None:
    many = SortType("Node", 6, "n")
    log = MapType(many, TupleType(IntType(0, 9, "Epoch"), 10))
    states: list[Any] = [((),) * 6]
    steps = []
    for number in range(60):
        before = list(states[-1])
        before[number % 6] = (*before[number % 6], number % 4)
        states.append(tuple(before))
        steps.append(Step("append", (Argument("node", many, number % 6),)))
    trace = Trace(
        spec="long", settings={}, scope={}, variables=(("log", log),), property=None, kind=None,
        ending=Ending.DEADLOCK, message="", states=tuple((s,) for s in states), steps=tuple(steps),
    )  # fmt: skip
    content = page(trace)
    assert len(content) < 600_000
    assert content.count('class="acting"') == 60 + 1  # one in the legend


def test_all_is_in_one_file() -> None:
    content = page(museum("N5"))
    for tag, attributes in Page(content).elements:
        assert tag not in {"link", "img", "iframe", "object", "base", "form", "foreignobject"}
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in {"src", "style", "srcdoc"}, (tag, name)
            assert name != "href" or str(value).startswith("#"), value
    assert "http:" not in content
    assert "https:" not in content


def test_the_policy_admits_our_script_and_style_only() -> None:
    content = page(kept("R1"))
    policy = re.search(r'Security-Policy" content="([^"]*)"', content)
    assert policy is not None
    for kind, name in (("script", "page.js"), ("style", "page.css")):
        digest = b64encode(sha256((ASSETS / name).read_bytes()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]
        assert f"<{kind}>{(ASSETS / name).read_text('utf-8')}</{kind}>" in content
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]


EVIL = (
    "</script><script>window.broken=1</script><img src=x onerror='window.broken=1'>\"'&$x${y}\x07`"
)


def hostile() -> Trace:
    """Every name and text of a trace is an attack."""
    sort = SortType(EVIL, 2, EVIL)
    kind = EnumType(EVIL, (EVIL, EVIL + "2"))
    record = RecordType(EVIL, ((EVIL, kind), ("to", sort)))
    variables: tuple[tuple[str, Type], ...] = (
        (EVIL, MapType(sort, TupleType(record, 3))),
        (EVIL + "2", SetType(record)),
        (EVIL + "3", kind),
        (EVIL + "4", SetType(sort)),
        (EVIL + "5", MapType(sort, BOOL)),
    )
    none: Any = frozenset()
    first: Any = (((), ()), none, 0, none, (False, False))
    second: Any = ((((0, 1),), ()), frozenset({(1, 1)}), 1, frozenset({1}), (True, False))
    third: Any = (((), ()), none, 0, frozenset({0, 1}), (False, True))
    given = (Argument(EVIL, sort, 0), Argument(EVIL, record, (1, 1)))
    return Trace(
        spec=EVIL, settings={EVIL: EVIL}, scope={EVIL: 2}, variables=variables, property=EVIL,
        kind=PropertyKind.INVARIANT, ending=Ending.UNDEFINED_PROPERTY, message=EVIL,
        states=(first, second, third), steps=(Step(EVIL, given), Step(EVIL, given)),
    )  # fmt: skip


HOSTILE = About(
    title=EVIL,
    property_doc=EVIL,
    sections=(Section(EVIL, (EVIL,)),),
    remarks={1: (EVIL,)},
    actions={EVIL: EVIL},
    places={EVIL: EVIL},
)


def test_names_cannot_inject() -> None:
    content = page(hostile(), HOSTILE)
    harmless = {element[0] for element in Page(page(museum("N5"))).elements}
    found = Page(content)
    assert {element[0] for element in found.elements} <= harmless
    assert [tag for tag, _ in found.elements].count("script") == 2
    assert all(not name.startswith("on") for _, given in found.elements for name in given)
    assert found.data["steps"][1]["remarks"] == [EVIL]
    assert "\x07" not in content
    assert EVIL.replace("\x07", "\N{REPLACEMENT CHARACTER}") in "".join(found.words)
    assert_drawings_are_well_formed(content)


def test_what_is_known_beside_the_trace_is_on_the_page() -> None:
    about = About(
        title="A title",
        property_doc="What `it` says.\n\nMore.",
        sections=(Section("Why", ("Because.",)),),
        remarks={3: ("Here it goes wrong.",)},
        actions={"apply_fetch": "It applies.\n\nMore."},
        places={"apply_fetch": "specs/isr.py:1"},
    )
    content = page(kept("R1"), about)
    for part in (
        "<h1>A title</h1>",
        "<code>it</code> says.",
        "<h2>Why</h2>",
        "Here it goes wrong.",
    ):
        assert part in content
    step = Page(content).data["steps"][4]
    assert (step["doc"], step["place"]) == ("It applies.", "specs/isr.py:1")
    assert Page(content).data["steps"][3]["remarks"] == ["Here it goes wrong."]


def test_the_same_trace_gives_the_same_bytes() -> None:
    program = (
        "import sys; from pathlib import Path; from counterexamples.file import read;"
        "from counterexamples.drawing.page import page;"
        f"print(page(read(Path({str(MUSEUM / 'N5' / 'trace.json')!r}))))"
    )
    pages = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(pages) == 1


def test_the_index_links_to_the_pages() -> None:
    shown = [(e, read(e.trace_file) if e.trace_file.exists() else None) for e in entries()]
    content = index(shown)
    links = [given["href"] for tag, given in Page(content).elements if tag == "a"]
    assert links == [f"{entry.id}.html" for entry, trace in shown if trace is not None]
    assert content.count('class="picture stamp"') == len(links)
    assert_drawings_are_well_formed(content)
