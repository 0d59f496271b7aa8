"""What a step changed, in the smallest terms that a reader recognises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.ir.types import (
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)
from checker.ir.values import State, in_order, members
from counterexamples.brief import brief, is_brief

_SCALARS = (BoolType, IntType, EnumType, SortType)


@dataclass(frozen=True, slots=True)
class Change:
    """One place in the state, such as `log[b1]`, and how its value changed."""

    place: str
    description: str

    def __str__(self) -> str:
        return f"{self.place}: {self.description}"


def changes(
    variables: tuple[tuple[str, Type], ...], before: State, after: State
) -> tuple[Change, ...]:
    """The places at which two states differ, in the order of the variables."""
    cells = zip(variables, before, after, strict=True)
    return tuple(
        change for (name, type), old, new in cells for change in _compare(name, type, old, new)
    )


def _compare(place: str, type: Type, old: Any, new: Any) -> Iterator[Change]:
    """Maps and records are taken apart; anything else is one value."""
    if old == new:
        return
    match type:
        case MapType(key, of):
            for k, a, b in zip(members(key), old, new, strict=True):
                yield from _compare(f"{place}[{brief(key, k)}]", of, a, b)
        case RecordType(_, fields):
            for (name, of), a, b in zip(fields, old, new, strict=True):
                yield from _compare(f"{place}.{name}", of, a, b)
        case OptionType(of) if old is not None and new is not None:
            yield from _compare(place, of, old, new)
        case OptionType(of) if new is None and not is_brief(of):
            # It was shown when it came.
            yield Change(place, "(…) → none")
        case SetType(of) if not isinstance(of, _SCALARS):
            yield Change(place, _members_changed(type, old, new))
        case TupleType(of) if not is_brief(of) and new[: len(old)] == old:
            yield Change(place, " ".join(f"+{brief(of, added)}" for added in new[len(old) :]))
        case _:
            yield Change(place, f"{brief(type, old)} → {brief(type, new)}")


def _members_changed(type: SetType, old: frozenset[Any], new: frozenset[Any]) -> str:
    """A set of messages is long, and a step adds or removes one: only those are of interest."""
    gained = [f"+{brief(type.of, member)}" for member in in_order(type, new - old)]
    lost = [f"−{brief(type.of, member)}" for member in in_order(type, old - new)]
    return " ".join(gained + lost)
