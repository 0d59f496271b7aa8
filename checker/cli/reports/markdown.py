"""The gate's report in Markdown, as GitHub draws it: the summary of a job."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from textwrap import dedent
from typing import Final

from checker.cli.gate_lines import MARKS
from checker.cli.reports.cases import Case, Suite
from checker.cli.reports.collect import is_compared
from checker.cli.reports.texts import changed, why_text
from checker.gate.report import CheckReport, GateReport, Outcome, Source
from checker.result import Result
from checker.trace import Trace
from counterexamples.forms.mermaid import mermaid
from counterexamples.render_terminal import count, headline

MOST_BYTES: Final = 1024 * 1024
"""GitHub takes no longer summary of a step."""
ROOM_FOR_NOTE: Final = 300
MOST_DIAGRAM: Final = 50_000
"""Mermaid draws no longer text, in characters."""
ESCAPED: Final = re.compile(r"[\\`*_\[\]#|~]")
ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", ":": "&#58;"}
SPECIAL: Final = re.compile(r"[&<>$]|:(?=[\w+-]+:)")
"""HTML, a formula, and an emoji by its name."""
STATES: Final = "states "


class Kind(Enum):
    """What a piece of the summary tells; in short supply, those that stand first are kept."""

    TABLE = "table", "tables"
    WRONG = "description of what is wrong", "descriptions of what is wrong"
    TRACE = "trace", "traces"
    DIAGRAM = "diagram", "diagrams"


Piece = tuple[Kind, str]


def markdown(suites: Sequence[Suite], report: GateReport, most: int = MOST_BYTES) -> str:
    """The report in at most `most` bytes; says what was left out to stay below."""
    pieces = [(Kind.TABLE, _head(report)), *_details(suites)]
    kept = _fitting(pieces, most - ROOM_FOR_NOTE)
    told = [piece for number, (_, piece) in enumerate(pieces) if number in kept]
    missing = Counter(kind for number, (kind, _) in enumerate(pieces) if number not in kept)
    if missing:
        names = (f"{missing[k]:,} {k.value[missing[k] > 1]}" for k in Kind if missing[k])
        told.append(f"Left out, as a summary has at most {most:,} bytes: {', '.join(names)}.\n")
    return "\n".join(told)


def _fitting(pieces: Sequence[Piece], room: int) -> set[int]:
    """The numbers of the pieces that there is room for."""
    kept = set()
    order = list(Kind)
    for number in sorted(range(len(pieces)), key=lambda n: order.index(pieces[n][0])):
        size = len(pieces[number][1].encode()) + 1
        if size <= room:
            kept.add(number)
            room -= size
    return kept


def text(plain: str) -> str:
    """A text that Markdown shows as it is, in one line."""
    escaped = ESCAPED.sub(r"\\\g<0>", " ".join(plain.split()))
    return SPECIAL.sub(lambda found: ENTITIES[found[0]], escaped)


def code(plain: str, in_table: bool = False) -> str:
    """A text as code, in one line."""
    shown = " ".join(plain.split()) or " "
    if in_table:
        shown = shown.replace("|", "\\|")
    fence = "`" * (_longest_run(shown) + 1)
    space = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{space}{shown}{space}{fence}"


def block(lines: Iterable[str], language: str) -> str:
    """Lines as they are, in a block of a language."""
    inside = "\n".join(lines)
    fence = "`" * max(3, _longest_run(inside) + 1)
    return f"{fence}{language}\n{inside}\n{fence}"


def _longest_run(plain: str) -> int:
    return max(map(len, re.findall("`+", plain)), default=0)


def _head(report: GateReport) -> str:
    counts = (
        f"{MARKS[outcome]} {found} {outcome.value}"
        for outcome in Outcome
        if (found := report.count(outcome))
    )
    lines = [
        f"## splitbrain gate: {', '.join(counts) or 'nothing was run'}",
        "",
        "|  | check | outcome | states | Δ | seconds |",
        "|---|---|---|---:|---|---:|",
        *(_row(check, report) for check in report.checks),
        "",
        f"Profile {code(report.profile)}, {report.seconds:.1f} s.",
        *(text(message) for message in report.messages),
    ]
    if not report.has_lock and not report.lock_written:
        told = f"There is no {report.lock.name}, so no state space was compared:"
        lines.append(f"{text(told)} {code('splitbrain gate --update')} records them.")
    return "\n".join([*lines, ""])


def _row(check: CheckReport, report: GateReport) -> str:
    counted = check.result if isinstance(check.result, Result) else None
    states = "" if counted is None or counted.solver else f"{counted.states:,}"
    known = "" if check.source is Source.RUN else f" ({check.source.value})"
    cells = (
        MARKS[check.outcome],
        code(check.name, in_table=True),
        text(_outcome(check) + known),
        states,
        text(_change(check, report)),
        f"{check.seconds:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _outcome(check: CheckReport) -> str:
    first = check.messages[0].partition("\n")[0] if check.messages else ""
    word = check.outcome.value
    if check.outcome is Outcome.OK or not first:
        return word
    return first if first.startswith(word) else f"{word}: {first}"


def _change(check: CheckReport, report: GateReport) -> str:
    """How the number of states differs from the lock's, or what else does."""
    if not is_compared(check, report):
        return ""
    texts = [one.text for one in check.differences]
    told = next((one.removeprefix(STATES) for one in texts if one.startswith(STATES)), None)
    if told is not None:
        return told
    if len(texts) == 1:
        return texts[0]
    return count(len(texts), "difference") if texts else "="


def _details(suites: Sequence[Suite]) -> Iterator[Piece]:
    """What is wrong, in pieces each of which stands alone."""
    for suite in suites:
        if suite.findings:
            yield Kind.WRONG, _wrong(suite)
        shortest = _shortest(suite)
        if shortest is not None:
            case, trace = shortest
            yield Kind.TRACE, _trace(case, trace)
            if (drawn := _diagram(trace)) is not None:
                yield Kind.DIAGRAM, drawn


def _wrong(suite: Suite) -> str:
    mark = "✗" if suite.check is None else MARKS[suite.check.outcome]
    lines = [f"### {mark} {text(suite.name)}", ""]
    if suite.check is not None:
        lines += [f"{code(_asked(suite.check))}, {text(suite.check.place)}", ""]
    for case in suite.findings:
        doc = f"<br>{text(case.doc)}" if case.doc else ""
        lines.append(f"- **{text(case.message)}**, {text(str(case.place))}{doc}")
        if case.details:
            lines += ["", *_indented(block(case.details, "text")), ""]
    return "\n".join([*lines, ""])


def _asked(check: CheckReport) -> str:
    chosen = (*check.settings.items(), *check.scope.items())
    return " ".join((check.spec, *(f"{name}={value}" for name, value in chosen)))


def _indented(lines: str) -> Iterator[str]:
    yield from (f"  {line}" for line in lines.split("\n"))


def _shortest(suite: Suite) -> tuple[Case, Trace] | None:
    shown = [(case, case.trace) for case in suite.findings if case.trace is not None]
    return min(shown, key=lambda one: len(one[1].steps), default=None)


def _trace(case: Case, trace: Trace) -> str:
    lines = [f"Trace: {text(case.name)}, {headline(trace)}.", ""]
    if trace.steps:
        lines += [*_steps(trace), ""]
    if why := why_text(case.why):
        lines += [block(dedent("\n".join(why)).split("\n"), "text"), ""]
    if case.command:
        lines += ["To see it again:", "", block([case.command], "sh"), ""]
    return "\n".join(lines)


def _steps(trace: Trace) -> Iterator[str]:
    """A table of the steps; without a column for who acts, if nobody does."""
    somebody = any(step.acting for step in trace.steps)
    acting = "| acting " if somebody else ""
    yield f"| # {acting}| step | changed |"
    yield f"|---:{'|---' if somebody else ''}|---|---|"
    for number, step in enumerate(trace.steps, 1):
        told = "<br>".join(code(one, in_table=True) for one in changed(trace, number))
        who = f"| {text(step.acting)} " if somebody else ""
        yield f"| {number} {who}| {code(str(step), in_table=True)} | {told} |"


def _diagram(trace: Trace) -> str | None:
    drawn = mermaid(trace) if trace.steps else ""
    if not drawn or len(drawn) > MOST_DIAGRAM:
        return None
    inside = block(drawn.rstrip("\n").split("\n"), "mermaid")
    return f"<details><summary>Diagram</summary>\n\n{inside}\n\n</details>\n"
