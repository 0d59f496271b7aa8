"""An audit finds what is said in vain, and nothing else: a healthy spec, and one flaw at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from checker.audit.findings import Audit, Kind, Reach
from checker.audit.places import place_of
from checker.audit.questions import Question, questions
from checker.audit.run import audit
from checker.audit.searched import _unmet, goals_of, searched
from checker.explicit.outcome import Limits
from checker.ground.errors import GroundError
from checker.ir.build import TRUE
from checker.ir.expr import Span, node
from checker.ir.model import Model, Property, PropertyKind
from checker.ir.ops import Op
from checker.ir.types import BOOL
from checker.ir.values import State, members
from checker.lang.load import load
from checker.prepare import prepare
from checker.semantics.step import initial_state, judge, successors
from checker.semantics.undefined import Undefined
from checker.symbolic.solvers import Solvers
from checker.symbolic.vacuity import Asked, States

HEALTHY = '''
from typing import Annotated
from checker import Scope, Sort, Spec, Upto, action, invariant, require, step_invariant

class Lamp(Sort):
    """A lamp."""

class Lamps(Spec):
    scope = Scope(Lamp=2, Off=2)
    on: frozenset[Lamp] = frozenset()
    off: Annotated[int, Upto("Off")]
    last: Lamp | None = None

    def was_last(self, lamp: Lamp) -> bool:
        return self.last == lamp

    @action
    def switch_on(self, lamp: Lamp) -> None:
        require(lamp not in self.on)
        self.on |= {lamp}
        if not self.was_last(lamp):
            self.last = lamp

    @action
    def switch_off(self, lamp: Lamp) -> None:
        require(lamp in self.on)
        self.on -= {lamp}
        self.off += 1

    @invariant
    def last_is_known(self) -> bool:
        return len(self.on) == 0 or self.last is not None

    @step_invariant
    def off_grows(before: "Lamps", after: "Lamps") -> bool:
        return before.off <= after.off
'''
# What to replace, by what, and what is found then: kind, owner, the line's source, of which states.
IN_ON = "        require(lamp not in self.on)\n"
TO_OFF = "        self.off += 1\n"
Found = tuple[Kind, str, str, Reach]
FLAWS: dict[str, tuple[str, str, list[Found]]] = {
    "a guard that is never true": (
        TO_OFF,
        f"{TO_OFF}        require(len(self.on) > 1)\n",
        [
            # What was never switched off cannot be switched on again.
            (Kind.DEAD_BRANCH, "switch_on", "self.last == lamp", Reach.REACHABLE),
            (Kind.DEAD_GUARD, "switch_off", "len(self.on) > 1", Reach.ANY_BOUNDS),
        ],
    ),
    "a guard that is true in a larger scope": (
        IN_ON,
        "        require(self.off > 2, lamp not in self.on)\n",
        [
            (Kind.DEAD_GUARD, "switch_on", "self.off > 2", Reach.BOUNDS),
            (Kind.DEAD_GUARD, "switch_off", "lamp in self.on", Reach.REACHABLE),
            (Kind.NEEDLESS_REST, "last_is_known", "len(self.on) == 0", Reach.REACHABLE),
        ],
    ),
    "a guard that excludes nothing": (
        IN_ON,
        "        require(lamp not in self.on, len(self.on) < 2)\n",
        [(Kind.IDLE_GUARD, "switch_on", "len(self.on) < 2", Reach.REACHABLE)],
    ),
    "a branch that is never taken": (
        "        if not self.was_last(lamp):",
        "        if lamp == self.last and self.off == 0:",
        [(Kind.DEAD_BRANCH, "switch_on", "lamp == self.last and self.off == 0", Reach.REACHABLE)],
    ),
    "a branch that is always taken": (
        "        if not self.was_last(lamp):",
        "        if self.off < 3:",
        [(Kind.ONLY_BRANCH, "switch_on", "self.off < 3", Reach.REACHABLE)],
    ),
    "a premise that is never true": (
        "return len(self.on) == 0 or self.last is not None",
        "return not (len(self.on) > 0 and self.last is None) or self.off == 0",
        [
            (
                Kind.VACUOUS_PREMISE,
                "last_is_known",
                "len(self.on) > 0 and self.last is None",
                Reach.REACHABLE,
            )
        ],
    ),
    "an alternative that is always true": (
        "return len(self.on) == 0 or self.last is not None",
        "return len(self.on) <= 2 or self.last is not None",
        [
            (Kind.NEEDLESS_REST, "last_is_known", "len(self.on) <= 2", Reach.ANY_BOUNDS),
            (Kind.TAUTOLOGY, "last_is_known", "", Reach.ANY_BOUNDS),
        ],
    ),
    "a filter that lets nothing through": (
        "return len(self.on) == 0 or self.last is not None",
        "return all(self.last is not None for lamp in self.on if self.off > 2)",
        [
            (Kind.VACUOUS_PREMISE, "last_is_known", "self.off > 2", Reach.BOUNDS),
            (Kind.TAUTOLOGY, "last_is_known", "", Reach.BOUNDS),
        ],
    ),
    "a set that is always empty": (
        "return len(self.on) == 0 or self.last is not None",
        "return all(self.off > 0 for lamp in self.on - frozenset(Lamp))",
        [
            (Kind.EMPTY_SOURCE, "last_is_known", "self.on - frozenset(Lamp)", Reach.ANY_BOUNDS),
            (Kind.TAUTOLOGY, "last_is_known", "", Reach.ANY_BOUNDS),
        ],
    ),
    "an invariant that follows from another": (
        "    @step_invariant\n",
        "    @invariant\n    def off_or_known(self) -> bool:\n"
        "        return len(self.on) == 0 or self.last is not None or self.off > 1\n\n"
        "    @step_invariant\n",
        [
            (Kind.NEEDLESS_REST, "off_or_known", "self.last is not None", Reach.REACHABLE),
            (Kind.FOLLOWS, "off_or_known", "last_is_known", Reach.ANY_BOUNDS),
        ],
    ),
    "a step invariant that is true of any two states": (
        "return before.off <= after.off",
        "return before.off <= 2 and after.off <= 2",
        [(Kind.TAUTOLOGY, "off_grows", "", Reach.BOUNDS)],
    ),
}


def written(folder: Path, text: str) -> str:
    path = folder / "lamps.py"
    path.write_text(text, "utf-8")
    return str(path)


def audited(folder: Path, text: str, limits: Limits | None = None) -> Audit:
    return audit(load(written(folder, text)), {}, {}, limits=limits or Limits())


def shown(found: Audit) -> list[Found]:
    return [
        (each.kind, each.owner, each.place.text or " ".join(each.others), each.reach)
        for each in found.findings
    ]


def test_nothing_is_found_where_nothing_is_the_matter(tmp_path: Path) -> None:
    found = audited(tmp_path, HEALTHY)
    assert shown(found) == []
    assert (found.stop, found.states, found.open, found.undefined) == (None, 21, (), 0)


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_found(tmp_path: Path, flaw: str) -> None:
    old, new, expected = FLAWS[flaw]
    assert HEALTHY.count(old) == 1
    text = HEALTHY.replace(old, new)
    found = audited(tmp_path, text)
    assert shown(found) == expected
    for each in found.findings:
        line = text.splitlines()[each.place.line - 1]
        assert each.place.text in line or line.lstrip().startswith(("def", "@"))


def test_a_search_that_was_stopped_shows_nothing(tmp_path: Path) -> None:
    old, new, _ = FLAWS["a guard that excludes nothing"]
    found = audited(tmp_path, HEALTHY.replace(old, new), Limits(states=5))
    assert (found.stop, shown(found)) == ("states", [])
    old, new, _ = FLAWS["a step invariant that is true of any two states"]
    found = audited(tmp_path, HEALTHY.replace(old, new), Limits(states=5))
    assert [each.kind for each in found.findings] == [Kind.TAUTOLOGY]


def test_what_a_bound_of_zero_forbids_is_possible_with_another_bound(tmp_path: Path) -> None:
    old, new, _ = FLAWS["a guard that is true in a larger scope"]
    found = audit(load(written(tmp_path, HEALTHY.replace(old, new))), {}, {"Off": 0})
    (dead, *_) = found.findings
    assert (dead.kind, dead.place.text) == (Kind.DEAD_GUARD, "self.off > 2")
    assert dead.reach is Reach.BOUNDS


LATE = """
from typing import Annotated
from checker import Scope, Spec, Upto, action, require

class Late(Spec):
    scope = Scope(Term=3)
    newest: Annotated[int, Upto("Term")]
    late: bool

    @action
    def begin(self) -> None:
        self.newest += 1

    @action
    def end(self) -> None:
        self.newest += 1
        require(self.newest > 8)
        self.late = True
"""


def test_what_a_bound_cuts_is_possible_with_another_bound(tmp_path: Path) -> None:
    path = tmp_path / "late.py"
    path.write_text(LATE, "utf-8")
    (found,) = audit(load(str(path)), {}, {}).findings
    assert (found.kind, found.reach) == (Kind.DEAD_GUARD, Reach.BOUNDS)


def test_without_time_nothing_is_said(tmp_path: Path) -> None:
    old, new, _ = FLAWS["an alternative that is always true"]
    found = audited(tmp_path, HEALTHY.replace(old, new), Limits(seconds=0.0))
    assert (found.stop, shown(found)) == ("timeout", [])
    assert found.open == ("last_is_known", "off_grows")


def test_what_comes_after_an_undefined_step_is_not_known(tmp_path: Path) -> None:
    undefined = "        require(lamp not in self.on, self.off // self.off == 1)\n"
    found = audited(tmp_path, HEALTHY.replace(IN_ON, undefined))
    assert (found.stop, shown(found)) == ("undefined step", [])


def test_a_premise_without_a_value_is_not_called_vacuous(tmp_path: Path) -> None:
    text = "return not (self.off // self.off > 1) or self.off == 1"
    found = audited(
        tmp_path, HEALTHY.replace("return len(self.on) == 0 or self.last is not None", text)
    )
    assert (found.undefined, [each.kind for each in found.findings]) == (1, [])


# The search judges the goals as the evaluator does, in all reachable states.


def reachable(model: Model) -> list[State]:
    states = dict.fromkeys([initial_state(model)])
    for state in (queue := list(states)):
        for _, _, after in successors(model, state):
            if after not in states:
                states[after] = None
                queue.append(after)
    return list(states)


def meets(model: Model, goal: Property, *states: State) -> bool:
    """A goal without a value somewhere is met, for all that anybody can tell."""
    try:
        return judge(model, goal, *states) is (goal.kind is PropertyKind.REACHABLE)
    except Undefined:
        return True


def unmet(model: Model, asked: tuple[Question, ...]) -> set[str]:
    states = reachable(model)
    steps = [(s, after) for s in states for _, _, after in successors(model, s) if after != s]
    return {
        name
        for name, goal in goals_of(asked).items()
        if not any(
            meets(model, goal, *at)
            for at in (steps if goal.kind is PropertyKind.STEP_INVARIANT else zip(states))
        )
    }


SPECS = ("toys.two_phase_commit", "toys.peterson_wrong_turn", "toys.token_ring", "mm2_group_sync")


@pytest.mark.parametrize("name", SPECS)
def test_the_search_finds_what_the_evaluator_finds(name: str) -> None:
    prepared = prepare(load(name), {}, {})
    asked = questions(prepared.model)
    goals = goals_of(asked)
    met = set(goals) - unmet(prepared.model, asked)
    found = searched(prepared, asked, Limits(), None)
    assert (found.stop, found.undefined) == (None, 0)
    assert found.unmet == tuple(_unmet(asked, goals, met, set()))


def all_states(model: Model) -> Iterator[State]:
    yield from product(*(members(variable.type) for variable in model.variables))


def test_the_solver_finds_what_holds_of_all_states(tmp_path: Path) -> None:
    with Solvers(1) as solvers:
        for flaw, (old, new, _) in FLAWS.items():
            one_text_of_all_states(tmp_path, flaw, HEALTHY.replace(old, new), solvers)
        without_value = "return not (self.off // self.off > 1) or self.off == 1"
        text = HEALTHY.replace("return len(self.on) == 0 or self.last is not None", without_value)
        one_text_of_all_states(tmp_path, "no value", text, solvers)


def one_text_of_all_states(folder: Path, flaw: str, text: str, solvers: Solvers) -> None:
    path = folder / f"lamps_{flaw.replace(' ', '_')}.py"
    path.write_text(text, "utf-8")
    model = prepare(load(str(path)), {}, {}).model
    goals = {
        name: goal
        for name, goal in goals_of(questions(model)).items()
        if goal.kind is PropertyKind.REACHABLE
    }
    states = States(model, frozenset(), solvers, 10.0, lambda: None)
    settled = states.ask({name: Asked(goal) for name, goal in goals.items()})
    expected = {
        name
        for name, goal in goals.items()
        if not any(meets(model, goal, state) for state in all_states(model))
    }
    assert (settled.impossible, settled.open) == (expected, set()), flaw


def test_a_model_too_large_to_unroll_is_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise GroundError("it has more than 200,000 choices of arguments", "")

    monkeypatch.setattr("checker.audit.searched.ground", refuse)
    old, new, _ = FLAWS["a step invariant that is true of any two states"]
    found = audited(tmp_path, HEALTHY.replace(old, new))
    assert (found.stop, found.states) == ("too large", 0)
    assert [each.kind for each in found.findings] == [Kind.TAUTOLOGY]


# A condition is named in the words in which it was asked.

WORDS = """def other() -> bool:
    return self.last == lamp

def owner() -> bool:
    return self.on and self.last != lamp

def third() -> bool:
    return lamp in self.on
"""


@pytest.mark.parametrize(
    ("line", "columns", "is_negated", "op", "expected"),
    [
        # The owner says the opposite of what was read first elsewhere: its line, its own words.
        (2, (11, 28), True, Op.EQ, ("5", "self.last != lamp")),
        (2, (11, 28), False, Op.EQ, ("5", "self.last == lamp")),
        (5, (23, 40), False, Op.EQ, ("5", "self.last == lamp")),
        # A helper's words, or their opposite.
        (8, (11, 26), False, Op.CONTAINS, ("8", "lamp in self.on")),
        (8, (11, 26), True, Op.CONTAINS, ("8", "lamp not in self.on")),
        # What is not written as it is read stays as it is.
        (8, (11, 26), True, Op.OR, ("8", "lamp in self.on")),
    ],
)
def test_the_words_of_a_condition(
    tmp_path: Path,
    line: int,
    columns: tuple[int, int],
    is_negated: bool,
    op: Op,
    expected: tuple[str, str],
) -> None:
    path = tmp_path / "words.py"
    path.write_text(WORDS, "utf-8")
    home = Span(str(path), 4, 0, 5, 40)
    asked = node(op, (TRUE, TRUE), BOOL)
    place = place_of(
        home,
        Span(str(path), line, columns[0], line, columns[1]),
        node(Op.NOT, (asked,), BOOL) if is_negated else asked,
    )
    assert (str(place.line), place.text) == expected
