"""Elements of HTML and SVG. Text becomes markup in one place, and is escaped there.

The names in a trace are whatever somebody's spec, or a file from somewhere, says they are.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any, NewType

Markup = NewType("Markup", str)
"""Text that may stand in a page as it is."""

NOTHING = Markup("")


def text(plain: object) -> Markup:
    """Text as markup, without the characters that no document may hold."""
    clean = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}"
                    for c in str(plain))  # fmt: skip
    return Markup(escape(clean, quote=True))


def element(name: str, *children: Markup, **attributes: object) -> Markup:
    """`<name attributes>children</name>`; `class_` is `class`, `aria_label` is `aria-label`.

    An attribute that is `None` is left out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{''.join(children)}</{name}>")


def void(name: str, **attributes: object) -> Markup:
    """An element that has no end tag."""
    return Markup(element(name, **attributes).removesuffix(f"</{name}>"))


def join(*parts: Markup, between: str = "") -> Markup:
    """One after the other."""
    return Markup(between.join(parts))


def prose(plain: str) -> Markup:
    """A sentence of a docstring: what stands in backticks is code."""
    parts = plain.split("`")
    if len(parts) % 2 == 0:
        return text(plain)
    return join(
        *(element("code", text(part)) if i % 2 else text(part) for i, part in enumerate(parts))
    )


def data(value: Any) -> Markup:
    """JSON that may stand inside a `script` element, whatever texts it holds."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for character in "<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return Markup(written)


def _number(value: object) -> object:
    """Coordinates in tenths, so that the same picture is the same text."""
    return f"{round(value, 1):g}" if isinstance(value, float) else value
