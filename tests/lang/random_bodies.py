"""Specs at random, as source text: what nobody would write, CPython must still agree with.

Every expression is well typed; whether it has a value in a state is left to chance.
"""

from __future__ import annotations

import random
from textwrap import indent

HEAD = '''\
from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated
from checker import *

class Replica(Sort):
    """A broker."""

class Role(Enum):
    LEADER = 1
    FOLLOWER = 2
    OFFLINE = 3

Small = Annotated[int, Range(0, 3)]

@dataclass(frozen=True)
class Record:
    id: Small
    flag: bool = False

class Random(Spec):
    scope = Scope(Replica=2, Level=2, Length=2)
    number: Small
    level: Annotated[int, Upto("Level", start=-1)]
    flag: bool
    who: Replica | None
    isr: frozenset[Replica] = frozenset(Replica)
    log: dict[Replica, Annotated[tuple[Small, ...], MaxLen("Length")]]
    hw: dict[Replica, Small]
    by_number: dict[Small, bool]
    role: dict[Replica, Role]
    record: Record = Record(1)
    seen: frozenset[Record]

'''


class Writer:
    """Writes bodies; `names` are the locals in reach, by the kind of their values."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.names: dict[str, list[str]] = {}
        self.helpers: list[str] = []
        self.count = 0

    def pick(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def fresh(self) -> str:
        self.count += 1
        return f"_x{self.count}"

    def known(self, kind: str) -> list[str]:
        return self.names.get(kind, [])

    def bound(self, kind: str, name: str, wanted: str, depth: int) -> str:
        """An expression that may use one more name."""
        self.names.setdefault(kind, []).append(name)
        text = self.expression(wanted, depth)
        self.names[kind].remove(name)
        return text

    def expression(self, kind: str, depth: int) -> str:
        row = getattr(self, kind)
        text: str = row(max(depth, 0))
        return text

    def leaf(self, kind: str, *others: str) -> str:
        return self.pick(*others, *self.known(kind), *self.known(kind))

    def integer(self, depth: int) -> str:
        leaf = self.leaf("integer", "0", "1", "2", "self.number", "self.level", "self.record.id")
        if depth == 0:
            return leaf
        d = depth - 1
        i, j = self.integer(d), self.integer(d)
        r, b, t = self.replica(d), self.boolean(d), self.numbers(d)
        x = self.fresh()
        helper = f"self.measure({i}, {r})" if "measure" in self.helpers else leaf
        each = self.bound("replica", x, "integer", d)
        test = self.bound("replica", x, "boolean", d)
        return self.pick(
            leaf,
            f"({i} + {j})",
            f"({i} - {j})",
            f"({i} * {j})",
            f"({i} // {j})",
            f"({i} % {j})",
            f"(-{i})",
            f"abs({i})",
            f"min({i}, {j})",
            f"max({i}, {j}, 1)",
            f"self.hw[{r}]",
            f"len({t})",
            f"{t}[{i}]",
            f"({i} if {b} else {j})",
            f"len({self.replicas(d)})",
            helper,
            f"sum({each} for {x} in Replica)",
            f"max({each} for {x} in {self.replicas(d)})",
            f"min(({each} for {x} in Replica if {test}), default={j})",
        )

    def boolean(self, depth: int) -> str:
        leaf = self.leaf("boolean", "self.flag", "self.record.flag", "self.who is None")
        if depth == 0:
            return leaf
        d = depth - 1
        i, j, b, c = self.integer(d), self.integer(d), self.boolean(d), self.boolean(d)
        r, q, s, x = self.replica(d), self.replica(d), self.replicas(d), self.fresh()
        helper = f"self.judge({i}, {r})" if "judge" in self.helpers else leaf
        inner = self.bound("replica", x, "boolean", d)
        by = self.bound("integer", x, "boolean", d)
        return self.pick(
            leaf,
            f"({b} and {c})",
            f"({b} or {c})",
            f"(not {b})",
            f"{i} < {j}",
            f"{i} <= {j} < 3",
            f"{i} == {j}",
            f"{r} == {q}",
            f"self.who == {r}",
            f"{r} in {s}",
            f"self.who in {s}",
            f"{i} in range({j})",
            f"{i} in {self.numbers(d)}",
            f"({b} if {c} else {self.boolean(d)})",
            f"self.role[{r}] == {self.role(d)}",
            f"all({inner} for {x} in {s})",
            helper,
            f"any({by} for {x} in range({i}))",
            f"{s} <= {self.replicas(d)}",
            f"self.by_number[{i}]",
            f"{self.record(d)} in self.seen",
            f"{self.numbers(d)} == self.log[{r}]",
            f"{self.role(d)} in (Role.LEADER, {self.role(d)})",
        )

    def replica(self, depth: int) -> str:
        leaf = self.leaf("replica", *["one"] * 5, "some(self.who)")
        if depth == 0:
            return leaf
        d, x = depth - 1, self.fresh()
        test = self.bound("replica", x, "boolean", d)
        return self.pick(
            leaf,
            leaf,
            leaf,
            f"({leaf} if {self.boolean(d)} else {self.replica(d)})",
            f"next(({x} for {x} in Replica if {test}), {leaf})",
            f"next({x} for {x} in Replica if {test})",
        )

    def replicas(self, depth: int) -> str:
        leaf = self.leaf("replicas", "self.isr", "frozenset(Replica)")
        if depth == 0:
            return leaf
        d, x = depth - 1, self.fresh()
        s, r = self.replicas(d), self.replica(d)
        test = self.bound("replica", x, "boolean", d)
        return self.pick(
            leaf,
            f"({s} | {{{r}}})",
            f"({s} - {{{r}}})",
            f"({s} & {self.replicas(d)})",
            f"({s} ^ {{{r}}})",
            f"frozenset({x} for {x} in Replica if {test})",
            f"frozenset({{{r}, {self.replica(d)}}})",
        )

    def numbers(self, depth: int) -> str:
        leaf = self.leaf("numbers", f"self.log[{self.replica(0)}]")
        if depth == 0:
            return leaf
        d, x = depth - 1, self.fresh()
        t, i = self.numbers(d), self.integer(d)
        each = self.bound("integer", x, "integer", d)
        return self.pick(
            leaf,
            f"({t} + ({i},))",
            f"{t}[:{i}]",
            f"{t}[{i}:]",
            f"({t} if {self.boolean(d)} else {leaf})",
            f"tuple({each} for {x} in {t})",
            f"tuple({each} for {x} in range({i}))",
        )

    def role(self, depth: int) -> str:
        members = ("Role.LEADER", "Role.FOLLOWER", "Role.OFFLINE")
        return self.leaf("role", *members, f"self.role[{self.replica(min(depth, 1))}]")

    def record(self, depth: int) -> str:
        i, b = self.integer(depth), self.boolean(depth)
        return self.pick("self.record", f"Record({i}, {b})", f"replace(self.record, id={i})")

    def optional(self, depth: int) -> str:
        r = self.replica(depth)
        return self.pick("None", "self.who", r, f"({r} if {self.boolean(depth)} else None)")

    def assignment(self) -> str:
        r, i = self.replica(1), self.integer(2)
        x = self.fresh()
        each = self.bound("replica", x, "integer", 1)
        return self.pick(
            f"self.number = {i}",
            f"self.number += {self.integer(1)}",
            f"self.level = {i}",
            "self.level += 1",
            f"self.flag = {self.boolean(2)}",
            f"self.who = {self.optional(1)}",
            f"self.isr = {self.replicas(2)}",
            f"self.isr |= {{{r}}}",
            f"self.log[{r}] = {self.numbers(2)}",
            f"self.log[{r}] += ({self.integer(1)},)",
            f"self.hw[{r}] = {i}",
            f"self.hw[{r}] -= 1",
            f"self.by_number[{self.integer(1)}] = {self.boolean(1)}",
            f"self.role[{r}] = {self.role(1)}",
            f"self.record = {self.record(1)}",
            f"self.seen |= {{{self.record(1)}}}",
            f"self.hw = {{{x}: {each} for {x} in Replica}}",
        )

    def local(self) -> str:
        kind = self.pick("integer", "boolean", "replica", "replicas", "numbers", "role")
        name, value = self.fresh(), self.expression(kind, 2)
        self.names.setdefault(kind, []).append(name)
        return f"{name} = {value}"

    def block(self, size: int, depth: int, result: str) -> str:
        """Statements; `result` is the kind that is returned, `nothing`, or `changes` for none."""
        outer = {kind: list(names) for kind, names in self.names.items()}
        lines = [self.statement(depth, result) for _ in range(self.chance.randint(1, size))]
        self.names = outer
        return "\n".join(lines)

    def statement(self, depth: int, result: str) -> str:
        form = self.chance.random()
        if form < 0.25:
            return self.local()
        if form < 0.5 and depth > 0:
            test, then = self.boolean(2), self.block(2, depth - 1, result)
            if self.chance.random() < 0.4:
                then += (
                    "\nreturn" if result == "changes" else f"\nreturn {self.expression(result, 2)}"
                )
            text = f"if {test}:\n{indent(then, '    ')}"
            if self.chance.random() < 0.5:
                text += f"\nelse:\n{indent(self.block(2, depth - 1, result), '    ')}"
            return text
        if form < 0.6 and depth > 0:
            arms = [self.block(2, depth - 1, result) for _ in range(2)]
            case = self.pick("Role.LEADER", "Role.LEADER | Role.OFFLINE")
            return (
                f"match {self.role(1)}:\n    case {case}:\n{indent(arms[0], ' ' * 8)}\n"
                f"    case _:\n{indent(arms[1], ' ' * 8)}"
            )
        if result != "changes":
            return self.local()
        if form < 0.75:
            conditions = ", ".join(self.boolean(2) for _ in range(self.chance.randint(1, 2)))
            return f"require({conditions})"
        if form < 0.85 and "change" in self.helpers:
            return f"self.change({self.integer(1)}, {self.replica(1)})"
        return self.assignment()

    def method(self, name: str, result: str, annotation: str, decorator: str = "") -> str:
        self.names = {"integer": ["at"], "replica": ["one"]}
        body = self.block(4, 2, result)
        if result != "changes":
            body += f"\nreturn {self.expression(result, 2)}"
        head = f"{decorator}def {name}(self, at: Small, one: Replica) -> {annotation}:\n"
        used = "_used = at == 0 and one == one\n"
        self.helpers.append(name)
        return head + indent(used + body, "    ") + "\n\n"


def spec_text(seed: int) -> str:
    """The source of one spec."""
    writer = Writer(seed)
    members = [
        writer.method("measure", "integer", "int"),
        writer.method("judge", "boolean", "bool"),
        writer.method("change", "changes", "None"),
        writer.method("first", "changes", "None", "@action\n"),
        writer.method("second", "changes", "None", "@action\n"),
        "@invariant\ndef holds(self) -> bool:\n    return all(self.judge(1, r) for r in Replica)\n",
    ]
    return HEAD + indent("\n".join(members), "    ")
