"""pytest's way to splitbrain: each property of each spec is a test. It does nothing unless used.

Used is: the setting `splitbrain_specs`, or a spec class with the mark `splitbrain`.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from splitbrain import claim

if TYPE_CHECKING:
    from splitbrain.pytest_items import SpecClass

PATTERNS = "splitbrain_specs"
FILES = pytest.StashKey[dict[Path, list[Path]]]()
"""What the setting matches, each file with the others of its pattern: found once, and asked of
every file that pytest meets."""

MARK = "splitbrain(settings={}, scope={}, properties=[], timeout=, max_states=, max_memory=): "
MARK += "a spec class whose properties are tests; a list of values for a setting is a test each"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting, in `pyproject.toml` or `pytest.ini`."""
    parser.addini(PATTERNS, "Files of specs whose properties are tests.", type="linelist")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark; find the files, and import what is ours before anything of theirs."""
    config.addinivalue_line("markers", MARK)
    patterns: list[str] = config.getini(PATTERNS)
    files: dict[Path, list[Path]] = {}
    for pattern in patterns:
        matching = _matching(config, pattern)
        files |= {path: [other for other in matching if other != path] for path in matching}
    config.stash[FILES] = files
    if not files:
        return
    claim()
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        # Nobody said what to collect: the specs belong to it, wherever the tests are.
        known = [Path(argument).resolve() for argument in config.args]
        missed = [f for f in files if not any(f.is_relative_to(place) for place in known)]
        config.args += [str(path) for path in missed]


def _matching(config: pytest.Config, pattern: str) -> list[Path]:
    files = sorted(path.resolve() for path in config.rootpath.glob(pattern) if path.is_file())
    if not files:
        raise pytest.UsageError(f"{PATTERNS}: no file matches {pattern}, below {config.rootpath}")
    return files


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A file that the setting names is ours; pytest would import it by a name of its own."""
    found = yield
    files = parent.config.stash[FILES]
    if file_path.resolve() not in files:
        return found
    from splitbrain.pytest_items import SpecFile

    return [SpecFile.from_parent(parent, path=file_path, beside=files[file_path.resolve()])]


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> SpecClass | None:
    """A marked class in a file of tests."""
    marks = vars(obj).get("pytestmark", []) if isinstance(obj, type) else []
    if not any(mark.name == "splitbrain" for mark in marks):
        return None
    claim()
    from splitbrain.pytest_items import SpecClass

    return SpecClass.from_parent(collector, name=name, spec=obj)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Once it is known what was selected, a search need not look for anything else."""
    if not any(type(item).__name__ == "PropertyTest" for item in session.items):
        return
    from splitbrain.pytest_items import select

    select(session)
