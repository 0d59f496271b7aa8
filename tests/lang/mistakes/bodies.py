"""Typical mistakes in bodies: a name for each, and what somebody wrote.

`STATEMENTS` stand in the action of `FRAME`, `MEMBERS` beside it. What is said of each is in
`../golden/bodies.txt`, in the same order.
"""

from __future__ import annotations

FRAME = '''\
import random
import time
from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated
from checker import *

class Replica(Sort):
    """A broker."""

class Client(Sort):
    """A producer."""

class Role(Enum):
    LEADER = 1
    FOLLOWER = 2
    OFFLINE = 3

Epoch = Annotated[int, Upto("Epoch")]
Offset = Annotated[int, Range(0, 3)]

@dataclass(frozen=True)
class Record:
    id: Offset
    epoch: Epoch = 0

Log = Annotated[tuple[Record, ...], MaxLen(3)]
NAME = "kafka"

def outside(x: int) -> int:
    return x + 1

class Wrong(Spec):
    scope = Scope(Replica=2, Client=2, Epoch=2)
    log: dict[Replica, Log]
    hw: dict[Replica, Offset]
    role: dict[Replica, Role]
    leader: Replica | None
    isr: frozenset[Replica] = frozenset(Replica)
    seen: frozenset[Record]
    epoch: Epoch
    is_open: bool
    fencing: Setting[bool] = False

    def is_ahead(self, one: Replica, other: Replica) -> bool:
        return len(self.log[one]) > len(self.log[other])

    def reset(self, replica: Replica) -> None:
        self.hw[replica] = 0

    @action
    def elect(self, replica: Replica) -> None:
        self.leader = replica

'''

ACTION = """\
    @action
    def step(self, replica: Replica, other: Replica, client: Client) -> None:
"""

STATEMENTS: dict[str, str] = {
    # Names.
    "an unknown name, nearly a parameter": "require(replca in self.isr)",
    "an unknown name, nothing like it": "require(zookeeper)",
    "a variable without self": "require(epoch > 0)",
    "a helper without self": "require(is_ahead(replica, other))",
    "an unknown variable read": "require(self.epok > 0)",
    "an unknown variable written": "self.hwm[replica] = 1",
    "an unknown field": "require(self.log[replica][0].term == 1)",
    "an unknown member of an enumeration": "self.role[replica] = Role.LEDAER",
    "a sort as a value": "require(replica in self.isr, Replica == self.isr)",
    "a function as a value": "require(self.epoch == outside)",
    "the state as a value": "require(self == replica)",
    "a text constant of the module": "require(self.epoch == NAME)",
    "a local that may have no value": "if self.is_open:\n    x = 1\nself.epoch = x",
    "a local read before it is assigned": "require(x > 0)\nx = 1",
    "a local that is never used": (
        "require(replica != other, client in frozenset(Client))\nend = len(self.log[replica])"
    ),
    "a method that is not called": "require(self.is_ahead)",
    # Statements.
    "for": "for r in self.isr:\n    self.hw[r] = 0",
    "while": "while self.epoch < 2:\n    self.epoch += 1",
    "try": "try:\n    self.epoch += 1\nexcept IndexError:\n    pass",
    "raise": "raise ValueError(self.epoch)",
    "with": "with self.lock:\n    self.epoch += 1",
    "import": "import math",
    "del": "del self.hw[replica]",
    "global": "global NAME",
    "assert": "assert self.epoch > 0",
    "a nested function": "def longer(a):\n    return a",
    "yield": "yield self.epoch",
    "a comparison without effect": "self.epoch == 1",
    "a condition without effect": "replica in self.isr",
    "a result that is not used": "self.is_ahead(replica, other)",
    "an assignment to a setting": "self.fencing = True",
    "an assignment to a parameter": "replica = other",
    "several targets": "a, b = replica, other",
    "an assignment to a field": "self.log[replica][0].epoch = 1",
    "an assignment into a tuple": "self.log[replica][0] = Record(1)",
    "an assignment to a slice": "self.log[replica][0:1] = ()",
    "a chained assignment": "self.epoch = self.hw[replica] = 1",
    "a value returned by an action": "return self.epoch",
    "a statement after return": "return\nself.epoch += 1",
    "match on an integer": "match self.epoch:\n    case 1:\n        self.is_open = True",
    "match with a bare name": (
        "match self.role[replica]:\n    case LEADER:\n        self.is_open = True"
    ),
    "match with a condition": (
        "match self.role[replica]:\n    case Role.LEADER if self.is_open:\n        self.epoch += 1"
    ),
    "match on a member twice": (
        "match self.role[replica]:\n    case Role.LEADER | Role.OFFLINE:\n        self.epoch = 0\n"
        "    case Role.OFFLINE:\n        self.epoch = 1"
    ),
    # Expressions.
    "walrus": "require((end := len(self.log[replica])) > 0, end < 3)",
    "a starred element": "self.log[replica] = (*self.log[replica], Record(1))",
    "a slice with a step": "self.log[replica] = self.log[replica][::2]",
    "a generator as a value": "self.isr = (r for r in Replica)",
    "lambda": "require(max(self.log[replica], key=lambda m: m.id) == 1)",
    "lambda in a local": "is_long = lambda a: len(a) > 1\nrequire(is_long(self.log[replica]))",
    "a string": 'require(self.role[replica] == "leader")',
    "an f-string": 'require(f"{self.epoch}" == NAME)',
    "a float": "require(self.epoch > 0.5)",
    "division": "self.epoch = self.epoch / 2",
    "power": "self.epoch = self.epoch ** 2",
    "& between comparisons": "require(self.epoch == 1 & self.hw[replica] == 2)",
    "& between conditions": "require((self.epoch == 1) & self.is_open)",
    "bits": "self.epoch = self.epoch << 1",
    "~": "require(~self.is_open)",
    "is with a value": "require(self.leader is replica)",
    "== None": "require(self.leader == None)",
    "!= None, the other way round": "require(None != self.leader)",
    "is None of what is never None": "require(self.epoch is not None)",
    "some of what is never None": "require(some(replica) in self.isr)",
    "isinstance": "require(isinstance(self.leader, Replica))",
    "sorted": "require(sorted(self.isr)[0] == replica)",
    "print": "print(self.epoch)",
    "random": "self.leader = random.choice(self.isr)",
    "the clock": "require(time.time() > self.epoch)",
    "a function of the module": "self.epoch = outside(self.epoch)",
    "set.add": "self.isr.add(replica)",
    "tuple.append": "self.log[replica].append(Record(1))",
    "dict.get": "require(self.hw.get(replica) == 0)",
    "dict.items": "require(all(h > 0 for r, h in self.hw.items()))",
    "dict.values": "require(all(h > 0 for h in self.hw.values()))",
    "enumerate": "require(all(m.id == i for i, m in enumerate(self.log[replica])))",
    "enumerate, one name": "require(all(m for m in enumerate(self.log[replica])))",
    "two names for an element": "require(all(a == b for a, b in self.log[replica]))",
    "super": "super().elect(replica)",
    "a call of an action": "self.elect(replica)",
    "too few arguments": "require(self.is_ahead(replica))",
    "too many arguments": "require(self.is_ahead(replica, other, 1))",
    "an unknown parameter": "require(self.is_ahead(replica, othr=other))",
    "a missing field": "self.seen |= {Record()}",
    "an unknown field given": "self.seen |= {Record(id=1, term=1)}",
    "range with a step": "require(all(i > 0 for i in range(0, 3, 2)))",
    "an alias of a map": "h = self.hw\nself.hw[replica] = h[other]",
    "a map assigned to a map": "self.hw = self.hw",
    "a partial map": "self.hw = {r: 0 for r in self.isr}",
    "a map written out": "self.hw = {replica: 0}",
    "a list": "self.log[replica] = [Record(1)]",
    "a set assigned": "self.isr = {replica}",
    "a set in a local": "acks = {replica} | self.isr\nrequire(acks == self.isr)",
    # Types.
    "an integer as a condition": "require(self.epoch)",
    "an optional as a condition": "if not self.leader:\n    self.leader = replica",
    "a tuple as a condition": "require(self.log[replica] and self.is_open)",
    "the wrong sort as a key": "require(self.hw[client] > 0)",
    "an integer as a key": "self.hw[self.epoch] = 0",
    "a key that is a map": "require(self.log[self.hw] == ())",
    "an index that is a replica": "require(self.log[replica][other].id == 0)",
    "a wrong value assigned": "self.leader = client",
    "an element instead of a tuple": "self.log[replica] += Record(1)",
    "a member instead of a set": "self.isr |= replica",
    "an optional assigned": "self.isr |= {self.leader}",
    "the wrong member of a set": "self.isr = frozenset({replica, client})",
    "a length forgotten": "self.hw[replica] = self.log[replica]",
    "different sorts compared": "require(replica != client)",
    "a map compared with a value": "require(self.hw == 0)",
    "a replica in a set of records": "require(replica in self.seen)",
    "members of a sort ordered": "require(replica < other)",
    "members of an enumeration ordered": "require(self.role[replica] <= Role.LEADER)",
    "tuples ordered": "require(self.log[replica] < self.log[other])",
    "arithmetic on a replica": "self.epoch = replica + 1",
    "arithmetic with a replica": "self.epoch = 1 + replica",
    "a condition as a number": "require(sum(r in self.isr for r in Replica) > 1)",
    "two types in a conditional": "require((replica if self.is_open else client) == replica)",
    "two types in a tuple": "require(self.epoch in (1, replica))",
    "two types in a local": "x = replica\nx = client\nself.leader = x",
    "two types on two paths": (
        "if self.is_open:\n    x = replica\nelse:\n    x = client\nself.leader = x"
    ),
    "an argument of the wrong sort": "require(self.is_ahead(replica, client))",
    "an optional argument": "require(self.is_ahead(replica, self.leader))",
    "a field of the wrong type": "self.seen |= {Record(id=replica)}",
    "a field of a number": "require(self.epoch.value == 1)",
    "an index of a set": "require(self.isr[0] == replica)",
    "in a map": "require(replica in self.hw)",
    "the length of a number": "require(len(self.epoch) == 1)",
    "through a number": "require(all(r > 0 for r in self.epoch))",
    "the first of a set": "self.leader = next(r for r in self.isr)",
    "a tuple of a set": "self.log[replica] = tuple(m for m in self.seen)",
    "a range as a value": "x = range(3)\nrequire(self.epoch in x)",
    "None of no type": "x = None\nself.leader = x",
    "an empty set of no type": "acks = frozenset()\nself.isr = acks",
    "an index of a sort": "self.leader = Replica[0]",
}

MEMBERS: dict[str, str] = {
    "a mistake behind a setting that is off": """
@action
def step(self, replica: Replica) -> None:
    if self.fencing:
        require(self.hw[self.epoch] > 0)
    self.leader = replica
""",
    "a parameter that is never used": """
@action
def step(self, replica: Replica, other: Replica) -> None:
    self.leader = replica
""",
    "a property that changes the state": """
@invariant
def fine(self) -> bool:
    self.epoch = 0
    return True
""",
    "a property that calls a procedure": """
@invariant
def fine(self) -> bool:
    self.reset(some(self.leader))
    return True
""",
    "a property that uses a procedure as a value": """
@invariant
def fine(self) -> bool:
    return self.reset(some(self.leader))
""",
    "a helper with a result that changes the state": """
def next_epoch(self) -> Epoch:
    self.epoch += 1
    return self.epoch
""",
    "require in a property": """
@invariant
def fine(self) -> bool:
    require(self.epoch > 0)
    return True
""",
    "require as a value": """
@invariant
def fine(self) -> bool:
    return require(self.epoch > 0)
""",
    "assume in a property": """
@invariant
def fine(self) -> bool:
    assume(self.epoch > 0)
    return True
""",
    "assume as a value": """
@invariant
def fine(self) -> bool:
    return assume(self.epoch > 0)
""",
    "assume nothing": """
@init
def any_state(self) -> None:
    assume()
""",
    "require in an init": """
@init
def any_state(self) -> None:
    require(self.epoch > 0)
""",
    "an assignment in an init": """
@init
def any_state(self) -> None:
    self.epoch = 1
""",
    "a helper that changes the state, in an init": """
@init
def any_state(self) -> None:
    self.reset(self.leader)
""",
    "a comparison without assume": """
@init
def any_state(self) -> None:
    self.epoch > 0
""",
    "a value returned by an init": """
@init
def any_state(self) -> None:
    return self.epoch > 0
""",
    "a property that forgets to return": """
@invariant
def fine(self) -> bool:
    self.epoch >= 0
""",
    "a path without a result": """
def position(self, replica: Replica) -> Offset:
    if self.leader == replica:
        return self.hw[replica]
    elif self.is_open:
        return 0
""",
    "a result of the wrong type": """
def position(self, replica: Replica) -> Offset:
    return self.log[replica]
""",
    "an optional result": """
def who(self) -> Replica:
    return self.leader
""",
    "recursion": """
def last(self, replica: Replica) -> Offset:
    return self.before(replica)

def before(self, replica: Replica) -> Offset:
    return self.last(replica) - 1
""",
    "the state before, changed": """
@step_invariant
def grows(before: "Wrong", after: "Wrong") -> bool:
    after.epoch = before.epoch
    return True
""",
    "a constant outside its domain": """
start: Offset = 7
""",
    "an initial value of the wrong type": """
start: Offset = Role.LEADER
""",
    "an initial value that reads another": """
replicas: frozenset[Replica] = isr
""",
}
