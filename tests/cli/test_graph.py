from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

Splitbrain = Callable[..., Any]


def test_dot_is_printed(splitbrain: Splitbrain) -> None:
    done = splitbrain("graph", "acks.py", "--scope", "Epoch=1")
    assert (done.exit, done.err) == (0, "")
    assert done.out.startswith('digraph states {\n  label="acks.py  Broker=2 Epoch=1"')
    assert done.out.count(" -> ") == 34
    assert done.out.count("penwidth=3") == 1


def test_files_are_written(splitbrain: Splitbrain, folder: Path) -> None:
    done = splitbrain(
        "graph", "acks.py", "--set", "acks=one", "--project", "leader,is_acked",
        "--dot", "new/a.dot", "--svg", "a.svg",
    )  # fmt: skip
    assert (done.exit, done.out) == (0, "new/a.dot\na.svg\n")
    assert "acks.py  acks=one" in (folder / "new" / "a.dot").read_text("utf-8")
    picture = (folder / "a.svg").read_text("utf-8")
    assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"
    assert "50 states in 5 nodes" in picture
    assert "✗ leader_has_acked_record" in picture


def test_a_hairball_is_refused(splitbrain: Splitbrain) -> None:
    done = splitbrain("graph", "acks.py", "--max-nodes", "8")
    assert (done.exit, done.out) == (2, "")
    assert "38 states are more than can be read: at most 8 (--max-nodes)" in done.err
    assert "merge those that agree: --project is_acked,beat makes 4 nodes" in done.err
    assert "different values: is_acked 2, beat 2, leader 3, epoch 3, has_record 4" in done.err


def test_what_cannot_be_drawn(splitbrain: Splitbrain) -> None:
    done = splitbrain("graph", "acks.py", "--project", "leadr")
    assert done.exit == 2
    assert "there is no variable leadr to project on\n  did you mean leader?" in done.err
    done = splitbrain("graph", "acks.py", "--max-states", "10")
    assert done.exit == 1
    assert "more than 10 states; choose a smaller --scope, or --max-states" in done.err
    assert splitbrain("graph", "acks.py", "--scope", "Epoch=1..2").exit == 2
    assert splitbrain("graph", "acks.py", "--property", "no").exit == 2


def test_only_the_chosen_property_is_marked(splitbrain: Splitbrain) -> None:
    both = ("graph", "acks.py", "--set", "acks=one")
    assert "✗ leader_has_acked_record" in splitbrain(*both).out
    assert "✗" not in splitbrain(*both, "--property", "everybody_has_it").out
