"""What all tests share: golden files that `--update` rewrites, and one Hypothesis profile.

A golden test says `golden("name.txt", text)`. The expected text lies beside the test, in a folder
`golden`; `pytest --update` writes what the code says now, and a reader judges the difference.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

Golden = Callable[[str, str], None]

# The same examples on every run and every machine: a red test is red for everyone. `explore` is
# for hunting: `pytest --hypothesis-profile explore` draws new examples each time.
settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("ci")

# Who runs the tests in the background may have told them to ignore Ctrl-C, and they would tell the
# commands that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite golden files with what the code says now"
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten instead of compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture
def golden(request: pytest.FixtureRequest, update: bool) -> Golden:
    """Compare a text with the golden file of this name beside the test, or rewrite the file."""
    folder = Path(request.path).parent / "golden"

    def compare(name: str, text: str) -> None:
        path = folder / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing: run pytest --update and read it"
        assert text == path.read_text(encoding="utf-8")

    return compare
