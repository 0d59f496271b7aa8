from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from checker.cli import output
from checker.cli.keep import file_name
from checker.cli.progress import LiveLine, line, size
from checker.explicit.outcome import Progress

ROOT = Path(__file__).parents[2]
Splitbrain = Callable[..., Any]


def command(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "checker", *arguments],
        cwd=environment.pop("cwd"),
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_reader_who_goes_away_is_no_error(folder: Path) -> None:
    done = command("check", "toys.die_hard", cwd=str(folder))
    assert done.stdout is not None
    done.stdout.close()
    _, err = done.communicate()
    assert (done.returncode, err) == (12, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_the_worlds(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "list"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot write to standard output: No space left")


def test_plain_letters_where_there_are_no_others(folder: Path) -> None:
    done = command("check", "toys.die_hard", cwd=str(folder), PYTHONIOENCODING="ascii")
    out, err = done.communicate()
    assert err == ""
    assert out.isascii()
    assert "NO big_is_never_four  violated after 6 steps" in out
    assert "big: 0 -> 5" in out


HEAVY = ("numpy", "llvmlite", "rich", "checker.explicit", "checker.ground")
SEEN = "import sys; from checker.cli.main import run; code = run(sys.argv[1:]); print(*sys.modules)"


@pytest.mark.parametrize("words", [["--help"], ["list"], ["list", "toys.die_hard"], ["--version"]])
def test_a_command_loads_only_what_it_needs(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEEN, *words],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = done.stdout.splitlines()[-1].split()
    assert not [name for name in loaded if name.startswith(HEAVY)]


def test_a_check_does_without_numpy(folder: Path) -> None:
    words = ["check", "toys.die_hard"]
    done = subprocess.run(
        [sys.executable, "-c", SEEN, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not {"numpy", "rich"} & set(done.stdout.splitlines()[-1].split())


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def progress(seconds: float, states: int) -> Progress:
    return Progress(3, states, 2 * states, 7, seconds, 5_000_000)


def test_progress_is_one_line_and_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    terminal = Terminal()
    with LiveLine(wanted=True, stream=terminal) as live:
        live(progress(1.0, 1_000))
        live(progress(2.0, 4_000))
    lines = terminal.getvalue().split("\r\x1b[2K")
    assert lines == [
        "",
        "level 3  states 1,000  generated 2,000  frontier 7  1,000/s  5 MB",
        "level 3  states 4,000  generated 8,000  frontier 7  3,000/s  5 MB",
        "",
    ]


def test_progress_of_a_large_search_fits_80_characters() -> None:
    now = Progress(37, 64_739_578, 182_800_000, 19_999_999, 9.0, 3_400_000_000)
    assert len(line(now, 19_999_999)) < 80


def test_progress_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    terminal = Terminal()
    with LiveLine(wanted=True, stream=terminal) as live:
        live(progress(1.0, 1_000))
    assert max(map(len, terminal.getvalue().split("\r\x1b[2K"))) < 30


@pytest.mark.parametrize("stream", [StringIO(), Terminal()])
def test_progress_is_silent_elsewhere_and_if_unwanted(stream: StringIO) -> None:
    with LiveLine(wanted=not stream.isatty(), stream=stream) as live:
        live(progress(1.0, 1_000))
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("memory", "text"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (2_400_000, "2 MB"), (3.5e9, "3.5 GB")],
)
def test_sizes_for_a_reader(memory: float, text: str) -> None:
    assert size(memory) == text


@pytest.mark.parametrize(
    ("no_colour", "environment", "expected"),
    [
        (False, {}, True),
        (True, {}, False),
        (False, {"NO_COLOR": "1"}, False),
        (False, {"TERM": "dumb"}, False),
    ],
)
def test_colour(
    monkeypatch: pytest.MonkeyPatch,
    no_colour: bool,
    environment: dict[str, str],
    expected: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Terminal())
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.paint(no_colour).colour is expected


def test_colour_changes_no_letter(splitbrain: Splitbrain, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = splitbrain("check", "acks.py", "--set", "acks=one").out
    monkeypatch.setattr("checker.cli.run_check.paint", lambda _: output.Paint(colour=True))
    coloured = splitbrain("check", "acks.py", "--set", "acks=one").out
    assert "\x1b[1;31m✗\x1b[0m" in coloured
    times = re.compile(r"\d+\.\d+ s")
    assert times.sub("", re.sub(r"\x1b\[[\d;]*m", "", coloured)) == times.sub("", plain)


@pytest.mark.parametrize(
    ("spec", "label", "suffix", "name"),
    [
        ("published.kip101", "weak_isr", "", "published.kip101-weak_isr.json"),
        ("path/to/mine.py", "safe", "", "mine-safe.json"),
        ("../mine.py:Spec", "safe", "Epoch=2", "mine.Spec-safe-Epoch=2.json"),
        ("C:\\specs\\mine.py", "no deadlock", "", "mine-deadlock.json"),
        ("a b.py", "undefined step", "", "a-b-undefined-step.json"),
    ],
)
def test_names_of_files(spec: str, label: str, suffix: str, name: str) -> None:
    assert file_name(spec, label, suffix) == name


def test_the_version_is_that_of_the_distribution(splitbrain: Splitbrain) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert splitbrain("--version").out == f"splitbrain {project['version']}\n"
