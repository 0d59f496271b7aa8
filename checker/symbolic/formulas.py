"""The formulas of a model, each built once: states on a path, steps between them, properties."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations

import z3

from checker.ir.model import Model, Property, PropertyKind
from checker.symbolic.equal import equal
from checker.symbolic.meaning import Axioms, Meaning, Trees
from checker.symbolic.steps import (
    Step,
    are_arguments,
    initial_state,
    is_state,
    same_state,
    step,
    truth,
    unknown_arguments,
    unknown_state,
)
from checker.symbolic.terms import Bool, both, either, negate
from checker.symbolic.trees import Map, Tree
from checker.symbolic.verdicts import UNDEFINED_STEP, Obligation


@dataclass(frozen=True, slots=True)
class Tried:
    """An action tried from a state, with unknown arguments."""

    arguments: Trees
    allowed: Bool
    step: Step


@dataclass(slots=True)
class Formulas:
    """A path of unknown states, from an unknown one or from the initial one.

    Owns what was built already: many obligations are about the same steps.
    """

    model: Model
    lift: Set[str]
    from_start: bool = False
    axioms: Axioms = field(default_factory=list)
    _states: dict[int, Trees] = field(default_factory=dict)
    _tried: dict[tuple[int, str], Tried] = field(default_factory=dict)
    _truths: dict[object, tuple[Meaning, object, object]] = field(default_factory=dict)

    def state(self, number: int) -> Trees:
        """The state after so many steps."""
        if number not in self._states:
            known = self.from_start and number == 0
            self._states[number] = (
                initial_state(self.model, self.lift)
                if known
                else unknown_state(self.model, f"s{number}.", self.lift)
            )
        return self._states[number]

    def tried(self, number: int, action: str) -> Tried:
        """An action tried from the state after so many steps."""
        key = (number, action)
        if key not in self._tried:
            found = self.model.action(action)
            before = self.state(number)
            arguments = unknown_arguments(found, f"{action}{number}/", self.lift)
            allowed = are_arguments(found, before, arguments, self.lift, self.axioms)
            taken = step(self.model, found, before, arguments, self.lift, self.axioms)
            self._tried[key] = Tried(arguments, allowed, taken)
        return self._tried[key]

    def is_path(self, steps: int) -> list[Bool]:
        """That the first states are states, all different, and each is a step from the last."""
        first = [] if self.from_start else [is_state(self.model, self.state(0), self.lift)]
        later = (is_state(self.model, self.state(n), self.lift) for n in range(1, steps + 1))
        pairs = combinations(range(steps + 1), 2)
        different = (negate(same_state(self.state(a), self.state(b))) for a, b in pairs)
        return [*first, *later, *map(self._is_step, range(steps)), *different]

    def _is_step(self, number: int) -> Bool:
        """That some action leads from a state to the next; `via` says which."""
        ways = []
        for position, action in enumerate(self.model.actions):
            tried = self.tried(number, action.name)
            lands = both(tried.allowed, tried.step.fires)
            if lands is not False:
                arrives = same_state(tried.step.after, self.state(number + 1))
                ways.append(both(z3.Int(f"via{number}") == position, lands, arrives))
        return either(*ways)

    def holds(self, judged: Property, steps: int) -> list[Bool]:
        """That a property is true of the first states of a path, or of the steps between them."""
        if judged.kind is PropertyKind.STEP_INVARIANT:
            pairs = ((self.state(n), self.state(n + 1)) for n in range(steps))
            return [self._truth(judged, before, after).value for before, after in pairs]
        states = range(steps + 1)
        return [self._truth(judged, self.state(n), None).value for n in states]

    def fails_at(self, judged: Property, number: int) -> list[Bool]:
        """That a property is false, or has no value, at the end of so many steps."""
        if judged.kind is PropertyKind.STEP_INVARIANT:
            before, after = self.state(number - 1), self.state(number)
            return [negate(self._truth(judged, before, after).value)]
        return [negate(self._truth(judged, self.state(number), None).value)]

    def fails_after(self, judged: Property | None, number: int, action: str) -> list[Bool]:
        """That an action leads from a state to where a property fails (`None`: is undefined)."""
        tried = self.tried(number, action)
        if judged is None:
            return [tried.allowed, tried.step.undefined]
        before, after = self.state(number), tried.step.after
        if judged.kind is PropertyKind.STEP_INVARIANT:
            # A step that changes nothing is none.
            changes = negate(same_state(before, after))
            fails = both(changes, negate(self._truth(judged, before, after).value))
        else:
            fails = negate(self._truth(judged, after, None).value)
        return [tried.allowed, tried.step.fires, fails]

    def _truth(self, judged: Property, before: Trees, after: Trees | None) -> Meaning:
        key = (judged.name, id(before), id(after))
        if key not in self._truths:
            found = truth(judged, before, after, self.lift, self.axioms)
            # The states are kept, too: their identity is the key.
            self._truths[key] = (found, before, after)
        return self._truths[key][0]

    def preferences(self) -> list[Bool]:
        """That parts of the first state are as in the initial one: what is not, matters."""
        known = initial_state(self.model, self.lift)
        return [same for name in known for same in _same_parts(self.state(0)[name], known[name])]


def _same_parts(a: Tree, b: Tree) -> list[Bool]:
    if isinstance(a, Map) and isinstance(b, Map):
        pairs = zip(a.values, b.values, strict=True)
        return [same for one, other in pairs for same in _same_parts(one, other)]
    return [equal(a, b)]


def property_of(model: Model, name: str) -> Property | None:
    """The property of an obligation, or `None` for undefined steps."""
    if name == UNDEFINED_STEP:
        return None
    return next(judged for judged in model.properties if judged.name == name)


def claims(
    formulas: Formulas, obligation: Obligation, assumed: Sequence[str], steps: int
) -> list[Bool]:
    """What must be impossible: an obligation broken at the end of a path of so many steps.

    From the start nothing is assumed. Else all states before the end satisfy what is assumed, and
    the property itself.
    """
    model = formulas.model
    judged = property_of(model, obligation.property)
    if obligation.action is None:
        assert judged is not None, "a start is no step"
        claimed = [*formulas.is_path(steps), *formulas.fails_at(judged, steps)]
    else:
        known = {*assumed, obligation.property}
        lemmas = [found for found in model.properties if found.name in known]
        claimed = [
            *formulas.is_path(steps - 1),
            *(fact for lemma in lemmas for fact in formulas.holds(lemma, steps - 1)),
            *formulas.fails_after(judged, steps - 1, obligation.action),
        ]
    return claimed + _relevant(formulas.axioms, claimed)


def _relevant(axioms: Axioms, claimed: Sequence[Bool]) -> list[Bool]:
    """The axioms about unknowns that the claims speak of, or other such axioms."""
    if not axioms:
        return []
    named = {name for claim in claimed for name in symbols(claim)}
    found: dict[str, Bool] = {}
    while fresh := [(name, axiom) for name, axiom in axioms if name in named and name not in found]:
        for name, axiom in fresh:
            found[name] = axiom
            named |= symbols(axiom)
    return list(found.values())


def symbols(term: Bool) -> set[str]:
    """The names of all functions and constants in a formula."""
    stack, seen, names = [term], set[int](), set[str]()
    while stack:
        part = stack.pop()
        if isinstance(part, bool | int) or part.get_id() in seen:
            continue
        seen.add(part.get_id())
        stack.extend([part.body()] if z3.is_quantifier(part) else part.children())
        if z3.is_app(part) and part.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            names.add(str(part.decl().name()))
    return names
