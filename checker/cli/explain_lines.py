"""Explanations for a reader, and for a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.trace import Trace
from counterexamples.explanation import Explanation
from counterexamples.fate import Fate, Outlook, sentences
from counterexamples.layout import fold
from counterexamples.paint import Paint
from counterexamples.prevention import Prevention, Remedy, fixes
from counterexamples.render_terminal import INDENT

MARGIN = 8


def explanation_lines(trace: Trace, found: Explanation, width: int, paint: Paint) -> list[str]:
    """Below the steps: how they became inevitable, and what would have prevented them."""
    lines: list[str] = []
    if found.fate is not None:
        lines += _labelled("fate", list(sentences(trace, found.fate)), width, paint)
    if found.prevention is not None:
        lines += _labelled("fix", list(fixes(found.prevention)), width, paint)
    if found.problem is not None:
        lines += _labelled("note", [f"not explained: {found.problem}"], width, paint)
    return lines


def _labelled(label: str, texts: Sequence[str], width: int, paint: Paint) -> list[str]:
    """Texts below each other, the first behind its label."""
    lines = [line for text in texts for line in fold([text], width - MARGIN)]
    first = INDENT + paint.strong(label) + " " * (MARGIN - len(INDENT) - len(label))
    return [(" " * MARGIN if number else first) + line for number, line in enumerate(lines)]


def explanation_to_json(found: Explanation) -> dict[str, Any]:
    """Field for field what `docs/result.schema.json` promises."""
    return {
        "inevitability": None if found.fate is None else _fate(found.fate),
        "prevention": None if found.prevention is None else _prevention(found.prevention),
        "problem": found.problem,
    }


def _fate(fate: Fate) -> dict[str, Any]:
    return {
        "states": fate.states,
        "steps": fate.steps,
        "within": fate.within,
        "stopped": fate.stop,
        "no_return": fate.no_return,
        "no_return_beyond_scope": fate.no_return_beyond,
        "outlooks": list(map(_outlook, fate.outlooks)),
    }


def _outlook(one: Outlook) -> dict[str, Any]:
    return {
        "distance": one.distance,
        "is_nearest": one.is_nearest,
        "successors": one.successors,
        "avoiding": one.open,
        "not_avoiding": one.closed,
        "avoidable": one.avoidable,
        "avoidable_beyond_scope": one.avoidable_beyond,
    }


def _prevention(found: Prevention) -> dict[str, Any]:
    return {
        "remedies": list(map(_remedy, found.remedies)),
        "tried": found.tried,
        "undecided": [dict(changes) for changes in found.undecided],
        "untried": found.untried,
        "stopped": found.stop,
        "without_effect": list(found.without_effect),
    }


def _remedy(one: Remedy) -> dict[str, Any]:
    return {
        "settings": dict(one.changes),
        "states": one.states,
        "never_fired": list(one.idle),
        "goals_lost": list(one.lost),
        "goals_judged": one.has_goals_judged,
    }
