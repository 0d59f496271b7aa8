"""What is shown beside a trace: why it is what it is, and which of its variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import click

from checker.lang.declare import declare
from checker.lang.load import LoadedSpec, load
from checker.lang.suggest import did_you_mean
from checker.result import Result
from checker.semantics.python import PythonSpec
from checker.trace import Trace
from checker.verdict import Reached, trace_of
from counterexamples.select import selected
from counterexamples.slice import needless
from counterexamples.why.answer import Why
from counterexamples.why.explain import explain


@dataclass(frozen=True, slots=True)
class Selection:
    """The variables that a user wants to see (all, if none is named), and those that not."""

    only: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()

    def of(self, trace: Trace) -> Trace:
        """The trace with these variables; a usage error for a name that it does not have."""
        self._refuse([name for name, _ in trace.variables], trace.spec)
        return selected(trace, self.only, self.hide)

    def refuse_unknown(
        self, loaded: LoadedSpec, settings: Mapping[str, str], scope: Mapping[str, int]
    ) -> None:
        """A usage error for a name that no trace of the spec will have, before it is run."""
        if not self.only and not self.hide:
            return
        declaration = declare(loaded.spec, scope, settings, loaded.modules)
        self._refuse(PythonSpec(declaration).variables, loaded.name)

    def _refuse(self, known: Sequence[str], spec: str) -> None:
        for option, names in (("--only", self.only), ("--hide", self.hide)):
            for name in names:
                if name not in known:
                    help = did_you_mean(name, known, f"variables of {spec}")
                    raise click.UsageError(f"{option}: there is no variable {name}; {help}")


EVERYTHING = Selection()


def selection(only: Sequence[str], hide: Sequence[str]) -> Selection:
    """From `--only a,b --hide c`, each of which may be repeated."""
    return Selection(_names(only), _names(hide))


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


def why_of(trace: Trace, shortest: bool = False) -> Why | None:
    """What explains the end of a trace that its spec still has; `None` if there is no more to say.

    Of a trace that is not known to be a `shortest` one it is also found out which steps it does
    without. Raises `SpecError` or `ToolError` if the spec is not there any more.
    """
    loaded = load(trace.spec)
    declaration = declare(loaded.spec, trace.scope, trace.settings, loaded.modules)
    why = explain(declaration, trace)
    if why is None or shortest:
        return why
    return replace(why, needless=needless(PythonSpec(declaration), trace))


def reasons(result: Result) -> Mapping[str, Why]:
    """Why each verdict that needs explaining is what it is, by its label."""
    found = {}
    for label, verdict in result.verdicts:
        trace = trace_of(verdict)
        if trace is not None and not isinstance(verdict, Reached):
            why = why_of(trace, shortest=result.walks is None)
            if why is not None:
                found[label] = why
    return found
