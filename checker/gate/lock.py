"""`splitbrain.lock`: what was accepted, committed beside the declaration.

JSON with one line for each action and property, in the order of the declaration and of the specs,
so that a changed state space is a short diff in review.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from checker.gate.digests import Meaning
from checker.gate.errors import DeclarationError
from counterexamples.file import write_text

FILE: Final = "splitbrain.lock"
FORMAT: Final = "splitbrain lock"
VERSION: Final = 1
WIDTH: Final = 140
CONFLICT: Final = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.M)


@dataclass(frozen=True, slots=True)
class LockedAction:
    """What an action means, how often it was taken, how many states it found first.

    The counts are `None` where the engine counts no steps, or the action was left out.
    """

    digest: str
    fired: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class LockedProperty:
    """What a property says, by digest, and what became of it."""

    kind: str
    digest: str
    verdict: str
    steps: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One check as it was accepted.

    `digest` is of all that the verdict depends on. `expected` is in words. `options` are those of
    the engine that are not the usual ones. `counts` and `graph` are empty for an engine that
    visits no states.
    """

    digest: str
    spec: str
    engine: str
    expected: str
    settings: Mapping[str, str]
    scope: Mapping[str, int]
    options: Mapping[str, Any]
    start: str
    variables: Mapping[str, str]
    actions: Mapping[str, LockedAction]
    properties: Mapping[str, LockedProperty]
    counts: Mapping[str, int]
    graph: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lock:
    """All entries by the names of their checks, and the texts of the properties by digest."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)

    def recorded(self) -> dict[str, dict[str, Meaning]]:
        """What the properties of each check said."""
        return {
            check: {
                name: Meaning(p.kind, p.digest, self.meanings.get(p.digest, ""))
                for name, p in entry.properties.items()
            }
            for check, entry in self.entries.items()
        }


def read(path: Path) -> Lock | None:
    """The lock in a file, or `None` if there is none; raises `DeclarationError` for a damaged one.

    A damaged lock is no missing one: without it nothing would be compared.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from None
    if CONFLICT.search(text):
        raise _damaged(path, "it has the marks of a merge conflict", "take one side of it, and")
    try:
        document = json.loads(text)
        if document.get("format") != FORMAT or document.get("version") != VERSION:
            raise _damaged(path, f'it is not a "{FORMAT}" of version {VERSION}')
        entries = {name: _entry(item) for name, item in document["checks"].items()}
        meanings = {str(name): str(text) for name, text in document["meanings"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None
    return Lock(entries, meanings)


def _damaged(
    path: Path, reason: str, remedy: str = "restore it, or delete it and"
) -> DeclarationError:
    help = f"{remedy} run splitbrain gate --update"
    return DeclarationError(path.name, f"cannot be read: {' '.join(reason.split())[:200]}", help)


def _entry(item: Any) -> Entry:
    return Entry(
        digest=_of(str, item["digest"]),
        spec=_of(str, item["spec"]),
        engine=_of(str, item["engine"]),
        expected=_of(str, item["expected"]),
        settings=_all(str, item["settings"]),
        scope=_all(int, item["scope"]),
        options=_of(dict, item["options"]),
        start=_of(str, item["start"]),
        variables=_all(str, item["variables"]),
        actions={
            name: LockedAction(
                _of(str, a["digest"]), _number(a["fired"]), _number(a["new"])
            )
            for name, a in item["actions"].items()
        },
        properties={
            name: LockedProperty(
                _of(str, p["kind"]), _of(str, p["digest"]), _of(str, p["verdict"]),
                _number(p["steps"]),
            )
            for name, p in item["properties"].items()
        },
        counts=_all(int, item["counts"]),
        graph=_all(str, item["graph"]),
    )  # fmt: skip


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r:.40} is no {kind.__name__}")
    return value


def _all(kind: type, values: Any) -> dict[str, Any]:
    return {str(name): _of(kind, value) for name, value in _of(dict, values).items()}


def _number(value: Any) -> int | None:
    return None if value is None else int(_of(int, value))


def write(lock: Lock, path: Path) -> None:
    """Write the lock whole or not at all; raises `ToolError` if that fails."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "checks": {name: _to_json(entry) for name, entry in lock.entries.items()},
        "meanings": dict(sorted(lock.meanings.items())),
    }
    text = "\n".join(_lines("", document, "")) + "\n"
    write_text(text, path, "the lock must be writable for --update")


def _to_json(entry: Entry) -> dict[str, Any]:
    return {
        "digest": entry.digest,
        "spec": entry.spec,
        "engine": entry.engine,
        "expected": entry.expected,
        "settings": dict(entry.settings),
        "scope": dict(entry.scope),
        "options": dict(entry.options),
        "start": entry.start,
        "variables": dict(entry.variables),
        "actions": {
            name: {"fired": a.fired, "new": a.new, "digest": a.digest}
            for name, a in entry.actions.items()
        },
        "properties": {
            name: {"kind": p.kind, "verdict": p.verdict, "steps": p.steps, "digest": p.digest}
            for name, p in entry.properties.items()
        },
        "counts": dict(entry.counts),
        "graph": dict(entry.graph),
    }


def _lines(head: str, value: Any, indent: str) -> Iterator[str]:
    """A value as lines of JSON; an object whose members are all scalars stands on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    is_leaf = not isinstance(value, dict) or not value
    if is_leaf or (len(indent + head + flat) <= WIDTH and _is_flat(value.values())):
        yield indent + head + flat
        return
    yield indent + head + "{"
    last = len(value) - 1
    for number, (name, item) in enumerate(value.items()):
        key = json.dumps(name, ensure_ascii=False)
        *before, end = _lines(f"{key}: ", item, indent + "  ")
        yield from before
        yield end + ("" if number == last else ",")
    yield indent + "}"


def _is_flat(values: Iterable[Any]) -> bool:
    return not any(isinstance(value, dict) for value in values)
