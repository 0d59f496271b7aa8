"""A trace on a terminal: a line a step, with what changed and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from checker.ir.values import State
from checker.trace import Ending, Step, Trace
from counterexamples.brief import brief
from counterexamples.diff import changes
from counterexamples.drawing.roles import HIDDEN, MINOR
from counterexamples.layout import Column, Style, fold, table
from counterexamples.log_lines import log_lines
from counterexamples.paint import Paint
from counterexamples.why.answer import Why

INDENT = "   "
MARGIN_WIDTH = 12
EMPTY: Final = frozenset[int]()
CITED = "▸"
"""Before the number of a step that the explanation speaks of."""
NEEDLESS = "·"
"""Before the number of one that does not matter."""


@dataclass(frozen=True, slots=True)
class Margin:
    """A slim extra column beside the steps: its heading, and one short text a step."""

    heading: str
    texts: Sequence[str]


def count(number: int, noun: str) -> str:
    """`1 step`, `2 steps`, `1,000 steps`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def headline(trace: Trace) -> str:
    """What the trace shows, in a few words: `violated after 9 steps`."""
    steps = len(trace.steps)
    match trace.ending:
        case Ending.UNDEFINED_STEP:
            return f"undefined at step {steps}"
        case Ending.UNDEFINED_PROPERTY:
            words = "undefined"
        case Ending.VIOLATED:
            words = "violated"
        case Ending.REACHED:
            words = "reached"
        case Ending.DEADLOCK:
            words = "deadlock"
        case Ending.WALK:
            return f"a walk of {count(steps, 'step')}"
    where = f"after {count(steps, 'step')}" if steps else "in the initial state"
    return f"{words} {where}"


def header_lines(
    trace: Trace, width: int, paint: Paint, defaults: Mapping[str, str] | None = None
) -> list[str]:
    """What was run, and what the trace shows; with `defaults`, only the settings that differ."""
    known = defaults or {}
    chosen = {name: v for name, v in trace.settings.items() if known.get(name) != v}
    settings = [f"{name}={value}" for name, value in chosen.items()]
    if left := len(trace.settings) - len(chosen):
        settings.append(f"({count(left, 'setting')} as by default)")
    scope = " ".join(f"{name}={bound}" for name, bound in trace.scope.items())
    first, *more = fold([trace.spec, *settings, *([scope] if scope else [])], width, "  ")
    lines = [paint.strong(trace.spec) + first[len(trace.spec) :], *more]
    subject = f"{trace.property}  " if trace.property else ""
    message = fold([trace.message], width - len(INDENT)) if trace.message else []
    return [*lines, "", subject + headline(trace), *(INDENT + line for line in message)]


def steps_table(
    trace: Trace,
    width: int,
    paint: Paint,
    *,
    margin: Margin | None = None,
    why: Why | None = None,
) -> list[str]:
    """The steps, numbered: who acted, and what changed; the margin stands before the changes.

    The steps and places that `why` speaks of are marked; steps that do not matter are faint.
    """
    if not trace.steps:
        return []
    assert margin is None or len(margin.texts) == len(trace.steps), "one text a step"
    room = width - len(INDENT)
    nobody = not any(step.acting for step in trace.steps)
    longest = max(len(step.action) for step in trace.steps)
    columns = (
        Column("", 8, paint.faint, to_the_right=True),
        *([] if nobody else [Column("acting", 12)]),
        Column("step", max(room // 3, min(36, longest + 6)), paint.strong),
        *([] if margin is None else [Column(margin.heading, MARGIN_WIDTH, paint.faint)]),
        Column("changed", 0, _marking(trace, why, paint)),
    )
    cited, faint = (why.steps, why.needless) if why is not None else (EMPTY, EMPTY)
    rows = [
        (
            (_numbered(number, cited, faint),),
            *([] if nobody else [(step.acting,)]),
            (str(step),),
            *([] if margin is None else [(margin.texts[number - 1],)]),
            _changed(trace, number),
        )
        for number, step in enumerate(trace.steps, start=1)
    ]
    shades = [paint.faint if number in faint else None for number in range(1, len(rows) + 1)]
    lines = table(_with_room(columns, rows, room), rows, paint.faint, shades)
    note = [f"{NEEDLESS} not needed: without these steps the rest ends so, too"] if faint else []
    return [INDENT + line if line else "" for line in [*lines, *map(paint.faint, note)]]


def _numbered(number: int, cited: frozenset[int], needless: frozenset[int]) -> str:
    if number in needless:
        return f"{NEEDLESS} {number}"
    return f"{CITED} {number}" if number in cited else str(number)


def _marking(trace: Trace, why: Why | None, paint: Paint) -> Style:
    """How changes look: what the explanation speaks of stands out, what seldom matters is faint."""
    cited = frozenset[str]() if why is None else why.places

    def look(place: re.Match[str]) -> str:
        found = place[0]
        if any(_is_part(found, of) for of in cited):
            return paint.bad(found)
        return paint.faint(found) if re.split(r"[\[.]", found)[0] in MINOR else found

    names = "|".join(re.escape(name) for name, _ in trace.variables)
    pattern = re.compile(rf"(?<!\S)(?:{names})(?:\[[^\]\s]*\]|\.\w+)*(?=: )")
    return lambda text: pattern.sub(look, text)


def _is_part(place: str, of: str) -> bool:
    """Whether a place is another one, or a part of it."""
    return place == of or (place.startswith(of) and place[len(of)] in "[.")


def _with_room(
    columns: Sequence[Column], rows: Sequence[Sequence[Sequence[str]]], room: int
) -> list[Column]:
    """The last column gets what the others leave of the width."""
    *others, last = columns
    taken = 0
    for i, column in enumerate(others):
        widest = max(len("   ".join(row[i])) for row in rows)
        taken += max(len(column.heading), min(column.most, widest)) + 2
    return [*others, Column(last.heading, max(20, room - taken), last.style)]


def _changed(trace: Trace, number: int, *, budgets: bool = False) -> tuple[str, ...]:
    """What step `number` (from 1) changed, or why it has no value; what seldom matters last."""
    if number == len(trace.states):
        return (f"undefined: {trace.message}",)
    before, after = trace.states[number - 1], trace.states[number]
    found = [
        change
        for change in changes(trace.variables, before, after)
        if budgets or not change.place.startswith(HIDDEN)
    ]
    found.sort(key=lambda change: re.split(r"[\[.]", change.place)[0] in MINOR)
    return tuple(map(str, found))


def end_lines(trace: Trace, width: int, paint: Paint) -> list[str]:
    """The logs as the trace leaves them, if it has any, below an empty line."""
    lines = log_lines(trace, trace.states[-1], width - len(INDENT), paint)
    return ["", *(INDENT + line for line in lines)] if lines else []


def state_lines(trace: Trace, state: State, width: int, paint: Paint) -> list[str]:
    """A whole state, a variable a line."""
    widest = max((len(name) for name, _ in trace.variables), default=0)
    lines = []
    for (name, type), value in zip(trace.variables, state, strict=True):
        first, *more = fold(brief(type, value).split("   "), width - len(INDENT) - widest - 4)
        lines.append(f"{INDENT}  {paint.faint(name.ljust(widest))}  {first}")
        lines += [INDENT + " " * (widest + 4) + line for line in more]
    return lines


def whole(trace: Trace, width: int, paint: Paint) -> list[str]:
    """Every step with the whole state after it, the initial state first."""
    lines = [f"{INDENT}{paint.strong('initial state')}"]
    lines += state_lines(trace, trace.states[0], width, paint)
    for number, step in enumerate(trace.steps, start=1):
        lines += ["", *one_step(trace, number, step, width, paint)]
    return lines


def one_step(trace: Trace, number: int, step: Step, width: int, paint: Paint) -> list[str]:
    """Step `number` (from 1): what changed, and the whole state after it."""
    lines = [f"{INDENT}{number}  {paint.strong(str(step))}"]
    lines += [
        f"{INDENT}  {line}" for line in fold(_changed(trace, number, budgets=True), width - 8)
    ]
    if number < len(trace.states):
        lines += ["", *state_lines(trace, trace.states[number], width, paint)]
    return lines
