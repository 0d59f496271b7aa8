"""`--explain`: what a user may ask for, and who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from checker.cli.progress import LiveLine
from checker.explain import explain
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import LoadedSpec, load
from checker.prevention import Bounds
from checker.result import Result
from checker.trace import Trace
from checker.verdict import trace_of
from counterexamples.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user wrote: whether to explain, and how much that may cost."""

    explain: bool
    states: int | None
    seconds: float | None

    def bounds(self, swept: Sequence[str] = (), says_little: bool = False) -> Bounds | None:
        """How much to try; `None` if nothing is to be explained. Raises for what does not fit."""
        if self.explain and swept:
            raise click.UsageError(f"--explain is for one run: choose one value for {swept[0]}")
        if self.explain and says_little:
            raise click.UsageError("--quiet prints the verdicts only, and --explain says more")
        if self.explain:
            usual = Bounds()
            return Bounds(self.states or usual.states, self.seconds or usual.seconds)
        for option, given in (
            ("--explain-states", self.states),
            ("--explain-seconds", self.seconds),
        ):
            if given is not None:
                raise click.UsageError(f"{option} is for --explain")
        return None


def explanation(
    loaded: LoadedSpec, trace: Trace, bounds: Bounds, quiet: bool = False
) -> Explanation | None:
    """The explanation of one trace, with a live line while it is sought."""
    with LiveLine(wanted=not quiet, label="explaining") as live:
        return explain(loaded, trace, bounds, live.note)


def kept_explanation(trace: Trace, bounds: Bounds) -> Explanation | None:
    """The same for a trace that was kept, whose spec may be gone."""
    try:
        return explanation(load(trace.spec), trace, bounds)
    except (SpecError, ToolError) as error:
        return Explanation(None, None, str(error))


def explanations(
    loaded: LoadedSpec, result: Result, bounds: Bounds, quiet: bool
) -> Mapping[str, Explanation]:
    """That of each verdict at whose end something is wrong, by its label."""
    found: dict[str, Explanation] = {}
    for label, verdict in result.verdicts:
        trace = trace_of(verdict)
        said = None if trace is None else explanation(loaded, trace, bounds, quiet)
        if said is not None:
            found[label] = said
    return found
