"""Proofs as text: a table of action by property, then what stands in the way of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Final

from checker.cli.terminal import labelled, marked
from checker.proof import Proof, Row, Verdict
from checker.reachability import Label, Reachable, Unreachable
from checker.semantics.step import initial_state
from checker.symbolic.verdicts import Counterexample, Outcome, Proved, Unknown
from checker.trace import Trace
from counterexamples.layout import Column, Style, fold, plain, table
from counterexamples.paint import Paint
from counterexamples.render_start import start_lines
from counterexamples.render_terminal import (
    INDENT,
    count,
    headline,
    state_lines,
    steps_table,
)

START: Final = "initial state"
MARKS: Final = {
    Verdict.PROVED: "✓",
    Verdict.RELATIVE: "?",
    Verdict.VIOLATED: "✗",
    Verdict.NOT_INDUCTIVE: "?",
    Verdict.UNKNOWN: "?",
}


def proof_lines(proof: Proof, files: Mapping[str, Path], width: int, paint: Paint) -> list[str]:
    """A whole proof: what was asked, the table, what is in the way, and what to know about it."""
    lines = [*_header(proof, width, paint), "", *_table(proof, width, paint), ""]
    for row in proof.rows:
        lines += [_verdict_line(proof, row, paint), *_row_lines(proof, row, files, width, paint)]
    lines = lines[:-1] if lines[-1] == "" else lines
    if notes := _notes(proof):
        lines += ["", *labelled("note", notes, width, paint)]
    return lines


def verdict_lines(proof: Proof, paint: Paint) -> list[str]:
    """A line for each property."""
    return [_verdict_line(proof, row, paint) for row in proof.rows]


def _header(proof: Proof, width: int, paint: Paint) -> list[str]:
    settings = [
        f"{name}={value}" if value == proof.defaults[name]
        else f"{name}={value} (default {proof.defaults[name]})"
        for name, value in proof.settings.items()
    ]  # fmt: skip
    bounds = [f"{name}={n}" for name, n in proof.scope.items() if name not in proof.lifted]
    first, *more = fold([proof.spec, *settings, *bounds], width, "  ")
    lines = [paint.strong(proof.spec) + first[len(proof.spec) :], *more]
    if proof.lifted:
        lines += labelled("for every", [", ".join(proof.lifted)], width, paint)
    if proof.assumed:
        lines += labelled("lemmas", [", ".join(proof.assumed)], width, paint)
    asked = sum(len(row.outcomes) for row in proof.rows)
    steps = "induction" if proof.steps == 1 else f"induction over {proof.steps} steps"
    return [*lines, f"  {steps}  {count(asked, 'obligation')}  {proof.seconds:.2f} s"]


def _table(proof: Proof, width: int, paint: Paint) -> list[str]:
    """A row for each action, a column for each property."""
    names = [row.name for row in proof.rows]
    actions = dict.fromkeys(action for row in proof.rows for action in row.outcomes)
    ordered = sorted(actions, key=lambda action: action is not None)
    cells = [
        [(START if action is None else action,), *((_cell(row, action),) for row in proof.rows)]
        for action in ordered
    ]
    headings = names
    lines = table(_columns(headings), cells, plain)
    legend = []
    if max(map(len, lines), default=0) > width:
        headings = [f"({number})" for number in range(1, len(names) + 1)]
        pairs = zip(headings, names, strict=True)
        legend = ["", *(f"  {short}  {name}" for short, name in pairs)]
    drawn = table(_columns(headings), cells, paint.faint)
    return [*(marked(line, paint) for line in drawn), *legend]


def _columns(headings: list[str]) -> list[Column]:
    return [Column("", 60), *(Column(heading, 60) for heading in headings)]


def _cell(row: Row, action: str | None) -> str:
    if action not in row.outcomes:
        return ""
    match row.outcomes[action]:
        case Proved():
            return "✓"
        case Counterexample():
            return "✗" if isinstance(row.labels.get(action), Reachable) else "?"
        case _:
            return "…"


def _verdict_line(proof: Proof, row: Row, paint: Paint) -> str:
    widest = max(len(other.name) for other in proof.rows)
    verdict = proof.verdict(row)
    words = verdict.value
    if row.trace is not None:
        words = headline(row.trace)
    elif verdict is Verdict.PROVED and row.is_lemma:
        words = "proved, a lemma"
    style = _style(verdict, paint)
    return f"{style(MARKS[verdict])} {row.name.ljust(widest)}  {style(words)}"


def _style(verdict: Verdict, paint: Paint) -> Style:
    if verdict is Verdict.PROVED:
        return paint.good
    return paint.bad if verdict is Verdict.VIOLATED else paint.doubtful


def _row_lines(
    proof: Proof, row: Row, files: Mapping[str, Path], width: int, paint: Paint
) -> list[str]:
    """The trace of a violation; or else the first counterexample to induction, as what it is."""
    if row.trace is not None:
        bounds = [f"{name}={row.trace.scope[name]}" for name in proof.lifted]
        lines = labelled(" in", [" ".join(bounds)], width, paint) if bounds else []
        shown = [
            *start_lines(row.trace, width, paint),
            *steps_table(row.trace, width, paint),
        ]
        lines += shown or state_lines(row.trace, row.trace.states[0], width, paint)
        if (kept := files.get(row.name)) is not None:
            lines.append(f"{INDENT}{paint.faint('see')}  splitbrain show {quote(kept.as_posix())}")
        return [*lines, ""]
    for action, outcome in row.outcomes.items():
        if isinstance(outcome, Counterexample):
            return [*_induction_lines(proof, row, action, outcome, width, paint), ""]
    reasons = _reasons(row.outcomes)
    return [*labelled("why", reasons, width, paint), ""] if reasons else []


def _induction_lines(
    proof: Proof,
    row: Row,
    action: str | None,
    found: Counterexample,
    width: int,
    paint: Paint,
) -> list[str]:
    """One step from a state that need not be reachable: never to be taken for a bug."""
    trace = proof.as_trace(row, found)
    others = sum(isinstance(o, Counterexample) for o in row.outcomes.values()) - 1
    what = f"counterexample to induction, {_label(row.labels.get(action))}"
    more = f", the first of {others + 1}" if others else ""
    lines = [INDENT + line for line in fold([what + more], width - len(INDENT))]
    return [*lines, *_first_state(proof, trace, width, paint), *steps_table(trace, width, paint)]


def _first_state(proof: Proof, trace: Trace, width: int, paint: Paint) -> list[str]:
    """Where a counterexample to induction begins: what is not as in the initial state."""
    if proof.model.init is not None:
        heading = f"{INDENT}{paint.strong('from the state')}"
        return [heading, *state_lines(trace, trace.states[0], width, paint)]
    start = initial_state(proof.model_in(trace.scope))
    differs = [
        number
        for number, (one, other) in enumerate(zip(start, trace.states[0], strict=True))
        if one != other
    ]
    if not differs:
        return [f"{INDENT}{paint.strong('from the initial state')}"]
    shown = replace(
        trace,
        variables=tuple(trace.variables[number] for number in differs),
        states=tuple(tuple(state[number] for number in differs) for state in trace.states),
    )
    heading = "from a state like the initial one, but for"
    lines = state_lines(shown, shown.states[0], width, paint)
    return [f"{INDENT}{paint.strong(heading)}", *lines]


def _label(label: Label | None) -> str:
    match label:
        case Unreachable(states):
            states_of = count(states, "reachable state")
            return f"unreachable: its first state is none of the {states_of} of its scope"
        case Reachable():
            return "reachable"
        case None:
            return "nobody knows whether it can happen"
        case unsettled:
            return f"nobody knows whether it can happen ({unsettled.reason})"


def _reasons(outcomes: Mapping[str | None, Outcome]) -> list[str]:
    unknown = [(a, o.reason) for a, o in outcomes.items() if isinstance(o, Unknown)]
    return [f"{START if action is None else action}: {reason}" for action, reason in unknown]


def _notes(proof: Proof) -> list[str]:
    """What a reader must know in order not to read too much, or too little, into the verdicts."""
    notes = []
    if proof.fixed:
        names = ", ".join(proof.fixed)
        notes.append(
            f"proved for the given {names} only: the spec depends on it beyond its domains"
        )
    excluded = [n for n, bound in proof.scope.items() if not bound and n not in proof.lifted]
    if excluded:
        notes.append(f"what may happen 0 times is excluded (--lift all): {', '.join(excluded)}")
    if proof.dropped:
        names = ", ".join(proof.dropped)
        notes.append(f"not inductive together with the lemmas, so not assumed: {names}")
    if any(proof.verdict(row) is Verdict.NOT_INDUCTIVE for row in proof.rows):
        notes.append(
            "not inductive is no verdict on the spec: a lemma (--with) or more steps (--k) may help"
        )
    if any(proof.verdict(row) is Verdict.RELATIVE for row in proof.rows):
        notes.append("proved under lemmas that are not proved themselves is not proved")
    return notes
