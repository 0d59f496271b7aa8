"""Running the command in this process, in a folder of its own, with a cache of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import run

SPECS = Path(__file__).with_name("specs")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Splitbrain = Callable[..., Done]


@pytest.fixture(scope="session")
def object_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, object_cache: Path) -> Iterator[Path]:
    """A working directory with the specs of these tests in it."""
    for spec in (*SPECS.glob("*.py"), *SPECS.glob("*.json")):
        shutil.copy(spec, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(object_cache))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("SPLITBRAIN_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def splitbrain(folder: Path, capsys: pytest.CaptureFixture[str]) -> Splitbrain:
    """Run the command with these arguments."""

    def command(*arguments: str) -> Done:
        capsys.readouterr()
        code = run(arguments)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        assert "internal error" not in printed.err, printed.err
        return Done(code, printed.out, printed.err)

    return command
