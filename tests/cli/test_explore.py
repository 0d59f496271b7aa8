"""`splitbrain explore`: what it refuses, what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from checker.explore.requests import Asked
from checker.explore.server import Server
from tests.cli.conftest import Splitbrain


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser is asked to open; the user presses Ctrl-C at once."""
    addresses: list[str] = []

    def end(server: Server) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("webbrowser.open", addresses.append)
    monkeypatch.setattr(Server, "serve_forever", end)
    return addresses


def test_the_address_is_printed_and_opened(splitbrain: Splitbrain, opened: list[str]) -> None:
    done = splitbrain("explore", "acks.py")
    assert done.exit == 0
    address, rest = done.out.splitlines()
    assert address.startswith("http://127.0.0.1:")
    assert rest == "Ctrl-C ends it; nobody else can open this address"
    assert opened == [address]


def test_each_run_has_a_token_of_its_own(splitbrain: Splitbrain, opened: list[str]) -> None:
    tokens = {splitbrain("explore", "acks.py").out.split("token=")[1][:32] for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) == 32 for token in tokens)


def test_no_browser(splitbrain: Splitbrain, opened: list[str]) -> None:
    assert splitbrain("explore", "acks.py", "--no-browser").exit == 0
    assert opened == []


@pytest.mark.parametrize(
    ("arguments", "begin", "own"),
    [
        (["--trace", "KAFKA-13141"], "R9", {}),
        (
            ["--trace", "R9", "--set", "acks=one"],
            "",
            {"acks": "one", "skip_update_on_divergence": "false"},
        ),
        (["--trace", "here.json"], "", {"skip_update_on_divergence": "false"}),
    ],
)
def test_a_trace_to_begin_with(
    splitbrain: Splitbrain,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    arguments: list[str],
    begin: str,
    own: dict[str, str],
) -> None:
    kept = Path(__file__).parents[2] / "counterexamples/museum/R9/trace.json"
    (folder / "here.json").write_bytes(kept.read_bytes())
    served: list[Server] = []
    monkeypatch.setattr(Server, "serve_forever", lambda server: served.append(server))
    assert splitbrain("explore", "isr", "--no-browser", *arguments).exit == 0
    found = re.search(r'id="data">(.*?)</script>', served[0].page.content)
    assert found is not None
    told = json.loads(found[1])
    assert (told["begin"], told["runs"][0]["settings"]) == (begin, own)
    whole = Asked(run=begin, start=0, steps=None, at=None, wanted="")
    assert len(json.loads(served[0].answers.view(whole))["steps"]) == 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "error[S032]: there is no spec nothing"),
        (["acks.py", "--set", "acks=al"], "error[S015]: acks cannot be al"),
        (["acks.py", "--set", "acks=one,all"], "explore shows one model; give acks one value"),
        (["acks.py", "--scope", "Epoch=1..2"], "explore shows one model; give Epoch one value"),
        (["acks.py", "--property", "no"], "error[S037]: Acked has no property no"),
        (
            ["acks.py", "--trace", "R9"],
            "--trace R9: it is a trace of isr; write splitbrain explore",
        ),
        (["isr", "--trace", "R9999"], "error: there is no file R9999, and no such entry"),
        (["isr", "--trace", "none.json"], "error: there is no file none.json"),
        (["acks.py", "--trace", "acks.py"], "error: acks.py is not a trace: it is not JSON"),
        (["acks.py", "--port", "70000"], "70000 is not in the range 0<=x<=65535"),
        (["isr", "--trace", "R9", "--set", "acks=no"], "error[S015]: acks cannot be no"),
    ],
)
def test_mistakes(
    splitbrain: Splitbrain, opened: list[str], arguments: list[str], message: str
) -> None:
    done = splitbrain("explore", *arguments)
    assert (done.exit, done.out) == (2, "")
    assert message in done.err
    assert opened == []


def test_a_port_that_is_taken(splitbrain: Splitbrain, opened: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = splitbrain("explore", "acks.py", "--port", str(port))
    assert done.exit == 1
    assert done.err.startswith(f"error: cannot listen on 127.0.0.1:{port}: ")
    assert done.err.endswith("; name another port: --port\n")


def test_ctrl_c_ends_it(folder: Path) -> None:
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "checker", "explore", "acks.py", "--no-browser"]
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().strip()
        with build_opener(ProxyHandler({})).open(address, timeout=10) as answer:
            assert b"Explore <code>acks.py</code>" in answer.read()
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
        assert process.stderr.read() == ""
