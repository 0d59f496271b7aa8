"""The object cache saves compiling, and never decides anything."""

from pathlib import Path

import pytest

from checker.explicit.machine_code import MAGIC, ObjectCache, load

TEXT = "define i64 @answer(i64 %x) {\nentry:\n  %y = add i64 %x, 41\n  ret i64 %y\n}\n"
OTHER = TEXT.replace("41", "13")


def answer(text: str, cache: ObjectCache | None) -> tuple[int, bool]:
    code = load(text, cache)
    return code.function("answer", 1)(1), code.from_cache


def entry(cache: ObjectCache) -> Path:
    (path,) = cache.directory.iterdir()
    return path


def test_second_time_comes_from_the_cache(tmp_path: Path) -> None:
    cache = ObjectCache(tmp_path / "deep" / "objects")
    assert [answer(TEXT, cache), answer(TEXT, cache)] == [(42, False), (42, True)]
    assert cache.directory.stat().st_mode & 0o077 == 0


def test_other_text_is_another_entry(tmp_path: Path) -> None:
    cache = ObjectCache(tmp_path)
    assert answer(TEXT, cache) == (42, False)
    assert answer(OTHER, cache) == (14, False)


@pytest.mark.parametrize("cut", [0, 5, len(MAGIC), len(MAGIC) + 8, 200])
def test_an_entry_cut_short_is_rebuilt(tmp_path: Path, cut: int) -> None:
    cache = ObjectCache(tmp_path)
    answer(TEXT, cache)
    entry(cache).write_bytes(entry(cache).read_bytes()[:cut])
    assert answer(TEXT, cache) == (42, False)
    assert answer(TEXT, cache) == (42, True)


@pytest.mark.parametrize("at", [0, len(MAGIC), len(MAGIC) + 32, 300])
def test_a_damaged_entry_is_rebuilt(tmp_path: Path, at: int) -> None:
    cache = ObjectCache(tmp_path)
    answer(TEXT, cache)
    data = bytearray(entry(cache).read_bytes())
    data[at] ^= 1
    entry(cache).write_bytes(data)
    assert answer(TEXT, cache) == (42, False)


def test_an_entry_of_another_text_is_not_taken(tmp_path: Path) -> None:
    cache, elsewhere = ObjectCache(tmp_path / "a"), ObjectCache(tmp_path / "b")
    answer(TEXT, cache)
    answer(OTHER, elsewhere)
    entry(cache).write_bytes(entry(elsewhere).read_bytes())
    assert answer(TEXT, cache) == (42, False)


def test_works_without_a_place_to_keep_things(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    assert answer(TEXT, ObjectCache(blocked / "objects")) == (42, False)
    assert answer(TEXT, None) == (42, False)
