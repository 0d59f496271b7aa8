"""A model to a ground model: everything finite unrolled into cells and guarded ground steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.ground.binders import TABLE
from checker.ground.cells import bounded_cells
from checker.ground.codes import write
from checker.ground.cone import Cone, Renumbering, influence, without_idle_updates
from checker.ground.encode import StateCodec
from checker.ground.grounder import Grounder
from checker.ground.model import Cell, ExitKind, GroundModel, GroundProperty, GroundStep
from checker.ground.rest import refusals
from checker.ground.sets import clamp
from checker.ground.steps import Place, ground_action
from checker.ground.symbolic import Symbolic, Symbols, read
from checker.ground.terms import TermOp
from checker.ir.model import Model, Property, PropertyKind, Variable


@dataclass(frozen=True, slots=True)
class Layout:
    """All cells of a model's state, and which of them each variable has."""

    cells: tuple[Cell, ...]
    numbers: Mapping[str, range]


def ground(
    model: Model,
    properties: Sequence[str] | None = None,
    cone: bool = True,
    before_step: Callable[[], None] = lambda: None,
) -> GroundModel:
    """The ground model for the named properties (all of them by default), in model order.

    With `cone`, cells and steps that make no difference to the properties are left out; without,
    everything is kept. `before_step` is called before each step is unrolled: what it raises ends
    the work, for there may be very many. Raises `GroundError` for a model too large to unroll.
    """
    s = Symbols()
    layout = _layout(model.variables)
    places = _places(s, model.variables, layout)
    g = Grounder(s, TABLE, _values(s, places), _values(s, _places_after(s, places, layout)))
    judged = tuple(
        _property(g, one)
        for one in model.properties
        if properties is None or one.name in properties
    )
    steps = tuple(
        step for action in model.actions for step in ground_action(g, action, places, before_step)
    )
    found = Cone(tuple(range(len(layout.cells))), steps)
    if cone:
        found = _cone(g, model, judged, steps, layout)
    # A cell with one value is no part of a state: it is the constant 0 in every term.
    kept = tuple(number for number in found.cells if layout.cells[number].size > 1)
    renumbering = Renumbering(kept)
    ground_steps = tuple(renumbering.step(without_idle_updates(step)) for step in found.steps)
    return GroundModel(
        cells=tuple(layout.cells[number] for number in kept),
        steps=ground_steps,
        properties=tuple(map(renumbering.property, judged)),
        scopes=_scopes(ground_steps),
        dropped_variables=_dropped_variables(layout, kept),
        dropped_actions=_dropped_actions(steps, ground_steps),
        codec=StateCodec(
            tuple(variable.type for variable in model.variables),
            kept,
            tuple(_initial(g, model.variables, layout)),
        ),
    )


def _layout(variables: Sequence[Variable]) -> Layout:
    cells: list[Cell] = []
    numbers = {}
    for variable in variables:
        found = bounded_cells(variable.type, variable.name)
        numbers[variable.name] = range(len(cells), len(cells) + len(found))
        cells.extend(found)
    return Layout(tuple(cells), numbers)


def _places(s: Symbols, variables: Sequence[Variable], layout: Layout) -> dict[str, Place]:
    places = {}
    for variable in variables:
        numbers = layout.numbers[variable.name]
        terms = tuple((number, s.cell(number, layout.cells[number].size)) for number in numbers)
        places[variable.name] = Place(variable.type, terms)
    return places


def _places_after(s: Symbols, places: Mapping[str, Place], layout: Layout) -> dict[str, Place]:
    """The same variables in the state after a step."""
    after = {}
    for name, place in places.items():
        sizes = ((number, layout.cells[number].size) for number, _ in place.cells)
        terms = tuple((number, s.next_cell(number, size)) for number, size in sizes)
        after[name] = Place(place.type, terms)
    return after


def _values(s: Symbols, places: Mapping[str, Place]) -> dict[str, Symbolic]:
    return {
        name: read(s, place.type, (term for _, term in place.cells))
        for name, place in places.items()
    }


def _property(g: Grounder, found: Property) -> GroundProperty:
    holds, defined = g.truth(found.expr, {})
    return GroundProperty(found.name, found.kind, g.symbols.not_(defined), holds)


def _cone(
    g: Grounder,
    model: Model,
    judged: Sequence[GroundProperty],
    steps: Sequence[GroundStep],
    layout: Layout,
) -> Cone:
    """What the properties depend on."""
    still = Grounder(g.symbols, g.rules, g.before, g.before)
    names = {one.name for one in judged if one.kind is PropertyKind.STEP_INVARIANT}
    of_nothing = [_property(still, one) for one in model.properties if one.name in names]
    initial = tuple(_initial(g, model.variables, layout)) if model.init is None else None
    return influence(g.symbols, steps, judged, refusals(g.symbols, of_nothing, steps, initial))


def _scopes(steps: Iterable[GroundStep]) -> tuple[str, ...]:
    """The names that may cut a step, in order of first use."""
    exits = (exit for step in steps for exit in step.exits if exit.kind is ExitKind.CUT)
    return tuple(dict.fromkeys(exit.scope for exit in exits if exit.scope is not None))


def _dropped_variables(layout: Layout, kept: Sequence[int]) -> tuple[str, ...]:
    """The variables that may differ between states but have no cell any more."""
    inside = set(kept)
    dropped = []
    for name, numbers in layout.numbers.items():
        varying = [number for number in numbers if layout.cells[number].size > 1]
        if varying and inside.isdisjoint(varying):
            dropped.append(name)
    return tuple(dropped)


def _dropped_actions(steps: Iterable[GroundStep], kept: Iterable[GroundStep]) -> tuple[str, ...]:
    """The actions that may happen but have no step any more."""
    inside = {step.action for step in kept}
    return tuple(dict.fromkeys(step.action for step in steps if step.action not in inside))


def _initial(g: Grounder, variables: Sequence[Variable], layout: Layout) -> Iterable[int]:
    """The stored numbers of the initial state; 0 where it has none, which is found elsewhere."""
    for variable in variables:
        value = g.ground(variable.initial, {}).value
        numbers = layout.numbers[variable.name]
        for number, term in zip(numbers, write(g.symbols, variable.type, value), strict=True):
            stored = clamp(g.symbols, term, 0, layout.cells[number].size - 1)
            yield stored.value if stored.op is TermOp.CONST else 0
