"""A trace on a terminal: a line a step, with what changed and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from checker.ir.values import State, show
from checker.trace import Ending, Step, Trace
from counterexamples.diff import changes
from counterexamples.layout import Column, fold, table
from counterexamples.paint import Paint

INDENT = "   "


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
    where = f"after {count(steps, 'step')}" if steps else "in the initial state"
    return f"{words} {where}"


def header_lines(trace: Trace, width: int, paint: Paint) -> list[str]:
    """What was run, and what the trace shows."""
    settings = [f"{name}={value}" for name, value in trace.settings.items()]
    scope = " ".join(f"{name}={bound}" for name, bound in trace.scope.items())
    first, *more = fold([trace.spec, *settings, *([scope] if scope else [])], width, "  ")
    lines = [paint.strong(trace.spec) + first[len(trace.spec) :], *more]
    subject = f"{trace.property}  " if trace.property else ""
    message = fold([trace.message], width - len(INDENT)) if trace.message else []
    return [*lines, "", subject + headline(trace), *(INDENT + line for line in message)]


def steps_table(trace: Trace, width: int, paint: Paint) -> list[str]:
    """The steps, numbered: who acted, and what changed."""
    if not trace.steps:
        return []
    room = width - len(INDENT)
    columns = (
        Column("", 6, paint.faint, to_the_right=True),
        Column("step", max(12, room * 2 // 5), paint.strong),
        Column("acting", 12),
        Column("changed", 0),
    )
    rows = [
        ((str(number),), (str(step),), (step.acting,), _changed(trace, number))
        for number, step in enumerate(trace.steps, start=1)
    ]
    lines = table(_with_room(columns, rows, room), rows, paint.faint)
    return [INDENT + line if line else "" for line in lines]


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


def _changed(trace: Trace, number: int) -> tuple[str, ...]:
    """What step `number` (from 1) changed, or why it has no value."""
    if number == len(trace.states):
        return (f"undefined: {trace.message}",)
    before, after = trace.states[number - 1], trace.states[number]
    return tuple(map(str, changes(trace.variables, before, after)))


def state_lines(trace: Trace, state: State, width: int, paint: Paint) -> list[str]:
    """A whole state, a variable a line."""
    widest = max((len(name) for name, _ in trace.variables), default=0)
    lines = []
    for (name, type), value in zip(trace.variables, state, strict=True):
        first, *more = fold(show(type, value).split("   "), width - len(INDENT) - widest - 4)
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
    lines += [f"{INDENT}  {line}" for line in fold(_changed(trace, number), width - 8)]
    if number < len(trace.states):
        lines += ["", *state_lines(trace, trace.states[number], width, paint)]
    return lines
