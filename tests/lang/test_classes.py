"""What Python would make, compare or name in a way of its own is refused; the rest agrees."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.lower import lower
from checker.semantics import step
from checker.semantics.python import PythonSpec
from tests.lang.test_lower import outcomes, verdict, walk
from tests.lang.test_mistakes import written

FRAME = '''\
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated
from checker import *

class Replica(Sort):
    """A broker."""
    {sort}

class Role(Enum):
    LEADER = 1
    FOLLOWER = 2
    {enum}

Small = Annotated[int, Range(-1, 2)]
term = 1

@dataclass(frozen=True{options})
class Record:
    id: Small = {default}
    flag: bool = False
    {record}

class Wrong(Spec):
    scope = Scope(Replica=2)
    role: Role
    record: Record = Record(0)
    leader: Replica | None
    last: Small | None
    votes: dict[Replica | None, Small]
    term: Small
    {member}

    @action
    def act(self, replica: Replica, number: Small) -> None:
        self.leader = replica if number > 0 else None
        self.last = number if number != 1 else None
        {action}

    @invariant
    def holds(self) -> bool:
        return {holds}
'''
USUAL = {
    "sort": "",
    "enum": "",
    "options": "",
    "default": "0",
    "record": "",
    "member": "",
    "action": "",
    "holds": "self.term >= -1",
}
OF_ITS_OWN = "def {0}(self, *other): return True"

REFUSED = {
    "an expression too deep": (
        {"holds": "not " * 800 + "True"},
        "S070 an expression nested deeper than can be read",
    ),
    "an expression too long": (
        {"action": "self.term = " + " + ".join(["self.term"] * 600)},
        "S070 an expression nested deeper than can be read",
    ),
    "a record's own equality": (
        {"record": OF_ITS_OWN.format("__eq__")},
        "S011 Record has a `__eq__` of its own",
    ),
    "a record that changes itself": (
        {"record": OF_ITS_OWN.format("__post_init__")},
        "S011 Record has a `__post_init__` of its own",
    ),
    "a record without equality": ({"options": ", eq=False"}, "S011 Record is a dataclass without"),
    "a field that is not compared": (
        {"record": "part: bool = field(default=False, compare=False)"},
        "S011 Record.part is not compared",
    ),
    "an enumeration's own equality": (
        {"enum": OF_ITS_OWN.format("__eq__")},
        "S008 Role has a `__eq__` of its own",
    ),
    "a sort's own equality": (
        {"sort": OF_ITS_OWN.format("__eq__")},
        "S008 Replica has a `__eq__` of its own",
    ),
    "a field by keyword only": (
        {"record": "part: bool = field(default=False, kw_only=True)"}
        | {"action": "self.record = Record(number, True, True)"},
        "S083 too many values",
    ),
    "a private variable": ({"member": "__p: bool"}, "S022 `__p` may not be declared in a spec"),
    "an initial value that the class hides": (
        {"member": "other: Small = term"},
        "S040 an initial value that depends on the variable `term`",
    ),
    "a parameter by position only": (
        {"member": "def f(self, x: Small, /) -> int: return x"},
        "S020 a positional-only parameter",
    ),
    "a local that hides a function": (
        {"action": "max = max(number, 0); self.term = max"},
        "S046 `max` has no value yet",
    ),
    "a default that may be None": (
        {"holds": "max((1 for r in Replica), default=self.last) == 1"},
        "S091 `max` needs an int, got int | None",
    ),
    "an element that may be None": (
        {"holds": "min(self.last for i in range(1)) == 1"},
        "S091 `min` needs an int, got int | None",
    ),
}

AGREE = {
    "a map with None as a key": {
        "action": "self.votes[self.leader] += number",
        "holds": "self.votes[self.leader] < 2 or self.votes[None] < 1",
    },
    "a default outside its domain": {"default": "9", "action": "self.record = Record()"},
    "a field by keyword": {
        "record": "part: bool = field(default=False, kw_only=True)",
        "action": "self.record = Record(number, number > 0, part=number > 1)",
    },
}


@pytest.mark.parametrize(("parts", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(parts: dict[str, str], said: str, tmp_path: Path) -> None:
    with written(tmp_path, FRAME.format_map(USUAL | parts)) as module:
        with pytest.raises(SpecError) as raised:
            lower(declare(module.Wrong))
    assert f"{raised.value.code} {raised.value.message}".startswith(said)
    assert raised.value.span is not None
    assert raised.value.help


@pytest.mark.parametrize("parts", AGREE.values(), ids=AGREE)
def test_agree(parts: dict[str, str], tmp_path: Path) -> None:
    with written(tmp_path, FRAME.format_map(USUAL | parts)) as module:
        declaration = declare(module.Wrong)
        model, python = lower(declaration), PythonSpec(declaration)
        for state in walk(model, seed=1, length=60):
            found = outcomes((a.name, given, o) for a, given, o in step.steps(model, state))
            assert found == outcomes(python.steps(state)), state
            holds = verdict(partial(step.judge, model, model.properties[0], state))
            assert holds == verdict(partial(python.judge, "holds", state)), state
