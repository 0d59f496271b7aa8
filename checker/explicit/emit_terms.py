"""Terms to machine code: one row an operator, the twin of `checker.ground.evaluate`.

A term is wanted as a number (`i64`) or as a truth (`i1`); a comparison starts as a truth, a cell
as a number, and each is converted at most once where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.explicit.assembler import Function
from checker.explicit.layout import Layout
from checker.ground.terms import Term, TermOp

INT64_LIMIT = 1 << 63


@dataclass(slots=True)
class Scope:
    """What is already computed in the blocks that dominate this one; an inner scope sees it."""

    numbers: dict[int, str]
    truths: dict[int, str]

    def inner(self) -> Scope:
        """A copy for a block that may not run: what it adds is not seen outside."""
        return Scope(dict(self.numbers), dict(self.truths))


@dataclass(frozen=True, slots=True)
class TermEmitter:
    """Emits terms into `function`; `before` and `after` are the registers of the states' words."""

    function: Function
    layout: Layout
    before: tuple[str, ...]
    after: tuple[str, ...] = ()

    def number(self, term: Term, scope: Scope) -> str:
        """The value of a term as an `i64` operand."""
        found = scope.numbers.get(id(term))
        if found is None:
            found = self._number(term, scope)
            scope.numbers[id(term)] = found
        return found

    def truth(self, term: Term, scope: Scope) -> str:
        """The value of a Boolean term as an `i1` operand."""
        found = scope.truths.get(id(term))
        if found is None:
            found = self._truth(term, scope)
            scope.truths[id(term)] = found
        return found

    def compute(self, term: Term, scope: Scope) -> None:
        """Have a term's value at hand for what follows, in the form that it comes in."""
        if term.op in TRUTHS:
            self.truth(term, scope)
        else:
            self.number(term, scope)

    def _number(self, term: Term, scope: Scope) -> str:
        if term.op in TRUTHS:
            return self.function.emit(f"zext i1 {self.truth(term, scope)} to i64")
        return NUMBERS[term.op](self, term, scope)

    def _truth(self, term: Term, scope: Scope) -> str:
        if term.op in TRUTHS:
            return TRUTHS[term.op](self, term, scope)
        if term.op is TermOp.CONST:
            return "true" if term.value else "false"
        if term.op is TermOp.ITE:
            condition, a, b = (self.truth(arg, scope) for arg in term.args)
            return self.function.select(condition, a, b, "i1")
        return self.function.binary("icmp ne", self.number(term, scope), "0")

    def cell(self, words: tuple[str, ...], number: int) -> str:
        """The stored number of a cell: shift down, mask out, exactly as `layout.extract`."""
        place = self.layout.places[number]
        if place.width == 0:
            return "0"
        shifted = words[place.word]
        if place.shift:
            shifted = self.function.binary("lshr", shifted, str(place.shift))
        if place.shift + place.width == 64:
            return shifted
        return self.function.binary("and", shifted, str((1 << place.width) - 1))


def literal(value: int) -> str:
    """A 64-bit literal; values from 2**63 up are written as the negative number of equal bits."""
    assert -INT64_LIMIT <= value < 2 * INT64_LIMIT, f"{value} does not fit 64 bits"
    return str(value - 2 * INT64_LIMIT if value >= INT64_LIMIT else value)


Row = Callable[[TermEmitter, Term, Scope], str]


def _binary(operation: str) -> Row:
    def emit(e: TermEmitter, term: Term, scope: Scope) -> str:
        a, b = (e.number(arg, scope) for arg in term.args)
        return e.function.binary(operation, a, b)

    return emit


def _connective(operation: str, unit: str) -> Row:
    def emit(e: TermEmitter, term: Term, scope: Scope) -> str:
        value = unit
        for arg in term.args:
            truth = e.truth(arg, scope)
            value = truth if value == unit else e.function.binary(operation, value, truth, "i1")
        return value

    return emit


def _not(e: TermEmitter, term: Term, scope: Scope) -> str:
    return e.function.binary("xor", e.truth(term.args[0], scope), "true", "i1")


def _ite(e: TermEmitter, term: Term, scope: Scope) -> str:
    condition = e.truth(term.args[0], scope)
    return e.function.select(condition, *(e.number(arg, scope) for arg in term.args[1:]))


def _shift(operation: str) -> Row:
    def emit(e: TermEmitter, term: Term, scope: Scope) -> str:
        value, by = (e.number(arg, scope) for arg in term.args)
        if 0 <= term.args[1].low and term.args[1].high < 64:
            return e.function.binary(operation, value, by)
        # LLVM leaves a shift by 64 or more open: shift by a safe amount, then choose.
        fits = e.function.binary("icmp ult", by, "64")
        safe = e.function.select(fits, by, "0")
        return e.function.select(fits, e.function.binary(operation, value, safe), "0")

    return emit


def _divide(e: TermEmitter, term: Term, scope: Scope) -> str:
    return _floor(e, term, scope)[0]


def _modulo(e: TermEmitter, term: Term, scope: Scope) -> str:
    return _floor(e, term, scope)[1]


def _floor(e: TermEmitter, term: Term, scope: Scope) -> tuple[str, str]:
    """Quotient and remainder rounded down as in Python; both 0 if the divisor is 0."""
    f = e.function
    a, b = (e.number(arg, scope) for arg in term.args)
    if term.args[0].low >= 0 and term.args[1].low > 0:
        return f.binary("udiv", a, b), f.binary("urem", a, b)
    is_zero = f.binary("icmp eq", b, "0")
    # Dividing by -1 may overflow in machine arithmetic; the interval rules that out for values.
    divisor = f.select(is_zero, "1", b)
    quotient, remainder = f.binary("sdiv", a, divisor), f.binary("srem", a, divisor)
    inexact = f.binary("icmp ne", remainder, "0")
    signs_differ = f.binary("icmp slt", f.binary("xor", remainder, divisor), "0")
    down = f.binary("and", inexact, signs_differ, "i1")
    lower = f.select(down, f.binary("sub", quotient, "1"), quotient)
    shifted = f.select(down, f.binary("add", remainder, divisor), remainder)
    return f.select(is_zero, "0", lower), f.select(is_zero, "0", shifted)


def _popcount(e: TermEmitter, term: Term, scope: Scope) -> str:
    return e.function.emit(f"call i64 @llvm.ctpop.i64(i64 {e.number(term.args[0], scope)})")


TRUTHS: Mapping[TermOp, Row] = {
    TermOp.NOT: _not,
    TermOp.AND: _connective("and", "true"),
    TermOp.OR: _connective("or", "false"),
    TermOp.EQ: _binary("icmp eq"),
    TermOp.LT: _binary("icmp slt"),
    TermOp.LE: _binary("icmp sle"),
}
NUMBERS: Mapping[TermOp, Row] = {
    TermOp.CONST: lambda e, term, scope: literal(term.value),
    TermOp.CELL: lambda e, term, scope: e.cell(e.before, term.value),
    TermOp.NEXT_CELL: lambda e, term, scope: e.cell(e.after, term.value),
    TermOp.ITE: _ite,
    TermOp.ADD: _binary("add"),
    TermOp.SUB: _binary("sub"),
    TermOp.MUL: _binary("mul"),
    TermOp.FLOORDIV: _divide,
    TermOp.MOD: _modulo,
    TermOp.BIT_AND: _binary("and"),
    TermOp.BIT_OR: _binary("or"),
    TermOp.BIT_XOR: _binary("xor"),
    TermOp.SHIFT_LEFT: _shift("shl"),
    TermOp.SHIFT_RIGHT: _shift("lshr"),
    TermOp.POPCOUNT: _popcount,
}
TABLE: Mapping[TermOp, Row] = {**TRUTHS, **NUMBERS}
