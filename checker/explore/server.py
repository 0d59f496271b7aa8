"""The server behind the page: for this machine alone, and without a memory.

A request brings the whole walk, and the answer depends on nothing else: nothing can be lost, and
any number of pages may be open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from checker.explore.answers import Answers
from checker.explore.page import Page
from checker.explore.requests import MOST_BYTES, Door, Refusal, asked, body_length
from checker.explore.runs import UnknownRun
from checker.explore.walk import MalformedWalk
from counterexamples.file import TraceFileError

HOST: Final = "127.0.0.1"

ALWAYS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Nothing is kept by anybody, framed by anybody, or told to anybody."""

SECONDS: Final = 30.0
"""Who says nothing for so long has gone away."""

JSON: Final = "application/json; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


class Server(ThreadingHTTPServer):
    """Serves the page and answers it. `explain` makes a message of an error of any kind.

    Raises `OSError` if the port is taken; port 0 is any that is free.
    """

    daemon_threads = True

    def __init__(
        self,
        port: int,
        token: str,
        page: Page,
        answers: Answers,
        explain: Callable[[Exception], str],
    ) -> None:
        super().__init__((HOST, port), Handler)
        self.door = Door(self.server_port, token)
        self.page = page
        self.answers = answers
        self.explain = explain


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    timeout = SECONDS

    def answer(self) -> None:
        """Answer it, or refuse it in a few words."""
        try:
            path = self.server.door.admit(self.command, self.path, self.headers)
            if path == "/":
                self._page()
            else:
                self._reply(HTTPStatus.OK, *self._answered(path))
        except Refusal as refusal:
            self._refuse(refusal)
        except (MalformedWalk, UnknownRun) as error:
            self._refuse(Refusal(HTTPStatus.BAD_REQUEST, f"not a walk of this spec: {error}"))
        except TraceFileError as error:
            self._refuse(Refusal(HTTPStatus.BAD_REQUEST, str(error)))
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as error:
            message = self.server.explain(error)
            self._refuse(Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, message))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def _answered(self, path: str) -> tuple[str, str]:
        wanted = asked(self.rfile.read(body_length(self.headers)))
        match path:
            case "/view":
                return JSON, self.server.answers.view(wanted)
            case "/trace":
                return JSON, self.server.answers.trace(wanted)
            case "/test":
                return TEXT, self.server.answers.test(wanted)
            case _:
                raise AssertionError(path)

    def _page(self) -> None:
        door, page = self.server.door, self.server.page
        keep = f"{door.cookie}={door.token}; Path=/; HttpOnly; SameSite=Strict"
        more = {"Content-Security-Policy": page.policy, "Set-Cookie": keep}
        self._reply(HTTPStatus.OK, HTML, page.content, more)

    def _refuse(self, refusal: Refusal) -> None:
        self._reply(refusal.status, TEXT, refusal.message + "\n")
        # Who still sends when the connection is closed does not read what was answered.
        with suppress(OSError, ValueError):
            self.connection.settimeout(1.0)
            self.rfile.read(min(4 * MOST_BYTES, int(self.headers.get("Content-Length", "0"))))

    def _reply(
        self, status: HTTPStatus, kind: str, content: str, more: Mapping[str, str] | None = None
    ) -> None:
        body = content.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in {**ALWAYS, **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library refuses on its own: a request that is none."""
        status = HTTPStatus(code)
        self._reply(status, TEXT, status.phrase + "\n")

    def version_string(self) -> str:
        """Whose answer it is."""
        return "splitbrain"

    def log_message(self, format: str, *args: Any) -> None:
        """The page says what was refused; the terminal stays quiet."""
