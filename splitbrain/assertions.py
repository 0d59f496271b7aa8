"""Verdicts as assertions: what must hold, what must be violated, what must be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.explicit.outcome import Limits
from checker.ir.model import PropertyKind
from checker.lang.spec import Spec
from checker.result import PropertyResult, Result
from checker.verdict import Holds, Reached, Violated
from counterexamples.render_terminal import count
from splitbrain.answers import answered, failure, in_words, judged, question

NO_SCOPE: Mapping[str, int] = {}
NO_SETTINGS: Mapping[str, object] = {}


def assert_holds(
    spec: type[Spec],
    properties: Sequence[str] | str = (),
    *,
    settings: Mapping[str, object] = NO_SETTINGS,
    scope: Mapping[str, int] = NO_SCOPE,
    timeout: float | None = None,
    max_states: int | None = None,
) -> Result:
    """Every reachable state within the scope keeps the properties: all of the spec, if none named.

    Goals must be reached. Raises `AssertionError` with the explained trace for the first that
    fails; a search that a limit stopped fails, too. The result tells states and steps.
    """
    asked = question(spec, settings, scope, Limits(states=max_states, seconds=timeout))
    # A text is a sequence of letters, and none of them is a property.
    result = answered(asked, (properties,) if isinstance(properties, str) else tuple(properties))
    if not result.properties:
        raise AssertionError(f"{spec.__name__} promises nothing: it has no property")
    for found in result.properties:
        if not isinstance(found.verdict, Holds | Reached):
            raise AssertionError(f"{found.name} does not hold\n\n{failure(result, found)}")
    if result.undefined_step is not None or not result.complete:
        raise AssertionError(
            "the search is not complete\n\n" + failure(result, result.properties[0])
        )
    return result


def assert_violated(
    spec: type[Spec],
    property: str,
    *,
    steps: int | None = None,
    settings: Mapping[str, object] = NO_SETTINGS,
    scope: Mapping[str, int] = NO_SCOPE,
) -> Result:
    """The property is violated, by a shortest trace of that many steps if `steps` is given.

    For known limits, and for bugs that must stay visible. Raises `AssertionError` if it is not.
    """
    result, found = _one(spec, property, settings, scope)
    if not isinstance(found.verdict, Violated):
        raise AssertionError(f"{property} is not violated: {in_words(found.verdict)}")
    taken = len(found.verdict.trace.steps)
    if steps is not None and taken != steps:
        told = failure(result, found)
        raise AssertionError(
            f"{property} is violated after {count(taken, 'step')}, not {steps}\n\n{told}"
        )
    return result


def assert_reachable(
    spec: type[Spec],
    goal: str,
    *,
    steps: int | None = None,
    settings: Mapping[str, object] = NO_SETTINGS,
    scope: Mapping[str, int] = NO_SCOPE,
) -> Result:
    """The goal is reached, in that many steps at least if `steps` is given."""
    result, found = _one(spec, goal, settings, scope)
    if found.kind is not PropertyKind.REACHABLE:
        raise AssertionError(f"{goal} is no goal: mark it with @reachable")
    if not isinstance(found.verdict, Reached):
        raise AssertionError(f"{goal} is not reached: {in_words(found.verdict)}")
    taken = len(found.verdict.trace.steps)
    if steps is not None and taken != steps:
        raise AssertionError(f"{goal} is reached after {count(taken, 'step')}, not {steps}")
    return result


def _one(
    spec: type[Spec], name: str, settings: Mapping[str, object], scope: Mapping[str, int]
) -> tuple[Result, PropertyResult]:
    result = answered(question(spec, settings, scope, Limits()), (name,))
    return result, judged(result, name)
