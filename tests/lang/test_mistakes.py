"""What is said of each mistake in a body: code, message, place, source line, caret and help."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent
from types import ModuleType

import pytest

from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.lower import lower
from checker.lang.lower.codes import CODES
from tests.lang.mistakes.bodies import ACTION, FRAME, MEMBERS, STATEMENTS

SOURCES = {
    **{name: FRAME + ACTION + indent(body, " " * 8) + "\n" for name, body in STATEMENTS.items()},
    **{name: FRAME + indent(member, " " * 4) for name, member in MEMBERS.items()},
}


@contextmanager
def written(folder: Path, text: str) -> Iterator[ModuleType]:
    """A file with this text, imported; the folder is where the process works meanwhile."""
    path = folder / "spec.py"
    path.write_text(text, encoding="utf-8")
    found = importlib.util.spec_from_file_location("mistaken", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setitem(sys.modules, "mistaken", module)
        found.loader.exec_module(module)
        yield module


def mistake(folder: Path, name: str) -> SpecError:
    with written(folder, SOURCES[name]) as module:
        declaration = declare(module.Wrong)
        with pytest.raises(SpecError) as raised:
            pytest.fail(f"{name} is accepted: {lower(declaration)}")
    return raised.value


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SpecError]:
    """Every mistake of the table, by its name."""
    folder = tmp_path_factory.mktemp("mistakes")
    return {name: mistake(folder, name) for name in SOURCES}


def said(error: SpecError, source: str) -> str:
    assert error.span is not None
    return error.render(source.splitlines()[error.span.line - 1])


def test_the_frame_is_no_mistake(tmp_path: Path) -> None:
    with written(tmp_path, FRAME) as module:
        assert lower(declare(module.Wrong)).actions[0].name == "elect"


def test_mistakes(mistakes: dict[str, SpecError], golden: Callable[[str, str], None]) -> None:
    parts = [f"# {name}\n{said(error, SOURCES[name])}\n" for name, error in mistakes.items()]
    golden("bodies.txt", "\n".join(parts))


def test_every_code_has_a_mistake(mistakes: dict[str, SpecError]) -> None:
    assert {error.code for error in mistakes.values()} == set(CODES)


def test_every_mistake_has_a_help_line(mistakes: dict[str, SpecError]) -> None:
    assert not [name for name, error in mistakes.items() if not error.help]
