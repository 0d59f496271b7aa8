"""Why a trace violates its property, has no value, or does not go on.

Where a property goes through elements, the first for which it fails is the witness. For what
remains the trace is walked backwards: the step at which it became what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checker.ir.expr import Expr, postorder
from checker.ir.model import Action, ClauseKind, Model, PropertyKind
from checker.ir.types import BOOL
from checker.lang.declaration import Declaration, PropertyDeclaration
from checker.lang.lower import lower
from checker.semantics.step import arguments
from checker.semantics.undefined import Undefined
from checker.trace import Ending, Step, Trace
from counterexamples.guards import place
from counterexamples.replay import made_step
from counterexamples.why.answer import Fact, Mark, Since, Why
from counterexamples.why.history import History
from counterexamples.why.reasons import Atom, Chosen, Failing, Reason, reasons
from counterexamples.why.source import Piece, Source, source_of
from counterexamples.why.undefined import culprit, failing_clause
from counterexamples.why.words import Scene, depends, frozen


def explain(declaration: Declaration, trace: Trace) -> Why | None:
    """What makes the end of a trace what its ending says; `None` for a goal, or if there is none.

    The trace must be one that the spec still does (`recheck` finds no drift).
    """
    match trace.ending:
        case Ending.VIOLATED | Ending.UNDEFINED_PROPERTY:
            declared = {p.method.name: p for p in declaration.properties}.get(trace.property or "")
            return None if declared is None else _of_property(declaration, declared, trace)
        case Ending.UNDEFINED_STEP:
            return _of_undefined_step(lower(declaration), trace)
        case Ending.DEADLOCK:
            return _of_deadlock(lower(declaration), trace)
        case _:
            return None


def _of_property(
    declaration: Declaration, declared: PropertyDeclaration, trace: Trace
) -> Why | None:
    source = source_of(declaration, declared.method.name)
    is_step = declared.kind is PropertyKind.STEP_INVARIANT
    history = History(trace, is_step)
    names = [parameter.name for parameter in declared.method.parameters]
    scene = history.scene(source, (names[0], names[1]) if is_step else ("", ""))
    if trace.ending is Ending.UNDEFINED_PROPERTY:
        return _of_undefined(source, history, culprit(source.root, scene))
    if scene.value(source.root) is not False:
        return None
    return _of_reasons(source, history, list(reasons(source.root, False, scene)))


def _of_reasons(source: Source, history: History, found: Sequence[Reason]) -> Why:
    failing = [item.expr for item in found if isinstance(item, Failing)]
    atoms = [item.expr for item in found if isinstance(item, Atom)]
    return Why(
        mark=_innermost(source, failing) or _innermost(source, atoms),
        witnesses=tuple(dict.fromkeys(i.witness for i in found if isinstance(i, Chosen))),
        facts=_facts(history, found),
    )


def _facts(history: History, found: Sequence[Reason]) -> tuple[Fact, ...]:
    """What the atoms say, each thing once; what does not depend on the state says nothing."""
    facts: dict[str, Fact] = {}
    for item in found:
        if isinstance(item, Atom) and depends(frozen(item.expr, item.scene)):
            for fact in history.facts(item.expr, item.truth, item.scene):
                facts.setdefault(fact.text, fact)
    return tuple(facts.values())


def _innermost(source: Source, exprs: Sequence[Expr]) -> Mark | None:
    """The last of some expressions that stands in the property itself."""
    pieces = [piece for expr in exprs if (piece := source.own(expr)) is not None]
    return _mark(pieces[-1]) if pieces else None


def _mark(piece: Piece) -> Mark:
    span, file = piece.span, piece.body.code.source
    texts = [file.line(number) for number in range(span.line, span.end_line + 1)]
    indent = min(len(text) - len(text.lstrip()) for text in texts)
    lines = []
    for number, text in enumerate(texts, start=span.line):
        start = span.column if number == span.line else len(text) - len(text.lstrip())
        end = span.end_column if number == span.end_line else len(text.rstrip())
        width = end - start if any(map(str.isalnum, text[start:end])) else 0
        lines.append((text[indent:].rstrip(), start - indent, width))
    return Mark(place(span), tuple(lines))


def _of_undefined(source: Source, history: History, found: tuple[Expr, Scene] | None) -> Why | None:
    """The expression of a property that has no value, with the values that it was given."""
    if found is None:
        return None
    expr, scene = found
    around = [part for part in postorder((source.root,)) if expr in postorder((part,))]
    return Why(mark=_innermost(source, around[::-1]), facts=_values(history, expr, scene))


def _values(history: History, expr: Expr, scene: Scene) -> tuple[Fact, ...]:
    """What an expression was given, of the parts that depend on the state."""
    given = [arg for arg in expr.args if arg.type != BOOL and scene.closed(arg)]
    return _facts(history, [Atom(arg, True, scene) for arg in given])


def _of_undefined_step(model: Model, trace: Trace) -> Why | None:
    action, history = model.action(trace.steps[-1].action), History(trace, of_step=False)
    values = (given.value for given in trace.steps[-1].arguments)
    given = dict(zip((p.local for p in action.parameters), values, strict=True))
    found = failing_clause(action, given, history.scene(None, ("", "")))
    return None if found is None else Why(facts=_values(history, *found))


def _of_deadlock(model: Model, trace: Trace) -> Why:
    """Of each action, the arguments that come furthest, and the guard that blocks them."""
    history = History(trace, of_step=False)
    blocked = (_blocked(model, action, history) for action in model.actions)
    return Why(facts=tuple(fact for facts in blocked for fact in facts))


def _blocked(model: Model, action: Action, history: History) -> Iterator[Fact]:
    tried = list(_tried(model, action, history))
    if not tried:
        yield Fact(f"{action.name}: nothing to do it with", Since(0, "from the start"))
        return
    _, step, expr, scene = max(tried, key=lambda one: one[0])
    others = f" and {len(tried) - 1} more" if len(tried) > 1 else ""
    for fact in _facts(history, list(reasons(expr, False, scene))) or ():
        yield replace(fact, text=f"{step}{others} blocked: {fact.text}")
        others = ""


def _tried(
    model: Model, action: Action, history: History
) -> Iterator[tuple[int, Step, Expr, Scene]]:
    """Each choice of arguments with the guard that fails first, and that guard's place."""
    scene = history.scene(None, ("", ""))
    for chosen in arguments(model, action, history.trace.states[-1]):
        names = (parameter.local for parameter in action.parameters)
        bound = replace(scene, locals=dict(zip(names, chosen, strict=True)))
        for position, clause in enumerate(action.clauses):
            if clause.kind is not ClauseKind.REQUIRE or not _has_value(clause.path, bound, True):
                continue
            if _has_value(clause.expr, bound, False):
                yield position, made_step(action, chosen), clause.expr, bound
                break


def _has_value(expr: Expr, scene: Scene, wanted: bool) -> bool:
    """Whether a condition has this value; one that is undefined has none."""
    try:
        return scene.value(expr) is wanted
    except Undefined:
        return False
