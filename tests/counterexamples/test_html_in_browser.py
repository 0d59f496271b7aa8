"""The page in a browser: keys, clicks, fragments, colours, and nothing on the console.

Needs Chromium and its driver (Debian: `chromium`, `chromium-driver`), and is skipped without them.
The driver is spoken to in its own protocol, WebDriver, which is JSON over HTTP.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from checker.ir.types import BOOL, MapType, SortType
from checker.trace import Argument, Ending, Step, Trace
from counterexamples.file import read
from counterexamples.museum_cases import MUSEUM
from counterexamples.render_html import About, Section, page

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(
    BROWSER is None or DRIVER is None, reason="no Chromium with its driver on this machine"
)

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--window-size=1280,900",
]  # fmt: skip

HOME, END, LEFT, RIGHT, DOWN = "\ue011", "\ue010", "\ue012", "\ue014", "\ue015"
EVIL = "</script><script>window.broken=1</script><img src=x onerror='window.broken=1'>\"'"


@dataclass(frozen=True, slots=True)
class Browser:
    """One window."""

    session: str
    folder: Path

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """What the driver answers."""
        return spoken(method, self.session + path, body)

    def run(self, script: str) -> Any:
        return self.ask("POST", "/execute/sync", script=script, args=[])

    def press(self, *keys: str) -> None:
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.ask("POST", "/actions", actions=[{"type": "key", "id": "keys", "actions": strokes}])

    def click(self, selector: str) -> None:
        found = self.ask("POST", "/element", using="css selector", value=selector)
        self.ask("POST", f"/element/{next(iter(found.values()))}/click")

    def open(self, content: str, fragment: str = "") -> None:
        path = self.folder / "page.html"
        path.write_text(content, "utf-8")
        self.ask("POST", "/url", url="about:blank")
        self.ask("POST", "/url", url=path.as_uri() + fragment)

    def emulate(self, **media: Any) -> None:
        command = {"cmd": "Emulation.setEmulatedMedia", "params": media}
        self.ask("POST", "/goog/cdp/execute", **command)

    @property
    def where(self) -> str:
        return str(self.run("return document.getElementById('where').textContent"))

    @property
    def complaints(self) -> list[str]:
        """What stands on the console since it was last read."""
        return [entry["message"] for entry in self.ask("POST", "/se/log", type="browser")]


def spoken(method: str, url: str, body: Any) -> Any:
    data = None if method in ("GET", "DELETE") else json.dumps(body).encode()
    asked = Request(url, data, {"Content-Type": "application/json"}, method=method)
    with build_opener(ProxyHandler({})).open(asked, timeout=60) as answer:
        return json.load(answer)["value"]


@pytest.fixture(scope="module")
def driver() -> Iterator[str]:
    assert DRIVER is not None
    with subprocess.Popen(
        [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        ports = (re.search(r"started successfully on port (\d+)", line) for line in process.stdout)
        yield f"http://127.0.0.1:{next(filter(None, ports))[1]}"
        process.terminate()


@pytest.fixture(scope="module")
def window(driver: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("pages")
    profile = tmp_path_factory.mktemp("profile")
    options = {"binary": BROWSER, "args": [*ARGUMENTS, f"--user-data-dir={profile}"]}
    wanted = {
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": {"browser": "ALL"},
    }
    made = spoken("POST", f"{driver}/session", {"capabilities": {"alwaysMatch": wanted}})
    session = f"{driver}/session/{made['sessionId']}"
    yield Browser(session, folder)
    spoken("DELETE", session, None)


@pytest.fixture
def browser(window: Browser) -> Iterator[Browser]:
    """A window whose console must be empty in the end."""
    window.emulate(media="", features=[])
    yield window
    assert window.complaints == []


def museum(name: str) -> str:
    return page(read(MUSEUM / name / "trace.json"))


def test_keys(browser: Browser) -> None:
    browser.open(museum("N1-fence"))
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
    browser.open(museum("R1"))
    browser.click("#slider")
    browser.press(HOME, RIGHT)
    assert browser.where == "step 1 of 9"
    assert browser.run("return document.getElementById('slider').value") == "1"


def test_buttons_and_clicks_on_steps(browser: Browser) -> None:
    browser.open(museum("R1"))
    browser.click("#first")
    browser.click("#forward")
    assert browser.where == "step 1 of 9"
    browser.click(".row[data-row='5'] .step")
    assert browser.where == "step 5 of 9"
    browser.click("#end")
    assert browser.where == "step 9 of 9"
    assert browser.run("return document.getElementById('forward').disabled") is True


def test_a_fragment_names_a_step(browser: Browser) -> None:
    browser.open(museum("N10"), "#step=7")
    assert browser.where == "step 7 of 22"
    browser.run("location.hash = '#step=12'")
    browser.run("return new Promise((done) => setTimeout(done, 50))")
    assert browser.where == "step 12 of 22"
    browser.open(museum("N10"), "#step=999")
    assert browser.where == "step 22 of 22"
    browser.open(museum("N10"), "#step=javascript")
    assert browser.where == "step 22 of 22"


def test_the_state_and_the_logs_follow(browser: Browser) -> None:
    browser.open(museum("R26"), "#step=6")
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
    browser.open(museum("N1-fence"), "#step=2")
    flight = "return document.getElementById('flight').textContent"
    assert "fetch[b2][b1]: b1 → b2" in browser.run(flight)
    browser.press(RIGHT)
    assert browser.run(flight) == ""


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
    browser.open(page(trace))
    assert_in_sight(browser)


def test_a_chosen_step_is_in_sight_above_a_docked_table(browser: Browser) -> None:
    browser.open(museum("R13-older"))
    docked = "return document.body.classList.contains('docked')"
    assert browser.run(docked) is False
    browser.ask("POST", "/window/rect", width=1000, height=900)
    assert browser.run(docked) is True
    assert_in_sight(browser)
    browser.ask("POST", "/window/rect", width=1280, height=900)


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
    browser.open(museum("R1"), "#step=3")
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
    browser.open(page(trace, about))
    browser.press(HOME, RIGHT)
    assert browser.where == "step 1 of 1"
    assert browser.run("return typeof window.broken") == "undefined"
    assert browser.run("return document.images.length") == 0
    assert browser.run("return document.title") == EVIL
