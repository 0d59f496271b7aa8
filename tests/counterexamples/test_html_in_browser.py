"""The page in a browser: keys, clicks, fragments, colours, and nothing on the console.

Skipped where there is no Chromium with its driver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker.ir.types import BOOL, MapType, SortType
from checker.trace import Argument, Ending, Step, Trace
from counterexamples.drawing.page import About, Section, page
from counterexamples.file import read
from counterexamples.museum_cases import MUSEUM
from counterexamples.why.answer import Fact, Since, Why
from tests.browser import DOWN, END, HOME, LEFT, MISSING, RIGHT, Window, window

pytestmark = pytest.mark.skipif(MISSING, reason="no Chromium with its driver on this machine")

EVIL = "</script><script>window.broken=1</script><img src=x onerror='window.broken=1'>\"'"
KEPT = Path(__file__).with_name("traces")


@dataclass(frozen=True, slots=True)
class Browser(Window):
    """A window for pages that are not written yet."""

    folder: Path

    def show(self, content: str, fragment: str = "") -> None:
        """Open a page with this content."""
        path = self.folder / "page.html"
        path.write_text(content, "utf-8")
        self.open(path.as_uri() + fragment)

    @property
    def where(self) -> str:
        """The step that is chosen, as the page tells it."""
        return str(self.run("return document.getElementById('where').textContent"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with window(tmp_path_factory.mktemp("profile")) as found:
        yield Browser(found.session, tmp_path_factory.mktemp("pages"))


@pytest.fixture
def browser(opened: Browser) -> Iterator[Browser]:
    """A window whose console must be empty in the end."""
    opened.emulate(media="", features=[])
    yield opened
    assert opened.complaints == []


def kept(name: str) -> str:
    """A trace that stays what it is, whatever is shown of the museum's entry."""
    return page(read(KEPT / f"{name}.json"))


def museum(name: str) -> str:
    return page(read(MUSEUM / name / "trace.json"))


def test_keys(browser: Browser) -> None:
    browser.show(kept("N1-fence"))
    assert browser.where == "step 11 of 11"
    browser.press(HOME)
    assert browser.where == "step 0 of 11"
    browser.press(LEFT)
    assert browser.where == "step 0 of 11"
    browser.press(RIGHT, RIGHT, DOWN)
    assert browser.where == "step 3 of 11"
    assert "apply_fetch(b2, b1)" in browser.run(
        "return document.getElementById('title').textContent"
    )
    browser.press(END, LEFT)
    assert browser.where == "step 10 of 11"
    assert browser.run("return location.hash") == "#step=10"
    assert browser.run("return document.querySelectorAll('.row.now').length") == 1


def test_the_slider_has_the_same_keys(browser: Browser) -> None:
    browser.show(kept("R1"))
    browser.click("#slider")
    browser.press(HOME, RIGHT)
    assert browser.where == "step 1 of 9"
    assert browser.run("return document.getElementById('slider').value") == "1"


def test_buttons_and_clicks_on_steps(browser: Browser) -> None:
    browser.show(kept("R1"))
    browser.click("#first")
    browser.click("#forward")
    assert browser.where == "step 1 of 9"
    browser.click(".row[data-row='5'] .step")
    assert browser.where == "step 5 of 9"
    browser.click("#end")
    assert browser.where == "step 9 of 9"
    assert browser.run("return document.getElementById('forward').disabled") is True


def test_what_is_still_to_come_is_faint(browser: Browser) -> None:
    browser.show(kept("N1-fence"), "#step=7")
    faint = "[...document.querySelectorAll('.later[data-since]')].map((one) => one.dataset.since)"
    assert min(map(int, browser.run(f"return {faint}"))) == 8
    browser.press(END)
    assert browser.run(f"return {faint}") == []


def test_a_fragment_names_a_step(browser: Browser) -> None:
    browser.show(museum("N10"), "#step=7")
    assert browser.where == "step 7 of 22"
    browser.run("location.hash = '#step=12'")
    browser.run("return new Promise((done) => setTimeout(done, 50))")
    assert browser.where == "step 12 of 22"
    browser.show(museum("N10"), "#step=999")
    assert browser.where == "step 22 of 22"
    browser.show(museum("N10"), "#step=javascript")
    assert browser.where == "step 22 of 22"


def test_the_state_and_the_logs_follow(browser: Browser) -> None:
    browser.show(museum("R26"), "#step=6")
    state = "return document.querySelector('#whole tbody').textContent"
    changed = (
        "return [...document.querySelectorAll('#whole .changed code')].map(e => e.textContent)"
    )
    assert "log[b2]⟨⟩" in browser.run(state)
    assert "log[b2]" in browser.run(changed)
    heads = (
        "return [...document.querySelectorAll('.heads .at:not(.off)')]"
        ".map((one) => [...one.querySelectorAll('text')].map((e) => e.lastChild.data).join(' '))"
    )
    assert "empty" in browser.run(heads)
    browser.press(LEFT)
    assert "log[b2]⟨(id=0 epoch=0)⟩" in browser.run(state)
    assert "empty" not in browser.run(heads)


def test_what_is_under_way_is_told(browser: Browser) -> None:
    browser.show(kept("N1-fence"), "#step=2")
    flight = "return document.getElementById('flight').textContent"
    assert "fetch[b2][b1]: b1 → b2" in browser.run(flight)
    browser.press(RIGHT)
    assert browser.run(flight) == ""


def test_steps_of_the_explanation_are_marked(browser: Browser) -> None:
    facts = (Fact("leader is b2", Since(2, "elect(b2)"), ("leader",)),)
    why = Why(facts=facts, needless=frozenset({3}))
    trace = read(MUSEUM / "R9" / "trace.json")
    browser.show(page(trace, About(why=why)), "#step=2")
    rows = "return [...document.querySelectorAll('#diagram .row.%s')].map(r => r.dataset.row)"
    assert browser.run(rows % "cited") == ["2"]
    assert browser.run(rows % "needless") == ["3"]
    assert browser.run("return document.querySelector('.row.cited .number').textContent") == "▸ 2"
    said = browser.run("return document.getElementById('remarks').textContent")
    assert said == "From here on: leader is b2."


def test_a_chosen_step_is_in_sight(browser: Browser) -> None:
    sort = SortType("Node", 6, "n")
    states: list[Any] = [((False,) * 6,)]
    for number in range(60):
        flipped = tuple(v != (at == number % 6) for at, v in enumerate(states[-1][0]))
        states.append((flipped,))
    steps = tuple(Step("flip", (Argument("node", sort, n % 6),)) for n in range(60))
    trace = Trace(
        spec="long", settings={}, scope={}, variables=(("up", MapType(sort, BOOL)),),
        property=None, kind=None, ending=Ending.DEADLOCK, message="",
        states=tuple(states), steps=steps,
    )  # fmt: skip
    browser.show(page(trace))
    assert_in_sight(browser)


def test_a_chosen_step_is_in_sight_above_a_docked_table(browser: Browser) -> None:
    browser.show(museum("R13-older"))
    docked = "document.body.classList.contains('docked')"
    browser.becomes(docked, False)
    browser.ask("POST", "/window/rect", width=1000, height=900)
    browser.becomes(docked, True)
    assert_in_sight(browser)
    browser.ask("POST", "/window/rect", width=1280, height=900)
    browser.becomes(docked, False)


def assert_in_sight(browser: Browser) -> None:
    """Below the names of the lanes, and above the table of changes if that lies below."""
    for keys in ((HOME,), (RIGHT,) * 15, (END,), (LEFT,) * 8):
        browser.press(*keys)
        top, bottom, ceiling, floor = browser.run(
            "const box = (one) => document.querySelector(one).getBoundingClientRect();"
            "const row = box('.row.now');"
            "const docked = document.body.classList.contains('docked');"
            "const floor = docked ? box('.detail').top : innerHeight;"
            "return [row.top, row.bottom, box('.heads-box').bottom, floor];"
        )
        assert ceiling - 1 <= top < bottom <= floor + 1, (keys, top, bottom, ceiling, floor)


def test_dark_and_paper(browser: Browser) -> None:
    browser.show(kept("R1"), "#step=3")
    paper = "return getComputedStyle(document.body).backgroundColor"
    browser.emulate(features=[{"name": "prefers-color-scheme", "value": "light"}])
    assert browser.run(paper) == "rgb(255, 255, 255)"
    browser.emulate(features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert browser.run(paper) == "rgb(20, 23, 27)"
    browser.emulate(media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert browser.run(paper) == "rgb(255, 255, 255)"
    look = "return getComputedStyle(document.querySelector('{}')).{}"
    assert browser.run(look.format(".bar", "display")) == "none"
    assert browser.run(look.format(".content.later", "opacity")) == "1"


def test_names_run_no_code(browser: Browser) -> None:
    sort = SortType(EVIL, 2, EVIL)
    trace = Trace(
        spec=EVIL, settings={EVIL: EVIL}, scope={EVIL: 1}, variables=((EVIL, MapType(sort, BOOL)),),
        property=None, kind=None, ending=Ending.DEADLOCK, message=EVIL,
        states=(((False, False),), ((True, False),)),
        steps=(Step(EVIL, (Argument(EVIL, sort, 0),)),),
    )  # fmt: skip
    about = About(EVIL, EVIL, (Section(EVIL, (EVIL,)),), {1: (EVIL,)}, {EVIL: EVIL}, {EVIL: EVIL})
    browser.show(page(trace, about))
    browser.press(HOME, RIGHT)
    assert browser.where == "step 1 of 1"
    assert browser.run("return typeof window.broken") == "undefined"
    assert browser.run("return document.images.length") == 0
    assert browser.run("return document.title") == EVIL
