"""The words for domains in a spec's annotations: sorts, ranges, bounds, settings, the scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias, TypeVar

from checker.lang.errors import SpecError
from checker.lang.runtime import active_scope

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Range:
    """`Annotated[int, Range(low, high)]`: the integers `low..high`; leaving it is undefined."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Upto:
    """`Annotated[int, Upto("Epoch")]`: the integers `start..Epoch + plus`, `Epoch` from the scope.

    A step that would go above is cut, and counted under the scope's name.
    """

    scope: str
    start: int = 0
    plus: int = 0


@dataclass(frozen=True, slots=True)
class MaxLen:
    """The greatest length of a tuple or size of a set: a number, or a name of the scope.

    A step that would exceed a bound from the scope is cut; exceeding a number is undefined.
    """

    bound: int | str


@dataclass(frozen=True, slots=True)
class SettingMark:
    """Marks an annotation as a setting: a constant that is chosen when the spec is run."""


Setting: TypeAlias = Annotated[T, SettingMark()]


class Scope(Mapping[str, int]):
    """The bounds of a run: `scope = Scope(Replica=3, Epoch=2)` gives a spec's defaults."""

    __slots__ = ("_entries",)

    def __init__(self, **entries: int) -> None:
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> int:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Scope({', '.join(f'{name}={n}' for name, n in self._entries.items())})"


class SortMeta(type):
    """Makes a sort iterable over its members: as many as the scope of the run says."""

    def __iter__(cls: type[S]) -> Iterator[S]:
        return iter(_members(cls))

    def __len__(cls) -> int:
        return (active_scope() or {}).get(cls.__name__, 0)

    def __bool__(cls) -> bool:
        # A class is true in Python; its length must not change that.
        return True

    def __contains__(cls, member: object) -> bool:
        return type(member) is cls

    def __getitem__(cls: type[S], index: int) -> S:
        members = _members(cls)
        if not members:
            raise SpecError(
                "S030",
                f"{cls.__name__} has no members outside a run",
                help=f"write `for member in {cls.__name__}`, `frozenset({cls.__name__})`, "
                f"or `{cls.__name__} | None` with the initial value None",
            )
        return members[index]


def _members(cls: type[S]) -> tuple[S, ...]:
    size = (active_scope() or {}).get(cls.__name__, 0)
    return tuple(_member(cls, index) for index in range(size))


def _member(cls: type[S], index: int) -> S:
    member = object.__new__(cls)
    object.__setattr__(member, "_index", index)
    return member


class Sort(metaclass=SortMeta):
    """A set of interchangeable names: `class Replica(Sort)`. Its size is the scope's `Replica`.

    Members can be compared for equality and nothing else. They are printed as `prefix` (the first
    letter of the class's name, if not given) and a number from 1.
    """

    __slots__ = ("_index",)

    prefix: ClassVar[str] = ""
    _index: int

    def __init__(self) -> None:
        raise SpecError(
            "S031",
            f"members of {type(self).__name__} are not made; the scope says how many there are",
            help=f"write `for member in {type(self).__name__}`, or take a parameter",
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self!r} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{self!r} is immutable")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._index == self._index

    def __hash__(self) -> int:
        return self._index

    def __repr__(self) -> str:
        return f"{prefix_of(type(self))}{self._index + 1}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_member, (type(self), self._index))


def prefix_of(sort: type[Sort]) -> str:
    """What the names of a sort's members begin with."""
    return sort.prefix or sort.__name__[:1].lower()


def index_of(member: Sort) -> int:
    """The position of a member in its sort, from 0."""
    return member._index


def member_at(sort: type[S], index: int) -> S:
    """The member of a sort at a position, whatever the scope."""
    return _member(sort, index)
