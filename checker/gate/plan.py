"""From entries of a declaration to runs: globs and sweeps unfolded, every name known or refused.

This loads the specs, so it happens in a process of its own (`process`).
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from pathlib import Path
from typing import Final

from checker.gate.declaration import Check
from checker.gate.digests import Meaning, ModelDigests, digests_of
from checker.gate.imports import apart, patient
from checker.gate.report import Facts, Failure
from checker.gate.strength import Strength, compared
from checker.ir.model import Model
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec, load, specs_in, with_lemmas
from checker.lang.sources import Sources
from checker.lang.suggest import did_you_mean
from checker.prepare import prepare
from checker.result import ExitCode

MOST_RUNS: Final = 1_000
"""A sweep of more runs than this is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Run:
    """One check of one spec with one choice of settings and bounds, under a name of its own."""

    name: str
    check: Check
    spec: str
    settings: Mapping[str, str]
    scope: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Planned:
    """A run that was looked at: what its model is, or why it cannot be run.

    `settings` and `scope` are whole, defaults included. `strengths` compare the properties that
    are not as the lock has them with what they were.
    """

    run: Run
    settings: Mapping[str, str]
    scope: Mapping[str, int]
    facts: Facts | None = None
    digests: ModelDigests | None = None
    strengths: Mapping[str, Strength] = field(default_factory=dict)
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The runs of a profile; `names` are those of all profiles, and `None` if some are unknown."""

    planned: tuple[Planned, ...]
    names: tuple[str, ...] | None


def plan(
    checks: Sequence[Check], profile: str, recorded: Mapping[str, Mapping[str, Meaning]]
) -> Plan:
    """Look at every run of a profile; `recorded` are the meanings that the lock has, by check."""
    planned: list[Planned] = []
    owners: dict[str, str] = {}
    is_known = True
    for check in checks:
        is_chosen = profile in check.profiles
        try:
            runs = list(_runs(check))
        except SpecError as error:
            is_known = False
            if is_chosen:
                unknown = Run(check.name or check.spec, check, check.spec, {}, {})
                planned.append(_failed(unknown, render(error)))
            continue
        for run in runs:
            owner = owners.setdefault(run.name, check.place)
            if is_chosen and owner == check.place:
                planned.append(_planned(run, recorded.get(run.name, {})))
            elif owner != check.place:
                planned.append(_failed(run, _twin(run.name, owner)))
    return Plan(tuple(planned), tuple(owners) if is_known else None)


def _twin(name: str, owner: str) -> Failure:
    """Two runs of one name cannot be told apart in a lock, whatever profiles they are in."""
    message = f"error: {name} is the name of {owner}, too\n  help: give one of them another name"
    return Failure(message, ExitCode.USAGE)


def _failed(run: Run, failure: Failure) -> Planned:
    return Planned(run, run.settings, run.scope, failure=failure)


def render(error: SpecError) -> Failure:
    """A mistake as the user reads it, with its line; the file is at hand only here."""
    line = "" if error.span is None else linecache.getline(error.span.file, error.span.line)
    return Failure(error.render(line), ExitCode.USAGE, error.span)


def _runs(check: Check) -> Iterator[Run]:
    """Every spec of the entry, with every combination; the last name given varies fastest."""
    count = prod(len(values) for values in (*check.settings.values(), *check.scope.values()))
    if count > MOST_RUNS:
        raise SpecError("S003", f"this sweep has more than {MOST_RUNS:,} runs")
    swept = {n for n, v in (*check.settings.items(), *check.scope.items()) if len(v) > 1}
    specs = _specs(check)
    for spec in specs:
        is_one_of_many = check.name is not None and check.spec != spec
        base = f"{check.name}: {spec}" if is_one_of_many else check.name or spec
        for values in product(*check.settings.values()):
            for bounds in product(*check.scope.values()):
                settings = dict(zip(check.settings, values, strict=True))
                scope = dict(zip(check.scope, bounds, strict=True))
                told = [f"{n}={v}" for n, v in (*settings.items(), *scope.items()) if n in swept]
                name = f"{base} [{', '.join(told)}]" if told else base
                yield Run(name, check, spec, settings, scope)


def _specs(check: Check) -> list[str]:
    """The specs that a name or a glob means; raises `SpecError` if there is none."""
    name = check.spec
    if not set("*?[") & set(name):
        return [name]
    files = _matching(name)
    if not files:
        near = (path.as_posix() for path in sorted(Path().rglob("*.py"))[:200])
        help = did_you_mean(name, near, "Python files here")
        raise SpecError("S032", f"{name} matches no Python file", help=help)
    found: list[str] = []
    for file in files:
        with apart(), patient(check.bounds.seconds):
            names = specs_in(file)
        found += [f"{file}:{one}" for one in names] if len(names) > 1 else [file] * len(names)
    if not found:
        help = "write a class that is derived from `Spec`, with an `@action`"
        raise SpecError("S033", f"no file that {name} matches has a spec", help=help)
    return found


def _matching(glob: str) -> list[str]:
    try:
        found = [path for path in Path().glob(glob) if path.is_file() and path.suffix == ".py"]
    except (NotImplementedError, ValueError) as error:
        help = "a glob is relative to the folder of the declaration, as in specs/*.py"
        raise SpecError("S032", f"{glob} is no glob: {error}", help=help) from None
    return sorted(path.as_posix() for path in found)


def _planned(run: Run, recorded: Mapping[str, Meaning]) -> Planned:
    with apart():
        return _looked_at(run, recorded)


def _looked_at(run: Run, recorded: Mapping[str, Meaning]) -> Planned:
    try:
        with patient(run.check.bounds.seconds):
            loaded = load(run.spec)
        prepared = prepare(loaded, run.settings, run.scope, run.check.properties)
        _check_expected(run, prepared.model)
        model = prepared.model
        if run.check.engine == "prove":
            model = prepare(with_lemmas(loaded), run.settings, run.scope).model
        digests = digests_of(model)
    except SpecError as error:
        return _failed(run, render(error))
    return Planned(
        run=run,
        settings=dict(model.settings),
        scope=dict(model.scope),
        facts=_facts(loaded, model),
        digests=digests,
        strengths=_strengths(model, digests, recorded),
    )


def _check_expected(run: Run, model: Model) -> None:
    names = [judged.name for judged in model.properties]
    if not names and not run.check.deadlock:
        help = "write an @invariant: what is not judged cannot be red"
        raise SpecError("S037", f"{model.name} has no properties", help=help)
    expected = run.check.expected.property
    if expected is not None and expected not in names:
        help = did_you_mean(expected, names, "properties judged")
        raise SpecError(
            "S037", f"{model.name} has no property {expected} to be violated", help=help
        )


def _facts(loaded: LoadedSpec, model: Model) -> Facts:
    source = Sources().of_class(loaded.spec)
    return Facts(
        spec=source.source.span(source.node),
        properties={judged.name: judged.span for judged in model.properties},
        actions={action.name: action.span for action in model.actions},
        docs={p.name: p.doc.strip().partition("\n")[0] for p in model.properties},
    )


def _strengths(
    model: Model, digests: ModelDigests, recorded: Mapping[str, Meaning]
) -> dict[str, Strength]:
    return {
        judged.name: compared(model, judged, old.text)
        for judged in model.properties
        if (old := recorded.get(judged.name)) is not None
        and old.digest != digests.properties[judged.name].digest
        and old.kind == judged.kind.value
    }
