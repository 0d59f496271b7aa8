"""Arithmetic and comparison, decided by intervals where they can be.

Constants gather at the end of a sum: x + 1 + 2 is x + 3. Comparisons have one form each, up to
negation: `x = y + k` and `x ≤ y + k`, with the older of x and y on the left, or a constant on the
right. So `i < n` and `not n <= i` are the same term.
"""

from __future__ import annotations

from checker.ground.logic import Logic
from checker.ground.pool import is_boolean
from checker.ground.terms import Term, TermOp


def split(term: Term) -> tuple[Term, int]:
    """The term as another plus a constant."""
    if term.op is TermOp.ADD and term.args[1].op is TermOp.CONST:
        return term.args[0], term.args[1].value
    return term, 0


def _corners(a: Term, b: Term) -> tuple[int, int]:
    products = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    return min(products), max(products)


class Numbers(Logic):
    """The connectives, and arithmetic."""

    def add(self, a: Term, b: Term) -> Term:
        """a + b."""
        (x, i), (y, j) = self._split(a), self._split(b)
        if x is None or y is None:
            return self._plus(y if x is None else x, i + j)
        if x.op is TermOp.SUB and x.args[1] is y:
            return self._plus(x.args[0], i + j)
        if y.op is TermOp.SUB and y.args[1] is x:
            return self._plus(y.args[0], i + j)
        x, y = self.in_order((x, y))
        return self._plus(self.make(TermOp.ADD, (x, y), x.low + y.low, x.high + y.high), i + j)

    def subtract(self, a: Term, b: Term) -> Term:
        """a - b."""
        (x, i), (y, j) = self._split(a), self._split(b)
        if y is None or x is y:
            return self._plus(None if x is y else x, i - j)
        if x is None:
            offset = self.constant(i - j)
            return self.make(TermOp.SUB, (offset, y), i - j - y.high, i - j - y.low)
        if x.op is TermOp.ADD and y in x.args:
            return self._plus(x.args[0] if x.args[1] is y else x.args[1], i - j)
        return self._plus(self.make(TermOp.SUB, (x, y), x.low - y.high, x.high - y.low), i - j)

    def _split(self, term: Term) -> tuple[Term | None, int]:
        return (None, term.value) if term.op is TermOp.CONST else split(term)

    def _plus(self, x: Term | None, offset: int) -> Term:
        if x is None:
            return self.constant(offset)
        if x.op is TermOp.CONST:
            return self.constant(x.value + offset)
        inner, more = split(x)
        offset += more
        if offset == 0:
            return inner
        args = (inner, self.constant(offset))
        return self.make(TermOp.ADD, args, inner.low + offset, inner.high + offset)

    def offset(self, a: Term, by: int) -> Term:
        """a plus a constant."""
        return self._plus(a, by)

    def multiply(self, a: Term, b: Term) -> Term:
        """a * b."""
        if a.op is TermOp.CONST:
            a, b = b, a
        if b.op is TermOp.CONST:
            if a.op is TermOp.CONST or b.value == 0:
                return self.constant(a.low * b.value)
            if b.value == 1:
                return a
        else:
            a, b = self.in_order((a, b))
        return self.make(TermOp.MUL, (a, b), *_corners(a, b))

    def floor_divide(self, a: Term, b: Term) -> Term:
        """a // b rounded down; 0 if b is 0."""
        if b is self.false or a is self.false:
            return self.false
        if b is self.true:
            return a
        if b.low <= 0 <= b.high:
            most = max(abs(a.low), abs(a.high))
            return self.make(TermOp.FLOORDIV, (a, b), -most, most)
        corners = [x // y for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(corners), max(corners)
        if low == high:
            return self.constant(low)
        power = _power_of_two(b)
        if power is not None and a.low >= 0:
            return self.make(TermOp.SHIFT_RIGHT, (a, self.constant(power)), low, high)
        return self.make(TermOp.FLOORDIV, (a, b), low, high)

    def modulo(self, a: Term, b: Term) -> Term:
        """a - b * (a // b); 0 if b is 0."""
        if a.op is TermOp.CONST and b.op is TermOp.CONST:
            return self.constant(a.value % b.value if b.value else 0)
        if b is self.true or b is self.false or a is self.false:
            return self.false
        if 0 <= a.low and a.high < b.low:
            return a
        power = _power_of_two(b)
        if power is not None and a.low >= 0:
            mask = self.constant(b.value - 1)
            return self.make(TermOp.BIT_AND, (a, mask), 0, min(a.high, b.value - 1))
        low, high = min(b.low + 1, 0), max(b.high - 1, 0)
        if a.low >= 0 and b.low >= 0:
            high = min(high, a.high)
        return self.make(TermOp.MOD, (a, b), low, high)

    def equal(self, a: Term, b: Term) -> Term:
        """1 if a = b."""
        if a is b:
            return self.true
        if a.high < b.low or b.high < a.low:
            return self.false
        (x, i), (y, j) = self._split(a), self._split(b)
        if x is None:
            x, y, i, j = y, x, j, i
        assert x is not None, "two constants are equal or apart"
        if y is None:
            return self._equals(x, j - i)
        if x is y:
            return self.constant(int(i == j))
        if self.rank[x] > self.rank[y]:
            x, y, i, j = y, x, j, i
        other = self._plus(y, j - i)
        if x.high < other.low or other.high < x.low:
            return self.false
        if is_boolean(x) and is_boolean(other) and self.not_(x) is other:
            return self.false
        return self.make(TermOp.EQ, (x, other), 0, 1)

    def _equals(self, x: Term, value: int) -> Term:
        if not x.low <= value <= x.high:
            return self.false
        if is_boolean(x):
            return x if value else self.not_(x)
        chosen = self._by_branches(TermOp.EQ, x, value)
        return chosen or self.make(TermOp.EQ, (x, self.constant(value)), 0, 1)

    def _by_branches(self, op: TermOp, x: Term, value: int) -> Term | None:
        """The comparison of a choice with a constant, where it is decided for one branch."""
        if x.op is not TermOp.ITE:
            return None
        condition, b, c = x.args
        decided = [_is_decided(op, branch, value) for branch in (b, c)]
        if not any(decided):
            return None
        compare = self.equal if op is TermOp.EQ else self.less_equal
        b, c = compare(b, self.constant(value)), compare(c, self.constant(value))
        return self.and_(self.implies(condition, b), self.or_(condition, c))

    def less(self, a: Term, b: Term) -> Term:
        """1 if a < b."""
        return self.not_(self.less_equal(b, a))

    def less_equal(self, a: Term, b: Term) -> Term:
        """1 if a ≤ b."""
        if a.high <= b.low:
            return self.true
        if a.low > b.high:
            return self.false
        (x, i), (y, j) = self._split(a), self._split(b)
        if y is None:
            assert x is not None, "two constants are ordered"
            return self._at_most(x, j - i)
        if x is None:
            return self.not_(self._at_most(y, i - j - 1))
        if x is y:
            return self.constant(int(i <= j))
        if self.rank[x] < self.rank[y]:
            return self.make(TermOp.LE, (x, self._plus(y, j - i)), 0, 1)
        return self.not_(self.make(TermOp.LE, (y, self._plus(x, i - j - 1)), 0, 1))

    def _at_most(self, x: Term, value: int) -> Term:
        """x ≤ value, where neither is certain; at its ends an interval leaves one value."""
        if value >= x.high:
            return self.true
        if value < x.low:
            return self.false
        if value == x.low:
            return self._equals(x, value)
        if value == x.high - 1:
            return self.not_(self._equals(x, x.high))
        chosen = self._by_branches(TermOp.LE, x, value)
        return chosen or self.make(TermOp.LE, (x, self.constant(value)), 0, 1)


def _is_decided(op: TermOp, x: Term, value: int) -> bool:
    """Whether the interval of x says how it compares with a constant."""
    if op is TermOp.LE:
        return x.high <= value or x.low > value
    return x.low == x.high or not x.low <= value <= x.high


def _power_of_two(term: Term) -> int | None:
    if term.op is TermOp.CONST and term.value > 0 and term.value & (term.value - 1) == 0:
        return term.value.bit_length() - 1
    return None
