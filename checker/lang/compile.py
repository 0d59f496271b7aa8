"""From a spec class to a model, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from checker.ir.model import Model
from checker.ir.sanity_check import sanity_check
from checker.lang.declare import declare
from checker.lang.lower import lower
from checker.lang.spec import Spec


def compile_spec(
    spec: type[Spec],
    scope: Mapping[str, int] | None = None,
    settings: Mapping[str, Any] | None = None,
    modules: Sequence[ModuleType] = (),
) -> Model:
    """The model of a spec in a scope and with settings, checked; `modules` may hold properties.

    Raises `SpecError` for the first mistake in the spec, or in what was chosen.
    """
    model = lower(declare(spec, scope, settings, modules))
    sanity_check(model)
    return model
