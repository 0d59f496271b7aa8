"""Typical mistakes in declarations: a name for each, and a file that makes it.

A file is a head, shared by all, and one of these bodies. The messages are in
`golden/declarations.txt`, in the same order.
"""

from __future__ import annotations

HEAD = """\
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Optional, no_type_check
from checker import *

class Replica(Sort):
    "A broker."

class Mode(Enum):
    FAST = 1
    SAFE = 2

Epoch = Annotated[int, Upto("Epoch")]
"""

GOOD = """
class Good(Spec):
    scope = Scope(Replica=2, Epoch=1)
    term: Epoch
    mode: Setting[Mode] = Mode.FAST

    @action
    def elect(self, replica: Replica) -> None:
        self.term += 1
"""

# Bodies that need nothing but one member of a spec: it stands in this frame.
FRAME = """
class Wrong(Spec):
    scope = Scope(Replica=2, Epoch=1)
    term: Epoch
    {member}

    @action
    def elect(self, replica: Replica) -> None:
        self.term += 1
"""

MEMBERS: dict[str, str] = {
    "no bound: int": "count: int",
    "no bound: tuple": "log: tuple[Epoch, ...]",
    "no bound inside a set": "seen: frozenset[int]",
    "no bound inside a map": "log: dict[Replica, tuple[Epoch, ...]]",
    "not finite: str": "name: str",
    "not finite: float": "share: float",
    "not finite: list": "log: list[Epoch]",
    "not finite: set": "seen: set[Replica]",
    "a map without its types": "log: dict",
    "a union": "both: Replica | Mode",
    "a pair": "both: tuple[Replica, Mode]",
    "a class that is no domain": "log: Good",
    "the class Sort itself": "leader: Sort | None",
    "None alone": "leader: None",
    "two bounds": "n: Annotated[int, Range(0, 1), Range(0, 2)]",
    "a bound of something else": "log: Annotated[int, MaxLen(2)]",
    "a bound that is not called": "n: Annotated[int, Range]",
    "an empty range": "n: Annotated[int, Range(5, 0)]",
    "a negative length": "log: Annotated[tuple[Epoch, ...], MaxLen(-1)]",
    "a length that is no number": "log: Annotated[tuple[Epoch, ...], MaxLen(1.5)]",
    "a bound that is no number": "n: Annotated[int, Range(0, 'x')]",
    "a name with a meaning": "scope: Epoch",
    "an unbounded key": "log: dict[int, Epoch]",
    "a text key": "log: dict[str, Epoch]",
    "a set as key": "log: dict[frozenset[Replica], Epoch]",
    "a huge key": "log: dict[Annotated[int, Range(0, 1_000_000)], bool]",
    "a scope name without default": 'n: Annotated[int, Upto("Offset")]',
    "a misspelled scope name": 'n: Annotated[int, Upto("Epok")]',
    "a length without default": 'log: Annotated[tuple[Epoch, ...], MaxLen("Record")]',
    "an optional of an optional": "leader: Optional[Annotated[Replica | None, 1]]",
    "no annotation": "count = 0",
    "a mutable map": "log: dict[Replica, Epoch] = {}",
    "a mutable list": "log: Annotated[tuple[Epoch, ...], MaxLen(2)] = []",
    "a mutable set": "seen: frozenset[Replica] = set()",
    "a sort without initial value": "leader: Replica",
    "a map of a sort without initial value": "leader: dict[Epoch, Replica]",
    "a setting without default": "mode: Setting[Mode]",
    "a setting of a wrong type": "mode: Setting[frozenset[Replica]] = frozenset()",
    "a setting's default of another class": "mode: Setting[Mode] = True",
    "a setting's default out of bounds": "most: Setting[Annotated[int, Range(1, 3)]] = 4",
    "two variables of one name": "term: Epoch = 1",
    "a method with a variable's name": "def term(self) -> bool: return True",
    "a loop in the body": "for _ in (): pass",
    "a class in the body": "class Inner: pass",
    "an import in the body": "import random",
    "a constructor": "def __init__(self) -> None: self.term = 0",
    "an asynchronous method": "@action\n    async def fetch(self) -> None: pass",
    "a static method": "@staticmethod\n    def fetch() -> bool: return True",
    "a property of Python": "@property\n    def fetch(self) -> bool: return True",
    "a decorator of others": "@no_type_check\n    @action\n    def fetch(self) -> None: pass",
    "an action that is an invariant": "@action\n    @invariant\n    def fetch(self) -> bool: ...",
    "a parameter without annotation": "@action\n    def fetch(self, leader) -> None: pass",
    "no result annotation": "@action\n    def fetch(self, leader: Replica): pass",
    "a parameter without bound": "@action\n    def fetch(self, offset: int) -> None: pass",
    "a parameter with a default": "@action\n    def fetch(self, n: Epoch = 1) -> None: pass",
    "any number of parameters": "@action\n    def fetch(self, *all: Replica) -> None: pass",
    "a keyword-only parameter": "@action\n    def fetch(self, *, n: Epoch) -> None: pass",
    "an action without self": "@action\n    def fetch() -> None: pass",
    "an action with a result": "@action\n    def fetch(self) -> bool: return True",
    "a budget without default": "@action(budget='Crash')\n    def crash(self) -> None: pass",
    "an invariant with a parameter": "@invariant\n    def ok(self, r: Replica) -> bool: ...",
    "an invariant that is no bool": "@invariant\n    def ok(self) -> Epoch: return 1",
    "a step invariant of one state": "@step_invariant\n    def ok(before) -> bool: return True",
}

BODIES: dict[str, str] = {
    name: GOOD + FRAME.format(member=member) for name, member in MEMBERS.items()
} | {
    "a record that is not frozen": """
@dataclass
class Record:
    epoch: Epoch

class Wrong(Spec):
    scope = Scope(Epoch=1)
    last: Record

    @action
    def write(self) -> None: ...
""",
    "a record with a field that is not given": """
from dataclasses import field

@dataclass(frozen=True)
class Record:
    flag: bool = field(init=False, default=True)

class Wrong(Spec):
    last: Record

    @action
    def write(self) -> None: ...
""",
    "a record's field without bound": """
@dataclass(frozen=True)
class Record:
    epoch: int

class Wrong(Spec):
    last: Record

    @action
    def write(self) -> None: ...
""",
    "a record that contains itself": """
@dataclass(frozen=True)
class Record:
    next: "Record | None"

class Wrong(Spec):
    last: Record | None

    @action
    def write(self) -> None: ...
""",
    "two records of one name": """
def make():
    @dataclass(frozen=True)
    class Record:
        epoch: bool
    return Record
One, Other = make(), make()

class Wrong(Spec):
    one: One
    other: Other

    @action
    def write(self) -> None: ...
""",
    "a name that is not defined": """
class Wrong(Spec):
    scope = Scope(Replica=2)
    leader: "Replika | None"

    @action
    def write(self) -> None: ...
""",
    "no variables": """
class Wrong(Spec):
    @action
    def write(self) -> None: ...
""",
    "a method left abstract": """
from abc import abstractmethod

class Wrong(Spec):
    term: bool

    @action
    def write(self) -> None: self.change()

    @abstractmethod
    def change(self) -> None: ...
""",
    "a variable overridden without annotation": GOOD
    + """
class Wrong(Good):
    term = 1
""",
    "an action overridden by a helper": GOOD
    + """
class Wrong(Good):
    def elect(self, replica: Replica) -> None: ...
""",
    "a setting overridden by a variable": GOOD
    + """
class Wrong(Good):
    mode: Mode = Mode.SAFE
""",
    "a setting overridden by a wrong value": GOOD
    + """
class Wrong(Good):
    mode = 3
""",
    "a sort of size 0": GOOD
    + """
class Wrong(Good):
    scope = Scope(Replica=0)
""",
    "a scope of text": GOOD
    + """
class Wrong(Good):
    scope = Scope(Replica="three")
""",
    "a scope that is none": GOOD
    + """
class Wrong(Good):
    scope = 3
""",
    "a property function without annotation": GOOD
    + """
Wrong = Good

@invariant
def ok(state) -> bool: return True
""",
    "a property function of something else": GOOD
    + """
Wrong = Good

@invariant
def ok(state: int) -> bool: return True
""",
    "a property function of nothing": GOOD
    + """
Wrong = Good

@invariant
def ok() -> bool: return True
""",
    "a property function of two states": GOOD
    + """
Wrong = Good

@invariant
def ok(before: Good, after: Good) -> bool: return True
""",
    "an init with a parameter": GOOD
    + """
class Wrong(Good):
    @init
    def any_term(self, replica: Replica) -> None:
        assume(self.term > 0)
""",
    "an init with a result": GOOD
    + """
class Wrong(Good):
    @init
    def any_term(self) -> bool:
        return self.term > 0
""",
    "a second init": GOOD
    + """
class Base(Good):
    @init
    def any_term(self) -> None:
        assume(self.term > 0)

class Wrong(Base):
    @init
    def another_term(self) -> None:
        assume(self.term > 0)
""",
    "an init of no variable": GOOD
    + """
class Wrong(Good):
    @init("terms")
    def any_term(self) -> None:
        assume(self.term > 0)
""",
    "an init replaced by a helper": GOOD
    + """
class Base(Good):
    @init
    def any_term(self) -> None:
        assume(self.term > 0)

class Wrong(Base):
    def any_term(self) -> None: ...
""",
    "two properties of one name": GOOD
    + """
class Wrong(Good):
    @invariant
    def ok(self) -> bool: return True

@invariant
def ok(state: Good) -> bool: return True
""",
}
