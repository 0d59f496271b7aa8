"""Machine code for each operator agrees with its readable twin; and a broken row is noticed."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from checker.explicit import emit_terms
from checker.explicit.assembler import DECLARATIONS, Function
from checker.explicit.emit_terms import Scope, TermEmitter
from checker.explicit.layout import layout
from checker.explicit.machine_code import load
from checker.ground import evaluate
from checker.ground.evaluate import evaluate_term
from checker.ground.model import Cell
from checker.ground.terms import TERM_TABLE, Term, TermOp

WIDE = 1 << 40
CELLS = (Cell("truth", 2), Cell("small", 7), Cell("wide", WIDE), Cell("amount", 70))
SAMPLES = ((0, 0, 0, 0), (1, 6, WIDE - 1, 69), (1, 1, 2, 63), (0, 5, 12345678901, 64), (1, 2, 3, 1))
PLACED = layout(CELLS)


def cell(number: int, after: bool = False) -> Term:
    op = TermOp.NEXT_CELL if after else TermOp.CELL
    return Term(op, (), number, 0, CELLS[number].size - 1)


def constant(value: int) -> Term:
    return Term(TermOp.CONST, (), value, value, value)


def apply(op: TermOp, *args: Term, low: int = -(1 << 62), high: int = 1 << 62) -> Term:
    truths = (TermOp.NOT, TermOp.AND, TermOp.OR, TermOp.EQ, TermOp.LT, TermOp.LE)
    return Term(op, args, 0, *((0, 1) if op in truths else (low, high)))


def examples(op: TermOp) -> Iterator[Term]:
    """Terms whose root is `op`, over operands of every shape that it may meet."""
    truths = [cell(0), apply(TermOp.LT, cell(1), constant(3)), apply(TermOp.NOT, cell(0, True))]
    numbers = [cell(1), cell(2), cell(3), constant(0), constant(-3), constant(5), cell(1, True)]
    differences = [(cell(1), constant(4)), (cell(3), cell(2))]
    signed = [*numbers, *(apply(TermOp.SUB, a, b) for a, b in differences)]
    natural = [number for number in numbers if number.low >= 0]
    if op is TermOp.CONST:
        yield from (constant(value) for value in (0, 1, -1, (1 << 62) - 1, -(1 << 62)))
    elif op in (TermOp.CELL, TermOp.NEXT_CELL):
        yield from (cell(k, op is TermOp.NEXT_CELL) for k in range(len(CELLS)))
    elif op is TermOp.NOT:
        yield from (apply(op, truth) for truth in truths)
    elif op in (TermOp.AND, TermOp.OR):
        yield from (apply(op, *args) for n in (1, 2, 3) for args in product(truths, repeat=n))
    elif op is TermOp.ITE:
        yield from (apply(op, c, a, b) for c in truths for a in numbers for b in truths + numbers)
        yield from (apply(op, *args, low=0, high=1) for args in product(truths, repeat=3))
    elif op is TermOp.POPCOUNT:
        yield from (apply(op, number) for number in natural)
    elif op in (TermOp.SHIFT_LEFT, TermOp.SHIFT_RIGHT):
        yield from (apply(op, a, b) for a in [*natural, constant(1)] for b in natural)
    elif op in (TermOp.BIT_AND, TermOp.BIT_OR, TermOp.BIT_XOR):
        yield from (apply(op, a, b) for a in natural for b in natural)
    else:
        yield from (apply(op, a, b) for a in signed for b in signed)


def disagreements(op: TermOp) -> list[tuple[Term, Any, Any]]:
    """(term, cells before, cells after) where machine code and twin differ, over all samples."""
    terms = list(examples(op))
    run = load(_functions(terms), None)
    wrong = []
    for k, term in enumerate(terms):
        call = run.function(f"term{k}", 2 * PLACED.words)
        for before, after in product(SAMPLES, SAMPLES[::-1]):
            words = [_signed(word) for word in (*PLACED.pack(before), *PLACED.pack(after))]
            if _signed(evaluate_term(term, before, after)) != call(*words):
                wrong.append((term, before, after))
    return wrong


def _signed(value: int) -> int:
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def _functions(terms: list[Term]) -> str:
    texts = []
    for k, term in enumerate(terms):
        names = [f"{state}{word}" for state in "ab" for word in range(PLACED.words)]
        f = Function(f"term{k}", ", ".join(f"i64 {name}" for name in names))
        words = tuple(f"%{name}" for name in names)
        emitter = TermEmitter(f, PLACED, words[: PLACED.words], words[PLACED.words :])
        texts.append(f.text(emitter.number(term, Scope({}, {}))))
    return "\n".join([*texts, DECLARATIONS])


def test_every_operator_has_a_row_in_every_table() -> None:
    for table in (TERM_TABLE, emit_terms.TABLE, evaluate.TABLE):
        assert set(table) == set(TermOp)


@pytest.mark.parametrize("op", TermOp, ids=lambda op: op.name)
def test_machine_code_agrees_with_its_twin(op: TermOp) -> None:
    assert not disagreements(op)


def _wrong(row: Callable[..., str], op: TermOp) -> Callable[..., str]:
    """The row, off by one (a number) or turned round (a truth)."""

    def emit(e: TermEmitter, term: Term, scope: Scope) -> str:
        right = row(e, term, scope)
        if op in emit_terms.TRUTHS:
            return e.function.binary("xor", right, "true", "i1")
        return e.function.binary("add", right, "1")

    return emit


SUBTLE: Mapping[TermOp, Callable[..., str]] = {
    TermOp.LT: emit_terms.TABLE[TermOp.LE],
    TermOp.LE: emit_terms.TABLE[TermOp.LT],
    TermOp.EQ: emit_terms.TABLE[TermOp.LE],
    TermOp.AND: emit_terms.TABLE[TermOp.OR],
    TermOp.OR: emit_terms.TABLE[TermOp.AND],
    TermOp.BIT_OR: emit_terms.TABLE[TermOp.BIT_XOR],
    TermOp.BIT_XOR: emit_terms.TABLE[TermOp.BIT_OR],
    TermOp.BIT_AND: emit_terms.TABLE[TermOp.BIT_OR],
    TermOp.ADD: emit_terms.TABLE[TermOp.BIT_OR],
    TermOp.CELL: emit_terms.TABLE[TermOp.NEXT_CELL],
    TermOp.NEXT_CELL: emit_terms.TABLE[TermOp.CELL],
    TermOp.FLOORDIV: emit_terms._binary("sdiv"),
    TermOp.MOD: emit_terms._binary("srem"),
    TermOp.SHIFT_RIGHT: emit_terms.TABLE[TermOp.SHIFT_LEFT],
}
MUTANTS = [(op, "off by one", _wrong(row, op)) for op, row in emit_terms.TABLE.items()]
MUTANTS += [(op, "another row", row) for op, row in SUBTLE.items()]


@pytest.mark.parametrize(
    ("op", "kind", "row"), MUTANTS, ids=[f"{op.name}-{kind}" for op, kind, _ in MUTANTS]
)
def test_a_broken_row_is_noticed(
    op: TermOp, kind: str, row: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = emit_terms.TRUTHS if op in emit_terms.TRUTHS else emit_terms.NUMBERS
    monkeypatch.setitem(table, op, row)
    if kind == "another row" and op in (TermOp.FLOORDIV, TermOp.MOD):
        # A plain division would trap on 0: look only at the examples without one.
        assert _floors_differ(op)
    else:
        assert disagreements(op)


def _floors_differ(op: TermOp) -> bool:
    term = apply(op, apply(TermOp.SUB, cell(1), constant(4)), constant(5))
    call = load(_functions([term]), None).function("term0", 2 * PLACED.words)
    return any(
        call(*PLACED.pack(sample), *PLACED.pack(sample)) != evaluate_term(term, sample, sample)
        for sample in SAMPLES
    )
