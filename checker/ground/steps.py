"""Actions to ground steps: one for each choice of arguments that may ever be enabled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from checker.ground.assume import Assumptions
from checker.ground.codes import write
from checker.ground.compare import SETS
from checker.ground.errors import GroundError
from checker.ground.fit import Departure, Visit, departures, elements, fits
from checker.ground.grounder import Bindings, Grounded, Grounder
from checker.ground.model import Exit, ExitKind, GroundStep
from checker.ground.refute import is_impossible
from checker.ground.symbolic import MaskSet, Symbolic
from checker.ground.terms import Term, TermOp
from checker.ir.expr import Expr, Value, node
from checker.ir.model import Action, Clause, ClauseKind, Parameter
from checker.ir.ops import Op
from checker.ir.types import BOOL, Type
from checker.ir.values import members

MOST_STEPS = 200_000
"""The most choices of arguments that are unrolled for one action."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable's cells are: its type and its stored numbers, as terms by cell number."""

    type: Type
    cells: tuple[tuple[int, Term], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of arguments; those drawn from slots have no value yet, and conditions instead."""

    arguments: tuple[Value, ...]
    bindings: Bindings
    conditions: tuple[Departure, ...]


def ground_action(
    g: Grounder, action: Action, places: dict[str, Place], before_step: Callable[[], None]
) -> Iterator[GroundStep]:
    """The ground steps of an action, arguments in lexicographic order."""
    try:
        for number, choice in enumerate(_choices(g, action.parameters, Choice((), {}, ()))):
            if number >= MOST_STEPS:
                raise GroundError(
                    f"it has more than {MOST_STEPS:,} choices of arguments",
                    "draw a parameter from a set in the state: require(m in self.messages) first",
                )
            before_step()
            step = _ground_step(g, action, choice, places)
            if step is not None:
                yield step
    except GroundError as error:
        message = f"action {action.name}: {error.message}"
        raise GroundError(message, error.help, error.span) from None


def _choices(g: Grounder, remaining: Sequence[Parameter], chosen: Choice) -> Iterator[Choice]:
    if not remaining:
        yield chosen
        return
    first, rest = remaining[0], remaining[1:]
    for choice in _draw(g, first, chosen):
        yield from _choices(g, rest, choice)


def _draw(g: Grounder, parameter: Parameter, chosen: Choice) -> Iterator[Choice]:
    """The choices for one more parameter: the slots that it is drawn from, or all its values."""
    s = g.symbols
    for argument, value, is_drawn in _candidates(g, parameter, chosen):
        bindings = {**chosen.bindings, parameter.local: value}
        conditions = chosen.conditions
        if parameter.drawn_from is not None:
            drawn = g.ground(parameter.drawn_from, chosen.bindings)
            membership = _membership(parameter, parameter.drawn_from)
            if is_drawn is not None:
                # Where the slot is taken its value is a member; that is not computed again.
                g.know(membership, bindings, Grounded(is_drawn, drawn.defined))
            is_member, defined = g.truth(membership, bindings)
            is_choice = s.and_(is_member, fits(s, parameter.type, value))
            is_none = s.and_(drawn.defined, defined, s.not_(is_choice))
            conditions = (*conditions, Departure(is_none, ExitKind.DISABLED))
        yield Choice((*chosen.arguments, argument), bindings, conditions)


def _candidates(
    g: Grounder, parameter: Parameter, chosen: Choice
) -> Iterator[tuple[Value, Symbolic, Term | None]]:
    """The argument, its value, and for one from a slot whether the slot is taken."""
    if parameter.drawn_from is not None:
        drawn = g.ground(parameter.drawn_from, chosen.bindings).value
        assert isinstance(drawn, SETS), parameter
        if not isinstance(drawn, MaskSet):
            for is_taken, value in elements(g.symbols, drawn, Visit.IN_ORDER):
                yield None, value, is_taken
            return
    for member in members(parameter.type):
        yield member, g.symbols.lift(parameter.type, member), None


def _membership(parameter: Parameter, drawn_from: Expr) -> Expr:
    """The condition that the action begins with: the parameter is in the set it is drawn from."""
    local = node(Op.LOCAL, (), parameter.type, parameter.local)
    return node(Op.CONTAINS, (drawn_from, local), BOOL)


def _ground_step(
    g: Grounder, action: Action, choice: Choice, places: dict[str, Place]
) -> GroundStep | None:
    """The step for one choice of arguments, or `None` if it is never enabled.

    A step that always ends keeps its updates, from which the cone sees whether it would matter.
    """
    s = g.symbols
    known = Assumptions(s)
    exits: list[Exit] = []
    for departure in _departures(g, action, choice):
        when = known.simplify_condition(departure.when)
        if when is s.false or _is_needless(departure.kind, known, when):
            continue
        known.learn(s.not_(when))
        if exits and (exits[-1].kind, exits[-1].scope) == (departure.kind, departure.scope):
            when = s.or_(exits.pop().when, when)
        exits.append(Exit(departure.kind, when, departure.scope))
        if when is s.true:
            break
    if _is_never(exits):
        return None
    updates = tuple(_updates(g, action, choice.bindings, places, known))
    return GroundStep(action.name, choice.arguments, tuple(exits), updates)


def _is_needless(kind: ExitKind, known: Assumptions, when: Term) -> bool:
    """Whether a step is never undefined in this way; other exits do happen, as a rule."""
    return kind is ExitKind.UNDEFINED and is_impossible(known, when)


def _is_never(exits: Sequence[Exit]) -> bool:
    """Whether the step is disabled, whatever the state."""
    return [(exit.kind, exit.when.low) for exit in exits] == [(ExitKind.DISABLED, 1)]


def _departures(g: Grounder, action: Action, choice: Choice) -> Iterator[Departure]:
    """Everything that may end the step, in program order."""
    yield from choice.conditions
    for clause in action.clauses:
        yield from _clause(g, clause, choice.bindings)


def _clause(g: Grounder, clause: Clause, bindings: Bindings) -> Iterator[Departure]:
    s = g.symbols
    path, _ = g.truth(clause.path, bindings)
    if path is s.false:
        return
    found = g.ground(clause.expr, bindings)
    yield Departure(s.and_(path, s.not_(found.defined)), ExitKind.UNDEFINED)
    match clause.kind:
        case ClauseKind.DEFINED:
            return
        case ClauseKind.REQUIRE:
            assert isinstance(found.value, Term), clause
            yield Departure(s.and_(path, s.not_(found.value)), ExitKind.DISABLED)
        case ClauseKind.WITHIN:
            assert clause.domain is not None, clause
            for one in departures(s, clause.domain, found.value):
                yield Departure(s.and_(path, one.when), one.kind, one.scope)


def _updates(
    g: Grounder,
    action: Action,
    bindings: Bindings,
    places: dict[str, Place],
    known: Assumptions,
) -> Iterator[tuple[int, Term]]:
    """The cells that may change, with their new stored numbers."""
    for name, expr in action.updates:
        place = places[name]
        value: Symbolic = g.ground(expr, bindings).value
        numbers = write(g.symbols, place.type, value)
        for (cell, before), number in zip(place.cells, numbers, strict=True):
            if number is before:
                continue
            after = known.simplify(number)
            if after is not before and before.op is not TermOp.CONST:
                yield cell, after
