"""Repositories of users, thrown away after each test, and the gate run in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import run

COUNTER = '''"""A counter that a user of ours wrote."""

from typing import Annotated

from checker import Scope, Spec, Upto, action, invariant, reachable


class Counter(Spec):
    """Counts."""

    scope = Scope(Count=3)

    count: Annotated[int, Upto("Count")]

    @action
    def increment(self) -> None:
        """One more."""
        self.count += 1

    @action
    def reset(self) -> None:
        """From the start."""
        self.count = 0

    @invariant
    def is_small(self) -> bool:
        """Small enough."""
        return self.count < 9

    @reachable
    def gets_to_two(self) -> bool:
        """It counts."""
        return self.count == 2
'''
ONE_CHECK = '[[checks]]\nspec = "specs/counter.py"\n'


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Repository:
    """A folder with a spec and a declaration; `gate` runs the command in it."""

    folder: Path
    run: Callable[..., Done]

    def gate(self, *arguments: str) -> Done:
        return self.run("gate", *arguments)

    def declare(self, text: str, file: str = "splitbrain.toml") -> None:
        (self.folder / file).write_text(text, "utf-8")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def change(self, before: str, after: str, name: str = "specs/counter.py") -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), "utf-8")


@pytest.fixture(scope="session")
def object_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def repository(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    object_cache: Path,
) -> Repository:
    """A repository with one spec, `specs/counter.py`, and one check."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(object_cache))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("SPLITBRAIN_DEBUG", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def command(*arguments: str) -> Done:
        capsys.readouterr()
        code = run(arguments)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        assert "internal error" not in printed.out + printed.err, printed
        return Done(code, printed.out, printed.err)

    made = Repository(tmp_path, command)
    made.write("specs/counter.py", COUNTER)
    made.declare(ONE_CHECK)
    return made
