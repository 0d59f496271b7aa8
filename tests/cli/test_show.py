from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Splitbrain = Callable[..., Any]

TRACE = ".splitbrain/acks-leader_has_acked_record.json"
WHY_NOT = "not self.is_acked or self.leader is None or self.leader in self.has_record"
WHY = [
    "   why  acks.py:88",
    f"          return {WHY_NOT}",
    "                 " + "^" * len(WHY_NOT),
    "        is_acked is true                since step 3: ack(b1)",
    "        leader is b2                    since step 4: elect(b2)",
    "        b2 is not in has_record = {b1}  since step 4: elect(b2)",
]


@pytest.fixture
def kept(splitbrain: Splitbrain, folder: Path) -> Path:
    splitbrain("check", "acks.py", "--set", "acks=one")
    return folder / TRACE


def test_show(splitbrain: Splitbrain, kept: Path) -> None:
    done = splitbrain("show", TRACE)
    assert (done.exit, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "acks.py  acks=one  Broker=2 Epoch=2"
    assert lines[2] == "leader_has_acked_record  violated after 4 steps"
    assert lines[5] == "     1  b1      elect(b1)   leader: none → b1   epoch: 0 → 1"
    assert lines[-1] == "replayed in Python: still violated"


def test_why(splitbrain: Splitbrain, kept: Path) -> None:
    lines = splitbrain("show", TRACE).out.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("   why"))
    assert lines[first:-2] == WHY


def test_only_some_variables(splitbrain: Splitbrain, kept: Path) -> None:
    both = splitbrain("show", TRACE, "--only", "epoch,leader").out
    assert "leader: none → b1   epoch: 0 → 1" in both
    assert "has_record[" not in both.partition("why")[0]
    assert "leader: " not in splitbrain("show", TRACE, "--hide", "leader").out
    assert "replayed in Python: still violated" in both
    done = splitbrain("show", TRACE, "--hide", "epoch", "--hide", "leeder")
    assert done.exit == 2
    assert "--hide: there is no variable leeder; did you mean leader?" in done.err


def test_one_step(splitbrain: Splitbrain, kept: Path) -> None:
    assert "epoch       1" in splitbrain("show", TRACE, "--step", "1").out
    assert "initial state" in splitbrain("show", TRACE, "--step", "0").out
    done = splitbrain("show", TRACE, "--step", "5")
    assert done.exit == 2
    assert done.err.startswith("error: --step 5: the trace has steps 0..4")


def test_all_states(splitbrain: Splitbrain, kept: Path) -> None:
    assert splitbrain("show", TRACE, "--full").out.count("has_record  ") == 5


CHANGES = [
    ("self.epoch += 1", "self.epoch += 2", "at step 1, kept → now: epoch: 1 → 2"),
    (
        "require(self.leader != broker)",
        "require(self.leader is None)",
        "at step 4, elect(b2) is disabled now",
    ),
    ("def ack(self, leader", "def say(self, leader", "at step 3, there is no action ack now"),
    (
        'broker: Broker) -> None:\n        """Any broker may lead next."""\n        require(',
        "broker: Broker, fast: bool) -> None:\n        require(fast, ",
        "at step 1, elect has other parameters now",
    ),
    (
        "return not self.is_acked or",
        "return True or",
        "leader_has_acked_record is not violated now",
    ),
    (
        "is_acked: bool = False",
        "is_acked: bool = True",
        "at the initial state, kept → now: is_acked",
    ),
    (
        "    beat: bool = False",
        "    beat: bool = False\n    more: bool = False",
        "at the initial state, the variable more is new",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), CHANGES)
def test_drift(
    splitbrain: Splitbrain, kept: Path, folder: Path, old: str, new: str, message: str
) -> None:
    # Another file, because a module that is loaded is not read again.
    text = (folder / "acks.py").read_text("utf-8")
    assert old in text
    (folder / "newer.py").write_text(text.replace(old, new, 1), "utf-8")
    document = json.loads(kept.read_text("utf-8")) | {"spec": "newer.py"}
    kept.write_text(json.dumps(document), "utf-8")
    done = splitbrain("show", TRACE)
    assert done.exit == 0
    last = " ".join(done.out.rpartition("\n\n")[2].split())
    assert last.startswith("the spec has changed: at ")
    assert message in last
    splitbrain("show", TRACE, "--html", "page.html")
    content = (folder / "page.html").read_text("utf-8")
    assert "<h2>The spec has changed since</h2>" in content


LOST = [
    ({"spec": "gone.py"}, "gone.py"),
    ({"settings": {"acks": "some"}}, "acks cannot be some"),
    ({"scope": {"Brokers": 2}}, "no scope entry Brokers"),
    ({"property": "other"}, "no property other"),
]


@pytest.mark.parametrize(("change", "message"), LOST)
def test_a_trace_whose_spec_is_lost_is_still_shown(
    splitbrain: Splitbrain, kept: Path, change: dict[str, Any], message: str
) -> None:
    document = json.loads(kept.read_text("utf-8")) | change
    kept.write_text(json.dumps(document), "utf-8")
    done = splitbrain("show", TRACE)
    assert done.exit == 0
    assert "4  b2      elect(b2)" in done.out
    assert "why" not in done.out
    assert "not replayed, shown as kept:" in done.out
    assert message in done.out


def test_a_file_that_is_no_trace(splitbrain: Splitbrain, folder: Path) -> None:
    (folder / "no.json").write_text("{}")
    done = splitbrain("show", "no.json")
    assert (done.exit, done.out) == (2, "")
    expected = 'error: no.json is not a trace: it does not begin with "format": "splitbrain trace"'
    assert done.err == expected + "\n"
    assert splitbrain("show", "none.json").err == "error: there is no file none.json\n"
