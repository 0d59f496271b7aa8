"""Operators that Python has and TLA+ does not, defined as far as a module uses them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ORDER: Final = (
    ("Some", (), "the value of an optional", """\
Some(x) == IF x = None THEN Assert(FALSE, "None is used as a value") ELSE x"""),
    ("Range", (), "the elements of a sequence", """\
Range(s) == {s[i] : i \\in DOMAIN s}"""),
    ("Min", (), "the least of a set of integers", """\
Min(S) == CHOOSE x \\in S : \\A y \\in S : x <= y"""),
    ("Max", (), "the greatest of a set of integers", """\
Max(S) == CHOOSE x \\in S : \\A y \\in S : y <= x"""),
    ("Least", ("Min",), "the least of a set of integers, or else the default", """\
Least(S, default) == IF S = {} THEN default ELSE Min(S)"""),
    ("Greatest", ("Max",), "the greatest of a set of integers, or else the default", """\
Greatest(S, default) == IF S = {} THEN default ELSE Max(S)"""),
    ("First", (), "the first element of a sequence, or else the default", """\
First(s, default) == IF s = <<>> THEN default ELSE Head(s)"""),
    ("At", (), "s[i] as Python counts: from 0, and from the end where i is negative", """\
At(s, i) == s[(IF i < 0 THEN Len(s) + i ELSE i) + 1]"""),
    ("Slice", ("Min", "Max"), "s[from:to] as Python counts, with bounds past an end", """\
Slice(s, from, to) ==
  LET place(i) == Max({0, Min({Len(s), IF i < 0 THEN Len(s) + i ELSE i})})
  IN SubSeq(s, place(from) + 1, place(to))"""),
    ("Interval", (), "the integers from a up to but not including b, in order", """\
Interval(a, b) == [i \\in 1..(IF a < b THEN b - a ELSE 0) |-> a + i - 1]"""),
    ("Sum", (), "the sum of the values of a function", """\
Sum(f) ==
  LET over[S \\in SUBSET DOMAIN f] ==
        IF S = {} THEN 0 ELSE LET x == CHOOSE y \\in S : TRUE IN f[x] + over[S \\ {x}]
  IN over[DOMAIN f]"""),
    ("Joined", (), "the sequences of a sequence, one after the other", """\
Joined(ss) ==
  LET upto[n \\in 0..Len(ss)] == IF n = 0 THEN <<>> ELSE upto[n - 1] \\o ss[n]
  IN upto[Len(ss)]"""),
    ("BoundedSequences", (), "what is a sequence over S of at most n elements", """\
BoundedSequences(S, n) == {s \\in Seq(S) : Len(s) <= n}"""),
    ("SequencesUpTo", (), "the sequences over S of at most n elements, one by one", """\
SequencesUpTo(S, n) == UNION {[1..m -> S] : m \\in 0..n}"""),
    ("SetsUpTo", (), "the subsets of S of at most n members", """\
SetsUpTo(S, n) == {T \\in SUBSET S : Cardinality(T) <= n}"""),
)  # fmt: skip
"""Name, what it needs itself, what it is for, and its definition; none needs a later one."""

NAMES: Final = frozenset(name for name, *_ in ORDER)


def definitions(used: Iterable[str]) -> list[str]:
    """The definitions of these operators and of what they need, each with a comment."""
    wanted = set(used)
    for name, needs, *_ in reversed(ORDER):
        if name in wanted:
            wanted.update(needs)
    return [
        f"\\* {comment[0].upper()}{comment[1:]}.\n{definition}"
        for name, _, comment, definition in ORDER
        if name in wanted
    ]
