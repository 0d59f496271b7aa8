from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from checker.lang.load import catalogue

Splitbrain = Callable[..., Any]


def test_every_spec_is_listed(splitbrain: Splitbrain) -> None:
    done = splitbrain("list", "--json")
    assert (done.exit, done.err) == (0, "")
    assert [spec["name"] for spec in done.json["specs"]] == catalogue()
    assert all(spec["doc"] for spec in done.json["specs"])
    text = splitbrain("list").out
    assert all(f"\n{name}\n" in f"\n{text}" for name in catalogue())


def test_one_spec(splitbrain: Splitbrain) -> None:
    done = splitbrain("list", "acks.py")
    assert done.exit == 0
    assert "    acks=all (one)  Kafka's `acks`." in done.out.splitlines()
    assert "  scope       Broker=2  Epoch=2" in done.out.splitlines()
    (spec,) = splitbrain("list", "acks.py", "--json").json["specs"]
    assert spec["settings"] == [
        {"name": "acks", "default": "all", "values": ["one", "all"], "doc": "Kafka's `acks`."}
    ]
    assert [judged["kind"] for judged in spec["properties"]] == [
        "invariant", "step_invariant", "reachable", "reachable",
    ]  # fmt: skip


def test_a_mistake_in_a_spec_has_its_place(splitbrain: Splitbrain, folder: Path) -> None:
    text = (folder / "acks.py").read_text("utf-8")
    (folder / "wrong.py").write_text(text.replace("class Acked(Spec):", "class Acked(Spec"))
    done = splitbrain("list", "wrong.py")
    assert (done.exit, done.out) == (2, "")
    assert done.err.startswith("error[S034]: SyntaxError")
    (folder / "text.py").write_text(text.replace("is_acked: bool", "is_acked: str"))
    done = splitbrain("list", "text.py")
    assert done.exit == 2
    assert "text.py:42:15\n     is_acked: str = False\n               ^^^\n" in done.err
