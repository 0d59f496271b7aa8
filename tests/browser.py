"""Chromium, headless, spoken to in its driver's own protocol: WebDriver, which is JSON over HTTP.

Needs Chromium and its driver (Debian: `chromium`, `chromium-driver`); `MISSING` says they are not
there.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
MISSING = BROWSER is None or DRIVER is None

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--window-size=1280,900",
]  # fmt: skip

HOME, END, LEFT, RIGHT, UP, DOWN = "\ue011", "\ue010", "\ue012", "\ue014", "\ue013", "\ue015"
ENTER, ESCAPE, TAB = "\ue007", "\ue00c", "\ue004"


@dataclass(frozen=True, slots=True)
class Window:
    """One window."""

    session: str

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """What the driver answers."""
        return spoken(method, self.session + path, body)

    def open(self, address: str) -> None:
        """Go there, and not merely to another fragment of the same page."""
        self.ask("POST", "/url", url="about:blank")
        self.ask("POST", "/url", url=address)

    def run(self, script: str) -> Any:
        """What a script returns."""
        return self.ask("POST", "/execute/sync", script=script, args=[])

    def becomes(self, script: str, wanted: object) -> None:
        """Wait until an expression has a value; fails with the value that it has instead."""
        deadline = time.monotonic() + 5
        while (found := self.run(f"return {script}")) != wanted:
            assert time.monotonic() < deadline, found
            time.sleep(0.02)

    def press(self, *keys: str) -> None:
        """Type."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.ask("POST", "/actions", actions=[{"type": "key", "id": "keys", "actions": strokes}])

    def click(self, selector: str) -> None:
        """Click on the first that fits."""
        found = self.ask("POST", "/element", using="css selector", value=selector)
        self.ask("POST", f"/element/{next(iter(found.values()))}/click")

    def emulate(self, **media: Any) -> None:
        """Paper, or the dark."""
        command = {"cmd": "Emulation.setEmulatedMedia", "params": media}
        self.ask("POST", "/goog/cdp/execute", **command)

    def allow_downloads(self, folder: Path) -> None:
        """Keep there what the page gives."""
        params = {"behavior": "allow", "downloadPath": str(folder)}
        self.ask("POST", "/goog/cdp/execute", cmd="Browser.setDownloadBehavior", params=params)

    def screenshot(self, path: Path) -> None:
        """What is to be seen, as PNG."""
        path.write_bytes(base64.b64decode(self.ask("GET", "/screenshot")))

    @property
    def complaints(self) -> list[str]:
        """What stands on the console since it was last read."""
        return [entry["message"] for entry in self.ask("POST", "/se/log", type="browser")]


def spoken(method: str, url: str, body: Any) -> Any:
    data = None if method in ("GET", "DELETE") else json.dumps(body).encode()
    asked = Request(url, data, {"Content-Type": "application/json"}, method=method)
    with build_opener(ProxyHandler({})).open(asked, timeout=60) as answer:
        return json.load(answer)["value"]


@contextmanager
def driver() -> Iterator[str]:
    """A driver that runs; its address."""
    assert DRIVER is not None
    with subprocess.Popen(
        [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        ports = (re.search(r"started successfully on port (\d+)", line) for line in process.stdout)
        yield f"http://127.0.0.1:{next(filter(None, ports))[1]}"
        process.terminate()


@contextmanager
def window(profile: Path) -> Iterator[Window]:
    """A window of a browser of its own."""
    options = {"binary": BROWSER, "args": [*ARGUMENTS, f"--user-data-dir={profile}"]}
    wanted = {
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": {"browser": "ALL"},
    }
    with driver() as address:
        made = spoken("POST", f"{address}/session", {"capabilities": {"alwaysMatch": wanted}})
        session = f"{address}/session/{made['sessionId']}"
        yield Window(session)
        spoken("DELETE", session, None)
