"""From a loaded spec to what engines and replay need: its model and its meaning in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checker.ir.model import Model
from checker.lang.choices import setting_text
from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec
from checker.lang.lower import lower
from checker.lang.suggest import did_you_mean
from checker.semantics.python import PythonSpec
from counterexamples.replay import Semantics


@dataclass(frozen=True, slots=True)
class Prepared:
    """A spec ready to run: the name it is loaded by, its model, its meaning in plain Python.

    `defaults` are the settings as they would be if nobody had chosen. `without_budget` are the
    actions that may happen 0 times, each with its budget: they are not in the model.
    """

    name: str
    model: Model
    semantics: Semantics
    defaults: Mapping[str, str]
    without_budget: Mapping[str, str]


def prepare(
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    properties: Sequence[str] = (),
    whole: bool = False,
) -> Prepared:
    """Fix scope, settings and properties (all if none is named); raises `SpecError`.

    With `whole`, what may happen 0 times is in the model, too: its steps are cut, and where only
    the scope ends is no deadlock.
    """
    declaration = declare(loaded.spec, scope, settings, loaded.modules)
    model = _choose(lower(declaration), properties)
    spent = {a.name: a.budget for a in model.actions if a.budget and not model.scope[a.budget]}
    without = {} if whole else spent
    # What may happen 0 times reaches no state, and costs time.
    possible = tuple(action for action in model.actions if action.name not in without)
    return Prepared(
        name=loaded.name,
        model=replace(model, actions=possible),
        semantics=PythonSpec(declaration),
        defaults={s.name: setting_text(s.default) for s in declaration.settings},
        without_budget=without,
    )


def _choose(model: Model, names: Sequence[str]) -> Model:
    """The model with only the properties named, in its own order."""
    known = [judged.name for judged in model.properties]
    for name in names:
        if name not in known:
            help = did_you_mean(name, known, f"properties of {model.name}")
            raise SpecError("S037", f"{model.name} has no property {name}", help=help)
    if not names:
        return model
    return replace(model, properties=tuple(p for p in model.properties if p.name in names))
