from __future__ import annotations

from pathlib import Path

import pytest

from checker.gate.declaration import find, read
from checker.gate.errors import DeclarationError


def declared(folder: Path, text: str, name: str = "splitbrain.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_windows_begins_and_ends_lines_in_its_own_way(tmp_path: Path) -> None:
    text = "\ufeff[[checks]]\r\nspec = 'counter.py'\r\n"
    (tmp_path / "splitbrain.toml").write_bytes(text.encode())
    assert [check.spec for check in read(find(tmp_path)).checks] == ["counter.py"]


def test_everything_that_may_be_declared(tmp_path: Path) -> None:
    text = """
    [gate]
    timeout = 60
    max_memory = "2GB"
    workers = 3
    profile = "full"

    [[checks]]
    name = "small"
    spec = "specs/*.py"
    settings = { acks = ["one", "all"], clean = true, retries = 3 }
    scope = { Broker = 2, Epoch = "1..3", Record = [1, 4] }
    properties = ["no_loss"]
    expect = "violated"
    property = "no_loss"
    steps = 9
    profiles = ["full"]
    timeout = 1.5
    max_memory = "512MiB"
    max_states = 100
    deadlock = true

    [[checks]]
    spec = "isr"
    engine = "z3"
    depth = 8

    [[checks]]
    spec = "isr"
    name = "isr, proved"
    engine = "prove"
    lemmas = ["all"]
    lift = ["Epoch"]
    k = 2
    """
    found = read(declared(tmp_path, text))
    assert (found.bounds.seconds, found.bounds.memory, found.workers) == (60, 2 * 10**9, 3)
    assert found.profile == "full"
    first, second, third = found.checks
    assert first.settings == {"acks": ("one", "all"), "clean": ("true",), "retries": ("3",)}
    assert first.scope == {"Broker": (2,), "Epoch": (1, 2, 3), "Record": (1, 4)}
    assert (first.expected.property, first.expected.steps) == ("no_loss", 9)
    assert (first.bounds.seconds, first.bounds.memory, first.bounds.states) == (1.5, 2**29, 100)
    assert (first.profiles, second.profiles) == (("full",), ("quick", "full"))
    assert (second.engine, second.depth) == ("z3", 8)
    assert (third.lemmas, third.lift, third.k) == (("all",), ("Epoch",), 2)
    assert found.chosen("quick") == (second, third)


ENTRY = '[[checks]]\nspec = "isr"\n'

MISTAKES = [
    ("", "there is no check", "[[checks]]"),
    ("checks = []", "there is no check", "[[checks]]"),
    ("checks = 3", "checks is 3", "begin each with [[checks]]"),
    ("a = [", "it is not TOML", ""),
    (ENTRY + "[gates]\n", "unknown key gates", "did you mean gate?"),
    (ENTRY + "[gate]\ntimeot = 1\n", "[gate]: unknown key timeot", "did you mean timeout?"),
    (ENTRY + '[gate]\nprofile = "ful"\n', "profile cannot be ful", "did you mean full?"),
    ("[[checks]]\n", "[[checks]] 1: spec is missing", ""),
    (ENTRY * 2 + "setings = {}\n", "[[checks]] 2 (isr): unknown key setings", "settings?"),
    (ENTRY + "spec_ = 1\n", "unknown key spec_", "did you mean spec?"),
    (ENTRY + 'name = ""\n', "name is ''", "a text"),
    (ENTRY + "settings = { acks = [] }\n", "settings.acks is []", "a value"),
    (ENTRY + "settings = { acks = 1.5 }\n", "settings.acks is 1.5", "a value"),
    (ENTRY + 'scope = { Epoch = "a" }\n', "scope.Epoch: a is not a whole number", ""),
    (ENTRY + 'scope = { Epoch = "3..1" }\n', "scope.Epoch: 3 is above 1", ""),
    (ENTRY + "scope = { Epoch = -1 }\n", "scope.Epoch is -1", "a value"),
    (ENTRY + 'properties = "one"\n', "properties is 'one'", "a list"),
    (ENTRY + "properties = []\n", "properties is []", "a list"),
    (ENTRY + 'engine = "z4"\n', "engine cannot be z4", "it is one of: explicit"),
    (ENTRY + 'engine = "z3"\n', "paths of some length", "write depth"),
    (ENTRY + "depth = 3\n", "depth is for engine z3", ""),
    (ENTRY + 'engine = "prove"\nmax_states = 3\n', "max_states is for engine explicit", ""),
    (ENTRY + 'expect = "violatd"\n', "expect cannot be violatd", "did you mean violated?"),
    (ENTRY + 'expect = "violated"\n', "must say what, and after how many", "steps = N"),
    (ENTRY + 'property = "x"\n', 'property goes with expect = "violated"', "properties"),
    (ENTRY + 'profiles = ["nightly"]\n', "profiles cannot be nightly", "quick, full"),
    (ENTRY + "timeout = 0\n", "timeout is 0", "above 0"),
    (ENTRY + "timeout = true\n", "timeout is True", "above 0"),
    (ENTRY + 'max_memory = "2 pounds"\n', "2 pounds is not a size", ""),
    (ENTRY + "max_states = 0\n", "max_states is 0", "from 1"),
    (ENTRY + "deadlock = 1\n", "deadlock is 1", "true or false"),
]


@pytest.mark.parametrize(("text", "message", "help"), MISTAKES)
def test_mistakes_are_told_with_their_place(
    tmp_path: Path, text: str, message: str, help: str
) -> None:
    with pytest.raises(DeclarationError) as raised:
        read(declared(tmp_path, text))
    assert message in str(raised.value)
    assert "splitbrain.toml" in str(raised.value)
    assert help in raised.value.help


def test_the_same_in_a_project_file(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[[tool.splitbrain.checks]]\nspec = "isr"\nstep = 1\n'
    with pytest.raises(DeclarationError, match=r"\[\[tool.splitbrain.checks\]\] 1 \(isr\)"):
        read(declared(tmp_path, text, "pyproject.toml"))


def test_it_is_found_upwards(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    declared(tmp_path / "a", '[project]\nname = "no checks here"\n', "pyproject.toml")
    own = declared(tmp_path, ENTRY)
    assert find(below) == own
    project = declared(tmp_path / "a", "[[tool.splitbrain.checks]]\n", "pyproject.toml")
    assert find(below) == project


def test_two_declarations_beside_each_other_are_refused(tmp_path: Path) -> None:
    declared(tmp_path, ENTRY)
    declared(tmp_path, "[[tool.splitbrain.checks]]\n", "pyproject.toml")
    with pytest.raises(DeclarationError, match=r"pyproject.toml beside it"):
        find(tmp_path)


def test_no_declaration_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as raised:
        find(tmp_path)
    assert raised.value.help == "splitbrain gate init writes a first one"


def test_a_profile_without_checks_is_refused(tmp_path: Path) -> None:
    found = read(declared(tmp_path, ENTRY + 'profiles = ["full"]\n'))
    with pytest.raises(DeclarationError, match="no check is in the profile quick"):
        found.chosen("quick")
