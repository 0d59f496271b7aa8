"""No operator is missing, of the source language or of terms."""

from collections.abc import Mapping

import pytest

from checker.ground import assume, binders, evaluate
from checker.ground.terms import TERM_TABLE, TermOp
from checker.ir.ops import Op


@pytest.mark.parametrize("table", [TERM_TABLE, evaluate.TABLE, assume.REBUILD])
def test_every_term_operator_has_a_row(table: Mapping[TermOp, object]) -> None:
    assert set(table) == set(TermOp)


def test_every_operator_is_grounded() -> None:
    assert set(binders.TABLE) == set(Op)
