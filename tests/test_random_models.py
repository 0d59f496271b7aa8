"""The random models themselves: well formed, all operators, all outcomes."""

from __future__ import annotations

from collections import Counter

from hypothesis import given

from checker.ir.expr import postorder
from checker.ir.model import ClauseKind, Model, PropertyKind
from checker.ir.ops import Op
from checker.ir.sanity_check import roots, sanity_check
from checker.ir.values import misfit
from checker.semantics.evaluate import Environment, by_name, evaluate
from checker.semantics.reference import explore
from checker.semantics.step import initial_state
from checker.semantics.undefined import Undefined
from tests.random_models import compare, lively_model, models, reference


@given(models())
def test_every_random_model_is_well_formed(model: Model) -> None:
    sanity_check(model)


def test_every_operator_and_every_outcome_occurs() -> None:
    operators: Counter[Op] = Counter()
    seen: Counter[object] = Counter()
    for seed in range(150):
        model = lively_model(seed)
        operators.update(expr.op for expr in postorder(tuple(root for root, _ in roots(model))))
        seen.update(clause.kind for action in model.actions for clause in action.clauses)
        seen.update(property.kind for property in model.properties)
        exploration = explore(model, stop_at_finding=False)
        seen.update(finding.kind for finding in exploration.findings)
        seen["cut"] += bool(exploration.cut)
        seen["drawn"] += any(p.drawn_from is not None for a in model.actions for p in a.parameters)
    rare = {op.name for op in Op if operators[op] < 5}
    assert not rare, f"these operators hardly occur: {rare}"
    kinds = ["violated", "reached", "undefined step", "undefined property", "cut", "drawn"]
    rare_kinds = [kind for kind in (*kinds, *ClauseKind, *PropertyKind) if seen[kind] < 5]
    assert not rare_kinds


@given(models())
def test_a_value_is_of_the_type_of_its_expression(model: Model) -> None:
    """The intervals and lengths that `build` computes hold every value."""
    environment = Environment(by_name(model, initial_state(model)))
    for expr in postorder(tuple(root for root, _ in roots(model))):
        try:
            value = evaluate(expr, environment)
        except (Undefined, KeyError, AssertionError):
            continue  # No value; or a local that is not bound, or a `next`: not a whole expression.
        assert misfit(expr.type, value) is None, f"{value} is not {expr.type}: {expr}"


@given(models())
def test_an_engine_agrees_with_itself(model: Model) -> None:
    compare(model, reference, reference)
