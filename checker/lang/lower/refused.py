"""Functions that are not part of the language, and what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from checker.lang.errors import SpecError
from checker.lang.lower.access import static_value
from checker.lang.lower.place import Place

_POSITIONS: Final = "go through the positions: `for i in range(len(items))`, and read `items[i]`"
_GENERATOR: Final = "write a generator: `… for x in xs if …`"

INSTEAD: Final[Mapping[str, tuple[str, str]]] = {
    "print": ("S077", "leave it out: `splitbrain show` prints every step of a trace"),
    "input": ("S077", "take a parameter: every value of its domain is tried"),
    "open": ("S077", "a spec has its state, and nothing else"),
    "isinstance": ("S079", "compare a field that tells the kind: `m.kind == Kind.FETCH`"),
    "issubclass": ("S079", "compare a setting: `self.version == Version.KIP_101`"),
    "type": ("S079", "compare a field that tells the kind: `m.kind == Kind.FETCH`"),
    "hasattr": ("S079", "compare a field that tells the kind: `m.kind == Kind.FETCH`"),
    "getattr": ("S079", "write the attribute's name: `self.epoch`"),
    "callable": ("S079", "leave it out"),
    "sorted": ("S076", "sets have no order: use `min`, `max`, or a comprehension"),
    "reversed": ("S076", _POSITIONS),
    "enumerate": ("S076", _POSITIONS),
    "zip": ("S076", _POSITIONS),
    "map": ("S076", _GENERATOR),
    "filter": ("S076", _GENERATOR),
    "iter": ("S076", _GENERATOR),
    "list": ("S085", "write `tuple(…)`: lists are mutable"),
    "set": ("S085", "write `frozenset(…)`: sets are mutable"),
    "dict": ("S085", "write `{key: … for key in Replica}` where a whole map is assigned"),
    "int": ("S076", "write `1 if condition else 0`"),
    "bool": ("S076", "write a comparison: `x != 0`, `len(xs) > 0`"),
    "str": ("S071", "name the cases with an Enum"),
    "float": ("S072", "numbers are whole: int"),
    "round": ("S072", "numbers are whole: int"),
    "pow": ("S076", "multiply: `x * x`"),
    "divmod": ("S076", "write `a // b` and `a % b`"),
    "id": ("S076", "compare values with `==`"),
    "hash": ("S076", "compare values with `==`"),
    "repr": ("S071", "name the cases with an Enum"),
    "format": ("S071", "name the cases with an Enum"),
    "eval": ("S076", "write the expression itself"),
    "exec": ("S076", "write the statements themselves"),
    "super": ("S080", "put what both versions share in a helper method"),
}
_OF_CHANCE: Final = ("random", "secrets", "time", "datetime", "uuid")


def refused_function(place: Place, node: ast.Call, found: Any) -> SpecError:
    """The mistake of calling a function that is not part of the language."""
    text = place.text(node.func)
    if _is_of_chance(place, node, found):
        help = "take a parameter: every value of its domain is tried, not one by chance"
        return place.error("S078", f"`{text}` depends on chance or on the clock", node.func, help)
    message = f"`{text}` is not part of the language"
    if getattr(found, "__module__", None) == "builtins" and found.__name__ in INSTEAD:
        code, help = INSTEAD[found.__name__]
        return place.error(code, message, node.func, help)
    if isinstance(found, type):
        help = "values are made of records: frozen dataclasses that a variable or parameter uses"
        if place.context.type_of_class(found) is not None:
            help = f"its members are named, or gone through: `for x in {text}`"
        return place.error("S076", message, node.func, help)
    if not callable(found):
        help = "call a helper method: `self.helper(…)`"
        return place.error("S076", f"`{text}` is not a function", node.func, help)
    help = "make it a helper method of the spec, and call `self.helper(…)`"
    return place.error("S076", message, node.func, help)


def _is_of_chance(place: Place, node: ast.Call, found: Any) -> bool:
    root: ast.expr = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    module = static_value(place, root)
    name = module.__name__ if isinstance(module, ModuleType) else ""
    maker = type(getattr(found, "__self__", None)).__module__
    return name in _OF_CHANCE or maker in _OF_CHANCE
