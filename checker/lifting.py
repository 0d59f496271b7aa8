"""Which bounds of a scope can be lifted: those on which a spec depends by its domains alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from checker.ir.model import Model
from checker.ir.types import SortType
from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.load import LoadedSpec
from checker.prepare import Prepared, prepare
from checker.symbolic.uniform import is_uniform, liftable

WIDE: Final = (10**18, 4_095, 4_094, 2_000, 1_000, 500, 200, 100, 50)
"""Bounds that stand for any: larger than what a spec compares with, as far as maps allow."""


def bounds_of(loaded: LoadedSpec, settings: Mapping[str, str], model: Model) -> tuple[str, ...]:
    """The names of the scope that are bounds, and not the sizes of sorts.

    A sort of which only the size is asked is in no type of the model: the spec knows it.
    """
    known = declare(loaded.spec, model.scope, settings, loaded.modules).types.values()
    sizes = {type.name for type in known if isinstance(type, SortType)}
    return tuple(name for name in liftable(model) if name not in sizes)


def not_uniform(
    loaded: LoadedSpec, settings: Mapping[str, str], model: Model, names: Sequence[str]
) -> tuple[str, ...]:
    """The bounds without which the others can be lifted, all of them together."""
    if is_uniform_beyond(loaded, settings, model, names):
        return ()
    kept = tuple(n for n in names if is_uniform_beyond(loaded, settings, model, (n,)))
    while kept and not is_uniform_beyond(loaded, settings, model, kept):
        # What one of them leaves as it is, two may change: rare, and then fewer are lifted.
        kept = kept[:-1]
    return tuple(name for name in names if name not in kept)


def is_uniform_beyond(
    loaded: LoadedSpec, settings: Mapping[str, str], model: Model, names: Sequence[str]
) -> bool:
    """Whether the spec stays the same whatever these bounds are, but for the bounds themselves.

    What can never fail within some bounds is not asked there: it must be asked where it is proved.
    So that is compared with bounds of 1, and with wide ones: all of them, and each by itself.
    """
    proved = larger(loaded, settings, model, names, 1).model
    narrow = _narrow(loaded, settings, model, names)
    if narrow is not None and not is_uniform(proved, narrow, {*names}):
        return False
    chosen = [tuple(names), *((name,) for name in names if len(names) > 1)]
    wide = (_wide(loaded, settings, model, some) for some in chosen)
    return all(is_uniform(proved, other, {*names}) for other in wide)


def _narrow(
    loaded: LoadedSpec, settings: Mapping[str, str], model: Model, names: Sequence[str]
) -> Model | None:
    """The same spec where these bounds are 1; `None` if it needs more."""
    with suppress(SpecError):
        return _at(loaded, settings, model, dict.fromkeys(names, 1)).model
    return None


def _wide(
    loaded: LoadedSpec, settings: Mapping[str, str], model: Model, names: Sequence[str]
) -> Model:
    """The same spec where these bounds are as wide as can be: keys of maps must be few."""
    for bound in WIDE:
        with suppress(SpecError):
            wide = {name: max(bound, model.scope[name] + 2) for name in names}
            return _at(loaded, settings, model, wide).model
    return larger(loaded, settings, model, names, 2).model


def _at(
    loaded: LoadedSpec, settings: Mapping[str, str], model: Model, bounds: Mapping[str, int]
) -> Prepared:
    """The same spec with other bounds."""
    return prepare(loaded, settings, {**model.scope, **bounds})


def larger(
    loaded: LoadedSpec, settings: Mapping[str, str], model: Model, names: Iterable[str], by: int
) -> Prepared:
    """The same spec where these bounds are larger."""
    return _at(loaded, settings, model, {name: model.scope[name] + by for name in names})
