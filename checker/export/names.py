"""Names for TLA+: legal, and each for one thing only, since TLA+ knows no shadowing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.export.library import NAMES

TAKEN = frozenset(
    """
    ASSUME ASSUMPTION AXIOM CASE CHOOSE CONSTANT CONSTANTS DOMAIN ELSE ENABLED EXCEPT EXTENDS IF IN
    INSTANCE LAMBDA LET LOCAL MODULE OTHER RECURSIVE SUBSET THEN THEOREM UNCHANGED UNION VARIABLE
    VARIABLES WITH TRUE FALSE BOOLEAN STRING
    Nat Int Seq Len Head Tail Append SubSeq SelectSeq Cardinality IsFiniteSet Print PrintT Assert
    JavaTime TLCGet TLCSet TLCEval Permutations SortSeq RandomElement Any ToString None Init Next
    Spec TypeOK vars key key_ key__ key___
    """.split()
).union(NAMES)
"""Words of the language, operators of the modules that we extend, and our own definitions."""


class Names:
    """The names given so far. A name that is taken gets `_` behind it, as often as needed."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(TAKEN) | set(taken)

    def give(self, wanted: str) -> str:
        """A name like the one wanted that nothing else has, from now on taken."""
        name = self.free(wanted)
        self._taken.add(name)
        return name

    def free(self, wanted: str, inside: Iterable[str] = ()) -> str:
        """A name like the one wanted that nothing has, neither globally nor among `inside`."""
        name = legal(wanted)
        while name in self._taken or name in inside:
            name += "_"
        return name


def legal(name: str) -> str:
    """A name with the characters that TLA+ allows: letters, digits and `_`, one letter at least."""
    cleaned = re.sub(r"\W", "_", name, flags=re.ASCII)
    starts_badly = cleaned.startswith(("WF_", "SF_"))
    return cleaned if re.search("[A-Za-z]", cleaned) and not starts_badly else f"n_{cleaned}"
