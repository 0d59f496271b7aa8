"""Checks that need not be run again: nothing changed since the lock recorded their verdict."""

from __future__ import annotations

from checker.gate.cache import digest_of
from checker.gate.entry import in_words
from checker.gate.judge import OK, Judgement
from checker.gate.lock import Entry, LockedProperty
from checker.gate.plan import Planned
from checker.gate.report import Expected

GOOD = ("holds", "reached", "proved")


def unchanged(planned: Planned, entry: Entry) -> Judgement | None:
    """What the lock says of a check, or `None` if the check must be run.

    It must if anything changed that the verdict depends on, or if the verdict that is recorded is
    not the one that is expected: a lock can be edited, and no check is green by a red entry.
    """
    expected = planned.run.check.expected
    if entry.digest != digest_of(planned) or entry.expected != in_words(expected):
        return None
    return OK if _is_as_expected(expected, entry) else None


def _is_as_expected(expected: Expected, entry: Entry) -> bool:
    judged = entry.properties
    if expected.property is None:
        return bool(judged) and all(found.verdict in GOOD for found in judged.values())
    own = judged.get(expected.property)
    others = (found for name, found in judged.items() if name != expected.property)
    return (
        own is not None
        and (own.verdict, own.steps) == ("violated", expected.steps)
        and all(map(_is_no_fault, others))
    )


def _is_no_fault(found: LockedProperty) -> bool:
    return found.verdict in (*GOOD, "undetermined")
