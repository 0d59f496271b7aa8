"""A ground model run slowly: its terms evaluated one by one, state by state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.ground.evaluate import evaluate_term, evaluate_terms
from checker.ground.model import Exit, ExitKind, GroundModel, GroundStep
from checker.ir.values import State


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a step: the exit that ended it, or the state after it."""

    action: str
    end: str | None
    after: State | None


def run(model: GroundModel, step: GroundStep, cells: tuple[int, ...]) -> Taken:
    """One step in one state."""
    for exit in step.exits:
        if evaluate_term(exit.when, cells):
            return Taken(step.action, _name(exit), None)
    after = list(cells)
    numbers = evaluate_terms([new for _, new in step.updates], cells)
    for (cell, _), number in zip(step.updates, numbers, strict=True):
        size = model.cells[cell].size
        assert 0 <= number < size, f"{step.action}: {model.cells[cell].name} becomes {number}"
        after[cell] = number
    return Taken(step.action, None, model.codec.to_state(tuple(after)))


def _name(exit: Exit) -> str:
    if exit.kind is ExitKind.CUT:
        assert exit.scope is not None
        return f"cut {exit.scope}"
    return str(exit.kind.value)


def outcomes(model: GroundModel, state: State) -> Iterator[Taken]:
    """What becomes of every step in a state, disabled and stuttering ones left out."""
    cells = model.codec.to_cells(state)
    for step in model.steps:
        taken = run(model, step, cells)
        if taken.end != ExitKind.DISABLED.value and taken.after != state:
            yield taken


def verdicts(
    model: GroundModel, state: State, after: State | None = None
) -> dict[str, bool | None]:
    """What each property says of a state, or of a step; `None` where it has no value."""
    cells = model.codec.to_cells(state)
    later = () if after is None else model.codec.to_cells(after)
    found: dict[str, bool | None] = {}
    for judged in model.properties:
        if (judged.kind.value == "step_invariant") == (after is not None):
            undefined, holds = evaluate_terms((judged.undefined, judged.holds), cells, later)
            found[judged.name] = None if undefined else bool(holds)
    return found
