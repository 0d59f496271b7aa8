"""Text that knows where it may be broken: TLA+ in lines of at most 100 columns.

A piece of text is laid out flat if it fits, else in lines. Where operators meet, brackets are set
by their level; in a list of conjunctions or disjunctions the layout itself is the bracket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TypeAlias

WIDTH = 100
NARROW = 10
"""How long an opening may be for its only item to begin beside it."""


class Level(IntEnum):
    """How strongly the outermost operator binds its operands; brackets stand between two alike."""

    OPEN = 0
    IMPLIES = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARE = 5
    OPERATE = 6
    ATOM = 9


@dataclass(frozen=True)
class Word:
    """Text that is never broken."""

    text: str
    level: Level = Level.ATOM

    @property
    def flat(self) -> str:
        """The text on one line."""
        return self.text


@dataclass(frozen=True)
class Infix:
    """Operands with an operator between them; `/\\` and `\\/` become a list when broken."""

    operator: str
    operands: tuple[Text, ...]
    level: Level

    @cached_property
    def flat(self) -> str:
        """The text on one line."""
        return f" {self.operator} ".join(_operand(part, self.level) for part in self.operands)


@dataclass(frozen=True)
class Bracketed:
    """Items between brackets, with commas: `Max({a, b})`, `[id |-> 1, epoch |-> 2]`."""

    opening: str
    items: tuple[Text, ...]
    closing: str
    level: Level = Level.ATOM

    @cached_property
    def flat(self) -> str:
        """The text on one line."""
        return f"{self.opening}{', '.join(item.flat for item in self.items)}{self.closing}"


@dataclass(frozen=True)
class Headed:
    """A head and what it governs, up to the end: `\\A r \\in Replica : …`, `id |-> …`."""

    head: str
    body: Text
    level: Level = Level.OPEN

    @cached_property
    def flat(self) -> str:
        """The text on one line."""
        return f"{self.head} {self.body.flat}"


@dataclass(frozen=True)
class Choice:
    """`IF … THEN … ELSE …`."""

    test: Text
    then: Text
    otherwise: Text
    level: Level = Level.OPEN

    @cached_property
    def flat(self) -> str:
        """The text on one line."""
        return f"IF {self.test.flat} THEN {self.then.flat} ELSE {self.otherwise.flat}"


@dataclass(frozen=True)
class Let:
    """Names, and what is said with them."""

    definitions: tuple[tuple[str, Text], ...]
    body: Text
    level: Level = Level.OPEN

    @cached_property
    def flat(self) -> str:
        """The text on one line."""
        named = " ".join(f"{name} == {text.flat}" for name, text in self.definitions)
        return f"LET {named} IN {self.body.flat}"


Text: TypeAlias = Word | Infix | Bracketed | Headed | Choice | Let


def brackets(text: Text) -> Text:
    """The text as an atom."""
    return text if text.level is Level.ATOM else Bracketed("(", (text,), ")")


def lines(text: Text, room: int) -> list[str]:
    """The text, flat if it is no wider than `room`, else broken where it can be."""
    if len(text.flat) <= room and not isinstance(text, Let):
        return [text.flat]
    match text:
        case Word():
            return [text.text]
        case Infix(operator, operands):
            return _infix_lines(operator, operands, text.level, room)
        case Bracketed(opening, items, closing):
            return _bracketed_lines(opening, items, closing, room)
        case Headed(head, body):
            return [head, *indented(lines(body, room - 2), 2)]
        case Choice(test, then, otherwise):
            return [
                *after("IF ", test, room),
                *after("THEN ", then, room),
                *after("ELSE ", otherwise, room),
            ]
        case Let(definitions, body):
            return _let_lines(definitions, body, room)


def _let_lines(definitions: Sequence[tuple[str, Text]], body: Text, room: int) -> list[str]:
    made = []
    for name, text in definitions:
        held = lines(text, room - len(f"    {name} == "))
        if len(held) == 1:
            made.append(f"    {name} == {held[0]}")
        else:
            made += [f"    {name} ==", *indented(lines(text, room - 6), 6)]
    return [f"LET {made[0].lstrip()}", *made[1:], *after("IN  ", body, room)]


def after(lead: str, text: Text, room: int) -> list[str]:
    """The lines of a text, to the right of what leads to it."""
    first, *rest = lines(text, room - len(lead))
    return [lead + first, *indented(rest, len(lead))]


def indented(given: Sequence[str], by: int) -> list[str]:
    """Lines moved to the right."""
    return [" " * by + line for line in given]


def _operand(part: Text, level: Level) -> str:
    """An operand in brackets where it needs them; `/\\` and `\\/` bind alike."""
    above = Level.AND if level is Level.OR else level
    return part.flat if part.level > above else f"({part.flat})"


def _infix_lines(operator: str, operands: Sequence[Text], level: Level, room: int) -> list[str]:
    if level in (Level.AND, Level.OR):
        return [line for part in operands for line in after(f"{operator} ", part, room)]
    first, *rest = [part if part.level > level else brackets(part) for part in operands]
    made = lines(first, room)
    for part in rest:
        made += after(f"{operator} ", part, room - 2)
    # The lines that follow stand to the right of the first, so that no list ends too early.
    return [made[0], *indented(made[1:], 2)]


def _bracketed_lines(opening: str, items: Sequence[Text], closing: str, room: int) -> list[str]:
    if len(items) == 1 and len(opening) <= NARROW:
        made = after(opening, items[0], room - len(closing))
        return [*made[:-1], made[-1] + closing]
    made = [opening.rstrip()]
    for item in items:
        made += indented(lines(item, room - 5), 4)
        made[-1] += ","
    return [*made[:-1], made[-1][:-1] + closing]
