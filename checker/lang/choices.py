"""What a user chooses for a run: the scope, and the settings' values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from enum import Enum
from typing import Any

from checker.ir.expr import Span
from checker.ir.types import BoolType, EnumType, IntType, Type
from checker.ir.values import outside
from checker.lang.declaration import SettingDeclaration
from checker.lang.errors import SpecError
from checker.lang.sources import Sources
from checker.lang.spec import Spec, classes_of
from checker.lang.suggest import did_you_mean


def chosen_scope(
    spec: type[Spec], given: Mapping[str, int] | None, sources: Sources
) -> dict[str, int]:
    """The defaults along the bases, base first, and what the user gave instead."""
    scope: dict[str, int] = {}
    for cls in classes_of(spec):
        own = vars(cls).get("scope", {})
        if not isinstance(own, Mapping):
            help = "write `scope = Scope(Replica=3, Epoch=2)`"
            message = f"the scope of {cls.__name__} is not a Scope"
            raise SpecError("S004", message, _scope_span(cls, sources), help)
        for name, size in own.items():
            _check_entry(name, size, _scope_span(cls, sources))
        scope |= own
    for name, size in (given or {}).items():
        if name not in scope:
            help = did_you_mean(name, scope, f"the scope of {spec.__name__} has")
            raise SpecError("S003", f"{spec.__name__} has no scope entry {name}", help=help)
        _check_entry(name, size, None)
    return scope | dict(given or {})


def _check_entry(name: str, size: object, span: Span | None) -> None:
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        help = f"give a whole number, as in {name}=2"
        raise SpecError("S004", f"the scope entry {name} is {size!r}", span, help)


def _scope_span(cls: type, sources: Sources) -> Span:
    """Where a class says its scope."""
    owner = sources.of_class(cls)
    for statement in owner.node.body:
        match statement:
            case ast.Assign([ast.Name("scope")], value) | ast.AnnAssign(
                ast.Name("scope"), value=ast.expr() as value
            ):
                return owner.source.span(value)
    return owner.source.span(owner.node)


def check_sort_size(name: str, size: int, span: Span | None) -> None:
    """A sort without members would make every quantifier over it empty: refused."""
    if size < 1:
        help = f"give at least {name}=1"
        raise SpecError("S004", f"the sort {name} has no members in this scope", span, help)


def setting_values(type: Type, default: Any) -> list[Any]:
    """The values that a setting admits, as Python values, in order."""
    match type:
        case BoolType():
            return [False, True]
        case EnumType():
            return list(default.__class__)
        case IntType(low, high):
            assert low is not None
            assert high is not None
            return list(range(low, high + 1))
        case _:
            raise AssertionError(f"no setting has the type {type}")


def setting_text(value: Any) -> str:
    """A setting's value as a user writes it: `high_watermark`, `true`, `3`."""
    if isinstance(value, Enum):
        return value.name.lower()
    return str(value).lower()


def parse_setting(setting: SettingDeclaration, text: str) -> Any:
    """The value of a setting that a text names; a `SpecError` that lists what is admitted."""
    wanted = text.strip().lower()
    for value in setting_values(setting.type, setting.default):
        if setting_text(value) in (wanted, wanted.replace("-", "_")):
            return value
    raise _not_admitted(setting, text)


def chosen_setting(setting: SettingDeclaration, given: Any) -> Any:
    """The value given for a setting, checked; a text that is no value itself is parsed."""
    if isinstance(given, str) and not isinstance(given, Enum):
        return parse_setting(setting, given)
    if not admits(setting.type, setting.default, given):
        raise _not_admitted(setting, str(given))
    return given


def admits(type: Type, default: Any, value: Any) -> bool:
    """Whether a Python value is one that a setting of this type may have."""
    match type:
        case BoolType():
            return isinstance(value, bool)
        case EnumType():
            return isinstance(value, default.__class__)
        case IntType():
            is_int = isinstance(value, int) and not isinstance(value, bool)
            return is_int and outside(type, value) is None
        case _:
            return False


def _not_admitted(setting: SettingDeclaration, text: str) -> SpecError:
    values = [setting_text(value) for value in setting_values(setting.type, setting.default)]
    if isinstance(setting.type, IntType):
        help = f"it is a whole number in {setting.type.low}..{setting.type.high}"
    else:
        help = did_you_mean(text, values, "values")
        if help.startswith("did you mean"):
            help += f" (values: {', '.join(values)})"
    return SpecError("S015", f"{setting.name} cannot be {text}", help=help)
