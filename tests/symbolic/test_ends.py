"""A proof for every bound overlooks nothing that happens in some scope: where the bounds end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.check import Options as Search
from checker.check import check
from checker.lang.load import LoadedSpec, load
from checker.proof import Options, Proof, Verdict, run_proof
from checker.verdict import Undefined, Violated

HEAD = """
from typing import Annotated
from checker import Range, Scope, Spec, Upto, action, invariant, require, step_invariant

Term = Annotated[int, Upto("Term")]

class Counting(Spec):
    scope = Scope(Term=3)
    newest: Term
    ended: dict[Term, bool]
"""

PAST_THE_LAST_KEY = f"""{HEAD}
    @action
    def begin(self) -> None:
        self.newest += 1

    @action
    def end(self) -> None:
        self.ended[self.newest + 1] = True
"""

BOUNDS_APART = f"""{HEAD}
    next: Annotated[int, Upto("Term", plus=1)]

    @action
    def begin(self) -> None:
        self.next += 1
        self.newest = 0

    @action
    def end(self) -> None:
        self.ended[self.next] = True

    @invariant
    def is_told(self) -> bool:
        return self.ended[self.next] or not self.ended[self.next]
"""

ONLY_LARGER_THAN_A_RANGE = f"""{HEAD}
    copied: Annotated[int, Range(0, 5)]

    @action
    def begin(self) -> None:
        self.newest += 1
        self.ended[self.newest] = True

    @action
    def copy(self) -> None:
        self.copied = self.newest
"""

ONLY_SMALLER_THAN_A_KEY = f"""{HEAD}
    @action
    def begin(self) -> None:
        self.newest += 1
        self.ended[2] = True
"""

A_MAP_WITHOUT_VALUE = f"""{HEAD}
    share: dict[Term, Annotated[int, Range(0, 9)]]

    @action
    def begin(self) -> None:
        require(not self.ended[0])
        self.newest += 1
        self.share = {{t: 6 // (t - 2) if t > 1 else 0 for t in self.share}}
"""

A_MAP_THAT_FITS_IN_SMALL_SCOPES = f"""{HEAD}
    share: dict[Term, Annotated[int, Range(0, 6)]]

    @action
    def fill(self) -> None:
        self.share = {{t: t * 2 if t < 4 else 7 + self.newest for t in self.share}}
        self.ended[0] = True

    @invariant
    def nothing_ends(self) -> bool:
        return not self.ended[0]
"""

STEPS_BACK = f"""{HEAD}
    @action
    def switch(self) -> None:
        require(self.newest == 0)
        self.ended[0] = not self.ended[0]

    @step_invariant
    def stays(before: "Counting", after: "Counting") -> bool:
        return not before.ended[0] or after.ended[0]
"""

A_MAP_WITH_MORE_VALUES_PAST_ITS_END = f"""{HEAD}
    share: dict[Term, Annotated[int, Range(0, 10_000)]]

    @action
    def fill(self) -> None:
        self.share = {{t: t * 2 for t in self.share}}
        self.newest = 1

    @invariant
    def nothing_begins(self) -> bool:
        return self.newest == 0
"""

A_SORT_THAT_IS_ONLY_COUNTED = """
from checker import Scope, Sort, Spec, action, invariant, require

class Term(Sort):
    pass

class Counting(Spec):
    scope = Scope(Term=3)
    ended: bool

    @action
    def end(self) -> None:
        require(len(Term) == 7)
        self.ended = True

    @invariant
    def nothing_ends(self) -> bool:
        return not self.ended
"""

NEVER_PAST_THE_LAST_KEY = f"""{HEAD}
    @action
    def begin(self) -> None:
        self.newest += 1
        self.ended[self.newest] = True

    @action
    def end(self) -> None:
        require(self.newest > 0)
        self.ended[self.newest - 1] = True
"""


UNDEFINED = {"undefined step"}


def spec(tmp_path: Path, text: str) -> LoadedSpec:
    path = tmp_path / "counting.py"
    path.write_text(text, "utf-8")
    return load(str(path))


def proved(proof: Proof) -> set[str]:
    return {row.name for row in proof.rows if proof.verdict(row) is Verdict.PROVED}


def wrong(loaded: LoadedSpec, scope: Mapping[str, int]) -> set[str]:
    found = check(loaded, {}, scope, Search(go_on=True)).verdicts
    return {name for name, verdict in found if isinstance(verdict, Undefined | Violated)}


@pytest.mark.parametrize(
    ("text", "term", "steps", "expected"),
    [
        (PAST_THE_LAST_KEY, 3, 1, UNDEFINED),
        (BOUNDS_APART, 3, 1, {"undefined step", "is_told"}),
        (ONLY_SMALLER_THAN_A_KEY, 1, 1, UNDEFINED),
        (ONLY_LARGER_THAN_A_RANGE, 8, 1, UNDEFINED),
        (A_MAP_WITHOUT_VALUE, 3, 1, UNDEFINED),
        (A_MAP_THAT_FITS_IN_SMALL_SCOPES, 3, 1, {"nothing_ends"}),
        (ONLY_LARGER_THAN_A_RANGE.replace("Range(0, 5)", "Range(0, 210)"), 230, 1, UNDEFINED),
        (A_MAP_WITH_MORE_VALUES_PAST_ITS_END, 3, 2, {"nothing_begins"}),
        (A_SORT_THAT_IS_ONLY_COUNTED, 7, 1, {"nothing_ends"}),
        (STEPS_BACK, 3, 2, {"stays"}),
        (STEPS_BACK, 3, 3, {"stays"}),
    ],
    ids=[
        "past",
        "apart",
        "smaller",
        "larger",
        "map",
        "fits",
        "far_larger",
        "past_its_end",
        "counted",
        "back_2",
        "back_3",
    ],
)
def test_what_some_scope_refutes_has_no_proof(
    text: str, term: int, steps: int, expected: set[str], tmp_path: Path
) -> None:
    loaded = spec(tmp_path, text)
    assert wrong(loaded, {"Term": term}) == expected
    proof = run_proof(loaded, {}, {}, Options(steps=steps, seconds=1.0))
    assert "Term" not in proof.lifted or not proved(proof) & expected


def test_a_key_that_is_one_in_every_scope_is_proved_to_be(tmp_path: Path) -> None:
    """What would have been cut is no key; what is below a key is one."""
    proof = run_proof(spec(tmp_path, NEVER_PAST_THE_LAST_KEY), {}, {}, Options())
    assert (proof.lifted, proved(proof)) == (("Term",), {"undefined step"})


def test_a_bound_that_a_range_hides_is_not_lifted(tmp_path: Path) -> None:
    """Within its scope, 3 is never too large for the range: nothing there asks whether it is."""
    loaded = spec(tmp_path, ONLY_LARGER_THAN_A_RANGE)
    proof = run_proof(loaded, {}, {}, Options())
    assert (proof.lifted, proof.fixed) == ((), ("Term",))
    assert proved(proof) == {"undefined step"}
    assert wrong(loaded, {"Term": 8}) == {"undefined step"}
