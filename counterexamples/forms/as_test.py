"""A trace as a test that a reader can follow: one call a step, and what changed after it.

The test runs the spec as plain Python, as `checker.running` does, and needs nothing else of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from checker.ir.model import PropertyKind
from checker.ir.types import (
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    Type,
)
from checker.ir.values import State, in_order, members
from checker.lang.declaration import Declaration, PropertyDeclaration
from checker.semantics.python import PythonSpec
from checker.trace import Ending, Step, Trace
from checker.version import VERSION
from counterexamples.drawing.roles import HIDDEN
from counterexamples.forms.python_source import (
    INDENT,
    WIDTH,
    Group,
    Names,
    Source,
    after,
    flat,
    key_of,
    lines,
    literal,
    set_in_braces,
)
from counterexamples.render_terminal import headline

SCALARS = (BoolType, IntType, EnumType, SortType)
STATE = "spec"
DEPTH = 2
"""The steps stand in a function, in a `with`."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a test tells of: how the trace was asked for, and a sentence on what it shows."""

    source: str
    title: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens in a test: the steps that fire, with the states between them, and the end.

    `refused` is the step that must not happen after them. Without it the property is `as_kept` at
    the end, or else it must be true.
    """

    trace: Trace
    refused: Step | None = None
    as_kept: bool = True


def as_test(scenario: Scenario, python: PythonSpec, story: Story) -> str:
    """The source of a test module; `TraceFileError` if the spec's file cannot be imported."""
    declaration = python.declaration
    classes: dict[Type, type] = {}
    for cls, type in declaration.types.items():
        classes.setdefault(type, cls)
    names = Names(classes)
    body = _body(scenario, python, names)
    opening = _opening(scenario.trace, declaration, names)
    bound = [f"        {line}" for line in names.bindings()]
    separate = [""] if bound and body else []
    function = [
        f"def test_{_name(scenario)}() -> None:",
        *_docstring(scenario, story),
        *lines(opening, 1, f" as {STATE}:"),
        *bound,
        *separate,
        *body,
    ]
    return "\n".join([*_head(story), "", *_imports(names), "", "", *function, ""])


def _head(story: Story) -> list[str]:
    short = f'"""Made by `{story.source}`, splitbrain {VERSION}."""'
    if len(short) <= WIDTH:
        return [short]
    return [f'"""Made by splitbrain {VERSION}:', "", f"`{story.source}`", '"""']


def _imports(names: Names) -> Iterator[str]:
    """The standard library, ours, and the user's own modules: the usual three blocks."""
    blocks = [
        [module for module in names.imports if module == "copy"],
        [module for module in names.imports if module != "copy" and _is_ours(module)],
        [module for module in names.imports if module != "copy" and not _is_ours(module)],
    ]
    is_first = True
    for block in filter(None, blocks):
        if not is_first:
            yield ""
        is_first = False
        for module in sorted(block):
            wanted = sorted(names.imports[module], key=lambda n: (_rank(n), n))
            imported = f"from {module} import {', '.join(wanted)}"
            if len(imported) > WIDTH:
                yield from [f"from {module} import (", *(f"    {name}," for name in wanted), ")"]
            else:
                yield imported


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("checker", "specs", "invariants")


def _rank(name: str) -> int:
    """Constants first, then classes, then functions, as import sorters have it."""
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2


def _name(scenario: Scenario) -> str:
    trace = scenario.trace
    subject = trace.property or "spec"
    if scenario.refused is not None or not scenario.as_kept:
        return f"{subject}_stays_true"
    match trace.ending:
        case Ending.VIOLATED:
            return f"{subject}_is_violated"
        case Ending.REACHED:
            return f"{subject}_is_reached"
        case Ending.UNDEFINED_PROPERTY | Ending.UNDEFINED_STEP:
            return f"{subject}_is_undefined"
        case Ending.DEADLOCK:
            return f"{subject}_is_stuck"
        case _:
            return f"{subject}_can_walk"


def _docstring(scenario: Scenario, story: Story) -> list[str]:
    """What the test tells, and what it is for."""
    what = f"{scenario.trace.property or scenario.trace.spec} is {headline(scenario.trace)}"
    if scenario.refused is not None:
        what = f"{scenario.refused} is refused after {len(scenario.trace.steps)} steps"
    elif not scenario.as_kept:
        what = f"{scenario.trace.property} is true after {len(scenario.trace.steps)} steps"
    stays = "stay possible" if scenario.as_kept and scenario.refused is None else "stay impossible"
    purpose = _wrapped(f"A scenario that must {stays}: {what}.")
    text = [*_wrapped(f"{story.title}."), "", *purpose] if story.title else purpose
    first, *rest = text
    body = [f'    """{first}', *(f"    {line}" if line else "" for line in rest)]
    return [*body, '    """'] if rest else [f'    """{first}"""']


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH - 10, break_long_words=False, break_on_hyphens=False)


def _opening(trace: Trace, declaration: Declaration, names: Names) -> Source:
    """`with running(…)`: the scope, and the settings that are not as usual."""
    names.imports.setdefault("checker", set()).add("running")
    items: list[Source] = [names.imported(declaration.spec)]
    if trace.scope:
        bounds = tuple(f'"{name}": {bound}' for name, bound in trace.scope.items())
        items.append(Group("scope={", bounds, "}"))
    for setting in declaration.settings:
        if setting.value != setting.default:
            value: Any = setting.value
            if isinstance(setting.type, EnumType):
                value = setting.type.members.index(value.name)
            items.append(after(f"{setting.name}=", literal(names, setting.type, value)))
    return Group("with running(", tuple(items), ")")


def _body(scenario: Scenario, python: PythonSpec, names: Names) -> list[str]:
    """Where it starts, the steps one by one, and the end."""
    trace = scenario.trace
    written = list(_start(trace, python, names))
    last = len(trace.steps)
    for number, step in enumerate(trace.steps, start=1):
        written += [""] if written else []
        if number == last and _compares(scenario):
            names.imports.setdefault("copy", set()).add("deepcopy")
            written.append(f"        before = deepcopy({STATE})")
        if number == len(trace.states):
            written += _in_block("undefined", lines(_call(step, names), DEPTH + 1), names)
            continue
        written += lines(_call(step, names), DEPTH)
        for fact in _facts(trace, names, trace.states[number - 1], trace.states[number]):
            written += lines(after("assert ", fact), DEPTH)
    end = _end(scenario, python, names)
    return [*written, *([""] if written and end else []), *end]


def _start(trace: Trace, python: PythonSpec, names: Names) -> Iterator[str]:
    """What `@init` leaves open is assigned."""
    usual = python.initial()
    for (name, type), old, new in zip(trace.variables, usual, trace.states[0], strict=True):
        if old != new and not name.startswith(HIDDEN):
            yield from lines(after(f"{STATE}.{name} = ", literal(names, type, new)), DEPTH)


def _compares(scenario: Scenario) -> bool:
    """Whether the end speaks of the last step, and not of a state."""
    return scenario.trace.kind is PropertyKind.STEP_INVARIANT and scenario.refused is None


def _in_block(helper: str, inner: list[str], names: Names) -> list[str]:
    names.imports.setdefault("checker.testing", set()).add(helper)
    return [f"        with {helper}():", *inner]


def _call(step: Step, names: Names) -> Source:
    given = [literal(names, argument.type, argument.value) for argument in step.arguments]
    if len(given) > 1:
        named = zip(step.arguments, given, strict=True)
        given = [after(f"{argument.name}=", source) for argument, source in named]
    return Group(f"{STATE}.{step.action}(", tuple(given), ")")


def _facts(trace: Trace, names: Names, before: State, now: State) -> Iterator[Source]:
    """What a step changed, as conditions that are true now."""
    for (name, type), old, new in zip(trace.variables, before, now, strict=True):
        if not name.startswith(HIDDEN):
            yield from _changed(f"{STATE}.{name}", type, names, old, new)


def _changed(place: str, type: Type, names: Names, old: Any, new: Any) -> Iterator[Source]:
    if old == new:
        return
    match type:
        case MapType(key, of):
            for k, a, b in zip(members(key), old, new, strict=True):
                if a != b:
                    yield from _changed(f"{place}[{key_of(names, key, k)}]", of, names, a, b)
        case RecordType(_, fields):
            for (name, of), a, b in zip(fields, old, new, strict=True):
                yield from _changed(f"{place}.{name}", of, names, a, b)
        case SetType(of) if not isinstance(of, SCALARS):
            yield from (_is_in(literal(names, of, m), place) for m in in_order(type, new - old))
            yield from (_is_gone(literal(names, of, m), place) for m in in_order(type, old - new))
        case _:
            yield _equals(place, type, names, new)


def _is_in(member: Source, place: str) -> Source:
    """As a reader would write it, or so that it can be taken apart."""
    short = f"{flat(member)} in {place}"
    return short if _fits(short) else Group(f"{place} >= {{", (member,), "}")


def _is_gone(member: Source, place: str) -> Source:
    short = f"{flat(member)} not in {place}"
    return (
        short if _fits(short) else Group(f"{place}.isdisjoint(", (Group("{", (member,), "}"),), ")")
    )


def _fits(condition: str) -> bool:
    return len(INDENT * DEPTH + "assert " + condition) <= WIDTH


def _equals(place: str, type: Type, names: Names, value: Any) -> Source:
    match type:
        case BoolType():
            return place if value else f"not {place}"
        case OptionType() if value is None:
            return f"{place} is None"
        case SetType():
            return after(f"{place} == ", set_in_braces(names, type, value))
        case OptionType(SetType() as of):
            return after(f"{place} == ", set_in_braces(names, of, value))
        case OptionType(BoolType()):
            return f"{place} is {value}"
        case _:
            return after(f"{place} == ", literal(names, type, value))


def _end(scenario: Scenario, python: PythonSpec, names: Names) -> list[str]:
    """What must be true, false or undefined in the end."""
    trace = scenario.trace
    if scenario.refused is not None:
        call = lines(_call(scenario.refused, names), DEPTH + 1)
        return _in_block("refused", call, names)
    if trace.ending is Ending.DEADLOCK:
        names.imports.setdefault("checker.testing", set()).add("enabled")
        return [f"        assert not enabled({STATE})"]
    if trace.property is None:
        return []
    found = {declared.method.name: declared for declared in python.declaration.properties}
    judged = _judged(found[trace.property], python.declaration, names)
    if trace.ending is Ending.UNDEFINED_PROPERTY and scenario.as_kept:
        return _in_block("undefined", [f"            {judged}"], names)
    is_false = (trace.ending is Ending.VIOLATED) is scenario.as_kept
    return [f"        assert {'not ' if is_false else ''}{judged}"]


def _judged(declared: PropertyDeclaration, declaration: Declaration, names: Names) -> str:
    """The property asked of the state, or of the states before and after the last step."""
    name = declared.method.name
    is_step = declared.kind is PropertyKind.STEP_INVARIANT
    if declared.is_method and not is_step:
        return f"{STATE}.{name}()"
    function = declared.method.code.names.get(name)
    if declared.is_method:
        function_name = f"{names.imported(declaration.spec)}.{name}"
    else:
        function_name = names.imported(function)
    return f"{function_name}({f'before, {STATE}' if is_step else STATE})"
