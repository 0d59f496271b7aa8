"""`synthesize`: under which settings and bounds is a spec safe? The weakest condition.

Every combination of the values asked for is checked by itself; nothing is inferred from one to
another. The condition is true of the safe combinations and of no others: what is not known to be
safe never counts as safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import prod
from typing import Final

from checker.check import Options, check
from checker.conditions import Column, Condition, Value, shortest
from checker.explicit.outcome import ProgressCallback, Stop
from checker.lang.choices import parse_setting, setting_text, setting_values
from checker.lang.declaration import SettingDeclaration
from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec
from checker.lang.suggest import did_you_mean
from checker.result import ExitCode, Result, exit_code
from checker.verdict import Verdict

Watch = Callable[[str], AbstractContextManager[ProgressCallback]]
"""How progress is shown while the combination of this name is checked."""


class Answer(Enum):
    """What is known of one combination."""

    SAFE = "safe"
    """Everything asked for holds, by a complete search."""
    UNSAFE = "unsafe"
    """Something asked for does not."""
    UNDETERMINED = "undetermined"
    """Nothing was found, and not everything was searched."""


FINE: Final = (ExitCode.HOLDS, ExitCode.UNDETERMINED)
"""What makes no combination unsafe."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask: the values to try of each setting and bound named, and what is fixed.

    A setting without values is tried with all that it may have.
    """

    over: Mapping[str, Sequence[str]]
    over_scope: Mapping[str, Sequence[int]]
    settings: Mapping[str, str]
    scope: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """The combinations to decide: a column for each name, settings first.

    `baseline` is from where a combination deviates: a setting's default, and of the bounds the
    lowest, for the fewest faults. `settings` and `scope` are what is fixed, if not as by default.
    """

    columns: tuple[Column, ...]
    bounds: frozenset[str]
    baseline: Mapping[str, Value]
    settings: Mapping[str, str]
    scope: Mapping[str, int]

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return prod(len(column.values) for column in self.columns)

    @property
    def combinations(self) -> list[Mapping[str, Value]]:
        """A value for each name, the last one varying fastest."""
        names = [column.name for column in self.columns]
        values = product(*(column.values for column in self.columns))
        return [dict(zip(names, some, strict=True)) for some in values]


@dataclass(frozen=True, slots=True)
class Decided:
    """A combination and its search; without one, the user stopped before it."""

    values: Mapping[str, Value]
    result: Result | None

    @property
    def answer(self) -> Answer:
        """Safe by a complete search alone."""
        if self.result is None:
            return Answer.UNDETERMINED
        match self.result.exit:
            case ExitCode.HOLDS:
                assert self.result.complete, self.values
                return Answer.SAFE
            case ExitCode.UNDETERMINED:
                return Answer.UNDETERMINED
            case _:
                return Answer.UNSAFE

    @property
    def failure(self) -> tuple[str, Verdict] | None:
        """The first verdict that makes it unsafe, with its label."""
        if self.answer is not Answer.UNSAFE or self.result is None:
            return None
        return next(found for found in self.result.verdicts if exit_code(found[1]) not in FINE)


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Every combination with its answer, and the condition that tells the safe ones from others.

    If some are undetermined, the condition is a bound: it is false of them. `minimal` are the
    unsafe combinations that deviate least from the baseline: none on the way to them is known to
    fail in the same property.
    """

    properties: tuple[str, ...]
    grid: Grid
    decided: tuple[Decided, ...]
    condition: Condition
    minimal: tuple[Decided, ...]

    def count(self, answer: Answer) -> int:
        """How many combinations have this answer."""
        return sum(one.answer is answer for one in self.decided)

    @property
    def is_exact(self) -> bool:
        """Whether every combination was decided."""
        return self.count(Answer.UNDETERMINED) == 0

    @property
    def exit(self) -> ExitCode:
        """Success is a condition that some combination satisfies, with all of them decided."""
        if not self.is_exact:
            return ExitCode.UNDETERMINED
        return ExitCode.HOLDS if self.count(Answer.SAFE) else ExitCode.VIOLATED


def grid(loaded: LoadedSpec, question: Question) -> Grid:
    """The combinations of a question; raises `SpecError` for what the spec does not have."""
    lowest = {name: min(bounds) for name, bounds in question.over_scope.items()}
    scope = {**question.scope, **lowest}
    declared = declare(loaded.spec, scope, question.settings, loaded.modules).settings
    settings = {setting.name: setting for setting in declared}
    columns, baseline = list[Column](), dict[str, Value]()
    for name, texts in question.over.items():
        if name not in settings:
            help = did_you_mean(name, settings, f"settings of {loaded.spec.__name__}")
            raise SpecError("S014", f"{loaded.spec.__name__} has no setting {name}", help=help)
        columns.append(_column(settings[name], texts))
        baseline[name] = _value(settings[name].default)
    columns += [Column(n, tuple(sorted(set(b)))) for n, b in question.over_scope.items()]
    bounds = frozenset(question.over_scope)
    return Grid(tuple(columns), bounds, baseline | lowest, question.settings, question.scope)


def _column(setting: SettingDeclaration, texts: Sequence[str]) -> Column:
    """The values to try, in the order of the setting's domain."""
    chosen = {_value(parse_setting(setting, text)) for text in texts}
    domain = map(_value, setting_values(setting.type, setting.default))
    return Column(setting.name, tuple(v for v in domain if v in chosen or not texts))


def _value(value: object) -> Value:
    """A setting's value: a number if it is one, else as a user writes it."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return int(setting_text(value)) if is_number else setting_text(value)


def synthesize(loaded: LoadedSpec, asked: Grid, options: Options, watch: Watch) -> Synthesis:
    """Check every combination, and say when the properties of `options` hold.

    `options` go for each check. Raises as `check` does; if the user interrupts a check, what was
    decided until then is the result.
    """
    combinations = asked.combinations
    results: list[Result | None] = []
    for number, values in enumerate(combinations, start=1):
        with watch(f"{number}/{len(combinations)}  {text_of(values)}") as progress:
            result = _check(loaded, asked, values, options, progress)
        results.append(result)
        if result.stop == Stop.INTERRUPT.value:
            break
    results += [None] * (len(combinations) - len(results))
    pairs = zip(combinations, results, strict=True)
    return conclude(asked, options.properties, [Decided(*pair) for pair in pairs])


def _check(
    loaded: LoadedSpec,
    asked: Grid,
    values: Mapping[str, Value],
    options: Options,
    progress: ProgressCallback,
) -> Result:
    settings = {name: str(value) for name, value in values.items() if name not in asked.bounds}
    bounds = {name: int(value) for name, value in values.items() if name in asked.bounds}
    settings, scope = {**asked.settings, **settings}, {**asked.scope, **bounds}
    return check(loaded, settings, scope, options, progress)


def conclude(asked: Grid, properties: Iterable[str], decided: Sequence[Decided]) -> Synthesis:
    """The condition and the minimal unsafe combinations of what was decided."""
    points = [tuple(one.values.values()) for one in decided]
    safe = {tuple(one.values.values()) for one in decided if one.answer is Answer.SAFE}
    unsafe = [one for one in decided if one.answer is Answer.UNSAFE]
    minimal = [one for one in unsafe if not any(_less(asked, other, one) for other in unsafe)]
    condition = shortest(asked.columns, points, safe)
    return Synthesis(tuple(properties), asked, tuple(decided), condition, tuple(minimal))


def _less(asked: Grid, less: Decided, more: Decided) -> bool:
    """Whether one combination is on the way from the baseline to the other, and fails alike.

    A number may go part of the way; of words, each other one is as far away.
    """
    assert less.failure is not None, less.values
    assert more.failure is not None, more.values
    if less is more or less.failure[0] != more.failure[0]:
        return False
    return all(
        _between(asked.baseline[name], value, more.values[name])
        for name, value in less.values.items()
    )


def _between(start: Value, value: Value, end: Value) -> bool:
    if value in (start, end):
        return True
    if isinstance(start, int) and isinstance(value, int) and isinstance(end, int):
        return start < value < end or end < value < start
    return False


def deviations(asked: Grid, one: Decided) -> Mapping[str, Value]:
    """What tells a combination from the baseline."""
    return {name: value for name, value in one.values.items() if value != asked.baseline[name]}


def text_of(values: Mapping[str, Value]) -> str:
    """`acks=one LossyRestart=1`."""
    return " ".join(f"{name}={value}" for name, value in values.items())
