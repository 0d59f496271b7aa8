"""The ways out on a page: the bar of the step is marked, and a click on one goes there."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.trace import Trace
from counterexamples.drawing.explanation import explanation_sections
from counterexamples.drawing.page import About, page
from counterexamples.explanation import Explanation
from counterexamples.fate import Fate, Outlook
from tests.browser import HOME, MISSING, RIGHT, window

pytestmark = pytest.mark.skipif(MISSING, reason="no Chromium with its driver on this machine")

MARKED = "[...document.querySelectorAll('.fate .at.now')].map((one) => one.dataset.step).join()"


def test_the_bar_of_the_step_is_marked(trace: Trace, tmp_path: Path) -> None:
    open = Outlook(2, True, 2, 2, 0, True, True)
    shut = Outlook(1, True, 1, 0, 1, False, True)
    end = Outlook(0, True, 0, 0, 0, False, False)
    fate = Fate((open, shut, shut, end), 9, 9, None, None)
    sections = tuple(explanation_sections(trace, Explanation(fate, None)))
    written = tmp_path / "page.html"
    written.write_text(page(trace, About(sections=sections)), encoding="utf-8")
    with window(tmp_path / "profile") as browser:
        browser.open(written.as_uri())
        browser.becomes(MARKED, "3")
        browser.press(HOME, RIGHT)
        browser.becomes(MARKED, "1")
        browser.run("document.querySelector('.fate .at[data-step=\"2\"]').dispatchEvent("
                    "new MouseEvent('click', {bubbles: true, cancelable: true}))")  # fmt: skip
        browser.becomes(MARKED, "2")
        shown = "document.querySelector('.fate rect.shut').getBoundingClientRect().height > 20"
        browser.becomes(shown, True)
        assert browser.complaints == []
