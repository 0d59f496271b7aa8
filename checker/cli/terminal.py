"""Results as text for a reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Final, assert_never

from checker.cli.explain_lines import explanation_lines
from checker.cli.reasons import EVERYTHING, Selection
from checker.result import Result
from checker.trace import Ending, Trace
from checker.verdict import (
    Bounded,
    Deadlock,
    Holds,
    Partial,
    Reached,
    Undefined,
    Undetermined,
    Unreached,
    Verdict,
    Violated,
    trace_of,
)
from counterexamples.explanation import NOT_EXPLAINED, Explanations
from counterexamples.fate import Fate, margin
from counterexamples.layout import Column, Style, fold, plain, table
from counterexamples.paint import Paint
from counterexamples.render_start import start_lines
from counterexamples.render_terminal import (
    INDENT,
    count,
    end_lines,
    headline,
    state_lines,
    steps_table,
)
from counterexamples.why.answer import Why
from counterexamples.why.lines import why_lines

Files = Mapping[str, Path]

NOTHING: Final[Mapping[str, Why]] = {}
NO_PROPERTIES: Final = "no properties: only undefined steps are looked for"
MOST_SEEN: Final = 10

COUNTS: Final = ("states", "generated", "level", "cut", "seconds")

STOPS: Final = {
    "initial states": "stopped before there was a search: --max-initial",
    "states": "stopped at --max-states",
    "memory": "stopped for lack of memory (--max-memory, or what the machine has)",
    "timeout": "stopped at --timeout",
    "interrupt": "interrupted",
    "depth": "stopped at --depth",
    "no longer path": "no path has more steps: --engine explicit can tell whether all holds",
    "solver": "the solver gave up",
}


def result_lines(
    result: Result,
    files: Files,
    width: int,
    paint: Paint,
    whys: Mapping[str, Why] = NOTHING,
    chosen: Selection = EVERYTHING,
    explanations: Explanations = NOT_EXPLAINED,
) -> list[str]:
    """A whole result: what was run, what was counted, the verdicts, and what to know about them.

    `whys` and `explanations` are of verdicts, by their labels; traces are shown with the `chosen`
    variables.
    """
    lines = [*header_lines(result, width, paint), *_start_lines(result, width)]
    lines += [*_counts_lines(result, width, paint), ""]
    lines += _explained_verdicts(result, files, whys, chosen, explanations, width, paint)
    if notes := [*_notes(result), *_kept_notes(result, files)]:
        lines.append("")
        lines += labelled("note", notes, width, paint)
    return lines


def header_lines(
    result: Result, width: int, paint: Paint, without: Collection[str] = ()
) -> list[str]:
    """Spec, settings (those that differ from their default say so), and scope."""
    settings = [
        f"{name}={value}" if value == result.defaults[name]
        else f"{name}={value} (default {result.defaults[name]})"
        for name, value in result.settings.items() if name not in without
    ]  # fmt: skip
    bounds = [f"{name}={n}" for name, n in result.scope.items() if name not in without]
    scope = " ".join(bounds)
    first, *more = fold([result.spec, *settings, *([scope] if scope else [])], width, "  ")
    return [paint.strong(result.spec) + first[len(result.spec) :], *more]


def _start_lines(result: Result, width: int) -> list[str]:
    """Where the run starts, if not in the state of the initial values."""
    if result.start is None:
        return []
    which = "from any initial state" if result.unsolved is None else "from initial states"
    if result.initial_states is not None:
        which = f"from {count(result.initial_states, 'initial state')}"
    return ["  " + line for line in fold([which, str(result.start)], width - 2, "  ")]


def _counts_lines(result: Result, width: int, paint: Paint) -> list[str]:
    seconds = result.seconds
    level = f"diameter {result.level}" if result.complete else f"level {result.level}"
    counts = [count(result.states, "state"), f"{result.generated:,} generated", level]
    counts.append(f"{seconds.search:.2f} s (+{seconds.compile:.1f} s compile)")
    if result.walks is not None:
        walks = result.walks
        counts = [
            f"{count(walks.walks, 'walk')} of at most {count(walks.steps, 'step')}",
            f"{count(result.generated, 'step')} taken",
            f"{count(result.states, 'state')} seen",
            f"{seconds.search:.2f} s",
        ]
    if result.solver is not None:
        solver = result.solver
        counts = [
            f"paths of at most {count(result.level, 'step')}",
            f"{seconds.search:.2f} s (+{seconds.compile:.1f} s to encode)",
            f"{solver.name} {solver.version}, seed {solver.seed}",
        ]
    lines = ["  " + line for line in fold(counts, width - 2, "  ")]
    if result.unsolved is not None:
        lines.append("  " + paint.doubtful("nothing searched: not all initial states are known"))
    elif result.stop in STOPS:
        lines.append("  " + paint.doubtful(STOPS[result.stop]))
    return lines


def verdict_lines(result: Result, paint: Paint) -> list[str]:
    """A line for each verdict."""
    widest = max((len(label) for label, _ in result.verdicts), default=0)
    lines = [_verdict_line(label, verdict, widest, paint) for label, verdict in result.verdicts]
    return lines if result.properties else [*lines, NO_PROPERTIES]


def _verdict_line(label: str, verdict: Verdict, widest: int, paint: Paint) -> str:
    mark, text = judgement(verdict)
    style = _style(mark, paint)
    return f"{style(mark)} {label.ljust(widest)}  {style(text)}"


def _explained_verdicts(
    result: Result,
    files: Files,
    whys: Mapping[str, Why],
    chosen: Selection,
    explanations: Explanations,
    width: int,
    paint: Paint,
) -> list[str]:
    """A line for each verdict, with the trace that shows it, and why it does."""
    widest = max((len(label) for label, _ in result.verdicts), default=0)
    lines: list[str] = []
    shown: dict[object, str] = {}
    for label, verdict in result.verdicts:
        lines.append(_verdict_line(label, verdict, widest, paint))
        trace = trace_of(verdict)
        if trace is not None and not isinstance(verdict, Reached):
            same, why = shown.setdefault((trace.states, trace.steps), label), whys.get(label)
            told = explanations.get(label)
            fate = None if told is None else told.fate
            lines += _trace_lines(chosen.of(trace), same, label, why, fate, width, paint)
            lines += [] if why is None else ["", *why_lines(why, width, paint)]
            lines += [] if told is None else ["", *explanation_lines(trace, told, width, paint)]
            lines += [*_see(files.get(label), paint), ""]
    if not result.properties:
        lines.append(NO_PROPERTIES)
    return lines[:-1] if lines[-1:] == [""] else lines


def judgement(verdict: Verdict) -> tuple[str, str]:
    """A mark and the few words beside it."""
    match verdict:
        case Holds():
            return "✓", "holds"
        case Reached(trace):
            return "✓", headline(trace)
        case Violated(trace) | Undefined(trace) | Deadlock(trace):
            return "✗", headline(trace)
        case Unreached():
            return "✗", "never reached"
        case Undetermined(search):
            return "?", f"undetermined: nothing found {_looked(search)}"
        case _:
            assert_never(verdict)


def _looked(search: Partial | Bounded) -> str:
    if isinstance(search, Bounded):
        return f"within {count(search.level, 'step')}"
    return f"in {count(search.states, 'state')}"


def _style(mark: str, paint: Paint) -> Style:
    match mark[:1]:
        case "✓":
            return paint.good
        case "✗":
            return paint.bad
        case "?":
            return paint.doubtful
        case _:
            return plain


def _trace_lines(
    trace: Trace,
    same: str,
    label: str,
    why: Why | None,
    fate: Fate | None,
    width: int,
    paint: Paint,
) -> list[str]:
    """The steps; or a word, if another verdict (`same`) has shown them already."""
    room = width - len(INDENT)
    undefined = trace.ending is Ending.UNDEFINED_PROPERTY
    lines = [INDENT + line for line in fold([trace.message], room)] if undefined else []
    if same != label:
        return [*lines, f"{INDENT}the same steps as for {same}"]
    if not trace.steps:
        return lines + state_lines(trace, trace.states[0], width, paint)
    logs = end_lines(trace, width, paint)
    beside = None if fate is None else margin(fate)
    steps = steps_table(trace, width, paint, why=why, margin=beside)
    return [*lines, *start_lines(trace, width, paint), *steps, *logs]


def _see(kept: Path | None, paint: Paint) -> list[str]:
    """The command that shows a trace: never folded, for it is there to be copied."""
    if kept is None:
        return []
    return [f"{INDENT}{paint.faint('see')}  splitbrain show {quote(kept.as_posix())}"]


def _notes(result: Result) -> list[str]:
    """What a reader must know in order not to read too much into the verdicts."""
    unsettled = any(isinstance(verdict, Undetermined) for _, verdict in result.verdicts)
    notes = ["stopped at the first finding: --continue goes on"]
    notes = notes if unsettled and result.stop == "finding" else []
    notes += [
        f"{scope} cut {count(steps, 'step')}: "
        f"behaviours beyond {scope}={result.scope.get(scope, '?')} are not covered"
        for scope, steps in result.cut.items()
        if steps
    ]
    if result.without_budget:
        names = ", ".join(f"{a} ({budget}=0)" for a, budget in result.without_budget.items())
        notes.append(f"left out, the scope allows none: {names}")
    # After a finding, what has not fired yet says nothing: the search had no chance to get there.
    if result.never_fired and result.stop != "finding" and result.unsolved is None:
        so_far = "" if result.complete else " so far"
        notes.append(f"never fired{so_far}: {', '.join(result.never_fired)}")
    if result.always_true:
        names = ", ".join(result.always_true)
        notes.append(f"says nothing in this scope, where every state would satisfy it: {names}")
    outside = (*result.dropped_actions, *result.dropped_variables)
    if outside:
        names = ", ".join(outside)
        notes.append(f"left out, the properties do not depend on it (--no-cone keeps it): {names}")
    if result.unsolved is not None:
        notes.append(f"initial states: {result.unsolved}")
    if result.solver is not None and result.solver.reason is not None:
        notes.append(f"the solver's own words: {result.solver.reason}")
    if any(isinstance(verdict, Unreached) for _, verdict in result.verdicts):
        notes.append("a goal that is never reached: a guard is too strong, or the scope too small")
    return notes


def _kept_notes(result: Result, files: Files) -> list[str]:
    """Goals that are reached are good news: where their traces are is enough."""
    reached = [label for label, verdict in result.verdicts if isinstance(verdict, Reached)]
    folders = dict.fromkeys(files[label].parent.as_posix() for label in reached if label in files)
    return [f"traces to the goals that are reached: {folder}/" for folder in folders]


def labelled(label: str, texts: Sequence[str], width: int, paint: Paint) -> list[str]:
    """Texts with a label before each, folded with a hanging indent."""
    lines = []
    for text in texts:
        first, *more = fold([text], width - len(label) - 4)
        lines.append(f"  {paint.faint(label)}  {first}")
        lines += [" " * (len(label) + 4) + line.strip() for line in more]
    return lines


def sweep_lines(
    names: Sequence[str],
    runs: Sequence[tuple[Result, Files]],
    width: int,
    paint: Paint,
) -> list[str]:
    """One table of several runs: what tells them apart, the counts, and a mark for each verdict."""
    labels = tuple(dict.fromkeys(label for run, _ in runs for label, _ in run.verdicts))
    rows = [[(text,) for text in _sweep_row(names, labels, run)] for run, _ in runs]
    lines = table(_sweep_columns(names, labels), rows, paint.faint)
    if labels and max(map(len, table(_sweep_columns(names, labels), rows, plain))) > width:
        letters = [f"({number})" for number in range(1, len(labels) + 1)]
        lines = table(_sweep_columns(names, letters), rows, paint.faint)
        lines += [
            "",
            *(f"  {short}  {label}" for short, label in zip(letters, labels, strict=True)),
        ]
    return [*(marked(line, paint) for line in lines), *_sweep_traces(runs, paint)]


def _sweep_columns(names: Sequence[str], verdicts: Sequence[str]) -> list[Column]:
    columns = [Column(name, 24) for name in names]
    columns += [Column(name, 24, to_the_right=True) for name in COUNTS]
    return columns + [Column(heading, 12) for heading in verdicts]


def _sweep_row(names: Sequence[str], labels: Sequence[str], run: Result) -> list[str]:
    chosen = {**run.settings, **{name: str(bound) for name, bound in run.scope.items()}}
    verdicts = dict(run.verdicts)
    marks = []
    for label in labels:
        mark, _ = judgement(verdicts[label]) if label in verdicts else ("", "")
        trace = trace_of(verdicts[label]) if label in verdicts else None
        marks.append(mark if trace is None else f"{mark} {len(trace.steps)}")
    level = str(run.level) if run.complete else f"{run.level}…"
    cut = f"{sum(run.cut.values()):,}"
    counts = [f"{run.states:,}", f"{run.generated:,}", level, cut]
    counts = ["", "", level, ""] if run.solver is not None else counts
    counts.append(f"{run.seconds.total:.2f}")
    return [*(chosen.get(name, "") for name in names), *counts, *marks]


def marked(line: str, paint: Paint) -> str:
    """A line with its marks in their colours."""
    for mark in "✓✗?":
        line = line.replace(mark, _style(mark, paint)(mark))
    return line


def _sweep_traces(runs: Sequence[tuple[Result, Files]], paint: Paint) -> list[str]:
    """Where the traces of what went wrong are; the first few, for there may be many."""
    kept = [
        files[label]
        for run, files in runs
        for label, verdict in run.verdicts
        if label in files and not isinstance(verdict, Reached)
    ]
    lines = [f"  {paint.faint('see')}  splitbrain show {quote(path.as_posix())}" for path in kept]
    more = [] if len(kept) <= MOST_SEEN else [f"       and {len(kept) - MOST_SEEN} more"]
    return ["", *lines[:MOST_SEEN], *more] if kept else []
