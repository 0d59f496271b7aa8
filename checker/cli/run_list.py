"""`splitbrain list`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.cli.errors import message_of
from checker.cli.output import paint, say, say_json, width
from checker.cli.version import VERSION
from checker.lang.choices import setting_text, setting_values
from checker.lang.declaration import Declaration, MethodDeclaration, SettingDeclaration
from checker.lang.declare import declare
from checker.lang.errors import SpecError
from checker.lang.load import catalogue, load
from checker.result import ExitCode
from counterexamples.layout import fold
from counterexamples.paint import Paint


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wrote."""

    spec: str | None
    json: bool
    no_colour: bool


def run(request: Request) -> ExitCode:
    """List all specs, or one in detail; a spec with a mistake is listed with its mistake."""
    names = catalogue() if request.spec is None else [request.spec]
    found = {name: _declared(name) for name in names}
    if request.spec is not None and isinstance(wrong := found[request.spec], SpecError):
        raise wrong
    if request.json:
        specs = [_as_json(name, declared) for name, declared in found.items()]
        say_json({"version": VERSION, "specs": specs})
    else:
        style, columns = paint(request.no_colour), width()
        render = _brief if request.spec is None else _detailed
        blocks = [render(name, declared, columns, style) for name, declared in found.items()]
        say([line for number, block in enumerate(blocks) for line in ["", *block][number == 0 :]])
    wrong_ones = any(isinstance(declared, SpecError) for declared in found.values())
    return ExitCode.USAGE if wrong_ones else ExitCode.HOLDS


def _declared(name: str) -> Declaration | SpecError:
    try:
        loaded = load(name)
        return declare(loaded.spec, None, None, loaded.modules)
    except SpecError as error:
        return error


def _brief(name: str, found: Declaration | SpecError, columns: int, style: Paint) -> list[str]:
    """Four lines: what it is, what it promises, what can be chosen."""
    if isinstance(found, SpecError):
        return [style.bad(name), *message_of(found).splitlines()]
    lines = _title(name, found, columns, style)
    rows = {
        "properties": [declared.method.name for declared in found.properties],
        "settings": [_setting(setting) for setting in found.settings],
        "scope": _scope(found),
    }
    for label, chunks in rows.items():
        lines += _row(label, chunks, columns, style)
    return lines


def _detailed(name: str, found: Declaration | SpecError, columns: int, style: Paint) -> list[str]:
    """Everything with its documentation."""
    assert isinstance(found, Declaration), found
    lines = _title(name, found, columns, style)
    properties = {
        p.method.name: f"{p.kind.value.replace('_', ' ')}: {first_line(p.method.doc)}"
        for p in found.properties
    }
    settings = {_setting(setting): first_line(setting.doc) for setting in found.settings}
    actions = {_signature(action): first_line(action.doc) for action in found.actions}
    init = found.init
    initial = {} if init is None else {f"@init {init.method.name}": first_line(init.method.doc)}
    parts = {"properties": properties, "settings": settings, "initial states": initial}
    for label, rows in (parts | {"actions": actions}).items():
        if rows:
            lines += ["", f"  {style.faint(label)}", *_definitions(rows, columns)]
    return [*lines, "", *_row("scope", _scope(found), columns, style)]


def _definitions(rows: Mapping[str, str], columns: int) -> list[str]:
    widest = min(max(map(len, rows)), columns // 2)
    lines = []
    for name, text in rows.items():
        first, *more = fold([text], columns - widest - 6)
        if len(name) > widest:
            lines.append(f"    {name}")
            name = ""
        lines.append(f"    {name.ljust(widest)}  {first}".rstrip())
        lines += [" " * (widest + 6) + line.strip() for line in more]
    return lines


def _title(name: str, found: Declaration, columns: int, style: Paint) -> list[str]:
    doc = _summary(found)
    return [style.strong(name), *(f"  {line.strip()}" for line in fold([doc], columns - 2) if doc)]


def _summary(found: Declaration) -> str:
    """The first line of the file, if it is the file of one spec of ours, else of the class."""
    module = getattr(sys.modules.get(found.spec.__module__), "__doc__", None) or ""
    docs = (module, found.doc) if found.name in found.spec.__module__ else (found.doc, module)
    return first_line(docs[0]) or first_line(docs[1])


def _row(label: str, chunks: Sequence[str], columns: int, style: Paint) -> list[str]:
    if not chunks:
        return []
    first, *more = fold(chunks, columns - 14, "  ")
    return [f"  {style.faint(label)}{' ' * (12 - len(label))}{first}"] + [
        " " * 14 + line for line in more
    ]


def _scope(found: Declaration) -> list[str]:
    return [f"{name}={bound}" for name, bound in found.scope.items()]


def _setting(setting: SettingDeclaration) -> str:
    """`truncation=leader_epoch (high_watermark)`: the default, and what else there is."""
    default = setting_text(setting.default)
    others = [text for text in _values(setting) if text != default]
    return f"{setting.name}={default} ({', '.join(others)})"


def _values(setting: SettingDeclaration) -> list[str]:
    return [setting_text(value) for value in setting_values(setting.type, setting.default)]


def _signature(action: MethodDeclaration) -> str:
    parameters = ", ".join(parameter.name for parameter in action.parameters)
    budget = f" at most {action.budget} times" if action.budget else ""
    return f"{action.name}({parameters}){budget}"


def first_line(doc: str) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(doc.strip().split("\n\n")[0].split())


def _as_json(name: str, found: Declaration | SpecError) -> dict[str, Any]:
    if isinstance(found, SpecError):
        return {"name": name, "error": message_of(found)}
    return {
        "name": name,
        "doc": _summary(found),
        "properties": [
            {"name": p.method.name, "kind": p.kind.value, "doc": first_line(p.method.doc)}
            for p in found.properties
        ],
        "settings": [
            {
                "name": setting.name,
                "default": setting_text(setting.default),
                "values": _values(setting),
                "doc": first_line(setting.doc),
            }
            for setting in found.settings
        ],
        "scope": dict(found.scope),
        "actions": [{"name": a.name, "doc": first_line(a.doc)} for a in found.actions],
    }
