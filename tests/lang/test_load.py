"""Finding specs by name and by path, and what is said when there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.load import catalogue, load

ONE = """\
from checker import Spec, action, invariant

class {name}(Spec):
    flag: bool

    @action
    def flip(self) -> None:
        self.flag = not self.flag
"""
MODULES = ("mine", "beside", "calendar_of_mine", "broken")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    for name in MODULES:
        sys.modules.pop(name, None)


def said(name: str) -> tuple[str, str]:
    with pytest.raises(SpecError) as raised:
        load(name)
    return raised.value.render().replace("\n", " | "), raised.value.code


def test_the_catalogue_can_be_loaded() -> None:
    names = catalogue()
    assert "published.kip320" in names
    assert "published.kafka_replication" not in names
    for name in names:
        assert load(name).spec.__name__


def test_a_spec_of_ours_has_the_invariants() -> None:
    loaded = load("published.kip320")
    names = [module.__name__ for module in loaded.modules]
    assert names[0] == "specs.published.kafka_replication"
    assert names.index("specs.published.kip320") < names.index("invariants.isr")
    properties = declare(loaded.spec, modules=loaded.modules).properties
    assert "weak_isr" in [declared.method.name for declared in properties]


def test_a_file_of_ours_is_the_module_of_ours() -> None:
    path = Path(declare.__code__.co_filename).parents[2] / "specs" / "toys" / "die_hard.py"
    assert load(str(path)).spec is load("toys.die_hard").spec


@pytest.mark.parametrize("name", ["mine.py", "./mine.py", "mine.py:Mine", "{folder}/mine.py"])
def test_a_file(name: str, folder: Path) -> None:
    (folder / "mine.py").write_text(ONE.format(name="Mine"))
    loaded = load(name.format(folder=folder))
    assert loaded.spec.__name__ == "Mine"
    assert [module.__name__ for module in loaded.modules] == ["mine"]
    assert [found.name for found in declare(loaded.spec).actions] == ["flip"]


def test_a_file_is_read_anew(folder: Path) -> None:
    (folder / "mine.py").write_text(ONE.format(name="Mine"))
    load("mine.py")
    (folder / "mine.py").write_text(ONE.format(name="Other"))
    assert load("mine.py").spec.__name__ == "Other"


def test_a_file_may_import_what_stands_beside_it(folder: Path) -> None:
    (folder / "beside.py").write_text(
        ONE.format(name="Base")
        + """
@invariant
def always(state: Base) -> bool: return True
"""
    )
    (folder / "mine.py").write_text("from beside import Base\n\nclass Mine(Base): pass\n")
    loaded = load("mine.py")
    assert [module.__name__ for module in loaded.modules] == ["beside", "mine"]
    properties = declare(loaded.spec, modules=loaded.modules).properties
    assert [declared.method.name for declared in properties] == ["always"]


def test_a_file_that_builds_on_ours_has_the_invariants(folder: Path) -> None:
    (folder / "mine.py").write_text(
        "from specs.published.kip320 import Kip320\n\nclass Mine(Kip320): pass\n"
    )
    loaded = load("mine.py")
    assert "invariants.isr" in [module.__name__ for module in loaded.modules]


def test_a_file_named_like_another_module_hides_nothing(folder: Path) -> None:
    (folder / "calendar.py").write_text(ONE.format(name="Mine"))
    spec = load("calendar.py").spec
    assert spec.__module__ != "calendar"
    del sys.modules[spec.__module__]


def test_no_such_spec(folder: Path) -> None:
    (folder / "mine.py").write_text(ONE.format(name="Mine"))
    wrong = "error[S032]: there is no spec "
    assert said("kip320") == (f"{wrong}kip320 |   help: did you mean published.kip320?", "S032")
    assert said("toys.die_hart")[0].endswith("did you mean toys.die_hard?")
    assert said("mine")[0] == f"{wrong}mine |   help: did you mean mine.py?"
    assert said("mine.py:Nine")[0].endswith("no spec Nine |   help: did you mean Mine?")
    assert said("mime.py")[0] == (
        "error[S032]: mime.py cannot be found, or is not a file |   help: did you mean mine.py?"
    )
    assert said("./")[1] == "S032"
    assert said("")[1] == "S032"
    assert said("a:b:c")[1] == "S032"


@pytest.mark.parametrize(
    "name", ["\0", "\0.py", "x" * 5000 + ".py", "x" * 5000, "/", "..", ":", "é"]
)
def test_names_that_no_spec_can_have(name: str) -> None:
    assert said(name)[1] == "S032"


def test_several_specs_in_a_file(folder: Path) -> None:
    second = ONE.format(name="Second").split("\n", 1)[1]
    (folder / "mine.py").write_text(ONE.format(name="First") + second)
    assert said("mine.py") == (
        "error[S033]: mine.py has several specs |   help: name one: mine.py:First, mine.py:Second",
        "S033",
    )
    assert load("mine.py:Second").spec.__name__ == "Second"


def test_no_spec_in_a_file(folder: Path) -> None:
    (folder / "mine.py").write_text("x = 1\n")
    assert said("mine.py")[0].startswith("error[S033]: mine.py has no spec")
    (folder / "mine.py").write_text("from checker import Spec\n\nclass Base(Spec): pass\n")
    assert "only specs that are bases for others: Base" in said("mine.py")[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\nif x\n", "error[S034]: SyntaxError: expected ':' |   broken.py:2:5"),
        ("\nimport nowhere\n", "error[S034]: ModuleNotFoundError: No module named 'nowhere'"),
        ("\n\n1 / 0\n", "error[S034]: ZeroDivisionError: division by zero |   broken.py:3:1"),
        ("def f():\n    return g\nf()\n", "error[S034]: NameError: name 'g' is not defined"),
        (
            "from checker import Sort\nclass R(Sort): pass\nR[0]\n",
            "error[S030]: R has no members outside a run |   broken.py:3:1",
        ),
        ("raise SystemError\n", "error[S034]: SystemError"),
        ("\0", "error[S034]: "),
        ("raise SystemExit(3)\n", "error[S034]: SystemExit: 3 |   broken.py:1:1"),
        ("raise BaseException\n", "error[S034]: BaseException"),
    ],
)
def test_a_file_that_cannot_be_imported(text: str, message: str, folder: Path) -> None:
    (folder / "broken.py").write_text(text)
    assert said("broken.py")[0].startswith(message)
    assert "broken" not in sys.modules


def test_what_a_file_prints_is_no_part_of_an_answer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.py").write_text("print('hello')\n" + ONE.format(name="Mine"))
    load("mine.py")
    assert capsys.readouterr() == ("", "hello\n")


def test_a_folder_is_not_suggested(folder: Path) -> None:
    (folder / "mine.py").mkdir()
    assert "did you mean" not in " ".join(said("mine.py"))
