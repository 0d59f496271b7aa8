"""Traces made by hand, of nodes that send each other notes."""

from __future__ import annotations

from typing import Any

from checker.ir.types import BOOL, IntType, MapType, RecordType, SortType, Type
from checker.trace import Argument, Ending, Step, Trace

NODE = SortType("Node", 2, "n")
NOTE = RecordType("Note", (("to", NODE), ("number", IntType(0, 9))))


def made(
    states: list[Any], steps: list[Step], type: Type, ending: Ending = Ending.DEADLOCK
) -> Trace:
    return Trace(
        spec="unknown",
        settings={},
        scope={},
        variables=(("post", type), ("at", MapType(NODE, BOOL))),
        property=None,
        kind=None,
        ending=ending,
        message="why",
        states=tuple(states),
        steps=tuple(steps),
    )


def node(action: str, member: int, *notes: tuple[int, int]) -> Step:
    given = [Argument("node", NODE, member), *(Argument("note", NOTE, n) for n in notes)]
    return Step(action, tuple(given))


def sets(*held: set[tuple[int, int]]) -> list[Any]:
    return [(frozenset(notes), (n % 2 == 1, False)) for n, notes in enumerate(held)]
