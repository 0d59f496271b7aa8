"""What is said of each mistake in a body: code, message, place, source line, caret and help."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent
from types import ModuleType

import pytest

from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.lower import lower
from checker.lang.lower_codes import CODES
from tests.lang.mistakes.bodies import ACTION, FRAME, MEMBERS, STATEMENTS

Write = Callable[[str], ModuleType]
SOURCES = {
    **{name: FRAME + ACTION + indent(body, " " * 8) + "\n" for name, body in STATEMENTS.items()},
    **{name: FRAME + indent(member, " " * 4) for name, member in MEMBERS.items()},
}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a file and import it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def make(text: str) -> ModuleType:
        path = tmp_path / "spec.py"
        path.write_text(text, encoding="utf-8")
        found = importlib.util.spec_from_file_location("mistaken", path)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        sys.modules["mistaken"] = module
        found.loader.exec_module(module)
        return module

    yield make
    sys.modules.pop("mistaken", None)


def mistake(write: Write, name: str) -> SpecError:
    declaration = declare(write(SOURCES[name]).Wrong)
    with pytest.raises(SpecError) as raised:
        pytest.fail(f"{name} is accepted: {lower(declaration)}")
    return raised.value


def said(error: SpecError, source: str) -> str:
    assert error.span is not None
    return error.render(source.splitlines()[error.span.line - 1])


def test_the_frame_is_no_mistake(write: Write) -> None:
    assert lower(declare(write(FRAME).Wrong)).actions[0].name == "elect"


def test_mistakes(write: Write, golden: Callable[[str, str], None]) -> None:
    parts = [f"# {name}\n{said(mistake(write, name), SOURCES[name])}\n" for name in SOURCES]
    golden("bodies.txt", "\n".join(parts))


def test_every_code_has_a_mistake(write: Write) -> None:
    assert {mistake(write, name).code for name in SOURCES} == set(CODES)


def test_every_mistake_has_a_help_line(write: Write) -> None:
    assert not [name for name in SOURCES if not mistake(write, name).help]
