"""Classes whose values Python would make or compare in a way of its own: refused.

A record is its fields, a member its name. What is equal, and what is made, is what they say.
"""

from __future__ import annotations

import dataclasses
from enum import Enum
from types import FunctionType
from typing import Any

from checker.ir.expr import Span
from checker.lang.domains import Sort
from checker.lang.errors import SpecError

_OF_RECORDS = ("__eq__", "__ne__", "__post_init__", "__new__", "__getattribute__")
_OF_NAMES = ("__eq__", "__ne__")


def check_record(cls: Any, span: Span) -> None:
    """Refuse a dataclass that can change, or that is not just what its fields are."""
    params = cls.__dataclass_params__
    if not params.eq:
        message = f"{cls.__name__} is a dataclass without `==`"
        raise SpecError("S011", message, span, "leave out `eq=False`")
    if not params.frozen:
        help = f"write `@dataclass(frozen=True)` above `class {cls.__name__}`"
        raise SpecError("S011", f"{cls.__name__} is a dataclass that is not frozen", span, help)
    _check_methods(cls, _OF_RECORDS, "S011", span)
    for field in dataclasses.fields(cls):
        if not field.init or not params.init:
            message = f"{cls.__name__}.{field.name} is not given when a record is made"
            raise SpecError("S011", message, span, "leave out `init=False`")
        if not field.compare:
            message = f"{cls.__name__}.{field.name} is not compared"
            raise SpecError("S011", message, span, "leave out `compare=False`")


def check_names(cls: type[Sort] | type[Enum], span: Span) -> None:
    """Refuse a sort or an enumeration whose members are compared otherwise than by name."""
    _check_methods(cls, _OF_NAMES, "S008", span)


def _check_methods(cls: Any, names: tuple[str, ...], code: str, span: Span) -> None:
    for name in names:
        method = getattr(cls, name, None)
        if isinstance(method, FunctionType) and not _is_ours(method):
            message = f"{cls.__name__} has a `{name}` of its own"
            help = "leave it out: write a helper method of the spec instead"
            raise SpecError(code, message, span, help)


def _is_ours(method: FunctionType) -> bool:
    """Whether a method is that of every sort, or one that `dataclass` wrote."""
    return method is Sort.__eq__ or method.__code__.co_filename == "<string>"
