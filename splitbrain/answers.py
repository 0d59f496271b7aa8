"""Runs of a spec for tests: what was asked, what came out, and how a failure reads."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.check import Options, check
from checker.cli.errors import message_of
from checker.cli.keep import keep
from checker.cli.reasons import reasons
from checker.cli.terminal import judgement, result_lines
from checker.explicit.outcome import Limits
from checker.lang.choices import setting_text
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec, property_modules
from checker.lang.spec import Spec
from checker.result import PropertyResult, Result
from checker.verdict import Verdict
from counterexamples.paint import Paint

WIDTH = 100
TRACES = Path(".splitbrain")


@dataclass(frozen=True, slots=True)
class Question:
    """A spec with settings, scope and limits: what one search answers, for any properties."""

    spec: type[Spec]
    settings: tuple[tuple[str, str], ...] = ()
    scope: tuple[tuple[str, int], ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def label(self) -> str:
        """What was chosen, as a user writes it: `acks=one,Broker=2`; empty if nothing was."""
        return ",".join(f"{name}={value}" for name, value in (*self.settings, *self.scope))


def question(
    spec: type[Spec],
    settings: Mapping[str, object],
    scope: Mapping[str, int],
    limits: Limits,
) -> Question:
    """The question about a spec; the values of settings may be Python's, or as on a command."""
    texts = tuple((name, setting_text(value)) for name, value in settings.items())
    return Question(spec, texts, tuple(scope.items()), limits)


def loaded(spec: type[Spec]) -> LoadedSpec:
    """A spec class as the commands load it: by a name that finds it again."""
    file = Path(inspect.getfile(spec))
    with_working_folder = file.is_relative_to(Path.cwd())
    shown = file.relative_to(Path.cwd()) if with_working_folder else file
    return LoadedSpec(f"{shown.as_posix()}:{spec.__name__}", spec, property_modules(spec))


def answered(asked: Question, properties: tuple[str, ...] = ()) -> Result:
    """Search with these properties, all of them if none is named; each gets its verdict.

    Raises `SpecError` for a mistake in the spec or in what was chosen.
    """
    options = Options(properties=properties, go_on=True, limits=asked.limits)
    try:
        return check(loaded(asked.spec), dict(asked.settings), dict(asked.scope), options)
    except SpecError as error:
        # Pytest shows the message of an error and its notes: the place and the remedy are there.
        error.add_note(message_of(error))
        raise


def judged(result: Result, name: str) -> PropertyResult:
    """What became of one property."""
    return next(found for found in result.properties if found.name == name)


def failure(result: Result, found: PropertyResult, folder: Path = TRACES, label: str = "") -> str:
    """The verdict as `splitbrain check` prints it, with the trace, which is kept in the folder.

    The label tells this run from others in the name of the file. A trace that cannot be kept is
    shown all the same.
    """
    alone = replace(result, properties=(found,))
    files, _ = keep(alone, folder, label)
    return "\n".join(result_lines(alone, files, WIDTH, Paint(), reasons(alone)))


def in_words(verdict: Verdict) -> str:
    """`violated after 9 steps`, `holds`."""
    return judgement(verdict)[1]
