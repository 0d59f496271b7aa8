"""Who may ask, and what a request may look like. Whatever else comes gets a short refusal.

The server listens on this machine alone, but any page in the user's browser can send it requests,
and any user of the machine can. So a request must bring the token of this run; its Host must be
ours, or a foreign name that points to this machine would pass for us; and what a page sends must
come from our own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from hmac import compare_digest
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, urlsplit

MOST_BYTES: Final = 1 << 18
"""A request's body may have so many: a walk of the most steps that are allowed fits well."""

NO_TOKEN: Final = "the token is missing or wrong: open the address that was printed"

ROUTES: Final[Mapping[str, str]] = {"/": "GET", "/view": "POST", "/trace": "POST", "/test": "POST"}
"""Every path, and the one method that it has."""


class Refusal(Exception):
    """A request that is not answered; `status` says how, the message says why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Door:
    """What every request must know: the token, and the port by which we are called."""

    port: int
    token: str

    @property
    def url(self) -> str:
        """Where the page is, with the token."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """Cookies know no ports: without ours in the name, two servers would share one."""
        return f"splitbrain-{self.port}"

    def admit(self, method: str, target: str, headers: Message) -> str:
        """The path that is asked for; raises `Refusal` unless this is a request that we answer."""
        hosts = [f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")]
        if headers.get_all("Host", []) not in [[host] for host in hosts]:
            raise Refusal(HTTPStatus.FORBIDDEN, "this server has another name")
        address = _parsed(target)
        if not self._has_token(address.query, headers):
            raise Refusal(HTTPStatus.FORBIDDEN, NO_TOKEN)
        wanted = ROUTES.get(address.path)
        if wanted is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "there is nothing here")
        if method != wanted:
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"only {wanted} is possible here")
        origins = headers.get_all("Origin", [] if method == "POST" else [f"http://{hosts[0]}"])
        if origins not in [[f"http://{host}"] for host in hosts]:
            raise Refusal(HTTPStatus.FORBIDDEN, "another page may not ask this")
        return address.path

    def _has_token(self, query: str, headers: Message) -> bool:
        """In the query, by which the page is opened, or in the cookie that it then has."""
        given = parse_qs(query).get("token", [])
        cookies = SimpleCookie()
        try:
            cookies.load(headers.get("Cookie", ""))
        except CookieError:
            return False
        if not given and self.cookie in cookies:
            given = [cookies[self.cookie].value]
        return len(given) == 1 and compare_digest(given[0].encode(), self.token.encode())


def _parsed(target: str) -> SplitResult:
    try:
        return urlsplit(target)
    except ValueError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "this is no address") from None


def body_length(headers: Message) -> int:
    """How many bytes to read; raises `Refusal` for a body that we do not take."""
    if headers.get_content_type() != "application/json":
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be JSON")
    lengths = headers.get_all("Content-Length", [])
    if "Transfer-Encoding" in headers or len(lengths) != 1:
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "the length of the body must be told")
    if not (lengths[0].isascii() and lengths[0].isdigit()):
        raise Refusal(HTTPStatus.BAD_REQUEST, "the length of the body is not a number")
    if len(lengths[0]) > 12 or int(lengths[0]) > MOST_BYTES:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MOST_BYTES} bytes")
    return int(lengths[0])


@dataclass(frozen=True, slots=True)
class Asked:
    """A walk, and from where to look at it.

    `steps` are as the page keeps them; `None`: those that the run begins with. `at` is a number of
    steps, `None`: all. `wanted` is what the steps to list have in their words.
    """

    run: str
    start: int
    steps: Sequence[Any] | None
    at: int | None
    wanted: str


def asked(body: bytes) -> Asked:
    """What a body asks for; raises `Refusal` if it is not understood."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
    match data:
        case {
            "run": str(run),
            "start": int(start),
            "steps": list() | None as steps,
            "at": int() | None as at,
            "wanted": str(wanted),
        } if len(data) == 5 and type(start) is int and type(at) is not bool:
            return Asked(run, start, steps, at, wanted)
        case _:
            raise Refusal(HTTPStatus.BAD_REQUEST, "the body does not say what is asked for")
