"""The page itself: one document with its style and script, which admits no other."""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any, Final

from checker.explore.runs import OWN, Exhibit, Runs
from checker.prepare import Prepared
from counterexamples.drawing.markup import data, text
from counterexamples.drawing.page import ASSETS

OWN_ASSETS: Final = Path(__file__).with_name("html")


@dataclass(frozen=True, slots=True)
class Page:
    """The document, and the policy under which it is shown: what runs in it, and whom it asks."""

    content: str
    policy: str


def page(own: Prepared, runs: Runs, begin: str = OWN) -> Page:
    """The page of a spec, which begins with a run. What is to be seen, its script asks for."""
    style = _asset(ASSETS / "page.css") + _asset(OWN_ASSETS / "explore.css")
    script = _asset(OWN_ASSETS / "draw.js") + _asset(OWN_ASSETS / "explore.js")
    content = Template(_asset(OWN_ASSETS / "explore.html")).substitute(
        title=text(f"{own.name}: explore"),
        spec=text(own.name),
        style=style,
        script=script,
        data=data({"begin": begin, "runs": list(_runs(own, runs))}),
    )
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "connect-src 'self'; img-src data:; "
        f"style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'"
    )
    return Page(content, policy)


def _asset(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return b64encode(sha256(content.encode()).digest()).decode()


def _runs(own: Prepared, runs: Runs) -> Iterator[dict[str, Any]]:
    """What the script knows before it asks: every run, with the words for it."""
    chosen = {n: v for n, v in own.model.settings.items() if v != own.defaults[n]}
    yield {
        "run": OWN,
        "label": "",
        "as": "in the run that was asked for",
        **_choices(own.name, chosen, own.model.scope),
    }
    yield from map(_exhibit, runs.exhibits.values())


def _exhibit(run: Exhibit) -> dict[str, Any]:
    return {
        "run": run.name,
        "label": f"{run.entry.id} {'with' if run.is_mended else 'without'} the fix",
        "as": "with the fix" if run.is_mended else "without the fix",
        "entry": run.entry.id,
        "mended": run.is_mended,
        "title": f"{run.entry.id}: {run.entry.title}",
        "story": run.entry.story,
        **_choices(run.side.spec, run.side.settings, run.side.scope),
    }


def _choices(spec: str, settings: Mapping[str, str], scope: Mapping[str, int]) -> dict[str, Any]:
    """The spec of a run and what was chosen for it, and the command that explores it."""
    words = [word for n, v in settings.items() for word in ("--set", f"{n}={v}")]
    bounds = ",".join(f"{name}={bound}" for name, bound in scope.items())
    words += ["--scope", bounds] if bounds else []
    return {
        "spec": spec,
        "settings": dict(settings),
        "scope": dict(scope),
        "command": shlex.join(["splitbrain", "explore", spec, *words]),
    }
