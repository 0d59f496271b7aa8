"""The explorer in a browser: clicks, keys, the museum, shared walks, and nothing on the console."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.explore.server import Server
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from counterexamples.file import read
from tests.browser import END, ENTER, ESCAPE, HOME, LEFT, MISSING, RIGHT, Window, window
from tests.explore.conftest import CORNERS, Serve

pytestmark = pytest.mark.skipif(MISSING, reason="no Chromium with its driver on this machine")

WHERE = "document.getElementById('where').textContent"
TITLE = "document.getElementById('title').textContent"
NOTICE = "document.getElementById('notice').textContent"
OPEN = "[...document.querySelectorAll('#open button')].map((one) => one.textContent)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with window(tmp_path_factory.mktemp("profile")) as made:
        yield made


@pytest.fixture(scope="module")
def corners(serve: Serve, ward: Prepared) -> Server:
    return serve(ward)


@pytest.fixture(scope="module")
def isr(serve: Serve) -> Server:
    return serve(prepare(load("isr"), {}, {}))


@pytest.fixture
def page(browser: Window, corners: Server) -> Iterator[Window]:
    """The ward at its start; the console must be empty in the end."""
    browser.open(corners.door.url)
    browser.becomes(WHERE, "step 0 of 0")
    yield browser
    assert browser.complaints == []


def texts(selector: str) -> str:
    return f"[...document.querySelectorAll('{selector}')].map((one) => one.textContent.trim())"


def disabled(id: str) -> str:
    return f"document.getElementById('{id}').disabled"


def test_steps_are_taken_by_click(page: Window) -> None:
    assert page.run(f"return {OPEN}") == ["1(n1)", "2(n2)", "3strike()"]
    page.click("#open button")
    page.becomes(WHERE, "step 1 of 1")
    assert page.run(f"return {TITLE}") == "1  call(n1)"
    assert page.run(f"return {texts('#changes tr')}") == ["called{} → {n1}"]
    assert page.run("return document.querySelectorAll('#diagram .row').length") == 2
    assert page.run("return document.activeElement.closest('#open') !== null") is True


def test_the_token_leaves_the_address(page: Window) -> None:
    assert "token" not in page.run("return location.href")
    page.ask("POST", "/refresh")
    page.becomes(WHERE, "step 0 of 0")


def test_guards_cuts_and_more_are_told(page: Window) -> None:
    page.press("3")
    page.becomes(TITLE, "1  strike()")
    blocked = "\n".join(page.run(f"return {texts('#blocked .action')}"))
    assert "doze Not where rules are kept." in blocked
    assert "needs not self.strict strict is true" in blocked
    assert "needs nurse in self.called called is {}" in blocked
    assert "cut by the scope, Hour=1" in blocked
    assert "changes nothing" in blocked
    assert "win may happen 0 times in this scope: Luck=0" in blocked


def test_keys_undo_and_redo(page: Window) -> None:
    page.press("1", "1", "1")
    page.becomes(WHERE, "step 3 of 3")
    page.press(LEFT, "k")
    page.becomes(WHERE, "step 1 of 3")
    assert page.run("return document.querySelectorAll('.row.later').length") == 2
    page.press(HOME, "j", RIGHT)
    page.becomes(WHERE, "step 2 of 3")
    page.press(END)
    page.becomes(WHERE, "step 3 of 3")
    page.press("u")
    page.becomes(WHERE, "step 2 of 2")
    page.press("u", "u", "u")
    page.becomes(WHERE, "step 0 of 0")
    page.becomes(disabled("undo"), True)
    page.press("r", "r")
    page.becomes(WHERE, "step 2 of 2")
    page.click("#restart")
    page.becomes(WHERE, "step 0 of 0")
    page.click("#undo")
    page.becomes(WHERE, "step 2 of 2")
    page.becomes(disabled("redo"), False)
    page.press("1")
    page.becomes(WHERE, "step 3 of 3")
    assert page.run(f"return {disabled('redo')}") is True


def test_a_step_from_an_earlier_place_replaces_what_came_after(page: Window) -> None:
    page.press("1", "1")
    page.becomes(WHERE, "step 2 of 2")
    page.click(".row[data-row='1'] .step")
    page.becomes(WHERE, "step 1 of 2")
    assert page.run(f"return {texts('.row.now .number')}") == ["1"]
    page.press("3")
    page.becomes(WHERE, "step 2 of 2")
    assert page.run(f"return {TITLE}") == "2  strike()"


def test_what_a_step_would_break_is_told_before_and_after(page: Window) -> None:
    page.press("1")
    page.becomes(WHERE, "step 1 of 1")
    assert page.run(f"return {texts('.news.bad')}") == ["✗ never_two violated"]
    page.press("1")
    page.becomes(texts("#alarms .bad"), ["✗never_two violated here"])
    assert "1 of 2 properties hold here" in page.run(f"return {texts('#tally')}[0]")
    assert page.run(f"return {texts('.ending')}") == ["✗ never_two violated after 2 steps"]
    page.press("2")
    page.becomes("document.querySelector('#alarms').textContent.includes('somebody_came')", True)


def test_nothing_comes_after_an_undefined_step(page: Window) -> None:
    page.press("1", "2")
    page.becomes(TITLE, "2  come(n1)")
    assert "undefined: tuple index out of range" in page.run(f"return {texts('.news.bad')}[0]")
    page.press("4")
    page.becomes(TITLE, "3  look()")
    assert page.run(f"return {OPEN}") == []
    assert "nobody knows" in page.run("return document.getElementById('note').textContent")


def test_a_random_step_and_a_filter(page: Window) -> None:
    page.press("x")
    page.becomes(WHERE, "step 1 of 1")
    page.click("#restart")
    page.becomes(WHERE, "step 0 of 0")
    page.press("/")
    page.press(*"n2")
    page.becomes(OPEN, ["1(n2)"])
    page.press(ENTER)
    page.becomes(TITLE, "1  call(n2)")
    page.press(ESCAPE)
    page.run("const box = document.getElementById('wanted'); box.value = '';"
             "box.dispatchEvent(new Event('input'));")  # fmt: skip


def test_a_walk_is_shared_as_an_address(page: Window) -> None:
    page.press("1", "3", LEFT)
    page.becomes(WHERE, "step 1 of 2")
    address = page.run("return location.href")
    page.open(address)
    page.becomes(WHERE, "step 1 of 2")
    page.click("#restart")
    page.becomes(WHERE, "step 0 of 0")
    page.click("#share")
    assert page.run("return document.getElementById('command').textContent").endswith(
        "corners.py:Ward --scope Nurse=2,Hour=1,Luck=0"
    )
    page.run(f"document.getElementById('pasted').value = {json.dumps(address)}")
    page.click("#take")
    page.becomes(WHERE, "step 1 of 2")
    assert page.run("return document.getElementById('sharing').open") is False


NO_WALKS: tuple[tuple[Any, str], ...] = (
    ("e30", "This address holds no walk that can be taken here."),
    ("bm8", "This address holds no walk: it is damaged."),
    ("***", "This address holds no walk."),
    ("bnVsbA", "This address holds no walk that can be taken here."),
    ({"steps": [["sleep"]]}, "not a walk of this spec: step 1: Ward has no action sleep"),
    ({"steps": "sleep"}, "the body does not say what is asked for"),
    ({"spec": "isr"}, "This is a walk of isr, and not of "),
    ({"steps": [["come", "n1"]]}, "The walk stops at step 1, come(n1): it needs nurse in"),
    ({"scope": {"Nurse": 3}}, "This walk was made with other settings or another scope: "),
)


def fragment(ward: Prepared, **changed: Any) -> str:
    """The end of the address of a walk."""
    walk = {"spec": ward.name, "settings": {}, "scope": dict(ward.model.scope), "run": "",
            "start": 0, "steps": [], "at": None} | changed  # fmt: skip
    return "#walk=" + urlsafe_b64encode(json.dumps(walk).encode()).decode().rstrip("=")


def test_a_walk_that_cannot_be_taken_is_said(
    browser: Window, corners: Server, ward: Prepared
) -> None:
    browser.open(corners.door.url)
    browser.becomes(WHERE, "step 0 of 0")
    for walk, message in NO_WALKS:
        wanted = fragment(ward, **walk) if isinstance(walk, dict) else f"#walk={walk}"
        browser.run(f"location.hash = {json.dumps(wanted)}")
        browser.becomes(f"{NOTICE}.slice(0, {len(message)})", message)
        assert browser.run(f"return {WHERE}") == "step 0 of 0"
    # What the server refuses, the browser notes on its console.
    assert all("400 (Bad Request)" in complaint for complaint in browser.complaints)


def test_an_address_without_a_walk_begins_at_the_start(
    browser: Window, corners: Server, ward: Prepared
) -> None:
    browser.open(corners.door.url + fragment(ward, steps=[["sleep"]]))
    browser.becomes(f"{NOTICE}.includes('has no action sleep')", True)
    browser.becomes(WHERE, "step 0 of 0")
    assert browser.run(f"return {OPEN}") == ["1(n1)", "2(n2)", "3strike()"]
    assert len(browser.complaints) == 1


def test_the_museum_is_a_jump_away(browser: Window, isr: Server) -> None:
    browser.open(isr.door.url)
    browser.becomes(WHERE, "step 0 of 0")
    jump = "const menu = document.getElementById('museum'); menu.value = 'R5';" \
           "menu.dispatchEvent(new Event('change'))"  # fmt: skip
    browser.run(jump)
    browser.becomes(WHERE, "step 20 of 20")
    assert "R5 without the fix" in browser.run("return document.getElementById('run').textContent")
    browser.click("#exhibit button")
    browser.becomes("document.getElementById('run').textContent.includes('with the fix')", True)
    assert "truncation_epoch_check is true" in browser.run(f"return {NOTICE}")
    browser.press("u", "u")
    browser.becomes(WHERE, "step 0 of 0")
    assert browser.complaints == []


def test_an_initial_state_is_chosen(browser: Window, serve: Serve) -> None:
    server = serve(prepare(load(f"{CORNERS}:Anywhere"), {}, {}))
    browser.open(server.door.url)
    browser.becomes(texts("#start option"), ["there={n1}", "there={n2}", "there={n1, n2}"])
    choose = "const menu = document.getElementById('start'); menu.value = '2';" \
             "menu.dispatchEvent(new Event('change'))"  # fmt: skip
    browser.run(choose)
    browser.becomes(OPEN, ["1(n1)", "2(n2)"])
    browser.press("u")
    browser.becomes(OPEN, ["1(n1)"])
    assert browser.complaints == []


def test_a_walk_is_kept_as_a_trace_file(page: Window, tmp_path: Path) -> None:
    page.allow_downloads(tmp_path)
    page.press("1", "1")
    page.becomes(WHERE, "step 2 of 2")
    page.click("#trace")
    page.click("#test")
    wanted = [tmp_path / "corners_Ward_walk.json", tmp_path / "test_corners_Ward_walk.py"]
    deadline = time.monotonic() + 5
    while not all(path.exists() for path in wanted):
        assert time.monotonic() < deadline, list(tmp_path.iterdir())
        time.sleep(0.02)
    assert read(wanted[0]).property == "never_two"
    assert "def test_never_two_is_violated()" in wanted[1].read_text("utf-8")


def test_dark_and_narrow(page: Window) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page.emulate(features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert page.run(f"return {paper}") == "rgb(20, 23, 27)"
    page.emulate(features=[{"name": "prefers-color-scheme", "value": "light"}])
    assert page.run(f"return {paper}") == "rgb(255, 255, 255)"
    page.ask("POST", "/window/rect", width=800, height=900)
    try:
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.run(f"return {wide}") == 0
    finally:
        page.ask("POST", "/window/rect", width=1280, height=900)
