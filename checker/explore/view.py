"""What the page shows of a walk, as JSON: the drawing, the step, the state, what can happen next.

The drawing is that of a counterexample. Texts are plain, markup is only what the drawing code made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from checker.explore.choices import MOST_SHOWN, Blocked, Choices, Open, choices
from checker.explore.walk import Walk, step_to_json, trace_of
from checker.ir.model import Model, Property
from checker.ir.types import MapType, Type
from checker.ir.values import State, members, show
from checker.trace import Ending, Step, Trace
from counterexamples.diff import changes
from counterexamples.drawing.draw import described, diagram, heads
from counterexamples.drawing.geometry import geometry
from counterexamples.drawing.legend import legend
from counterexamples.drawing.scenes import Picture, picture
from counterexamples.guards import place
from counterexamples.render_terminal import headline
from counterexamples.replay import judgement

NOTHING_AFTER = "The last step is undefined: nobody knows what comes after it."


def view(walk: Walk, number: int, wanted: str, about: str | None) -> dict[str, Any]:
    """The walk as a whole, and what there is to say of it after `number` of its steps.

    `wanted` is a part of the words of the steps to list; `about` is the property that matters most.
    """
    here = walk.until(number)
    trace = trace_of(walk, about)
    drawn = picture(trace)
    found = () if here.undefined else choices(walk.prepared, here.states[-1], wanted)
    return {
        "steps": [step_to_json(step) for step in walk.steps],
        "titles": ["start", *map(str, walk.steps)],
        "at": number,
        "halt": None if walk.halt is None else [walk.halt.step, walk.halt.reason],
        **_drawing(trace, drawn),
        "step": _step(here, drawn),
        "state": list(_state(here)),
        "properties": [_property(here, judged) for judged in walk.prepared.model.properties],
        "actions": [_action(here, of_action) for of_action in found],
        "never": dict(walk.prepared.without_budget),
        "note": NOTHING_AFTER if here.undefined else "" if wanted else _at_the_end(found),
    }


def beginnings(model: Model, states: Sequence[State]) -> list[str]:
    """What is peculiar to each initial state."""
    differ = [n for n in range(len(model.variables)) if len({state[n] for state in states}) > 1]
    return [
        " ".join(f"{model.variables[n].name}={show(model.variables[n].type, s[n])}" for n in differ)
        for s in states
    ]


def _drawing(trace: Trace, drawn: Picture) -> dict[str, Any]:
    places = geometry(drawn)
    # Where nothing can happen a run may well be meant to end.
    is_neutral = trace.ending in (Ending.WALK, Ending.DEADLOCK)
    is_bad = not is_neutral and trace.ending is not Ending.REACHED
    subject = " ".join(filter(None, (trace.property, headline(trace))))
    mark = "" if is_neutral else "✗ " if is_bad else "✓ "
    return {
        "heads": heads(drawn, places),
        "is_neutral": is_neutral,
        "diagram": diagram(drawn, places, mark + subject, is_bad),
        "legend": legend(drawn),
    }


def _step(here: Walk, drawn: Picture) -> dict[str, Any]:
    """The step that led here: what it is, what it changed, what is under way after it."""
    number = len(here.steps)
    flying = [
        described(drawn, one)
        for one in drawn.messages
        if one.sent <= number and (one.fate.name == "UNDER_WAY" or number < one.ended)
    ]
    if number == 0:
        return {"title": "start", "doc": "", "place": "", "changes": [], "flight": flying}
    step = here.steps[-1]
    action = here.prepared.model.action(step.action)
    changed = (
        [["undefined", here.undefined]] if here.undefined else _changes(here, *here.states[-2:])
    )
    return {
        "title": str(step),
        "doc": _first_paragraph(action.doc),
        "place": place(action.span),
        "changes": changed,
        "flight": flying,
    }


def _variables(walk: Walk) -> tuple[tuple[str, Type], ...]:
    return tuple((variable.name, variable.type) for variable in walk.prepared.model.variables)


def _changes(walk: Walk, before: State, after: State) -> list[list[str]]:
    return [[c.place, c.description] for c in changes(_variables(walk), before, after)]


def _first_paragraph(doc: str) -> str:
    return " ".join(doc.split("\n\n")[0].split())


def _state(here: Walk) -> Iterator[tuple[str, str, bool]]:
    """Every place of the state, its value, and whether the last step changed it."""
    now = here.states[-1]
    before = here.states[-2] if len(here.states) > 1 and not here.undefined else now
    for (name, type), value, was in zip(_variables(here), now, before, strict=True):
        yield from _parts(name, type, value, was)


def _parts(name: str, type: Type, value: Any, was: Any) -> Iterator[tuple[str, str, bool]]:
    if isinstance(type, MapType):
        for key, part, old in zip(members(type.key), value, was, strict=True):
            yield from _parts(f"{name}[{show(type.key, key)}]", type.value, part, old)
    else:
        yield name, show(type, value), value != was


def _property(here: Walk, judged: Property) -> dict[str, Any]:
    """What a property makes of the last state or step, and where on the walk it first failed."""
    ending, message = _judged(here, judged, len(here.states))
    first = next(
        (n for n in range(len(here.states)) if _judged(here, judged, n + 1)[0] is not None), None
    )
    return {
        "name": judged.name,
        "kind": judged.kind.value,
        "doc": _first_paragraph(judged.doc),
        "place": place(judged.span),
        "now": "" if ending is None else ending.value,
        "message": message,
        "first": first,
    }


def _judged(here: Walk, judged: Property, states: int) -> tuple[Ending | None, str]:
    return judgement(here.prepared.semantics, judged, here.states[:states][-2:])


def _action(here: Walk, found: Choices) -> dict[str, Any]:
    action = found.action
    return {
        "name": action.name,
        "doc": _first_paragraph(action.doc),
        "place": place(action.span),
        "open": [_open(here, one) for one in found.open],
        "more": found.open_count - len(found.open),
        "same": list(map(_given, found.stuttering)),
        "cut": [
            [f"{scope}={here.prepared.model.scope[scope]}", [*map(_given, steps)], len(steps)]
            for scope, steps in found.cut
        ],
        "blocked": [_blocked(one) for one in found.blocked],
        "blocked_count": found.blocked_count,
        "unexplained": found.unexplained,
    }


def _given(step: Step) -> str:
    """The arguments alone."""
    return f"({', '.join(map(str, step.arguments))})"


def _blocked(found: Blocked) -> dict[str, Any]:
    """What all steps read alike is said once."""
    read = [guard.reads for _, guard in found.steps] or [found.guard.reads]
    common = [pair for pair in read[0] if all(pair in others for others in read)]
    return {
        "guard": found.guard.text,
        "place": found.guard.place,
        "reads": common,
        "steps": [
            [_given(step), [pair for pair in guard.reads if pair not in common]]
            for step, guard in found.steps[:MOST_SHOWN]
        ],
        "more": max(0, len(found.steps) - MOST_SHOWN),
    }


def _open(here: Walk, one: Open) -> dict[str, Any]:
    """A step that can be taken, what it would change, and what that means for the properties."""
    changed = [] if one.after is None else _changes(here, here.states[-1], one.after)
    return {
        "step": step_to_json(one.step),
        "given": _given(one.step),
        "changes": changed,
        "undefined": one.why,
        "news": [] if one.after is None else list(_news(here, one.after)),
    }


def _news(here: Walk, after: State) -> Iterator[tuple[str, str]]:
    """The properties of which there is something to say there, and not here."""
    semantics, states = here.prepared.semantics, (here.states[-1], after)
    for judged in here.prepared.model.properties:
        ending, _ = judgement(semantics, judged, states)
        if ending is not None and judgement(semantics, judged, here.states[-2:])[0] is not ending:
            yield judged.name, ending.value


def _at_the_end(found: tuple[Choices, ...]) -> str:
    """What there is to say where no step can be taken."""
    if any(of_action.open_count for of_action in found):
        return ""
    if any(of_action.cut for of_action in found):
        return "Only the scope ends here: what could happen next is cut."
    return "A deadlock: nothing can happen here."
