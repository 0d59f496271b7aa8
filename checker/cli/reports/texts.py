"""What several formats say alike: a finding as plain text, steps in words, names that last."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from checker.cli.reports.cases import Case, Suite
from checker.trace import Trace
from counterexamples.diff import changes
from counterexamples.drawing.roles import HIDDEN, MINOR
from counterexamples.layout import fold
from counterexamples.paint import Paint
from counterexamples.render_terminal import INDENT, steps_table
from counterexamples.why.answer import Why
from counterexamples.why.lines import since, why_lines

WIDTH: Final = 100
PLAIN: Final = Paint()


def explained(case: Case) -> list[str]:
    """A finding as lines of plain text: what, where, the trace, why, and how to see it again."""
    lines = [f"{case.message}  ({case.place})"]
    if case.doc:
        lines += [INDENT + line for line in fold([case.doc], WIDTH - len(INDENT))]
    lines += [INDENT + line for line in case.details]
    if case.trace is not None and case.trace.steps:
        lines += ["", *steps_table(case.trace, WIDTH, PLAIN, why=case.why)]
    lines += why_text(case.why)
    return [*lines, *([f"{INDENT}see  {case.command}"] if case.command else [])]


def why_text(why: Why | None) -> list[str]:
    """Why it is so, with the source of what fails; nothing if it was not found out."""
    return [] if why is None else why_lines(why, WIDTH, PLAIN)


def reasons(why: Why | None) -> Iterator[str]:
    """Why it is so, in one sentence for each fact."""
    if why is not None:
        yield from map(str, why.witnesses)
        yield from (f"{fact.text} ({since(fact)})" for fact in why.facts)


def changed(trace: Trace, number: int) -> list[str]:
    """What step `number` (from 1) changed, as the terminal tells it."""
    if number == len(trace.states):
        return [f"undefined: {trace.message}"]
    found = changes(trace.variables, trace.states[number - 1], trace.states[number])
    shown = [one for one in found if not one.place.startswith(HIDDEN)]
    shown.sort(key=lambda one: re.split(r"[\[.]", one.place)[0] in MINOR)
    return list(map(str, shown))


def cut(text: str, most: int) -> str:
    """A text of at most `most` characters, that says if it was longer."""
    if len(text) <= most:
        return text
    note = f"… ({len(text):,} characters in all)"
    return text[: most - len(note)] + note


def identities(suites: Sequence[Suite]) -> list[tuple[Suite, Case, str]]:
    """Every cause under a name for good: of the check and what is judged, not of any line.

    Findings that nothing tells apart are numbered.
    """
    met: Counter[tuple[str, str, str]] = Counter()
    found = []
    for suite in suites:
        for case in suite.causes:
            key = (suite.name, case.rule, case.name)
            met[key] += 1
            text = "\0".join((*key, str(met[key])))
            found.append((suite, case, hashlib.sha256(text.encode()).hexdigest()[:32]))
    return found
