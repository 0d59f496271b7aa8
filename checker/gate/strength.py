"""Whether a property says less than it did: decided by a solver, over all states of the domains.

Reachable or not, every state counts here. So *weaker* is about what the property says, and not
about what the protocol happens to do.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Final

from checker.gate.digests import expression_in, names_in
from checker.ir.expr import Expr
from checker.ir.model import Model, Property, PropertyKind
from checker.symbolic.errors import CannotEncode
from checker.symbolic.meaning import Axioms
from checker.symbolic.query import Answer, Impossible, Possible, Query, query_of
from checker.symbolic.solvers import Solvers
from checker.symbolic.steps import is_state, truth, unknown_state
from checker.symbolic.terms import Bool, negate

SECONDS: Final = 10.0
"""For each of the two questions to the solver."""


class Strength(Enum):
    """What a property says, compared with what it said."""

    SAME = "says the same in other words"
    WEAKER = "weakened: implied by the old one, but not the reverse"
    STRONGER = "strengthened: implies the old one, but not the reverse"
    OTHER = "changed: neither implies the other"
    UNKNOWN = "changed; not compared"


def compared(model: Model, judged: Property, old: str) -> Strength:
    """How a property of the model relates to what the text `old` says, if that can be decided."""
    try:
        said = expression_in(old)
    except ValueError:
        return Strength.UNKNOWN
    types = {variable.name: variable.type for variable in model.variables}
    if any(types.get(name) != type for name, type in names_in(said)):
        return Strength.UNKNOWN
    try:
        forwards, backwards = _questions(model, judged, said)
    except (CannotEncode, AssertionError, KeyError):
        # The text may be from another version, or damaged: then there is nothing to compare with.
        return Strength.UNKNOWN
    answers: dict[str, Answer] = {}
    queries: dict[str, Query] = {}
    for name, asked in (("forwards", forwards), ("backwards", backwards)):
        if isinstance(asked, Query):
            queries[name] = asked
        else:
            answers[name] = asked
    with Solvers(1) as solvers:
        answers |= dict(solvers.answers(queries))
    return _strength(answers["forwards"], answers["backwards"])


def _questions(model: Model, judged: Property, said: Expr) -> tuple[Query | Answer, Query | Answer]:
    """Whether the old can be true where the new is not, and the reverse."""
    axioms: Axioms = []
    before, after = unknown_state(model, "before."), None
    domain = [is_state(model, before)]
    if judged.kind is PropertyKind.STEP_INVARIANT:
        after = unknown_state(model, "after.")
        domain.append(is_state(model, after))
    new = truth(judged, before, after, axioms=axioms).value
    old = truth(replace(judged, expr=said), before, after, axioms=axioms).value
    facts = [*domain, *(axiom.fact for axiom in axioms)]
    return _question(facts, old, new), _question(facts, new, old)


def _question(facts: list[Bool], one: Bool, other: Bool) -> Query | Answer:
    return query_of([*facts, one, negate(other)], [], SECONDS)


def _strength(forwards: Answer, backwards: Answer) -> Strength:
    match forwards, backwards:
        case Impossible(), Impossible():
            return Strength.SAME
        case Impossible(), Possible():
            return Strength.WEAKER
        case Possible(), Impossible():
            return Strength.STRONGER
        case Possible(), Possible():
            return Strength.OTHER
        case _:
            return Strength.UNKNOWN
