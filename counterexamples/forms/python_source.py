"""Values as Python source, laid out in lines: what a test is written with."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeAlias, assert_never

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
from checker.ir.values import in_order, members
from counterexamples.file import TraceFileError

WIDTH: Final = 88
"""What the usual formatters let stand on a line."""

INDENT: Final = "    "
BY_PATH: Final = "spec_in_"
"""How a module is called here whose file's name is taken, or is no name of a module."""


@dataclass(frozen=True, slots=True)
class Group:
    """Items between brackets, which can be taken apart where a line is too short for them."""

    open: str
    items: tuple[Source, ...]
    close: str
    is_tuple: bool = False


Source: TypeAlias = "str | Group"


def flat(source: Source) -> str:
    """All on one line."""
    if isinstance(source, str):
        return source
    comma = "," if source.is_tuple and len(source.items) == 1 else ""
    return source.open + ", ".join(map(flat, source.items)) + comma + source.close


def after(prefix: str, source: Source) -> Source:
    """The source with a text before it: a name and `=`, say."""
    if isinstance(source, str):
        return prefix + source
    return replace(source, open=prefix + source.open)


def lines(source: Source, indent: int, suffix: str = "") -> list[str]:
    """The source in lines, taken apart where it is too long."""
    margin = INDENT * indent
    whole = margin + flat(source) + suffix
    if isinstance(source, str) or not source.items or len(whole) <= WIDTH:
        return [whole]
    inner = (line for item in source.items for line in lines(item, indent + 1, ","))
    return [margin + source.open, *inner, margin + source.close + suffix]


@dataclass(slots=True)
class Names:
    """Which names stand for what. Whatever is asked for is noted, to be imported or bound.

    `classes` are those of the spec, by type; `bound` are the members of sorts that were used.
    """

    classes: Mapping[Type, type]
    imports: dict[str, set[str]] = field(default_factory=dict)
    bound: dict[SortType, set[int]] = field(default_factory=dict)

    def imported(self, thing: Any) -> str:
        """How a class or function is called, once its module was imported from."""
        module, name = str(thing.__module__), str(thing.__qualname__)
        if module.startswith(BY_PATH):
            module = _name_of_file(module)
        self.imports.setdefault(module, set()).add(name.partition(".")[0])
        return name

    def member(self, sort: SortType, index: int) -> str:
        """The name of a sort's member. Two sorts may begin their members' names alike."""
        self.bound.setdefault(sort, set()).add(index)
        alike = [t for t in self.classes if isinstance(t, SortType) and t.prefix == sort.prefix]
        return f"{sort.prefix if len(alike) < 2 else sort.name.lower()}{index + 1}"

    def bindings(self) -> list[str]:
        """The lines that give the members of sorts their names."""
        found = []
        for sort, used in self.bound.items():
            name = self.imported(self.classes[sort])
            if sort.size > 1 and used == set(range(sort.size)):
                found.append(f"{', '.join(self.member(sort, i) for i in sorted(used))} = {name}")
            else:
                found += [f"{self.member(sort, i)} = {name}[{i}]" for i in sorted(used)]
        return found


def _name_of_file(module: str) -> str:
    """How a test beside the file imports it, though another module has its name here."""
    file = Path(str(sys.modules[module].__file__))
    if not file.stem.isidentifier():
        raise TraceFileError(f"Python cannot import {file.name} by its name: rename it")
    return file.stem


def literal(names: Names, type: Type, value: Any) -> Source:
    """A value as an expression of Python."""
    match type:
        case BoolType() | IntType():
            return repr(value)
        case EnumType(_, members_of):
            return f"{names.imported(names.classes[type])}.{members_of[value]}"
        case SortType():
            return names.member(type, value)
        case OptionType(of):
            return "None" if value is None else literal(names, of, value)
        case RecordType(_, fields):
            parts = zip(fields, value, strict=True)
            items = tuple(after(f"{name}=", literal(names, of, part)) for (name, of), part in parts)
            return Group(f"{names.imported(names.classes[type])}(", items, ")")
        case TupleType(of):
            return Group("(", tuple(literal(names, of, part) for part in value), ")", True)
        case SetType():
            return _frozenset(names, type, value)
        case MapType(key, of):
            pairs = zip(members(key), value, strict=True)
            items = tuple(after(f"{key_of(names, key, k)}: ", literal(names, of, v))
                          for k, v in pairs)  # fmt: skip
            return Group("{", items, "}")
        case _:
            assert_never(type)


def key_of(names: Names, type: Type, value: Any) -> str:
    """The key of a map."""
    return flat(literal(names, type, value))


def set_in_braces(names: Names, type: SetType, value: Any) -> Source:
    """A set beside `==`, where it need not be frozen."""
    if not value:
        return "frozenset()"
    return Group("{", tuple(_members(names, type, value)), "}")


def _frozenset(names: Names, type: SetType, value: Any) -> Source:
    if not value:
        return "frozenset()"
    return Group("frozenset(", (set_in_braces(names, type, value),), ")")


def _members(names: Names, type: SetType, value: Any) -> Iterable[Source]:
    return (literal(names, type.of, member) for member in in_order(type, value))
