"""An audit as text: what is said in vain, where it stands, and of which states that is true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from checker.audit.findings import Audit, Finding, Kind, Reach
from checker.cli.terminal import labelled
from counterexamples.layout import fold
from counterexamples.paint import Paint
from counterexamples.render_terminal import count

NO_STATE: Final = {
    Reach.REACHABLE: "in no reachable state",
    Reach.BOUNDS: "in no state within these bounds, reachable or not",
    Reach.ANY_BOUNDS: "in no state at all, whatever the bounds",
}
EVERY_STATE: Final = {
    Reach.REACHABLE: "in every reachable state",
    Reach.BOUNDS: "in every state within these bounds, reachable or not",
    Reach.ANY_BOUNDS: "in every state there is, whatever the bounds",
}
REMARKS: Final = {
    Kind.IDLE_GUARD: "guards that exclude nothing here",
    Kind.DEAD_BRANCH: "tests that are never true where a step comes to them",
    Kind.ONLY_BRANCH: "tests that are never false where a step comes to them",
}
STOPS: Final = {
    "initial states": "there are more initial states than --max-initial",
    "solver": "the solver gave up on the initial states",
    "too large": "with all that is asked of it, the model is too large to unroll",
    "states": "it stopped at --max-states",
    "memory": "it stopped for lack of memory",
    "timeout": "it stopped at --timeout",
    "interrupt": "it was interrupted",
    "undefined step": "there is an undefined step, and nobody knows what comes after it",
}


def audit_lines(audit: Audit, width: int, paint: Paint) -> list[str]:
    """A whole audit: what was asked, what is said in vain, and what to know about it."""
    counts = [count(audit.conditions, "condition"), count(audit.states, "state")]
    lines = fold(["audit", *counts, f"{audit.seconds:.2f} s", audit.solver], width, "  ")
    lines[0] = paint.strong("audit") + lines[0][len("audit") :]
    lines += finding_lines(audit, width, paint)
    for kind, heading in REMARKS.items():
        if found := [each for each in audit.findings if each.kind is kind]:
            lines += ["", f"  {paint.faint(heading)}", *_remark_lines(found, width)]
    if notes := _notes(audit):
        lines += ["", *labelled("note", notes, width, paint)]
    return lines


def finding_lines(audit: Audit, width: int, paint: Paint) -> list[str]:
    """What deserves more than a remark."""
    findings = [found for found in audit.findings if not found.is_remark]
    widest = max((len(found.owner) for found in findings), default=0)
    lines = []
    for found in findings:
        first, *more = fold([sentence(found)], width - widest - 4)
        lines.append(f"{paint.doubtful('?')} {found.owner.ljust(widest)}  {paint.doubtful(first)}")
        lines += [" " * (widest + 4) + paint.doubtful(line.strip()) for line in more]
        lines += [f"    {line}" for line in fold(_where(found), width - 4, "  ")]
    if not findings and audit.stop is None and not audit.open:
        lines.append(f"{paint.good('✓')} {paint.good('nothing is said in vain')}")
    return lines


def _where(found: Finding) -> list[str]:
    return [str(found.place), *([found.place.text] if found.place.text else [])]


def _remark_lines(found: Sequence[Finding], width: int) -> list[str]:
    """Where each stands, and what it says; a test in several places of an action stands once."""
    rows = list(dict.fromkeys((each.owner, *_where(each)) for each in found))
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = []
    for owner, place, *text in rows:
        head = f"    {owner.ljust(first)}  {place.ljust(second)}  "
        room = max(30, width - len(head))
        start, *more = fold(text, room)
        lines += [head + start, *(" " * len(head) + line for line in more)]
    return lines


def sentence(found: Finding) -> str:
    """What is said in vain, and of which states that is true."""
    none, every = NO_STATE[found.reach], EVERY_STATE[found.reach]
    match found.kind:
        case Kind.DEAD_GUARD:
            what = "the action never happens" if found.ends_action else "that part never happens"
            return f"{what}: this guard is true {none}"
        case Kind.VACUOUS_PREMISE:
            return f"says nothing there: this premise is true {none}"
        case Kind.NEEDLESS_REST:
            return f"what follows is never asked: this is true {every}"
        case Kind.EMPTY_SOURCE:
            return f"says nothing there: this is empty {every}"
        case Kind.TAUTOLOGY:
            return f"says nothing: it is true {every}"
        case Kind.FOLLOWS:
            return f"says nothing new: it follows from {_listed(found.others)} {every}"
        case Kind.IDLE_GUARD | Kind.DEAD_BRANCH | Kind.ONLY_BRANCH:
            return REMARKS[found.kind]
        case _:
            assert_never(found.kind)


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names or ("what a state is",)
    return f"{', '.join(first)} and {last}" if first else last


def _notes(audit: Audit) -> list[str]:
    notes = []
    if audit.stop is not None:
        notes.append(
            f"the search did not see every state ({STOPS[audit.stop]}): "
            "nothing is said of what is never true"
        )
    if audit.undefined:
        notes.append(
            f"{count(audit.undefined, 'condition')} without a value somewhere: "
            "nothing is said of those"
        )
    if audit.open:
        notes.append(
            f"the solver did not say in time whether they are needed: {', '.join(audit.open)}"
        )
    return notes
