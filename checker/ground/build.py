"""The factory of terms: choice and bits, on top of numbers, logic and the pool."""

from __future__ import annotations

from collections.abc import Sequence

from checker.ground.errors import TooWide
from checker.ground.numbers import Numbers, split
from checker.ground.pool import is_boolean
from checker.ground.terms import Term, TermOp

WORD = 63
"""Bits of a word: numbers are signed, and a word is never negative."""


class Terms(Numbers):
    """Makes terms: interned, constants folded, Boolean structure flat. One for each grounding."""

    def ite(self, condition: Term, a: Term, b: Term) -> Term:
        """a if the condition is 1, else b."""
        if condition.op is TermOp.NOT:
            condition, a, b = condition.args[0], b, a
        a, b = self._reached(condition, a), self._reached(self.not_(condition), b)
        if condition.op is TermOp.CONST or a is b:
            return a if condition.value or a is b else b
        if is_boolean(a) and is_boolean(b):
            found = self._boolean_choice(condition, a, b)
            if found is not None:
                return found
        if condition.op is TermOp.EQ and {a, b} == set(condition.args):
            return b
        merged = self._merged(condition, a, b)
        if merged is not None:
            return merged
        (a_low, a_high), (b_low, b_high) = _under(condition, True, a), _under(condition, False, b)
        low, high = min(a_low, b_low), max(a_high, b_high)
        return self.make(TermOp.ITE, (condition, a, b), low, high)

    def _reached(self, condition: Term, a: Term) -> Term:
        """A branch, without the choices inside it that the condition for being there settles."""
        while a.op is TermOp.ITE:
            inner, b, c = a.args
            if self.and_(condition, inner) is self.false:
                a = c
            elif self.and_(condition, self.not_(inner)) is self.false:
                a = b
            else:
                break
        return a

    def _merged(self, condition: Term, a: Term, b: Term) -> Term | None:
        """One choice for two where branches are shared, inside the other or beside it."""
        if b.op is TermOp.ITE and b.args[1] is a:
            return self.ite(self.or_(condition, b.args[0]), a, b.args[2])
        if a.op is TermOp.ITE and a.args[2] is b:
            return self.ite(self.and_(condition, a.args[0]), a.args[1], b)
        if a.op is b.op is TermOp.ITE and a.args[0] is b.args[0]:
            inner, x, y = a.args
            if x is b.args[1]:
                return self.ite(inner, x, self.ite(condition, y, b.args[2]))
            if y is b.args[2]:
                return self.ite(inner, self.ite(condition, x, b.args[1]), y)
        return None

    def _boolean_choice(self, condition: Term, a: Term, b: Term) -> Term | None:
        """And, or, for a choice between Booleans of which one is known (or is the condition)."""
        if a is self.true or a is condition:
            return self.or_(condition, b)
        if b is self.false or b is condition:
            return self.and_(condition, a)
        if a is self.false or a is self.not_(condition):
            return self.and_(self.not_(condition), b)
        if b is self.true or b is self.not_(condition):
            return self.or_(self.not_(condition), a)
        return None

    def minimum(self, a: Term, b: Term) -> Term:
        """The lesser."""
        return self.ite(self.less_equal(a, b), a, b)

    def maximum(self, a: Term, b: Term) -> Term:
        """The greater."""
        return self.ite(self.less_equal(a, b), b, a)

    def total(self, numbers: Sequence[Term]) -> Term:
        """The sum of them all."""
        result = self.false
        for number in numbers:
            result = self.add(result, number)
        return result

    def bit_and(self, a: Term, b: Term) -> Term:
        """Bitwise and."""
        a, b = self._constant_last(a, b)
        if b.op is TermOp.CONST:
            if a.op is TermOp.CONST:
                return self.constant(a.value & b.value)
            if b.value & _ones(a) == _ones(a):
                return a
        if a is b or b is self.false:
            return b
        return self.make(TermOp.BIT_AND, (a, b), 0, min(a.high, b.high))

    def bit_or(self, a: Term, b: Term) -> Term:
        """Bitwise or."""
        a, b = self._constant_last(a, b)
        if a.op is TermOp.CONST:
            return self.constant(a.value | b.value)
        if a is b or b is self.false:
            return a
        if b.op is TermOp.CONST and b.value & _ones(a) == _ones(a):
            return b
        return self.make(TermOp.BIT_OR, (a, b), max(a.low, b.low), _ones(a) | _ones(b))

    def bit_xor(self, a: Term, b: Term) -> Term:
        """Bitwise exclusive or."""
        a, b = self._constant_last(a, b)
        if a.op is TermOp.CONST:
            return self.constant(a.value ^ b.value)
        if a is b:
            return self.false
        if b is self.false:
            return a
        return self.make(TermOp.BIT_XOR, (a, b), 0, _ones(a) | _ones(b))

    def _constant_last(self, a: Term, b: Term) -> tuple[Term, Term]:
        _need_words(a, b)
        if a.op is TermOp.CONST and b.op is TermOp.CONST:
            return a, b
        if a.op is TermOp.CONST or b.op is TermOp.CONST:
            return (b, a) if a.op is TermOp.CONST else (a, b)
        return (a, b) if self.rank[a] < self.rank[b] else (b, a)

    def shift_left(self, a: Term, by: Term) -> Term:
        """a * 2**by, where `by` is in 0..62 and nothing is lost."""
        _need_words(a, by)
        if by.high >= WORD:
            raise TooWide(a.low, a.high << WORD)
        low, high = a.low << by.low, a.high << by.high
        if low == high:
            return self.constant(low)
        return a if by is self.false else self.make(TermOp.SHIFT_LEFT, (a, by), low, high)

    def shift_right(self, a: Term, by: Term) -> Term:
        """a // 2**by for `by` in 0..63, else 0."""
        _need_words(a)
        is_safe = by.low >= 0 and by.high < 64
        low = a.low >> by.high if is_safe else 0
        high = a.high >> max(by.low, 0)
        if low == high:
            return self.constant(low)
        return a if by is self.false else self.make(TermOp.SHIFT_RIGHT, (a, by), low, high)

    def popcount(self, a: Term) -> Term:
        """The number of ones."""
        if a.op is TermOp.CONST:
            return self.constant(a.value.bit_count())
        if is_boolean(a):
            return a
        return self.make(TermOp.POPCOUNT, (a,), int(a.low > 0), _ones(a).bit_count())

    def bit(self, word: Term, number: int) -> Term:
        """Bit `number` of a word, as a Boolean: asked of what the word was made from."""
        if number < 0 or word.high >> number == 0:
            return self.false
        match word.op:
            case TermOp.CONST:
                return self.constant(word.value >> number & 1)
            case TermOp.BIT_OR:
                return self.or_(*(self.bit(arg, number) for arg in word.args))
            case TermOp.BIT_AND:
                return self.and_(*(self.bit(arg, number) for arg in word.args))
            case TermOp.BIT_XOR:
                return self.xor(*(self.bit(arg, number) for arg in word.args))
            case TermOp.ITE if min(word.args[1].low, word.args[2].low) >= 0:
                condition, a, b = word.args
                return self.ite(condition, self.bit(a, number), self.bit(b, number))
            case TermOp.SHIFT_LEFT if word.args[1].op is TermOp.CONST:
                return self.bit(word.args[0], number - word.args[1].value)
            case _:
                return self.bit_at(word, self.constant(number))

    def bit_at(self, word: Term, number: Term) -> Term:
        """The bit of a word that a term says, as a Boolean; 0 if there is none."""
        return self.bit_and(self.shift_right(word, number), self.true)


def _need_words(*terms: Term) -> None:
    """A negative number would need a bit that words of ours do not have."""
    for term in terms:
        if term.low < 0:
            raise TooWide(term.low, term.high)


def _ones(term: Term) -> int:
    """A word with every bit set that may be set in the term."""
    return (1 << term.high.bit_length()) - 1


def _under(condition: Term, truth: bool, term: Term) -> tuple[int, int]:
    """The interval of a term where the condition is known; its own if that cannot be."""
    low, high = term.low, term.high
    x, offset = split(term)
    for comparison, holds in _facts(condition, truth):
        least, most = bounds(comparison, holds, x)
        low, high = max(low, least + offset), min(high, most + offset)
    return (low, high) if low <= high else (term.low, term.high)


def _facts(condition: Term, truth: bool) -> list[tuple[Term, bool]]:
    """The comparisons that are known where the condition is, and whether they hold."""
    if condition.op is (TermOp.AND if truth else TermOp.OR):
        return [fact for part in condition.args for fact in _facts(part, truth)]
    if condition.op is TermOp.NOT:
        return _facts(condition.args[0], not truth)
    return [(condition, truth)] if condition.op in (TermOp.EQ, TermOp.LE) else []


def bounds(comparison: Term, holds: bool, x: Term) -> tuple[int, int]:
    """The interval of x where a comparison holds, or where it does not."""
    left, right = comparison.args
    y, offset = split(right)
    if x is left:
        other_low, other_high = right.low, right.high
    elif x is y:
        other_low, other_high = left.low - offset, left.high - offset
    else:
        return x.low, x.high
    low, high = x.low, x.high
    if comparison.op is TermOp.EQ:
        if holds:
            return max(low, other_low), min(high, other_high)
        is_constant = other_low == other_high
        return low + (is_constant and other_low == low), high - (is_constant and other_low == high)
    if holds == (x is left):
        return low, min(high, other_high if holds else other_high - 1)
    return max(low, other_low if holds else other_low + 1), high
