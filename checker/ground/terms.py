"""Terms: the scalar language that grounding produces and that machine code is made of.

Every term is a number (a Boolean is 0 or 1, a set is a bit mask, an optional of a small domain is
0 for `None` and its ordinal plus one otherwise) over *cells*, the scalars that make up a state.
Terms are total: a place where the source language is undefined has become an `Exit` of its step.
Terms are made by `Terms`, which interns them and folds constants by intervals.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto


class TermOp(Enum):
    """An operator on 64-bit integers; `TERM_TABLE` says what each one means."""

    CONST = auto()
    CELL = auto()
    NEXT_CELL = auto()
    NOT = auto()
    AND = auto()
    OR = auto()
    ITE = auto()
    EQ = auto()
    LT = auto()
    LE = auto()
    ADD = auto()
    SUB = auto()
    MUL = auto()
    FLOORDIV = auto()
    MOD = auto()
    BIT_AND = auto()
    BIT_OR = auto()
    BIT_XOR = auto()
    SHIFT_LEFT = auto()
    SHIFT_RIGHT = auto()
    POPCOUNT = auto()


TERM_TABLE: dict[TermOp, tuple[int | None, str]] = {
    TermOp.CONST: (0, "the number `value`"),
    TermOp.CELL: (0, "cell number `value` of the state (before a step)"),
    TermOp.NEXT_CELL: (0, "cell number `value` of the state after a step; step invariants only"),
    TermOp.NOT: (1, "1 - a, for a Boolean a"),
    TermOp.AND: (None, "1 if all are 1 (Booleans; every argument may be evaluated)"),
    TermOp.OR: (None, "1 if any is 1 (Booleans; every argument may be evaluated)"),
    TermOp.ITE: (3, "b if a else c"),
    TermOp.EQ: (2, "1 if a = b"),
    TermOp.LT: (2, "1 if a < b, signed"),
    TermOp.LE: (2, "1 if a <= b, signed"),
    TermOp.ADD: (2, "a + b"),
    TermOp.SUB: (2, "a - b"),
    TermOp.MUL: (2, "a * b"),
    TermOp.FLOORDIV: (2, "a // b rounded down; 0 if b is 0"),
    TermOp.MOD: (2, "a - b * (a // b); 0 if b is 0"),
    TermOp.BIT_AND: (2, "bitwise and, both not negative"),
    TermOp.BIT_OR: (2, "bitwise or, both not negative"),
    TermOp.BIT_XOR: (2, "bitwise exclusive or, both not negative"),
    TermOp.SHIFT_LEFT: (2, "a * 2**b for 0 <= b < 64, else 0; modulo 2**64"),
    TermOp.SHIFT_RIGHT: (2, "a as 64 bits without sign, shifted down by b for 0 <= b < 64; else 0"),
    TermOp.POPCOUNT: (1, "the number of ones in a as 64 bits without sign"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One node. `low..high` is an interval that holds its value in every state, both included."""

    op: TermOp
    args: tuple[Term, ...]
    value: int
    low: int
    high: int

    def __repr__(self) -> str:
        if not self.args:
            return f"{self.op.name.lower()} {self.value}"
        return f"({self.op.name.lower()} {' '.join(map(repr, self.args))})"


def postorder(roots: Sequence[Term], known: Container[Term]) -> Iterator[Term]:
    """Every distinct term below the roots that is not known yet, each after its arguments.

    Who goes through them makes each one known before asking for the next.
    """
    stack = list(reversed(roots))
    while stack:
        term = stack[-1]
        waiting = () if term in known else [arg for arg in term.args if arg not in known]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if term not in known:
            yield term
