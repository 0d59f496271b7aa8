"""Specs ready to be explored, and a server for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from checker.explore.answers import Answers
from checker.explore.page import page
from checker.explore.runs import Runs, of_spec
from checker.explore.server import Server
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from counterexamples.museum_cases import entries

CORNERS = Path(__file__).with_name("specs") / "corners.py"
TOKEN = "a-token"

Prepare = Callable[..., Prepared]
Serve = Callable[[Prepared], Server]


@pytest.fixture(scope="session")
def ward() -> Prepared:
    return prepare(load(f"{CORNERS}:Ward"), {}, {})


@pytest.fixture(scope="session")
def stuck() -> Prepared:
    return prepare(load(f"{CORNERS}:Stuck"), {}, {})


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serves a spec until the tests are over."""
    servers: list[Server] = []

    def start(own: Prepared) -> Server:
        runs = Runs(own, None, of_spec(load(own.name), entries()))
        server = Server(0, TOKEN, page(own, runs), Answers(runs), str)
        servers.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
