"""What tests of a spec are written with; `checker.testing` under a name that nobody else has."""

from splitbrain import claim

claim()

from checker.testing import enabled, refused, undefined  # noqa: E402
from splitbrain.assertions import (  # noqa: E402
    assert_holds,
    assert_reachable,
    assert_violated,
)

__all__ = [
    "assert_holds",
    "assert_reachable",
    "assert_violated",
    "enabled",
    "refused",
    "undefined",
]
