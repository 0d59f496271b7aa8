"""The museum's exhibits put to the test: the bug found again, the fix proved again.

An entry's label is a claim. Here it is compared with two searches, and every difference is said in
a sentence. What counts as proof on the fixed side: a complete search, in a scope that is nowhere
smaller, in which the actions of the bug's trace all happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.check import Options, check
from checker.explicit.outcome import ProgressCallback
from checker.lang.errors import SpecError
from checker.lang.load import load
from checker.result import Result
from checker.trace import Trace
from checker.verdict import Verdict, name_of, trace_of
from counterexamples.label import MuseumError
from counterexamples.museum_cases import Broken, Entry, Fixed, Kind, Side
from counterexamples.render_terminal import count


@dataclass(frozen=True, slots=True)
class Judged:
    """What the searches found, and how it differs from the label; no difference: as recorded."""

    entry: Entry
    broken: Result
    fixed: Result | None
    differences: tuple[str, ...]

    @property
    def trace(self) -> Trace | None:
        """The shortest trace that the broken side has now."""
        return trace_of(_verdict(self.broken))

    @property
    def interrupted(self) -> bool:
        """Whether the user stopped a search."""
        runs = (self.broken,) if self.fixed is None else (self.broken, self.fixed)
        return any(run.stop == "interrupt" for run in runs)


def judge(entry: Entry, progress: ProgressCallback | None = None) -> Judged:
    """Search both sides of an entry and compare them with its label.

    Raises `MuseumError` if the label names what its spec does not have, and else as `check` does.
    """
    try:
        broken = run(entry.broken.side, entry.property_name, progress)
        fixed = (
            None if entry.fixed is None else run(entry.fixed.side, entry.property_name, progress)
        )
    except SpecError as error:
        if error.span is not None:  # the spec has a mistake, not the label
            raise
        help = f"; {error.help}" if error.help else ""
        raise MuseumError(f"{entry.folder / 'case.toml'}: {error.message}{help}") from error
    return Judged(entry, broken, fixed, compare(entry, broken, fixed))


def run(side: Side, property: str, progress: ProgressCallback | None = None) -> Result:
    """One search, as `splitbrain check … --property …` makes it."""
    options = Options(properties=(property,))
    return check(load(side.spec), side.settings, side.scope, options, progress)


def compare(entry: Entry, broken: Result, fixed: Result | None) -> tuple[str, ...]:
    """Every way in which the searches are not what the label says."""
    found = list(_of_broken(entry.broken, broken))
    if entry.fixed is not None:
        assert fixed is not None, entry.id
        found += _of_fixed(entry.fixed, fixed)
        found += _of_scopes(entry.kind, broken, fixed)
        found += _of_toggle(entry, broken, fixed)
        found += _of_actions(entry, broken, fixed)
    return tuple(found)


def _verdict(run: Result) -> Verdict:
    """An undefined step comes before whatever was asked for."""
    return run.verdicts[0][1]


def described(run: Result) -> str:
    """`violated after 7 steps`, `holds in 1,392 states`."""
    verdict = _verdict(run)
    trace = trace_of(verdict)
    if trace is None:
        return f"{name_of(verdict)} in {count(run.states, 'state')}"
    return f"{name_of(verdict)} after {count(len(trace.steps), 'step')}"


def _of_broken(label: Broken, run: Result) -> Iterator[str]:
    trace = trace_of(_verdict(run))
    steps = None if trace is None else len(trace.steps)
    if (name_of(_verdict(run)), steps) != (label.verdict.value, label.steps):
        after = "" if label.steps is None else f" after {count(label.steps, 'step')}"
        yield f"broken: {described(run)}, and the label says {label.verdict.value}{after}"
    yield from _of_settings("broken", label.side, run)


def _of_fixed(label: Fixed, run: Result) -> Iterator[str]:
    now = (name_of(_verdict(run)), None if label.states is None else run.states)
    expected = ("reached", None) if label.states is None else ("holds", label.states)
    if now != expected:
        states = "" if label.states is None else f" in {count(label.states, 'state')}"
        yield f"fixed: {described(run)}, and the label says {expected[0]}{states}"
    yield from _of_settings("fixed", label.side, run)


def _of_settings(which: str, side: Side, run: Result) -> Iterator[str]:
    """A setting that is named changes something: the label names what differs, and that alone."""
    differ = {name for name, value in run.settings.items() if value != run.defaults[name]}
    for name in sorted(differ ^ set(side.settings)):
        wrong = "is named, and is" if name in side.settings else "is not named, and is not"
        yield f"{which}: {name}={run.settings[name]} {wrong} the default"


def _of_scopes(kind: Kind, broken: Result, fixed: Result) -> Iterator[str]:
    """What holds must hold where the bug shows, not in a smaller place; a limit is the reverse."""
    smaller = [
        f"{name}={fixed.scope.get(name, 0)} < {bound}"
        for name, bound in broken.scope.items()
        if fixed.scope.get(name, 0) < bound
    ]
    if kind is Kind.LIMIT and _same_rules(broken, fixed):
        if not smaller:
            yield "fixed: a limit that holds in the same scope is none"
    elif smaller:
        yield f"fixed: the scope is smaller than the broken one: {', '.join(smaller)}"


def _same_rules(broken: Result, fixed: Result) -> bool:
    return (broken.spec, broken.settings) == (fixed.spec, fixed.settings)


def _of_toggle(entry: Entry, broken: Result, fixed: Result) -> Iterator[str]:
    """The two sides differ in one thing: in one setting, or in the spec."""
    if broken.spec != fixed.spec:
        return
    differ = [name for name, value in broken.settings.items() if fixed.settings[name] != value]
    if not differ and entry.kind is not Kind.LIMIT:
        yield "the two sides have the same spec and settings"
    if len(differ) > 1:
        yield f"the two sides differ in more than one setting: {', '.join(differ)}"


def _of_actions(entry: Entry, broken: Result, fixed: Result) -> Iterator[str]:
    """What holds because nothing happens proves nothing."""
    assert entry.fixed is not None, entry.id
    trace = trace_of(_verdict(broken))
    taken = () if trace is None else dict.fromkeys(step.action for step in trace.steps)
    idle = entry.fixed.idle
    for action in taken:
        if not _fires(fixed, action) and action not in idle:
            yield f"fixed: {action} never fires, and [fixed.idle] gives no reason"
    for action in idle:
        if action not in taken:
            yield f"fixed: {action} is said to be idle, and is not in the trace"
        elif _fires(fixed, action):
            yield f"fixed: {action} is said to be idle, and fires"


def _fires(run: Result, action: str) -> bool:
    count = run.actions.get(action)
    return count is not None and count.fired > 0
