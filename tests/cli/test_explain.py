"""`--explain`: beside the steps, below them, as JSON and on a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

DOCS = Path(__file__).parents[2] / "docs"
RESULT = Draft202012Validator(json.loads((DOCS / "result.schema.json").read_text("utf-8")))
TRACE = ".splitbrain/acks-leader_has_acked_record.json"
FATE = "avoidable until the last step: after step 3, 1 of 2 ways on avoided it"
FIX = "acks=all holds in this scope (19 states)"

Splitbrain = Callable[..., Any]


def test_check_explains_what_it_finds(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "acks.py", "--set", "acks=one", "--explain")
    assert (done.exit, done.err) == (12, "")
    assert f"\n   fate {FATE}\n   fix  {FIX}\n   see  splitbrain show {TRACE}\n" in done.out
    assert "ways out" in done.out


def test_nobody_is_told_who_did_not_ask(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "acks.py", "--set", "acks=one")
    assert not {"fate", "fix", "ways out"} & set(done.out.split())
    document = splitbrain("check", "acks.py", "--set", "acks=one", "--json").json
    assert not any("explanation" in one for one in document["properties"])


@pytest.mark.parametrize(
    ("spec", "options", "where"),
    [
        ("acks.py", ("--set", "acks=one"), "leader_has_acked_record"),
        ("faults.py:PastTheEnd", (), "undefined_step"),
        ("faults.py:NoValue", (), "divides"),
        ("faults.py:Stuck", ("--deadlock",), "deadlock"),
    ],
)
def test_as_json(splitbrain: Splitbrain, spec: str, options: tuple[str, ...], where: str) -> None:
    document = splitbrain("check", spec, *options, "--explain", "--json").json
    RESULT.validate(document)
    named = {one["name"]: one for one in document["properties"]}
    found = named[where] if where in named else document[where]
    outlooks = found["explanation"]["inevitability"]["outlooks"]
    assert [one["distance"] for one in outlooks] == list(range(found["steps"], -1, -1))
    assert found["explanation"]["prevention"] is not None


def test_a_kept_trace(splitbrain: Splitbrain, folder: Path) -> None:
    splitbrain("check", "acks.py", "--set", "acks=one")
    done = splitbrain("show", TRACE, "--explain", "--html", "acks.html")
    assert (done.exit, done.err) == (0, "")
    assert f"   fate {FATE}\n   fix  {FIX}\n" in done.out
    page = (folder / "acks.html").read_text("utf-8")
    assert "How it became inevitable" in page
    assert "<code>acks=all</code> holds in this scope (19 states)." in page


def test_a_kept_trace_without_its_spec(splitbrain: Splitbrain, folder: Path) -> None:
    splitbrain("check", "acks.py", "--set", "acks=one")
    (folder / "acks.py").unlink()
    done = splitbrain("show", TRACE, "--explain")
    assert done.exit == 0
    assert "   note not explained: " in done.out


def test_the_museum_as_pages(splitbrain: Splitbrain, folder: Path) -> None:
    done = splitbrain("museum", "R69", "--html", "museum", "--explain", "--explain-seconds", "0.01")
    assert done.exit == 0
    assert "How it became inevitable" in (folder / "museum" / "R69.html").read_text("utf-8")


def test_few_states(splitbrain: Splitbrain) -> None:
    done = splitbrain("show", "R65", "--explain", "--explain-states", "9")
    assert "   fix  no remedy was found among the settings\n" in done.out
    assert "not decided, their searches were stopped: " in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "acks.py", "--explain-states", "9"), "--explain-states is for --explain"),
        (("show", "R65", "--explain-seconds", "9"), "--explain-seconds is for --explain"),
        (("museum", "--explain"), "--explain is for --html"),
        (
            ("check", "acks.py", "--set", "acks=one,all", "--explain"),
            "--explain is for one run: choose one value for acks",
        ),
        (
            ("check", "acks.py", "--quiet", "--explain"),
            "--quiet prints the verdicts only, and --explain says more",
        ),
    ],
)
def test_what_does_not_fit(
    splitbrain: Splitbrain, arguments: tuple[str, ...], message: str
) -> None:
    done = splitbrain(*arguments)
    assert done.exit == 2
    assert f"error: {message}\n" in done.err
