"""`docs/LANGUAGE.md` tells the truth: its spec compiles, its snippets too, its codes exist."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent
from types import ModuleType

import pytest

from checker.ir.model import Model
from checker.lang.codes import CODES
from checker.lang.compile import compile_spec
from checker.lang.lower.codes import CODES as LOWER_CODES
from checker.semantics.initial import initial_states
from checker.semantics.reference import explore

Compile = Callable[..., Model]
PAGE = Path(__file__).parents[2] / "docs" / "LANGUAGE.md"
SAID = Path(__file__).with_name("golden") / "bodies.txt"

# An action beside those of the page's spec, for one snippet at a time.
FRAME = """\
    @action
    def snippet(self, replica: Replica, other: Replica) -> None:
        require(replica != other)
"""


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page(), re.DOTALL | re.MULTILINE)


def forms(heading: str) -> list[str]:
    """The snippets in the first column of the table below a heading."""
    section = page().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.replace(r"\|", "∣") for line in section.splitlines() if line.startswith("| `")]
    cells = [row.split("|")[1].replace("∣", "|") for row in rows]
    return [snippet for cell in cells for snippet in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Compile]:
    """Compiles the page's spec, with one more member in its class."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def model(member: str = "") -> Model:
        text, _ = blocks("python")
        text = text.replace("    @reachable\n", member + "\n    @reachable\n")
        path = tmp_path / "page.py"
        imports = "from dataclasses import replace\nfrom checker import assume, init\n"
        path.write_text(imports + text, encoding="utf-8")
        module = load(path)
        return compile_spec(module.Election, modules=[module])

    yield model
    sys.modules.pop("page", None)


def load(path: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location("page", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["page"] = module
    found.loader.exec_module(module)
    return module


def test_the_spec_compiles_and_has_states(compiled: Compile) -> None:
    model = compiled()
    assert [property.name for property in model.properties][-1] == "epochs_in_order"
    found = explore(model)
    assert found.complete
    assert {finding.property for finding in found.findings} == {"both_have_a_record"}
    assert set(found.cut) == {"Epoch", "LossyRestart"}


def test_the_initial_states_are_as_many_as_is_said(compiled: Compile) -> None:
    _, member = blocks("python")
    said = re.search(r"there are (\d+) of them", page())
    assert said is not None
    assert len(list(initial_states(compiled(indent(member, "    "))))) == int(said[1])


def test_properties_outside_of_the_class_are_called(compiled: Compile) -> None:
    member = "@init\ndef any_order(self) -> None:\n    assume(epochs_in_order(self))\n"
    assert compiled(indent(member, "    ")).init is not None


def statement(form: str) -> str:
    if form.startswith("match"):
        return f"{form}\n    case Role.LEADER:\n        self.epoch = 1"
    return f"{form}\nrequire(x == x)" if form.startswith("x") else form


STATEMENTS = [form for form in forms("Statements") if not form.startswith("case")]
EXPRESSIONS = forms("Expressions")


def test_there_are_about_thirty_forms() -> None:
    assert len(STATEMENTS) == 11
    assert len(EXPRESSIONS) > 50


@pytest.mark.parametrize("form", STATEMENTS)
def test_statements_are_accepted(compiled: Compile, form: str) -> None:
    compiled(FRAME + indent(statement(form), " " * 8) + "\n")


@pytest.mark.parametrize("form", EXPRESSIONS)
def test_expressions_are_accepted(compiled: Compile, form: str) -> None:
    compiled(FRAME + f"        _value = {form}\n")


def test_every_code_is_on_the_page() -> None:
    rows = re.findall(r"^\| (S\d\d\d) \| (.*) \|$", page(), re.MULTILINE)
    assert rows == sorted({**CODES, **LOWER_CODES}.items())


def test_the_two_ranges_of_codes_do_not_meet() -> None:
    assert max(CODES) < "S040" <= min(LOWER_CODES)


def test_the_message_is_a_real_one() -> None:
    (message,) = blocks("text")
    assert message in SAID.read_text(encoding="utf-8")
