"""What is not as the lock has it, one sentence each: a diff of state spaces.

A *note* changes nothing that anybody relies on, such as an action written in other words while
every state and every step stayed the same. Anything else must be accepted with `--update`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.gate.lock import Entry
from checker.gate.report import Difference
from checker.gate.strength import Strength


def differences(
    old: Entry, new: Entry, strengths: Mapping[str, Strength]
) -> tuple[Difference, ...]:
    """How a check differs from what was accepted; empty if it does not."""
    return tuple(_differences(old, new, strengths))


def _differences(old: Entry, new: Entry, strengths: Mapping[str, Strength]) -> Iterator[Difference]:
    for what, before, after in (
        ("spec", old.spec, new.spec),
        ("engine", old.engine, new.engine),
        ("expected", old.expected, new.expected),
    ):
        if before != after:
            yield Difference(f"{what} changed: {before} → {after}")
    yield from _named("option", old.options, new.options)
    yield from _named("setting", old.settings, new.settings)
    yield from _scope(old.scope, new.scope)
    same_choice = (old.settings, old.scope) == (new.settings, new.scope)
    same_graph = bool(new.graph) and (old.graph, old.counts) == (new.graph, new.counts)
    yield from _variables(old, new, same_choice, same_graph)
    yield from _actions(old, new, same_choice, same_graph)
    yield from _properties(old, new, strengths, same_choice)
    yield from _verdicts(old, new)
    yield from _counts(old, new)


def _named(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in (*old, *(name for name in new if name not in old)):
        if old.get(name) != new.get(name):
            before, after = _shown(old.get(name)), _shown(new.get(name))
            yield Difference(f"{what} {name} changed: {before} → {after}")


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _scope(old: Mapping[str, int], new: Mapping[str, int]) -> Iterator[Difference]:
    for name, before in old.items():
        after = new.get(name)
        if after is None:
            yield Difference(f"scope: {name} removed (was {before})")
        elif after != before:
            word = "reduced" if after < before else "enlarged"
            yield Difference(f"scope {word}: {name} {before} → {after}")
    for name in new:
        if name not in old:
            yield Difference(f"scope: {name}={new[name]} added")


def _variables(old: Entry, new: Entry, same_choice: bool, same_graph: bool) -> Iterator[Difference]:
    yield from _came_and_went("variable", old.variables, new.variables)
    if not same_choice:
        return
    for name, digest in new.variables.items():
        if old.variables.get(name, digest) != digest:
            yield Difference(f"variable {name} has another domain", is_note=same_graph)
    if old.start != new.start and old.variables == new.variables:
        yield Difference("the initial state is written differently", is_note=same_graph)


def _came_and_went(
    what: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    yield from (Difference(f"{what} {name} added") for name in new if name not in old)
    yield from (Difference(f"{what} {name} removed") for name in old if name not in new)


def _actions(old: Entry, new: Entry, same_choice: bool, same_graph: bool) -> Iterator[Difference]:
    yield from _came_and_went("action", old.actions, new.actions)
    for name, action in new.actions.items():
        before = old.actions.get(name)
        if before is None:
            if action.fired == 0:
                yield Difference(f"action {name} never fires")
            continue
        if before.digest != action.digest and same_choice:
            same = "; every state and step is the same" if same_graph else ""
            yield Difference(f"action {name} changed{same}", is_note=same_graph)
        if before.fired and action.fired == 0:
            yield Difference(f"action {name} never fires now; it did {before.fired:,} times")
        elif before.fired == 0 and action.fired:
            yield Difference(f"action {name} fires now, {action.fired:,} times")


def _properties(
    old: Entry, new: Entry, strengths: Mapping[str, Strength], same_choice: bool
) -> Iterator[Difference]:
    yield from _came_and_went("property", old.properties, new.properties)
    for name, judged in new.properties.items():
        before = old.properties.get(name)
        if before is None or before.digest == judged.digest:
            continue
        if before.kind != judged.kind:
            yield Difference(f"property {name} changed from {before.kind} to {judged.kind}")
            continue
        strength = strengths.get(name, Strength.UNKNOWN)
        if same_choice or strength is not Strength.UNKNOWN:
            # What a property means may depend on the scope, and that has its own line.
            yield Difference(f"property {name} {strength.value}", strength is Strength.SAME)


def _verdicts(old: Entry, new: Entry) -> Iterator[Difference]:
    for name, judged in new.properties.items():
        before = old.properties.get(name)
        if before is None:
            continue
        was, now = _verdict(before.verdict, before.steps), _verdict(judged.verdict, judged.steps)
        if was != now:
            yield Difference(f"verdict of {name} changed: {was} → {now}")


def _verdict(verdict: str, steps: int | None) -> str:
    if steps is None:
        return verdict
    return f"{verdict} after {steps} {'step' if steps == 1 else 'steps'}"


def _counts(old: Entry, new: Entry) -> Iterator[Difference]:
    counted = [name for name in new.counts if name in old.counts]
    changed = [name for name in counted if old.counts[name] != new.counts[name]]
    for name in changed:
        before, after = old.counts[name], new.counts[name]
        percent = _percent(before, after) if name in ("states", "generated") else ""
        yield Difference(f"{name} {before:,} → {after:,}{percent}")
    if changed or not (old.graph and new.graph):
        return
    if old.graph.get("layout") != new.graph.get("layout"):
        yield Difference(
            "as many states and steps as before; which ones cannot be compared, "
            "as variables or their domains changed"
        )
    elif old.graph.get("states") != new.graph.get("states"):
        yield Difference("as many states as before, but not the same ones")
    elif old.graph.get("steps") != new.graph.get("steps"):
        yield Difference("the same states as before, with other steps between them")


def _percent(before: int, after: int) -> str:
    if before == 0:
        return ""
    change = 100 * (after - before) / before
    return f" ({change:+.1f} %)" if abs(change) >= 0.05 else ""
