"""CPython and the lowered model agree on specs that were written at random."""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from pathlib import Path

import pytest

from checker.lang.compile import compile_spec
from checker.lang.declare import declare
from checker.semantics import step
from checker.semantics.python import PythonSpec
from tests.lang.random_bodies import spec_text
from tests.lang.test_lower import outcomes, verdict, walk


def agree(seed: int, path: Path, monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    path.write_text(spec_text(seed), encoding="utf-8")
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setitem(sys.modules, path.stem, module)
    found.loader.exec_module(module)
    model, python = compile_spec(module.Random), PythonSpec(declare(module.Random))
    for state in walk(model, seed, length):
        expected = outcomes(python.steps(state))
        lowered = outcomes((a.name, given, o) for a, given, o in step.steps(model, state))
        assert lowered == expected, (seed, state)
        holds = verdict(partial(step.judge, model, model.properties[0], state))
        assert holds == verdict(partial(python.judge, "holds", state)), (seed, state)


@pytest.mark.parametrize("seed", range(12))
def test_random_bodies(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(seed, tmp_path / f"random_{seed}.py", monkeypatch, length=12)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_random_bodies(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(seed, tmp_path / f"random_{seed}.py", monkeypatch, length=40)
