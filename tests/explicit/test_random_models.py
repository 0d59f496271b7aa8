"""On random models the native engine says exactly what the reference search says."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.ir.model import Model
from tests.native import native
from tests.random_models import Summary, compare, lively_model, models, reference


def reference_counts(model: Model) -> Summary:
    """Without the actions that never fired: the native engine may not have a step of them."""
    found = reference(model)
    return replace(
        found,
        fired={name: count for name, count in found.fired.items() if count},
        new={name: count for name, count in found.new.items() if count},
    )


@settings(max_examples=60)
@given(models())
def test_native_agrees_with_reference(model: Model) -> None:
    compare(model, reference_counts, native)


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_native_agrees_on_models_that_lead_further(seed: int) -> None:
    compare(lively_model(seed), reference_counts, native)
