"""A synthesis as text: the combinations, the condition, and the traces where it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Final, assert_never

from checker.cli.terminal import STOPS, header_lines, judgement, labelled, marked
from checker.conditions import Column as Varied
from checker.conditions import Condition, Form
from checker.synthesize import Answer, Decided, Synthesis, deviations, text_of
from checker.trace import Ending, Trace
from checker.verdict import trace_of
from counterexamples.layout import Column, fold, plain, table
from counterexamples.paint import Paint
from counterexamples.render_terminal import INDENT, count, state_lines, steps_table

Files = Mapping[int, Mapping[str, Path]]
"""Where traces were kept, by the number of the combination and the label of the verdict."""

MOST_ROWS: Final = 100
MOST_SHOWN: Final = 10


def synthesis_lines(found: Synthesis, files: Files, width: int, paint: Paint) -> list[str]:
    """What was asked, a row for each combination, the condition, and the least that breaks it."""
    lines = [*_header(found, width, paint), "", *_table(found, width, paint), ""]
    lines += condition_lines(found, width, paint)
    for number, one in enumerate(found.minimal):
        lines.append("")
        lines += _unsafe_lines(found, one, files, width, paint, traced=number < MOST_SHOWN)
    if notes := _notes(found):
        lines += ["", *labelled("note", notes, width, paint)]
    return lines


def condition_lines(found: Synthesis, width: int, paint: Paint) -> list[str]:
    """The condition, and how far it goes."""
    total = count(len(found.decided), "combination")
    safe, unsafe, unknown = (found.count(answer) for answer in Answer)
    how_far = f"  {safe:,} of {total} safe, {unsafe:,} unsafe"
    if unknown:
        how_far += f"; of {unknown:,} nothing is known"
    if not unsafe and not unknown:
        return [paint.good(f"✓ always safe: all of {total}")]
    if not safe:
        known, style = ("known to be ", paint.doubtful) if unknown else ("", paint.bad)
        lead = f"{'?' if unknown else '✗'} never {known}safe: none of {total}"
        return [style(lead), *([how_far] if unknown else [])]
    lead, style = "✓ safe if and only if", paint.good
    if unknown:
        lead, style = "? a bound: safe if", paint.doubtful
    first, *more = _formula(found.condition, lead, width)
    return [style(first), *more, how_far]


def _formula(condition: Condition, lead: str, width: int) -> list[str]:
    """On one line, or else a term a line."""
    whole = f"{lead}  {condition}"
    if len(whole) <= width:
        return [whole]
    joint = "or" if condition.form is Form.ANY else "and"
    lines = [lead]
    for number, text in enumerate(condition.texts):
        before = f"    {joint if number else '':>3}  "
        first, *more = fold([text], width - len(before))
        lines += [before + first, *(" " * len(before) + line for line in more)]
    return lines


def _header(found: Synthesis, width: int, paint: Paint) -> list[str]:
    names = [column.name for column in found.grid.columns]
    first = found.decided[0].result
    assert first is not None, "the first combination is always searched"
    varied = [f"{column.name} {_range(column)}" for column in found.grid.columns]
    return [
        *header_lines(first, width, paint, names),
        *labelled("property", [", ".join(found.properties)], width, paint),
        *labelled("over    ", ["; ".join(varied)], width, paint),
    ]


def _range(column: Varied) -> str:
    numbers = column.numbers
    if len(numbers) > 1 and numbers == tuple(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}..{numbers[-1]}"
    return ", ".join(map(str, column.values))


def _table(found: Synthesis, width: int, paint: Paint) -> list[str]:
    """A row for each combination; headings that leave no room are numbered instead."""
    names = [column.name for column in found.grid.columns]
    rows = [[(cell,) for cell in _row(found, one)] for one in found.decided[:MOST_ROWS]]
    legend, headings = [], names
    if max(map(len, table(_columns(names), rows, plain))) > width:
        headings = [f"({number})" for number in range(1, len(names) + 1)]
        pairs = zip(headings, names, strict=True)
        legend = ["", *(f"  {short}  {name}" for short, name in pairs)]
    lines = [marked(line, paint) for line in table(_columns(headings), rows, paint.faint)]
    more = len(found.decided) - len(rows)
    left_out = [paint.faint(f"and {more:,} more: --json has all of them")] if more else []
    return [*lines, *left_out, *legend]


def _columns(headings: Sequence[str]) -> list[Column]:
    columns = [Column(heading, 24) for heading in headings]
    return [*columns, Column("states", 24, to_the_right=True), Column("", 80)]


def _row(found: Synthesis, one: Decided) -> list[str]:
    states = "" if one.result is None else f"{one.result.states:,}"
    return [*map(str, one.values.values()), states, _answer(found, one)]


def _answer(found: Synthesis, one: Decided) -> str:
    match one.answer:
        case Answer.SAFE:
            return "✓ safe"
        case Answer.UNSAFE:
            return " ".join(_failure(found, one))
        case Answer.UNDETERMINED:
            return "? not searched" if one.result is None else "? undetermined"
        case _:
            assert_never(one.answer)


def _failure(found: Synthesis, one: Decided) -> tuple[str, str]:
    """A mark, and what is wrong; of several properties, which one."""
    assert one.failure is not None, one.values
    label, verdict = one.failure
    mark, words = judgement(verdict)
    return mark, words if (label,) == found.properties else f"{label} {words}"


def _unsafe_lines(
    found: Synthesis, one: Decided, files: Files, width: int, paint: Paint, *, traced: bool
) -> list[str]:
    """A minimal unsafe combination with the steps that show it."""
    assert one.failure is not None, one.values
    mark, words = _failure(found, one)
    label, verdict = one.failure
    what = text_of(deviations(found.grid, one) or one.values)
    first, *more = fold([f"{mark} with {what}: {words}"], width)
    lines = [paint.bad(first), *map(paint.bad, more)]
    trace = trace_of(verdict)
    if trace is not None and traced:
        lines += _trace_lines(trace, width, paint)
    kept = files.get(found.decided.index(one), {}).get(label)
    if kept is not None:
        lines.append(f"{INDENT}{paint.faint('see')}  splitbrain show {quote(kept.as_posix())}")
    return lines


def _trace_lines(trace: Trace, width: int, paint: Paint) -> list[str]:
    undefined = trace.ending is Ending.UNDEFINED_PROPERTY
    lines = fold([trace.message], width - len(INDENT)) if undefined else []
    steps = steps_table(trace, width, paint)
    shown = steps or state_lines(trace, trace.states[0], width, paint)
    return [*(INDENT + line for line in lines), *shown]


def _notes(found: Synthesis) -> list[str]:
    """What the condition does not speak of, and what makes it say less than it seems to."""
    notes = []
    if found.minimal:
        start = text_of(found.grid.baseline)
        notes.append(f"shown are the unsafe combinations that deviate least from {start}")
    runs = [one.result for one in found.decided if one.result is not None]
    safe = [one.result for one in found.decided if one.answer is Answer.SAFE and one.result]
    cut = {name: run.scope[name] for run in safe for name, steps in run.cut.items() if steps}
    if bounds := [f"{n}={bound}" for n, bound in cut.items() if n not in found.grid.bounds]:
        notes.append(f"behaviours beyond {' '.join(sorted(bounds))} are not covered")
    if budgets := _common(
        [[f"{a} ({b}=0)" for a, b in run.without_budget.items()] for run in runs]
    ):
        notes.append(f"left out, the scope allows none: {', '.join(budgets)}")
    if idle := _common([run.never_fired for run in safe]):
        notes.append(f"never fired in a safe combination: {', '.join(idle)}")
    open_ones = [one for one in found.decided if one.answer is Answer.UNDETERMINED]
    stops = [one.result.stop for one in open_ones if one.result is not None]
    for stop in dict.fromkeys(stop for stop in stops if stop in STOPS):
        notes.append(f"{stops.count(stop):,} undetermined: {STOPS[stop]}")
    return notes


def _common(names: Sequence[Sequence[str]]) -> list[str]:
    """What is in all of them, in the order of the first."""
    return [name for name in names[0] if all(name in others for others in names)] if names else []
