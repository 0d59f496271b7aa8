"""The formulas of a model, each built once: states on a path, steps between them, properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations

import z3

from checker.ir.expr import postorder
from checker.ir.model import Action, Model, Property, PropertyKind
from checker.ir.ops import Op
from checker.symbolic.cases import alternatives, argument_cases
from checker.symbolic.equal import equal
from checker.symbolic.generalise import generalised
from checker.symbolic.meaning import Axioms, Meaning, Trees
from checker.symbolic.starts import is_starting_state, starting_state
from checker.symbolic.steps import (
    Step,
    are_arguments,
    initial_state,
    is_arrival,
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
    """A path of unknown states, from an unknown one or from an initial one.

    Owns what was built already: many obligations are about the same steps.
    """

    model: Model
    lift: Set[str]
    from_start: bool = False
    axioms: Axioms = field(default_factory=list)
    _states: dict[int, Trees] = field(default_factory=dict)
    _tried: dict[tuple[int, str], Tried] = field(default_factory=dict)
    _cases: dict[tuple[int, str], list[Tried]] = field(default_factory=dict)
    _truths: dict[object, tuple[Meaning, object, object]] = field(default_factory=dict)

    def state(self, number: int) -> Trees:
        """The state after so many steps."""
        if number not in self._states:
            known = self.from_start and number == 0
            self._states[number] = (
                starting_state(self.model, f"s{number}.", self.lift)
                if known
                else unknown_state(self.model, f"s{number}.", self.lift)
            )
        return self._states[number]

    def tried(self, number: int, action: str) -> Tried:
        """An action tried from the state after so many steps."""
        key = (number, action)
        if key not in self._tried:
            found = self.model.action(action)
            arguments = unknown_arguments(found, f"{action}{number}/", self.lift)
            self._tried[key] = self._try(number, found, arguments)
        return self._tried[key]

    def cases(self, number: int, action: str) -> list[Tried]:
        """The same, with arguments of each form: some step is one of these, if it is a step."""
        key = (number, action)
        if key not in self._cases:
            found = self.model.action(action)
            given = argument_cases(found, f"{action}{number}/", self.lift)
            self._cases[key] = [self._try(number, found, arguments) for arguments in given]
        return self._cases[key]

    def _try(self, number: int, action: Action, arguments: Trees) -> Tried:
        before = self.state(number)
        allowed = are_arguments(action, before, arguments, self.lift, self.axioms)
        taken = step(self.model, action, before, arguments, self.lift, self.axioms)
        return Tried(arguments, allowed, taken)

    def is_path(self, steps: int) -> list[Bool]:
        """That the first states are states, all different, and each is a step from the last."""
        first = (
            is_starting_state(self.model, self.state(0), self.lift, self.axioms)
            if self.from_start
            else [is_state(self.model, self.state(0), self.lift)]
        )
        later = (is_arrival(self.model, self.state(n), self.lift) for n in range(1, steps + 1))
        pairs = combinations(range(steps + 1), 2)
        different = (negate(same_state(self.state(a), self.state(b))) for a, b in pairs)
        return [*first, *later, *map(self._is_step, range(steps)), *different]

    def is_path_and_step(self, steps: int) -> list[Bool]:
        """The same, but that the last step may lead back to a state where the path was before."""
        last = negate(same_state(self.state(steps - 1), self.state(steps)))
        arrives = is_arrival(self.model, self.state(steps), self.lift)
        return [*self.is_path(steps - 1), arrives, self._is_step(steps - 1), last]

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

    def fails_after(self, judged: Property | None, number: int, tried: Tried) -> list[Bool]:
        """That an action leads from a state to where a property fails (`None`: is undefined)."""
        if judged is None:
            return [tried.allowed, tried.step.undefined]
        before, after = self.state(number), tried.step.after
        if judged.kind is PropertyKind.INVARIANT and all(
            after[name] is before[name] for name in variables_of(judged)
        ):
            # It is assumed before the step, which changes nothing that it speaks of.
            return [False]
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


def variables_of(judged: Property) -> set[str]:
    """The variables that a property speaks of."""
    nodes = postorder((judged.expr,))
    return {str(node.data) for node in nodes if node.op in (Op.VARIABLE, Op.NEXT)}


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
    judged = property_of(formulas.model, obligation.property)
    if obligation.action is None:
        assert judged is not None, "a start is no step"
        is_step = judged.kind is PropertyKind.STEP_INVARIANT
        # What a state violates is violated on a path without repetition; a step may lead back.
        path = formulas.is_path_and_step(steps) if is_step else formulas.is_path(steps)
        claimed = [*path, *formulas.fails_at(judged, steps)]
    else:
        tried = formulas.tried(steps - 1, obligation.action)
        claimed = [
            *_known(formulas, (*assumed, obligation.property), steps),
            *formulas.fails_after(judged, steps - 1, tried),
        ]
    return claimed + _relevant(formulas.axioms, claimed)


@dataclass(frozen=True, slots=True)
class Case:
    """Claims; and simpler ones, if there are any, that are possible whenever these are."""

    claimed: Sequence[Bool]
    simpler: Sequence[Bool] | None = None


def claims_by_case(
    formulas: Formulas, obligation: Obligation, assumed: Sequence[str], steps: int
) -> Iterator[Case]:
    """The same as several claims: the obligation can be broken if any of them is possible."""
    if obligation.action is None:
        yield Case(claims(formulas, obligation, assumed, steps))
        return
    judged = property_of(formulas.model, obligation.property)
    known = _known(formulas, (*assumed, obligation.property), steps)
    for tried in formulas.cases(steps - 1, obligation.action):
        *before, broken = formulas.fails_after(judged, steps - 1, tried)
        for part in alternatives(broken):
            claimed = [*known, *before, part]
            axioms = _relevant(formulas.axioms, claimed)
            simpler = generalised([*known, *axioms], before, part)
            yield Case([*claimed, *axioms], simpler)


def claims_beside(formulas: Formulas, judged: Property, assumed: Sequence[str]) -> Iterator[Case]:
    """That an invariant is false in a state that satisfies what is assumed, part by part."""
    known = _known(formulas, assumed, 1)
    for part in alternatives(both(*formulas.fails_at(judged, 0))):
        claimed = [*known, part]
        yield Case([*claimed, *_relevant(formulas.axioms, claimed)])


def _known(formulas: Formulas, assumed: Sequence[str], steps: int) -> list[Bool]:
    """What is assumed of so many states, and the steps between them."""
    lemmas = [found for found in formulas.model.properties if found.name in assumed]
    facts = (fact for lemma in lemmas for fact in formulas.holds(lemma, steps - 1))
    return [*formulas.is_path(steps - 1), *facts]


def _relevant(axioms: Axioms, claimed: Sequence[Bool]) -> list[Bool]:
    """The axioms about unknowns that the claims speak of, or other such axioms."""
    axioms = [axiom for axiom in axioms if axiom.gap is None]
    if not axioms:
        return []
    named = {name for claim in claimed for name in symbols(claim)}
    found: dict[str, Bool] = {}
    while fresh := [one for one in axioms if one.unknown in named and one.unknown not in found]:
        for axiom in fresh:
            found[axiom.unknown] = axiom.fact
            named |= symbols(axiom.fact)
    return list(found.values())


def gap(axioms: Axioms, claimed: Sequence[Bool]) -> str | None:
    """Why something in the claims has no formula; `None` if all has."""
    gaps = [axiom for axiom in axioms if axiom.gap is not None]
    named = {name for claim in claimed for name in symbols(claim)} if gaps else set()
    return next((g.gap for g in gaps if any(n.startswith(g.unknown) for n in named)), None)


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
