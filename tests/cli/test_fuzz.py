"""Whatever a user writes: a documented exit code and a message, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from checker.result import ExitCode

Splitbrain = Callable[..., Any]

CODES = {int(code) for code in ExitCode}

# A cap on states, for a fuzzer finds large scopes too.
CAPPED = ("--max-states", "2000", "--timeout", "5")

noise = st.text(max_size=8).filter(lambda text: "\0" not in text)
names = st.sampled_from(["acks", "Acks", "Broker", "Epoch", "is_acked", "", "a=b"]) | noise
values = (
    st.sampled_from(["one", "all", "one,all", "1", "-1", "2..3", "3..1", "1.5", "", ","]) | noise
)
bounds = st.integers(-2, 4).map(str) | st.sampled_from(["1..2", "0..1", "4..2", "..", "9" * 12])
properties = noise | st.sampled_from(["leader_has_acked_record", "everybody_has_it", "epoch", "*"])
specs = noise | st.sampled_from(
    ["acks.py", "acks.py:Acked", "acks.py:Acks", "faults.py", "faults.py:Stuck", "faults.py:", ".",
     "..", "/", "acks", "toys.die_hard", "toys", "specs", "no.json", "~/x.py", "toys.die_hard:X",
     "published.kafka_replication", "acks.json:Acked", "a" * 5_000, "a" * 300 + ".py"]
)  # fmt: skip


def option(name: str, value: SearchStrategy[str]) -> SearchStrategy[list[str]]:
    return value.map(lambda text: [name, text])


def joined(name: SearchStrategy[str], value: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.builds("{}={}".format, name, value)


options = st.one_of(
    option("--set", joined(names, values)),
    option("--scope", joined(names, bounds)),
    option("--scope", noise),
    option("--property", properties),
    # Below the folder of the test, whatever else the name may be.
    option("--out", noise.map(lambda text: "out" + text.replace("/", "").replace("..", ""))),
    option("--max-memory", st.sampled_from(["1GB", "64MiB", "x", "-1", "0"]) | noise),
    st.sampled_from([["--continue"], ["--deadlock"], ["--no-cone"], ["--json"], ["--quiet"]]),
    noise.map(lambda text: [text]),
)
fuzzed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


def check_done(done: Any, arguments: Sequence[str]) -> None:
    assert done.exit in CODES, arguments
    if done.exit in {ExitCode.FAILED, ExitCode.USAGE}:
        assert done.err, arguments


@given(spec=specs, chosen=st.lists(options, max_size=4))
@fuzzed
def test_check(splitbrain: Splitbrain, spec: str, chosen: list[list[str]]) -> None:
    arguments = ["check", *CAPPED, *(word for words in chosen for word in words), spec]
    check_done(splitbrain(*arguments), arguments)


@given(chosen=st.lists(options, max_size=4))
@fuzzed
def test_check_of_a_spec(splitbrain: Splitbrain, chosen: list[list[str]]) -> None:
    arguments = ["check", "acks.py", *CAPPED, *(word for words in chosen for word in words)]
    check_done(splitbrain(*arguments), arguments)


@given(spec=specs, words=st.lists(noise, max_size=2))
@fuzzed
@pytest.mark.parametrize("command", ["list", "show", "simulate"])
def test_other_commands(splitbrain: Splitbrain, command: str, spec: str, words: list[str]) -> None:
    limits = ["--walks", "2", "--steps", "5"] if command == "simulate" else []
    check_done(splitbrain(command, spec, *limits, *words), [command, spec, *words])


@given(data=st.data())
@fuzzed
def test_damaged_traces(splitbrain: Splitbrain, folder: Path, data: st.DataObject) -> None:
    path = folder / ".splitbrain" / "acks-leader_has_acked_record.json"
    if not path.exists():
        splitbrain("check", "acks.py", "--set", "acks=one")
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    (folder / "damaged.json").write_bytes(content)
    step = data.draw(st.sampled_from([[], ["--full"], ["--step", "2"], ["--step", "99"]]))
    done = splitbrain("show", "damaged.json", *step)
    assert done.exit in {ExitCode.HOLDS, ExitCode.USAGE}
    assert done.out or done.err
