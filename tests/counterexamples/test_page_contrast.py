"""The page's colours can be told apart, in light and in dark.

Contrast is as the Web Content Accessibility Guidelines define it: at least 4.5 for text, and 3 for
bands and lines.
"""

from __future__ import annotations

import re

import pytest

from counterexamples.drawing.page import ASSETS

TEXTS = [
    *((ink, ground) for ink in ("ink", "soft", "faint") for ground in ("paper", "odd", "panel")),
    ("ink", "now"), ("soft", "now"), ("bad", "paper"), ("good", "paper"), ("message", "paper"),
    ("other", "paper"), ("accent", "paper"), *(("cell-ink", f"e{n}") for n in range(8)),
]  # fmt: skip
SIGNS = [("leader", "paper"), ("isr", "paper"), ("trouble", "paper"), ("touch", "paper")]


def colours(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", (ASSETS / "page.css").read_text("utf-8"), re.S)
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in blocks[:2])
    return dark if scheme == "dark" else light


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"), [(*t, 4.5) for t in TEXTS] + [(*s, 3.0) for s in SIGNS]
)
def test_contrast(scheme: str, ink: str, ground: str, least: float) -> None:
    known = colours(scheme)
    light, dark = sorted((luminance(known[ink]), luminance(known[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least, (known[ink], known[ground])
