"""What is kept between runs: the lock and the cache. A damaged one is never trusted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.gate import lock
from checker.gate.cache import Cache, engine_version, key_of
from checker.gate.errors import DeclarationError
from checker.gate.judge import OK
from checker.gate.unchanged import unchanged
from tests.gate.small_gate import locked

ENTRY = '[[checks]]\nspec = "specs/counter.py"\n'
VIOLATED = 'expect = "violated"\nproperty = "is_small"\nsteps = 3\n'


def test_a_lock_is_read_as_it_was_written(repository: Any) -> None:
    path = repository.folder / lock.FILE
    assert lock.read(path) is None
    before = locked().lock
    lock.write(before, path)
    assert lock.read(path) == before
    text = path.read_text("utf-8")
    lock.write(before, path)
    assert path.read_text("utf-8") == text
    assert '        "reset": {"fired": 3, "new": 0, "digest": "' in text


@pytest.mark.parametrize("damage", ["", "[]", "{}", "half", '"diameter": "3"', "binary"])
def test_a_damaged_lock_is_refused(repository: Any, damage: str) -> None:
    path = repository.folder / lock.FILE
    lock.write(locked().lock, path)
    text = path.read_text("utf-8")
    if damage == "half":
        path.write_text(text[: len(text) // 2], "utf-8")
    elif damage == "binary":
        path.write_bytes(b"\xff\xfe")
    elif ":" in damage:
        path.write_text(text.replace('"diameter": 3', damage), "utf-8")
    else:
        path.write_text(damage, "utf-8")
    with pytest.raises(DeclarationError, match=r"splitbrain.lock: cannot be read") as raised:
        lock.read(path)
    assert "--update" in raised.value.help


def test_a_lock_with_the_marks_of_a_merge_says_what_to_do(repository: Any) -> None:
    path = repository.folder / lock.FILE
    lock.write(locked().lock, path)
    first, second, *rest = path.read_text("utf-8").splitlines()
    both = ["<<<<<<< HEAD", first, "=======", second, ">>>>>>> theirs", *rest]
    path.write_text("\n".join(both), "utf-8")
    with pytest.raises(DeclarationError, match="the marks of a merge conflict") as raised:
        lock.read(path)
    assert raised.value.help == "take one side of it, and run splitbrain gate --update"


RESULTS = [
    "",
    VIOLATED,
    'engine = "z3"\ndepth = 3\nproperties = ["gets_to_two"]\n',
    'engine = "prove"\nproperties = ["is_small"]\nlift = ["none"]\n',
    "deadlock = true\n",
]


@pytest.mark.parametrize("entry", RESULTS)
def test_a_result_comes_out_of_the_cache_as_it_went_in(
    repository: Any, tmp_path: Path, entry: str
) -> None:
    repository.declare(ENTRY + entry)
    if entry == VIOLATED:
        repository.change("< 9", "< 3")
    found = locked()
    cache = Cache(tmp_path / "kept")
    assert cache.read("a" * 64) is None
    cache.write("a" * 64, found.result)
    assert cache.read("a" * 64) == found.result


def test_an_entry_that_is_not_whole_is_not_there(repository: Any, tmp_path: Path) -> None:
    found = locked()
    cache = Cache(tmp_path / "kept")
    cache.write("a" * 64, found.result)
    path = cache.folder / f"{'a' * 64}.json"
    text = path.read_text("utf-8")
    assert '"states":4' in text
    for damaged in ("", text[:-1], text[:70], text.replace('"states":4', '"states":5'), "{}\n{}"):
        path.write_text(damaged, "utf-8")
        assert cache.read("a" * 64) is None
    path.write_text(text, "utf-8")
    assert cache.read("a" * 64) == found.result
    # A copy under another name is a verdict about something else.
    (cache.folder / f"{'b' * 64}.json").write_text(text, "utf-8")
    assert cache.read("b" * 64) is None


def test_a_cache_that_cannot_be_written_is_left_alone(repository: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    Cache(tmp_path / "file").write("a" * 64, locked().result)
    assert Cache(tmp_path / "file").read("a" * 64) is None


def test_the_key_is_of_all_that_a_verdict_depends_on(repository: Any) -> None:
    engine = engine_version()
    keys = [key_of(locked().planned, engine), key_of(locked().planned, engine[1:])]
    repository.change("Counts.", "Counts up.")
    assert key_of(locked().planned, engine) == keys[0]
    for entry in ("scope = { Count = 2 }\n", 'properties = ["is_small"]\n', "deadlock = true\n"):
        repository.declare(ENTRY + entry)
        keys.append(key_of(locked().planned, engine))
    repository.declare(ENTRY + "timeout = 9\n")
    assert key_of(locked().planned, engine) == keys[0]
    repository.change("< 9", "< 8")
    keys.append(key_of(locked().planned, engine))
    repository.change("self.count = 0", "self.count = 1")
    keys.append(key_of(locked().planned, engine))
    assert len(set(keys)) == len(keys) == 7


def test_only_what_is_green_and_the_same_is_unchanged(repository: Any) -> None:
    found = locked()
    assert unchanged(found.planned, found.entry) == OK
    assert unchanged(found.planned, replace(found.entry, digest="0" * 32)) is None
    assert unchanged(found.planned, replace(found.entry, expected="something else")) is None
    for verdict in ("violated", "undetermined", "unreached", "undefined"):
        judged = found.entry.properties
        red = replace(judged["is_small"], verdict=verdict)
        edited = replace(found.entry, properties={**judged, "is_small": red})
        assert unchanged(found.planned, edited) is None
    assert unchanged(found.planned, replace(found.entry, properties={})) is None


def test_a_known_limit_is_unchanged_only_as_it_was_accepted(repository: Any) -> None:
    repository.declare(ENTRY + VIOLATED)
    repository.change("< 9", "< 3")
    found = locked()
    assert unchanged(found.planned, found.entry) == OK
    judged = found.entry.properties
    for steps, verdict in ((4, "violated"), (3, "holds")):
        moved = replace(judged["is_small"], steps=steps, verdict=verdict)
        edited = replace(found.entry, properties={**judged, "is_small": moved})
        assert unchanged(found.planned, edited) is None


def test_a_lock_is_json(repository: Any) -> None:
    path = repository.folder / lock.FILE
    lock.write(locked().lock, path)
    document = json.loads(path.read_text("utf-8"))
    counts = document["checks"]["specs/counter.py"]["counts"]
    assert counts == {"states": 4, "generated": 6, "diameter": 3}
