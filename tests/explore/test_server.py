"""Who may ask the server, what it answers, and how it refuses everything else."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import pytest

from checker.explore.answers import Answers
from checker.explore.requests import MOST_BYTES, Asked
from checker.explore.runs import Runs
from checker.explore.server import Server
from checker.explore.walk import take, trace_of
from checker.lang.load import load
from checker.prepare import Prepared, prepare
from counterexamples.file import from_document
from tests.explore.conftest import CORNERS, TOKEN, Serve

START = {"run": "", "start": 0, "steps": [], "at": None, "wanted": ""}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@pytest.fixture(scope="module")
def server(serve: Serve, ward: Prepared) -> Server:
    return serve(ward)


def ask(
    server: Server,
    method: str = "POST",
    path: str = "/view",
    body: Any = START,
    **changed: str | None,
) -> Answer:
    """A request as the page makes it, but for the headers that are changed (`None`: left out)."""
    door = server.door
    ours = f"127.0.0.1:{door.port}"
    headers: dict[str, str | None] = {
        "Host": ours,
        "Cookie": f"{door.cookie}={TOKEN}",
        "Origin": f"http://{ours}",
        "Content-Type": "application/json",
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    if method != "GET" and "Content-Length" not in headers:
        headers["Content-Length"] = str(len(content))
    connection = HTTPConnection("127.0.0.1", door.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(None if method == "GET" else content)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert "Traceback" not in text
    return Answer(answer.status, dict(answer.getheaders()), text)


def test_the_page_is_opened_with_the_token_and_then_with_its_cookie(server: Server) -> None:
    opened = ask(server, "GET", f"/?token={TOKEN}", Cookie=None, Origin=None)
    assert opened.status == 200
    cookie, *rules = opened.headers["Set-Cookie"].split("; ")
    assert rules == ["Path=/", "HttpOnly", "SameSite=Strict"]
    assert ask(server, "GET", "/", Cookie=cookie, Origin=None).status == 200


def test_the_page_admits_nothing_but_itself(server: Server) -> None:
    opened = ask(server, "GET", "/")
    policy = opened.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert opened.headers["Cache-Control"] == "no-store"
    assert TOKEN not in opened.text


def test_a_walk_is_answered(server: Server) -> None:
    answer = ask(server, body={**START, "steps": [["call", "n1"]]})
    assert (answer.status, answer.headers["Content-Type"].split(";")[0]) == (
        200,
        "application/json",
    )
    assert json.loads(answer.text)["titles"] == ["start", "call(n1)"]


def test_a_walk_becomes_a_trace_file_and_a_test(server: Server) -> None:
    walk = {**START, "steps": [["call", "n1"], ["strike"]], "at": 1}
    trace = from_document(json.loads(ask(server, path="/trace", body=walk).text))
    assert [str(step) for step in trace.steps] == ["call(n1)"]
    source = ask(server, path="/test", body=walk).text
    names: dict[str, Any] = {}
    exec(compile(source, "test_walk.py", "exec"), names)
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    test()


@pytest.mark.parametrize(
    "cookie",
    [
        None,
        "",
        "splitbrain-{port}=",
        "splitbrain-{port}=a-toke",
        "splitbrain-{port}=a-token-and-more",
        "splitbrain-{port}=\N{SNOWMAN}",
        "splitbrain-1=a-token",
        "token=a-token",
        "\x01=;;;",
    ],
)
def test_without_the_token_nothing_is_told(server: Server, cookie: str | None) -> None:
    wrong = None if cookie is None else cookie.format(port=server.door.port)
    encoded = None if wrong is None else wrong.encode("utf-8").decode("latin-1")
    for method, path in (("POST", "/view"), ("GET", "/"), ("GET", "/nowhere")):
        answer = ask(server, method, path, Cookie=encoded)
        assert answer.status == 403
        assert answer.text == "the token is missing or wrong: open the address that was printed\n"


@pytest.mark.parametrize(
    "query",
    ["?token=", "?token=wrong", "?token=a-token&token=a-token", "?token=wrong&token=a-token"],
)
def test_a_wrong_token_in_the_address_is_not_mended_by_the_cookie(
    server: Server, query: str
) -> None:
    status = ask(server, "GET", f"/{query}").status
    assert status == (200 if query == "?token=" else 403)


@pytest.mark.parametrize(
    "host",
    [None, "", "evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}"],
)
def test_another_name_is_refused(server: Server, host: str | None) -> None:
    foreign = None if host is None else host.format(port=server.door.port)
    answer = ask(server, Host=foreign)
    assert (answer.status, answer.text) == (403, "this server has another name\n")


@pytest.mark.parametrize(
    "origin",
    [None, "null", "", "http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1:{port}"],
)
def test_another_page_is_refused(server: Server, origin: str | None) -> None:
    foreign = None if origin is None else origin.format(port=server.door.port)
    answer = ask(server, Origin=foreign)
    assert (answer.status, answer.text) == (403, "another page may not ask this\n")


def test_localhost_is_a_name_of_ours(server: Server) -> None:
    ours = f"localhost:{server.door.port}"
    assert ask(server, Host=ours, Origin=f"http://{ours}").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/view", 405),
        ("POST", "/", 405),
        ("PUT", "/view", 405),
        ("DELETE", "/view", 405),
        ("OPTIONS", "/view", 405),
        ("HEAD", "/", 405),
        ("BREW", "/view", 501),
        ("POST", "/nowhere", 404),
        ("GET", "/favicon.ico", 404),
        ("GET", "/../etc/passwd", 404),
        ("GET", "http://[", 400),
    ],
)
def test_methods_and_paths(server: Server, method: str, path: str, status: int) -> None:
    assert ask(server, method, path).status == status


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is not JSON"),
        (b"{", "the body is not JSON"),
        (b"\xff\xfe{}", "the body is not JSON"),
        (b"[" * 100_000, "the body is not JSON"),
        ([], "the body does not say what is asked for"),
        ({}, "the body does not say what is asked for"),
        ({**START, "more": 1}, "the body does not say what is asked for"),
        ({**START, "run": 1}, "the body does not say what is asked for"),
        ({**START, "start": True}, "the body does not say what is asked for"),
        ({**START, "at": 1.5}, "the body does not say what is asked for"),
        ({**START, "at": False}, "the body does not say what is asked for"),
        ({**START, "steps": {}}, "the body does not say what is asked for"),
        ({**START, "steps": [None]}, "not a walk of this spec: step 1 is not an action with"),
        ({**START, "steps": [["call", "\ud800"]]}, "not a walk of this spec: step 1: call: "),
        ({**START, "start": 1}, "not a walk of this spec: there is no initial state 1"),
        ({**START, "at": 1}, "not a walk of this spec: there is no step 1: it has 0"),
        ({**START, "at": -1}, "not a walk of this spec: there is no step -1: it has 0"),
        ({**START, "run": "R9"}, "not a walk of this spec: there is no run 'R9'"),
    ],
)
def test_what_is_not_understood_is_said(server: Server, body: Any, message: str) -> None:
    for path in ("/view", "/trace", "/test"):
        answer = ask(server, path=path, body=body)
        assert answer.status == 400
        assert answer.text.startswith(message), answer.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": None}, 415),
        ({"Content_Length": None}, 411),
        ({"Transfer_Encoding": "chunked"}, 411),
        ({"Content_Length": "-1"}, 400),
        ({"Content_Length": "many"}, 400),
        ({"Content_Length": str(MOST_BYTES + 1)}, 413),
        ({"Content_Length": "9" * 5000}, 413),
    ],
)
def test_bodies_of_another_kind_or_size_are_refused(
    server: Server, changed: Mapping[str, str | None], status: int
) -> None:
    changed = {key.replace("_", "-"): value for key, value in changed.items()}
    assert ask(server, **changed).status == status


def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    answer = ask(server, body=b" " * (MOST_BYTES + 1))
    assert (answer.status, answer.text) == (413, f"a body has at most {MOST_BYTES} bytes\n")


@pytest.mark.parametrize(
    "sent", [b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\r\n\r\n",
             b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"GET " + b"/" * 70_000]
)  # fmt: skip
def test_what_is_no_request_gets_a_short_answer_or_none(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.door.port), timeout=5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").read()
    assert b"Traceback" not in answer
    assert len(answer) < 1000
    assert ask(server).status == 200


def test_only_this_machine_is_listened_to(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_failure_of_ours_is_said_in_a_line(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(asked: object) -> str:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(server.answers, "view", fail)
    answer = ask(server)
    assert (answer.status, answer.text) == (500, "a fault\n")


def test_a_trace_is_taken_from_where_it_begins() -> None:
    own = prepare(load(f"{CORNERS}:Anywhere"), {}, {})
    trace = trace_of(take(own, (frozenset({0, 1}),), [["go", "n1"]]), None)
    whole = Asked(run="", start=0, steps=None, at=None, wanted="")
    seen = json.loads(Answers(Runs(own, trace, ())).view(whole))
    assert (seen["start"], seen["steps"], seen["halt"]) == (2, [["go", "n1"]], None)


def test_a_walk_may_begin_in_any_initial_state(serve: Serve) -> None:
    server = serve(prepare(load(f"{CORNERS}:Anywhere"), {}, {}))
    first = json.loads(ask(server).text)
    assert first["starts"] == ["there={n1}", "there={n2}", "there={n1, n2}"]
    both = json.loads(ask(server, body={**START, "start": 2, "steps": [["go", "n2"]]}).text)
    assert (both["start"], both["halt"], both["state"]) == (2, None, [["there", "{n1}", True]])
    one = json.loads(ask(server, body={**START, "start": 0, "steps": [["go", "n2"]]}).text)
    assert one["halt"][0] == "go(n2)"
    kept = from_document(json.loads(ask(server, path="/trace", body={**START, "start": 1}).text))
    assert kept.states == ((frozenset({1}),),)
    assert ask(server, body={**START, "start": 3}).status == 400
