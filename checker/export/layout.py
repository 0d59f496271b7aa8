"""Comments and definitions of a module, as lines."""

from __future__ import annotations

import textwrap

from checker.export.text import WIDTH, Infix, Level, Text, after, indented, lines


def comment(*paragraphs: str) -> list[str]:
    """Paragraphs in a comment; nothing in them ends it."""
    text = "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip())
    harmless = text.replace("(*", "( *").replace("*)", "* )")
    wrapped = [textwrap.wrap(line, WIDTH - 6) or [""] for line in harmless.splitlines()]
    made = [part for line in wrapped for part in line]
    if not made:
        return []
    made[-1] += " *)"
    return [f"(* {made[0]}", *(f"   {line}".rstrip() for line in made[1:])]


def definition(head: str, text: Text) -> list[str]:
    """A definition: on one line, or with what it says below its head."""
    if len(f"{head} == {text.flat}") <= WIDTH and not _is_list(text):
        return [f"{head} == {text.flat}"]
    if _is_list(text):
        assert isinstance(text, Infix)
        sign = f"{text.operator} "
        items = [line for part in text.operands for line in after(sign, part, WIDTH - 2)]
        return [f"{head} ==", *indented(items, 2)]
    return [f"{head} ==", *indented(lines(text, WIDTH - 2), 2)]


def _is_list(text: Text) -> bool:
    return isinstance(text, Infix) and text.level in (Level.AND, Level.OR)


def step_definition(name: str, text: Text) -> list[str]:
    """A property of steps; those that change nothing keep it."""
    if len(f"{name} == [][{text.flat}]_vars") <= WIDTH:
        return [f"{name} == [][{text.flat}]_vars"]
    first, *rest = lines(text, WIDTH - 11)
    made = [f"  [][{first}", *indented(rest, 5)]
    return [f"{name} ==", *made[:-1], f"{made[-1]}]_vars"]
