"""Verdicts that were reached before: nothing is run again that could not come out otherwise.

An entry is named after a digest of all that a result depends on: the model, the properties,
settings, scope, engine, and the code of splitbrain itself. It holds a digest of its own content;
one that is cut short or was edited does not match, and the check is run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import llvmlite
import z3

from checker.gate.plan import Planned
from checker.gate.report import ProofResult
from checker.gate.stored import from_json, to_json
from checker.result import Result
from checker.version import VERSION

PACKAGES: Final = ("checker", "counterexamples")
"""Whose code decides what a result is."""


def engine_version() -> str:
    """A digest of what runs the checks: our own code, the compiler, the solver, Python."""
    seal = hashlib.sha256()
    root = Path(__file__).resolve().parents[2]
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            seal.update(path.relative_to(root).as_posix().encode())
            seal.update(path.read_bytes())
    versions = (llvmlite.__version__, z3.get_version_string(), platform.python_version())
    seal.update("\0".join(versions).encode())
    return seal.hexdigest()


def key_of(planned: Planned, engine: str) -> str:
    """What the result of a planned run depends on, as one digest; limits are no part of it."""
    digests, check = planned.digests, planned.run.check
    assert digests is not None, planned.failure
    document = [
        engine,
        planned.run.spec,
        digests.whole,
        [[name, meaning.digest] for name, meaning in digests.properties.items()],
        list(planned.settings.items()),
        list(planned.scope.items()),
        [check.engine, check.properties, check.depth, check.deadlock],
        [check.lemmas, check.lift, check.k],
    ]
    return hashlib.sha256(json.dumps(document).encode()).hexdigest()


def digest_of(planned: Planned) -> str:
    """The same on any machine, by the version of splitbrain alone: what the lock records."""
    return key_of(planned, VERSION)[:32]


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of results; it is made when first written to."""

    folder: Path

    def read(self, key: str) -> Result | ProofResult | None:
        """The result kept under a key, or `None` if there is none that is whole."""
        try:
            seal, _, body = self._file(key).read_text(encoding="utf-8").partition("\n")
            if seal != _seal(key, body):
                return None
            return from_json(json.loads(body))
        except (OSError, ValueError, KeyError, TypeError, AssertionError, RecursionError):
            return None

    def write(self, key: str, result: Result | ProofResult) -> None:
        """Keep a result; a folder that cannot be written to is left alone."""
        body = json.dumps(to_json(result), ensure_ascii=False, separators=(",", ":"))
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(f"{_seal(key, body)}\n{body}")
                # Renaming is atomic: two gates at once never see half an entry.
                Path(name).replace(self._file(key))
            except OSError:
                with suppress(OSError):
                    Path(name).unlink()
        except OSError:
            return

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def _seal(key: str, body: str) -> str:
    return hashlib.sha256(f"{key}\n{body}".encode()).hexdigest()
