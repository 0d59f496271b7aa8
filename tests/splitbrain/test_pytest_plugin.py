"""Specs as tests, in a repository that has folders of our packages' names, first on the path."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

LOCK = '''"""A lock that two may hold, unless they ask."""
from checker import Scope, Setting, Sort, Spec, action, invariant, reachable, require
from shared import MOST


class Worker(Sort):
    """Who wants the lock."""


class Lock(Spec):
    """The lock."""

    holders: frozenset[Worker]
    asks: Setting[bool] = True
    scope = Scope(Worker=2)

    @action
    def take(self, worker: Worker) -> None:
        """Take it."""
        require(worker not in self.holders)
        require(not self.asks or len(self.holders) == 0)
        self.holders |= {worker}

    @action
    def release(self, worker: Worker) -> None:
        """Give it back."""
        require(worker in self.holders)
        self.holders -= {worker}

    @invariant
    def one_holder(self) -> bool:
        """Nobody shares it."""
        return len(self.holders) <= MOST

    @reachable
    def is_taken(self) -> bool:
        """Somebody gets it."""
        return len(self.holders) > 0
'''

TESTS = """import pytest
from splitbrain.testing import assert_holds, assert_reachable, assert_violated
from checker.lang.load import load

Lock = load("specs/lock.py").spec


def test_holds():
    assert assert_holds(Lock, scope={"Worker": 3}).states == 4


def test_known_limit():
    assert_violated(Lock, "one_holder", steps=2, settings={"asks": False})


def test_goal():
    assert_reachable(Lock, "is_taken", steps=1)


@pytest.mark.splitbrain(settings={"asks": [True, False]})
class Both(Lock):
    pass
"""

SETTING = 'splitbrain_specs = ["specs/lock.py"]'
PROJECT = f"""[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
{SETTING}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = {"pyproject.toml": PROJECT, "specs/lock.py": LOCK, "specs/shared.py": "MOST = 1\n"}
    for name in ("checker", "specs", "invariants", "counterexamples"):
        files[f"{name}/__init__.py"] = 'raise RuntimeError("theirs was imported")\n'
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def pytest_in(folder: Path, arguments: Sequence[str] = ()) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_each_property_is_a_test(repository: Path) -> None:
    code, told = pytest_in(repository)
    assert code == 0, told
    assert "PASSED specs/lock.py::Lock::one_holder" in told
    assert "PASSED specs/lock.py::Lock::is_taken" in told
    assert "2 passed" in told


def test_a_violation_fails_with_its_trace(repository: Path) -> None:
    broken = LOCK.replace("require(worker not in self.holders)\n        require", "require", 1)
    broken = broken.replace("not self.asks or ", "worker not in self.holders or ")
    (repository / "specs/lock.py").write_text(broken, encoding="utf-8")
    code, told = pytest_in(repository)
    assert code == 1
    assert "FAILED specs/lock.py::Lock::one_holder" in told
    assert "take(w2)" in told
    assert "return len(self.holders) <= MOST" in told
    assert "PASSED specs/lock.py::Lock::is_taken" in told
    assert len(list((repository / ".splitbrain").glob("*one_holder*.json"))) == 1


def test_a_search_that_is_stopped_is_no_success(repository: Path) -> None:
    (repository / "tests").mkdir()
    limited = TESTS.replace('"asks": [True, False]}', '"asks": True}, max_states=1')
    (repository / "tests/test_lock.py").write_text(limited, encoding="utf-8")
    code, told = pytest_in(repository, ["-k", "Both and one_holder"])
    assert code == 1
    assert "undetermined" in told


def test_marks_and_assertions(repository: Path) -> None:
    (repository / "tests").mkdir()
    (repository / "tests/test_lock.py").write_text(TESTS, encoding="utf-8")
    code, told = pytest_in(repository)
    assert code == 1
    assert "PASSED tests/test_lock.py::Both::one_holder[asks=true]" in told
    assert "FAILED tests/test_lock.py::Both::one_holder[asks=false]" in told
    assert "1 failed, 8 passed" in told


WRONG = {
    'assert_holds(Lock, settings={"asks": False})': "one_holder does not hold",
    "assert_holds(Lock, max_states=1)": "undetermined",
    'assert_violated(Lock, "one_holder")': "one_holder is not violated: holds",
    'assert_violated(Lock, "one_holder", steps=3, settings={"asks": False})': (
        "one_holder is violated after 2 steps, not 3"
    ),
    'assert_reachable(Lock, "is_taken", steps=2)': "is_taken is reached after 1 step, not 2",
    'assert_reachable(Lock, "one_holder")': "one_holder is no goal",
    'assert_holds(Lock, "one_holdr")': "did you mean one_holder?",
}


def test_assertions_fail(repository: Path) -> None:
    (repository / "tests").mkdir()
    lines = [TESTS.partition("def test_holds")[0]]
    lines += [f"def test_{number}():\n    {call}\n" for number, call in enumerate(WRONG)]
    (repository / "tests/test_wrong.py").write_text("\n".join(lines), encoding="utf-8")
    code, told = pytest_in(repository, ["tests"])
    assert code == 1
    assert f"{len(WRONG)} failed" in told
    for said in WRONG.values():
        assert said in told


def test_selection_and_workers(repository: Path) -> None:
    code, told = pytest_in(repository, ["-n", "2", "-k", "is_taken"])
    assert code == 0, told
    assert "1 passed" in told


def test_helpers_may_stand_beside_specs(repository: Path) -> None:
    """As they do for the gate; a pattern of which no file has a spec is still an error."""
    glob = PROJECT.replace(SETTING, 'splitbrain_specs = ["specs/[ls]*.py"]')
    (repository / "pyproject.toml").write_text(glob, encoding="utf-8")
    code, told = pytest_in(repository)
    assert (code, "2 passed" in told) == (0, True), told
    (repository / "specs/lock.py").write_text("", encoding="utf-8")
    code, told = pytest_in(repository)
    assert code == 2
    assert "lock.py has no spec that can be run" in told


@pytest.mark.parametrize("helper", ["shared", "inner"])
def test_a_helper_of_the_same_name_is_not_mistaken_for_ones_own(
    repository: Path, helper: str
) -> None:
    """Python has one module of a name: what one of the specs says would not be what is tested."""
    files = {"specs/inner.py": "MOST = 1\n", "other/inner.py": "MOST = 0\n"}
    files["other/another_lock.py"] = LOCK.replace("from shared", f"from {helper}")
    files["specs/shared.py"] = files["other/shared.py"] = "from inner import MOST\n"
    both = SETTING.replace("]", ', "other/another_lock.py"]')
    files["pyproject.toml"] = PROJECT.replace(SETTING, both)
    (repository / "other").mkdir()
    for name, text in files.items():
        (repository / name).write_text(text, encoding="utf-8")
    code, told = pytest_in(repository)
    assert code == 2, told
    assert re.search("lock.py imports (shared|inner) from beside it, and was given that in", told)
    # By itself it is judged as it is written.
    code, told = pytest_in(repository, ["other/another_lock.py"])
    assert (code, "FAILED other/another_lock.py::Lock::one_holder" in told) == (1, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SETTING, 'splitbrain_specs = ["specs/*.txt"]', "no file matches specs/*.txt"),
        (
            SETTING,
            'splitbrain_specs = ["specs/shared.py"]',
            "shared.py has no spec that can",
        ),
    ],
)
def test_what_matches_nothing_is_refused(repository: Path, old: str, new: str, said: str) -> None:
    (repository / "pyproject.toml").write_text(PROJECT.replace(old, new), encoding="utf-8")
    code, told = pytest_in(repository)
    assert code not in (0, 1)
    assert said in told
    assert "Traceback" not in told


def test_an_unknown_keyword_is_refused(repository: Path) -> None:
    (repository / "tests").mkdir()
    wrong = TESTS.replace("(settings=", "(setting=")
    (repository / "tests/test_lock.py").write_text(wrong, encoding="utf-8")
    code, told = pytest_in(repository)
    assert code == 2
    assert "the mark splitbrain has no setting; it has settings, scope" in told


MARKS = {
    '({"asks": False})': "the mark splitbrain has names only, as in settings={...}",
    '(settings={"asks": []})': "settings of the mark splitbrain has no value of asks",
    '(settings=["asks"])': "settings of the mark splitbrain is ['asks'], no dict",
    '(max_memory="lots")': "lots is not a size; write 2GB or 512MiB",
    '(timeout="5")': "timeout of the mark splitbrain is '5', no int or float",
    "(timeout=1)\n@pytest.mark.splitbrain(timeout=2)": "two marks splitbrain say timeout",
}


def test_a_mark_that_would_say_nothing_is_refused(repository: Path) -> None:
    (repository / "tests").mkdir()
    lines = [TESTS.partition("def test_holds")[0]]
    for number, given in enumerate(MARKS):
        lines.append(f"@pytest.mark.splitbrain{given}\nclass Both{number}(Lock):\n    pass\n")
    (repository / "tests/test_lock.py").write_text("\n".join(lines), encoding="utf-8")
    code, told = pytest_in(repository)
    assert (code, f"{len(MARKS)} errors" in told) == (2, True), told
    for said in MARKS.values():
        assert said in told
    assert "Traceback" not in told


def test_a_mistake_in_a_spec_has_its_place(repository: Path) -> None:
    wrong = LOCK.replace("self.holders |= {worker}", "self.holder |= {worker}")
    (repository / "specs/lock.py").write_text(wrong, encoding="utf-8")
    code, told = pytest_in(repository)
    assert code == 2
    assert "self.holder |= {worker}" in told
    assert "did you mean self.holders?" in told


def test_nothing_happens_unless_used(repository: Path) -> None:
    (repository / "pyproject.toml").write_text(PROJECT.replace(SETTING, ""), encoding="utf-8")
    (repository / "tests").mkdir()
    test = "import sys\n\ndef test_it():\n    assert 'checker' not in sys.modules\n"
    (repository / "tests/test_it.py").write_text(test, encoding="utf-8")
    code, told = pytest_in(repository)
    assert code == 0, told


def test_the_command_works_there(repository: Path) -> None:
    command = [sys.executable, "-m", "splitbrain", "check", "specs/lock.py"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "one_holder  holds" in done.stdout


def test_too_late_is_said(repository: Path) -> None:
    (repository / "checker/__init__.py").write_text("", encoding="utf-8")
    code = "import checker, splitbrain; splitbrain.claim()"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert "import splitbrain first, or give it another name" in done.stderr
