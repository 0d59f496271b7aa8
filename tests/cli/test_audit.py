"""`splitbrain check --audit`: after the verdicts, what is said in vain."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

DOCS = Path(__file__).parents[2] / "docs"
RESULT = Draft202012Validator(json.loads((DOCS / "result.schema.json").read_text("utf-8")))

Splitbrain = Callable[..., Any]


def test_findings_as_json(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "acks.py", "--audit", "--json")
    RESULT.validate(done.json)
    audit = done.json["audit"]
    assert (audit["stopped"], audit["undefined"], audit["open"]) == (None, 0, [])
    # More than the check visits: the audit leaves nothing out.
    assert audit["states"] > done.json["states"]
    (found,) = (one for one in audit["findings"] if one["kind"] == "guard never true")
    assert (found["owner"], found["condition"]) == ("forget", "self.epoch < 0")
    assert (found["of"], found["remark"]) == ("any bounds", False)
    line = Path("acks.py").read_text("utf-8").splitlines()[found["line"] - 1]
    assert (found["file"], found["condition"] in line) == ("acks.py", True)


@pytest.mark.parametrize(
    ("line", "code"),
    [("acks.py", 10), ("toys.two_phase_commit", 0), ("acks.py --max-states 10", 3)],
)
def test_the_exit_code_is_that_of_the_check(splitbrain: Splitbrain, line: str, code: int) -> None:
    assert splitbrain("check", *line.split(), "--audit").exit == code
    assert splitbrain("check", *line.split(), "--audit", "--json").json["exit"] == code


def test_what_is_printed(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "acks.py", "--audit")
    assert "? forget" in done.out
    assert "the action never happens: this guard is true in no state at all" in done.out
    assert "acks.py:77  self.epoch < 0" in done.out
    quiet = splitbrain("check", "acks.py", "--audit", "--quiet")
    assert "? forget" in quiet.out
    assert "guards that exclude nothing" not in quiet.out


def test_nothing_in_vain(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "toys.two_phase_commit", "--audit")
    assert done.out.endswith("✓ nothing is said in vain\n")


def test_a_search_that_was_stopped(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "acks.py", "--audit", "--max-states", "10")
    assert "never happens" not in done.out
    assert "nothing is said in vain" not in done.out
    assert "the search did not see every state (it stopped at --max-states)" in done.out


def test_an_undefined_step(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "faults.py:PastTheEnd", "--audit", "--json")
    RESULT.validate(done.json)
    assert done.json["audit"]["stopped"] == "undefined step"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("acks.py --audit --set acks=one,all", "--audit is of one run; give acks one value"),
        ("acks.py --audit --engine z3 --depth 3", "--audit is for --engine explicit"),
    ],
)
def test_what_does_not_fit(splitbrain: Splitbrain, line: str, message: str) -> None:
    done = splitbrain("check", *line.split())
    assert (done.exit, done.out) == (2, "")
    assert message in done.err


def test_an_interrupted_audit_loses_no_verdict(
    splitbrain: Splitbrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("checker.audit.run.audit", interrupted)
    done = splitbrain("check", "toys.two_phase_commit", "--audit", "--json")
    RESULT.validate(done.json)
    assert (done.exit, done.json["audit"]) == (0, None)
    assert [judged["verdict"] for judged in done.json["properties"]] == ["holds", "reached"]
    assert done.err == "the audit was interrupted before there was a result\n"
