"""An explanation as sections of a trace's page: a curve of the ways out, and the fixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from checker.trace import Trace
from counterexamples.drawing.fate_curve import curve
from counterexamples.drawing.page import Section
from counterexamples.explanation import Explanation
from counterexamples.fate import sentences
from counterexamples.prevention import fixes

SETTING: Final = re.compile(r"\w+=\w+")


def explanation_sections(trace: Trace, told: Explanation) -> Iterator[Section]:
    """How it became inevitable, and what would have prevented it."""
    if told.fate is not None:
        words = tuple(map(_sentence, sentences(trace, told.fate)))
        yield Section("How it became inevitable", words, curve(told.fate))
    if told.prevention is not None:
        words = tuple(map(_sentence, fixes(told.prevention)))
        yield Section("What would have prevented it", words)
    if told.problem is not None:
        yield Section("Not explained", (_sentence(told.problem),))


def _sentence(words: str) -> str:
    """A line of the terminal as a sentence; a setting stays as it is written, and is code."""
    first = words.split(" ", 1)[0]
    begun = words[:1].upper() + words[1:] if first.isalpha() else words
    return SETTING.sub(r"`\g<0>`", begun) + "."
